//! What is stored, in numbers.

use super::room::Room;
use crate::state::use_app;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Notice, Numbers, Tone, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::{Reply, Request, StorageReport};

fn numbers(report: &StorageReport, room: Option<Room>) -> Vec<(String, String, String)> {
    let row = |label: &str, number: String| (label.to_owned(), number, String::new());
    let kind =
        |label: &str, count: u64, bytes: u64| (label.to_owned(), format::number(count), format::bytes(bytes));
    let mut rows = vec![
        row("Contacts", format::number(report.contacts)),
        row("Events", format::number(report.events)),
        kind("Changes", report.changes, report.journal_bytes),
        kind("Pages", report.pages, report.page_bytes),
        kind("Files", report.files, report.file_bytes),
        row("On disk", format::bytes(report.bytes)),
        row("In memory", format::bytes(report.memory)),
    ];
    if let Some(Room { used, quota }) = room {
        let left = format::bytes(quota.saturating_sub(used));
        let used = format!("{} used by this site", format::bytes(used));
        rows.push(("Room left".to_owned(), left, used));
    }
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
    let room = RwSignal::new(None::<Room>);
    effect(move || {
        report.track();
        spawn_local(async move {
            room.try_set(Room::ask().await);
        });
    });
    let problem = move || match answer.get() {
        Some(Err(problem)) => Some(problem.to_string()),
        _ => None,
    };
    view! {
        <section class="card" aria-labelledby="storage">
            <h2 id="storage">"Storage"</h2>
            {move || problem().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <Numbers items=derived(move || report.with(|report| report.as_ref().map(|report| numbers(report, room.get())).unwrap_or_default()))/>
            {move || report.get().map(|report| view! {
                <p class="soft small">"Database "<code>{report.database}</code></p>
                {(!report.damage.is_empty()).then(|| view! {
                    <Notice tone=Tone::Warning text=format!("Could not be read: {}", report.damage.join("; "))/>
                })}
            })}
        </section>
    }
}
