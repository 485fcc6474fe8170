//! A line about the whole page.

use super::{Glyph, Icon, Tone};
use leptos::prelude::*;

/// A line about the whole page, with what can be done about it.
#[component]
pub fn Notice(
    /// What it says.
    #[prop(into)]
    text: Signal<String>,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (class, icon) = match tone {
        Tone::Warning => ("notice notice-warning", Icon::Warning),
        Tone::Danger => ("notice notice-danger", Icon::Warning),
        Tone::Success => ("notice", Icon::Check),
        Tone::Neutral => ("notice", Icon::Info),
    };
    view! {
        <div class=class role=if tone == Tone::Danger { "alert" } else { "status" }>
            <Glyph icon=icon/>
            <p class="notice-text">{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
