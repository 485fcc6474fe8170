//! The list of workflows.

use crate::ui::Page;
use leptos::prelude::*;

/// The list of workflows.
#[component]
pub fn Workflows() -> impl IntoView {
    view! { <Page title="Workflows">""</Page> }
}
