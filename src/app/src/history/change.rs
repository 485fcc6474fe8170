//! One change, whole.

use crate::ui::Page;
use leptos::prelude::*;
use model::{ChangeId, ContactId};

/// One change.
#[component]
pub fn Change(
    /// The change.
    id: ChangeId,
    /// The contact that is asked about.
    contact: Option<ContactId>,
) -> impl IntoView {
    let _ = id;
    let _ = contact;
    view! { <Page title="Change">""</Page> }
}
