//! The export screen and the list of exports.

use crate::ui::Page;
use leptos::prelude::*;
use model::query::Query;

/// Choose what to export.
#[component]
pub fn NewExport(
    /// The contacts chosen beforehand.
    query: Query,
) -> impl IntoView {
    drop(query);
    view! { <Page title="Export">""</Page> }
}

/// Every export.
#[component]
pub fn Exports() -> impl IntoView {
    view! { <Page title="Exports">""</Page> }
}
