//! From values to text.

use super::date::{self, Zone};
use super::{Parsed, decimal};
use model::export::DateFormat;
use model::field::FieldType;
use model::import::{DateOrder, DecimalMark};

/// How values are written.
#[derive(Clone, Debug)]
pub struct Style {
    /// ISO, or the local way.
    pub dates: DateFormat,
    /// The order of dates written the local way.
    pub order: DateOrder,
    /// The zone of moments written the local way.
    pub zone: Zone,
    /// What stands before the fraction of a decimal.
    pub mark: DecimalMark,
}

impl Style {
    /// The text form of messages: ISO dates and a decimal point.
    pub const ISO: Style = Style {
        dates: DateFormat::Iso,
        order: DateOrder::DayFirst,
        zone: Zone::UTC,
        mark: DecimalMark::Point,
    };

    /// The local way, with a decimal point.
    pub fn local(order: DateOrder, zone: Zone) -> Style {
        Style {
            dates: DateFormat::Local,
            order,
            zone,
            mark: DecimalMark::Point,
        }
    }
}

/// Appends a value of a field of type `kind` in the form that a parser with the same order, zone and mark reads back.
pub fn print(kind: FieldType, value: Parsed<'_>, style: &Style, out: &mut String) {
    let order = match style.dates {
        DateFormat::Iso => None,
        DateFormat::Local => Some(style.order),
    };
    match value {
        Parsed::Empty => {}
        Parsed::Text(text) => out.push_str(text),
        Parsed::Number(number) => match kind {
            FieldType::Decimal => decimal::print_decimal(number, style.mark, out),
            FieldType::Day => date::print_day(number, order, out),
            FieldType::Instant => date::print_instant(number, order, &style.zone, out),
            FieldType::Boolean => out.push_str(if number == 0 { "false" } else { "true" }),
            _ => decimal::print_integer(number, out),
        },
    }
}
