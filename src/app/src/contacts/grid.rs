//! The table over all contacts: a `grid` that holds only the rows that are seen.

use super::columns::{self, Columns};
use super::filter::draft::top_segment;
use super::rows::{Cache, View};
use super::scroll::{Drawn, Position, Scale};
use super::selection::Picked;
use super::show;
use super::why;
use crate::router::navigate;
use crate::state::{App, Connection, use_app};
use crate::ui::reactive::{effect, memo};
use crate::ui::{Glyph, Icon, Later, format};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use model::message::{Reply, Request, Row};
use model::problem::Problem;
use model::query::{Query, Sort};
use model::route::Route;
use model::{ContactId, FieldDef, FieldId, SegmentId};
use std::ops::Range;
use std::time::Duration;
use web_sys::ResizeObserver;

/// Scrolling rests when nothing moved for so long.
const REST: Duration = Duration::from_millis(160);
/// Rows that take longer than this to come are shown as blanks.
const PATIENCE: Duration = Duration::from_millis(100);
/// A range is picked by its rows' ids, which the worker is asked for; so many at most.
const RANGE: u64 = 100_000;

/// What is being asked of the worker, so that nothing is asked twice.
#[derive(Clone, PartialEq)]
struct Asked {
    view: View,
    version: u64,
    rows: Range<u64>,
    /// Where the box was when they were asked for.
    offset: f64,
}

/// The table's state, shared with the bars above it.
#[derive(Clone, Copy)]
pub struct Table {
    app: App,
    query: Memo<Query>,
    /// The columns.
    pub columns: Columns,
    /// The one segment whose contacts are shown, if it is one.
    pub segment: Memo<Option<SegmentId>>,
    /// The same, unless *Since* and *Why* are not wanted.
    why: Memo<Option<SegmentId>>,
    /// Where *Since* stands, counted from 0 at the checkbox; none where it is not shown.
    first_why: Memo<Option<usize>>,
    /// The rows that are held, and the totals.
    pub cache: RwSignal<Cache>,
    /// Why there is no answer, while there is none.
    pub failed: RwSignal<Option<Problem>>,
    /// The contacts picked.
    pub picked: RwSignal<Picked>,
    /// The active row, and the active column counted from 0 at the checkbox.
    active: RwSignal<(u64, usize)>,
    /// Where a range began.
    anchor: RwSignal<u64>,
    position: RwSignal<Position>,
    /// The offset of the rows that are drawn. It follows the position as soon as its rows are there: while somebody
    /// drags the bar through a million rows, the last ones that came stay in sight instead of blanks.
    shown: RwSignal<f64>,
    /// Gives up waiting for rows, and lets blanks be seen.
    patience: StoredValue<Option<TimeoutHandle>>,
    /// Height of a row and of the part that shows rows.
    sizes: RwSignal<(f64, f64)>,
    view: Memo<View>,
    asked: StoredValue<Option<Asked>>,
    node: NodeRef<html::Div>,
}

impl Table {
    /// A table of what a query finds.
    pub fn new(query: Memo<Query>) -> Self {
        let app = use_app();
        let columns = Columns::new(app);
        let segment = memo(move |_| query.with(|query| top_segment(&query.filter)));
        let why = memo(move |_| segment.get().filter(|_| columns.why.get()));
        let first_why = memo(move |_| why.get().map(|_| columns.shown.with(Vec::len) + 1));
        // Each change of what is asked is a view of its own; they only grow, so that late answers are known.
        let view = memo(move |before: Option<&View>| {
            query.track();
            // The copy of a simulation counts its states by itself.
            app.copy.track();
            columns.shown.track();
            why.track();
            before.map_or(1, |before| before + 1)
        });
        let table = Table {
            app,
            query,
            columns,
            segment,
            why,
            first_why,
            cache: RwSignal::new(Cache::default()),
            failed: RwSignal::new(None),
            picked: RwSignal::new(Picked::default()),
            active: RwSignal::new((0, 1)),
            anchor: RwSignal::new(0),
            position: RwSignal::new(Position::default()),
            shown: RwSignal::new(0.0),
            patience: StoredValue::new(None),
            sizes: RwSignal::new((36.0, 720.0)),
            view,
            asked: StoredValue::new(None),
            node: NodeRef::new(),
        };
        effect(move || table.fetch());
        // Another search or filter picks nothing and begins at its first row.
        Effect::new(move |before: Option<(Query, View)>| {
            let now = query.get();
            if let Some((before, _)) = before
                && before != now
            {
                if (&before.search, &before.filter) != (&now.search, &now.filter) {
                    table.picked.set(Picked::default());
                }
                table.active.update(|active| active.0 = 0);
                table.anchor.set(0);
                table.go(Position::default());
            }
            (now, 0)
        });
        table
    }

