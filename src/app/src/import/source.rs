//! The first step: a file or pasted rows, and how they are read.

use super::flow::{Flow, use_flow};
use super::target::cut;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Choice, DropZone, Icon, Look, Notice, SelectField, TextField, Tone, format};
use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use model::import::{Doubts, Encoding, Format, Preview};
use web_sys::File;

/// The first step of an import.
#[component]
pub fn SourceStep() -> impl IntoView {
    let flow = use_flow();
    drop_anywhere(move |file| flow.open_file(file));
    let open = memo(move |_| flow.preview.with(Option::is_some));
    view! {
        <Show when=move || open.get() fallback=move || view! {
            <Choose
                pasted=flow.pasted
                opening=flow.opening
                on_file=move |file| flow.open_file(file)
                on_text=move |text| flow.open_text(text)
            />
        }>
            <Opened flow=flow/>
        </Show>
    }
}

/// A file that misses the drop zone would make the browser leave the page; here it is taken instead.
pub fn drop_anywhere(on_file: impl Fn(File) + 'static) {
    let over = window_event_listener(ev::dragover, |event| event.prevent_default());
    let drop = window_event_listener(ev::drop, move |event| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        if let Some(file) = event
            .data_transfer()
            .and_then(|data| data.files())
            .and_then(|files| files.get(0))
        {
            on_file(file);
        }
    });
    on_cleanup(move || {
        over.remove();
        drop.remove();
    });
}

/// A drop zone and a paste box.
#[component]
pub fn Choose(
    /// What is in the paste box.
    pasted: RwSignal<String>,
    /// Whether a file is being opened.
    #[prop(into)]
    opening: Signal<bool>,
    /// Takes a file.
    #[prop(into)]
    on_file: Callback<File>,
    /// Takes the pasted rows.
    #[prop(into)]
    on_text: Callback<String>,
) -> impl IntoView {
    let nothing = memo(move |_| pasted.with(|text| text.trim().is_empty()) || opening.get());
    view! {
        <div class="columns" aria-busy=move || opening.get().to_string()>
            <section class="card" aria-label="File">
                <h3>"From a file"</h3>
                <DropZone
                    label=derived(move || {
                        if opening.get() { "Opening the file…" } else { "Drop a CSV, TSV or TXT file here" }.to_owned()
                    })
                    button="Choose a file…"
                    accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                    on_file=on_file
                />
                <p class="small soft">"Files of any size; the file is read here and is not sent anywhere"</p>
            </section>
            <section class="card" aria-label="Paste">
                <h3>"Or paste rows"</h3>
                <TextField
                    label="Rows"
                    value=pasted
                    lines=8
                    hint="Paste rows straight from a spreadsheet; the first row may hold the names of the columns"
                />
                <div class="buttons">
                    <Button
                        label="Read pasted rows"
                        icon=Icon::Paste
                        disabled=nothing
                        on_press=move |_| on_text.run(pasted.get_untracked())
                    />
                </div>
            </section>
        </div>
    }
}

/// What was opened: how it is read, and its first rows.
#[component]
fn Opened(flow: Flow) -> impl IntoView {
    let with = move |read: fn(&Preview) -> String| {
        memo(move |_| {
            flow.preview
                .with(|preview| preview.as_ref().map(read).unwrap_or_default())
        })
    };
    let name = with(|preview| {
        if preview.name.is_empty() {
            "Pasted rows".to_owned()
        } else {
            preview.name.clone()
        }
    });
    let size = with(|preview| format::bytes(preview.bytes));
    let doubts = memo(move |_| {
        flow.preview.with(|preview| {
            preview
                .as_ref()
                .map(|preview| doubt_words(&preview.doubts))
                .unwrap_or_default()
        })
    });
    view! {
        <section class="card" aria-label="How the file is read">
            <div class="card-head">
                <p><strong class="import-file">{name}</strong>" "<span class="soft">{size}</span></p>
                <Button label="Choose another file…" on_press=move |_| flow.other_file()/>
            </div>
            <FormatFields preview=flow.preview on_format=move |format| flow.read_as(format)/>
            {move || doubts.get().into_iter().map(|doubt| view! { <Notice tone=Tone::Warning text=doubt/> }).collect_view()}
        </section>
        <section class="import-part" aria-label="First rows">
            <h3>"First rows"</h3>
            <Rows preview=flow.preview/>
        </section>
        <Show when=move || !flow.pasted.with(String::is_empty) && name.with(|name| name == "Pasted rows")>
            <div class="buttons">
                <Button label="Edit pasted rows" look=Look::Quiet on_press=move |_| flow.other_file()/>
            </div>
        </Show>
    }
}

/// What the data leaves open, in words.
pub fn doubt_words(doubts: &Doubts) -> Vec<String> {
    let sentences = [
        (
            doubts.encoding,
            "Some characters are no text in the detected encoding; look at the first rows, and choose another encoding if they look wrong",
        ),
        (
            doubts.date_order,
            "Every date in this file reads both ways, as day/month and as month/day, so the workspace's order was taken; you can change it in step 3",
        ),
        (
            doubts.decimal_mark,
            "Numbers like 1,234 read both ways, and nothing in this file says which mark is the decimal one; you can choose it in step 3",
        ),
    ];
    sentences
        .into_iter()
        .filter(|(open, _)| *open)
        .map(|(_, words)| words.to_owned())
        .collect()
}

