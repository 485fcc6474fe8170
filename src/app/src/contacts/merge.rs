//! Several contacts made one.

use crate::ui::Page;
use leptos::prelude::*;
use model::ContactId;

/// The page that merges contacts.
#[component]
pub fn Merge(
    /// The contacts.
    of: Vec<ContactId>,
) -> impl IntoView {
    let _ = of;
    view! { <Page title="Merge">""</Page> }
}
