//! Tests of values: a contact's, or those of an event.

use crate::column::{Cell, NONE};
use crate::events::read::{product_number, product_text};
use crate::events::{Log, NO, Verdicts};
use crate::refused::Refused;
use crate::text::folded;
use crate::value::{Style, Zone, date, decimal};
use crate::view::{option_names, printed_cell};
use crate::workspace::Workspace;
use model::event::{Amount, Attribute, Operand, Product};
use model::workflow::node::{CheckRule, Subject};
use model::{FieldDef, FieldId, FieldType, Op};

/// From an amount (ten-thousandths) to the scale of [`decimal::key`].
pub const AMOUNT_KEY: i128 = 100_000_000_000;
/// From a whole number to the scale of [`decimal::key`].
const WHOLE_KEY: i128 = 1_000_000_000_000_000;

/// A value in a form in which values of different origins can be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A number, scaled as [`decimal::key`] is.
    Number(i128),
    /// A day since 1970.
    Day(i64),
    /// A text without case and accents.
    Text(String),
}

/// One test of a value.
#[derive(Debug)]
pub struct Test {
    subject: Subject,
    /// The field that is tested, if it is one.
    def: Option<FieldDef>,
    kind: FieldType,
    op: Op,
    values: Vec<Against>,
    /// For tests that take a number of days.
    days: i64,
    /// For tests that take weekdays: a bit for each, from Monday.
    weekdays: u8,
    /// What is known of products, where nothing but them is asked.
    known: Verdicts,
}

#[derive(Debug)]
enum Against {
    Value(Option<Value>),
    Trigger(Attribute),
    Field(FieldId, FieldType),
}

/// What tests are asked about.
pub struct Asked<'a> {
    /// The events.
    pub log: &'a Log,
    /// The row of the event that started the pass.
    pub trigger: Option<u32>,
    /// The row of the latest event of the pass.
    pub latest: Option<u32>,
    /// The moment.
    pub now: i64,
    /// For days.
    pub zone: &'a Zone,
    /// The contact's value of a field.
    pub field: &'a dyn Fn(FieldId) -> Cell,
}

impl Test {
    /// Makes a test ready.
    ///
    /// # Errors
    /// [`Refused`] where a field does not exist or a value is none of its type's.
    pub fn new(workspace: &Workspace, rule: &CheckRule) -> Result<Test, Refused> {
        let (def, kind) = match rule.subject {
            Subject::Field(id) => {
                let def = workspace.field(id).ok_or(Refused::NoSuchField)?;
                (Some(def.clone()), def.kind)
            }
            Subject::Trigger(attribute) | Subject::Latest(attribute) => (None, attribute.kind()),
        };
        let counts_days = matches!(rule.op, Op::LastDays | Op::NextDays | Op::AnniversaryInDays);
        let (mut days, mut weekdays) = (0, 0);
        let mut values = Vec::new();
        if rule.op == Op::Weekday {
            let numbers = rule.values.iter().filter_map(|value| match value {
                Operand::Text(number) => Some(number.as_str()),
                _ => None,
            });
            let name = def.as_ref().map_or("The value", |def| def.name.as_str());
            weekdays = date::weekdays(numbers).map_err(|_| wrong(name, "a weekday is missing"))?;
        }
        for value in &rule.values {
            values.push(match value {
                _ if rule.op == Op::Weekday => continue,
                Operand::Text(text) if counts_days => {
                    days = text.trim().parse().unwrap_or(0).clamp(0, 36_600);
                    continue;
                }
                Operand::Text(text) => Against::Value(read(workspace, def.as_ref(), kind, text)?),
                Operand::Trigger(attribute) => Against::Trigger(*attribute),
                Operand::Field(id) => {
                    let other = workspace.field(*id).ok_or(Refused::NoSuchField)?;
                    Against::Field(*id, other.kind)
                }
            });
        }
        Ok(Test {
            subject: rule.subject,
            def,
            kind,
            op: rule.op,
            values,
            days,
            weekdays,
            known: Verdicts::default(),
        })
    }

    /// The values that are tested.
    pub fn subjects(&self, asked: &Asked<'_>) -> Vec<Value> {
        match self.subject {
            Subject::Field(id) => of_cell(self.kind, &(asked.field)(id), asked.zone)
                .into_iter()
                .collect(),
            Subject::Trigger(attribute) => {
                with_parents(attribute, of_event(asked.log, asked.trigger, attribute))
            }
            Subject::Latest(attribute) => {
                let row = asked.latest.or(asked.trigger);
                with_parents(attribute, of_event(asked.log, row, attribute))
            }
        }
    }

    /// Whether it holds.
    pub fn holds(&self, asked: &Asked<'_>) -> bool {
        match self.op {
            Op::Empty => self.subjects(asked).is_empty(),
            Op::NotEmpty => !self.subjects(asked).is_empty(),
            Op::IsNot => !self.found(Op::Is, asked),
            Op::ContainsNot => !self.found(Op::Contains, asked),
            Op::NotIn => !self.found(Op::In, asked),
            op => self.found(op, asked),
        }
    }

