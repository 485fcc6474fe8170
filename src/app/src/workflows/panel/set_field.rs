//! The settings of **Set field**.

use super::pick::{FieldPick, field_def};
use crate::behaviour::test::{comparable, decimal, text_fault};
use crate::contacts::{Control, ValueInput};
use crate::state::use_app;
use crate::ui::reactive::{derived, field_part, memo, part, variant_part};
use crate::ui::{Checkbox, Choice, Faults, SelectField, TextField, Typed, typed};
use leptos::prelude::*;
use model::event::{ATTRIBUTES, Attribute};
use model::field::{EMAIL, EXTERNAL_ID, NEWSLETTER_STATUS, SMS_STATUS, Status};
use model::query::Op;
use model::workflow::node::{NO_FIELD, NewValue, SetField};
use model::{FieldDef, FieldType};

/// Whether a workflow may write a field; keys say who somebody is.
fn writable(def: &FieldDef) -> bool {
    def.status != Status::ReadOnly && ![EMAIL, EXTERNAL_ID].contains(&def.id)
}

/// Where a new value can come from: key, words, and for which types.
type NewSource = (&'static str, &'static str, fn(FieldType) -> bool);

const SOURCES: [NewSource; 9] = [
    ("literal", "This value", |_| true),
    ("event", "An attribute of the latest event", |kind| {
        ATTRIBUTES.iter().any(|(.., one)| fits(*one, kind))
    }),
    ("field", "The value of another field", |_| true),
    ("now", "The present moment", |kind| {
        matches!(kind, FieldType::Day | FieldType::Instant)
    }),
    ("clear", "No value", |_| true),
    ("plus", "Its value plus a number", |kind| {
        matches!(kind, FieldType::Integer | FieldType::Decimal)
    }),
    ("minus", "Its value minus a number", |kind| {
        matches!(kind, FieldType::Integer | FieldType::Decimal)
    }),
    ("add", "Its options and another one", |kind| {
        kind == FieldType::Checkbox
    }),
    ("remove", "Its options without one", |kind| {
        kind == FieldType::Checkbox
    }),
];

/// Whether an attribute's value can be one of a field.
fn fits(attribute: FieldType, field: FieldType) -> bool {
    field == FieldType::Text || comparable(attribute, field)
}

/// The key of a source.
fn source_key(value: &NewValue) -> String {
    match value {
        NewValue::Literal(_) => "literal",
        NewValue::Event(_) => "event",
        NewValue::Field(_) => "field",
        NewValue::Now => "now",
        NewValue::Clear => "clear",
        NewValue::Plus(number) if number.starts_with('-') => "minus",
        NewValue::Plus(_) => "plus",
        NewValue::AddOption(_) => "add",
        NewValue::RemoveOption(_) => "remove",
    }
    .to_owned()
}

/// A new value from a source, about which nothing was said yet.
fn begin(source: &str) -> NewValue {
    match source {
        "event" => NewValue::Event(Attribute::Total),
        "field" => NewValue::Field(NO_FIELD),
        "now" => NewValue::Now,
        "clear" => NewValue::Clear,
        "plus" => NewValue::Plus("1".to_owned()),
        "minus" => NewValue::Plus("-1".to_owned()),
        "add" => NewValue::AddOption(String::new()),
        "remove" => NewValue::RemoveOption(String::new()),
        _ => NewValue::Literal(String::new()),
    }
}

/// What a field of a type begins with, after a value for another one: the same source, if it suits.
fn suited(value: &NewValue, kind: FieldType) -> NewValue {
    let source = source_key(value);
    let suits = SOURCES.iter().any(|(key, _, of)| *key == source && of(kind));
    match value {
        NewValue::Literal(_) | NewValue::AddOption(_) | NewValue::RemoveOption(_) if suits => begin(&source),
        other if suits => other.clone(),
        _ => begin("literal"),
    }
}

/// What is wrong with a typed new value; none where nothing is.
fn literal_fault(kind: FieldType, text: &str) -> Option<&'static str> {
    match kind {
        _ if text.trim().is_empty() => Some("Give a value, or choose No value"),
        // A moment has a time, too; its input gives nothing that is none.
        FieldType::Instant => None,
        kind => text_fault(kind, Op::Is, text),
    }
}

