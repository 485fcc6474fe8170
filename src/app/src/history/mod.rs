//! history

use crate::ui::Page;
use leptos::prelude::*;
/// History
#[component]
pub fn History() -> impl IntoView {
    view! { <Page title="History">""</Page> }
}
