//! Days, moments and time zones.
//!
//! A day is a number of days since 1970-01-01 and a moment a number of milliseconds since then in UTC.
//! Both lie in the years 1 to 9999.

use super::BadValue;
use jiff::SignedDuration;
use jiff::civil::Date;
use model::import::DateOrder;
use std::fmt::Write;

/// Milliseconds of a day.
pub const DAY: i64 = 86_400_000;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// A time zone, as the moments at which its distance from UTC changes.
///
/// The engine carries no time zone database: whoever has one (a browser has) is asked by [`Zone::probe`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// The offset before the first change, in seconds east of UTC.
    first: i32,
    /// From which moment (milliseconds in UTC) on which offset (seconds east) holds, in order.
    changes: Vec<(i64, i32)>,
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Zone = Zone {
        first: 0,
        changes: Vec::new(),
    };

    /// A zone that is always so many seconds east of UTC.
    pub fn fixed(seconds: i32) -> Zone {
        Zone {
            first: seconds,
            changes: Vec::new(),
        }
    }

    /// A zone from `offset`, which tells how many seconds east of UTC it is at a moment in milliseconds.
    ///
    /// Asks twice a month between the two moments, and then for the exact second of each change that this shows;
    /// outside, the first and the last offset hold.
    pub fn probe(from: i64, until: i64, mut offset: impl FnMut(i64) -> i32) -> Zone {
        const STEP: i64 = 15 * DAY;
        let first = offset(from);
        let mut zone = Zone::fixed(first);
        let (mut at, mut now) = (from, first);
        while at < until {
            let next = (at + STEP).min(until);
            let then = offset(next);
            if then != now {
                // Between `low`, where the old offset holds, and `high`, where it does not.
                let (mut low, mut high) = (at.div_euclid(1000), next.div_euclid(1000));
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if offset(middle * 1000) == now {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                zone.changes.push((high * 1000, then));
            }
            (at, now) = (next, then);
        }
        zone
    }

    /// How many seconds east of UTC the zone is at a moment.
    pub fn offset(&self, moment: i64) -> i32 {
        let after = self.changes.partition_point(|(from, _)| *from <= moment);
        after
            .checked_sub(1)
            .and_then(|at| self.changes.get(at))
            .map_or(self.first, |(_, offset)| *offset)
    }

    /// What the zone's clocks show at a moment, as if it were UTC.
    pub fn local(&self, moment: i64) -> i64 {
        moment.saturating_add(i64::from(self.offset(moment)) * 1000)
    }

    /// The day of a moment in this zone.
    pub fn day(&self, moment: i64) -> i64 {
        self.local(moment).div_euclid(DAY)
    }

    /// The moment at which the zone's clocks show `local`: the earlier of two, and where clocks skip over it, as much
    /// later as they skip.
    pub fn moment(&self, local: i64) -> i64 {
        if self.changes.is_empty() {
            return local.saturating_sub(i64::from(self.first) * 1000);
        }
        let before = i64::from(self.offset(local.saturating_sub(DAY))) * 1000;
        let after = i64::from(self.offset(local.saturating_add(DAY))) * 1000;
        let late = local.saturating_sub(after);
        if i64::from(self.offset(local.saturating_sub(before))) * 1000 != before
            && i64::from(self.offset(late)) * 1000 == after
        {
            return late;
        }
        local.saturating_sub(before)
    }
}

/// The day of a date in the calendar, if there is such a date.
pub fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if year < 1 {
        return None;
    }
    let date = Date::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
    .ok()?;
    Some(date.duration_since(EPOCH).as_secs() / 86_400)
}

/// Year, month and day of a day; none outside of the years 1 to 9999.
pub fn date_of(day: i64) -> Option<(i16, i8, i8)> {
    let date = EPOCH
        .checked_add(SignedDuration::from_secs(day.checked_mul(86_400)?))
        .ok()?;
    (date.year() >= 1).then(|| (date.year(), date.month(), date.day()))
}

/// The months and days whose anniversary is kept on a day: its own, and on the 1st of March of a year without a 29th of
/// February that one, too.
pub fn kept_on(day: i64) -> impl Iterator<Item = (i8, i8)> {
    let date = date_of(day);
    let own = date.map(|(_, month, day)| (month, day));
    let leapling = date
        .filter(|(year, month, day)| (*month, *day) == (3, 1) && day_of(i64::from(*year), 2, 29).is_none())
        .map(|_| (2, 29));
    own.into_iter().chain(leapling)
}

