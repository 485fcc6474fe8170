//! How much the browser lets this site store.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How much the browser lets this site store, in bytes; it rounds both, or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// What everything of this site takes up, all workspaces and the program itself included.
    pub used: u64,
    /// What it may take up.
    pub quota: u64,
}

impl Room {
    /// Asks the browser; none where it doesn't say.
    pub async fn ask() -> Option<Room> {
        // Bound by its name: it is missing in some browsers, and web-sys takes it for granted.
        let storage = Reflect::get(&window().navigator(), &"storage".into())
            .ok()
            .filter(JsValue::is_object)?;
        let estimate: Function = Reflect::get(&storage, &"estimate".into()).ok()?.dyn_into().ok()?;
        let promise: Promise = estimate.call0(&storage).ok()?.dyn_into().ok()?;
        let said = JsFuture::from(promise).await.ok()?;
        let number = |name: &str| Some(Reflect::get(&said, &name.into()).ok()?.as_f64()? as u64);
        Some(Room {
            used: number("usage")?,
            quota: number("quota")?,
        })
    }
}
