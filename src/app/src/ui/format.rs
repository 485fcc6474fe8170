//! Numbers, sizes and times in words.

use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::wasm_bindgen::JsValue;
use std::cell::RefCell;

/// A whole number in groups of three: `1,204`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The text form of a whole or decimal number in groups of three, anything else as it is: `-1234.5` → `-1,234.5`.
pub fn grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = rest
        .split_once('.')
        .map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    match whole.parse() {
        Ok(whole) => {
            let whole = number(whole);
            fraction.map_or_else(
                || format!("{sign}{whole}"),
                |fraction| format!("{sign}{whole}.{fraction}"),
            )
        }
        Err(_) => text.to_owned(),
    }
}

/// A number and its noun: `1 contact`, `1,204 contacts`.
pub fn count(many: u64, one: &str, more: &str) -> String {
    format!("{} {}", number(many), if many == 1 { one } else { more })
}

/// A number of contacts: `1,204 contacts`.
pub fn contacts(many: u64) -> String {
    count(many, "contact", "contacts")
}

/// A size: `0 bytes`, `1.2 MB`; thousands, as file managers and quotas have them.
pub fn bytes(bytes: u64) -> String {
    if bytes < 1000 {
        return count(bytes, "byte", "bytes");
    }
    let mut unit = 1;
    for name in ["kB", "MB", "GB", "TB"] {
        unit *= 1000;
        let (whole, tenth) = (rounded(bytes, unit), rounded(bytes, unit / 10));
        if tenth < 100 {
            return format!("{} {name}", tenths(tenth));
        }
        if whole < 1000 || name == "TB" {
            return format!("{whole} {name}");
        }
    }
    String::new()
}

/// A number of units, to the nearest one.
fn rounded(number: u64, unit: u64) -> u64 {
    (number + unit / 2) / unit
}

/// Tenths with a point: `1.2`. Printing real numbers would bring 30 KB of program and tables.
pub fn tenths(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A length for a style, in the browser's own digits.
pub fn pixels(length: f64) -> String {
    // Ten is a base that it knows.
    let digits = js_sys::Number::from(length)
        .to_string_with_radix(10)
        .map(String::from);
    format!("{}px", digits.unwrap_or_default())
}

/// A duration in its two largest units: `840 ms`, `4.2 s`, `2 min 5 s`, `1 h 3 min`.
pub fn duration(milliseconds: u64) -> String {
    let seconds = (milliseconds + 500) / 1000;
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..9_950 => format!("{} s", tenths(rounded(milliseconds, 100))),
        _ if seconds < 60 => format!("{seconds} s"),
        _ if seconds < 3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// The largest unit that fits a time span, with its number, as `Intl.RelativeTimeFormat` wants it.
pub fn span(milliseconds: i64) -> (i64, &'static str) {
    const UNITS: [(i64, &str); 6] = [
        (31_556_952_000, "year"),
        (2_629_746_000, "month"),
        (86_400_000, "day"),
        (3_600_000, "hour"),
        (60_000, "minute"),
        (1_000, "second"),
    ];
    UNITS
        .iter()
        .find(|(size, _)| milliseconds.abs() >= *size)
        .map_or((0, "second"), |(size, unit)| (milliseconds / size, unit))
}

/// The present moment, in milliseconds since 1970.
pub fn now() -> i64 {
    Date::now() as i64
}

/// A past or future moment as seen from now: `5 minutes ago`, `yesterday`.
pub fn ago(at: i64) -> String {
    let (many, unit) = span(at - now());
    if unit == "second" {
        return "just now".to_owned();
    }
    let options = Object::new();
    // A fresh object takes every property.
    Reflect::set(&options, &"numeric".into(), &"auto".into()).ok();
    Intl::RelativeTimeFormat::new(&english(), &options)
        .format(many as f64, unit)
        .into()
}

/// A moment in a time zone: `2 Oct 2026, 16:13`; an empty zone is UTC.
pub fn moment(at: i64, zone: &str) -> String {
    thread_local! {
        /// Making a formatter is slow; the last one is kept with its zone.
        static LAST: RefCell<Option<(String, js_sys::Function)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| {
        if last.as_ref().is_none_or(|(known, _)| known != zone) {
            *last = formatter(zone)
                .or_else(|| formatter(""))
                .map(|format| (zone.to_owned(), format));
        }
        let date = Date::new(&JsValue::from_f64(at as f64));
        last.as_ref()
            .and_then(|(_, format)| format.call1(&JsValue::UNDEFINED, &date).ok())
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    })
}

/// The text form of a moment (`2026-10-02T16:13:00Z`) in a time zone; anything else as it is.
pub fn moment_text(text: &str, zone: &str) -> String {
    let at = Date::parse(text);
    if text.is_empty() || at.is_nan() {
        text.to_owned()
    } else {
        moment(at as i64, zone)
    }
}

/// A moment's text form (UTC) as `datetime-local` wants it in a time zone: `2026-10-02T18:13`.
pub fn zoned(text: &str, zone: &str) -> String {
    let at = Date::parse(text);
    if text.is_empty() || at.is_nan() {
        return String::new();
    }
    wall(at + offset(at, zone))
}

/// What `datetime-local` gives in a time zone as a moment's text form (UTC).
pub fn unzoned(local: &str, zone: &str) -> String {
    let at = Date::parse(&format!("{local}Z"));
    if local.is_empty() || at.is_nan() {
        return String::new();
    }
    // The offset depends on the moment that is looked for; the second step sees to days on which it changes.
    let near = at - offset(at, zone);
    let at = at - offset(near, zone);
    format!("{}:00Z", wall(at))
}

/// What `datetime-local` gives in a time zone, as a moment; none for what is no date and time.
pub fn instant(local: &str, zone: &str) -> Option<i64> {
    let at = Date::parse(&unzoned(local, zone));
    (!at.is_nan()).then_some(at as i64)
}

/// When a day (`2027-01-04`) begins in a time zone; none for what is no day.
pub fn midnight(day: &str, zone: &str) -> Option<i64> {
    instant(&format!("{}T00:00", day.trim()), zone)
}

/// A moment in milliseconds, as the clock of UTC shows it: `2026-10-02T16:13`.
fn wall(at: f64) -> String {
    let text: String = Date::new(&JsValue::from_f64(at)).to_iso_string().into();
    text.chars().take(16).collect()
}

/// How far the clock of a time zone is before that of UTC at a moment, in milliseconds.
fn offset(at: f64, zone: &str) -> f64 {
    let shown = moment_in(at, if zone.is_empty() { "UTC" } else { zone });
    let shown = shown.map_or(f64::NAN, |text| {
        Date::parse(&format!("{}Z", text.replace(' ', "T")))
    });
    let minute = 60_000.0;
    if shown.is_nan() {
        0.0
    } else {
        shown - (at / minute).floor() * minute
    }
}

/// A moment in a time zone as `2026-10-02 18:13`, the way Swedish writes it.
fn moment_in(at: f64, zone: &str) -> Option<String> {
    let options = Object::new();
    for (name, value) in [
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("timeZone", zone),
    ] {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    let format = date_format("sv-SE", &options)?;
    format
        .call1(&JsValue::UNDEFINED, &Date::new(&JsValue::from_f64(at)))
        .ok()?
        .as_string()
}

/// The time zones that the browser knows, by their IANA names; empty where it does not say.
pub fn zones() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into());
    let list = intl.and_then(|intl| {
        let list: js_sys::Function = Reflect::get(&intl, &"supportedValuesOf".into())?.into();
        list.call1(&intl, &"timeZone".into())
    });
    list.map(|list| {
        Array::from(&list)
            .iter()
            .filter_map(|zone| zone.as_string())
            .collect()
    })
    .unwrap_or_default()
}

/// The person's own time zone.
pub fn own_zone() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_default()
}

