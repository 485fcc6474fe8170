//! Conditions on what contacts did, as plain values: what is wrong with one, and how it changes with its parts.

use super::test::{self, decimal};
use model::FieldType;
use model::event::{
    Attribute, Behaviour, EventFilter, EventKind, EventRule, Measure, Operand, Origin, Product, Window,
};
use model::query::Op;

/// Whether events of a kind have an amount.
pub fn has_amount(kind: EventKind) -> bool {
    kind.attributes().contains(&Attribute::Total)
}

/// “has purchased”, “was sent an email”.
pub fn has_done(kind: EventKind) -> String {
    match kind.done() {
        passive if passive.starts_with("was ") => passive.to_owned(),
        done => format!("has {done}"),
    }
}

/// The words of a comparison of counts.
pub fn op_label(op: Op) -> &'static str {
    match op {
        Op::AtLeast => "at least",
        Op::AtMost => "at most",
        Op::Is => "exactly",
        Op::IsNot => "not exactly",
        Op::Greater => "more than",
        Op::Less => "less than",
        other => other.label(FieldType::Integer),
    }
}

/// What an attribute of a kind's events is called.
pub fn attribute_label(attribute: Attribute, kind: Option<EventKind>) -> &'static str {
    match (attribute, kind) {
        (Attribute::Text, Some(kind)) => kind.text_label(),
        (attribute, _) => attribute.label(),
    }
}

/// Asks for another kind of event; what that kind does not have goes.
pub fn set_kind(behaviour: &mut Behaviour, kind: EventKind) {
    behaviour.kind = kind;
    if !has_amount(kind) {
        behaviour.measure = Measure::Count;
    }
    keep_known(&mut behaviour.filter, kind);
}

/// Takes the tests of attributes away that events of a kind do not have.
pub fn keep_known(filter: &mut EventFilter, kind: EventKind) {
    let known = kind.attributes();
    filter.rules.retain(|rule| known.contains(&rule.attribute));
}

/// What is wrong with the number that a count or sum is compared with; none where nothing is.
pub fn number_fault(measure: Measure, text: &str) -> Option<&'static str> {
    let text = text.trim();
    match measure {
        Measure::Count => text.parse::<u32>().err().map(|_| "A whole number from 0 on"),
        Measure::Amount => {
            let places = text.split_once('.').map_or(0, |(_, part)| part.len());
            let valid = decimal(text).is_some_and(|number| number >= 0) && places <= 4;
            (!valid).then_some("An amount from 0 on, like 59.90")
        }
    }
}

/// What is wrong with the days of a window; none where nothing is.
pub fn window_fault(window: Window) -> Option<&'static str> {
    match window {
        Window::LastDays(0) => Some("At least 1 day"),
        Window::Between(from, to) if from > to => Some("From is after to"),
        _ => None,
    }
}

/// A condition without the tests of events that lack something; none where the condition itself does.
pub fn complete(behaviour: &Behaviour) -> Option<Behaviour> {
    let wrong = number_fault(behaviour.measure, &behaviour.number).or(window_fault(behaviour.window));
    wrong.is_none().then(|| Behaviour {
        number: behaviour.number.trim().to_owned(),
        filter: complete_filter(&behaviour.filter),
        ..behaviour.clone()
    })
}

/// A filter without the tests that lack something.
fn complete_filter(filter: &EventFilter) -> EventFilter {
    let rules = filter.rules.iter();
    let whole = rules.filter(|rule| test::fault(rule.attribute.kind(), rule.op, &rule.values).is_none());
    EventFilter {
        mode: filter.mode,
        rules: whole.map(trimmed).collect(),
    }
}

fn trimmed(rule: &EventRule) -> EventRule {
    let mut rule = rule.clone();
    trim(&mut rule.values);
    rule
}

/// Takes the spaces around typed texts away.
pub fn trim(values: &mut [Operand]) {
    for value in values {
        if let Operand::Text(text) = value {
            *text = text.trim().to_owned();
        }
    }
}

