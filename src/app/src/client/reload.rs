//! Loading the page again, but not for ever.

use super::place::Place;
use web_sys::Storage;

/// How often a page may load itself again …
const TIMES: usize = 3;
/// … within so many milliseconds.
const WITHIN: f64 = 30_000.0;

/// Loads the page again; says false where it did so several times just now, to no avail.
pub fn reload(place: &Place) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let now = js_sys::Date::now();
    let key = place.reloads();
    let storage = session(&window);
    let noted = storage
        .as_ref()
        .and_then(|storage| storage.get_item(&key).ok()?)
        .unwrap_or_default();
    let Some(noted) = note(&noted, now) else {
        return false;
    };
    if let Some(storage) = storage {
        // Where nothing can be noted, nothing is counted.
        storage.set_item(&key, &noted).ok();
    }
    window.location().reload().is_ok()
}

fn session(window: &Window) -> Option<Storage> {
    window.session_storage().ok()?
}

/// Adds a reload to those noted; none when there were too many.
fn note(noted: &str, now: f64) -> Option<String> {
    let mut recent: Vec<f64> = noted.split(' ').filter_map(|at| at.parse().ok()).collect();
    recent.retain(|at| (now - at).abs() < WITHIN);
    if recent.len() >= TIMES {
        return None;
    }
    recent.push(now);
    Some(recent.iter().map(f64::to_string).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reloads_of_the_last_half_minute_count() {
        assert_eq!(recent("", 0.0), []);
        assert_eq!(recent("0 1000 2000", 3000.0), [0.0, 1000.0, 2000.0]);
        assert_eq!(recent("0 1000 2000", 30_500.0), [1000.0, 2000.0]);
    }
}
