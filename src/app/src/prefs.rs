//! What belongs to the screen and outlives it: theme, chosen columns. Data never goes here.
//!
//! Preferences are plain texts: JSON would bring its reader and writer into the page's program for four of them.

use gloo_storage::{LocalStorage, Storage};

/// The full name of a preference; several copies of Corral may share one host (design, section 3).
fn key(name: &str) -> String {
    let path = leptos::prelude::window()
        .location()
        .pathname()
        .unwrap_or_default();
    let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
    format!("corral:{folder}:default:{name}")
}

/// Reads a preference; none where there is none, or where it can't be read.
pub fn get(name: &str) -> Option<String> {
    LocalStorage::raw().get_item(&key(name)).ok()?
}

/// Keeps a preference; a browser that keeps nothing forgets it, and nothing else happens.
pub fn set(name: &str, value: &str) {
    LocalStorage::raw().set_item(&key(name), value).ok();
}

/// Forgets a preference.
pub fn forget(name: &str) {
    LocalStorage::delete(key(name));
}

/// What may stay when the workspace is deleted: it says nothing of what was in it.
const HARMLESS: [&str; 2] = ["theme", "worker"];

/// Forgets every preference that may hold ids, names or values of the workspace.
pub fn forget_data() {
    let storage = LocalStorage::raw();
    let names = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?);
    let (mine, stay) = (key(""), HARMLESS.map(key));
    // All are known before the first one goes, for the others move up then.
    let data: Vec<String> = names
        .filter(|name| name.starts_with(&mine) && !stay.contains(name))
        .collect();
    for name in data {
        LocalStorage::delete(name);
    }
}
