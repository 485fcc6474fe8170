//! Where this page is: its folder on its host, and which workspace of that folder it shows.
//!
//! The workspace stands in the address (`?workspace=x7k`), so that two tabs may show two, and loading again keeps it.
//! Without it, it is the one that was there before there were others.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The workspace that an address without one shows.
pub const DEFAULT: &str = "default";

/// What stands before the workspace in the address.
const PARAMETER: &str = "workspace=";

/// The path of the folder that this page is in.
pub fn folder() -> String {
    let path = window().location().pathname().unwrap_or_default();
    let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
    folder.to_owned()
}

/// Whether this page is a file on this device that no host gave.
pub fn is_file() -> bool {
    window()
        .location()
        .protocol()
        .is_ok_and(|protocol| protocol == "file:")
}

/// The id of the workspace that this page shows.
pub fn workspace() -> String {
    workspace_in(&search()).to_owned()
}

/// The address of a workspace of this site.
pub fn address(id: &str) -> String {
    let path = window().location().pathname().unwrap_or_default();
    format!("{path}{}#/contacts", search_for(&search(), id))
}

/// An id that nothing has yet: no workspace, tab or worker.
pub fn new_id() -> String {
    // A random double in [0, 1), scaled.
    let random = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:08x}{:08x}", random(), random())
}

/// Asks the browser's storage manager, by the name of one of its functions; none where it has none, or doesn't say.
///
/// By the name, because some browsers lack the manager or the function, and web-sys takes both for granted.
pub async fn ask_storage(function: &str) -> Option<JsValue> {
    let storage = Reflect::get(&window().navigator(), &"storage".into())
        .ok()
        .filter(JsValue::is_object)?;
    let function: Function = Reflect::get(&storage, &function.into()).ok()?.dyn_into().ok()?;
    let promise: Promise = function.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

fn search() -> String {
    window().location().search().unwrap_or_default()
}

/// The parameters of a query.
fn parameters(search: &str) -> impl Iterator<Item = &str> {
    let all = search.trim_start_matches('?').split('&');
    all.filter(|one| !one.is_empty())
}

/// Whether this is the id of a workspace; the worker knows the same rule.
pub fn is_id(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn workspace_in(search: &str) -> &str {
    let mut named = parameters(search).filter_map(|one| one.strip_prefix(PARAMETER));
    named.next().filter(|id| is_id(id)).unwrap_or(DEFAULT)
}

fn search_for(search: &str, id: &str) -> String {
    let others = parameters(search).filter(|one| !one.starts_with(PARAMETER));
    let mut all: Vec<String> = others.map(str::to_owned).collect();
    if id != DEFAULT {
        all.push(format!("{PARAMETER}{id}"));
    }
    match all.is_empty() {
        true => String::new(),
        false => format!("?{}", all.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_workspace_a_page_shows() {
        for (search, id) in [
            ("", "default"),
            ("?workspace=x7k", "x7k"),
            ("?own-worker&workspace=x7k", "x7k"),
            ("?workspace=", "default"),
            ("?workspace=a:b", "default"),
            ("?workspaces=x7k", "default"),
        ] {
            assert_eq!(workspace_in(search), id, "{search}");
        }
    }

    #[test]
    fn another_workspace_is_a_step_away_and_the_rest_of_the_address_stays() {
        for (search, id, there) in [
            ("", "x7k", "?workspace=x7k"),
            ("?workspace=x7k", "default", ""),
            ("?workspace=x7k&own-worker", "b2", "?own-worker&workspace=b2"),
            ("?own-worker", "default", "?own-worker"),
        ] {
            assert_eq!(search_for(search, id), there, "{search} to {id}");
        }
    }
}
