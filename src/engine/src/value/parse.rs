//! From text to values.

use super::{Parsed, Rules, Zone, date, decimal, phone};
use crate::text::{fold, folded};
use model::field::{self, FieldDef, FieldType, MAX_EXTERNAL_ID, MAX_TEXT};
use model::import::{DateOrder, DecimalMark};
use std::fmt;

/// Why a text is not a value of its field.
///
/// [`BadValue::reason`] says it of one text; `Display` says it of the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BadValue {
    /// Not a whole number.
    Integer,
    /// Not a number.
    Decimal,
    /// A whole number that does not fit into 64 bits.
    Large,
    /// A decimal of more digits than are kept.
    Digits,
    /// `1,234` or `1.234` where nothing says which of them is the decimal mark.
    Unclear,
    /// Not a date.
    Day,
    /// Not a date, nor a date and time.
    Instant,
    /// A date that no calendar has.
    Calendar,
    /// A date whose year has two digits.
    ShortYear,
    /// A date and time where a date belongs.
    TimeOfDay,
    /// Not an email address.
    Email,
    /// Not a phone number.
    Phone,
    /// Neither true nor false.
    Boolean,
    /// Not one of the field's options.
    Choice,
    /// A character that no text has; the first of them.
    Control(char),
    /// A text over [`MAX_TEXT`] characters.
    Long,
    /// An external ID over [`MAX_EXTERNAL_ID`] characters.
    LongId,
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadValue::Integer => "not a whole number",
            BadValue::Decimal => "not a number",
            BadValue::Large => "does not fit into 64 bits",
            BadValue::Digits => "more than 17 digits, or more than 15 behind the decimal mark",
            BadValue::Unclear => "can be read in two ways; choose the decimal mark",
            BadValue::Day => "not a date",
            BadValue::Instant => "not a date and time",
            BadValue::Calendar => "not a day of the calendar",
            BadValue::ShortYear => "a year of two digits; write all four",
            BadValue::TimeOfDay => "a time of day where a date belongs",
            BadValue::Email => "not an email address",
            BadValue::Phone => "not a phone number",
            BadValue::Boolean => "neither true nor false",
            BadValue::Choice => "not an option",
            BadValue::Control(c) => return write!(f, "control character U+{:04X}", u32::from(*c)),
            BadValue::Long => "longer than 10,000 characters",
            BadValue::LongId => "longer than 50 characters",
        })
    }
}

impl std::error::Error for BadValue {}

impl BadValue {
    /// The whole sentence for a person, without a full stop: `` `12abc` is not a whole number ``.
    pub fn reason(self, text: &str, field: &FieldDef) -> String {
        let text = excerpt(text);
        match self {
            BadValue::Integer => format!("“{text}” is not a whole number"),
            BadValue::Decimal => format!("“{text}” is not a number"),
            BadValue::Large => format!("“{text}” does not fit into 64 bits"),
            BadValue::Digits => format!("“{text}” has {self}, and is never rounded"),
            BadValue::Unclear => format!("“{text}” {self}"),
            BadValue::Day => format!("“{text}” is not a date"),
            BadValue::Instant => format!("“{text}” is not a date and time"),
            BadValue::Calendar => format!("“{text}” is not a day of the calendar"),
            BadValue::ShortYear => format!("“{text}” has {self}"),
            BadValue::TimeOfDay => format!("“{text}” has {self}"),
            BadValue::Email => format!("“{text}” is not an email address"),
            BadValue::Phone => format!("“{text}” is not a phone number"),
            BadValue::Boolean => format!("“{text}” is neither true nor false"),
            BadValue::Choice => {
                const SHOWN: usize = 10;
                let mut options: Vec<&str> = field
                    .options
                    .iter()
                    .take(SHOWN)
                    .map(|option| option.name.as_str())
                    .collect();
                if field.options.len() > SHOWN {
                    options.push("…");
                }
                format!(
                    "“{text}” is not an option of {} (options: {})",
                    field.name,
                    options.join(", ")
                )
            }
            BadValue::Control(_) => format!("“{text}” has the {self}"),
            BadValue::Long | BadValue::LongId => format!("The text is {self}"),
        }
    }
}

