//! The catalogue: the products that the simulated shop sells.

use super::products::{COLUMNS, Cells, Fault, WIDTH, cells, merged, pasted, read};
use super::unsaved;
use crate::state::{App, unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{
    Badge, Button, Dialog, DialogFoot, DropZone, Empty, Icon, IconButton, Look, Notice, TextField, Tone,
    format,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::event::Product;
use model::message::{Reply, Request};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// So many products are shown at first, and so many more each time.
const STEP: usize = 50;

/// One product that is being edited; its number stays while rows come and go.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    key: u32,
    cells: Cells,
}

/// The catalogue as it is being edited. Copied freely.
#[derive(Clone, Copy)]
struct Draft {
    lines: RwSignal<Vec<Line>>,
    /// What is wrong, by the line's number and the column's place.
    faults: RwSignal<Vec<(u32, usize, String)>>,
    shown: RwSignal<usize>,
    /// Whether there is something to save.
    dirty: RwSignal<bool>,
    next: StoredValue<u32>,
}

impl Draft {
    fn new() -> Draft {
        Draft {
            lines: RwSignal::new(Vec::new()),
            faults: RwSignal::new(Vec::new()),
            shown: RwSignal::new(STEP),
            dirty: RwSignal::new(false),
            next: StoredValue::new(0),
        }
    }

    fn line(self, cells: Cells) -> Line {
        let key = self.next.get_value();
        self.next.set_value(key.wrapping_add(1));
        Line { key, cells }
    }

    fn cells(self) -> Vec<Cells> {
        self.lines
            .with_untracked(|lines| lines.iter().map(|line| line.cells.clone()).collect())
    }

    fn set(self, rows: Vec<Cells>, dirty: bool) {
        let lines = rows.into_iter().map(|cells| self.line(cells)).collect();
        self.lines.set(lines);
        self.faults.set(Vec::new());
        self.dirty.set(dirty);
    }

    /// Shows what is saved, instead of what was edited.
    fn show(self, saved: Memo<Option<Vec<Product>>>) {
        let rows = saved.with_untracked(|saved| Some(saved.as_ref()?.iter().map(cells).collect()));
        if let Some(rows) = rows {
            self.set(rows, false);
        }
    }

    fn write(self, key: u32, column: usize, text: String) {
        self.lines.update(|lines| {
            let line = lines.iter_mut().find(|line| line.key == key);
            if let Some(cell) = line.and_then(|line| line.cells.get_mut(column)) {
                *cell = text;
            }
        });
        self.faults
            .update(|faults| faults.retain(|(at, of, _)| (*at, *of) != (key, column)));
        self.dirty.set(true);
    }

    fn add(self) {
        let line = self.line(Cells::default());
        self.lines.update(|lines| lines.push(line));
        self.shown.set(
            self.lines
                .with_untracked(Vec::len)
                .max(self.shown.get_untracked()),
        );
        self.dirty.set(true);
    }

    fn remove(self, key: u32) {
        self.lines.update(|lines| lines.retain(|line| line.key != key));
        self.faults.update(|faults| faults.retain(|(at, ..)| *at != key));
        self.dirty.set(true);
    }

    /// Says what is wrong at the cells, and shows the rows they are in.
    fn tell(self, faults: Vec<Fault>) {
        let last = faults.iter().map(|(row, ..)| row + 1).max().unwrap_or(0);
        self.shown.update(|shown| *shown = last.max(*shown));
        let told = self.lines.with_untracked(|lines| {
            let key = |(row, column, what): Fault| Some((lines.get(row)?.key, column, what));
            faults.into_iter().filter_map(key).collect()
        });
        self.faults.set(told);
    }
}

/// The section with the table of products.
#[component]
pub fn Catalogue() -> impl IntoView {
    let app = use_app();
    let draft = Draft::new();
    if let Some(rows) = unsaved::take() {
        draft.set(rows, true);
    }
    effect(move || unsaved::mark(draft.dirty.get()));
    on_cleanup(move || unsaved::leave(draft.dirty.get_untracked().then(|| draft.cells())));
    let problem = RwSignal::new(None::<String>);
    let answer = app.live(|| Some(Request::Catalogue));
    let saved = memo(move |_| match answer.get() {
        Some(Ok(Reply::Catalogue(products))) => Some(products),
        _ => None,
    });
    let failed = move || match answer.get() {
        Some(Ok(Reply::Catalogue(_))) | None => None,
        Some(Ok(_)) => Some(unexpected()),
        Some(Err(problem)) => Some(problem),
    };
    effect(move || {
        saved.track();
        // What is being edited stays, whatever others save meanwhile.
        if !draft.dirty.get_untracked() {
            draft.show(saved);
        }
    });
    let known = memo(move |_| saved.with(Option::is_some));
    let none = memo(move |_| draft.lines.with(Vec::is_empty));
    let pasting = RwSignal::new(false);
    view! {
        <section class="card" aria-labelledby="catalogue">
            <div class="card-head">
                <h2 id="catalogue">"Catalogue"</h2>
                {move || draft.dirty.get().then(|| view! { <Badge label="Not saved" tone=Tone::Warning/> })}
                <div class="buttons">
                    <Button label="Add product" small=true icon=Icon::Plus on_press=move |_| draft.add()/>
                    <Button label="Paste or import…" small=true icon=Icon::Paste on_press=move |_| pasting.set(true)/>
                </div>
            </div>
            {move || failed().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <Show when=move || known.get() && none.get() && !draft.dirty.get()>
                <Empty
                    icon=Icon::Simulator
                    title="No products yet"
                    text="What the simulated shop sells appears here; without products nobody can look at one or buy it"
                >
                    <Button label="Add product" look=Look::Primary on_press=move |_| draft.add()/>
                </Empty>
            </Show>
            <Show when=move || !none.get()>
                <Table draft=draft/>
            </Show>
            <Show when=move || !none.get() || draft.dirty.get()>
                <div class="buttons">
                    <Button
                        label="Save"
                        look=Look::Primary
                        disabled=derived(move || !draft.dirty.get())
                        on_press=move |_| save(app, draft, problem)
                    />
                    <Button label="Discard changes" disabled=derived(move || !draft.dirty.get()) on_press=move |_| draft.show(saved)/>
                    <p class="soft" role="status">
                        {move || match draft.faults.with(Vec::len) as u64 {
                            0 => draft.lines.with(|lines| format::count(lines.len() as u64, "product", "products")),
                            many => format!("{} to correct", format::count(many, "cell", "cells")),
                        }}
                    </p>
                </div>
            </Show>
            <PasteDialog open=pasting draft=draft/>
        </section>
    }
}

fn save(app: App, draft: Draft, problem: RwSignal<Option<String>>) {
    problem.set(None);
    let cells = draft.cells();
    let products = match read(&cells) {
        Ok(products) => products,
        Err(faults) => {
            draft.tell(faults);
            return;
        }
    };
    draft.faults.set(Vec::new());
    spawn_local(async move {
        match app.ask(Request::EditCatalogue(products)).await {
            Ok(reply) => {
                app.say_done(&reply);
                match draft.dirty.is_disposed() {
                    // Of a screen that is gone, what was kept is saved now.
                    true => unsaved::forget(),
                    // What was typed meanwhile is not.
                    false => draft.dirty.set(draft.cells() != cells),
                }
            }
            // On a screen that is gone nobody would see it there.
            Err(what) if problem.is_disposed() => app.report(&what),
            Err(what) => problem.set(Some(what.to_string())),
        }
    });
}

/// The products, a row each.
#[component]
fn Table(
    /// The catalogue.
    draft: Draft,
) -> impl IntoView {
    let heads = COLUMNS
        .iter()
        .map(|(name, _)| view! { <th scope="col">{*name}</th> })
        .collect_view();
    let rows = move || {
        let shown = draft.shown.get();
        draft
            .lines
            .with(|lines| lines.iter().take(shown).cloned().collect::<Vec<_>>())
    };
    let left = memo(move |_| draft.lines.with(Vec::len).saturating_sub(draft.shown.get()));
    view! {
        <div class="list-frame" role="region" aria-label="Products" tabindex="0">
            <table class="list catalogue">
                <thead>
                    <tr>{heads}<th scope="col"><span class="unseen">"Remove"</span></th></tr>
                </thead>
                <tbody>
                    <For each=rows key=|line| line.key let:line>
                        <tr>
                            {(0..WIDTH).map(|column| cell(draft, &line, column)).collect_view()}
                            <td class="list-options">
                                <IconButton
                                    small=true
                                    icon=Icon::Close
                                    label=derived(move || format!("Remove {}", name_of(draft, line.key)))
                                    on_press=move |_| draft.remove(line.key)
                                />
                            </td>
                        </tr>
                    </For>
                </tbody>
            </table>
        </div>
        <Show when=move || { left.get() > 0 }>
            <div class="buttons">
                <Button label="Show more" on_press=move |_| draft.shown.update(|shown| *shown += STEP)/>
            </div>
        </Show>
    }
}

/// A product by its name, its ID, or its place.
fn name_of(draft: Draft, key: u32) -> String {
    draft.lines.with(|lines| {
        let mut lines = lines.iter().enumerate();
        let Some((at, line)) = lines.find(|(_, line)| line.key == key) else {
            return String::new();
        };
        let [id, name, ..] = &line.cells;
        let mut ways = [name, id].into_iter().filter(|way| !way.trim().is_empty());
        ways.next()
            .map_or_else(|| format!("product {}", at + 1), Clone::clone)
    })
}

/// One cell of the table: an input, and what is wrong with it.
fn cell(draft: Draft, line: &Line, column: usize) -> impl IntoView + use<> {
    let key = line.key;
    let label = COLUMNS.get(column).map_or("", |(name, _)| *name);
    let text = line.cells.get(column).cloned().unwrap_or_default();
    let fault = memo(move |_| {
        draft.faults.with(|faults| {
            let mut faults = faults.iter();
            faults
                .find(|(at, of, _)| (*at, *of) == (key, column))
                .map(|(.., what)| what.clone())
        })
    });
    let about = crate::ui::unique("product");
    view! {
        <td>
            <input
                class="input"
                autocomplete="off"
                aria-label=move || format!("{label} of {}", name_of(draft, key))
                aria-invalid=move || fault.with(|fault| fault.is_some().then_some("true"))
                aria-describedby=about.clone()
                prop:value=text
                on:input=move |event| draft.write(key, column, event_target_value(&event))
            />
            <p class="field-error" id=about hidden=move || fault.with(Option::is_none)>{fault}</p>
        </td>
    }
}

/// The dialog that takes pasted rows or a file.
#[component]
fn PasteDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The catalogue.
    draft: Draft,
) -> impl IntoView {
    let app = use_app();
    let text = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let take = move |instead: bool| match text.with_untracked(|text| pasted(text)) {
        Ok(rows) => {
            let rows = if instead {
                rows
            } else {
                merged(draft.cells(), rows)
            };
            draft.set(rows, true);
            text.set(String::new());
            error.set(None);
            open.set(false);
        }
        Err(what) => error.set(Some(what)),
    };
    let read_file = move |file: File| {
        spawn_local(async move {
            match JsFuture::from(file.text()).await {
                Ok(read) => {
                    text.try_set(read.as_string().unwrap_or_default());
                }
                Err(_) => app.toasts.warn("The browser could not read the file"),
            }
        });
    };
    view! {
        <Dialog open=open title="Paste or import products" wide=true>
            <DropZone
                label="Drop a CSV file here"
                button="Choose a file…"
                accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                on_file=read_file
            />
            <TextField
                label="Rows"
                value=text
                error=error
                lines=8
                hint="ID, name, category, brand, price, discount, stock: in this order, or with a first row that names them. Sub-categories are split by >"
            />
            <p class="small soft">"Nothing is saved until you save the catalogue"</p>
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button label="Replace all products" on_press=move |_| take(true)/>
                <Button label="Add products" look=Look::Primary on_press=move |_| take(false)/>
            </DialogFoot>
        </Dialog>
    }
}
