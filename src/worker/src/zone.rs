//! Time zones, as the browser knows them.

use engine::value::Zone;
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// From 1970 to 2050: outside, the first and the last offset hold.
const FROM: i64 = 0;
const UNTIL: i64 = 2_524_608_000_000;

/// The offsets of an IANA time zone; none where the browser knows no such zone. An empty name is UTC.
pub fn probe(name: &str) -> Option<Zone> {
    if name.is_empty() || name == "UTC" {
        return Some(Zone::UTC);
    }
    let format = formatter(name)?;
    let format: js_sys::Function = Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()?;
    let offset = |moment: i64| -> i32 {
        let date = Date::new(&JsValue::from_f64(moment as f64));
        let text = format
            .call1(&JsValue::UNDEFINED, &date)
            .ok()
            .and_then(|text| text.as_string());
        text.and_then(|text| seconds(&text)).unwrap_or(0)
    };
    Some(Zone::probe(FROM, UNTIL, offset))
}

/// A formatter whose texts end in the zone's offset: `10/2/2026, GMT+02:00`.
fn formatter(name: &str) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &name.into()).ok()?;
    Reflect::set(&options, &"timeZoneName".into(), &"longOffset".into()).ok()?;
    let class = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: js_sys::Function = Reflect::get(&class, &"DateTimeFormat".into())
        .ok()?
        .dyn_into()
        .ok()?;
    // An unknown zone is a RangeError, which `construct` gives back where the binding's constructor would throw.
    let made = Reflect::construct(&class, &Array::of2(&"en-US".into(), &options)).ok()?;
    Some(made.unchecked_into())
}

/// The offset at the end of a text: `GMT+02:00`, `GMT-03:30:40`, or `GMT`.
fn seconds(text: &str) -> Option<i32> {
    let offset = &text[text.rfind("GMT")? + 3..];
    if offset.is_empty() {
        return Some(0);
    }
    let sign = if offset.starts_with(['-', '−']) { -1 } else { 1 };
    let digits = offset.trim_start_matches(['+', '-', '−']);
    let mut parts = digits.split(':').map(|part| part.parse::<i32>().unwrap_or(0));
    let (hours, minutes, seconds) = (
        parts.next()?,
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
    );
    Some(sign * (hours * 3600 + minutes * 60 + seconds))
}
