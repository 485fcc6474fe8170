//! Whose value **Check value** tests.

use crate::behaviour::test::{blank, first_op};
use crate::ui::Choice;
use model::FieldType;
use model::event::ATTRIBUTES;
use model::event::Attribute;
use model::message::Overview;
use model::workflow::node::{CheckRule, NO_FIELD, Subject};

/// What the program knows a subject by.
pub fn key(subject: Subject) -> String {
    match subject {
        Subject::Field(field) => format!("field:{field}"),
        Subject::Trigger(attribute) => format!("trigger:{}", attribute.word()),
        Subject::Latest(attribute) => format!("latest:{}", attribute.word()),
    }
}

/// The subject of a key; none where it is none.
pub fn parse(key: &str) -> Option<Subject> {
    let (source, name) = key.split_once(':')?;
    match source {
        "field" => name.parse().ok().map(Subject::Field),
        "trigger" => Attribute::parse(name).map(Subject::Trigger),
        "latest" => Attribute::parse(name).map(Subject::Latest),
        _ => None,
    }
}

/// The type of a subject's values; a deleted field's are tested as texts.
pub fn kind(subject: Subject, overview: &Overview) -> FieldType {
    match subject {
        Subject::Trigger(attribute) | Subject::Latest(attribute) => attribute.kind(),
        Subject::Field(id) => {
            let mut fields = overview.fields.iter();
            let field = fields.find(|field| field.def.id == id);
            field.map_or(FieldType::Text, |field| field.def.kind)
        }
    }
}

/// A rule about a subject about which nothing was said yet.
pub fn new_rule(subject: Subject, kind: FieldType) -> CheckRule {
    let op = first_op(kind);
    CheckRule {
        subject,
        op,
        values: blank(kind, op),
    }
}

/// Everything that can be tested: fields first, then attributes of events.
pub fn choices(chosen: Subject, overview: &Overview) -> Vec<Choice> {
    let choice = |subject, label, detail: &str| Choice {
        key: key(subject),
        label,
        detail: detail.to_owned(),
    };
    let fields = overview.fields.iter().map(|field| &field.def);
    let fields = fields.map(|def| choice(Subject::Field(def.id), def.name.clone(), "Contact"));
    let of = |which: fn(Attribute) -> Subject, words: &'static str| {
        let one = move |(attribute, _, label, _): &(Attribute, &str, &str, FieldType)| {
            choice(which(*attribute), format!("{label} of the {words}"), "Event")
        };
        ATTRIBUTES.iter().map(one)
    };
    let triggering = of(Subject::Trigger, "triggering event");
    let latest = of(Subject::Latest, "latest event");
    let mut choices: Vec<Choice> = fields.chain(triggering).chain(latest).collect();
    let deleted = |choices: &[Choice]| !choices.iter().any(|one| one.key == key(chosen));
    if chosen != Subject::Field(NO_FIELD) && deleted(&choices) {
        choices.push(choice(chosen, "Deleted field".to_owned(), ""));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::FieldId;
    use model::query::Op;

    #[test]
    fn a_subject_comes_back_from_its_key() {
        for subject in [
            Subject::Field(FieldId(7)),
            Subject::Trigger(Attribute::Total),
            Subject::Latest(Attribute::Category),
        ] {
            assert_eq!(parse(&key(subject)), Some(subject));
        }
        for wrong in ["", "field", "field:x", "trigger:nothing", "other:total"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_deleted_field_stays_among_the_choices() {
        let overview = Overview::default();
        let field = Subject::Field(FieldId(99));
        let labels = |chosen| {
            let last = choices(chosen, &overview).pop();
            last.map(|choice| choice.label).unwrap_or_default()
        };
        assert_eq!(labels(field), "Deleted field");
        assert_eq!(labels(Subject::Field(NO_FIELD)), "Origin of the latest event");
    }

    #[test]
    fn a_new_rule_takes_the_first_test_of_its_type() {
        let rule = new_rule(Subject::Trigger(Attribute::Total), FieldType::Decimal);
        assert_eq!((rule.op, rule.values.len()), (Op::Is, 1));
    }
}
