//! What every screen stands in.

use crate::ui::reactive::effect;
use leptos::prelude::*;

/// A screen: its heading, the actions beside it, and its content.
///
/// The heading takes the focus after a navigation (see `router`), so that a screen reader says where one is.
#[component]
pub fn Page(
    /// The heading; the window's title follows it.
    #[prop(into)]
    title: Signal<String>,
    /// A link back (its words and its address), above the heading.
    #[prop(optional, into)]
    back: Option<(String, String)>,
    /// The actions beside the heading.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// Whether the content fills the window's height and scrolls by itself.
    #[prop(optional)]
    full: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    effect(move || document().set_title(&format!("{} · Corral", title.get())));
    view! {
        <main class=if full { "page page-full" } else { "page" } id="main">
            {back.map(|(label, href)| view! {
                <a class="crumb" href=href><super::Glyph icon=super::Icon::Back/>{label}</a>
            })}
            <div class="page-head">
                <h1 tabindex="-1" id="title">{title}</h1>
                <div class="buttons">{actions.run()}</div>
            </div>
            {children()}
        </main>
    }
}