    fn scale(self) -> Scale {
        let (row, view) = self.sizes.get();
        Scale {
            rows: self.cache.with(|cache| cache.total().unwrap_or(0)),
            row,
            view,
        }
    }

    fn scale_now(self) -> Scale {
        untrack(|| self.scale())
    }

    /// The rows to draw; before the first answer, as many as fit.
    fn drawn(self) -> Drawn {
        let mut scale = self.scale();
        if self.cache.with(|cache| cache.total().is_none()) {
            scale.rows = scale.seen();
        }
        let (start, end) = scale.drawn(self.placed());
        Drawn {
            start,
            end,
            slots: scale.most_drawn(),
        }
    }

    /// Where the box is, with the rows that are drawn there.
    fn placed(self) -> Position {
        Position {
            scroll: self.position.get().scroll,
            offset: self.shown.get(),
        }
    }

    /// Whether all rows that are seen at an offset are held.
    fn holds(self, offset: f64) -> bool {
        let scale = self.scale_now();
        let first = scale.first(Position { scroll: 0.0, offset });
        self.cache
            .with_untracked(|cache| cache.holds(first..first + scale.seen()))
    }

    /// Shows the rows where the box is; those that aren't held are waited for a little.
    fn follow(self) {
        let offset = self.position.get_untracked().offset;
        if self.holds(offset) {
            self.show(offset);
        } else if self.patience.with_value(Option::is_none) {
            let give_up = move || {
                if let Some(position) = self.position.try_get_untracked() {
                    self.show(position.offset);
                }
            };
            self.patience
                .set_value(set_timeout_with_handle(give_up, PATIENCE).ok());
        }
    }

    /// After rows came: shows those where the box is, else those that came.
    fn follow_after(self, came: f64) {
        if !self.holds(self.position.get_untracked().offset) && self.holds(came) {
            self.show(came);
        }
        self.follow();
    }

    fn show(self, offset: f64) {
        if let Some(patience) = self.patience.try_update_value(Option::take).flatten() {
            patience.clear();
        }
        if self
            .shown
            .try_get_untracked()
            .is_some_and(|shown| shown != offset)
        {
            self.shown.set(offset);
        }
    }

