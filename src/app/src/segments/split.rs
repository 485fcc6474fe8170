//! A segment divided into several, or a sample of it.

use crate::ui::Page;
use leptos::prelude::*;
use model::SegmentId;

/// The page that splits a segment.
#[component]
pub fn Split(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let _ = id;
    view! { <Page title="Split">""</Page> }
}

/// The page that draws a sample.
#[component]
pub fn Sample(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let _ = id;
    view! { <Page title="Sample">""</Page> }
}