    /// Whether any of the values that are tested stands to the operands as a comparison wants.
    fn found(&self, op: Op, asked: &Asked<'_>) -> bool {
        let (row, attribute) = match self.subject {
            Subject::Trigger(attribute) => (asked.trigger, attribute),
            Subject::Latest(attribute) => (asked.latest.or(asked.trigger), attribute),
            Subject::Field(_) => return self.any(op, &self.subjects(asked), asked),
        };
        let fixed = self.values.iter().all(|one| matches!(one, Against::Value(_)));
        if !fixed || !is_of_product(attribute) {
            return self.any(op, &self.subjects(asked), asked);
        }
        let Some(row) = row else { return false };
        asked.log.row(row).products().any(|number| {
            self.known.of(asked.log, number, |product| {
                let values = with_parents(attribute, vec![of_product(product, attribute)]);
                self.any(op, &values, asked)
            })
        })
    }

    fn any(&self, op: Op, subjects: &[Value], asked: &Asked<'_>) -> bool {
        let mut operands: Vec<Value> = Vec::new();
        for value in &self.values {
            match value {
                Against::Value(value) => operands.extend(value.clone()),
                Against::Trigger(attribute) => {
                    operands.extend(of_event(asked.log, asked.trigger, *attribute))
                }
                Against::Field(id, kind) => operands.extend(of_cell(*kind, &(asked.field)(*id), asked.zone)),
            }
        }
        let today = asked.zone.day(asked.now);
        let options = self.kind.has_options();
        subjects
            .iter()
            .any(|value| self.one(op, value, &operands, today, options))
    }

    fn one(&self, op: Op, value: &Value, operands: &[Value], today: i64, options: bool) -> bool {
        let first = operands.first();
        let text = |test: &dyn Fn(&str, &str) -> bool| match (value, first) {
            (Value::Text(value), Some(Value::Text(first))) => test(value, first),
            _ => false,
        };
        match op {
            Op::Is | Op::In if options => match value {
                Value::Text(chosen) => chosen.split('|').any(|id| {
                    operands
                        .iter()
                        .any(|one| matches!(one, Value::Text(one) if one == id))
                }),
                _ => false,
            },
            Op::Is | Op::In => operands.contains(value),
            Op::Contains => text(&|value, first| value.contains(first)),
            Op::StartsWith => text(&|value, first| value.starts_with(first)),
            Op::EndsWith => text(&|value, first| value.ends_with(first)),
            Op::Less => first.is_some_and(|first| same_kind(value, first) && value < first),
            Op::AtMost => first.is_some_and(|first| same_kind(value, first) && value <= first),
            Op::Greater => first.is_some_and(|first| same_kind(value, first) && value > first),
            Op::AtLeast => first.is_some_and(|first| same_kind(value, first) && value >= first),
            Op::Between => match operands {
                [one, other, ..] => {
                    let (low, high) = if one <= other { (one, other) } else { (other, one) };
                    same_kind(value, low) && same_kind(value, high) && low <= value && value <= high
                }
                _ => false,
            },
            Op::LastDays | Op::NextDays | Op::AnniversaryInDays => match value {
                Value::Day(day) => match op {
                    Op::LastDays => (today - self.days..=today).contains(day),
                    Op::NextDays => (today..=today + self.days).contains(day),
                    _ => (today..=today + self.days.min(366)).any(|one| date::is_anniversary(*day, one)),
                },
                _ => false,
            },
            Op::Weekday => matches!(value, Value::Day(day) if date::on_weekday(self.weekdays, *day)),
            _ => false,
        }
    }

    /// What is tested, and its value: “Amount 59.9”.
    pub fn told(&self, asked: &Asked<'_>) -> String {
        let name = match (self.subject, &self.def) {
            (Subject::Trigger(attribute) | Subject::Latest(attribute), _) => attribute.label(),
            (Subject::Field(_), Some(def)) => def.name.as_str(),
            (Subject::Field(_), None) => "Field",
        };
        let values: Vec<String> = match (self.subject, &self.def) {
            (Subject::Field(id), Some(def)) => {
                let mut text = String::new();
                printed_cell(def, &(asked.field)(id), &Style::ISO, &mut text);
                let text = option_names(def, text);
                std::iter::once(text).filter(|text| !text.is_empty()).collect()
            }
            _ => self.subjects(asked).iter().map(Value::told).collect(),
        };
        match values.is_empty() {
            true => format!("{name} is empty"),
            false => format!("{name} is {}", values.join(", ")),
        }
    }
}

impl Value {
    /// The value in words.
    pub fn told(&self) -> String {
        let mut out = String::new();
        match self {
            Value::Number(key) => match decimal::from_key(*key) {
                Some(packed) => decimal::print_decimal(packed, model::import::DecimalMark::Point, &mut out),
                None => out.push('…'),
            },
            Value::Day(day) => date::print_day(*day, None, &mut out),
            Value::Text(text) => out.push_str(text),
        }
        out
    }
}