/// What the catalogue knows as values of an attribute, each once, in order; a product's id with its name.
pub fn suggestions(attribute: Attribute, products: &[Product]) -> Vec<(String, String)> {
    let plain = |text: &String| (text.clone(), String::new());
    let mut found: Vec<(String, String)> = match attribute {
        Attribute::Product => products
            .iter()
            .map(|one| (one.id.clone(), one.name.clone()))
            .collect(),
        Attribute::ProductName => products.iter().map(|one| plain(&one.name)).collect(),
        Attribute::Brand => products.iter().map(|one| plain(&one.brand)).collect(),
        Attribute::Category => {
            let paths = products.iter().flat_map(|one| paths(&one.category));
            paths.map(|path| plain(&path)).collect()
        }
        Attribute::Origin => {
            let origins = [
                Origin::Simulated,
                Origin::Imported,
                Origin::ByHand,
                Origin::Workflow,
            ];
            origins.map(|origin| plain(&origin.label().to_owned())).to_vec()
        }
        _ => Vec::new(),
    };
    found.retain(|(value, _)| !value.is_empty());
    found.sort();
    found.dedup();
    found
}

/// A category and those above it: `Footwear > Trainers` is in `Footwear`, too.
fn paths(category: &str) -> impl Iterator<Item = String> + '_ {
    let above = category
        .match_indices(" > ")
        .filter_map(|(at, _)| category.get(..at));
    above.chain([category]).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::test::new_rule;
    use super::*;

    #[test]
    fn what_another_kind_does_not_have_goes() {
        let mut behaviour = Behaviour {
            measure: Measure::Amount,
            ..Behaviour::once(EventKind::Purchase)
        };
        behaviour.filter.rules = vec![new_rule(Attribute::Total), new_rule(Attribute::Origin)];
        set_kind(&mut behaviour, EventKind::Search);
        assert_eq!(behaviour.measure, Measure::Count);
        assert_eq!(behaviour.filter.rules, [new_rule(Attribute::Origin)]);
    }

    #[test]
    fn the_number_suits_what_is_counted() {
        let cases = [
            (Measure::Count, "0", true),
            (Measure::Count, "3", true),
            (Measure::Count, "2.5", false),
            (Measure::Count, "", false),
            (Measure::Count, "-1", false),
            (Measure::Amount, "59.90", true),
            (Measure::Amount, "0", true),
            (Measure::Amount, "-5", false),
            (Measure::Amount, "1.23456", false),
            (Measure::Amount, "x", false),
        ];
        for (measure, text, right) in cases {
            assert_eq!(number_fault(measure, text).is_none(), right, "{measure:?} {text}");
        }
    }

    #[test]
    fn a_condition_is_complete_without_its_unfinished_tests() {
        let mut behaviour = Behaviour::once(EventKind::Purchase);
        let mut brand = new_rule(Attribute::Brand);
        behaviour.filter.rules = vec![new_rule(Attribute::Category), brand.clone()];
        assert_eq!(complete(&behaviour), Some(Behaviour::once(EventKind::Purchase)));
        brand.values = vec![Operand::Text(" Olmo ".to_owned())];
        behaviour.filter.rules = vec![brand];
        let rules = complete(&behaviour).map(|whole| whole.filter.rules);
        assert_eq!(
            rules.unwrap_or_default()[0].values,
            [Operand::Text("Olmo".to_owned())]
        );
        behaviour.window = Window::Between(5, 4);
        assert_eq!(complete(&behaviour), None);
    }

    #[test]
    fn categories_are_suggested_with_those_above_them() {
        let product = |category: &str| Product {
            category: category.to_owned(),
            ..Product::default()
        };
        let products = [
            product("Footwear > Trainers"),
            product("Footwear > Boots"),
            product(""),
        ];
        let found: Vec<String> = suggestions(Attribute::Category, &products)
            .into_iter()
            .map(|(value, _)| value)
            .collect();
        assert_eq!(found, ["Footwear", "Footwear > Boots", "Footwear > Trainers"]);
        assert!(suggestions(Attribute::Total, &products).is_empty());
    }
}
