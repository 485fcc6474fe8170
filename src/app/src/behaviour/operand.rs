//! What a test is given: values, or what they are looked up in.

use super::test::{self, takes_choices, takes_days, takes_list};
use crate::state::use_app;
use crate::ui::reactive::{derived, memo, part};
use crate::ui::{Choice, Combobox, Faults, Glyph, Icon, Tick, Typed, typed};
use leptos::prelude::*;
use model::event::{ATTRIBUTES, Attribute, Operand};
use model::field::FieldOption;
use model::query::Op;
use model::workflow::node::NO_FIELD;
use model::{FieldId, FieldType};

/// What a value can be looked up in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// In the event that started the pass.
    pub event: bool,
    /// In the contact's fields.
    pub fields: bool,
}

/// The test that a rule makes.
#[component]
pub fn OpSelect(
    /// The tests.
    ops: &'static [Op],
    /// The type of the values tested.
    kind: FieldType,
    /// The test.
    #[prop(into)]
    op: Signal<Op>,
    /// Takes another test.
    #[prop(into)]
    on_pick: Callback<Op>,
) -> impl IntoView {
    let options = ops
        .iter()
        .enumerate()
        .map(|(at, test)| {
            let chosen = move || op.get() == *test;
            view! { <option value=at.to_string() prop:selected=chosen>{test.label(kind)}</option> }
        })
        .collect_view();
    let changed = move |event| {
        let at = event_target_value(&event).parse().ok();
        if let Some(test) = at.and_then(|at: usize| ops.get(at)) {
            on_pick.run(*test);
        }
    };
    view! { <select class="input behaviour-op" aria-label="Test" on:change=changed>{options}</select> }
}

/// What a test is given; as many inputs as it takes values.
#[component]
pub fn OperandInputs(
    /// The type of the values tested.
    kind: FieldType,
    /// The test.
    op: Op,
    /// The options, where the type has them.
    #[prop(optional)]
    options: Vec<FieldOption>,
    /// What is given, both ways.
    values: RwSignal<Vec<Operand>>,
    /// What a value can be looked up in.
    offered: Offered,
    /// The id of a list of suggestions; empty for none.
    #[prop(optional, into)]
    suggested: String,
) -> impl IntoView {
    let error = derived(move || {
        values
            .with(|values| test::fault(kind, op, values))
            .map(str::to_owned)
    });
    // Where nothing waits for it, a rule that lacks something is simply left out.
    let waits = use_context::<Faults>().is_some();
    Faults::watch(error);
    let inputs = match op.arity() {
        0 => ().into_any(),
        usize::MAX if takes_choices(kind, op) => {
            view! { <Options options=test::choices(op, options) values=values/> }.into_any()
        }
        usize::MAX => view! { <List values=values suggested=suggested/> }.into_any(),
        many => (0..many)
            .map(|at| {
                let label = match (takes_days(op), many, at) {
                    (true, ..) => "Days",
                    (_, 2, 0) => "From",
                    (_, 2, _) => "To",
                    _ => "Value",
                };
                let suggested = suggested.clone();
                let offered = if takes_days(op) { Offered::default() } else { offered };
                view! { <Slot kind=kind op=op at=at label=label values=values offered=offered suggested=suggested/> }
            })
            .collect_view()
            .into_any(),
    };
    let said = move || {
        let error = error.get().filter(|_| waits);
        error.map(|error| view! { <p class="field-error"><Glyph icon=Icon::Warning/>{error}</p> })
    };
    view! {
        <div class="filter-value">{inputs}</div>
        {said}
    }
}

/// The options of a field, to be ticked.
#[component]
fn Options(
    /// The options.
    options: Vec<FieldOption>,
    /// The ids of those ticked.
    values: RwSignal<Vec<Operand>>,
) -> impl IntoView {
    let row = |option: FieldOption| {
        view! { <Tick key=Operand::Text(option.id) label=option.name ticked=values/> }
    };
    let boxes = options.into_iter().map(row).collect_view();
    view! { <div class="filter-options" role="group" aria-label="Options">{boxes}</div> }
}

/// A list of texts in one input; what is looked up elsewhere stays beside them.
#[component]
fn List(
    /// What is given, both ways.
    values: RwSignal<Vec<Operand>>,
    /// The id of a list of suggestions; empty for none.
    suggested: String,
) -> impl IntoView {
    let get = |values: &Vec<Operand>| {
        let texts = values.iter().filter_map(|value| match value {
            Operand::Text(text) => Some(text.clone()),
            _ => None,
        });
        texts.collect::<Vec<_>>()
    };
    let set = |values: &mut Vec<Operand>, texts: Vec<String>| {
        values.retain(|value| !matches!(value, Operand::Text(_)));
        values.splice(0..0, texts.into_iter().map(Operand::Text));
    };
    let texts = part(values, get, set);
    let show = |texts: &Vec<String>| texts.join(", ");
    let Typed { text, .. } = typed(texts, show, |text| Ok(test::split_list(text)));
    view! {
        <input
            class="input"
            type="text"
            aria-label="Values, split by commas"
            placeholder="One, two, three"
            autocomplete="off"
            list=(!suggested.is_empty()).then_some(suggested)
            prop:value=text
            on:input=move |event| text.set(event_target_value(&event))
        />
    }
}

