//! Periods, times and weekdays, as people give them.

/// The units of a period: key, words, minutes.
pub const UNITS: [(&str, &str, u32); 4] = [
    ("minutes", "minutes", 1),
    ("hours", "hours", 60),
    ("days", "days", 24 * 60),
    ("weeks", "weeks", 7 * 24 * 60),
];

/// A period is no longer than ten years.
pub const LONGEST: u32 = 10 * 366 * 24 * 60;

/// A number of minutes as a number of the largest unit that divides it.
pub fn split(minutes: u32) -> (i64, &'static str) {
    let fits = |(_, _, size): &&(&str, &str, u32)| minutes > 0 && minutes.is_multiple_of(*size);
    let (unit, _, size) = UNITS.iter().rev().find(fits).unwrap_or(&UNITS[0]);
    (i64::from(minutes / size), unit)
}

/// The minutes of a number of units, or what is wrong with it.
pub fn join(number: &str, unit: &str, least: u32) -> Result<u32, String> {
    let size = UNITS
        .iter()
        .find(|(key, ..)| *key == unit)
        .map_or(1, |(.., size)| *size);
    let number = number
        .trim()
        .parse::<u32>()
        .ok()
        .filter(|number| *number >= least);
    let number = number.ok_or_else(|| format!("A whole number from {least} on"))?;
    let minutes = number.checked_mul(size).filter(|minutes| *minutes <= LONGEST);
    minutes.ok_or_else(|| "At most ten years".to_owned())
}

/// A minute of the day as an input of type `time` has it; the end of the day is midnight.
pub fn time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// The minute of the day of such a text; midnight is the end of the day where that is asked for.
pub fn minute(text: &str, end: bool) -> Result<u16, String> {
    let wrong = || "Give a time, like 09:00".to_owned();
    let mut parts = text.split(':').map(|part| part.parse::<u16>().ok());
    let (hour, minute) = (parts.next().flatten(), parts.next().flatten());
    let (hour, minute) = hour.zip(minute).ok_or_else(wrong)?;
    match (hour < 24 && minute < 60, hour * 60 + minute) {
        (false, _) => Err(wrong()),
        (_, 0) if end => Ok(24 * 60),
        (_, minute) => Ok(minute),
    }
}

/// What is wrong with the shares of a split; none where nothing is.
pub fn shares_fault(shares: &[u8]) -> Option<String> {
    let sum: u32 = shares.iter().map(|share| u32::from(*share)).sum();
    match sum {
        _ if shares.contains(&0) => Some("Each branch needs a share of at least 1 %".to_owned()),
        100 => None,
        sum if sum < 100 => Some(format!(
            "The shares add up to {sum} %; {} % are missing",
            100 - sum
        )),
        sum => Some(format!("The shares add up to {sum} %; {} % too many", sum - 100)),
    }
}

/// As equal shares as can be that add up to 100; the first ones take what is left.
pub fn equal_shares(branches: usize) -> Vec<u8> {
    let many = u8::try_from(branches.clamp(1, 100)).unwrap_or(1);
    (0..many)
        .map(|at| 100 / many + u8::from(at < 100 % many))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_takes_its_largest_unit() {
        let cases = [
            (1, 1, "minutes"),
            (90, 90, "minutes"),
            (120, 2, "hours"),
            (30 * 24 * 60, 30, "days"),
            (14 * 24 * 60, 2, "weeks"),
            (0, 0, "minutes"),
        ];
        for (minutes, number, unit) in cases {
            assert_eq!(split(minutes), (number, unit));
            assert_eq!(join(&number.to_string(), unit, 0), Ok(minutes));
        }
    }

    #[test]
    fn a_period_that_is_none_says_why() {
        for wrong in ["", "x", "0", "-1", "1.5"] {
            let said = join(wrong, "days", 1);
            assert_eq!(said.err().as_deref(), Some("A whole number from 1 on"), "{wrong}");
        }
        for long in ["600", "4000000000"] {
            assert_eq!(join(long, "weeks", 1).err().as_deref(), Some("At most ten years"));
        }
    }

    #[test]
    fn times_are_read_and_written() {
        for minute_of_day in [0, 1, 540, 1439] {
            assert_eq!(minute(&time(minute_of_day), false), Ok(minute_of_day));
        }
        assert_eq!(minute("00:00", true), Ok(1440));
        assert_eq!(time(1440), "00:00");
        for wrong in ["", "9", "25:00", "12:60", "a:b"] {
            assert!(minute(wrong, false).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shares_add_up_to_a_hundred() {
        for many in 2..=5 {
            assert_eq!(shares_fault(&equal_shares(many)), None);
        }
        assert_eq!(equal_shares(3), [34, 33, 33]);
        let said = |shares: &[u8]| shares_fault(shares).unwrap_or_default();
        assert_eq!(said(&[50, 40]), "The shares add up to 90 %; 10 % are missing");
        assert_eq!(said(&[70, 40]), "The shares add up to 110 %; 10 % too many");
        assert_eq!(said(&[100, 0]), "Each branch needs a share of at least 1 %");
    }
}
