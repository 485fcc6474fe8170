//! Numbers in text, and decimals packed into 64 bits.
//!
//! A packed decimal is its digits × 16 + how many of them stand behind the point. It has no zeros at the end behind
//! the point, so equal decimals are equal numbers; but their order is that of [`key`].

use super::BadValue;
use model::import::DecimalMark;

/// At most so many digits stand behind the point.
pub const MAX_SCALE: u32 = 15;
/// At most so many digits stand in a decimal.
pub const MAX_DIGITS: u32 = 17;

/// Packs `digits` × 10^-`scale`; none where that needs more than [`MAX_DIGITS`] or [`MAX_SCALE`].
pub fn pack(mut digits: i128, mut scale: u32) -> Option<i64> {
    while scale > 0 && digits % 10 == 0 {
        digits /= 10;
        scale -= 1;
    }
    if digits.unsigned_abs() >= 10u128.pow(MAX_DIGITS) || scale > MAX_SCALE {
        return None;
    }
    i64::try_from(digits * 16 + i128::from(scale)).ok()
}

/// The digits of a packed decimal and how many of them stand behind the point.
pub fn unpack(packed: i64) -> (i64, u32) {
    (packed >> 4, (packed & 15) as u32)
}

/// A number that orders packed decimals, and that can be added up: the decimal × 10^15.
pub fn key(packed: i64) -> i128 {
    let (digits, scale) = unpack(packed);
    i128::from(digits) * 10i128.pow(MAX_SCALE - scale.min(MAX_SCALE))
}

/// The packed decimal of a [`key`], or of a sum of them; none where it has too many digits.
pub fn from_key(key: i128) -> Option<i64> {
    pack(key, MAX_SCALE)
}

/// Appends a packed decimal with its `mark`: `-1234.5`.
pub fn print_decimal(packed: i64, mark: DecimalMark, out: &mut String) {
    let (digits, scale) = unpack(packed);
    if digits < 0 {
        out.push('-');
    }
    let mut buffer = itoa(digits.unsigned_abs());
    let scale = scale as usize;
    if scale == 0 {
        out.push_str(buffer.text());
        return;
    }
    buffer.pad_to(scale + 1);
    let (whole, fraction) = buffer.text().split_at(buffer.text().len() - scale);
    out.push_str(whole);
    out.push(match mark {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    });
    out.push_str(fraction);
}

/// Appends a whole number.
pub fn print_integer(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    out.push_str(itoa(number.unsigned_abs()).text());
}

/// The digits of a number, at the end of their buffer.
struct Digits {
    bytes: [u8; 20],
    start: usize,
}

fn itoa(mut number: u64) -> Digits {
    let mut digits = Digits {
        bytes: [b'0'; 20],
        start: 20,
    };
    for place in digits.bytes.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        digits.start -= 1;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits
}

impl Digits {
    /// Shows zeros in front, up to `count` digits.
    fn pad_to(&mut self, count: usize) {
        self.start = self.start.min(20usize.saturating_sub(count));
    }

    fn text(&self) -> &str {
        self.bytes
            .get(self.start..)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .unwrap_or_default()
    }
}

/// Reads a decimal and packs it; it is never rounded.
pub fn parse_decimal(text: &str, mark: Option<DecimalMark>) -> Result<i64, BadValue> {
    let (digits, scale) = number(text, mark).map_err(|bad| match bad {
        Bad::Form => BadValue::Decimal,
        Bad::Unclear => BadValue::Unclear,
        Bad::Digits => BadValue::Digits,
    })?;
    pack(digits, scale).ok_or(BadValue::Digits)
}

/// Reads a whole number; a fraction of only zeros is none.
pub fn parse_integer(text: &str, mark: Option<DecimalMark>) -> Result<i64, BadValue> {
    let bytes = text.as_bytes();
    if bytes.len() <= 18 && !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) {
        return Ok(bytes.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')));
    }
    let (mut digits, mut scale) = number(text, mark).map_err(|bad| match bad {
        Bad::Form => BadValue::Integer,
        Bad::Unclear => BadValue::Unclear,
        Bad::Digits => BadValue::Large,
    })?;
    while scale > 0 && digits % 10 == 0 {
        digits /= 10;
        scale -= 1;
    }
    if scale > 0 {
        return Err(BadValue::Integer);
    }
    i64::try_from(digits)
        .ok()
        .filter(|number| *number != super::NO_VALUE)
        .ok_or(BadValue::Large)
}

/// Which mark a text gives away to be the decimal one; none where it is no number, has neither, or reads both ways.
pub fn mark_of(text: &str) -> Option<DecimalMark> {
    let point = number(text, Some(DecimalMark::Point));
    let comma = number(text, Some(DecimalMark::Comma));
    match (point, comma) {
        (Ok(point), Ok(comma)) if point == comma => {
            let last = text.trim().rfind([',', '.'])?;
            let mark = if text.trim().as_bytes().get(last) == Some(&b'.') {
                DecimalMark::Point
            } else {
                DecimalMark::Comma
            };
            // What separates groups of three is not the mark: `1.234.567` speaks for the comma.
            let fraction = text.trim().len() - last - 1;
            let groups = text.matches([',', '.']).count();
            let same = text
                .matches([',', '.'])
                .all(|c| text.trim().get(last..=last) == Some(c));
            Some(match mark {
                mark if !(groups > 1 && same && fraction == 3) => mark,
                DecimalMark::Point => DecimalMark::Comma,
                DecimalMark::Comma => DecimalMark::Point,
            })
        }
        _ => None,
    }
}

