//! What belongs to the screen and outlives it: theme, chosen columns. Data never goes here.
//!
//! Preferences are plain texts: JSON would bring its reader and writer into the page's program for four of them.

use crate::site;
use gloo_storage::{LocalStorage, Storage};

/// What belongs to the whole site and not to one workspace.
const SHARED: [&str; 2] = ["theme", "workspaces"];

/// What says nothing of what is in a workspace: which worker its tabs look for.
const HARMLESS: &str = "worker";

/// The full name of a preference; several copies of Corral may share one host (design, section 3).
///
/// What is shared rests with the default workspace, where it was before there were others.
fn key(name: &str) -> String {
    let workspace = match SHARED.contains(&name) {
        true => site::DEFAULT.to_owned(),
        false => site::workspace(),
    };
    key_of(&workspace, name)
}

fn key_of(workspace: &str, name: &str) -> String {
    format!("corral:{}:{workspace}:{name}", site::folder())
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

/// Forgets every preference of a workspace, but not what belongs to the whole site.
pub fn forget_all(workspace: &str) {
    let storage = LocalStorage::raw();
    let prefix = key_of(workspace, "");
    let count = storage.length().unwrap_or(0);
    let keys: Vec<String> = (0..count).filter_map(|at| storage.key(at).ok()?).collect();
    for key in keys {
        let name = key.strip_prefix(&prefix);
        if name.is_some_and(|name| name != HARMLESS && !SHARED.contains(&name)) {
            LocalStorage::delete(key);
        }
    }
}
