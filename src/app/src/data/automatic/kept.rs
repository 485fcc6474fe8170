//! Where the chosen file or folder is kept: a browser keeps such a thing in IndexedDB only.
//!
//! It is a permission of this page, no data; so it rests in a little database of the page's own, beside the workspace's.

use crate::site;
use js_sys::{Promise, Reflect};
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbRequest, IdbTransactionMode};

const STORE: &str = "places";
const KEY: &str = "backup";

/// Reads what was kept; none where nothing was, or where the browser keeps nothing.
pub async fn read() -> Option<JsValue> {
    let database = open().await.ok()?;
    let found = database
        .transaction_with_str(STORE)
        .and_then(|transaction| transaction.object_store(STORE))
        .and_then(|store| store.get(&KEY.into()));
    let found = match found {
        Ok(request) => done(&request).await.ok(),
        Err(_) => None,
    };
    database.close();
    found.filter(JsValue::is_object)
}

/// Keeps a file or folder, or forgets it.
///
/// # Errors
/// The browser's exception.
pub async fn keep(place: Option<&JsValue>) -> Result<(), JsValue> {
    let database = open().await?;
    let write = || {
        let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
        let store = transaction.object_store(STORE)?;
        match place {
            Some(place) => store.put_with_key(place, &KEY.into()),
            None => store.delete(&KEY.into()),
        }
    };
    let written = match write() {
        Ok(request) => done(&request).await.map(drop),
        Err(error) => Err(error),
    };
    database.close();
    written
}

/// Forgets what was kept for a workspace that was deleted.
pub fn forget(workspace: &str) {
    // What a browser does not forget now is a permission for a workspace that nobody can open.
    factory()
        .and_then(|factory| factory.delete_database(&database_of(workspace)))
        .ok();
}

fn factory() -> Result<IdbFactory, JsValue> {
    Reflect::get(&js_sys::global(), &"indexedDB".into())?.dyn_into()
}

/// Four parts: the list of workspaces passes it over.
fn database_of(workspace: &str) -> String {
    format!("corral:{}:{workspace}:places", site::folder())
}

async fn open() -> Result<IdbDatabase, JsValue> {
    let request = factory()?.open_with_u32(&database_of(&site::workspace()), 1)?;
    let opening = request.clone();
    let make = Closure::once_into_js(move || {
        let database = opening
            .result()
            .ok()
            .and_then(|it| it.dyn_into::<IdbDatabase>().ok());
        if let Some(database) = database {
            // Where it fails, the store is missing, and using it says so.
            database.create_object_store(STORE).ok();
        }
    });
    request.set_onupgradeneeded(Some(make.unchecked_ref()));
    done(&request).await?.dyn_into()
}

/// Waits for the end of a request.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let end = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(end).await?;
    request.result()
}
