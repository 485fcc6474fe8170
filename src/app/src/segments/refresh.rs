//! Segments with a formula, worked out anew.

use crate::ui::Page;
use leptos::prelude::*;

/// The page that refreshes segments with a formula.
#[component]
pub fn Refresh() -> impl IntoView {
    view! { <Page title="Refresh">""</Page> }
}
