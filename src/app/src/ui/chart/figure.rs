//! The frame of every chart: its title, the drawing, the table behind it, and the ways to save it.

mod csv;
pub mod picture;

use crate::state::{App, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{Icon, Menu, MenuItem};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use web_sys::Blob;

/// The numbers behind a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns' names; the first names what a row is about.
    pub head: Vec<String>,
    /// The rows, each with one text a column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Whether a column has numbers, so that its name stands above them at the same edge.
    fn numeric(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|row| row.get(column));
        column > 0 && cells.any(|cell| is_number(cell))
    }
}

/// Whether a text is a plain number: a sign, digits with commas and a point, a percent sign.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+', '−']).unwrap_or(text);
    let digits = digits.strip_suffix('%').map_or(digits, str::trim_end);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits
            .chars()
            .all(|digit| digit.is_ascii_digit() || matches!(digit, ',' | '.'))
}

/// The name of a picture's file: the title in small letters and digits, with dashes between them.
pub fn file_name(title: &str, kind: &str) -> String {
    let title = title.to_lowercase();
    let words: Vec<_> = title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        [] => format!("chart.{kind}"),
        words => format!("{}.{kind}", words.join("-")),
    }
}

/// Downloads a file of a picture, or says that the browser made none.
pub fn save(app: App, title: &str, kind: &str, file: Result<Blob, JsValue>) {
    match file {
        Ok(blob) => app.save_file(&file_name(title, kind), &blob),
        Err(_) => app.toasts.warn("The browser could not make the file"),
    }
}

/// Downloads a table as CSV.
pub fn save_table(app: App, title: &str, table: &Table) {
    let file = picture::blob(&csv::write(table), "text/csv;charset=utf-8");
    save(app, title, "csv", file);
}

/// The frame of a chart.
#[component]
pub fn Figure(
    /// What the chart shows, in a few words; also the name of its files.
    #[prop(into)]
    title: Signal<String>,
    /// The numbers behind it.
    #[prop(into)]
    table: Signal<Table>,
    /// The drawing: one `<svg>`, perhaps with words beside it.
    children: Children,
) -> impl IntoView {
    let app = use_app();
    let drawing = NodeRef::<html::Div>::new();
    // Looked for each time: a drawing is made anew when its numbers change.
    let svg = move || {
        let frame = drawing.try_get_untracked().flatten();
        frame.and_then(|frame| picture::find(&frame))
    };
    let some = memo(move |_| table.with(|table| !table.rows.is_empty()));
    let items = move |()| {
        let mut items = Vec::new();
        if svg().is_some() {
            let save_svg = move || {
                if let Some(svg) = svg() {
                    let file = picture::copy(&svg).and_then(|copy| copy.svg());
                    save(app, &title.get_untracked(), "svg", file);
                }
            };
            let save_png = move || {
                let (Some(svg), title) = (svg(), title.get_untracked()) else {
                    return;
                };
                // Copied at once: the drawing may be another one by the time the picture is drawn.
                let copy = picture::copy(&svg);
                spawn_local(async move {
                    let file = match copy {
                        Ok(copy) => copy.png().await,
                        Err(problem) => Err(problem),
                    };
                    save(app, &title, "png", file);
                });
            };
            items.push(MenuItem::act("Save as SVG", save_svg).icon(Icon::Download));
            items.push(MenuItem::act("Save as PNG", save_png).icon(Icon::Download));
        }
        let save_csv = move || {
            table.with_untracked(|table| save_table(app, &title.get_untracked(), table));
        };
        items.push(
            MenuItem::act("Save table as CSV", save_csv)
                .icon(Icon::Download)
                .disabled(!some.get_untracked()),
        );
        items
    };
    let head = move || {
        table.with(|table| {
            let names = table.head.iter().enumerate().map(|(column, name)| {
                let number = table.numeric(column);
                view! { <th scope="col" class:number=number>{name.clone()}</th> }
            });
            names.collect_view()
        })
    };
    let rows = move || {
        table.with(|table| {
            let row = |row: &Vec<String>| {
                let mut cells = row.iter();
                let name = cells.next().cloned();
                let cells = cells.map(|cell| view! { <td class:number=is_number(cell)>{cell.clone()}</td> });
                view! { <tr><th scope="row">{name}</th>{cells.collect_view()}</tr> }
            };
            table.rows.iter().map(row).collect_view()
        })
    };
    view! {
        <figure class="figure">
            <div class="figure-head">
                <figcaption>{title}</figcaption>
                <Menu label=derived(move || format!("Save {}", title.get())) items=items/>
            </div>
            <div class="figure-drawing" node_ref=drawing>{children()}</div>
            <details class="figure-table" hidden=move || !some.get()>
                <summary>"Table"</summary>
                <div
                    class="list-frame"
                    role="region"
                    aria-label=move || format!("Table of {}", title.get())
                    tabindex="0"
                >
                    <table class="list">
                        <thead><tr>{head}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_the_title() {
        assert_eq!(
            file_name("Members over time (VIP)", "svg"),
            "members-over-time-vip.svg"
        );
        assert_eq!(file_name("  Größe / 2 — ", "csv"), "größe-2.csv");
        assert_eq!(file_name("…", "png"), "chart.png");
    }

    #[test]
    fn numbers_are_told_from_words() {
        for text in ["0", "1,204", "-3", "+12.5", "−7", "12.3%", "12.3 %"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "-", "%", "12 days", "2024-01-02", "=1", "-A1", "–", "1+1"] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn a_column_of_numbers_may_have_gaps() {
        let table = Table {
            head: vec!["Year".to_owned(), "Joined".to_owned(), "Cause".to_owned()],
            rows: vec![
                vec!["2024".to_owned(), "–".to_owned(), "import".to_owned()],
                vec!["2025".to_owned(), "12".to_owned(), "by hand".to_owned()],
            ],
        };
        assert_eq!(
            [0, 1, 2].map(|column| table.numeric(column)),
            [false, true, false]
        );
    }
}