/// The beginning of a text, with a sign in place of each character that cannot be seen.
pub(crate) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    let text = text.trim();
    let mut out: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// A cell without the one apostrophe that keeps a spreadsheet from taking it for a formula.
///
/// Takes one `'` off what matches `^'+[=+\-@\t\r]`, as exports put one there (design, section 8).
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.as_bytes()) => rest,
        _ => cell,
    }
}

/// Whether an export guards this text: it matches `^'*[=+\-@\t\r]`.
pub(crate) fn is_formula(text: &[u8]) -> bool {
    let first = text.iter().find(|byte| **byte != b'\'');
    matches!(first, Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}

/// Words for yes and no, folded, in the languages whose files people bring. None of them is a word for the other.
const YES: &[&str] = &[
    "true",
    "yes",
    "1",
    "y",
    "t",
    "on",
    "si",
    "s",
    "verdadero",
    "cierto",
    "oui",
    "vrai",
    "ja",
    "wahr",
    "vero",
    "sim",
    "verdadeiro",
    "cert",
    "waar",
    "tak",
    "prawda",
];
const NO: &[&str] = &[
    "false", "no", "0", "n", "f", "off", "falso", "non", "faux", "nein", "falsch", "nao", "fals", "nee",
    "onwaar", "nie", "falsz",
];
/// More words for a subscription, folded and without spaces and dashes; the endings of gender are cut off.
const SUBSCRIBED: &[&str] = &[
    "subscribed",
    "subscribe",
    "optedin",
    "optin",
    "active",
    "suscrito",
    "suscrita",
    "abonne",
    "abonnee",
    "abonniert",
    "angemeldet",
    "iscritto",
    "iscritta",
    "inscrito",
    "inscrita",
    "subscrit",
    "subscrita",
    "ingeschreven",
    "aangemeld",
    "zapisany",
    "zapisana",
    "alta",
];
const UNSUBSCRIBED: &[&str] = &[
    "unsubscribed",
    "unsubscribe",
    "optedout",
    "optout",
    "baja",
    "dadodebaja",
    "dadadebaja",
    "cancelado",
    "cancelada",
    "desabonne",
    "desabonnee",
    "abgemeldet",
    "disiscritto",
    "disiscritta",
    "uitgeschreven",
    "afgemeld",
    "wypisany",
    "wypisana",
];
const NOT_KNOWN: &[&str] = &[
    "none",
    "unknown",
    "never",
    "neversubscribed",
    "notsubscribed",
    "nonsubscribed",
    "ninguno",
    "ninguna",
    "desconocido",
    "aucun",
    "keine",
    "nessuno",
    "nenhum",
    "cap",
    "geen",
    "brak",
    "pending",
    "transactional",
];

/// Whether a folded text says yes (true), no (false), or neither.
pub(crate) fn yes_or_no(folded: &str) -> Option<bool> {
    if YES.contains(&folded) {
        Some(true)
    } else if NO.contains(&folded) {
        Some(false)
    } else {
        None
    }
}

/// The id of the subscription status that a folded text means.
pub(crate) fn subscription(folded: &str) -> Option<&'static str> {
    let word: String = folded.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
    let word = word.as_str();
    if SUBSCRIBED.contains(&word) {
        Some("subscribed")
    } else if UNSUBSCRIBED.contains(&word) {
        Some("unsubscribed")
    } else if NOT_KNOWN.contains(&word) {
        Some("none")
    } else {
        yes_or_no(word).map(|yes| if yes { "subscribed" } else { "unsubscribed" })
    }
}

/// Reads texts as values of one field.
#[derive(Clone, Debug)]
pub struct Parser {
    kind: FieldType,
    external_id: bool,
    subscription: bool,
    date_order: DateOrder,
    decimal_mark: Option<DecimalMark>,
    country: String,
    zone: Zone,
    options: Vec<Choice>,
}

/// An option as it is looked for.
#[derive(Clone, Debug)]
struct Choice {
    id: String,
    folded_id: String,
    folded_name: String,
}

