//! One of many to tick.

use super::unique;
use leptos::prelude::*;

/// A box that puts a key among those that are ticked.
#[component]
pub fn Tick<K>(
    /// What it stands for.
    key: K,
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// All that are ticked.
    ticked: RwSignal<Vec<K>>,
) -> impl IntoView
where
    K: Clone + PartialEq + Send + Sync + 'static,
{
    let control = unique("tick");
    let known = key.clone();
    view! {
        <div class="choice">
            <input
                type="checkbox"
                class="choice-box"
                id=control.clone()
                prop:checked=move || ticked.with(|ticked| ticked.contains(&known))
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    ticked.update(|ticked| {
                        ticked.retain(|other| *other != key);
                        ticked.extend(on.then(|| key.clone()));
                    });
                }
            />
            <label class="choice-label" for=control>{label}</label>
        </div>
    }
}
