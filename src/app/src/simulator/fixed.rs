//! Decimal numbers as scaled whole numbers, read and printed exactly: amounts of money, and percentages.

use crate::ui::format;
use model::event::Amount;

/// An amount has so many decimals ([`model::event::UNIT`]).
const AMOUNT: u32 = 4;
/// A percentage in hundredths has so many.
const PERCENT: u32 = 2;

/// An amount as people read it: `1,204.50`, `0.0525`.
pub fn amount(amount: Amount) -> String {
    format::grouped(&amount_text(amount))
}

/// An amount as an input holds it: `1204.50`, with at least two decimals where it is no whole number.
pub fn amount_text(amount: Amount) -> String {
    print(amount, AMOUNT, 2)
}

/// Reads an amount (`1204.5`, `1.204,50`, `59,90 €`); none for what is no number, or reads both ways.
pub fn parse_amount(text: &str) -> Option<Amount> {
    let sign = |letter: char| letter.is_whitespace() || "€$£".contains(letter);
    parse(text.trim_matches(sign), AMOUNT)
}

/// A percentage given in hundredths: `65`, `0.3`, `0.25`.
pub fn percent_text(hundredths: u16) -> String {
    print(i64::from(hundredths), PERCENT, 0)
}

/// Reads a percentage from 0 to 100, in hundredths.
pub fn parse_percent(text: &str) -> Option<u16> {
    let hundredths = parse(text.trim().trim_end_matches('%').trim_end(), PERCENT)?;
    u16::try_from(hundredths).ok().filter(|share| *share <= 10_000)
}

/// Prints a number scaled by so many decimals; zeros at the end go, as far as `least` decimals stay.
fn print(number: i64, decimals: u32, least: usize) -> String {
    let unit = 10u64.pow(decimals);
    let (sign, size) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
    let (whole, rest) = (size / unit, size % unit);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let width = decimals as usize;
    let mut fraction = format!("{rest:0width$}");
    while fraction.len() > least && fraction.ends_with('0') {
        fraction.pop();
    }
    format!("{sign}{whole}.{fraction}")
}

/// Reads a number as one scaled by so many decimals.
fn parse(text: &str, decimals: u32) -> Option<i64> {
    let (negative, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = split(text)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let width = decimals as usize;
    if whole.len() + fraction.len() == 0 || fraction.len() > width || !digits(&whole) || !digits(fraction) {
        return None;
    }
    let size: i64 = format!("{whole}{fraction:0<width$}").parse().ok()?;
    Some(if negative { -size } else { size })
}

/// The digits before and after the decimal mark; none where the marks stand at odd places.
fn split(text: &str) -> Option<(String, &str)> {
    let last = text.rfind(['.', ',']);
    let Some((whole, mark, fraction)) = last.and_then(|at| {
        let mark = text.get(at..at + 1)?;
        Some((text.get(..at)?, mark, text.get(at + 1..)?))
    }) else {
        return Some((text.to_owned(), ""));
    };
    let other = if mark == "." { ',' } else { '.' };
    if !whole.contains(['.', ',']) {
        // `1,204` is a thousand to one and hardly more than one to another.
        let open = mark == "," && fraction.len() == 3;
        return (!open).then(|| (whole.to_owned(), fraction));
    }
    let mut groups = whole.split(other);
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    let grouped = first && groups.all(|group| group.len() == 3);
    grouped.then(|| (whole.replace(other, ""), fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, wanted) in [
            ("59.90", Some(599_000)),
            ("59,90", Some(599_000)),
            (" 59,9 € ", Some(599_000)),
            ("$1,204.50", Some(12_045_000)),
            ("1.204,50", Some(12_045_000)),
            ("1,234,567.0001", Some(12_345_670_001)),
            ("7", Some(70_000)),
            (".5", Some(5_000)),
            ("-3.25", Some(-32_500)),
            ("0.10", Some(1_000)),
            ("1.204", Some(12_040)),
            ("1,204", None),
            ("12,34.5", None),
            ("1.2.3", None),
            ("0.00001", None),
            ("", None),
            (".", None),
            ("-", None),
            ("12a", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse_amount(text), wanted, "{text}");
        }
    }

    #[test]
    fn amounts_are_printed_as_people_write_them() {
        for (of, wanted) in [
            (599_000, "59.90"),
            (12_045_000, "1,204.50"),
            (70_000, "7"),
            (525, "0.0525"),
            (-32_500, "-3.25"),
            (0, "0"),
        ] {
            assert_eq!(amount(of), wanted);
        }
    }

    #[test]
    fn an_amount_reads_its_own_text() {
        for of in [0, 1, 9_999, 10_000, 123_456_789, -5, i64::from(i32::MAX)] {
            assert_eq!(parse_amount(&amount_text(of)), Some(of));
        }
    }

    #[test]
    fn percentages_go_from_0_to_100() {
        assert_eq!(percent_text(6_500), "65");
        assert_eq!(percent_text(30), "0.3");
        assert_eq!(parse_percent("0,25 %"), Some(25));
        assert_eq!(parse_percent("100"), Some(10_000));
        assert_eq!(parse_percent("100.01"), None);
        assert_eq!(parse_percent("-1"), None);
    }
}
