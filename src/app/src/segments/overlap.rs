//! How all segments overlap.

use super::sets::matrix::{Matrix, shade};
use super::sets::operation::MOST;
use crate::state::use_app;
use crate::ui::chart::{Figure, Table};
use crate::ui::reactive::{derived, memo};
use crate::ui::{
    Button, Checkbox, Choice, Dialog, DialogFoot, Empty, Icon, LinkButton, Look, Notice, Page, RadioGroup,
    Tone, format, unique,
};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use model::SegmentId;
use model::message::{Overview, Reply, Request};
use model::route::Route;
use web_sys::{Element, HtmlElement};

/// At most so many segments are shown at once.
const LIMIT: usize = 50;

/// The segments that are not archived, the largest first.
fn candidates(overview: &Overview) -> Vec<(SegmentId, String)> {
    let mut segments: Vec<_> = overview
        .segments
        .iter()
        .filter(|segment| !segment.def.archived)
        .collect();
    segments.sort_by_key(|segment| (std::cmp::Reverse(segment.members), segment.def.id));
    let named = segments.into_iter();
    named
        .map(|segment| (segment.def.id, segment.def.name.clone()))
        .collect()
}

/// The cell that an arrow key leads to from another.
fn next(key: &str, (row, column): (usize, usize), many: usize) -> Option<(usize, usize)> {
    let last = many.checked_sub(1)?;
    Some(match key {
        "ArrowUp" => (row.saturating_sub(1), column),
        "ArrowDown" => (last.min(row + 1), column),
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "ArrowRight" => (row, last.min(column + 1)),
        "Home" => (row, 0),
        "End" => (row, last),
        _ => return None,
    })
}

