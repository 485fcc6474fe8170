//! What the rows of a file of events are, and what each column holds.

use super::columns::{self, COLUMNS, offered};
use super::flow::Flow;
use crate::simulator::fire::kinds;
use crate::ui::reactive::memo;
use crate::ui::{Choice, FieldFrame, SelectField, unique};
use leptos::prelude::*;
use model::event::EventKind;
use model::simulation::EventColumn;

/// What the rows are, and what each column holds.
#[component]
pub fn Columns(
    /// What was chosen so far.
    flow: Flow,
) -> impl IntoView {
    let choices: Vec<Choice> = kinds()
        .into_iter()
        .map(|kind| Choice::new(kind.word(), kind.label()))
        .collect();
    let names = memo(move |_| {
        flow.preview
            .with(|preview| preview.as_ref().map(|preview| preview.columns.clone()))
            .unwrap_or_default()
    });
    let fields = move || {
        let kind = flow.kind_now();
        names
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, name)| column(flow, kind, at, name))
            .collect_view()
    };
    let missing = memo(move |_| flow.faults().missing);
    view! {
        <section class="card" aria-labelledby="event-columns">
            <h2 id="event-columns">"What the rows are"</h2>
            <div class="form">
                <SelectField label="Each row is" choices=choices value=flow.kind on_change=move |_| flow.suggest()/>
            </div>
            <fieldset class="field">
                <legend class="field-label">"What each column holds"</legend>
                <div class="simulation-many">{fields}</div>
            </fieldset>
            <div role="status">
                {move || missing.get().into_iter().map(|what| {
                    let class = if flow.tried.get() { "field-error" } else { "field-hint" };
                    view! { <p class=class>{what}</p> }
                }).collect_view()}
            </div>
        </section>
    }
}

/// The choice of what one column holds, with what is in its first row.
fn column(flow: Flow, kind: EventKind, at: usize, name: String) -> impl IntoView {
    let id = unique("column");
    let described = format!("{id}-about");
    let sample = flow.preview.with_untracked(|preview| {
        let rows = preview.as_ref().map(|preview| preview.rows.as_slice());
        let mut cells = rows.unwrap_or_default().iter().filter_map(|row| row.get(at));
        let cell = cells.find(|cell| !cell.trim().is_empty());
        cell.map_or_else(|| "Empty".to_owned(), |cell| cell.chars().take(60).collect())
    });
    let now = memo(move |_| {
        flow.columns
            .with(|columns| columns::key(columns.get(at).copied().unwrap_or_default()))
    });
    let options = COLUMNS
        .into_iter()
        .filter(|(column, ..)| offered(kind, *column))
        .map(|(column, key, label, _)| {
            let label = match column {
                EventColumn::Text => kind.text_label(),
                _ => label,
            };
            view! { <option value=key prop:selected=move || now.get() == key>{label}</option> }
        })
        .collect_view();
    let twice = memo(move |_| {
        let twice = flow.faults().twice.contains(&at);
        twice.then(|| "Another column holds this already".to_owned())
    });
    let pick = move |event| {
        let column = columns::parse(&event_target_value(&event));
        flow.columns.update(|columns| {
            if let Some(place) = columns.get_mut(at) {
                *place = column;
            }
        });
    };
    view! {
        <FieldFrame id=id.clone() label=name hint=sample error=twice>
            <select
                class="input"
                id=id
                aria-describedby=described
                aria-invalid=move || twice.with(|twice| twice.is_some().then_some("true"))
                on:change=pick
            >
                {options}
            </select>
        </FieldFrame>
    }
}