    /// Asks for the rows that are seen and not held.
    fn fetch(self) {
        let view = self.view.get();
        let version = self.app.version.get();
        let position = self.position.get();
        let mut scale = self.scale();
        if self
            .cache
            .with(|cache| cache.total().is_none() || cache.view() != view)
        {
            // Another question may find as many rows as there are.
            scale.rows = u64::MAX;
        }
        let (start, end) = scale.drawn(position);
        let Some(rows) = self.cache.with(|cache| cache.missing(start..end, view, version)) else {
            return;
        };
        // One question at a time: asked anew at each step of a dragged bar, none would ever be answered. While the data is
        // being read only the first rows are, and a question for others must not keep them waiting.
        let open = self.app.connection.get() == Connection::Ready;
        let waiting = self.asked.with_value(|before| {
            let same = |before: &Asked| (before.view, before.version) == (view, version);
            let before = before.as_ref().filter(|before| same(before));
            before.is_some_and(|before| open || before.rows == rows)
        });
        if waiting {
            return;
        }
        let asked = Asked {
            view,
            version,
            rows,
            offset: position.offset,
        };
        self.asked.set_value(Some(asked.clone()));
        let columns = untrack(|| self.columns.ids());
        let request = Request::Rows {
            query: self.query.get_untracked(),
            columns: columns.clone(),
            start: asked.rows.start,
            count: u32::try_from(asked.rows.end - asked.rows.start).unwrap_or(u32::MAX),
            why: self.why.get_untracked(),
        };
        // Asked before anything else that follows from a change is drawn.
        let answer = self.app.ask(request);
        spawn_local(async move {
            let result = answer.await;
            if self.asked.try_get_value().flatten().as_ref() == Some(&asked) {
                self.asked.set_value(None);
            }
            match result {
                Ok(Reply::Rows(rows)) => {
                    // The table may be gone by now.
                    let filled = self
                        .cache
                        .try_update(|cache| cache.fill(asked.view, &columns, rows));
                    if filled.is_some() {
                        self.fail(None);
                        self.follow_after(asked.offset);
                    }
                }
                Ok(_) => self.fail(Some(crate::state::unexpected())),
                Err(problem) => self.fail(Some(problem)),
            }
        });
    }

    fn fail(self, problem: Option<Problem>) {
        if self.failed.try_get_untracked().is_some_and(|now| now != problem) {
            self.failed.set(problem);
        }
    }

    /// Puts the box somewhere.
    fn go(self, position: Position) {
        // At the top already, as most answers find it: to touch the box would lay it out once more.
        let stays = position.scroll == 0.0 && self.position.with_untracked(|here| here.scroll == 0.0);
        self.position.set(position);
        if let Some(node) = self.node.get_untracked().filter(|_| !stays) {
            node.set_scroll_top(position.scroll as i32);
            // The browser rounds; what it made of it is where the box is.
            let scroll = f64::from(node.scroll_top());
            if (scroll - position.scroll).abs() < 2.0 {
                self.position.set(Position { scroll, ..position });
            }
        }
        self.follow();
    }

    fn scrolled(self) {
        let Some(node) = self.node.get_untracked() else {
            return;
        };
        let scroll = f64::from(node.scroll_top());
        let before = self.position.get_untracked();
        if (before.scroll - scroll).abs() > 0.01 {
            self.position.set(self.scale_now().scrolled(before, scroll));
            self.follow();
        }
    }

    /// After scrolling rests, the bar is put where the rows are.
    fn rested(self) {
        let at = self.position.get_untracked();
        let settled = self.scale_now().settled(at);
        if (settled.scroll - at.scroll).abs() > 2.0 {
            self.go(settled);
        }
    }

    fn measure(self) {
        let Some(node) = self.node.get_untracked() else {
            return;
        };
        let Ok(Some(head)) = node.query_selector(".grid-head") else {
            return;
        };
        let head = head.get_bounding_client_rect().height();
        let row = node
            .query_selector(".grid-head .grid-row")
            .ok()
            .flatten()
            .map_or(36.0, |row| row.get_bounding_client_rect().height());
        let view = (f64::from(node.client_height()) - head).max(row);
        self.sizes.set((row.max(1.0), view));
    }

    /// Makes a row the active one and shows it.
    fn activate(self, row: u64, column: usize) {
        self.active.set((row, column));
        let from = self.position.get_untracked();
        let to = self.scale_now().revealing(from, row);
        if to != from {
            self.go(to);
        }
    }

    fn contact(self, row: u64) -> Option<ContactId> {
        self.cache
            .with_untracked(|cache| cache.row(row).map(|row| row.id))
    }

    /// The last column, counted from 0 at the checkbox.
    fn last_column(self) -> usize {
        match self.first_why.get() {
            Some(since) => since + columns::WHY.len() - 1,
            None => self.columns.shown.with(Vec::len),
        }
    }

