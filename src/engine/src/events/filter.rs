//! Tests of an event's attributes.

use super::Verdicts;
use super::log::{Log, Row};
use super::read::{Scale, category, field_value, numbers, product_number, product_text, texts};
use crate::column::Cell;
use crate::refused::Refused;
use crate::text::fold;
use crate::value::{Parsed, Parser};
use crate::workspace::Workspace;
use model::event::{Attribute, EventFilter, EventRule, Operand, Product};
use model::{FieldDef, FieldId, FieldType, Mode, Op, Status};
use std::cell::RefCell;

/// A filter of events, ready to be asked often.
#[derive(Clone, Debug, Default)]
pub struct CompiledFilter {
    mode: Mode,
    tests: Vec<Test>,
}

/// Gives a contact's value of a field.
pub type FieldOf<'a> = &'a dyn Fn(FieldId) -> Cell;

/// One test: whether any of the attribute's values stands to the operands as the comparison wants, or none does.
#[derive(Clone, Debug)]
struct Test {
    attribute: Attribute,
    /// A comparison that is not negated; `In` is `Is`.
    op: Op,
    negated: bool,
    wanted: Vec<Wanted>,
    /// Whether no operand depends on the event that started the pass or on the contact.
    fixed: bool,
    /// What is known of products, for fixed tests.
    known: Verdicts,
}

/// What an attribute's value is compared with.
#[derive(Clone, Debug)]
enum Wanted {
    /// A text, folded.
    Text(String),
    /// A number, see [`Scale`].
    Number(i128),
    /// An attribute of the event that started the pass.
    Trigger(Attribute),
    /// The contact's value of a field.
    Field(FieldDef),
}

/// What an event is asked with: the event that started the pass, and the contact's values.
#[derive(Clone, Copy)]
struct Around<'a> {
    trigger: Option<Row<'a>>,
    field: FieldOf<'a>,
}

impl CompiledFilter {
    /// Makes a filter ready.
    ///
    /// # Errors
    /// [`Refused`] where a value is none of its attribute's, or a field does not exist.
    pub fn new(workspace: &Workspace, filter: &EventFilter) -> Result<CompiledFilter, Refused> {
        let tests = filter.rules.iter().map(|rule| Test::new(workspace, rule));
        Ok(CompiledFilter {
            mode: filter.mode,
            tests: tests.collect::<Result<_, _>>()?,
        })
    }

    /// Whether every event passes.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// Whether the event of a row passes; `trigger` is the row of the event that started the pass.
    pub fn passes(&self, log: &Log, row: u32, trigger: Option<u32>, field: FieldOf<'_>) -> bool {
        self.is_empty() || self.passes_row(log.row(row), trigger, field)
    }

    /// Whether an event passes; `trigger` is the row of the event that started the pass.
    pub(super) fn passes_row(&self, row: Row<'_>, trigger: Option<u32>, field: FieldOf<'_>) -> bool {
        if self.is_empty() {
            return true;
        }
        let trigger = trigger.map(|trigger| row.log.row(trigger));
        let around = Around { trigger, field };
        let mut holds = self.tests.iter().map(|test| test.holds(row, around));
        match self.mode {
            Mode::All => holds.all(|holds| holds),
            Mode::Any => holds.any(|holds| holds),
            Mode::None => !holds.any(|holds| holds),
        }
    }
}

/// The refusal of a rule about an attribute.
fn refused(attribute: Attribute, reason: String) -> Refused {
    Refused::Value {
        key: attribute.word().to_owned(),
        field: attribute.label().to_owned(),
        reason,
    }
}

