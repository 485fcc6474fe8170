//! What a contact did, and what was done to her data.

use super::event::{details, headline, origin};
use crate::history::Changes;
use crate::simulator::FireDialog;
use crate::state::{unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Badge, Button, Choice, Icon, Notice, SelectField, Tone, format};
use leptos::prelude::*;
use model::ContactId;
use model::event::{EVENTS, EventKind, EventLine};
use model::history::{ContactSheet, Scope};
use model::message::{Reply, Request};
use model::route::Route;

/// So many events are shown at first, and so many more each time.
const STEP: u32 = 20;
/// So many of the newest are shown under *General*.
const RECENT: usize = 10;

/// The events of a contact, by kind and date, and the last changes of her data.
#[component]
pub fn Activity(
    /// The contact.
    id: ContactId,
    /// How the contact is called.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let firing = RwSignal::new(false);
    view! {
        <section class="card" aria-labelledby="activity">
            <div class="card-head">
                <h2 id="activity">"Activity"</h2>
                <Button label="Add event…" small=true icon=Icon::Plus on_press=move |_| firing.set(true)/>
            </div>
            <h3>"Events"</h3>
            <Events id=id/>
            <div class="card-head">
                <h3>"Changes"</h3>
                <a href=Route::ContactHistory(id).to_string()>"All changes"</a>
            </div>
            <Changes scope=Scope::Contact(id) few=true/>
            <FireDialog open=firing contact=derived(move || (id, name.get()))/>
        </section>
    }
}

/// The newest events in a line each, and how many there are.
#[component]
pub fn Recent(
    /// The contact's events.
    sheet: Memo<Option<ContactSheet>>,
) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let found = memo(move |_| {
        sheet.with(|sheet| {
            let sheet = sheet.as_ref()?;
            let recent: Vec<EventLine> = sheet.recent.iter().take(RECENT).cloned().collect();
            (sheet.events > 0).then_some((sheet.events, recent))
        })
    });
    move || {
        let (total, recent) = found.get()?;
        let shown = recent.len() as u64;
        let rows = recent
            .into_iter()
            .map(|event| {
                let when = zone.with(|zone| format::moment(event.when, zone));
                view! {
                    <li class="event-line">
                        <span>{headline(&event)}</span>
                        <span class="soft small">{when}</span>
                    </li>
                }
            })
            .collect_view();
        let many = match shown < total {
            true => format!(
                "The last {} of {}",
                format::number(shown),
                format::count(total, "activity", "activities")
            ),
            false => format::count(total, "activity", "activities"),
        };
        Some(view! {
            <h3>"Latest activity"</h3>
            <ul>{rows}</ul>
            <p class="soft small">{many}</p>
        })
    }
}

/// The events by kind, newest first, some at a time.
#[component]
fn Events(
    /// The contact.
    id: ContactId,
) -> impl IntoView {
    let app = use_app();
    let kind = RwSignal::new(String::new());
    let count = RwSignal::new(STEP);
    effect(move || {
        kind.track();
        // A signal that is set in vain would ask once more.
        if count.get_untracked() != STEP {
            count.set(STEP);
        }
    });
    let answer = app.live(move || {
        Some(Request::Events {
            contact: id,
            kind: kind.with(|word| EventKind::parse(word)),
            start: 0,
            count: count.get(),
        })
    });
    let found = memo(move |_| match answer.get() {
        Some(Ok(Reply::Events { total, events })) => Some((total, events)),
        _ => None,
    });
    let problem = move || match answer.get() {
        Some(Ok(Reply::Events { .. })) | None => None,
        Some(Ok(_)) => Some(unexpected()),
        Some(Err(problem)) => Some(problem),
    };
    let total = memo(move |_| found.with(|found| found.as_ref().map(|(total, _)| *total)));
    let shown = move || found.with(|found| found.as_ref().map_or(0, |(_, events)| events.len() as u64));
    let events = move || {
        found.with(|found| {
            found
                .as_ref()
                .map(|(_, events)| events.clone())
                .unwrap_or_default()
        })
    };
    let filtered = memo(move |_| kind.with(|kind| !kind.is_empty()));
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "All"))
        .chain(
            EVENTS
                .iter()
                .map(|(kind, word, ..)| Choice::new(*word, kind.label())),
        )
        .collect();
    let nothing = move || match filtered.get() {
        true => "No event of this kind",
        false => "What this contact does appears here: simulated, imported, or added by hand",
    };
    view! {
        {move || problem().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
        <Show when=move || { filtered.get() || total.get() > Some(0) }>
            <SelectField label="Kind" choices=choices.clone() value=kind/>
        </Show>
        <Show when=move || total.get() == Some(0)>
            <p class="soft">{nothing}</p>
        </Show>
        <Show when=move || { total.get() > Some(0) }>
            <ul>
                <For each=events key=|event| event.id let:event>
                    <Event event=event contact=id/>
                </For>
            </ul>
            <div class="buttons">
                <Show when=move || { total.get() > Some(shown()) }>
                    <Button label="Show more" on_press=move |_| count.update(|count| *count += STEP)/>
                </Show>
                <p class="soft" role="status">
                    {move || {
                        let total = total.get().unwrap_or(0);
                        format!("{} of {}", format::number(shown()), format::count(total, "event", "events"))
                    }}
                </p>
            </div>
        </Show>
    }
}

/// One event with all there is to say of it.
#[component]
fn Event(
    /// The event.
    event: EventLine,
    /// Whose it is.
    contact: ContactId,
) -> impl IntoView {
    let zone = use_app().zone().get_untracked();
    let lines = details(&event)
        .into_iter()
        .map(|line| view! { <p class="soft small">{line}</p> })
        .collect_view();
    view! {
        <li class="event-line">
            <span>
                <a href=Route::Change(event.change, Some(contact)).to_string()>{headline(&event)}</a>
                " "
                <Badge label=origin(&event)/>
            </span>
            <span class="soft small" title=format::ago(event.when)>{format::moment(event.when, &zone)}</span>
            {lines}
        </li>
    }
}
