//! The settings of triggers: what must happen, and how often it counts.

use super::date::{DayForm, NamedDay};
use super::pick::{FieldPick, field_def};
use super::segment::SegmentsField;
use crate::behaviour::EventFilterForm;
use crate::contacts::ValueInput;
use crate::state::use_app;
use crate::ui::reactive::{derived, field_part, memo, number_part, part, variant_field_part, variant_part};
use crate::ui::{Checkbox, NumberField, TextField};
use leptos::prelude::*;
use model::FieldDef;
use model::event::{EventFilter, EventKind};
use model::field::KEPT;
use model::workflow::node::{EventMatch, Limits, NO_FIELD, On, Trigger};

/// What must happen, and how often it counts.
#[component]
pub fn TriggerForm(
    /// The settings.
    value: RwSignal<Trigger>,
) -> impl IntoView {
    let on = field_part!(value, on);
    let what = match on.get_untracked() {
        On::Event(event) => {
            view! { <MatchForm value=variant_part!(on, On::Event, event) starts=true/> }.into_any()
        }
        On::CartAbandoned { .. } => view! { <CartForm value=on/> }.into_any(),
        On::EnterSegment(segments) => {
            let value = variant_part!(on, On::EnterSegment, segments);
            view! { <SegmentsField label="Segments" value=value needed=true hint="Entering any of them counts"/> }
                .into_any()
        }
        On::LeaveSegment(segments) => {
            let value = variant_part!(on, On::LeaveSegment, segments);
            view! { <SegmentsField label="Segments" value=value needed=true hint="Leaving any of them counts"/> }
                .into_any()
        }
        On::FieldChange { .. } => view! { <ChangeForm value=on/> }.into_any(),
        On::Date { .. } => view! { <DateForm value=on/> }.into_any(),
    };
    view! {
        {what}
        <LimitsForm value=field_part!(value, limits)/>
    }
}

/// How often it counts.
#[component]
fn LimitsForm(
    /// The limits.
    value: RwSignal<Limits>,
) -> impl IntoView {
    view! {
        <fieldset class="panel-group">
            <legend>"Limits"</legend>
            <NumberField label="Times for each contact, at most" value=number_part!(value, per_contact) blank="No limit"/>
            <NumberField label="Times in all, at most" value=number_part!(value, total) blank="No limit"/>
            <NumberField
                label="For each contact, at most once in so many days"
                value=number_part!(value, once_in_days)
                most=36_500
                blank="No limit"
            />
            <Checkbox
                label="Deactivate after trigger"
                value=field_part!(value, deactivate)
                hint="It counts once for each contact"
            />
        </fieldset>
    }
}

/// Which events count.
#[component]
pub fn MatchForm(
    /// The events.
    value: RwSignal<EventMatch>,
    /// Whether the event starts the pass: then there is no other to compare it with.
    #[prop(optional)]
    starts: bool,
) -> impl IntoView {
    let kind = memo(move |_| value.with(|event| event.kind));
    let nth = number_part!(value, nth);
    let counted = memo(move |_| nth.get() > 0);
    view! {
        <EventFilterForm
            value=field_part!(value, filter)
            kind=derived(move || kind.get())
            in_workflow=true
            starts=starts
        />
        <NumberField
            label="Only the n-th of them"
            value=nth
            most=10_000
            blank="Every one"
            hint="1 is the first, 3 the third; empty counts every one"
        />
        {move || counted.get().then(|| view! {
            <NumberField
                label="Counted within so many days"
                value=number_part!(value, within_days)
                most=36_500
                blank="Ever"
            />
        })}
        <NumberField
            label="Ignore repeats within so many minutes"
            value=number_part!(value, ignore_repeats_minutes)
            blank="Count repeats"
        />
    }
}

/// A cart that was left idle.
#[component]
fn CartForm(
    /// What must happen.
    value: RwSignal<On>,
) -> impl IntoView {
    let idle = part(
        value,
        |on| match on {
            On::CartAbandoned { idle_minutes, .. } => i64::from(*idle_minutes),
            _ => 1,
        },
        |on, new| {
            if let On::CartAbandoned { idle_minutes, .. } = on {
                *idle_minutes = new.try_into().unwrap_or(30);
            }
        },
    );
    let filter = variant_field_part!(value, On::CartAbandoned, filter, EventFilter::default());
    view! {
        <NumberField
            label="Idle for so many minutes"
            value=idle
            least=1
            most=525_600
            hint="Since something was last added to the cart"
        />
        <EventFilterForm value=filter kind=EventKind::CartAbandoned in_workflow=true starts=true/>
    }
}

/// A field's value that changes.
#[component]
fn ChangeForm(
    /// What must happen.
    value: RwSignal<On>,
) -> impl IntoView {
    let field = part(
        value,
        |on| match on {
            On::FieldChange { field, .. } => *field,
            _ => NO_FIELD,
        },
        |on, new| {
            // A value of one field is none of another.
            *on = On::FieldChange {
                field: new,
                to: String::new(),
            };
        },
    );
    let to = variant_field_part!(value, On::FieldChange, to, String::new());
    let app = use_app();
    let chosen = memo(move |_| field.get());
    let input = move || {
        let def = field_def(app, chosen.get()).map(|def| FieldDef {
            name: "Only to this value".to_owned(),
            required: false,
            ..def
        });
        match def {
            Some(def) => view! { <ValueInput field=def value=to framed=true/> }.into_any(),
            None => view! { <TextField label="Only to this value" value=to/> }.into_any(),
        }
    };
    view! {
        <FieldPick label="Field" value=field offered=|def| !KEPT.contains(&def.id)/>
        {input}
        <p class="field-hint">"Left empty, every change counts"</p>
    }
}

/// A day that a date field names.
#[component]
fn DateForm(
    /// What must happen.
    value: RwSignal<On>,
) -> impl IntoView {
    let get = |on: &On| match on {
        On::Date {
            field,
            offset_days,
            yearly,
            minute,
        } => NamedDay {
            field: *field,
            offset_days: *offset_days,
            minute: *minute,
            yearly: *yearly,
        },
        _ => NamedDay::NONE,
    };
    let set = |on: &mut On, day: NamedDay| {
        *on = On::Date {
            field: day.field,
            offset_days: day.offset_days,
            yearly: day.yearly,
            minute: day.minute,
        };
    };
    view! { <DayForm value=part(value, get, set)/> }
}