fn english() -> Array {
    Array::of1(&"en-GB".into())
}

/// `Intl.DateTimeFormat` throws for a zone that it does not know; that is no formatter, hence `date_format`.
fn formatter(zone: &str) -> Option<js_sys::Function> {
    let options = Object::new();
    for (name, value) in [
        ("year", "numeric"),
        ("month", "short"),
        ("day", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("timeZone", if zone.is_empty() { "UTC" } else { zone }),
    ] {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    date_format("en-GB", &options)
}

fn date_format(language: &str, options: &Object) -> Option<js_sys::Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: js_sys::Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.into();
    let made = Reflect::construct(&class, &Array::of2(&language.into(), options)).ok()?;
    Some(Reflect::get(&made, &"format".into()).ok()?.into())
}

/// A day, counted from 1970: `2026-11-24`.
pub fn day(day: i64) -> String {
    let date = Date::new(&((day * 86_400_000) as f64).into());
    String::from(date.to_iso_string()).chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_groups_of_three() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1204), "1,204");
        assert_eq!(number(1_000_000), "1,000,000");
        assert_eq!(grouped("-1234567.25"), "-1,234,567.25");
        assert_eq!(grouped("12a"), "12a");
    }

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(contacts(1), "1 contact");
        assert_eq!(contacts(0), "0 contacts");
    }

    #[test]
    fn sizes_have_at_most_three_digits() {
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(1_234), "1.2 kB");
        assert_eq!(bytes(102_400_000), "102 MB");
        assert_eq!(bytes(999_999), "1.0 MB");
    }

    #[test]
    fn durations_have_two_units() {
        assert_eq!(duration(840), "840 ms");
        assert_eq!(duration(4_240), "4.2 s");
        assert_eq!(duration(125_000), "2 min 5 s");
        assert_eq!(duration(3_780_000), "1 h 3 min");
    }

    #[test]
    fn a_span_takes_its_largest_unit() {
        assert_eq!(span(-90_000), (-1, "minute"));
        assert_eq!(span(3 * 86_400_000), (3, "day"));
        assert_eq!(span(-10), (0, "second"));
    }
}
