//! An input for a value of any field, by the field's type; its text is the value's text form.

use crate::state::use_app;
use crate::ui::{FieldFrame, format, unique};
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;
use model::field::{EXTERNAL_ID, MAX_EXTERNAL_ID, MAX_TEXT};
use model::{FieldDef, FieldType};

/// What surrounds a value's input.
#[derive(Clone, Default)]
pub struct Control {
    /// What is wrong with the value.
    pub error: Signal<Option<String>>,
    /// Whether it can't be changed now.
    pub disabled: Signal<bool>,
    /// The id of the input; made up where it is empty.
    pub id: String,
    /// Shown in an input without a value.
    pub placeholder: &'static str,
    /// Told when the person has finished: left the input, pressed Enter or chosen.
    pub on_done: Option<Callback<()>>,
    /// Told when the person pressed Esc.
    pub on_back: Option<Callback<()>>,
}

/// Ticks an option of a value in its text form, or ticks it no longer; the order is that of the options.
pub fn ticked(value: &str, options: &[String], option: &str, on: bool) -> String {
    let now: Vec<&str> = value.split('|').collect();
    let keep = |id: &&String| {
        if id.as_str() == option {
            on
        } else {
            now.contains(&id.as_str())
        }
    };
    options
        .iter()
        .filter(keep)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("|")
}

/// An input for a value of a field.
#[component]
pub fn ValueInput(
    /// The field.
    field: FieldDef,
    /// The value in its text form, both ways.
    value: RwSignal<String>,
    /// What surrounds it.
    #[prop(optional)]
    control: Control,
    /// With label and error around it; else the caller gives a label for `control.id`.
    #[prop(optional)]
    framed: bool,
) -> impl IntoView {
    let app = use_app();
    let Control {
        error,
        disabled,
        placeholder,
        id,
        on_done,
        on_back,
    } = control;
    let id = if id.is_empty() { unique("value") } else { id };
    let described = format!("{id}-about");
    let invalid = move || error.with(|error| error.is_some().then_some("true"));
    // An input that goes with its screen is left once more when nobody listens any longer.
    let done = move || {
        if let Some(told) = on_done {
            told.try_run(());
        }
    };
    let keyed = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if on_done.is_some() => {
            event.prevent_default();
            done();
        }
        "Escape" => {
            if let Some(told) = on_back {
                told.run(());
            }
        }
        _ => {}
    };
    let left = move |_: FocusEvent| done();
    let name = field.name.clone();
    let required = field.required;
    let select = |options: Vec<(String, String)>| {
        let options = std::iter::once((String::new(), "–".to_owned()))
            .chain(options)
            .map(|(key, label)| {
                let this = (key.clone(), label.clone());
                // The text form may name an option by its id or by its name.
                let selected =
                    move || value.with(|value| *value == this.0 || (!value.is_empty() && *value == this.1));
                view! { <option value=key prop:selected=selected>{label}</option> }
            })
            .collect_view();
        view! {
            <select
                class="input"
                id=id.clone()
                disabled=disabled
                aria-invalid=invalid
                aria-describedby=described.clone()
                on:change=move |event| {
                    value.set(event_target_value(&event));
                    done();
                }
            >
                {options}
            </select>
        }
        .into_any()
    };
    let input = match field.kind {
        FieldType::Radio => select(
            field
                .options
                .iter()
                .map(|option| (option.id.clone(), option.name.clone()))
                .collect(),
        ),
        FieldType::Boolean => select(vec![("true".into(), "Yes".into()), ("false".into(), "No".into())]),
        FieldType::Checkbox => {
            let ids: Vec<String> = field.options.iter().map(|option| option.id.clone()).collect();
            let boxes = field
                .options
                .iter()
                .map(|option| {
                    let control = unique("option");
                    let (key, label) = (option.id.clone(), option.name.clone());
                    let ids = ids.clone();
                    let chosen = {
                        let (key, label) = (key.clone(), label.clone());
                        move || value.with(|value| value.split('|').any(|part| part == key || part == label))
                    };
                    view! {
                        <div class="choice">
                            <input
                                type="checkbox"
                                class="choice-box"
                                id=control.clone()
                                prop:checked=chosen
                                disabled=disabled
                                on:change=move |event| {
                                    let on = event_target_checked(&event);
                                    value.update(|value| *value = ticked(value, &ids, &key, on));
                                    done();
                                }
                            />
                            <label class="choice-label" for=control>{label}</label>
                        </div>
                    }
                })
                .collect_view();
            let label = name.clone();
            view! { <div class="choices-inline" role="group" id=id.clone() tabindex="-1" aria-label=label>{boxes}</div> }.into_any()
        }
        FieldType::Instant => {
            // A moment is kept in UTC and edited in the workspace's time zone.
            let zone = app.zone();
            view! {
                <input
                    class="input"
                    class:input-empty=move || value.with(String::is_empty)
                    type="datetime-local"
                    id=id.clone()
                    prop:value=move || value.with(|value| format::zoned(value, &zone.get()))
                    disabled=disabled
                    aria-invalid=invalid
                    aria-describedby=described.clone()
                    on:input=move |event| value.set(format::unzoned(&event_target_value(&event), &zone.get_untracked()))
                    on:blur=left
                    on:keydown=keyed
                />
            }
            .into_any()
        }
        kind => {
            let (input, mode) = match kind {
                FieldType::Day => ("date", "text"),
                FieldType::Email => ("text", "email"),
                FieldType::Phone => ("text", "tel"),
                FieldType::Integer => ("text", "numeric"),
                FieldType::Decimal => ("text", "decimal"),
                _ => ("text", "text"),
            };
            let max = if field.id == EXTERNAL_ID {
                MAX_EXTERNAL_ID
            } else {
                MAX_TEXT
            };
            view! {
                <input
                    class="input"
                    class:input-empty=move || kind == FieldType::Day && value.with(String::is_empty)
                    type=input
                    inputmode=mode
                    id=id.clone()
                    maxlength=max.to_string()
                    autocomplete="off"
                    prop:value=value
                    placeholder=placeholder
                    disabled=disabled
                    aria-required=required.then_some("true")
                    aria-invalid=invalid
                    aria-describedby=described.clone()
                    on:input=move |event| value.set(event_target_value(&event))
                    on:blur=left
                    on:keydown=keyed
                />
            }
            .into_any()
        }
    };
    if framed {
        view! { <FieldFrame id=id label=name required=required error=error>{input}</FieldFrame> }.into_any()
    } else {
        input
    }
}

#[cfg(test)]
mod tests {
    use super::ticked;

    #[test]
    fn options_keep_their_order() {
        let options = ["s".to_owned(), "m".to_owned(), "l".to_owned()];
        assert_eq!(ticked("l", &options, "s", true), "s|l");
        assert_eq!(ticked("s|l", &options, "s", false), "l");
        assert_eq!(ticked("", &options, "m", true), "m");
    }
}