impl Test {
    fn new(workspace: &Workspace, rule: &EventRule) -> Result<Test, Refused> {
        let attribute = rule.attribute;
        let kind = attribute.kind();
        if !Op::of(kind).contains(&rule.op) {
            let label = rule.op.label(kind);
            return Err(refused(attribute, format!("“{label}” can’t be asked of it")));
        }
        let arity = rule.op.arity();
        if rule.values.len() != arity && (arity != usize::MAX || rule.values.is_empty()) {
            let label = rule.op.label(kind);
            return Err(refused(attribute, format!("“{label}” needs a value")));
        }
        let wanted = rule
            .values
            .iter()
            .map(|value| Wanted::new(workspace, attribute, value));
        let mut wanted: Vec<Wanted> = wanted.collect::<Result<_, _>>()?;
        let (op, negated) = match rule.op {
            Op::IsNot | Op::NotIn => (Op::Is, true),
            Op::In => (Op::Is, false),
            Op::ContainsNot => (Op::Contains, true),
            Op::Empty => (Op::NotEmpty, true),
            op => (op, false),
        };
        if op == Op::Is {
            wanted.retain(|one| !matches!(one, Wanted::Text(text) if text.is_empty()));
        }
        Ok(Test {
            attribute,
            op,
            negated,
            fixed: wanted
                .iter()
                .all(|one| matches!(one, Wanted::Text(_) | Wanted::Number(_))),
            wanted,
            known: Verdicts::default(),
        })
    }

    fn holds(&self, row: Row<'_>, around: Around<'_>) -> bool {
        let found = match self.fixed {
            true => self.found(row, &self.wanted),
            false => self.found(row, &self.wanted_now(around)),
        };
        found != self.negated
    }

    /// The operands with what they stand for in this pass; of several values each is one.
    fn wanted_now(&self, around: Around<'_>) -> Vec<Wanted> {
        let mut now = Vec::new();
        let number = self.attribute.kind() != FieldType::Text;
        for wanted in &self.wanted {
            match (wanted, around.trigger) {
                (Wanted::Trigger(attribute), Some(row)) if number => {
                    numbers(row, *attribute, &mut |number| {
                        now.push(Wanted::Number(number));
                        false
                    });
                }
                (Wanted::Trigger(attribute), Some(row)) => {
                    texts(row, *attribute, &mut |text| {
                        now.push(Wanted::text(self.attribute, text));
                        false
                    });
                }
                (Wanted::Trigger(_), None) => {}
                (Wanted::Field(def), _) => {
                    field_value(def, &(around.field)(def.id), &mut |text| {
                        now.extend(match number {
                            true => Scale::parse(text).map(Wanted::Number),
                            false => Some(Wanted::text(self.attribute, text)),
                        });
                    });
                }
                (fixed, _) => now.push(fixed.clone()),
            }
        }
        now
    }

    /// Whether any of the attribute's values stands to the operands as the comparison wants.
    fn found(&self, row: Row<'_>, wanted: &[Wanted]) -> bool {
        match self.attribute {
            Attribute::Product
            | Attribute::ProductName
            | Attribute::Category
            | Attribute::Brand
            | Attribute::Discount
            | Attribute::Stock => row
                .with_items()
                .any(|item| self.product(item.log, item.product(), wanted)),
            Attribute::Total | Attribute::Quantity | Attribute::UnitPrice => {
                numbers(row, self.attribute, &mut |number| self.number(number, wanted))
            }
            Attribute::OrderId | Attribute::PaymentMethod | Attribute::Text | Attribute::Origin => {
                texts(row, self.attribute, &mut |text| self.text(text, wanted))
            }
        }
    }

    /// Whether a product's value stands so; of a fixed test that is worked out once for each product.
    fn product(&self, log: &Log, number: u32, wanted: &[Wanted]) -> bool {
        let found = |product: &Product| match product_number(product, self.attribute) {
            Some(number) => self.number(number, wanted),
            None => self.text(product_text(product, self.attribute), wanted),
        };
        match self.fixed {
            true => self.known.of(log, number, found),
            false => log.product(number).is_some_and(found),
        }
    }

