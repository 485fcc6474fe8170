//! What is stored, in numbers.

use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Notice, Numbers, Tone, format};
use leptos::prelude::*;
use model::message::{Reply, Request, StorageReport};

fn numbers(report: &StorageReport) -> Vec<(String, String, String)> {
    let row = |label: &str, number: String| (label.to_owned(), number, String::new());
    vec![
        row("Contacts", format::number(report.contacts)),
        row("Changes", format::number(report.changes)),
        row("Pages", format::number(report.pages)),
        row("On disk", format::bytes(report.bytes)),
        row("In memory", format::bytes(report.memory)),
    ]
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
    let problem = move || match answer.get() {
        Some(Err(problem)) => Some(problem.to_string()),
        _ => None,
    };
    view! {
        <section class="card" aria-labelledby="storage">
            <h2 id="storage">"Storage"</h2>
            {move || problem().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <Numbers items=derived(move || report.with(|report| report.as_ref().map(numbers).unwrap_or_default()))/>
            {move || report.get().map(|report| view! {
                <p class="soft small">"Database "<code>{report.database}</code></p>
                {(!report.damage.is_empty()).then(|| view! {
                    <Notice tone=Tone::Warning text=format!("Could not be read: {}", report.damage.join("; "))/>
                })}
            })}
        </section>
    }
}
