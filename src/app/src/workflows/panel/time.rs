//! Inputs for periods, times of the day and weekdays.

use super::units::{self, UNITS};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Faults, FieldFrame, Glyph, Icon, TextField, Typed, typed, unique};
use leptos::prelude::*;
use model::query::WEEKDAYS;

/// A period in minutes, as a number and its unit.
#[component]
pub fn PeriodField(
    /// What it holds.
    label: &'static str,
    /// The minutes, both ways.
    value: RwSignal<u32>,
    /// The least number of units.
    #[prop(default = 1)]
    least: u32,
    /// A line below it.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    let (number, unit) = units::split(value.get_untracked());
    let (text, unit) = (RwSignal::new(number.to_string()), RwSignal::new(unit.to_owned()));
    let read = memo(move |_| text.with(|text| unit.with(|unit| units::join(text, unit, least))));
    effect(move || {
        if let Ok(minutes) = read.get()
            && value.get_untracked() != minutes
        {
            value.set(minutes);
        }
    });
    let error = derived(move || read.with(|read| read.as_ref().err().cloned()));
    Faults::watch(error);
    let id = unique("period");
    let described = format!("{id}-about");
    let options = UNITS
        .map(|(key, label, _)| {
            view! { <option value=key prop:selected=move || unit.with(|unit| unit == key)>{label}</option> }
        })
        .collect_view();
    view! {
        <FieldFrame id=id.clone() label=label hint=hint error=error>
            <div class="panel-pair">
                <input
                    class="input"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    id=id
                    prop:value=text
                    aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
                    aria-describedby=described
                    on:input=move |event| text.set(event_target_value(&event))
                />
                <select
                    class="input"
                    aria-label=format!("{label}: unit")
                    on:change=move |event| unit.set(event_target_value(&event))
                >
                    {options}
                </select>
            </div>
        </FieldFrame>
    }
}

/// A minute of the day.
#[component]
pub fn TimeField(
    /// What it holds.
    label: &'static str,
    /// The minute, both ways.
    value: RwSignal<u16>,
    /// Whether midnight is the end of the day.
    #[prop(optional)]
    end: bool,
    /// A line below it.
    #[prop(optional)]
    hint: &'static str,
    /// What else is wrong with it.
    #[prop(optional, into)]
    wrong: Signal<Option<String>>,
) -> impl IntoView {
    let Typed { text, error } = typed(
        value,
        |minute| units::time(*minute),
        move |text| units::minute(text, end),
    );
    Faults::watch(wrong);
    let error = derived(move || error.get().or_else(|| wrong.get()));
    view! { <TextField label=label kind="time" value=text error=error hint=hint/> }
}

/// Some days of the week.
#[component]
pub fn WeekdaysField(
    /// What they are for.
    label: &'static str,
    /// A bit for each day, both ways.
    value: RwSignal<u8>,
) -> impl IntoView {
    let error = derived(move || (value.get() == 0).then(|| "Choose at least one day".to_owned()));
    Faults::watch(error);
    let day = |(at, name): (usize, &'static str)| {
        let (bit, control) = (1u8 << at, unique("day"));
        view! {
            <div class="choice">
                <input
                    type="checkbox"
                    class="choice-box"
                    id=control.clone()
                    prop:checked=move || value.get() & bit != 0
                    on:change=move |event| {
                        let checked = event_target_checked(&event);
                        value.update(|days| *days = if checked { *days | bit } else { *days & !bit });
                    }
                />
                <label class="choice-label" for=control>{name}</label>
            </div>
        }
    };
    let days = WEEKDAYS.into_iter().enumerate().map(day).collect_view();
    view! {
        <fieldset class="field">
            <legend class="field-label">{label}</legend>
            <div class="choices-inline">{days}</div>
            {move || error.get().map(|error| view! {
                <p class="field-error"><Glyph icon=Icon::Warning/>{error}</p>
            })}
        </fieldset>
    }
}
