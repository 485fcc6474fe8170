//! The import wizard, the result of an import, and the history of imports.

use crate::ui::Page;
use leptos::prelude::*;
use model::ids::{ChangeId, SegmentId};

/// The steps of an import.
#[component]
pub fn Wizard(
    /// The segment chosen beforehand.
    segment: Option<SegmentId>,
) -> impl IntoView {
    drop(segment);
    view! { <Page title="Import">""</Page> }
}

/// What one import did.
#[component]
pub fn ResultPage(
    /// The import.
    change: ChangeId,
) -> impl IntoView {
    drop(change);
    view! { <Page title="Import result">""</Page> }
}

/// Every import.
#[component]
pub fn Imports() -> impl IntoView {
    view! { <Page title="Imports">""</Page> }
}