    /// Where Enter leads from a cell: from *Why* to the change, else to the contact.
    fn enter(self, row: u64, column: usize) {
        if self.first_why.get_untracked().is_none_or(|since| column <= since) {
            self.open(row);
            return;
        }
        let why = self
            .cache
            .with_untracked(|cache| cache.row(row).and_then(why::route));
        if let Some(route) = why {
            navigate(&route);
        }
    }

    fn open(self, row: u64) {
        if let Some(contact) = self.contact(row) {
            navigate(&Route::Contact(contact));
        }
    }

    fn toggle(self, row: u64) {
        if let Some(contact) = self.contact(row) {
            self.picked.update(|picked| picked.toggle(contact));
        }
        self.anchor.set(row);
    }

    /// Picks all rows between the anchor and a row; rows that the page does not hold are asked for.
    fn pick_range(self, to: u64) {
        let anchor = self.anchor.get_untracked();
        let rows = anchor.min(to)..anchor.max(to) + 1;
        if rows.end - rows.start > RANGE {
            self.app.toasts.warn(format!(
                "A range holds at most {} contacts",
                format::number(RANGE)
            ));
            return;
        }
        let held: Option<Vec<ContactId>> = rows.clone().map(|row| self.contact(row)).collect();
        let pick = move |contacts: Vec<ContactId>| {
            self.picked
                .update(|picked| contacts.into_iter().for_each(|contact| picked.set(contact, true)));
        };
        if let Some(contacts) = held {
            pick(contacts);
            return;
        }
        let request = Request::Rows {
            query: self.query.get_untracked(),
            columns: Vec::new(),
            start: rows.start,
            count: u32::try_from(rows.end - rows.start).unwrap_or(u32::MAX),
            why: None,
        };
        spawn_local(async move {
            match self.app.ask(request).await {
                Ok(Reply::Rows(rows)) => pick(rows.rows.into_iter().map(|row| row.id).collect()),
                Ok(_) => self.app.report(&crate::state::unexpected()),
                Err(problem) => self.app.report(&problem),
            }
        });
    }

    fn sort(self, field: FieldId) {
        let mut query = self.query.get_untracked();
        query.sort = next_sort(query.sort, field);
        self.app.router.replace(Route::Contacts(query));
    }

