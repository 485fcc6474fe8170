//! A checkbox with its label.

use super::unique;
use leptos::prelude::*;

/// A checkbox with its label and, where it needs one, a hint.
#[component]
pub fn Checkbox(
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is checked.
    value: RwSignal<bool>,
    /// A line below it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Told after each change by the person.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let id = unique("check");
    let hint_id = format!("{id}-hint");
    view! {
        <div class="choice">
            <input
                type="checkbox"
                class="choice-box"
                id=id.clone()
                prop:checked=value
                disabled=disabled
                aria-describedby={
                    let hint_id = hint_id.clone();
                    move || hint.with(|hint| (!hint.is_empty()).then(|| hint_id.clone()))
                }
                on:change=move |event| {
                    let checked = event_target_checked(&event);
                    value.set(checked);
                    if let Some(told) = on_change {
                        told.run(checked);
                    }
                }
            />
            <label class="choice-label" for=id>{label}</label>
            <span class="choice-hint" id=hint_id>{hint}</span>
        </div>
    }
}
