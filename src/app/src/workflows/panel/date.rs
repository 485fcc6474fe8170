//! A day that a date field names, some days before or after.

use super::pick::{FieldPick, Word, choices, keyed};
use super::time::TimeField;
use crate::ui::reactive::{field_part, memo, part};
use crate::ui::{Choice, NumberField, RadioGroup, SelectField};
use leptos::prelude::*;
use model::workflow::node::NO_FIELD;
use model::{FieldDef, FieldId, FieldType};

/// A day that a date field names.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedDay {
    /// The date field.
    pub field: FieldId,
    /// So many days later; earlier if negative.
    pub offset_days: i32,
    /// The minute of that day.
    pub minute: u16,
    /// Every year, or only once.
    pub yearly: bool,
}

impl NamedDay {
    /// Shown once something else than a day is set, just before its form goes.
    pub const NONE: NamedDay = NamedDay {
        field: NO_FIELD,
        offset_days: 0,
        minute: 0,
        yearly: false,
    };
}

const HOW_OFTEN: &[Word<bool>] = &[
    (true, "yearly", "Every year", "As on a birthday"),
    (false, "once", "Once", "In the year that the date says"),
];

/// Whether values of a field are dates.
pub fn is_date(def: &FieldDef) -> bool {
    matches!(def.kind, FieldType::Day | FieldType::Instant)
}

/// On which side of the day an offset is.
fn side(offset: &i32) -> String {
    match offset.signum() {
        -1 => "before",
        1 => "after",
        _ => "on",
    }
    .to_owned()
}

/// The offset on another side of the day.
fn turn(offset: i32, side: &str) -> i32 {
    let days = offset.abs().max(1);
    match side {
        "before" => -days,
        "after" => days,
        _ => 0,
    }
}

/// A day that a date field names.
#[component]
pub fn DayForm(
    /// The day, both ways.
    value: RwSignal<NamedDay>,
) -> impl IntoView {
    let offset = field_part!(value, offset_days);
    let key = part(offset, side, |offset, key| *offset = turn(*offset, &key));
    let apart = memo(move |_| offset.get() != 0);
    let sides = vec![
        Choice::new("on", "On the day"),
        Choice::new("before", "Before it"),
        Choice::new("after", "After it"),
    ];
    let days = move || {
        let get = |offset: &i32| i64::from(offset.abs());
        let set = |offset: &mut i32, new: i64| *offset = i32::try_from(new).unwrap_or(1) * offset.signum();
        view! { <NumberField label="Days" value=part(offset, get, set) least=1 most=3_660/> }
    };
    view! {
        <FieldPick label="Date field" value=field_part!(value, field) offered=is_date/>
        <div class="form-row">
            <SelectField label="When" choices=sides value=key/>
            {move || apart.get().then(days)}
        </div>
        <TimeField label="At" value=field_part!(value, minute) hint="In the workspace’s time zone"/>
        <RadioGroup label="How often" choices=choices(HOW_OFTEN) value=keyed(field_part!(value, yearly), HOW_OFTEN)/>
    }
}

#[cfg(test)]
mod tests {
    use super::{side, turn};

    #[test]
    fn an_offset_keeps_its_days_on_the_other_side() {
        assert_eq!(turn(-7, "after"), 7);
        assert_eq!(turn(7, "before"), -7);
        assert_eq!(turn(0, "before"), -1);
        assert_eq!(turn(7, "on"), 0);
        for offset in [-7, 0, 3] {
            assert_eq!(turn(offset, &side(&offset)), offset);
        }
    }
}