/// What a text of a number is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bad {
    Form,
    Unclear,
    Digits,
}

/// Longer texts of digits and separators are no number that fits anywhere.
const LONGEST: usize = 64;

/// The digits of a number, and how many of them stand behind its mark.
fn number(text: &str, mark: Option<DecimalMark>) -> Result<(i128, u32), Bad> {
    // The usual case first: digits and at most one mark that reads one way.
    let bytes = text.as_bytes();
    let (negative, bytes) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    if let Some(digits) = plain(bytes, mark) {
        let (digits, scale) = digits;
        return Ok((if negative { -digits } else { digits }, scale));
    }
    let mut buffer = [0; LONGEST];
    let (negative, bytes) = tidy(text, &mut buffer)?;
    let place = mark_place(bytes, mark)?;
    let (whole, fraction) = match place {
        Some(at) => (
            bytes.get(..at).unwrap_or_default(),
            bytes.get(at + 1..).unwrap_or_default(),
        ),
        None => (bytes, &[][..]),
    };
    if place.is_some() && (fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit)) {
        return Err(Bad::Form);
    }
    check_groups(whole, place.is_some())?;
    let mut digits = 0i128;
    for byte in whole.iter().chain(fraction).filter(|byte| byte.is_ascii_digit()) {
        digits = digits
            .checked_mul(10)
            .and_then(|digits| digits.checked_add(i128::from(byte - b'0')))
            .ok_or(Bad::Digits)?;
    }
    Ok((if negative { -digits } else { digits }, fraction.len() as u32))
}

/// Up to 18 digits with at most one mark among them, where only one reading is possible.
fn plain(bytes: &[u8], mark: Option<DecimalMark>) -> Option<(i128, u32)> {
    if bytes.is_empty() || bytes.len() > 18 {
        return None;
    }
    let (mut digits, mut at) = (0i64, None);
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits = digits * 10 + i64::from(byte - b'0'),
            b'.' | b',' if at.is_none() => at = Some((place, byte)),
            _ => return None,
        }
    }
    let scale = match at {
        None => 0,
        Some((place, byte)) => {
            let fraction = bytes.len() - place - 1;
            let is_mark = match mark {
                Some(DecimalMark::Point) => byte == b'.',
                Some(DecimalMark::Comma) => byte == b',',
                None => false,
            };
            if place == 0 || fraction == 0 || (fraction == 3 && !is_mark) {
                return None;
            }
            fraction as u32
        }
    };
    Some((i128::from(digits), scale))
}

/// Takes the sign off and writes every space and apostrophe that separates groups as one byte.
fn tidy<'b>(text: &str, buffer: &'b mut [u8; LONGEST]) -> Result<(bool, &'b [u8]), Bad> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut length = 0;
    let mut fits = true;
    for c in text.chars() {
        let byte = match c {
            '0'..='9' | '.' | ',' => c as u8,
            ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' => b' ',
            '\'' | '’' => b'\'',
            _ => return Err(Bad::Form),
        };
        match buffer.get_mut(length) {
            Some(place) => *place = byte,
            None => fits = false,
        }
        length += 1;
    }
    if !fits {
        return Err(Bad::Digits);
    }
    match buffer.get(..length) {
        Some(bytes) if bytes.iter().any(u8::is_ascii_digit) => Ok((negative, bytes)),
        _ => Err(Bad::Form),
    }
}

/// Where the decimal mark stands among digits, marks and group separators.
fn mark_place(bytes: &[u8], mark: Option<DecimalMark>) -> Result<Option<usize>, Bad> {
    let is_mark = |byte: &u8| matches!(byte, b'.' | b',');
    let Some(last) = bytes.iter().rposition(is_mark) else {
        return Ok(None);
    };
    let kind = bytes.get(last).copied().unwrap_or_default();
    let same = bytes.iter().filter(|byte| **byte == kind).count();
    let other = bytes
        .iter()
        .filter(|byte| is_mark(byte) && **byte != kind)
        .count();
    let groups = bytes.iter().filter(|byte| matches!(byte, b' ' | b'\'')).count();
    if same > 1 {
        // `1.234.567`; where another mark came before it, the groups will be found wrong.
        return Ok(None);
    }
    if other > 0 || groups > 0 {
        return Ok(Some(last));
    }
    let (whole, fraction) = (last, bytes.len() - last - 1);
    if fraction != 3 || !(1..=3).contains(&whole) || bytes.first() == Some(&b'0') {
        return Ok(Some(last));
    }
    // `1,234` and `1.234`: only the column can tell.
    match (mark, kind) {
        (None, _) => Err(Bad::Unclear),
        (Some(DecimalMark::Point), b'.') | (Some(DecimalMark::Comma), b',') => Ok(Some(last)),
        _ => Ok(None),
    }
}

/// Checks that the digits before the mark are separated, if at all, into groups of three by one kind of separator.
fn check_groups(whole: &[u8], has_fraction: bool) -> Result<(), Bad> {
    let Some(separator) = whole.iter().find(|byte| !byte.is_ascii_digit()).copied() else {
        return if whole.is_empty() && !has_fraction {
            Err(Bad::Form)
        } else {
            Ok(())
        };
    };
    let fine = whole
        .split(|byte| *byte == separator)
        .enumerate()
        .all(|(at, group)| {
            let length = if at == 0 {
                (1..=3).contains(&group.len())
            } else {
                group.len() == 3
            };
            length && group.iter().all(u8::is_ascii_digit)
        });
    if fine { Ok(()) } else { Err(Bad::Form) }
}
