//! A small word beside a name.

use leptos::prelude::*;

/// What a badge or notice means; always said in its words, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Something went well.
    Success,
    /// Something wants to be looked at.
    Warning,
    /// Something is wrong.
    Danger,
}

/// A small word beside a name.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    label: Signal<String>,
    /// What it means.
    #[prop(optional, into)]
    tone: Signal<Tone>,
) -> impl IntoView {
    let class = move || match tone.get() {
        Tone::Neutral => "badge",
        Tone::Success => "badge badge-success",
        Tone::Warning => "badge badge-warning",
        Tone::Danger => "badge badge-danger",
    };
    view! { <span class=class>{label}</span> }
}
