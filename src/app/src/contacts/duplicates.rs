//! Contacts that are likely the same person.

use crate::ui::Page;
use leptos::prelude::*;

/// The list of likely duplicates.
#[component]
pub fn Duplicates() -> impl IntoView {
    view! { <Page title="Duplicates">""</Page> }
}