    fn keyed(self, event: &KeyboardEvent) {
        // Keys inside the header's buttons and the checkboxes are theirs.
        let inside = event.target() != event.current_target();
        let scale = self.scale_now();
        let (row, column) = self.active.get_untracked();
        let last = scale.rows.saturating_sub(1);
        let page = ((scale.view / scale.row) as u64).max(2) - 1;
        let command = event.ctrl_key() || event.meta_key();
        let target = match event.key().as_str() {
            "ArrowDown" => (row + 1).min(last),
            "ArrowUp" => row.saturating_sub(1),
            "PageDown" => (row + page).min(last),
            "PageUp" => row.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            "ArrowLeft" if !inside => {
                self.activate(row, column.saturating_sub(1));
                event.prevent_default();
                return;
            }
            "ArrowRight" if !inside => {
                let last = untrack(|| self.last_column());
                self.activate(row, (column + 1).min(last));
                event.prevent_default();
                return;
            }
            " " if !inside => {
                self.toggle(row);
                event.prevent_default();
                return;
            }
            "Enter" if !inside => {
                self.enter(row, column);
                event.prevent_default();
                return;
            }
            "a" if command && !inside => {
                self.picked.set(Picked::Matching(Default::default()));
                event.prevent_default();
                return;
            }
            "Escape" => {
                self.picked.set(Picked::default());
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.activate(target, column);
        if event.shift_key() {
            self.pick_range(target);
        } else {
            self.anchor.set(target);
        }
    }

    fn clicked(self, event: &MouseEvent, row: u64, column: usize) {
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|target| matches!(target.closest("a, input"), Ok(Some(_))));
        self.active.set((row, column));
        if event.shift_key() {
            event.prevent_default();
            self.pick_range(row);
        } else if link {
            // The link or checkbox does what it does.
        } else if event.ctrl_key() || event.meta_key() || column == 0 {
            self.toggle(row);
        } else {
            self.anchor.set(row);
        }
    }
}

/// The order after a press on a column's heading: ascending, descending, and then the order of creation again.
fn next_sort(now: Option<Sort>, field: FieldId) -> Option<Sort> {
    match now {
        Some(sort) if sort.field == field && sort.descending => None,
        Some(sort) if sort.field == field => Some(Sort {
            field,
            descending: true,
        }),
        _ => Some(Sort {
            field,
            descending: false,
        }),
    }
}

/// The table.
#[component]
pub fn Grid(
    /// Its state.
    table: Table,
) -> impl IntoView {
    // A row's height and the box's are the style sheet's business; the table only asks for them.
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    effect(move || {
        let Some(node) = table.node.get() else { return };
        table.measure();
        let told = Closure::<dyn FnMut()>::new(move || table.measure());
        if let Ok(watch) = ResizeObserver::new(told.as_ref().unchecked_ref()) {
            watch.observe(&node);
            observer.set_value(Some((watch, told)));
        }
    });
    on_cleanup(move || {
        if let Some(patience) = table.patience.try_update_value(Option::take).flatten() {
            patience.clear();
        }
        observer.update_value(|observer| {
            if let Some((watch, _)) = observer.take() {
                watch.disconnect();
            }
        });
    });
    let rest = StoredValue::new(None::<TimeoutHandle>);
    let scrolled = move |_| {
        table.scrolled();
        if let Some(rest) = rest.get_value() {
            rest.clear();
        }
        rest.set_value(set_timeout_with_handle(move || table.rested(), REST).ok());
    };
    on_cleanup(move || {
        if let Some(rest) = rest.get_value() {
            rest.clear();
        }
    });

    let drawn = memo(move |_| table.drawn());
    let slots = memo(move |_| drawn.with(|drawn| drawn.slots));
    let tracks = memo(move |_| {
        let why = table.why.with(Option::is_some);
        table.columns.shown.with(|shown| columns::tracks(shown, why))
    });
    let top = memo(move |_| {
        let scale = table.scale();
        table.placed().top_of(drawn.with(Drawn::base), &scale)
    });
    let total = memo(move |_| table.cache.with(|cache| cache.total().unwrap_or(0)));
    let stale = memo(move |_| {
        table
            .cache
            .with(|cache| cache.view() != table.view.get() && cache.total().is_some())
    });
    // Rows of the question before fade only where the answer lets one wait: that alone costs a frame.
    let (faded, later) = (RwSignal::new(false), Later::new());
    effect(move || match stale.get() {
        true => later.run(move || faded.set(true)),
        false => {
            later.forget();
            if faded.get_untracked() {
                faded.set(false);
            }
        }
    });
    view! {
        <div class="grid-frame">
            <div
                class="grid"
                class:grid-stale=faded
                role="grid"
                tabindex="0"
                node_ref=table.node
                aria-label="Contacts"
                aria-multiselectable="true"
                aria-rowcount=move || (total.get() + 1).to_string()
                aria-colcount=move || (table.last_column() + 1).to_string()
                aria-activedescendant=move || {
                    let (row, _) = table.active.get();
                    let drawn = drawn.with(|drawn| drawn.holds(row));
                    (drawn && row < total.get()).then_some(ACTIVE)
                }
                aria-busy=move || stale.get().to_string()
                style=("--columns", move || tracks.with(|(tracks, _)| tracks.clone()))
                style=("--grid-width", move || tracks.with(|(_, width)| format!("{width}rem")))
                on:scroll=scrolled
                on:keydown=move |event| table.keyed(&event)
            >
                <Head table=table total=total/>
                <div
                    class="grid-body"
                    role="rowgroup"
                    style:height=move || format::pixels(table.scale().height().max(table.sizes.get().0))
                >
                    <div class="grid-rows" role="presentation" style:transform=move || format!("translateY({})", format::pixels(top.get()))>
                        <For each=move || 0..slots.get() key=|place| *place let:place>
                            <GridRow table=table place=place drawn=drawn/>
                        </For>
                    </div>
                </div>
            </div>
        </div>
    }
}

/// The heading row: select all, and a sort button per column.
#[component]
fn Head(
    /// The table.
    table: Table,
    /// How many rows there are.
    total: Memo<u64>,
) -> impl IntoView {
    let all = memo(move |_| {
        table
            .picked
            .with(|picked| total.get() > 0 && picked.count(total.get()) == total.get())
    });
    let some = memo(move |_| table.picked.with(|picked| !picked.is_empty(total.get())) && !all.get());
    let head = move |at: usize, field: FieldDef| {
        let id = field.id;
        let sort = memo(move |_| {
            table
                .query
                .with(|query| query.sort.filter(|sort| sort.field == id))
        });
        view! {
            <div
                class="grid-cell"
                class:number=columns::is_right(field.kind)
                role="columnheader"
                aria-colindex=(at + 2).to_string()
                aria-sort=move || match sort.get() {
                    None => "none",
                    Some(Sort { descending: false, .. }) => "ascending",
                    Some(Sort { descending: true, .. }) => "descending",
                }
            >
                <button type="button" class="grid-sort" on:click=move |_| table.sort(id)>
                    <span>{field.name}</span>
                    {move || sort.get().map(|sort| {
                        view! { <Glyph icon=if sort.descending { Icon::Down } else { Icon::Up }/> }
                    })}
                </button>
            </div>
        }
    };
    view! {
        <div class="grid-head" role="rowgroup">
            <div class="grid-row" role="row" aria-rowindex="1">
                <div class="grid-cell grid-check" role="columnheader" aria-colindex="1">
                    <label>
                        <input
                            type="checkbox"
                            aria-label="Select all contacts that match"
                            prop:checked=all
                            prop:indeterminate=some
                            on:change=move |event| {
                                table.picked.set(if event_target_checked(&event) {
                                    Picked::Matching(Default::default())
                                } else {
                                    Picked::default()
                                });
                            }
                        />
                    </label>
                </div>
                {move || {
                    table.columns.shown.get().into_iter().enumerate().map(|(at, field)| head(at, field)).collect_view()
                }}
                {move || table.first_why.get().map(why::heads)}
            </div>
        </div>
    }
}

/// One row of the screen. It shows now this and now that contact: while one scrolls, the rows that leave at one end come
/// in again at the other, and only their texts change.
#[component]
fn GridRow(
    /// The table.
    table: Table,
    /// The row's place among those of the screen.
    place: u64,
    /// Which numbers are drawn.
    drawn: Memo<Drawn>,
) -> impl IntoView {
    let number = memo(move |_| drawn.with(|drawn| drawn.number(place)));
    let row = memo(move |_| {
        let number = number.get()?;
        table.cache.with(|cache| cache.row(number).cloned())
    });
    let contact = memo(move |_| row.with(|row| row.as_ref().map(|row| row.id)));
    let picked = memo(move |_| {
        contact
            .get()
            .is_some_and(|contact| table.picked.with(|picked| picked.has(contact)))
    });
    let active = memo(move |_| {
        let (row, column) = table.active.get();
        // A column that is gone leaves the last one active.
        (number.get() == Some(row)).then(|| column.min(table.last_column()))
    });
    let name = move || {
        row.with(|row| {
            row.as_ref()
                .and_then(|row| row.cells.iter().find(|cell| !cell.is_empty()).cloned())
        })
    };
    let cell = move |at: usize, field: FieldDef| {
        let column = at + 1;
        let (id, kind) = (field.id, field.kind);
        let text = move || {
            row.with(|row| {
                let row: &Row = row.as_ref()?;
                // Until the answer for newly chosen columns comes, those of the rows held may be others.
                let at = |cache: &Cache| cache.columns().iter().position(|column| *column == id);
                let text = row.cells.get(table.cache.with_untracked(at)?)?;
                Some(show::cell(text, kind, table.app))
            })
            .unwrap_or_default()
        };
        let content = if at == 0 {
            // The link to a contact needs words also where the first column has none.
            let without = StoredValue::new(format!("No {}", field.name.to_lowercase()));
            let text = memo(move |_| text());
            let empty = move || contact.get().is_some() && text.with(String::is_empty);
            let label = move || {
                let name = empty().then(name).flatten()?;
                Some(without.with_value(|without| format!("{without}: {name}")))
            };
            view! {
                <a
                    href=move || contact.get().map(|contact| Route::Contact(contact).to_string())
                    tabindex="-1"
                    class:soft=empty
                    aria-label=label
                >
                    {move || if empty() { without.get_value() } else { text.get() }}
                </a>
            }
            .into_any()
        } else {
            view! { <span>{text}</span> }.into_any()
        };
        view! {
            <div
                class="grid-cell"
                class:number=columns::is_right(kind)
                id=move || (active.get() == Some(column)).then_some(ACTIVE)
                role="gridcell"
                aria-colindex=(column + 1).to_string()
            >
                {content}
            </div>
        }
    };
    view! {
        <div
            class="grid-row"
            class:grid-row-blank=move || row.with(Option::is_none)
            role="row"
            hidden=move || number.get().is_none()
            aria-rowindex=move || number.get().map(|number| (number + 2).to_string())
            aria-selected=move || picked.get().to_string()
            style:top=move || format::pixels(number.get().map_or(0.0, |number| {
                (number - drawn.with(Drawn::base)) as f64 * table.sizes.get().0
            }))
            on:click=move |event| {
                if let (Some(number), Some(column)) = (number.get_untracked(), column_of(&event)) {
                    table.clicked(&event, number, column);
                }
            }
            on:dblclick=move |_| {
                if let Some(number) = number.get_untracked() {
                    table.open(number);
                }
            }
        >
            <div
                class="grid-cell grid-check"
                id=move || (active.get() == Some(0)).then_some(ACTIVE)
                role="gridcell"
                aria-colindex="1"
            >
                <label>
                    <input
                        type="checkbox"
                        tabindex="-1"
                        aria-label=move || match (name(), number.get()) {
                            (Some(name), _) => format!("Select {name}"),
                            (None, number) => format!("Select row {}", number.unwrap_or(0) + 1),
                        }
                        prop:checked=picked
                        disabled=move || contact.get().is_none()
                        on:click=move |event: MouseEvent| {
                            let Some(number) = number.get_untracked() else { return };
                            table.active.set((number, 0));
                            if event.shift_key() {
                                table.pick_range(number);
                            } else {
                                table.toggle(number);
                            }
                        }
                    />
                </label>
            </div>
            {move || table.columns.shown.get().into_iter().enumerate().map(|(at, field)| cell(at, field)).collect_view()}
            {move || table.first_why.get().map(|first| why::cells(first, row, active, table.app.zone()))}
        </div>
    }
}

/// The id of the active cell, which alone has one.
pub const ACTIVE: &str = "active-cell";

/// The column that was clicked, counted from 0 at the checkbox; none where that has its own listener.
fn column_of(event: &MouseEvent) -> Option<usize> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let cell = target.closest("[role=gridcell]").ok()??;
    let index: usize = cell.get_attribute("aria-colindex")?.parse().ok()?;
    index.checked_sub(1).filter(|column| *column > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_sorts_up_then_down_then_not_at_all() {
        let up = next_sort(None, FieldId(3));
        assert_eq!(
            up,
            Some(Sort {
                field: FieldId(3),
                descending: false
            })
        );
        let down = next_sort(up, FieldId(3));
        assert_eq!(
            down,
            Some(Sort {
                field: FieldId(3),
                descending: true
            })
        );
        assert_eq!(next_sort(down, FieldId(3)), None);
        assert_eq!(
            next_sort(down, FieldId(4)),
            Some(Sort {
                field: FieldId(4),
                descending: false
            })
        );
    }
}
