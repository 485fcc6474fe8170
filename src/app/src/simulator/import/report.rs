//! What an import of events would do, or did.

use crate::simulator::told::{imported, sum};
use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::ui::{Button, Icon, LinkButton, Notice, Numbers, Tone, format};
use leptos::prelude::*;
use model::ids::ChangeId;
use model::message::{Reply, Request};
use model::route::Route;
use model::simulation::EventsReport;

/// What an import of events would do, or did.
#[component]
pub fn Report(
    /// What it says.
    report: EventsReport,
) -> impl IntoView {
    let app = use_app();
    let zone = app.zone().get_untracked();
    let numbers = imported(&report, |at| format::moment(at, &zone));
    let title = match report.change {
        Some(_) => "What happened",
        None => "What would happen",
    };
    view! {
        <section class="card account" aria-labelledby="event-report">
            <h2 id="event-report">{title}</h2>
            <Numbers items=numbers/>
            <p class="soft import-sum">{sum(&report)}</p>
            {(report.events == 0).then(|| view! {
                <Notice tone=Tone::Warning text="No row becomes an event; look at the problems below, and at what each column holds"/>
            })}
            {report.change.map(|change| view! { <WaysOn change=change/> })}
        </section>
        <Problems report=report/>
    }
}

/// What can be done after an import.
#[component]
fn WaysOn(
    /// The import.
    change: ChangeId,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(move || Some(Request::Change(change, None)));
    let undone = memo(move |_| match answer.get() {
        Some(Ok(Reply::Change(detail))) => detail.summary.undone,
        _ => false,
    });
    view! {
        <div class="buttons">
            {move || if undone.get() {
                view! { <Button label="Redo import" icon=Icon::Redo on_press=move |_| app.redo(change)/> }
            } else {
                view! { <Button label="Undo import" icon=Icon::Undo on_press=move |_| app.undo(change)/> }
            }}
            <LinkButton label="See the change" icon=Icon::History href=Route::Change(change, None).to_string()/>
            <LinkButton label="View all contacts" icon=Icon::Contacts href=Route::default().to_string()/>
        </div>
    }
}

/// The first rejected rows.
#[component]
fn Problems(
    /// What the import says.
    report: EventsReport,
) -> impl IntoView {
    let more = report.rejected.saturating_sub(report.problems.len() as u64);
    (!report.problems.is_empty()).then(|| {
        let rows = report
            .problems
            .into_iter()
            .map(|(line, column, reason)| {
                let column = if column.is_empty() { "Whole row".to_owned() } else { column };
                view! {
                    <tr>
                        <td class="number">{format::number(line)}</td>
                        <td>{column}</td>
                        <th scope="row">{reason}</th>
                    </tr>
                }
            })
            .collect_view();
        let more = (more > 0).then(|| {
            view! { <p class="soft">{format!("And {} more", format::count(more, "rejected row", "rejected rows"))}</p> }
        });
        view! {
            <section class="import-part" aria-labelledby="event-problems">
                <h2 id="event-problems">"Rejected rows"</h2>
                <div class="list-frame" role="region" aria-label="Rejected rows" tabindex="0">
                    <table class="list">
                        <thead>
                            <tr>
                                <th scope="col" class="number">"Line"</th>
                                <th scope="col">"Column"</th>
                                <th scope="col">"Problem"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {more}
            </section>
        }
    })
}
