//! Some views of which one is shown.

use super::{Choice, popup};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// A `tablist`; the caller shows the panel of `value` in an element with `id=format!("{id}-panel")`.
#[component]
pub fn Tabs(
    /// The id from which the tabs' and the panel's ids are made.
    #[prop(into)]
    id: String,
    /// What the tabs are about.
    #[prop(into)]
    label: String,
    /// The tabs.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The key of the tab shown.
    value: RwSignal<String>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let keyed = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        let keys: Vec<String> = choices
            .get_untracked()
            .into_iter()
            .map(|choice| choice.key)
            .collect();
        let Some(at) = keys.iter().position(|key| *key == value.get_untracked()) else {
            return;
        };
        let next = (at as isize + step).rem_euclid(keys.len() as isize) as usize;
        event.prevent_default();
        value.set(keys[next].clone());
        if let Some(tab) = node.get_untracked().and_then(|node| {
            popup::inside(node.unchecked_ref(), "[role=tab]")
                .into_iter()
                .nth(next)
        }) {
            // A tab that can't take the focus is still shown.
            tab.focus().ok();
        }
    };
    let tabs = {
        let id = id.clone();
        move || {
            choices
                .get()
                .into_iter()
                .map(|Choice { key, label, .. }| {
                    let chosen = {
                        let key = key.clone();
                        Memo::new(move |_| value.with(|value| *value == key))
                    };
                    view! {
                        <button
                            type="button"
                            class="tab"
                            role="tab"
                            id=format!("{id}-{key}")
                            aria-controls=format!("{id}-panel")
                            aria-selected=move || chosen.get().to_string()
                            tabindex=move || if chosen.get() { "0" } else { "-1" }
                            on:click=move |_| value.set(key.clone())
                        >
                            {label}
                        </button>
                    }
                })
                .collect_view()
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label node_ref=node on:keydown=keyed>{tabs}</div>
    }
}