impl Parser {
    /// A parser for a field.
    pub fn new(field: &FieldDef, rules: &Rules) -> Parser {
        Parser {
            kind: field.kind,
            external_id: field.id == field::EXTERNAL_ID,
            subscription: field.id == field::NEWSLETTER_STATUS || field.id == field::SMS_STATUS,
            date_order: rules.date_order,
            decimal_mark: rules.decimal_mark,
            country: rules
                .country
                .bytes()
                .filter(u8::is_ascii_digit)
                .map(char::from)
                .collect(),
            zone: rules.zone.clone(),
            options: field
                .options
                .iter()
                .map(|option| Choice {
                    id: option.id.clone(),
                    folded_id: folded(option.id.trim()),
                    folded_name: folded(option.name.trim()),
                })
                .collect(),
        }
    }

    /// The type of the values it gives.
    pub fn kind(&self) -> FieldType {
        self.kind
    }

    /// Reads a text. A text of nothing but spaces is no value; spaces around others count only in plain text.
    ///
    /// `scratch` is overwritten; the value may borrow from it.
    pub fn parse<'a>(&'a self, text: &'a str, scratch: &'a mut String) -> Result<Parsed<'a>, BadValue> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(Parsed::Empty);
        }
        let number = match self.kind {
            FieldType::Text if self.external_id => return parse_id(trimmed).map(Parsed::Text),
            FieldType::Text => return parse_text(text).map(Parsed::Text),
            FieldType::Email => return parse_email(trimmed, scratch).map(Parsed::Text),
            FieldType::Phone => {
                let phone = phone::parse_phone(trimmed, &self.country, scratch);
                return phone.map(Parsed::Text).ok_or(BadValue::Phone);
            }
            FieldType::Radio => {
                if let Some(option) = self.options.iter().find(|option| option.id == trimmed) {
                    return Ok(Parsed::Text(&option.id));
                }
                scratch.clear();
                return self
                    .option(trimmed, scratch)
                    .map(|option| Parsed::Text(&option.id));
            }
            FieldType::Checkbox => return self.parse_checkbox(trimmed, scratch),
            FieldType::Integer => decimal::parse_integer(trimmed, self.decimal_mark)?,
            FieldType::Decimal => decimal::parse_decimal(trimmed, self.decimal_mark)?,
            FieldType::Day => date::parse_day(trimmed, self.date_order)?,
            FieldType::Instant => date::parse_instant(trimmed, self.date_order, &self.zone)?,
            FieldType::Boolean => match trimmed {
                "true" | "1" => 1,
                "false" | "0" => 0,
                _ => {
                    scratch.clear();
                    fold(trimmed, scratch);
                    i64::from(yes_or_no(scratch).ok_or(BadValue::Boolean)?)
                }
            },
        };
        Ok(Parsed::Number(number))
    }

    /// The option that a text names by id or name. Leaves `scratch` as long as it was.
    fn option(&self, text: &str, scratch: &mut String) -> Result<&Choice, BadValue> {
        let start = scratch.len();
        fold(text.trim(), scratch);
        let word = scratch.get(start..).unwrap_or_default();
        let found = self
            .options
            .iter()
            .find(|option| option.folded_id == word)
            .or_else(|| self.options.iter().find(|option| option.folded_name == word))
            .or_else(|| {
                let id = if self.subscription {
                    subscription(word)
                } else {
                    None
                };
                self.options.iter().find(|option| Some(option.id.as_str()) == id)
            });
        scratch.truncate(start);
        found.ok_or(BadValue::Choice)
    }

    fn parse_checkbox<'a>(&'a self, text: &'a str, scratch: &'a mut String) -> Result<Parsed<'a>, BadValue> {
        // A field has at most 120 options.
        let mut chosen = 0u128;
        scratch.clear();
        for part in text.split('|').filter(|part| !part.trim().is_empty()) {
            let option = match self.options.iter().find(|option| option.id == part) {
                Some(option) => option,
                None => self.option(part, scratch)?,
            };
            let at = self
                .options
                .iter()
                .position(|other| std::ptr::eq(other, option))
                .unwrap_or_default();
            chosen |= 1u128.checked_shl(at as u32).ok_or(BadValue::Choice)?;
        }
        for (at, option) in self.options.iter().enumerate().take(128) {
            if chosen >> at & 1 == 1 {
                if !scratch.is_empty() {
                    scratch.push('|');
                }
                scratch.push_str(&option.id);
            }
        }
        Ok(if scratch.is_empty() {
            Parsed::Empty
        } else {
            Parsed::Text(scratch)
        })
    }
}

