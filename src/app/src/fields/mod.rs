//! fields

use crate::ui::Page;
use leptos::prelude::*;
/// Fields
#[component]
pub fn Fields() -> impl IntoView {
    view! { <Page title="Fields">""</Page> }
}
