//! The settings of Wait and Wait until.

use super::date::{DayForm, NamedDay};
use super::pick::{Word, choices, keyed};
use super::time::{PeriodField, TimeField, WeekdaysField};
use super::trigger::MatchForm;
use crate::behaviour::{day, rules};
use crate::state::use_app;
use crate::ui::reactive::{derived, field_part, memo, part, variant_field_part, variant_part};
use crate::ui::{Choice, RadioGroup, SelectField, TextField, Typed, format, typed};
use crate::workflows::editor::Editor;
use leptos::prelude::*;
use model::event::{EVENTS, EventKind};
use model::workflow::node::{Again, EventMatch, NO_FIELD, Otherwise, Until, Wait};

/// What can be waited for: key and words.
const UNTIL: [(&str, &str); 6] = [
    ("period", "A period"),
    ("activity", "An activity, or at most a period"),
    ("moment", "A date and time"),
    ("weekday", "A weekday and time"),
    ("hours", "Allowed hours"),
    ("date", "A date of the contact"),
];

const AGAIN: &[Word<Again>] = &[
    (
        Again::Keep,
        "keep",
        "Keep",
        "The first one goes on waiting, and the new pass ends",
    ),
    (
        Again::Restart,
        "restart",
        "Restart",
        "The first one ends, and the new pass waits",
    ),
    (Again::Both, "both", "Both", "Both wait"),
];

const OTHERWISE: &[Word<Otherwise>] = &[
    (Otherwise::GoOn, "on", "The contact goes on at once", ""),
    (Otherwise::End, "end", "The pass ends", ""),
];

/// Every day of the week, and those from Monday to Friday.
const EVERY_DAY: u8 = 0b111_1111;
const WORKDAYS: u8 = 0b001_1111;

fn until_key(until: &Until) -> String {
    match until {
        Until::Period(_) => "period",
        Until::Activity { .. } => "activity",
        Until::Moment(_) => "moment",
        Until::Weekday { .. } => "weekday",
        Until::Hours { .. } => "hours",
        Until::Date { .. } => "date",
    }
    .to_owned()
}

/// What is waited for before anything was said of it.
fn begin(key: &str, now: i64) -> Until {
    match key {
        "activity" => Until::Activity {
            event: EventMatch::each(EventKind::Purchase),
            at_most: 30 * 24 * 60,
        },
        "moment" => Until::Moment(now - now.rem_euclid(3_600_000) + 24 * 3_600_000),
        "weekday" => Until::Weekday {
            days: 1,
            minute: 9 * 60,
        },
        "hours" => Until::Hours {
            days: WORKDAYS,
            from: 9 * 60,
            to: 18 * 60,
        },
        "date" => Until::Date {
            field: NO_FIELD,
            offset_days: 0,
            minute: 9 * 60,
            yearly: true,
            otherwise: Otherwise::GoOn,
        },
        _ => Until::Period(24 * 60),
    }
}

/// What is wrong with hours of a day; none where nothing is.
fn hours_fault(from: u16, to: u16) -> Option<String> {
    (from >= to).then(|| "Later than the beginning".to_owned())
}

/// A moment as its text form in UTC.
fn moment_text(moment: i64) -> String {
    let (day, rest) = (moment.div_euclid(86_400_000), moment.rem_euclid(86_400_000));
    let minute = rest / 60_000;
    format!("{}T{:02}:{:02}:00Z", day::text(day), minute / 60, minute % 60)
}

/// What is waited for.
#[component]
pub fn WaitForm(
    /// The graph.
    editor: Editor,
    /// The settings.
    value: RwSignal<Wait>,
) -> impl IntoView {
    let until = field_part!(value, until);
    let key = part(until, until_key, |until, key| {
        if until_key(until) != key {
            *until = begin(&key, format::now());
        }
    });
    let shape = memo(move |_| until.with(until_key));
    let activity = until.with_untracked(|until| matches!(until, Until::Activity { .. }));
    // The exits of an active workflow stay: a wait for an activity has two, the others one.
    let offered = derived(move || {
        let fixed = editor.fixed.get();
        let offered = UNTIL
            .iter()
            .filter(|(key, _)| !fixed || (*key == "activity") == activity);
        offered
            .map(|(key, label)| Choice::new(*key, *label))
            .collect::<Vec<_>>()
    });
    let form = move || {
        // Read, not only tracked: a memo that nobody reads is never worked out, and tells of nothing.
        shape.with(|_| ());
        match until.get_untracked() {
            Until::Period(minutes) => {
                let minutes = variant_part!(until, Until::Period, minutes);
                view! { <PeriodField label="For" value=minutes/> }.into_any()
            }
            Until::Activity { event, .. } => view! { <ActivityForm until=until event=event/> }.into_any(),
            Until::Moment(moment) => {
                view! { <MomentField value=variant_part!(until, Until::Moment, moment)/> }.into_any()
            }
            Until::Weekday { .. } => view! { <WeekdayForm until=until/> }.into_any(),
            Until::Hours { .. } => view! { <HoursForm until=until/> }.into_any(),
            Until::Date { .. } => view! { <DateForm until=until/> }.into_any(),
        }
    };
    view! {
        <SelectField label="What to wait for" choices=offered value=key/>
        {form}
        <RadioGroup
            label="If another pass of the contact waits here already"
            choices=choices(AGAIN)
            value=keyed(field_part!(value, again), AGAIN)
        />
    }
}

