//! A moment of the past, as a person gives it: a day, perhaps with a time.

use crate::ui::format;

/// What a day and a time say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// This moment, in milliseconds since 1970.
    At(i64),
    /// What is wrong with the day.
    Day(&'static str),
    /// What is wrong with the time.
    Time(&'static str),
}

/// The moment that inputs of type `date` and `time` name in a time zone; without a time, the end of the day, or now where
/// that is still to come.
pub fn chosen(day: &str, time: &str, zone: &str) -> Moment {
    let now = format::now();
    let start = format::midnight(day, zone);
    let Some(start) = start else {
        return Moment::Day("Choose a date");
    };
    if start > now {
        return Moment::Day("This day is still to come");
    }
    if time.is_empty() {
        return Moment::At(end_of_day(day, zone).unwrap_or(now).min(now));
    }
    match format::instant(&format!("{day}T{}", time.get(..5).unwrap_or(time)), zone) {
        Some(at) if at <= now => Moment::At(at),
        Some(_) => Moment::Time("This time is still to come"),
        None => Moment::Time("Give the time as hours and minutes"),
    }
}

/// What is said of a moment before a segment was made.
pub fn too_early(created: i64, zone: &str) -> String {
    let made = format::moment(created, zone);
    format!("The segment was made on {made}; choose that day or a later one")
}

/// The last millisecond of a day.
fn end_of_day(day: &str, zone: &str) -> Option<i64> {
    format::instant(&format!("{day}T23:59"), zone).map(|at| at + 59_999)
}
