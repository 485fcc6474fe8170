//! The segments of a contact: since when she is in each, and why.

use super::event::dated;
use crate::contacts::bulk::MemberDialog;
use crate::palette::members;
use crate::state::{App, use_app};
use crate::ui::reactive::memo;
use crate::ui::{Button, Icon, IconButton, format};
use leptos::prelude::*;
use model::ContactId;
use model::history::{CauseLabel, ContactSheet, Membership};
use model::message::Request;
use model::query::Selection;
use model::route::Route;
use model::segment::MemberAction;

/// By what a contact became a member, in words.
fn cause_words(cause: &CauseLabel, line: u64) -> String {
    match cause {
        CauseLabel::Person => "added by hand".to_owned(),
        CauseLabel::Import(file) => import_words(file, "pasted rows", line),
        CauseLabel::Events(file) => import_words(file, "pasted events", line),
        CauseLabel::Demo => "by the demo".to_owned(),
        CauseLabel::Undo(_) => "by an undo".to_owned(),
        CauseLabel::Redo(_) => "by a redo".to_owned(),
        CauseLabel::SetOperation => "by a set operation".to_owned(),
        CauseLabel::Baseline => "since before the history begins".to_owned(),
        CauseLabel::Workflow(_, name, node) => format!("by workflow {name}, node {node}"),
        CauseLabel::Simulation => "by a simulation".to_owned(),
        CauseLabel::Fired => "by an event fired by hand".to_owned(),
    }
}

/// “By import of people.csv, line 12”; `pasted` is what a file without a name is.
fn import_words(file: &str, pasted: &str, line: u64) -> String {
    let file = if file.is_empty() { pasted } else { file };
    match line {
        0 => format!("by import of {file}"),
        line => format!("by import of {file}, line {}", format::number(line)),
    }
}

/// Why a contact became a member, with the event that a workflow acted on: “by workflow Welcome, node Add: Purchase of
/// 59.90 on 3 Jan 2027, 10:20”; `moment` prints a moment.
pub fn why_words(why: &Membership, moment: impl Fn(i64) -> String) -> String {
    let cause = cause_words(&why.cause, why.line);
    match &why.event {
        Some(event) => format!("{cause}: {}", dated(event, &moment(event.when))),
        None => cause,
    }
}

/// The workflow that made a contact a member, as a link before the rest.
fn workflow(cause: &CauseLabel) -> Option<impl IntoView + use<>> {
    let CauseLabel::Workflow(id, name, _) = cause else {
        return None;
    };
    let (href, label) = (Route::Workflow(*id).to_string(), format!("Workflow {name}"));
    Some(view! { " · "<a href=href aria-label=label>"Workflow"</a> })
}

/// The contact's segments, with since when and why.
#[component]
pub fn Segments(
    /// The contact.
    id: ContactId,
    /// Its segments.
    sheet: Memo<Option<ContactSheet>>,
) -> impl IntoView {
    let app = use_app();
    let adding = RwSignal::new(false);
    let memberships = memo(move |_| {
        sheet.with(|sheet| {
            sheet
                .as_ref()
                .map(|sheet| sheet.memberships.clone())
                .unwrap_or_default()
        })
    });
    let remove = move |membership: &Membership| {
        app.write(Request::Members {
            segment: membership.segment,
            action: MemberAction::Remove,
            selection: Selection::Contacts(vec![id]),
        });
    };
    view! {
        <section class="card" aria-labelledby="segments">
            <div class="card-head">
                <h2 id="segments">"Segments"</h2>
                <Button label="Add to segment…" small=true icon=Icon::Plus on_press=move |_| adding.set(true)/>
            </div>
            <Show
                when=move || !memberships.with(Vec::is_empty)
                fallback=|| view! { <p class="soft">"This contact is in no segment yet"</p> }
            >
                <ul>
                    <For each=move || memberships.get() key=|membership| (membership.segment, membership.change) let:membership>
                        <li class="membership">
                            <a href=members(membership.segment).to_string()>{membership.name.clone()}</a>
                            <p class="soft small">
                                {since(&membership, app)}
                                <a href=Route::Change(membership.change, Some(id)).to_string()>
                                    {why(&membership, app)}
                                </a>
                                {workflow(&membership.cause)}
                            </p>
                            <div class="buttons">
                                <IconButton
                                    small=true
                                    icon=Icon::Close
                                    label=format!("Remove from {}", membership.name)
                                    on_press={
                                        let membership = membership.clone();
                                        move |_| remove(&membership)
                                    }
                                />
                            </div>
                        </li>
                    </For>
                </ul>
            </Show>
            <MemberDialog
                open=adding
                action=MemberAction::Add
                selection=move |()| Selection::Contacts(vec![id])
                count=1u64
            />
        </section>
    }
}

/// Why a contact is a member, in the workspace's time zone.
fn why(membership: &Membership, app: App) -> String {
    let zone = app.overview.with(|overview| overview.settings.time_zone.clone());
    why_words(membership, |at| format::moment(at, &zone))
}

/// “Since 2 Oct 2026, 16:13, ”, before why.
fn since(membership: &Membership, app: App) -> String {
    let zone = app.overview.with(|overview| overview.settings.time_zone.clone());
    format!("Since {}, ", format::moment(membership.since, &zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::event::{EventKind, EventLine, Origin};
    use model::{ChangeId, EventId, SegmentId, WorkflowId};

    #[test]
    fn a_workflow_says_on_which_event_it_acted() {
        let event = EventLine {
            id: EventId(1),
            when: 5,
            kind: EventKind::Purchase,
            origin: Origin::Imported,
            change: ChangeId(1),
            total: Some(599_000),
            items: vec![],
            text: String::new(),
            order: String::new(),
        };
        let why = Membership {
            segment: SegmentId(1),
            name: "Buyers".into(),
            since: 5,
            change: ChangeId(2),
            cause: CauseLabel::Workflow(WorkflowId(3), "Welcome".into(), "Add".into()),
            line: 0,
            event: Some(event),
        };
        assert_eq!(
            why_words(&why, |_| "3 Jan 2027, 10:20".to_owned()),
            "by workflow Welcome, node Add: Purchase of 59.90 on 3 Jan 2027, 10:20"
        );
    }

    #[test]
    fn a_cause_names_the_line_of_a_file() {
        assert_eq!(
            cause_words(&CauseLabel::Import("fair.csv".into()), 1204),
            "by import of fair.csv, line 1,204"
        );
        assert_eq!(
            cause_words(&CauseLabel::Events("orders.csv".into()), 3),
            "by import of orders.csv, line 3"
        );
        assert_eq!(
            cause_words(&CauseLabel::Import(String::new()), 0),
            "by import of pasted rows"
        );
    }
}
