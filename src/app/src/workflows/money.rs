//! Amounts of money as people write and read them.

use crate::ui::format;
use model::event::{Amount, UNIT};

/// The amount that a person wrote (`59.90`, `1,204`); none where it is not one.
pub fn parse(text: &str) -> Option<Amount> {
    let text = text.trim().replace(',', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.chars().all(|digit| digit.is_ascii_digit());
    let fraction = fraction.trim_end_matches('0');
    if whole.is_empty() || fraction.len() > 4 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let parts: Amount = format!("{fraction:0<4}").parse().ok()?;
    whole
        .parse::<Amount>()
        .ok()?
        .checked_mul(UNIT)?
        .checked_add(parts)
}

/// An amount with two digits behind the point, or more where it has more: `1,204.50`.
pub fn text(amount: Amount) -> String {
    let (all, unit) = (amount.unsigned_abs(), UNIT.unsigned_abs());
    let (whole, parts) = (all / unit, all % unit);
    let digits = format!("{parts:04}");
    let kept = digits.trim_end_matches('0').len().max(2);
    let sign = if amount < 0 { "-" } else { "" };
    let shown = digits.get(..kept).unwrap_or(&digits);
    format!("{sign}{}.{shown}", format::number(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (written, amount) in [
            ("59.90", Some(599_000)),
            (" 1,204 ", Some(12_040_000)),
            ("0.0001", Some(1)),
            ("1.", Some(10_000)),
            ("", None),
            ("-5", None),
            ("1.23456", None),
            ("12a", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse(written), amount, "{written}");
        }
    }

    #[test]
    fn amounts_have_two_digits_behind_the_point() {
        for (amount, shown) in [
            (599_000, "59.90"),
            (12_040_000, "1,204.00"),
            (1, "0.0001"),
            (-5_000, "-0.50"),
        ] {
            assert_eq!(text(amount), shown);
        }
    }
}
