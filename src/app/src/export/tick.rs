//! One of many to tick.

use crate::ui::unique;
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
    K: Copy + PartialEq + Send + Sync + 'static,
{
    let control = unique("tick");
    view! {
        <div class="choice">
            <input
                type="checkbox"
                class="choice-box"
                id=control.clone()
                prop:checked=move || ticked.with(|ticked| ticked.contains(&key))
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    ticked.update(|ticked| {
                        ticked.retain(|other| *other != key);
                        if on {
                            ticked.push(key);
                        }
                    });
                }
            />
            <label class="choice-label" for=control>{label}</label>
        </div>
    }
}
