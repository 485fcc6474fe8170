//! segments

use crate::ui::Page;
use leptos::prelude::*;
/// Segments
#[component]
pub fn Segments() -> impl IntoView {
    view! { <Page title="Segments">""</Page> }
}
/// NewSegment
#[component]
pub fn NewSegment() -> impl IntoView {
    view! { <Page title="NewSegment">""</Page> }
}
/// EditSegment
#[component]
pub fn EditSegment(id: model::SegmentId) -> impl IntoView {
    view! { <Page title="EditSegment">""</Page> }
}
/// Keys
#[component]
pub fn Keys(id: model::SegmentId) -> impl IntoView {
    view! { <Page title="Keys">""</Page> }
}
