//! What is stored, in numbers.

use super::room::Room;
use crate::state::use_app;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Notice, Numbers, Tone, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::{Reply, Request, StorageReport};

/// Stands where a number will be, so that nothing below moves when it comes.
const AWAITED: &str = "\u{a0}";

/// What the browser says of its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Awaited,
    Nothing,
    Room(Room),
}

/// The labelled numbers; without a report, the places where they will be.
fn numbers(report: Option<&StorageReport>, room: Said) -> Vec<(String, String, String)> {
    type Pick = fn(&StorageReport) -> u64;
    let say = |pick: Pick, write: fn(u64) -> String| {
        report.map_or_else(|| AWAITED.to_owned(), |report| write(pick(report)))
    };
    let row = |label: &str, pick: Pick, write| (label.to_owned(), say(pick, write), String::new());
    let kind = |label: &str, count: Pick, bytes: Pick| {
        (
            label.to_owned(),
            say(count, format::number),
            say(bytes, format::bytes),
        )
    };
    let mut rows = vec![
        row("Contacts", |report| report.contacts, format::number),
        row("Events", |report| report.events, format::number),
        kind("Changes", |report| report.changes, |report| report.journal_bytes),
        kind("Pages", |report| report.pages, |report| report.page_bytes),
        kind("Files", |report| report.files, |report| report.file_bytes),
        row("On disk", |report| report.bytes, format::bytes),
        row("In memory", |report| report.memory, format::bytes),
    ];
    let (left, used) = match room {
        Said::Nothing => return rows,
        Said::Awaited => (AWAITED.to_owned(), AWAITED.to_owned()),
        Said::Room(Room { used, quota }) => (
            format::bytes(quota.saturating_sub(used)),
            format!("{} used", format::bytes(used)),
        ),
    };
    rows.push(("Room left".to_owned(), left, used));
    rows
}

/// What is stored, in numbers.
#[component]
pub fn StorageCard() -> impl IntoView {
    let app = use_app();
    let answer = app.live(|| Some(Request::Storage));
    let report = memo(move |_| match answer.get() {
        Some(Ok(Reply::Storage(report))) => Some(report),
        _ => None,
    });
    let room = RwSignal::new(Said::Awaited);
    effect(move || {
        report.track();
        spawn_local(async move {
            room.try_set(Room::ask().await.map_or(Said::Nothing, Said::Room));
        });
    });
    let problem = memo(move |_| match answer.get() {
        Some(Err(problem)) => Some(problem.to_string()),
        _ => None,
    });
    view! {
        <section class="card" aria-labelledby="storage">
            <h2 id="storage">"Storage"</h2>
            {move || match problem.get() {
                Some(problem) => view! { <Notice tone=Tone::Danger text=problem/> }.into_any(),
                None => view! {
                    <Numbers items=derived(move || report.with(|report| numbers(report.as_ref(), room.get())))/>
                    <p class="soft small">
                        "Database "
                        <code>{move || report.with(|report| report.as_ref().map(|report| report.database.clone()))}</code>
                    </p>
                }.into_any(),
            }}
            {move || report.get().filter(|report| !report.damage.is_empty()).map(|report| view! {
                <Notice tone=Tone::Warning text=format!("Could not be read: {}", report.damage.join("; "))/>
            })}
        </section>
    }
}