/// The row and column of a cell's link, by its id.
fn place(target: Option<web_sys::EventTarget>) -> Option<(usize, usize)> {
    let element: Element = target?.dyn_into().ok()?;
    let id = element.closest("td").ok()??.first_element_child()?.id();
    let (row, column) = id.strip_prefix("overlap-")?.split_once('-')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

fn cell((row, column): (usize, usize)) -> String {
    format!("overlap-{row}-{column}")
}

/// The matrix of all segments.
#[component]
pub fn Overlap() -> impl IntoView {
    let app = use_app();
    let all = memo(move |_| app.overview.with(candidates));
    // The segments picked to be shown; none is the largest.
    let shown = RwSignal::new(None::<Vec<SegmentId>>);
    let picking = RwSignal::new(false);
    let segments = memo(move |_| {
        let (mut segments, shown) = (all.get(), shown.get());
        if let Some(shown) = shown {
            segments.retain(|(id, _)| shown.contains(id));
        }
        segments.truncate(LIMIT);
        segments
    });
    let answer = app.live(move || {
        let ids: Vec<SegmentId> = segments.with(|segments| segments.iter().map(|(id, _)| *id).collect());
        (ids.len() > 1).then_some(Request::Overlap(ids))
    });
    let matrix = memo(move |_| {
        let segments = segments.get();
        match answer.get() {
            Some(Ok(Reply::Overlap(counts))) if counts.len() == segments.len() * segments.len() => {
                Some(Matrix { segments, counts })
            }
            _ => None,
        }
    });
    let problem = memo(move |_| match answer.get() {
        Some(Err(problem)) => Some(problem.to_string()),
        _ => None,
    });
    let ticked = RwSignal::new(Vec::<SegmentId>::new());
    let actions = move || {
        view! {
            <Button label="Choose segments…" on_press=move |_| picking.set(true)/>
            <LinkButton
                label=derived(move || ticked.with(|ticked| match ticked.len() {
                    0 => "Combine…".to_owned(),
                    many => format!("Combine {many}…"),
                }))
                look=Look::Primary
                href=derived(move || Route::Combine(ticked.get()).to_string())
            />
        }
    };
    view! {
        <Page title="Overlap" back=("Segments".to_owned(), Route::Segments.to_string()) actions=actions>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <Show
                when=move || { all.with(Vec::len) > 1 }
                fallback=|| view! {
                    <Empty
                        icon=Icon::Segments
                        title="Nothing to compare yet"
                        text="With two segments or more, this page shows how many contacts each two of them share"
                    >
                        <LinkButton label="Create new segment" look=Look::Primary href=Route::NewSegment.to_string()/>
                    </Empty>
                }
            >
                {move || (all.with(Vec::len) > LIMIT && shown.with(Option::is_none)).then(|| view! {
                    <Notice text=format!("The {LIMIT} largest of {} segments are shown", all.with(Vec::len))/>
                })}
                <Show when=move || { segments.with(Vec::len) < 2 }>
                    <p class="soft">"Choose at least two segments"</p>
                </Show>
                <Show when=move || matrix.with(Option::is_some) && (segments.with(Vec::len) > 1)>
                    <Cells matrix=matrix ticked=ticked/>
                </Show>
            </Show>
            <Picker open=picking all=all shown=shown/>
        </Page>
    }
}

/// The table.
#[component]
fn Cells(
    /// What it shows.
    matrix: Memo<Option<Matrix>>,
    /// The segments ticked to be combined.
    ticked: RwSignal<Vec<SegmentId>>,
) -> impl IntoView {
    let kind = RwSignal::new("contacts".to_owned());
    let shares = memo(move |_| kind.with(|kind| kind == "share"));
    let at = RwSignal::new(None::<(usize, usize)>);
    let table = memo(move |_| {
        let Some(matrix) = matrix.get() else {
            return Table::default();
        };
        let names = matrix.segments.iter().map(|(_, name)| name.clone());
        let many = matrix.segments.len();
        let row = |row: usize| {
            let cells = (0..many).map(|column| match shares.get() {
                true => format::tenths(matrix.share(row, column)),
                false => matrix.shared(row, column).to_string(),
            });
            std::iter::once(matrix.name(row).to_owned())
                .chain(cells)
                .collect()
        };
        Table {
            head: std::iter::once("Segment".to_owned()).chain(names).collect(),
            rows: (0..many).map(row).collect(),
        }
    });
    let words = move || match (at.get(), matrix.get()) {
        (Some((row, column)), Some(matrix)) => matrix.words(row, column),
        _ => "Point at a cell, or move to it with the arrow keys, for its exact numbers".to_owned(),
    };
    let keyed = move |event: KeyboardEvent| {
        let many = matrix.with_untracked(|matrix| matrix.as_ref().map_or(0, |matrix| matrix.segments.len()));
        let Some(from) = place(event.target()) else {
            return;
        };
        let Some(to) = next(&event.key(), from, many) else {
            return;
        };
        event.prevent_default();
        let link = |at| document().get_element_by_id(&cell(at));
        if let (Some(old), Some(new)) = (link(from), link(to)) {
            // Both are there, and take any attribute.
            old.set_attribute("tabindex", "-1").ok();
            new.set_attribute("tabindex", "0").ok();
            if let Ok(new) = new.dyn_into::<HtmlElement>() {
                new.focus().ok();
            }
        }
    };
    let head = move || {
        let matrix = matrix.get()?;
        let names = matrix.segments.into_iter().map(|(_, name)| {
            let title = name.clone();
            view! { <th scope="col" class="number"><span class="overlap-name" title=title>{name}</span></th> }
        });
        Some(names.collect_view())
    };
    let rows = move || {
        let (matrix, shares) = (matrix.get()?, shares.get());
        let many = matrix.segments.len();
        let row = |(row, (id, name)): (usize, &(SegmentId, String))| {
            let cells = (0..many).map(|column| {
                view! {
                    <td class=shade(matrix.share(row, column), row == column)>
                        <a
                            id=cell((row, column))
                            href=matrix.href(row, column)
                            tabindex=if (row, column) == (0, 0) { "0" } else { "-1" }
                        >
                            {matrix.text(row, column, shares)}
                        </a>
                    </td>
                }
            });
            let cells = cells.collect_view();
            view! {
                <tr>
                    <th scope="row" class="list-main">{tick(*id, name.clone(), ticked)}</th>
                    {cells}
                </tr>
            }
        };
        Some(matrix.segments.iter().enumerate().map(row).collect_view())
    };
    view! {
        <div class="toolbar">
            <RadioGroup
                label="Show"
                inline=true
                choices=vec![Choice::new("contacts", "Contacts"), Choice::new("share", "Share of row")]
                value=kind
            />
            <p class="overlap-pair" role="status">{words}</p>
        </div>
        <Figure title="Overlap of segments" table=table>
            <div class="list-frame overlap-frame" role="region" aria-label="Overlap of segments" tabindex="0">
                <table
                    class="list overlap"
                    on:mouseover=move |event| at.set(place(event.target()).or(at.get_untracked()))
                    on:focusin=move |event| at.set(place(event.target()).or(at.get_untracked()))
                    on:keydown=keyed
                >
                    <thead>
                        <tr><th scope="col">"Segment"</th>{head}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Figure>
        <p class="soft small">"Tick two to six segments to combine them; a cell leads to the contacts in both"</p>
    }
}

/// A segment's box to tick, with its name.
fn tick(id: SegmentId, name: String, ticked: RwSignal<Vec<SegmentId>>) -> impl IntoView {
    let control = unique("tick");
    let title = name.clone();
    let on = move || ticked.with(|ticked| ticked.contains(&id));
    view! {
        <div class="choice">
            <input
                type="checkbox"
                class="choice-box"
                id=control.clone()
                prop:checked=on
                disabled=move || ticked.with(|ticked| ticked.len() >= MOST) && !on()
                on:change=move |event| {
                    let checked = event_target_checked(&event);
                    ticked.update(|ticked| {
                        ticked.retain(|other| *other != id);
                        if checked {
                            ticked.push(id);
                        }
                    });
                }
            />
            <label class="choice-label overlap-name" for=control title=title>{name}</label>
        </div>
    }
}

/// The dialog in which one chooses the segments that are shown.
#[component]
fn Picker(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Every segment that can be shown.
    all: Memo<Vec<(SegmentId, String)>>,
    /// The segments shown; none is the largest.
    shown: RwSignal<Option<Vec<SegmentId>>>,
) -> impl IntoView {
    let rows = move || {
        all.get()
            .into_iter()
            .enumerate()
            .map(|(at, (id, name))| {
                let on = move || {
                    shown.with(|shown| shown.as_ref().map_or(at < LIMIT, |shown| shown.contains(&id)))
                };
                let value = RwSignal::new(untrack(on));
                let change = move |checked: bool| {
                    let mut now = shown.get_untracked().unwrap_or_else(|| {
                        let largest = all.get_untracked().into_iter().take(LIMIT);
                        largest.map(|(id, _)| id).collect()
                    });
                    now.retain(|other| *other != id);
                    if checked {
                        now.push(id);
                    }
                    shown.set(Some(now));
                };
                view! { <li><Checkbox label=name value=value on_change=change/></li> }
            })
            .collect_view()
    };
    let many = move || shown.with(|shown| shown.as_ref().map_or(0, Vec::len));
    view! {
        <Dialog open=open title="Choose segments">
            <ul class="column-list">{rows}</ul>
            {move || (many() > LIMIT).then(|| view! {
                <Notice tone=Tone::Warning text=format!("The {LIMIT} largest of these are shown")/>
            })}
            <DialogFoot>
                <Button label="Show the largest" on_press=move |_| {
                    shown.set(None);
                    open.set(false);
                }/>
                <Button label="Done" look=Look::Primary on_press=move |_| open.set(false)/>
            </DialogFoot>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_stay_in_the_table() {
        assert_eq!(next("ArrowRight", (0, 1), 2), Some((0, 1)));
        assert_eq!(next("ArrowDown", (0, 1), 2), Some((1, 1)));
        assert_eq!(next("Home", (1, 1), 2), Some((1, 0)));
        assert_eq!(next("Enter", (1, 1), 2), None);
    }
}
