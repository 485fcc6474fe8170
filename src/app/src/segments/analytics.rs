//! A segment over time, and who its members are.

use crate::ui::Page;
use leptos::prelude::*;
use model::SegmentId;

/// The analytics of a segment.
#[component]
pub fn Analytics(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let _ = id;
    view! { <Page title="Analytics">""</Page> }
}
