//! How fast a job is, and how long it still takes.

use crate::ui::format;

/// How fast a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Rows so far.
    pub rows: u64,
    /// Rows a second, to three digits; none while it is too early to say.
    pub per_second: Option<u64>,
    /// Milliseconds left; none while it is too early to say.
    pub left: Option<u64>,
}

/// Before so many milliseconds nobody can tell how fast a job is.
const EARLY: u64 = 300;

/// How fast a job is, from the share done in thousandths, the rows, and the milliseconds so far.
pub fn pace(permille: u16, rows: u64, elapsed: u64) -> Pace {
    if elapsed < EARLY {
        return Pace {
            rows,
            ..Pace::default()
        };
    }
    let (done, all) = (u64::from(permille.min(1000)), 1000);
    let left = (done >= 10).then(|| elapsed.saturating_mul(all - done) / done);
    let per_second = (rows > 0).then(|| rounded(rows.saturating_mul(1000) / elapsed));
    Pace {
        rows,
        per_second,
        left,
    }
}

/// A number to three digits: 312,345 is 312,000.
fn rounded(number: u64) -> u64 {
    let mut unit = 1;
    while number / unit >= 1000 {
        unit *= 10;
    }
    number / unit * unit
}

impl Pace {
    /// The pace in words: `12,000 rows · 300,000 rows/s · 4 s left`.
    pub fn words(self) -> String {
        let mut words = format::count(self.rows, "row", "rows");
        if let Some(per_second) = self.per_second {
            words.push_str(&format!(" · {} rows/s", format::number(per_second)));
        }
        match self.left {
            Some(left) if left >= 1000 => {
                // Whole seconds: a time that jumps about in tenths tells nothing more.
                words.push_str(&format!(
                    " · {} left",
                    format::duration(left.div_ceil(1000).max(10) * 1000)
                ));
            }
            _ => {}
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_time_left_follow_from_the_share_done() {
        let pace = pace(250, 100_000, 1_000);
        assert_eq!(
            pace,
            Pace {
                rows: 100_000,
                per_second: Some(100_000),
                left: Some(3_000)
            }
        );
    }

    #[test]
    fn nothing_is_said_too_early() {
        assert_eq!(pace(500, 10, 20).words(), "10 rows");
        assert_eq!(pace(0, 0, 5_000), Pace::default());
    }

    #[test]
    fn rates_have_three_digits() {
        assert_eq!(rounded(312_345), 312_000);
        assert_eq!(rounded(999), 999);
        assert_eq!(rounded(1_000), 1_000);
    }

    #[test]
    fn nothing_is_left_at_the_end() {
        assert_eq!(pace(1000, 5_000, 2_000).left, Some(0));
    }
}
