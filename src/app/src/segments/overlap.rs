//! How all segments overlap.

use crate::ui::Page;
use leptos::prelude::*;

/// The matrix of all segments.
#[component]
pub fn Overlap() -> impl IntoView {
    view! { <Page title="Overlap">""</Page> }
}
