//! A native list of choices.

use super::{Choice, FieldFrame, unique};
use leptos::prelude::*;

/// A labelled native `<select>`.
#[component]
pub fn SelectField(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The choices; their details are not shown.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The key of the choice taken.
    value: RwSignal<String>,
    /// A line below it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Told after each change by the person.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let id = unique("select");
    let described = format!("{id}-about");
    let options = move || {
        choices
            .get()
            .into_iter()
            .map(|Choice { key, label, .. }| {
                let this = key.clone();
                view! {
                    <option value=key prop:selected=move || value.with(|value| *value == this)>{label}</option>
                }
            })
            .collect_view()
    };
    view! {
        <FieldFrame id=id.clone() label=label hint=hint error=error>
            <select
                class="input"
                id=id
                disabled=disabled
                aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
                aria-describedby=described
                on:change=move |event| {
                    let key = event_target_value(&event);
                    value.set(key.clone());
                    if let Some(told) = on_change {
                        told.run(key);
                    }
                }
            >
                {options}
            </select>
        </FieldFrame>
    }
}
