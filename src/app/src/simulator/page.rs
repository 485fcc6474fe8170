//! The simulator's page.

use crate::ui::Page;
use leptos::prelude::*;

/// The simulated shop.
#[component]
pub fn Simulator() -> impl IntoView {
    view! { <Page title="Simulator">""</Page> }
}
