//! Values: from the text a person or a file gives to what the columns hold, and back.
//!
//! A [`Parser`] is built once for a column and then reads any number of texts without allocating.
//! What it gives is either text or a number:
//!
//! | type | [`Parsed`] |
//! |---|---|
//! | Text, Email, Phone | the text, cleaned as its type wants it |
//! | Radio | the id of the option |
//! | Checkbox | the ids of the options, in the order of the definition, joined by `\|` |
//! | Integer | itself |
//! | Decimal | packed, see [`decimal`] |
//! | Date | days since 1970-01-01 |
//! | Date and time | milliseconds since 1970 in UTC |
//! | Boolean | 0 or 1 |
//!
//! [`print()`] writes the form that the parser reads back as the same value.

pub mod date;
pub mod decimal;
mod parse;
mod phone;
mod print;

pub use date::Zone;
pub use parse::{BadValue, Parser, unguarded};
pub(crate) use parse::{excerpt, is_email, is_formula, is_phone, subscription, yes_or_no};
pub use print::{Style, print};

use model::import::{DateOrder, DecimalMark, Mapping};
use model::message::Settings;

/// The number that stands for "no value" in a column; no parser gives it.
pub const NO_VALUE: i64 = i64::MIN;

/// A value in the form the columns hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parsed<'a> {
    /// No value.
    Empty,
    /// The value of a type that is text inside; never empty.
    Text(&'a str),
    /// The value of a type that is a number inside; never [`NO_VALUE`].
    Number(i64),
}

/// How values are read where their text leaves it open.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The order of dates that are not ISO.
    pub date_order: DateOrder,
    /// What stands before the fraction; none reads either where it is clear and refuses `1,234`.
    pub decimal_mark: Option<DecimalMark>,
    /// The calling code put before national phone numbers (`34`); empty keeps them as written.
    pub country: String,
    /// The zone of moments written without an offset.
    pub zone: Zone,
}

impl Rules {
    /// The rules for what a person types and for the text form of values in messages: a decimal has a point.
    pub fn typed(settings: &Settings, zone: Zone) -> Rules {
        Rules {
            date_order: settings.date_order,
            decimal_mark: Some(DecimalMark::Point),
            country: settings.country.clone(),
            zone,
        }
    }

    /// The rules for the cells of a file: what the mapping says, and else the workspace's settings.
    pub fn import(settings: &Settings, mapping: &Mapping, zone: Zone) -> Rules {
        Rules {
            date_order: mapping.date_order.unwrap_or(settings.date_order),
            decimal_mark: mapping.decimal_mark,
            country: settings.country.clone(),
            zone,
        }
    }
}

#[cfg(test)]
mod tests;