/// Of a category also those above it, so that *is* includes sub-categories.
fn with_parents(attribute: Attribute, mut values: Vec<Value>) -> Vec<Value> {
    if attribute == Attribute::Category {
        for at in 0..values.len() {
            let mut path = match values.get(at) {
                Some(Value::Text(path)) => path.clone(),
                _ => continue,
            };
            while let Some((parent, _)) = path.rsplit_once(" > ") {
                path = parent.to_owned();
                values.push(Value::Text(path.clone()));
            }
        }
    }
    values
}

fn same_kind(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn wrong(name: &str, reason: &str) -> Refused {
    Refused::Value {
        key: String::new(),
        field: name.to_owned(),
        reason: reason.to_owned(),
    }
}

/// A typed value of a test.
fn read(
    workspace: &Workspace,
    def: Option<&FieldDef>,
    kind: FieldType,
    text: &str,
) -> Result<Option<Value>, Refused> {
    let name = def.map_or("The value", |def| def.name.as_str());
    Ok(match kind {
        FieldType::Integer | FieldType::Decimal => {
            let packed = decimal::parse_decimal(text.trim(), None);
            let packed = packed.map_err(|_| wrong(name, "it is compared with a number"))?;
            Some(Value::Number(decimal::key(packed)))
        }
        FieldType::Day | FieldType::Instant => {
            let order = workspace.settings().date_order;
            let day = text.trim().get(..10).unwrap_or(text.trim());
            let day = date::parse_day(day, order).map_err(|_| wrong(name, "it is compared with a date"))?;
            Some(Value::Day(day))
        }
        FieldType::Boolean => match def {
            Some(def) => of_cell(kind, &workspace.typed(def, text)?, &Zone::UTC),
            None => None,
        },
        _ => Some(text.trim())
            .filter(|text| !text.is_empty())
            .map(|text| Value::Text(folded(text))),
    })
}

/// The value of a cell, if it has one.
pub fn of_cell(kind: FieldType, cell: &Cell, zone: &Zone) -> Option<Value> {
    match cell {
        Cell::Text(text) if text.is_empty() => None,
        Cell::Text(text) => Some(Value::Text(folded(text))),
        Cell::Number(NONE) => None,
        Cell::Number(number) => Some(match kind {
            FieldType::Decimal => Value::Number(decimal::key(*number)),
            FieldType::Day => Value::Day(*number),
            FieldType::Instant => Value::Day(zone.day(*number)),
            _ => Value::Number(i128::from(*number) * WHOLE_KEY),
        }),
    }
}

fn whole(number: i64) -> Value {
    Value::Number(i128::from(number) * WHOLE_KEY)
}

/// Whether an attribute is one of the products of an event, whatever else happened.
fn is_of_product(attribute: Attribute) -> bool {
    use Attribute::{Brand, Category, Discount, Product, ProductName, Stock};
    matches!(
        attribute,
        Product | ProductName | Category | Brand | Discount | Stock
    )
}

/// The value of an attribute that a product has.
fn of_product(product: &Product, attribute: Attribute) -> Value {
    match product_number(product, attribute) {
        Some(number) => Value::Number(number),
        None => Value::Text(folded(product_text(product, attribute))),
    }
}

/// The values of an event's attribute: one for each item, where items have it.
pub fn of_event(log: &Log, row: Option<u32>, attribute: Attribute) -> Vec<Value> {
    let Some(number) = row else { return Vec::new() };
    let row = log.row(number);
    let amount = |amount: Amount| Value::Number(i128::from(amount) * AMOUNT_KEY);
    let text = |number: u32| match number {
        NO => None,
        number => Some(Value::Text(folded(log.text(number)))),
    };
    let items = || log.items(number);
    match attribute {
        Attribute::Total => Some(row.amount())
            .filter(|one| *one != NONE)
            .map(amount)
            .into_iter()
            .collect(),
        Attribute::Quantity => {
            let all: i64 = items().map(|item| i64::from(item.quantity)).sum();
            vec![whole(all)]
        }
        Attribute::UnitPrice => items().map(|item| amount(item.price)).collect(),
        Attribute::Product
        | Attribute::ProductName
        | Attribute::Category
        | Attribute::Brand
        | Attribute::Discount
        | Attribute::Stock => {
            let known = items().filter_map(|item| log.product(item.product));
            known.map(|product| of_product(product, attribute)).collect()
        }
        Attribute::OrderId => text(row.order()).into_iter().collect(),
        Attribute::PaymentMethod | Attribute::Text => text(row.text()).into_iter().collect(),
        Attribute::Origin => {
            let origin = log.batch(number).map(|(_, origin)| origin);
            origin
                .map(|one| Value::Text(folded(one.label())))
                .into_iter()
                .collect()
        }
    }
}
