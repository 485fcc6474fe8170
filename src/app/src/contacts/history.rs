//! What changed a contact.

use crate::ui::Page;
use leptos::prelude::*;
use model::ContactId;

/// The history of a contact.
#[component]
pub fn ContactHistory(
    /// The contact.
    id: ContactId,
) -> impl IntoView {
    let _ = id;
    view! { <Page title="History">""</Page> }
}