/// Whether a day is an anniversary of another.
pub fn is_anniversary(of: i64, day: i64) -> bool {
    date_of(of).is_some_and(|(_, month, on)| kept_on(day).any(|kept| kept == (month, on)))
}

/// Whether a day is one of some weekdays (bits from Monday); none means all.
pub fn on_weekday(days: u8, day: i64) -> bool {
    // The first of January 1970 was a Thursday.
    let weekday = (day + 3).rem_euclid(7);
    days & 0x7f == 0 || days & (1 << weekday) != 0
}

/// The bits of weekdays given as numbers from 1 (Monday) to 7 (Sunday).
///
/// # Errors
/// [`BadValue::Day`] where a text is no such number, or there is none.
pub fn weekdays<'a>(numbers: impl IntoIterator<Item = &'a str>) -> Result<u8, BadValue> {
    let mut days = 0;
    for number in numbers {
        match number.trim().parse() {
            Ok(number @ 1..=7) => days |= 1u8 << (number - 1),
            _ => return Err(BadValue::Day),
        }
    }
    if days == 0 { Err(BadValue::Day) } else { Ok(days) }
}

/// Reads a day: `1998-01-28`, `19980128`, or by `order` `28/01/1998`; a time of day may follow only if it is midnight.
pub fn parse_day(text: &str, order: DateOrder) -> Result<i64, BadValue> {
    let (day, rest) = date(text.as_bytes(), order).ok_or(BadValue::Day)?;
    let day = day?;
    if rest.is_empty() {
        return Ok(day);
    }
    match time(rest) {
        None => Err(BadValue::Day),
        Some((0, None | Some(0))) => Ok(day),
        Some(_) => Err(BadValue::TimeOfDay),
    }
}

/// Reads a moment: a date, then maybe `16:13`, `16:13:05.123` or `4:13 PM`, then maybe `Z` or `+02:00`.
///
/// Without an offset it is the zone's time, and without a time the start of the day. What comes after milliseconds is
/// dropped.
pub fn parse_instant(text: &str, order: DateOrder, zone: &Zone) -> Result<i64, BadValue> {
    let (day, rest) = date(text.as_bytes(), order).ok_or(BadValue::Instant)?;
    let (time, offset) = match rest {
        [] => (0, None),
        _ => time(rest).ok_or(BadValue::Instant)?,
    };
    let local = day? * DAY + time;
    let moment = match offset {
        Some(seconds) => local - seconds * 1000,
        None => zone.moment(local),
    };
    // An offset may lead out of the years that can be written down again.
    date_of(moment.div_euclid(DAY))
        .map(|_| moment)
        .ok_or(BadValue::Calendar)
}

/// Appends `1998-01-28`, or by `order` `28/01/1998`.
pub fn print_day(day: i64, order: Option<DateOrder>, out: &mut String) {
    let Some((year, month, day)) = date_of(day) else {
        return;
    };
    // Writing to a string cannot fail.
    let written = match order {
        None => write!(out, "{year:04}-{month:02}-{day:02}"),
        Some(DateOrder::DayFirst) => write!(out, "{day:02}/{month:02}/{year:04}"),
        Some(DateOrder::MonthFirst) => write!(out, "{month:02}/{day:02}/{year:04}"),
    };
    debug_assert!(written.is_ok());
}

/// Appends `2026-10-02T16:13:00Z`, or by `order` and in `zone` `02/10/2026 18:13:00`; milliseconds where there are any.
///
/// An hour that the zone's clocks show twice gets its offset, so that it reads back as the same moment.
pub fn print_instant(moment: i64, order: Option<DateOrder>, zone: &Zone, out: &mut String) {
    let local = if order.is_some() {
        zone.local(moment)
    } else {
        moment
    };
    let order = order.filter(|_| date_of(local.div_euclid(DAY)).is_some());
    let shown = if order.is_some() { local } else { moment };
    print_day(shown.div_euclid(DAY), order, out);
    let time = shown.rem_euclid(DAY);
    let (hours, minutes, seconds, millis) = (
        time / 3_600_000,
        time / 60_000 % 60,
        time / 1000 % 60,
        time % 1000,
    );
    let separator = if order.is_some() { ' ' } else { 'T' };
    let mut written = write!(out, "{separator}{hours:02}:{minutes:02}:{seconds:02}");
    if millis != 0 {
        written = written.and(write!(out, ".{millis:03}"));
    }
    if order.is_none() {
        out.push('Z');
    } else if zone.moment(local) != moment {
        let offset = zone.offset(moment);
        let sign = if offset < 0 { '-' } else { '+' };
        let (hours, minutes, seconds) = (offset.abs() / 3600, offset.abs() / 60 % 60, offset.abs() % 60);
        written = written.and(write!(out, "{sign}{hours:02}:{minutes:02}"));
        if seconds != 0 {
            written = written.and(write!(out, ":{seconds:02}"));
        }
    }
    debug_assert!(written.is_ok());
}

