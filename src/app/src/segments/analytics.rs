//! A segment over time, and who its members are.

mod charts;
mod compare;
mod composition;

use super::form::NotFound;
use super::known::known;
use crate::palette::members;
use crate::state::{App, unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Icon, LinkButton, Numbers, Page, format};
use charts::{EntriesAndExits, OverTime, Overlaps, Reachability};
use compare::Compare;
use composition::ByField;
use leptos::prelude::*;
use model::SegmentId;
use model::analytics::Analytics as Told;
use model::message::{Reply, Request};
use model::route::Route;

/// The analytics of a segment.
#[component]
pub fn Analytics(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let app = use_app();
    let (name, there) = known(app, id);
    let actions = move || {
        view! {
            <Show when=move || there.get()>
                <LinkButton label="View contacts" icon=Icon::Contacts href=members(id).to_string()/>
                <LinkButton label="History" icon=Icon::History href=Route::SegmentHistory(id).to_string()/>
                <LinkButton label="Combine…" href=Route::Combine(vec![id]).to_string()/>
            </Show>
        }
    };
    view! {
        <Page
            title=derived(move || format!("Analytics of {}", name.get()))
            back=("Segments".to_owned(), Route::Segments.to_string())
            actions=actions
        >
            <Show when=move || there.get() fallback=|| view! { <NotFound/> }>
                <Body id=id name=name/>
            </Show>
        </Page>
    }
}

/// What is told of a segment that exists.
#[component]
fn Body(
    /// The segment.
    id: SegmentId,
    /// Its name.
    name: Memo<String>,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(move || Some(Request::Analytics(id)));
    let told = memo(move |_| match answer.get() {
        Some(Ok(Reply::Analytics(told))) => Some(*told),
        _ => None,
    });
    effect(move || match answer.get() {
        Some(Ok(Reply::Analytics(_))) | None => {}
        Some(Ok(_)) => app.report(&unexpected()),
        Some(Err(problem)) => app.report(&problem),
    });
    let there = memo(move |_| told.with(Option::is_some));
    let told = memo(move |_| told.get().unwrap_or_default());
    view! {
        <Show when=move || there.get() fallback=|| view! { <p class="soft" role="status">"Reading the segment's history…"</p> }>
            <div class="analytics">
                <section class="card analytics-wide" aria-label="Summary">
                    <Numbers items=derived(move || told.with(|told| summary(told, app)))/>
                </section>
                <OverTime told=told/>
                <EntriesAndExits told=told/>
                <ByField id=id/>
                <Reachability told=told/>
                <Overlaps id=id name=name told=told/>
                <Compare id=id name=name/>
            </div>
        </Show>
    }
}

/// The segment in a few numbers.
fn summary(told: &Told, app: App) -> Vec<(String, String, String)> {
    let row = |label: &str, number: u64, detail: String| (label.to_owned(), format::number(number), detail);
    let share = |number: u64| charts::share(number, told.members);
    let made = app.zone().with(|zone| format::moment(told.created, zone));
    vec![
        row("Members", told.members, format!("Since {made}")),
        row("Subscribed", told.reach.subscribed, share(told.reach.subscribed)),
        row("With email", told.reach.email, share(told.reach.email)),
        row("With phone", told.reach.phone, share(told.reach.phone)),
    ]
}