/// Whether a byte of UTF-8 is a control character that no text has.
fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f
}

fn parse_text(text: &str) -> Result<&str, BadValue> {
    let bytes = text.as_bytes();
    // The controls from U+0080 on are two bytes, of which the first is C2.
    if bytes.iter().any(|&byte| is_control(byte) || byte == 0xc2)
        && let Some(c) = text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
    {
        return Err(BadValue::Control(c));
    }
    if bytes.len() > MAX_TEXT && text.chars().nth(MAX_TEXT).is_some() {
        return Err(BadValue::Long);
    }
    Ok(text)
}

fn parse_id(text: &str) -> Result<&str, BadValue> {
    // Exports of shops put an apostrophe before a number, so that spreadsheets keep all its digits.
    let text = match text.strip_prefix('\'') {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
        _ => text,
    };
    if let Some(c) = text.chars().find(|c| c.is_control()) {
        return Err(BadValue::Control(c));
    }
    if text.len() > MAX_EXTERNAL_ID && text.chars().nth(MAX_EXTERNAL_ID).is_some() {
        return Err(BadValue::LongId);
    }
    Ok(text)
}

/// Longest address and longest part before the @, in bytes (RFC 5321, section 4.5.3.1, and its erratum 1690).
const MAX_EMAIL: usize = 254;
const MAX_LOCAL: usize = 64;

/// Reads an email address in small letters.
///
/// What is asked of it is what a server that gets mail for it could have accepted: one `@`, something before it, a
/// domain with a dot, no spaces, and no two dots in a row. It may be in any script.
fn parse_email<'a>(text: &'a str, scratch: &'a mut String) -> Result<&'a str, BadValue> {
    let bytes = text.as_bytes();
    let mut at = None;
    let (mut plain, mut dot, mut before) = (true, false, 0);
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            b'@' if at.is_some() => return Err(BadValue::Email),
            b'@' => {
                if before == b'.' {
                    return Err(BadValue::Email);
                }
                at = Some(place);
                dot = false;
            }
            b'.' => {
                // None at the start of either part, and no two in a row.
                if matches!(before, 0 | b'.' | b'@') {
                    return Err(BadValue::Email);
                }
                dot = true;
            }
            b'A'..=b'Z' => plain = false,
            0..=b' ' | 0x7f | b',' | b';' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'\\' | b'"' | b':' => {
                return Err(BadValue::Email);
            }
            0x80.. => plain = false,
            // A host name has none of the other signs.
            b'a'..=b'z' | b'0'..=b'9' | b'-' => {}
            _ if at.is_some() => return Err(BadValue::Email),
            _ => {}
        }
        before = byte;
    }
    let at = at.ok_or(BadValue::Email)?;
    if at == 0 || at > MAX_LOCAL || bytes.len() > MAX_EMAIL || !dot || matches!(before, b'.' | b'@') {
        return Err(BadValue::Email);
    }
    if plain {
        return Ok(text);
    }
    scratch.clear();
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() || is_invisible(c) {
            return Err(BadValue::Email);
        }
        scratch.extend(c.to_lowercase());
    }
    Ok(scratch)
}

/// Whether a text is an email address.
pub(crate) fn is_email(text: &str) -> bool {
    parse_email(text, &mut String::new()).is_ok()
}

/// Whether a text is a phone number.
pub(crate) fn is_phone(text: &str) -> bool {
    phone::parse_phone(text, "", &mut String::new()).is_some()
}

/// Signs without a shape, which make two addresses look the same.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffd}')
}
