//! Tests of values: what a test takes, what is wrong with what was given to it, and how it changes.

use model::FieldType;
use model::event::{Attribute, EventRule, Operand};
use model::field::FieldOption;
use model::query::{Op, WEEKDAYS};

/// Whether a test takes a list of texts, typed into one input.
pub fn takes_list(kind: FieldType, op: Op) -> bool {
    op.arity() == usize::MAX && !takes_choices(kind, op)
}

/// Whether a test takes some of several things, to be ticked.
pub fn takes_choices(kind: FieldType, op: Op) -> bool {
    op == Op::Weekday || op.arity() == usize::MAX && kind.has_options()
}

/// What there is to be ticked: the weekdays, or else the options of the field.
pub fn choices(op: Op, options: Vec<FieldOption>) -> Vec<FieldOption> {
    let weekday = |(at, name): (usize, &str)| FieldOption {
        id: (at + 1).to_string(),
        name: name.to_owned(),
    };
    match op {
        Op::Weekday => WEEKDAYS.into_iter().enumerate().map(weekday).collect(),
        _ => options,
    }
}

/// What a value of a test is called: a weekday by its name.
pub fn value_word(op: Op, value: &str) -> &str {
    let weekday = || {
        WEEKDAYS
            .get(value.parse::<usize>().ok()?.checked_sub(1)?)
            .copied()
    };
    match op {
        Op::Weekday => weekday().unwrap_or(value),
        _ => value,
    }
}

/// Whether a test takes a number of days.
pub fn takes_days(op: Op) -> bool {
    matches!(op, Op::LastDays | Op::NextDays | Op::AnniversaryInDays)
}

/// The texts of a typed list: split at commas, semicolons and line ends.
pub fn split_list(text: &str) -> Vec<String> {
    text.split([',', ';', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What a test is given before anything was typed.
pub fn blank(kind: FieldType, op: Op) -> Vec<Operand> {
    let text = |text: &str| Operand::Text(text.to_owned());
    match op.arity() {
        usize::MAX => Vec::new(),
        1 if kind == FieldType::Boolean => vec![text("true")],
        many => vec![text(""); many],
    }
}

/// The first test that makes sense for a type.
pub fn first_op(kind: FieldType) -> Op {
    // Every type has tests.
    Op::of(kind).first().copied().unwrap_or(Op::NotEmpty)
}

/// Changes a test of values of a type; what was given stays where the new test takes as much.
pub fn set_op(kind: FieldType, op: &mut Op, values: &mut Vec<Operand>, new: Op) {
    let same = |test: fn(Op) -> bool| test(new) == test(*op);
    if new.arity() != op.arity() || !same(takes_days) || !same(|op| op == Op::Weekday) {
        *values = blank(kind, new);
    }
    *op = new;
}

/// A rule about an attribute about which nothing was said yet; a text mostly means the whole value.
pub fn new_rule(attribute: Attribute) -> EventRule {
    let kind = attribute.kind();
    let op = match kind {
        FieldType::Text if attribute != Attribute::Text => Op::Is,
        kind if kind.is_number() => Op::AtLeast,
        kind => first_op(kind),
    };
    let values = blank(kind, op);
    EventRule {
        attribute,
        op,
        values,
    }
}

/// What is wrong with a text that a value of a type is tested against; none where nothing is.
pub fn text_fault(kind: FieldType, op: Op, text: &str) -> Option<&'static str> {
    let text = text.trim();
    match kind {
        _ if text.is_empty() => Some("Give a value"),
        _ if takes_days(op) => text.parse::<u32>().err().map(|_| "A whole number of days"),
        FieldType::Integer => text.parse::<i64>().err().map(|_| "A whole number"),
        FieldType::Decimal => decimal(text).is_none().then_some("A number like 59.90"),
        FieldType::Day | FieldType::Instant => super::day::parse(text).is_none().then_some("Choose a day"),
        _ => None,
    }
}

/// What is wrong with what a test was given; none where nothing is.
pub fn fault(kind: FieldType, op: Op, values: &[Operand]) -> Option<&'static str> {
    let enough = match op.arity() {
        usize::MAX => !values.is_empty(),
        many => values.len() == many,
    };
    if !enough {
        return Some(match op {
            Op::Weekday => "Choose a day",
            _ if takes_choices(kind, op) => "Choose an option",
            _ => "Give a value",
        });
    }
    let text = |value: &Operand| match value {
        Operand::Text(_) if takes_choices(kind, op) => None,
        Operand::Text(text) => text_fault(kind, op, text),
        _ => None,
    };
    values.iter().find_map(text).or(match (op, values) {
        (Op::Between, [Operand::Text(from), Operand::Text(to)]) => turned(kind, from.trim(), to.trim()),
        _ => None,
    })
}

/// What is wrong where the first of two bounds is beyond the second.
fn turned(kind: FieldType, from: &str, to: &str) -> Option<&'static str> {
    let turned = match kind {
        FieldType::Integer | FieldType::Decimal => decimal(from) > decimal(to),
        FieldType::Day | FieldType::Instant => super::day::parse(from) > super::day::parse(to),
        _ => false,
    };
    turned.then_some("From is beyond to")
}

