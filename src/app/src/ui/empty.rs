//! What a view shows when nothing is there.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// What belongs in an empty view, and the first step towards it.
#[component]
pub fn Empty(
    /// An icon of what belongs there.
    icon: Icon,
    /// What is missing (“No contacts yet”).
    #[prop(into)]
    title: Signal<String>,
    /// What belongs there.
    #[prop(into)]
    text: Signal<String>,
    /// The buttons of the first step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Glyph icon=icon/>
            <h2>{title}</h2>
            <p class="empty-text">{text}</p>
            {children.map(|children| view! { <div class="buttons">{children()}</div> })}
        </div>
    }
}
