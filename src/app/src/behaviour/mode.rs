//! How many of some rules must hold.

use leptos::prelude::*;
use model::query::Mode;

/// The key of a mode in a `<select>`, its words, and itself.
const MODES: [(&str, &str, Mode); 3] = [
    ("all", "All", Mode::All),
    ("any", "Any", Mode::Any),
    ("none", "None", Mode::None),
];

/// “All of these hold”, for a `filter-head`.
#[component]
pub fn ModeSelect(
    /// How many must hold.
    value: RwSignal<Mode>,
) -> impl IntoView {
    let options = MODES
        .map(|(key, label, this)| {
            view! { <option value=key prop:selected=move || value.get() == this>{label}</option> }
        })
        .collect_view();
    let changed = move |event| {
        let key = event_target_value(&event);
        if let Some((_, _, new)) = MODES.into_iter().find(|(known, ..)| *known == key) {
            value.set(new);
        }
    };
    view! {
        <select class="input" aria-label="How many of these must hold" on:change=changed>{options}</select>
        <span class="soft">"of these hold"</span>
    }
}
