//! Where the columns of a file go, as suggested before a person has a look.
//!
//! A mapping saved for the same columns goes first, then the export of a known service, then the names of the columns
//! in several languages, then the data itself. What is left becomes new fields of the narrowest type that fits.

mod guess;
mod presets;
mod synonyms;

use crate::value::{self, Rules, Zone};
use guess::Guess;
use model::field::{FieldDef, FieldType};
use model::import::{DateOrder, DecimalMark, Doubts, Mapping, SavedMapping};
use model::message::Settings;

/// What a suggestion knows of the file and the workspace beside the columns.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The file's name, which some exports tell the status of their contacts by; empty for pasted text.
    pub file: &'a str,
    /// The file's separator: where it is a comma, the decimal mark is none.
    pub delimiter: u8,
    /// The workspace's settings.
    pub settings: &'a Settings,
    /// The workspace's fields.
    pub fields: &'a [FieldDef],
    /// The mappings that people have saved.
    pub saved: &'a [SavedMapping],
}

/// A suggested mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// The mapping, with a column for each of the file's.
    pub mapping: Mapping,
    /// The name of the saved mapping or the service it comes from; else empty.
    pub from: String,
    /// Where the data left the order of dates or the decimal mark open (the encoding is not looked at).
    pub doubts: Doubts,
}

/// Suggests where the columns of a file go, by their names and the first rows.
///
/// No field that Corral keeps is suggested, and none twice.
pub fn suggest(columns: &[String], rows: &[Vec<String>], around: &Around<'_>) -> Suggestion {
    let mut guess = Guess::new(columns, rows, around);
    let mut from = guess.take_saved();
    if from.is_empty() {
        from = guess.take_preset();
    }
    guess.take_named();
    guess.take_by_data();
    let (date_order, date_doubt) = guess.date_order();
    let (decimal_mark, mark_doubt) = guess.decimal_mark();
    let rules = Rules {
        date_order: date_order.unwrap_or(around.settings.date_order),
        decimal_mark,
        country: around.settings.country.clone(),
        zone: Zone::UTC,
    };
    guess.check(&rules);
    guess.make_new(&rules);
    let mapping = guess.mapping(date_order, decimal_mark);
    let doubts = Doubts {
        date_order: date_doubt,
        decimal_mark: mark_doubt,
        encoding: false,
    };
    Suggestion {
        mapping,
        from,
        doubts,
    }
}

/// The names in a cell of a *Segments* column, without the spaces around them and the quotes that some exports put
/// there. An empty separator splits nothing.
pub fn segment_names<'a>(cell: &'a str, separator: &'a str) -> impl Iterator<Item = &'a str> {
    let mut rest = cell.trim();
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let quoted = rest
                .strip_prefix('"')
                .and_then(|text| text.split_once('"'))
                .filter(|(_, after)| {
                    let after = after.trim_start();
                    after.is_empty() || (!separator.is_empty() && after.starts_with(separator))
                });
            let (name, after) = match quoted {
                Some((name, after)) => {
                    let after = after.trim_start();
                    (name, after.strip_prefix(separator).unwrap_or(after))
                }
                None if separator.is_empty() => (rest, ""),
                None => rest.split_once(separator).unwrap_or((rest, "")),
            };
            rest = after.trim_start();
            if !name.trim().is_empty() {
                return Some(name.trim());
            }
        }
        None
    })
}

/// Whether a text is the name of a column that a mapping would know.
pub(crate) fn knows(name: &str) -> bool {
    synonyms::meaning(&synonyms::plain(name)).is_some()
}

/// The narrowest type that 95 % of some values fit, for a column of this name.
///
/// Numbers that begin with a zero are no quantities, and stay text; so do few different words. A type of options is
/// never the answer, for nothing tells that the options end with those seen.
fn narrowest<'v>(name: &str, values: impl Iterator<Item = &'v str> + Clone, rules: &Rules) -> FieldType {
    let name = synonyms::plain(name);
    let count = values.clone().count();
    if count == 0 || synonyms::is_code(&name) {
        return FieldType::Text;
    }
    let fit =
        |fits: &dyn Fn(&str) -> bool| values.clone().filter(|value| fits(value)).count() * 100 >= count * 95;
    let phone = |value: &str| value.trim_start().starts_with(['+', '\'']) || synonyms::is_phone(&name);
    let order = rules.date_order;
    let number = |value: &str| {
        let digits = value.trim().trim_start_matches(['-', '+']).as_bytes();
        !(matches!(digits, [b'0', b'0'..=b'9', ..]) || (phone(value) && digits.len() > 5))
    };
    if fit(&|value| value.trim().len() > 1 && value::yes_or_no(&crate::text::folded(value.trim())).is_some())
    {
        FieldType::Boolean
    } else if fit(&|value| number(value) && value::decimal::parse_integer(value, rules.decimal_mark).is_ok())
    {
        FieldType::Integer
    } else if fit(&|value| {
        let read = value::decimal::parse_decimal(value, rules.decimal_mark);
        number(value) && matches!(read, Ok(_) | Err(value::BadValue::Unclear))
    }) {
        FieldType::Decimal
    } else if fit(&|value| has_separator(value) && value::date::parse_day(value.trim(), order).is_ok()) {
        FieldType::Day
    } else if fit(&|value| {
        has_separator(value) && value::date::parse_instant(value.trim(), order, &Zone::UTC).is_ok()
    }) {
        FieldType::Instant
    } else if fit(&|value| value::is_email(value.trim())) {
        FieldType::Email
    } else if fit(&|value| phone(value) && value::is_phone(value.trim())) {
        FieldType::Phone
    } else {
        FieldType::Text
    }
}

/// Whether a date is written with separators, without which it may as well be a number.
fn has_separator(value: &str) -> bool {
    value.trim().bytes().take(5).any(|byte| !byte.is_ascii_digit())
}

/// What a date tells of the order of dates that are not ISO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// It reads one way only.
    Sure(DateOrder),
    /// It reads both ways, as two different days.
    Open,
}

/// What a value tells of the order of dates; none where it is no date, or ISO, or the same both ways.
fn sign_of(value: &str) -> Option<Sign> {
    let read = |order| value::date::parse_instant(value.trim(), order, &Zone::UTC).ok();
    if !has_separator(value) {
        return None;
    }
    match (read(DateOrder::DayFirst), read(DateOrder::MonthFirst)) {
        (Some(_), None) => Some(Sign::Sure(DateOrder::DayFirst)),
        (None, Some(_)) => Some(Sign::Sure(DateOrder::MonthFirst)),
        (Some(day_first), Some(month_first)) if day_first != month_first => Some(Sign::Open),
        _ => None,
    }
}

/// What a value tells of the decimal mark; none where it is no number with a separator.
fn mark_sign(value: &str) -> Option<Option<DecimalMark>> {
    match value::decimal::parse_decimal(value, None) {
        Err(value::BadValue::Unclear) => Some(None),
        Ok(_) => value::decimal::mark_of(value).map(Some),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests;
