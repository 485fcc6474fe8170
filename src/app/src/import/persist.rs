//! Asking the browser to keep the data: without it, some delete a site's data when the disk fills up.

use crate::prefs;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The preference that says that the browser was asked.
const ASKED: &str = "asked-to-keep";

/// What a browser answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It keeps the data until the person deletes it.
    Keeps,
    /// It may delete the data.
    May,
    /// It can't be asked.
    Silent,
}

impl Answer {
    /// The answer in words.
    pub fn words(self) -> &'static str {
        match self {
            Answer::Keeps => "The browser agreed to keep Corral's data until you delete it",
            Answer::May => {
                "The browser did not promise to keep Corral's data: it may delete it when the disk is nearly full, so export a copy from time to time"
            }
            Answer::Silent => {
                "This browser can't be asked to keep Corral's data, so export a copy from time to time"
            }
        }
    }
}

/// Asks the browser once, after the first import; none where it was asked before.
pub async fn ask_once() -> Option<Answer> {
    if prefs::get(ASKED).is_some() {
        return None;
    }
    prefs::set(ASKED, "true");
    Some(match ask().await {
        None => Answer::Silent,
        Some(true) => Answer::Keeps,
        Some(false) => Answer::May,
    })
}

/// Asks the browser; none where it can't be asked.
async fn ask() -> Option<bool> {
    // `navigator.storage` and its functions are missing in some browsers, and web-sys takes them for granted.
    let storage = Reflect::get(&window().navigator(), &"storage".into())
        .ok()
        .filter(JsValue::is_object)?;
    let persist: Function = Reflect::get(&storage, &"persist".into()).ok()?.dyn_into().ok()?;
    let promise: Promise = persist.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()?.as_bool()
}
