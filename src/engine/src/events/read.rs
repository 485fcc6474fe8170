//! What an event's attributes, and the values they are compared with, are.

use super::NO;
use super::log::Row;
use crate::column::{Cell, NONE};
use crate::text::folded;
use crate::value::{Style, decimal};
use crate::view::printed_cell;
use model::event::{Attribute, EventKind, Product};
use model::import::DecimalMark;
use model::{FieldDef, FieldType};

/// Numbers of all kinds on one scale, that of [`decimal::key`]: whole numbers, decimals and amounts compare exactly.
pub(super) struct Scale;

/// One, on that scale.
const ONE: i128 = 10i128.pow(decimal::MAX_SCALE);

impl Scale {
    /// A whole number.
    pub fn whole(number: i64) -> i128 {
        i128::from(number) * ONE
    }

    /// An amount of money.
    pub fn amount(amount: i64) -> i128 {
        i128::from(amount) * (ONE / i128::from(model::event::UNIT))
    }

    /// A column's number of a type.
    pub fn of(kind: FieldType, number: i64) -> i128 {
        match kind {
            FieldType::Decimal => decimal::key(number),
            _ => Scale::whole(number),
        }
    }

    /// A number in text form; none of what is no number.
    pub fn parse(text: &str) -> Option<i128> {
        let packed = decimal::parse_decimal(text, Some(DecimalMark::Point)).ok()?;
        Some(decimal::key(packed))
    }
}

/// A product's value of an attribute that is a number; none of one that is a text.
pub(crate) fn product_number(product: &Product, attribute: Attribute) -> Option<i128> {
    match attribute {
        Attribute::Discount => Some(Scale::whole(i64::from(product.discount))),
        Attribute::Stock => Some(Scale::whole(i64::from(product.stock))),
        _ => None,
    }
}

/// A product's value of an attribute that is a text.
pub(crate) fn product_text(product: &Product, attribute: Attribute) -> &str {
    match attribute {
        Attribute::Product => &product.id,
        Attribute::ProductName => &product.name,
        Attribute::Category => &product.category,
        Attribute::Brand => &product.brand,
        _ => "",
    }
}

/// Visits the numbers that an event has of an attribute until one is what the visitor looks for; says whether one was.
pub(super) fn numbers(row: Row<'_>, attribute: Attribute, visit: &mut dyn FnMut(i128) -> bool) -> bool {
    let log = row.log;
    let product = |row: Row<'_>| log.product(row.product());
    let items = || row.with_items().filter_map(|row| Some((row, row.item()?)));
    match attribute {
        Attribute::Total => match row.amount() {
            NONE => false,
            amount => visit(Scale::amount(amount)),
        },
        Attribute::Quantity => {
            let pieces = items().map(|(_, item)| i64::from(item.quantity));
            let all = pieces.fold(None, |all: Option<i64>, more| {
                Some(all.unwrap_or_default() + more)
            });
            all.is_some_and(|all| visit(Scale::whole(all)))
        }
        Attribute::UnitPrice => items().any(|(row, item)| {
            let price = match item.price {
                NONE => product(row).map(|product| product.price),
                price => Some(price),
            };
            price.is_some_and(|price| visit(Scale::amount(price)))
        }),
        _ => row.with_items().any(|row| {
            let number = product(row).and_then(|product| product_number(product, attribute));
            number.is_some_and(&mut *visit)
        }),
    }
}

/// Visits the texts that an event has of an attribute, the empty ones left out, until one is what the visitor looks
/// for; says whether one was.
pub(super) fn texts(row: Row<'_>, attribute: Attribute, visit: &mut dyn FnMut(&str) -> bool) -> bool {
    let log = row.log;
    let bought = || row.kind() == Some(EventKind::Purchase);
    let text = match attribute {
        Attribute::OrderId => row.order(),
        Attribute::PaymentMethod if bought() => row.text(),
        Attribute::Text if !bought() => row.text(),
        Attribute::Origin => return visit(log.origin(row.row).label()),
        Attribute::PaymentMethod | Attribute::Text => NO,
        _ => {
            return row.with_items().any(|row| {
                let product = log.product(row.product());
                let text = product.map_or("", |product| product_text(product, attribute));
                !text.is_empty() && visit(text)
            });
        }
    };
    text != NO && !log.text(text).is_empty() && visit(log.text(text))
}

/// Visits the texts of a contact's value: its text form, and of options each by its id and name.
pub(super) fn field_value(def: &FieldDef, cell: &Cell, visit: &mut dyn FnMut(&str)) {
    if cell.is_empty() {
        return;
    }
    let mut text = String::new();
    printed_cell(def, cell, &Style::ISO, &mut text);
    if !def.kind.has_options() {
        return visit(&text);
    }
    for id in text.split('|') {
        visit(id);
        if let Some(option) = def.options.iter().find(|option| option.id == id) {
            visit(&option.name);
        }
    }
}

/// A category path, folded and with one space around each `>`.
pub(super) fn category(path: &str) -> String {
    let parts: Vec<String> = path.split('>').map(|part| folded(part.trim())).collect();
    parts.join(" > ")
}
