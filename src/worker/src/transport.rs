//! What travels through a port: an array of the message's bytes and, beside them, a `File`, a `Blob` or nothing.

use crate::codec;
use crate::error::Error;
use js_sys::{Array, Function, Reflect, Uint8Array};
use model::message::{Envelope, FromWorker};
use wasm_bindgen::prelude::*;
use web_sys::Blob;

#[wasm_bindgen]
extern "C" {
    /// A tab's end as the worker sees it: a `MessagePort`, or the global scope of a dedicated worker.
    #[derive(Clone, Debug)]
    pub type Port;

    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post_message(this: &Port, message: &JsValue, transfer: &Array) -> Result<(), JsValue>;

    /// Sets who listens; a `MessagePort` is opened by it.
    #[wasm_bindgen(method, setter, js_name = onmessage)]
    pub fn set_onmessage(this: &Port, listener: Option<&Function>);
}

/// Posts a message, with a blob beside it if given.
///
/// # Errors
/// When the browser refuses it.
pub fn send(port: &Port, message: &FromWorker, blob: Option<&Blob>) -> Result<(), Error> {
    let bytes = codec::encode(message).map_err(|error| Error::Browser(error.to_string()))?;
    let bytes = Uint8Array::from(bytes.as_slice());
    let blob = blob.map_or(JsValue::NULL, JsValue::from);
    port.post_message(&Array::of2(&bytes, &blob), &Array::of1(&bytes.buffer()))
        .map_err(|error| Error::Browser(describe(&error)))
}

/// Takes a tab's message apart.
///
/// # Errors
/// When it isn't one: the page was made by another build, which its worker's name rules out.
pub fn receive(data: &JsValue) -> Result<(Envelope, Option<Blob>), Error> {
    let foreign = || Error::Browser("a message of an unknown kind".into());
    let parts: &Array = data.dyn_ref().ok_or_else(foreign)?;
    let bytes: Uint8Array = parts.get(0).dyn_into().map_err(|_| foreign())?;
    let envelope = codec::decode(&bytes.to_vec()).map_err(|_| foreign())?;
    Ok((envelope, parts.get(1).dyn_into().ok()))
}

/// An exception's name and message, for a log or a message's end.
pub fn describe(error: &JsValue) -> String {
    let text = |key: &str| {
        Reflect::get(error, &key.into())
            .ok()
            .and_then(|value| value.as_string())
    };
    match (text("name"), text("message")) {
        (Some(name), Some(message)) => format!("{name}: {message}"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => error.as_string().unwrap_or_else(|| "an unknown error".into()),
    }
}
