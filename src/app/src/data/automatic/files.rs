//! Files and folders of the device that the browser lets this page write to (File System Access).
//!
//! Bound by their names: only some browsers have them, and web-sys keeps them behind a compiler flag.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Whether this browser lets a page write to a file or folder of the device.
pub fn available() -> bool {
    Reflect::has(&window(), &"showDirectoryPicker".into()).unwrap_or(false)
}

/// Calls a function of an object, and waits for what it promises.
async fn call(target: &JsValue, name: &str, args: &Array) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(target, &name.into())?.dyn_into()?;
    let result = Reflect::apply(&function, target, args)?;
    match result.dyn_into::<Promise>() {
        Ok(promise) => JsFuture::from(promise).await,
        Err(value) => Ok(value),
    }
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        // A fresh object takes every property.
        Reflect::set(&object, &(*name).into(), value).ok();
    }
    object.into()
}

fn to_write() -> JsValue {
    object(&[("mode", "readwrite".into())])
}

/// Has a folder chosen; none where the person chose none. Browsers allow it only while a click is answered.
pub async fn choose_folder() -> Option<JsValue> {
    let options = object(&[("mode", "readwrite".into()), ("id", "corral".into())]);
    call(&window(), "showDirectoryPicker", &Array::of1(&options))
        .await
        .ok()
}

/// Has a file chosen or made; none where the person chose none.
pub async fn choose_file() -> Option<JsValue> {
    let kind = object(&[
        ("description", "Backup of Corral".into()),
        (
            "accept",
            object(&[("application/octet-stream", Array::of1(&".corral".into()).into())]),
        ),
    ]);
    let options = object(&[
        ("suggestedName", "corral.corral".into()),
        ("types", Array::of1(&kind).into()),
    ]);
    call(&window(), "showSaveFilePicker", &Array::of1(&options))
        .await
        .ok()
}

/// What a file or folder is called.
pub fn name(place: &JsValue) -> String {
    let name = Reflect::get(place, &"name".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}

/// Whether the page may write there; `ask` has the browser ask the person, which it does only while a click is answered.
pub async fn allowed(place: &JsValue, ask: bool) -> bool {
    let name = if ask {
        "requestPermission"
    } else {
        "queryPermission"
    };
    let said = call(place, name, &Array::of1(&to_write())).await.ok();
    said.and_then(|said| said.as_string()).as_deref() == Some("granted")
}

/// Writes a file: into a folder under its name, or over the chosen file. It is there wholly or not at all.
///
/// # Errors
/// What the browser says.
pub async fn write(place: &JsValue, file: &str, blob: &Blob) -> Result<(), String> {
    let written = async {
        let is_folder = Reflect::get(place, &"kind".into())?.as_string().as_deref() == Some("directory");
        let target = match is_folder {
            true => {
                let options = object(&[("create", JsValue::TRUE)]);
                call(place, "getFileHandle", &Array::of2(&file.into(), &options)).await?
            }
            false => place.clone(),
        };
        let stream = call(&target, "createWritable", &Array::new()).await?;
        call(&stream, "write", &Array::of1(blob)).await?;
        // Only closing puts it in the place of what was there.
        call(&stream, "close", &Array::new()).await
    };
    let error = match written.await {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    let message = Reflect::get(&error, &"message".into()).ok();
    let message = message.and_then(|message| message.as_string());
    Err(message.unwrap_or_else(|| "the browser gives no reason".to_owned()))
}