/// One value: typed, or looked up.
#[component]
fn Slot(
    /// The type of the values tested.
    kind: FieldType,
    /// The test.
    op: Op,
    /// Its place among the values.
    at: usize,
    /// What it is.
    label: &'static str,
    /// What is given, both ways.
    values: RwSignal<Vec<Operand>>,
    /// What a value can be looked up in.
    offered: Offered,
    /// The id of a list of suggestions; empty for none.
    suggested: String,
) -> impl IntoView {
    let nothing = || Operand::Text(String::new());
    let get = move |values: &Vec<Operand>| values.get(at).cloned().unwrap_or_else(nothing);
    let set = move |values: &mut Vec<Operand>, new: Operand| {
        if let Some(value) = values.get_mut(at) {
            *value = new;
        }
    };
    let value = part(values, get, set);
    let source = memo(move |_| {
        value.with(|value| match value {
            Operand::Text(_) => "value",
            Operand::Trigger(_) => "event",
            Operand::Field(_) => "field",
        })
    });
    let attributes: Vec<Attribute> = ATTRIBUTES
        .iter()
        .filter(|(.., other)| offered.event && test::comparable(*other, kind))
        .map(|(attribute, ..)| *attribute)
        .collect();
    let first = attributes.first().copied();
    // What was given stays among the choices, also where it would not be offered.
    let now = source.get_untracked();
    let mut sources = vec![("value", "the value")];
    if first.is_some() || now == "event" {
        sources.push(("event", "the triggering event’s"));
    }
    if offered.fields || now == "field" {
        sources.push(("field", "the contact’s"));
    }
    let choosing = sources.len() > 1;
    let picked = move |event| {
        value.set(match (event_target_value(&event).as_str(), first) {
            ("event", Some(first)) => Operand::Trigger(first),
            ("field", _) => Operand::Field(NO_FIELD),
            _ => nothing(),
        });
    };
    let input = move || match source.get() {
        "event" => view! { <OfEvent value=value attributes=attributes.clone()/> }.into_any(),
        "field" => view! { <OfField value=value kind=kind/> }.into_any(),
        _ => view! { <Text kind=kind op=op label=label value=value suggested=suggested.clone()/> }.into_any(),
    };
    view! {
        {(at == 1).then(|| view! { <span class="soft">"and"</span> })}
        {choosing.then(|| view! {
            <select class="input behaviour-source" aria-label=format!("{label} from") on:change=picked>
                {sources.into_iter().map(|(key, label)| view! {
                    <option value=key prop:selected=move || source.get() == key>{label}</option>
                }).collect_view()}
            </select>
        })}
        {input}
    }
}

/// An attribute of the triggering event.
#[component]
fn OfEvent(
    /// The value, both ways.
    value: RwSignal<Operand>,
    /// The attributes that can be chosen.
    attributes: Vec<Attribute>,
) -> impl IntoView {
    let options = attributes
        .into_iter()
        .map(|one| {
            let chosen = move || value.with(|value| *value == Operand::Trigger(one));
            view! { <option value=one.word() prop:selected=chosen>{one.label()}</option> }
        })
        .collect_view();
    let changed = move |event| {
        if let Some(attribute) = Attribute::parse(&event_target_value(&event)) {
            value.set(Operand::Trigger(attribute));
        }
    };
    view! { <select class="input" aria-label="Attribute of the triggering event" on:change=changed>{options}</select> }
}

/// A field of the contact.
#[component]
fn OfField(
    /// The value, both ways.
    value: RwSignal<Operand>,
    /// The type that it is compared with.
    kind: FieldType,
) -> impl IntoView {
    let app = use_app();
    let field = memo(move |_| {
        value.with(|value| match value {
            Operand::Field(field) => *field,
            _ => NO_FIELD,
        })
    });
    let choices = memo(move |_| {
        app.overview.with(|overview| {
            let fields = overview.fields.iter().map(|field| &field.def);
            let mut choices: Vec<Choice> = fields
                .filter(|def| test::comparable(def.kind, kind))
                .map(|def| Choice::new(def.id.to_string(), def.name.clone()))
                .collect();
            crate::ui::keep_field(&mut choices, field.get());
            choices
        })
    });
    let pick = move |key: String| {
        if let Ok(field) = key.parse::<FieldId>() {
            value.set(Operand::Field(field));
        }
    };
    let missing = derived(move || (field.get() == NO_FIELD).then(|| "Choose a field".to_owned()));
    Faults::watch(missing);
    view! {
        <Combobox
            label="Field of the contact"
            choices=choices
            value=derived(move || field.get().to_string())
            placeholder="Choose a field…"
            on_pick=pick
        />
    }
}

/// A value that is typed or chosen.
#[component]
fn Text(
    /// The type of the values tested.
    kind: FieldType,
    /// The test.
    op: Op,
    /// What it is.
    label: &'static str,
    /// The value, both ways.
    value: RwSignal<Operand>,
    /// The id of a list of suggestions; empty for none.
    suggested: String,
) -> impl IntoView {
    let text = memo(move |_| {
        value.with(|value| match value {
            Operand::Text(text) => text.clone(),
            _ => String::new(),
        })
    });
    let set = move |event| value.set(Operand::Text(event_target_value(&event)));
    if kind == FieldType::Boolean {
        let chosen = move |word: &'static str| move || text.with(|text| text == word);
        return view! {
            <select class="input" aria-label=label on:change=set>
                <option value="true" prop:selected=chosen("true")>"Yes"</option>
                <option value="false" prop:selected=chosen("false")>"No"</option>
            </select>
        }
        .into_any();
    }
    let input = match kind {
        _ if takes_days(op) => "number",
        FieldType::Day | FieldType::Instant => "date",
        _ => "text",
    };
    view! {
        <input
            class="input"
            type=input
            min=takes_days(op).then_some("0")
            aria-label=label
            autocomplete="off"
            list=(!suggested.is_empty() && !takes_list(kind, op)).then_some(suggested)
            prop:value=text
            on:input=set
        />
    }
    .into_any()
}