/// A decimal number in units of 10⁻¹⁵, as exact as fields have them; none of anything else.
pub fn decimal(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let digit = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digit(whole) || !digit(part) || whole.len() + part.len() > 17 || part.len() > 15 {
        return None;
    }
    let number: i128 = format!("{whole}{part:0<15}").parse().ok()?;
    Some(if negative { -number } else { number })
}

/// Whether values of two types can be compared with each other.
pub fn comparable(one: FieldType, other: FieldType) -> bool {
    let group = |kind: FieldType| match kind {
        FieldType::Integer | FieldType::Decimal => 0,
        FieldType::Day | FieldType::Instant => 1,
        FieldType::Boolean => 2,
        _ => 3,
    };
    group(one) == group(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<Operand> {
        texts
            .iter()
            .map(|text| Operand::Text((*text).to_owned()))
            .collect()
    }

    #[test]
    fn a_test_says_what_it_lacks() {
        use FieldType::*;
        let cases: &[(FieldType, Op, &[&str], Option<&str>)] = &[
            (Text, Op::Is, &["Ana"], None),
            (Text, Op::Is, &[" "], Some("Give a value")),
            (Text, Op::In, &[], Some("Give a value")),
            (Text, Op::In, &["a", "b"], None),
            (Text, Op::Empty, &[], None),
            (Integer, Op::AtLeast, &["3.5"], Some("A whole number")),
            (Decimal, Op::AtLeast, &["3.5"], None),
            (Decimal, Op::AtLeast, &["3,5"], Some("A number like 59.90")),
            (Decimal, Op::Between, &["9", "10.5"], None),
            (Decimal, Op::Between, &["10.50", "9"], Some("From is beyond to")),
            (Day, Op::Is, &["2026-02-30"], Some("Choose a day")),
            (
                Day,
                Op::Between,
                &["2026-02-02", "2026-02-01"],
                Some("From is beyond to"),
            ),
            (Day, Op::LastDays, &["x"], Some("A whole number of days")),
            (Radio, Op::In, &[], Some("Choose an option")),
            (Day, Op::Weekday, &[], Some("Choose a day")),
            (Day, Op::Weekday, &["6", "7"], None),
        ];
        for (kind, op, values, wanted) in cases {
            assert_eq!(
                fault(*kind, *op, &texts(values)),
                *wanted,
                "{kind:?} {op:?} {values:?}"
            );
        }
        let other = [Operand::Trigger(Attribute::Category)];
        assert_eq!(
            fault(Text, Op::Is, &other),
            None,
            "the event's value is looked up later"
        );
    }

    #[test]
    fn what_was_typed_stays_where_the_new_test_takes_as_much() {
        let (mut op, mut values) = (Op::Greater, texts(&["5"]));
        set_op(FieldType::Integer, &mut op, &mut values, Op::Less);
        assert_eq!((op, &values), (Op::Less, &texts(&["5"])));
        set_op(FieldType::Integer, &mut op, &mut values, Op::Between);
        assert_eq!(values, texts(&["", ""]));
        set_op(FieldType::Integer, &mut op, &mut values, Op::Empty);
        assert_eq!(values, texts(&[]));
    }

    #[test]
    fn weekdays_are_ticked_by_name_and_forgotten_with_their_test() {
        let all = choices(Op::Weekday, Vec::new());
        assert_eq!(all.len(), 7);
        assert!(all.iter().all(|day| value_word(Op::Weekday, &day.id) == day.name));
        assert_eq!(value_word(Op::Is, "1"), "1");
        let (mut op, mut values) = (Op::Weekday, texts(&["6"]));
        set_op(FieldType::Day, &mut op, &mut values, Op::Is);
        assert_eq!(values, texts(&[""]));
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(decimal("0.1"), Some(100_000_000_000_000));
        assert_eq!(decimal("-2"), Some(-2_000_000_000_000_000));
        for wrong in ["", ".", "1e5", "1,5", "--1", "1.0000000000000001"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
    }
}