/// Until an activity.
#[component]
fn ActivityForm(
    /// What is waited for.
    until: RwSignal<Until>,
    /// The activity as it is now.
    event: EventMatch,
) -> impl IntoView {
    let which = variant_field_part!(until, Until::Activity, event, event);
    let at_most = variant_field_part!(until, Until::Activity, at_most, 1);
    let kind = part(
        which,
        |event| event.kind.word().to_owned(),
        |event, word| {
            if let Some(kind) = EventKind::parse(&word) {
                event.kind = kind;
                rules::keep_known(&mut event.filter, kind);
            }
        },
    );
    let kinds: Vec<Choice> = EVENTS
        .iter()
        .map(|(_, word, label, _)| Choice::new(*word, *label))
        .collect();
    view! {
        <SelectField label="Activity" choices=kinds value=kind/>
        <MatchForm value=which/>
        <PeriodField label="At most" value=at_most hint="Then the contact goes on by Time out"/>
    }
}

/// Until a moment.
#[component]
fn MomentField(
    /// The moment, both ways.
    value: RwSignal<i64>,
) -> impl IntoView {
    let zone = use_app().zone();
    let show = move |moment: &i64| format::zoned(&moment_text(*moment), &zone.get_untracked());
    let read = move |text: &str| {
        format::instant(text, &zone.get_untracked()).ok_or_else(|| "Choose a date and a time".to_owned())
    };
    let Typed { text, error } = typed(value, show, read);
    view! {
        <TextField
            label="Until"
            kind="datetime-local"
            value=text
            error=error
            hint="In the workspace’s time zone; after that moment nobody waits"
        />
    }
}

/// Until a weekday and time.
#[component]
fn WeekdayForm(
    /// What is waited for.
    until: RwSignal<Until>,
) -> impl IntoView {
    let days = variant_field_part!(until, Until::Weekday, days, EVERY_DAY);
    let minute = variant_field_part!(until, Until::Weekday, minute, 0);
    view! {
        <WeekdaysField label="The next one of these" value=days/>
        <TimeField label="At" value=minute hint="In the workspace’s time zone"/>
    }
}

/// Until the hours are allowed ones.
#[component]
fn HoursForm(
    /// What is waited for.
    until: RwSignal<Until>,
) -> impl IntoView {
    let days = variant_field_part!(until, Until::Hours, days, EVERY_DAY);
    let from = variant_field_part!(until, Until::Hours, from, 0);
    let to = variant_field_part!(until, Until::Hours, to, 24 * 60);
    let wrong = derived(move || hours_fault(from.get(), to.get()));
    view! {
        <WeekdaysField label="On these days" value=days/>
        <div class="form-row">
            <TimeField label="From" value=from/>
            <TimeField label="To" value=to end=true wrong=wrong/>
        </div>
        <p class="field-hint">"In the workspace’s time zone; within these hours nobody waits"</p>
    }
}

/// Until a day that a date field names.
#[component]
fn DateForm(
    /// What is waited for.
    until: RwSignal<Until>,
) -> impl IntoView {
    let get = |until: &Until| match until {
        Until::Date {
            field,
            offset_days,
            minute,
            yearly,
            ..
        } => NamedDay {
            field: *field,
            offset_days: *offset_days,
            minute: *minute,
            yearly: *yearly,
        },
        _ => NamedDay::NONE,
    };
    let set = |until: &mut Until, day: NamedDay| {
        if let Until::Date {
            field,
            offset_days,
            minute,
            yearly,
            ..
        } = until
        {
            (*field, *offset_days, *minute, *yearly) = (day.field, day.offset_days, day.minute, day.yearly);
        }
    };
    let otherwise = variant_field_part!(until, Until::Date, otherwise, Otherwise::GoOn);
    view! {
        <DayForm value=part(until, get, set)/>
        <RadioGroup
            label="If the date is empty or past"
            choices=choices(OTHERWISE)
            value=keyed(otherwise, OTHERWISE)
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wait_begins_as_itself() {
        for (key, _) in UNTIL {
            assert_eq!(until_key(&begin(key, 0)), key);
        }
    }

    #[test]
    fn a_moment_begins_at_a_full_hour_of_the_next_day() {
        let now = 1_795_522_635_123;
        assert_eq!(moment_text(now), "2026-11-24T12:17:00Z");
        let Until::Moment(moment) = begin("moment", now) else {
            panic!("no moment")
        };
        assert_eq!(moment_text(moment), "2026-11-25T12:00:00Z");
        assert_eq!(moment_text(-60_000), "1969-12-31T23:59:00Z");
    }

    #[test]
    fn allowed_hours_end_after_they_began() {
        assert_eq!(hours_fault(9 * 60, 18 * 60), None);
        assert_eq!(hours_fault(0, 24 * 60), None);
        assert!(hours_fault(18 * 60, 9 * 60).is_some());
        assert!(hours_fault(60, 60).is_some());
    }
}
