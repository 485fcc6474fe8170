//! Import of events from a file.

use crate::ui::Page;
use leptos::prelude::*;

/// Import events.
#[component]
pub fn ImportEvents() -> impl IntoView {
    view! { <Page title="Import events">""</Page> }
}