/// A number to add, greater than 0, or what is wrong with it.
fn amount(kind: FieldType, text: &str) -> Result<String, String> {
    let text = text.trim();
    let valid = text_fault(kind, Op::Is, text).is_none() && decimal(text).is_some_and(|number| number > 0);
    match kind {
        _ if valid => Ok(text.to_owned()),
        FieldType::Integer => Err("A whole number from 1 on".to_owned()),
        _ => Err("A number greater than 0, like 0.5".to_owned()),
    }
}

/// **Set field**
#[component]
pub fn SetFieldForm(
    /// The settings.
    value: RwSignal<SetField>,
) -> impl IntoView {
    let app = use_app();
    let field = part(
        value,
        |set| set.field,
        move |set, new| {
            set.field = new;
            if let Some(def) = untrack(|| field_def(app, new)) {
                set.value = suited(&set.value, def.kind);
            }
        },
    );
    let def = memo(move |_| field_def(app, field.get()));
    let new = field_part!(value, value);
    let key = part(new, source_key, |new, key| *new = begin(&key));
    let sources = memo(move |_| {
        let kind = def.with(|def| def.as_ref().map(|def| def.kind));
        let (kind, now) = (kind.unwrap_or(FieldType::Text), key.get());
        let offered = SOURCES.iter().filter(|(known, _, of)| of(kind) || *known == now);
        offered
            .map(|(key, label, _)| Choice::new(*key, *label))
            .collect::<Vec<_>>()
    });
    let shape = memo(move |_| (new.with(source_key), def.get()));
    let input = move || {
        let (_, def) = shape.get();
        def.map(|def| view! { <NewValueInput value=new def=def/> })
    };
    let status = derived(move || [NEWSLETTER_STATUS, SMS_STATUS].contains(&field.get()));
    view! {
        <FieldPick label="Field" value=field offered=writable/>
        <SelectField label="New value" choices=sources value=key/>
        {input}
        <Checkbox label="Only if empty" value=field_part!(value, only_if_empty) hint="A value that is there stays"/>
        <Show when=move || status.get()>
            <p class="field-hint">"Contacts who unsubscribed stay so, whatever the new value is"</p>
        </Show>
    }
}

/// What the source of a new value needs.
#[component]
fn NewValueInput(
    /// The new value.
    value: RwSignal<NewValue>,
    /// The field.
    def: FieldDef,
) -> impl IntoView {
    match value.get_untracked() {
        NewValue::Literal(text) => {
            let text = variant_part!(value, NewValue::Literal, text);
            let kind = def.kind;
            let error = derived(move || text.with(|text| literal_fault(kind, text)).map(str::to_owned));
            Faults::watch(error);
            let def = FieldDef {
                name: "Value".to_owned(),
                required: false,
                ..def
            };
            let control = Control {
                error,
                ..Control::default()
            };
            view! { <ValueInput field=def value=text control=control framed=true/> }.into_any()
        }
        NewValue::Event(_) => {
            let of = ATTRIBUTES.iter().filter(|(.., kind)| fits(*kind, def.kind));
            let choices: Vec<Choice> = of.map(|(_, word, label, _)| Choice::new(*word, *label)).collect();
            let word = part(
                value,
                |value| match value {
                    NewValue::Event(attribute) => attribute.word().to_owned(),
                    _ => String::new(),
                },
                |value, word| {
                    if let (NewValue::Event(attribute), Some(new)) = (value, Attribute::parse(&word)) {
                        *attribute = new;
                    }
                },
            );
            // Not every attribute suits every field.
            if let Some(first) = choices.first()
                && !choices
                    .iter()
                    .any(|choice| word.with_untracked(|word| choice.key == *word))
            {
                word.set(first.key.clone());
            }
            view! {
                <SelectField
                    label="Attribute"
                    choices=choices
                    value=word
                    hint="Of the event that ended the last wait, else of the one that started the pass"
                />
            }
            .into_any()
        }
        NewValue::Field(field) => {
            let field = variant_part!(value, NewValue::Field, field);
            view! {
                <FieldPick label="Other field" value=field offered=|_| true hint="Its value must fit the field’s type"/>
            }
            .into_any()
        }
        NewValue::Plus(_) => view! { <Plus value=value kind=def.kind/> }.into_any(),
        NewValue::AddOption(option) => {
            view! { <OptionPick value=variant_part!(value, NewValue::AddOption, option) def=def/> }.into_any()
        }
        NewValue::RemoveOption(option) => {
            view! { <OptionPick value=variant_part!(value, NewValue::RemoveOption, option) def=def/> }
                .into_any()
        }
        NewValue::Now | NewValue::Clear => ().into_any(),
    }
}

