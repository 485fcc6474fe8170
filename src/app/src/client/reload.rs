//! Loading the page again, but not for ever.

use super::place::Place;
use web_sys::Storage;

/// How often a page may load itself again …
const TIMES: usize = 3;
/// … within so many milliseconds.
const WITHIN: u64 = 30_000;

/// Loads the page again; says false where it did so several times just now, to no avail.
pub fn reload(place: &Place) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let mut times = recent(&noted(place), now());
    if times.len() >= TIMES {
        return false;
    }
    times.push(now());
    if let Some(storage) = session() {
        let times: Vec<String> = times.iter().map(u64::to_string).collect();
        // Where nothing can be noted, nothing is counted.
        storage.set_item(&place.reloads(), &times.join(" ")).ok();
    }
    window.location().reload().is_ok()
}

/// Whether this page was just loaded again, and is of the same build as before.
pub fn in_vain(place: &Place) -> bool {
    !recent(&noted(place), now()).is_empty()
}

fn noted(place: &Place) -> String {
    session()
        .and_then(|storage| storage.get_item(&place.reloads()).ok()?)
        .unwrap_or_default()
}

fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// The noted times that count.
fn recent(noted: &str, now: u64) -> Vec<u64> {
    let times = noted.split(' ').filter_map(|at| at.parse::<u64>().ok());
    times.filter(|at| now.abs_diff(*at) < WITHIN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reloads_of_the_last_half_minute_count() {
        assert!(recent("", 0).is_empty());
        assert_eq!(recent("0 1000 2000", 3000), [0, 1000, 2000]);
        assert_eq!(recent("0 1000 2000", 30_500), [1000, 2000]);
    }
}
