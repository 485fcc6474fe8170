//! data

use crate::ui::Page;
use leptos::prelude::*;
/// Data
#[component]
pub fn Data() -> impl IntoView {
    view! { <Page title="Data">""</Page> }
}
