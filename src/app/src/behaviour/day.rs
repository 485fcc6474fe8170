//! Days, as inputs of type `date` have them.

/// A day, counted from 1970, of a text like `2026-11-24`; none of anything else.
pub fn parse(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let count = count(year, month, day);
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
    // A day that its month does not have would be one of the next.
    (valid && date(count) == (year, month, day)).then_some(count)
}

/// The text of a day.
pub fn text(day: i64) -> String {
    let (year, month, day) = date(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days since 1970 (“days from civil”, Howard Hinnant, chrono-compatible low-level date algorithms).
fn count(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The way back (“civil from days”).
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = shifted + if shifted < 10 { 3 } else { -9 };
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{parse, text};

    #[test]
    fn days_are_read_and_written() {
        let days = [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2026-11-24", 20_781),
        ];
        for (written, day) in days {
            assert_eq!(parse(written), Some(day), "{written}");
            assert_eq!(text(day), written);
        }
        for day in (-719_000..2_932_000).step_by(97) {
            assert_eq!(parse(&text(day)), Some(day));
        }
        for wrong in ["", "2026-02-29", "2026-13-01", "2026-1", "2026-01-01-01", "x-y-z"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