/// The separators that are offered: their key, their name, their byte.
const SEPARATORS: [(&str, &str, u8); 4] = [
    ("comma", "Comma ,", b','),
    ("semicolon", "Semicolon ;", b';'),
    ("tab", "Tab", b'\t'),
    ("pipe", "Pipe |", b'|'),
];
/// The quotes that are offered.
const QUOTES: [(&str, &str, Option<u8>); 3] = [
    ("double", "Double quote \"", Some(b'"')),
    ("single", "Single quote '", Some(b'\'')),
    ("none", "None", None),
];
/// What the first row can be.
const HEADERS: [(&str, &str, bool); 2] = [
    ("header", "First row names columns", true),
    ("data", "No header row", false),
];

/// The choices of one part of the format: keys, names and values.
fn encodings() -> Vec<(&'static str, &'static str, Encoding)> {
    let key = |encoding| match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Windows1252 => "windows-1252",
        Encoding::Utf16Le => "utf-16le",
        Encoding::Utf16Be => "utf-16be",
    };
    Encoding::ALL
        .into_iter()
        .map(|encoding| (key(encoding), encoding.label(), encoding))
        .collect()
}

/// A select for one part of the format.
fn part<T: Copy + PartialEq + Send + Sync + 'static>(
    shown: RwSignal<Option<Preview>>,
    on_format: Callback<Format>,
    label: &'static str,
    choices: Vec<(&'static str, &'static str, T)>,
    get: fn(&Format) -> T,
    set: fn(&mut Format, T),
) -> impl IntoView {
    let options: Vec<Choice> = choices
        .iter()
        .map(|(key, name, _)| Choice::new(*key, *name))
        .collect();
    let choices = StoredValue::new(choices);
    let find = move |value: T| {
        choices.with_value(|choices| {
            choices
                .iter()
                .find(|(.., of)| *of == value)
                .copied()
                .map(|(key, name, _)| (key, name))
        })
    };
    let value = RwSignal::new(String::new());
    // What the worker read it with is what the select shows.
    effect(move || {
        let now = shown.with(|preview| preview.as_ref().map(|preview| get(&preview.format)));
        value.set(
            now.and_then(find)
                .map(|(key, _)| key.to_owned())
                .unwrap_or_default(),
        );
    });
    let hint = derived(move || {
        shown.with(|preview| {
            let (now, detected) = match preview {
                Some(preview) => (get(&preview.format), get(&preview.detected)),
                None => return String::new(),
            };
            match find(detected) {
                Some(_) if now == detected => "Detected".to_owned(),
                Some((_, name)) => format!("Detected: {name}"),
                None => String::new(),
            }
        })
    });
    let change = move |key: String| {
        let chosen = choices.with_value(|choices| {
            choices
                .iter()
                .find(|(of, ..)| *of == key)
                .map(|(.., value)| *value)
        });
        let format = shown.with_untracked(|preview| preview.as_ref().map(|preview| preview.format.clone()));
        if let (Some(chosen), Some(mut format)) = (chosen, format) {
            set(&mut format, chosen);
            on_format.run(format);
        }
    };
    view! { <SelectField label=label choices=options value=value hint=hint on_change=change/> }
}

/// Separator, quote, header row and encoding: what was detected, and what is taken instead.
#[component]
pub fn FormatFields(
    /// What the worker sees in the file.
    preview: RwSignal<Option<Preview>>,
    /// Told of another format.
    #[prop(into)]
    on_format: Callback<Format>,
) -> impl IntoView {
    view! {
        <div class="import-format">
            {part(preview, on_format, "Separator", SEPARATORS.to_vec(), |format| format.delimiter, |format, to| format.delimiter = to)}
            {part(preview, on_format, "Quote", QUOTES.to_vec(), |format| format.quote, |format, to| format.quote = to)}
            {part(preview, on_format, "Header row", HEADERS.to_vec(), |format| format.header, |format, to| format.header = to)}
            {part(preview, on_format, "Encoding", encodings(), |format| format.encoding, |format, to| format.encoding = to)}
        </div>
    }
}

/// So many characters of a cell are shown.
const SHOWN: usize = 80;
/// So many rows are shown.
const ROWS: usize = 10;

/// The first rows, as the chosen format reads them.
#[component]
pub fn Rows(
    /// What the worker sees in the file.
    preview: RwSignal<Option<Preview>>,
) -> impl IntoView {
    let table = move || {
        preview.with(|preview| {
            let Some(preview) = preview else { return ().into_any() };
            let width = preview.rows.iter().take(ROWS).map(Vec::len).max().unwrap_or(0).max(preview.columns.len());
            let heads = (0..width)
                .map(|at| {
                    let name = preview.columns.get(at).map(|name| cut(name, SHOWN));
                    view! { <th scope="col">{name.unwrap_or_else(|| "(no column)".to_owned())}</th> }
                })
                .collect_view();
            let rows = preview
                .rows
                .iter()
                .take(ROWS)
                .map(|row| {
                    let cells = (0..width)
                        .map(|at| view! { <td>{row.get(at).map(|cell| cut(cell, SHOWN)).unwrap_or_default()}</td> })
                        .collect_view();
                    view! { <tr>{cells}</tr> }
                })
                .collect_view();
            view! {
                <table class="list list-narrow">
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        })
    };
    view! { <div class="list-frame" role="region" aria-label="First rows of the file" tabindex="0">{table}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_doubt_is_a_sentence() {
        assert!(doubt_words(&Doubts::default()).is_empty());
        let doubts = Doubts {
            date_order: true,
            decimal_mark: true,
            encoding: true,
        };
        assert_eq!(doubt_words(&doubts).len(), 3);
    }
}
