//! What a dry run gave: which segments would change, what happened at the nodes, and any contact's way.

use super::asks::{Asks, Target};
use super::compare::act_alike;
use super::live::{NodeTable, TraceSearch};
use super::save::Saver;
use super::session::Session;
use super::state::{Action, actions};
use crate::router::navigate;
use crate::simulator::{amount, drop_copy, look_at_copy};
use crate::state::App;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Look, Notice, Numbers, Tone, format};
use leptos::prelude::*;
use model::message::Request;
use model::route::Route;
use model::simulation::{SegmentShift, SimulationReport};
use model::{Group, Query, Rule, SegmentId};
use std::sync::Arc;

/// Said where contacts of the copy were.
const GONE: &str = "The copy that this ran on is gone; start the dry run again to look at its contacts";

/// The contacts for whom all of these hold.
fn found(rules: Vec<Rule>) -> Route {
    Route::Contacts(Query {
        filter: Group::all(rules),
        ..Query::default()
    })
}

/// The members of a segment now.
fn now(segment: SegmentId, member: bool) -> Rule {
    Rule::Segment { segment, member }
}

/// The members of a segment when a simulation began.
fn then(segment: SegmentId, member: bool, at: i64) -> Rule {
    Rule::SegmentAt { segment, member, at }
}

/// Shows contacts of the copy.
fn look(app: App, route: &Route) {
    look_at_copy(app, true);
    navigate(route);
}

/// What a dry run gave.
#[component]
pub fn DryResult(
    /// The page.
    session: Session,
    /// Saves it before it is activated.
    saver: Saver,
    /// What is asked on the page.
    asks: Asks,
    /// What it gave.
    report: SimulationReport,
) -> impl IntoView {
    let app = session.app;
    let zone = app.zone();
    let (from, until) = (report.from, report.until);
    let events: u64 = report.events.iter().map(|(_, many)| many).sum();
    let items = vec![
        ("Events".to_owned(), format::number(events), String::new()),
        (
            "Contacts".to_owned(),
            format::number(report.contacts),
            String::new(),
        ),
        ("Purchases".to_owned(), amount(report.amount), "in all".to_owned()),
    ];
    let graph = memo(move |_| session.dry.get().map(|dry| dry.graph).unwrap_or_default());
    let stale = memo(move |_| {
        session
            .editor
            .graph
            .with(|now| graph.with(|ran| !act_alike(ran, now)))
    });
    let stats = memo(move |_| session.dry_stats.get());
    let can_activate = memo(move |_| {
        session
            .state
            .with(|state| actions(state).contains(&Action::Activate))
    });
    let pending = derived(move || saver.busy.get() || asks.busy.get());
    let activate = move |_| {
        saver.save_then(Some(Arc::new(move || {
            let target = Target {
                id: session.id,
                name: session.name.get_untracked(),
                state: session.state.get_untracked(),
            };
            asks.begin(target, Action::Activate);
        })));
    };
    let copy = report.copy;
    let throw = move |_| {
        session.dry.set(None);
        // Where its copy gave way to that of a later simulation, there is nothing to drop.
        if copy {
            drop_copy(app);
        }
    };
    let id = report.tested.unwrap_or(session.id);
    let way = move |contact| Request::InCopy(Box::new(Request::Trace(id, contact)));
    view! {
        <section class="workflow-section" aria-labelledby="workflow-dry-result">
            <h2 id="workflow-dry-result">"What would happen"</h2>
            <p class="soft">
                {move || zone.with(|zone| format!("{} – {}", format::moment(from, zone), format::moment(until, zone)))}
            </p>
            <Notice text="Nothing was saved">
                <Show when=move || can_activate.get()>
                    <Button label="Activate" look=Look::Primary disabled=pending on_press=activate/>
                </Show>
                <Button label="Throw the result away" on_press=throw/>
            </Notice>
            <Show when=move || stale.get()>
                <Notice tone=Tone::Warning text="The workflow was changed since this dry run"/>
            </Show>
            <Numbers items=derived(move || items.clone())/>
            <h3>"Segments that would change"</h3>
            <Shifts app=app shifts=report.segments from=from copy=report.copy/>
            <h3>"At the nodes"</h3>
            <NodeTable session=session stats=stats graph=graph/>
        </section>
        <section class="workflow-section" aria-labelledby="workflow-dry-trace">
            <h2 id="workflow-dry-trace">"A contact’s way in the dry run"</h2>
            {match report.copy {
                true => view! { <TraceSearch session=session request=way graph=graph path=session.ways.dry/> }.into_any(),
                false => view! { <p class="soft">{GONE}</p> }.into_any(),
            }}
        </section>
    }
}

/// The segments that would change, with ways to those who would come and go.
#[component]
fn Shifts(
    /// What every screen knows.
    app: App,
    /// How each segment differs from before.
    shifts: Vec<SegmentShift>,
    /// When the dry run began, in milliseconds since 1970.
    from: i64,
    /// Whether the copy can still be looked at.
    copy: bool,
) -> impl IntoView {
    if shifts.is_empty() {
        return view! { <p>"No segment would change"</p> }.into_any();
    }
    let row = move |shift: SegmentShift| {
        let SegmentShift {
            segment,
            name,
            before,
            after,
            came,
            went,
        } = shift;
        let link = |many: u64, what: String, route: Route| {
            let number = format::number(many);
            if many == 0 || !copy {
                return number.into_any();
            }
            view! {
                <button type="button" class="link-button" on:click=move |_| look(app, &route)>
                    {number}<span class="unseen">{format!(" {what}, view list")}</span>
                </button>
            }
            .into_any()
        };
        let coming = found(vec![now(segment, true), then(segment, false, from)]);
        let going = found(vec![now(segment, false), then(segment, true, from)]);
        let members = found(vec![now(segment, true)]);
        view! {
            <tr>
                <th scope="row">{name.clone()}</th>
                <td class="number">{format::number(before)}</td>
                <td class="number">{link(after, format!("members of {name}"), members)}</td>
                <td class="number">{link(came, format!("would come into {name}"), coming)}</td>
                <td class="number">{link(went, format!("would leave {name}"), going)}</td>
            </tr>
        }
    };
    view! {
        <div class="list-frame" role="region" aria-label="Segments that would change" tabindex="0">
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"Segment"</th>
                        <th scope="col" class="number">"Before"</th>
                        <th scope="col" class="number">"After"</th>
                        <th scope="col" class="number">"Came"</th>
                        <th scope="col" class="number">"Went"</th>
                    </tr>
                </thead>
                <tbody>{shifts.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="soft small">{if copy { "A number leads to the list of these contacts in the copy" } else { GONE }}</p>
    }
    .into_any()
}
