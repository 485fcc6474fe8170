//! What a file for an ad platform will hold.

use crate::ui::reactive::derived;
use crate::ui::{Numbers, format};
use leptos::prelude::*;
use model::export::{AdPreview, AdValue};

/// How many people are in the file, how many have what, and the first rows.
#[component]
pub fn Preview(
    /// What was found; none while it is worked out.
    #[prop(into)]
    preview: Signal<Option<AdPreview>>,
) -> impl IntoView {
    let numbers = derived(move || preview.with(|preview| preview.as_ref().map(numbers).unwrap_or_default()));
    let table =
        move || preview.with(|preview| preview.as_ref().filter(|found| !found.rows.is_empty()).map(rows));
    view! {
        <section class="card" aria-label="Preview">
            <h2>"Preview"</h2>
            <div role="status">
                {move || preview.with(Option::is_none).then(|| view! { <p class="soft">"Counting …"</p> })}
                <Numbers items=numbers/>
            </div>
            {table}
        </section>
    }
}

fn numbers(found: &AdPreview) -> Vec<(String, String, String)> {
    let line = |label: &str, number: u64| (label.to_owned(), format::number(number), String::new());
    let mut all = vec![line("People in the file", found.people)];
    all.push(line("Left out, nothing to find them by", found.without));
    all.extend(
        found
            .columns
            .iter()
            .map(|(value, name, people)| line(&format!("With {}", heading(*value, name)), *people)),
    );
    all
}

/// What a column holds, with its name in the file where that is another.
fn heading(value: AdValue, name: &str) -> String {
    let label = value.label();
    match label.eq_ignore_ascii_case(name) {
        true => label.to_owned(),
        false => format!("{label} ({name})"),
    }
}

fn rows(found: &AdPreview) -> impl IntoView + use<> {
    let head = found
        .columns
        .iter()
        .map(|(value, name, _)| view! { <th scope="col">{heading(*value, name)}</th> })
        .collect_view();
    let body = found
        .rows
        .iter()
        .map(|row| {
            let cells = row
                .iter()
                .map(|cell| view! { <td class="clip">{cell.clone()}</td> });
            view! { <tr>{cells.collect_view()}</tr> }
        })
        .collect_view();
    view! {
        <div class="list-frame" role="region" aria-label="First rows of the file" tabindex="0">
            <table class="list">
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