/// A number that is added or taken off.
#[component]
fn Plus(
    /// The new value.
    value: RwSignal<NewValue>,
    /// The field's type.
    kind: FieldType,
) -> impl IntoView {
    let number = part(
        value,
        |value| match value {
            NewValue::Plus(number) => number.trim_start_matches('-').to_owned(),
            _ => String::new(),
        },
        |value, new| {
            if let NewValue::Plus(number) = value {
                let sign = if number.starts_with('-') { "-" } else { "" };
                *number = format!("{sign}{new}");
            }
        },
    );
    let Typed { text, error } = typed(number, String::clone, move |text| amount(kind, text));
    view! { <TextField label="Number" value=text error=error hint="An empty value counts as 0"/> }
}

/// One of the field's options.
#[component]
fn OptionPick(
    /// The option's id.
    value: RwSignal<String>,
    /// The field.
    def: FieldDef,
) -> impl IntoView {
    let options: Vec<Choice> = def
        .options
        .iter()
        .map(|option| Choice::new(&option.id, &option.name))
        .collect();
    let known: Vec<String> = def.options.into_iter().map(|option| option.id).collect();
    let choices = memo(move |_| {
        let (mut choices, now) = (options.clone(), value.get());
        if !choices.iter().any(|choice| choice.key == now) {
            let label = if now.is_empty() {
                "Choose an option…"
            } else {
                "Deleted option"
            };
            choices.insert(0, Choice::new(now, label));
        }
        choices
    });
    let error = derived(move || {
        let right = value.with(|now| known.contains(now));
        (!right).then(|| "Choose an option".to_owned())
    });
    Faults::watch(error);
    view! { <SelectField label="Option" choices=choices value=value error=error/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_begins_as_itself() {
        for (key, ..) in SOURCES {
            assert_eq!(source_key(&begin(key)), key);
        }
    }

    #[test]
    fn a_source_stays_where_the_new_field_can_take_it() {
        let cases = [
            (NewValue::Now, FieldType::Instant, NewValue::Now),
            (NewValue::Now, FieldType::Text, NewValue::Literal(String::new())),
            (
                NewValue::Plus("-3".into()),
                FieldType::Decimal,
                NewValue::Plus("-3".into()),
            ),
            (
                NewValue::Event(Attribute::Brand),
                FieldType::Boolean,
                NewValue::Literal(String::new()),
            ),
            (
                NewValue::Plus("3".into()),
                FieldType::Boolean,
                NewValue::Literal(String::new()),
            ),
            (
                NewValue::Literal("x".into()),
                FieldType::Integer,
                NewValue::Literal(String::new()),
            ),
            (
                NewValue::AddOption("s".into()),
                FieldType::Checkbox,
                NewValue::AddOption(String::new()),
            ),
        ];
        for (before, kind, after) in cases {
            assert_eq!(suited(&before, kind), after, "{before:?}");
        }
    }

    #[test]
    fn a_number_to_add_is_greater_than_nothing() {
        assert_eq!(amount(FieldType::Integer, " 5 "), Ok("5".to_owned()));
        assert_eq!(amount(FieldType::Decimal, "0.5"), Ok("0.5".to_owned()));
        for (kind, wrong) in [
            (FieldType::Integer, "0"),
            (FieldType::Integer, "1.5"),
            (FieldType::Integer, "-2"),
            (FieldType::Decimal, ""),
            (FieldType::Decimal, "x"),
        ] {
            assert!(amount(kind, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_suits_its_field() {
        let cases = [
            (FieldType::Text, "Madrid", None),
            (FieldType::Text, " ", Some("Give a value, or choose No value")),
            (FieldType::Integer, "1.5", Some("A whole number")),
            (FieldType::Day, "2026-02-30", Some("Choose a day")),
            (FieldType::Instant, "2026-10-02T16:13:00Z", None),
            (FieldType::Checkbox, "s|m", None),
        ];
        for (kind, text, wanted) in cases {
            assert_eq!(literal_fault(kind, text), wanted, "{text}");
        }
    }
}