    fn number(&self, number: i128, wanted: &[Wanted]) -> bool {
        let mut asked = wanted.iter().filter_map(|one| match one {
            Wanted::Number(number) => Some(*number),
            _ => None,
        });
        match self.op {
            Op::NotEmpty => true,
            Op::Is => asked.any(|one| number == one),
            Op::Less => asked.any(|one| number < one),
            Op::AtMost => asked.any(|one| number <= one),
            Op::Greater => asked.any(|one| number > one),
            Op::AtLeast => asked.any(|one| number >= one),
            Op::Between => match (asked.next(), asked.next()) {
                (Some(one), Some(other)) => (one.min(other)..=one.max(other)).contains(&number),
                _ => false,
            },
            _ => false,
        }
    }

    fn text(&self, text: &str, wanted: &[Wanted]) -> bool {
        thread_local! {
            /// Events are many and their texts short: the room for folding them is made once.
            static FOLDED: RefCell<String> = const { RefCell::new(String::new()) };
        }
        if text.is_empty() {
            return false;
        }
        if self.op == Op::NotEmpty {
            return true;
        }
        FOLDED.with_borrow_mut(|folded| {
            folded.clear();
            match self.attribute {
                Attribute::Category => folded.push_str(&category(text)),
                _ => fold(text, folded),
            }
            let mut asked = wanted.iter().filter_map(|one| match one {
                Wanted::Text(text) => Some(text.as_str()),
                _ => None,
            });
            match self.op {
                Op::Is if self.attribute == Attribute::Category => asked.any(|one| within(folded, one)),
                Op::Is => asked.any(|one| folded == one),
                Op::Contains => asked.any(|one| folded.contains(one)),
                Op::StartsWith => asked.any(|one| folded.starts_with(one)),
                Op::EndsWith => asked.any(|one| folded.ends_with(one)),
                _ => false,
            }
        })
    }
}

/// Whether a category is another, or one of its sub-categories.
fn within(path: &str, category: &str) -> bool {
    path.strip_prefix(category)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(" > "))
}

impl Wanted {
    fn new(workspace: &Workspace, attribute: Attribute, value: &Operand) -> Result<Wanted, Refused> {
        let kind = attribute.kind();
        match value {
            Operand::Text(text) if kind == FieldType::Text => Ok(Wanted::text(attribute, text)),
            Operand::Text(text) => {
                let number = number_of(workspace, attribute.word(), attribute.label(), kind, text)?;
                Ok(Wanted::Number(number))
            }
            Operand::Trigger(other) => match (kind == FieldType::Text) == (other.kind() == FieldType::Text) {
                true => Ok(Wanted::Trigger(*other)),
                false => Err(refused(
                    attribute,
                    format!("it can’t be compared with {}", other.label()),
                )),
            },
            Operand::Field(field) => {
                let def = workspace.field(*field).ok_or(Refused::NoSuchField)?;
                Ok(Wanted::Field(def.clone()))
            }
        }
    }

    fn text(attribute: Attribute, text: &str) -> Wanted {
        Wanted::Text(match attribute {
            Attribute::Category => category(text),
            _ => crate::text::folded(text.trim()),
        })
    }
}

/// Reads a number of a rule, see [`Scale`].
pub(super) fn number_of(
    workspace: &Workspace,
    key: &str,
    name: &str,
    kind: FieldType,
    text: &str,
) -> Result<i128, Refused> {
    let def = FieldDef {
        id: FieldId(0),
        key: key.to_owned(),
        name: name.to_owned(),
        kind,
        status: Status::ReadOnly,
        required: false,
        default: String::new(),
        options: Vec::new(),
    };
    let refused = |reason: String| Refused::Value {
        key: key.to_owned(),
        field: name.to_owned(),
        reason,
    };
    let mut scratch = String::new();
    match Parser::new(&def, &workspace.typed_rules()).parse(text, &mut scratch) {
        Ok(Parsed::Number(number)) => Ok(Scale::of(kind, number)),
        Ok(_) => Err(refused("a number is missing".to_owned())),
        Err(bad) => Err(refused(bad.reason(text, &def))),
    }
}