/// A number of 1 to `most` digits off the front, with how many they are.
fn number(bytes: &[u8], most: usize) -> Option<(i64, usize, &[u8])> {
    let digits = bytes
        .iter()
        .take(most + 1)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits == 0 || digits > most {
        return None;
    }
    let (front, rest) = bytes.split_at_checked(digits)?;
    Some((
        front.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')),
        digits,
        rest,
    ))
}

/// A date off the front. The outer none: this has not the form of a date; the inner error: it has, and is wrong.
fn date(bytes: &[u8], order: DateOrder) -> Option<(Result<i64, BadValue>, &[u8])> {
    let (first, first_digits, rest) = number(bytes, 8)?;
    if first_digits == 8 {
        return Some((
            day_of(first / 10_000, first / 100 % 100, first % 100).ok_or(BadValue::Calendar),
            rest,
        ));
    }
    let (&separator, rest) = rest.split_first()?;
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let (second, second_digits, rest) = number(rest, 4)?;
    let rest = rest.strip_prefix(&[separator])?;
    let (third, third_digits, rest) = number(rest, 4)?;
    let (year, month, day) = match (first_digits, second_digits, third_digits) {
        (4, 1..=2, 1..=2) => (first, second, third),
        (1..=2, 1..=2, 4) if order == DateOrder::DayFirst => (third, second, first),
        (1..=2, 1..=2, 4) => (third, first, second),
        (1..=2, 1..=2, 1..=2) => return Some((Err(BadValue::ShortYear), rest)),
        _ => return None,
    };
    Some((day_of(year, month, day).ok_or(BadValue::Calendar), rest))
}

/// What follows a date: the milliseconds since midnight and, where it is given, the offset in seconds.
fn time(bytes: &[u8]) -> Option<(i64, Option<i64>)> {
    let rest = match bytes.split_first()? {
        (b'T' | b't' | b' ', rest) => rest,
        (b',', rest) => rest.strip_prefix(b" ")?,
        _ => return None,
    };
    let (mut hours, _, rest) = number(rest.trim_ascii_start(), 2)?;
    let (minutes, 2, mut rest) = number(rest.strip_prefix(b":")?, 2)? else {
        return None;
    };
    let (mut seconds, mut millis) = (0, 0);
    if let Some(after) = rest.strip_prefix(b":") {
        (seconds, _, rest) = number(after, 2).filter(|(_, digits, _)| *digits == 2)?;
        if let [b'.' | b',', after @ ..] = rest {
            let (_, digits, end) = number(after, 12)?;
            let shown = after.get(..digits.min(3))?;
            millis = shown.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'));
            millis *= [1, 100, 10, 1].get(shown.len())?;
            rest = end;
        }
    }
    rest = rest.trim_ascii_start();
    if let [half @ (b'A' | b'a' | b'P' | b'p'), b'M' | b'm', after @ ..] = rest {
        if !(1..=12).contains(&hours) {
            return None;
        }
        hours = hours % 12 + if matches!(half, b'P' | b'p') { 12 } else { 0 };
        rest = after.trim_ascii_start();
    }
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    Some((
        ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis,
        offset(rest)?,
    ))
}

/// `Z`, `UTC`, `+02`, `+0200`, `+02:00` or `+02:00:00` in seconds; the outer none: something else.
fn offset(text: &[u8]) -> Option<Option<i64>> {
    let (sign, rest) = match text {
        [] => return Some(None),
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some(Some(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes, seconds) = match number(rest, 4)? {
        (both, 4, []) => (both / 100, both % 100, 0),
        (hours, 2, []) => (hours, 0, 0),
        (hours, 2, [b':', rest @ ..]) => match number(rest, 2)? {
            (minutes, 2, []) => (hours, minutes, 0),
            (minutes, 2, [b':', rest @ ..]) => match number(rest, 2)? {
                (seconds, 2, []) => (hours, minutes, seconds),
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    (hours < 24 && minutes < 60 && seconds < 60)
        .then_some(Some(sign * ((hours * 60 + minutes) * 60 + seconds)))
}
