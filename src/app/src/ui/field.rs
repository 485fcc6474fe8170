//! A control with its label, its hint and its error.

use super::{Glyph, Icon, unique};
use crate::ui::reactive::effect;
use leptos::ev::FocusEvent;
use leptos::html;
use leptos::prelude::*;

/// A label, a hint and an error around a control; the control carries `id` and `aria-describedby=describe(id)`.
#[component]
pub fn FieldFrame(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What the control holds.
    #[prop(into)]
    label: Signal<String>,
    /// A line below the control.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong with the value; none where nothing is.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether a value is needed.
    #[prop(optional, into)]
    required: Signal<bool>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let described = format!("{id}-about");
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
                {move || required.get().then(|| view! { <span class="field-required">" (required)"</span> })}
            </label>
            {children()}
            <div id=described>
                {move || error.get().map(|error| view! {
                    <p class="field-error"><Glyph icon=Icon::Warning/>{error}</p>
                })}
                {move || hint.with(|hint| !hint.is_empty()).then(|| view! { <p class="field-hint">{hint}</p> })}
            </div>
        </div>
    }
}

/// A text, number, date or multi-line input with its frame.
#[component]
pub fn TextField(
    /// What it holds.
    #[prop(into)]
    label: Signal<String>,
    /// The value, both ways.
    value: RwSignal<String>,
    /// The input's type: `text`, `email`, `number`, `date`, `datetime-local`, `search` …
    #[prop(optional, into)]
    kind: Option<String>,
    /// So many lines make it a multi-line input; 0 is a single line.
    #[prop(optional)]
    lines: u32,
    /// A line below it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether a value is needed.
    #[prop(optional, into)]
    required: Signal<bool>,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// An example of a value.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// At most so many characters; 0 is no limit.
    #[prop(optional)]
    max: usize,
    /// Takes the focus when it appears.
    #[prop(optional)]
    focus: bool,
    /// Told when the person leaves it.
    #[prop(optional, into)]
    on_leave: Option<Callback<FocusEvent>>,
) -> impl IntoView {
    let id = unique("field");
    let described = format!("{id}-about");
    let maxlength = (max > 0).then(|| max.to_string());
    let invalid = move || error.with(|error| error.is_some().then_some("true"));
    // An input that goes with its screen is left once more when nobody listens any longer.
    let left = move |event| {
        if let Some(told) = on_leave {
            told.try_run(event);
        }
    };
    let control = if lines > 0 {
        let node = NodeRef::<html::Textarea>::new();
        if focus {
            effect(move || {
                if let Some(node) = node.get() {
                    // An input that can't take the focus can still be clicked.
                    node.focus().ok();
                }
            });
        }
        view! {
            <textarea
                class="input"
                id=id.clone()
                node_ref=node
                rows=lines.to_string()
                maxlength=maxlength
                prop:value=value
                disabled=disabled
                placeholder=placeholder
                aria-required=move || required.get().then_some("true")
                aria-invalid=invalid
                aria-describedby=described
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=left
            ></textarea>
        }
        .into_any()
    } else {
        let node = NodeRef::<html::Input>::new();
        if focus {
            effect(move || {
                if let Some(node) = node.get() {
                    // An input that can't take the focus can still be clicked.
                    node.focus().ok();
                }
            });
        }
        view! {
            <input
                class="input"
                id=id.clone()
                node_ref=node
                type=kind.unwrap_or_else(|| "text".to_owned())
                maxlength=maxlength
                autocomplete="off"
                prop:value=value
                disabled=disabled
                placeholder=placeholder
                aria-required=move || required.get().then_some("true")
                aria-invalid=invalid
                aria-describedby=described
                on:input=move |event| value.set(event_target_value(&event))
                on:blur=left
            />
        }
        .into_any()
    };
    view! {
        <FieldFrame id=id label=label hint=hint error=error required=required>{control}</FieldFrame>
    }
}
