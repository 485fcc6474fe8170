//! Some choices of which one is taken.

use super::{Choice, unique};
use leptos::prelude::*;

/// A fieldset of radio buttons; a choice's `detail` is the hint below it.
#[component]
pub fn RadioGroup(
    /// What is chosen; the fieldset's legend.
    #[prop(into)]
    label: Signal<String>,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The key of the choice taken.
    value: RwSignal<String>,
    /// Side by side instead of one below the other.
    #[prop(optional)]
    inline: bool,
    /// Told after each change by the person.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let name = unique("radio");
    let rows = move || {
        choices
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, Choice { key, label, detail })| {
                let id = format!("{name}-{at}");
                let about = format!("{id}-about");
                let described = (!detail.is_empty()).then(|| about.clone());
                let this = key.clone();
                view! {
                    <div class="choice">
                        <input
                            type="radio"
                            class="choice-box"
                            id=id.clone()
                            name=name.clone()
                            prop:checked=move || value.with(|value| *value == this)
                            aria-describedby=described
                            on:change=move |_| {
                                value.set(key.clone());
                                if let Some(told) = on_change {
                                    told.run(key.clone());
                                }
                            }
                        />
                        <label class="choice-label" for=id>{label}</label>
                        {(!detail.is_empty()).then(|| view! { <span class="choice-hint" id=about>{detail}</span> })}
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <fieldset class="field">
            <legend class="field-label">{label}</legend>
            <div class=if inline { "choices-inline" } else { "choices" }>{rows}</div>
        </fieldset>
    }
}
