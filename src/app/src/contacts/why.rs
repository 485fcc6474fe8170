//! *Since* and *Why*: the last two columns of the table where it shows the contacts of one segment.

use super::columns::WHY;
use super::grid::ACTIVE;
use super::sheet::why_words;
use crate::ui::format;
use leptos::prelude::*;
use model::message::Row;
use model::route::Route;

/// The change that made a row's contact a member.
pub fn route(row: &Row) -> Option<Route> {
    let why = row.why.as_ref()?;
    Some(Route::Change(why.change, Some(row.id)))
}

/// The two headings; `first` is the place of the first, counted from 0 at the checkbox.
pub fn heads(first: usize) -> impl IntoView {
    WHY.into_iter()
        .enumerate()
        .map(|(at, (label, _))| {
            view! {
                <div class="grid-cell" role="columnheader" aria-colindex=(first + at + 1).to_string()>
                    <span class="grid-title">{label}</span>
                </div>
            }
        })
        .collect_view()
}

/// The two cells of a row; `first` is the place of the first, counted from 0 at the checkbox.
pub fn cells(
    first: usize,
    row: Memo<Option<Row>>,
    active: Memo<Option<usize>>,
    zone: Memo<String>,
) -> impl IntoView {
    let cell = move |column: usize, content: AnyView| {
        view! {
            <div
                class="grid-cell"
                id=move || (active.get() == Some(column)).then_some(ACTIVE)
                role="gridcell"
                aria-colindex=(column + 1).to_string()
            >
                {content}
            </div>
        }
    };
    let since = move || {
        row.with(|row| {
            let why = row.as_ref()?.why.as_ref()?;
            Some(zone.with(|zone| format::moment(why.since, zone)))
        })
    };
    let why = move || {
        row.with(|row| {
            let why = row.as_ref()?.why.as_ref()?;
            Some(zone.with(|zone| why_words(why, |at| format::moment(at, zone))))
        })
    };
    let href = move || row.with(|row| Some(route(row.as_ref()?)?.to_string()));
    view! {
        {cell(first, view! { <span>{since}</span> }.into_any())}
        {cell(first + 1, view! { <a href=href tabindex="-1">{why}</a> }.into_any())}
    }
}
