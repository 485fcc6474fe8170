//! What changed a segment, and how it was at any date.

use crate::ui::Page;
use leptos::prelude::*;
use model::SegmentId;

/// The history of a segment.
#[component]
pub fn SegmentHistory(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let _ = id;
    view! { <Page title="History">""</Page> }
}
