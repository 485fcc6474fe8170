//! What the benchmark puts beside the site and no site holds: the floor it is measured against, and a tab that asks
//! the worker directly.

#![cfg(target_arch = "wasm32")]

mod floor;
mod flows;
mod graphs;
mod kept;
mod tab;

pub use floor::floor;
pub use tab::Tab;

use wasm_bindgen::{JsCast, JsValue};

/// An error as the script that called sees it.
fn failed(error: impl std::fmt::Debug) -> JsValue {
    js_sys::Error::new(&format!("{error:?}")).into()
}

/// Milliseconds since the navigation began.
fn now() -> Result<f64, JsValue> {
    let clock = js_sys::Reflect::get(&js_sys::global(), &"performance".into())?;
    Ok(clock.unchecked_into::<web_sys::Performance>().now())
}
