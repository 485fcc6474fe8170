//! A segment made out of others by set operations.

use crate::ui::Page;
use leptos::prelude::*;
use model::SegmentId;

/// The page that combines segments.
#[component]
pub fn Combine(
    /// The segments chosen beforehand.
    of: Vec<SegmentId>,
) -> impl IntoView {
    let _ = of;
    view! { <Page title="Combine">""</Page> }
}
