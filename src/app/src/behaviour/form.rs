//! The form for a condition on what a contact did.

use super::EventFilterForm;
use super::day;
use super::rules::{has_amount, has_done, number_fault, op_label, set_kind, window_fault};
use crate::ui::reactive::{derived, memo, part};
use crate::ui::{Checkbox, Choice, Faults, NumberField, SelectField, TextField, Typed, format, typed};
use leptos::prelude::*;
use model::event::{Behaviour, EVENTS, EventKind, Measure, Window};

/// A window begins with so many days.
const DAYS: u32 = 30;

/// The key of a window in a `<select>`.
fn window_key(window: &Window) -> String {
    match window {
        Window::Ever => "ever",
        Window::LastDays(_) => "last",
        Window::Between(..) => "between",
        Window::SincePass => "pass",
    }
    .to_owned()
}

/// A condition on what a contact did: “has purchased at least 3 times within the last 90 days”.
#[component]
pub fn BehaviourForm(
    /// The condition, both ways.
    value: RwSignal<Behaviour>,
    /// Whether it is asked in a workflow, where there is a pass and an event that started it.
    in_workflow: bool,
) -> impl IntoView {
    let kind = memo(move |_| value.with(|value| value.kind));
    let kind_key = part(
        value,
        |value| value.kind.word().to_owned(),
        |value, key| {
            if let Some(kind) = EventKind::parse(&key) {
                set_kind(value, kind);
            }
        },
    );
    let kinds: Vec<Choice> = EVENTS
        .iter()
        .map(|(kind, word, ..)| Choice::new(*word, has_done(*kind)))
        .collect();
    let filter = part(
        value,
        |value| value.filter.clone(),
        |value, filter| value.filter = filter,
    );
    let with_trigger = part(
        value,
        |value| value.with_trigger,
        |value, with| value.with_trigger = with,
    );
    let window = part(value, |value| value.window, |value, window| value.window = window);
    view! {
        <div class="behaviour">
            <SelectField label="What the contact did" choices=kinds value=kind_key/>
            <Many value=value kind=kind/>
            <When window=window in_workflow=in_workflow/>
            {in_workflow.then(|| view! {
                <Checkbox
                    label="Count the triggering event"
                    hint="The event that started the pass counts, too, if it is of this kind"
                    value=with_trigger
                />
            })}
            <EventFilterForm value=filter kind=derived(move || kind.get()) in_workflow=in_workflow/>
        </div>
    }
}

/// How often, or for how much.
#[component]
fn Many(
    /// The condition.
    value: RwSignal<Behaviour>,
    /// What was done.
    kind: Memo<EventKind>,
) -> impl IntoView {
    let measure = part(
        value,
        |value| match value.measure {
            Measure::Count => "count".to_owned(),
            Measure::Amount => "amount".to_owned(),
        },
        |value, key| {
            value.measure = match key.as_str() {
                "amount" => Measure::Amount,
                _ => Measure::Count,
            };
        },
    );
    let measures = memo(move |_| {
        let mut measures = vec![Choice::new("count", "Times")];
        measures.extend(has_amount(kind.get()).then(|| Choice::new("amount", "Sum of the amounts")));
        measures
    });
    let place = |value: &Behaviour| Behaviour::OPS.iter().position(|op| *op == value.op);
    let op = part(
        value,
        move |value| place(value).unwrap_or_default().to_string(),
        |value, key| {
            let at = key.parse().ok();
            if let Some(op) = at.and_then(|at: usize| Behaviour::OPS.get(at)) {
                value.op = *op;
            }
        },
    );
    let ops: Vec<Choice> = Behaviour::OPS
        .iter()
        .enumerate()
        .map(|(at, op)| Choice::new(at.to_string(), op_label(*op)))
        .collect();
    let number = part(
        value,
        |value| value.number.clone(),
        |value, number| value.number = number,
    );
    let error = derived(move || {
        value
            .with(|value| number_fault(value.measure, &value.number))
            .map(str::to_owned)
    });
    Faults::watch(error);
    let label = derived(move || match measure.with(|measure| measure == "amount") {
        true => "Amount".to_owned(),
        false => "Number".to_owned(),
    });
    view! {
        <div class="form-row">
            <SelectField label="What is counted" choices=measures value=measure/>
            <SelectField label="Comparison" choices=ops value=op/>
            <TextField label=label value=number error=error/>
        </div>
    }
}

/// When it was done.
#[component]
pub fn When(
    /// The window.
    window: RwSignal<Window>,
    /// Whether there is a pass.
    #[prop(optional)]
    in_workflow: bool,
) -> impl IntoView {
    let pass = in_workflow || window.get_untracked() == Window::SincePass;
    let key = part(window, window_key, |window, key| {
        let today = format::now().div_euclid(86_400_000);
        *window = match key.as_str() {
            "last" => Window::LastDays(DAYS),
            "between" => Window::Between(today - i64::from(DAYS), today),
            "pass" => Window::SincePass,
            _ => Window::Ever,
        };
    });
    let mut choices = vec![
        Choice::new("ever", "Ever"),
        Choice::new("last", "Within the last days"),
        Choice::new("between", "Between two dates"),
    ];
    choices.extend(pass.then(|| Choice::new("pass", "Since this pass began")));
    let shape = memo(move |_| window.with(window_key));
    let inputs = move || match shape.get().as_str() {
        "last" => view! { <LastDays window=window/> }.into_any(),
        "between" => view! { <Between window=window/> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <div class="form-row">
            <SelectField label="When" choices=choices value=key/>
            {inputs}
        </div>
    }
}

/// Within the last so many days.
#[component]
fn LastDays(
    /// The window.
    window: RwSignal<Window>,
) -> impl IntoView {
    let get = |window: &Window| match window {
        Window::LastDays(days) => i64::from(*days),
        _ => i64::from(DAYS),
    };
    let set = |window: &mut Window, new: i64| {
        if let Window::LastDays(days) = window {
            *days = new.try_into().unwrap_or(DAYS);
        }
    };
    view! { <NumberField label="Days" value=part(window, get, set) least=1 most=36_500/> }
}

/// Between two days.
#[component]
fn Between(
    /// The window.
    window: RwSignal<Window>,
) -> impl IntoView {
    let bounds = |window: &Window| match window {
        Window::Between(from, to) => (*from, *to),
        _ => (0, 0),
    };
    let from = part(
        window,
        move |window| bounds(window).0,
        |window, new| {
            if let Window::Between(from, _) = window {
                *from = new;
            }
        },
    );
    let to = part(
        window,
        move |window| bounds(window).1,
        |window, new| {
            if let Window::Between(_, to) = window {
                *to = new;
            }
        },
    );
    let read = |text: &str| day::parse(text).ok_or_else(|| "Choose a day".to_owned());
    let (first, last) = (
        typed(from, |day| day::text(*day), read),
        typed(to, |day| day::text(*day), read),
    );
    let turned = derived(move || window_fault(window.get()).map(str::to_owned));
    Faults::watch(turned);
    let Typed { text, error } = last;
    let last_error = derived(move || error.get().or_else(|| turned.get()));
    view! {
        <TextField label="From" kind="date" value=first.text error=first.error/>
        <TextField label="To" kind="date" value=text error=last_error/>
    }
}
