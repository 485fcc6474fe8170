//! What rexie has no way to do: write with strict durability, say why a transaction was aborted, and notice
//! that the browser took the database away.
//!
//! rexie opens transactions without options, and keeps the database and its transactions to itself; after an
//! abort it knows only that there was one. So writes go over a second connection to the same database, the
//! [`Link`], spoken to through `web-sys`. Transactions of one database keep their order across connections.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, Event, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbTransaction};

use crate::{Key, PageId, Step, StoreError, record};

/// How long a browser may take to close connections that were closed, in milliseconds: Chromium hears of that and of a
/// deletion on different ways, and calls the deletion blocked if it comes first.
const GRACE: i32 = 2_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, milliseconds: i32) -> JsValue;
}

/// How a connection was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The browser closed it: a fault of its own, or the person cleared the site's data.
    Browser,
    /// Another page deletes or upgrades the database, and this connection made way.
    Version,
}

/// A connection for writing.
pub(crate) struct Link {
    database: IdbDatabase,
    loss: Rc<Cell<Option<Loss>>>,
    _on_close: Closure<dyn FnMut()>,
    _on_version_change: Closure<dyn FnMut()>,
}

impl Link {
    /// Opens a database that exists, whatever its version.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if there is none; it isn't made then.
    pub(crate) async fn open(name: &str) -> Result<Link, StoreError> {
        let request = factory()?.open(name).map_err(|exception| failure(&exception))?;
        match outcome(&request).await?.as_str() {
            "success" => {}
            "upgradeneeded" => {
                // The browser was about to make an empty database of this name.
                if let Some(upgrade) = request.transaction() {
                    upgrade.abort().map_err(|exception| failure(&exception))?;
                }
                return Err(StoreError::Gone);
            }
            _ => return Err(request_failure(&request)),
        }
        let database = request.result().map_err(|exception| failure(&exception))?;
        let database: IdbDatabase = database
            .dyn_into()
            .map_err(|_| StoreError::Other("no database was opened".to_owned()))?;
        Ok(Link::watch(database))
    }

    fn watch(database: IdbDatabase) -> Link {
        let loss = Rc::new(Cell::new(None));
        let on_close = Closure::<dyn FnMut()>::new({
            let loss = Rc::clone(&loss);
            move || loss.set(Some(Loss::Browser))
        });
        let on_version_change = Closure::<dyn FnMut()>::new({
            let loss = Rc::clone(&loss);
            let database = database.clone();
            move || {
                loss.set(Some(Loss::Version));
                database.close();
            }
        });
        database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        database.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
        Link {
            database,
            loss,
            _on_close: on_close,
            _on_version_change: on_version_change,
        }
    }

    /// The version of the database.
    pub(crate) fn version(&self) -> u32 {
        self.database.version() as u32
    }

    /// How the connection was lost, if it was.
    pub(crate) fn loss(&self) -> Option<Loss> {
        self.loss.get()
    }

    /// Notes that the connection turned out to be closed, unless it is known already why.
    pub(crate) fn lose(&self) {
        if self.loss.get().is_none() {
            self.loss.set(Some(Loss::Browser));
        }
    }

    /// Begins a strictly durable transaction over these places.
    ///
    /// A browser that doesn't know the option ignores it.
    ///
    /// # Errors
    /// The browser's exception; `InvalidStateError` means that the connection is closed.
    pub(crate) fn begin(&self, places: &[&str]) -> Result<IdbTransaction, JsValue> {
        let places: Array = places.iter().map(|place| JsValue::from_str(place)).collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        // By its name: the typed binding with options is behind an unstable flag of web-sys.
        let transaction: Function = Reflect::get(&self.database, &"transaction".into())?.dyn_into()?;
        transaction
            .call3(&self.database, &places, &"readwrite".into(), &options)?
            .dyn_into()
    }

    /// The connection itself, for a test to break.
    #[cfg(test)]
    pub(crate) fn database(&self) -> &IdbDatabase {
        &self.database
    }
}

impl Drop for Link {
    /// Transactions under way still finish.
    fn drop(&mut self) {
        self.database.set_onclose(None);
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

/// Does these steps in a transaction that has just begun, and waits until they rest on the disk.
///
/// Each payload is let go of as soon as the browser has its copy.
pub(crate) async fn write(transaction: IdbTransaction, steps: Vec<Step>) -> Result<(), StoreError> {
    let needed = steps.iter().map(Step::bytes).sum();
    let added = steps.iter().find_map(|step| match *step {
        Step::Add(Key::Change(change), _) => Some(change),
        _ => None,
    });
    let explain = |exception: &JsValue| match (failure(exception), added) {
        (StoreError::Full { .. }, _) => StoreError::Full { needed: Some(needed) },
        (_, Some(change)) if is_named(exception, "ConstraintError") => StoreError::Conflict { change },
        (other, _) => other,
    };
    if let Err(exception) = request_all(&transaction, steps) {
        // What was asked for already must not happen.
        abort(&transaction).await;
        return Err(explain(&exception));
    }
    finished(&transaction)
        .await
        .map_err(|exception| explain(&exception))
}

/// Deletes every record of these places, but for one that is put back as it was.
pub(crate) async fn clear(
    transaction: IdbTransaction,
    places: &[&str],
    kept: Option<(Key, JsValue)>,
) -> Result<(), StoreError> {
    let request_all = || {
        for place in places {
            transaction.object_store(place)?.clear()?;
        }
        if let Some((key, record)) = &kept {
            let store = transaction.object_store(key.place())?;
            store.put_with_key(record, &key_value(key))?;
        }
        Ok(())
    };
    request_all().map_err(|exception: JsValue| failure(&exception))?;
    finished(&transaction)
        .await
        .map_err(|exception| failure(&exception))
}

/// Reads a record inside a transaction, which lives on.
pub(crate) async fn value(transaction: &IdbTransaction, key: &Key) -> Result<Option<JsValue>, StoreError> {
    let request = transaction
        .object_store(key.place())
        .and_then(|store| store.get(&key_value(key)))
        .map_err(|exception| failure(&exception))?;
    let end = Promise::new(&mut |resolve, _| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&resolve));
    });
    // Nobody rejects this promise; how the request ended is its own to say.
    JsFuture::from(end).await.ok();
    match request.result() {
        Ok(value) if value.is_undefined() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(exception) => Err(failure(&exception)),
    }
}

/// Ends a transaction without a trace.
pub(crate) async fn abort(transaction: &IdbTransaction) {
    match transaction.abort() {
        // Its end is all there is to wait for: why is known.
        Ok(()) => drop(finished(transaction).await),
        Err(_aborted_already) => {}
    }
}

fn request_all(transaction: &IdbTransaction, steps: Vec<Step>) -> Result<(), JsValue> {
    for step in steps {
        let store = transaction.object_store(step.key().place())?;
        let at = key_value(step.key());
        match step {
            Step::Add(key, payload) => store.add_with_key(&sealed(&key, &payload), &at)?,
            Step::Put(key, payload) => store.put_with_key(&sealed(&key, &payload), &at)?,
            Step::Delete(_) => store.delete(&at)?,
        };
    }
    Ok(())
}

/// A record in its envelope; the payload is copied once.
fn sealed(key: &Key, payload: &[u8]) -> Uint8Array {
    let header = record::seal(key, payload);
    let at = header.len() as u32;
    let record = Uint8Array::new_with_length(at + payload.len() as u32);
    record.subarray(0, at).copy_from(&header);
    record.subarray(at, record.length()).copy_from(payload);
    record
}

/// The key as IndexedDB has it. Numbers were checked to be exact as doubles.
pub(crate) fn key_value(key: &Key) -> JsValue {
    match key {
        Key::Change(number) | Key::Page(PageId(number)) => JsValue::from_f64(*number as f64),
        Key::File(name) | Key::Meta(name) => JsValue::from_str(name),
    }
}

/// Waits for the end of a transaction; an abort is an error with its cause.
async fn finished(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let end = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    match JsFuture::from(end).await {
        Ok(_) => Ok(()),
        Err(_) => Err(transaction.error().map_or(JsValue::NULL, JsValue::from)),
    }
}

/// Deletes a database for good, whatever is in it.
///
/// # Errors
/// [`StoreError::Blocked`] if somebody has it open and doesn't make way; it is deleted when they close it.
pub(crate) async fn delete_database(name: &str) -> Result<(), StoreError> {
    let request = factory()?
        .delete_database(name)
        .map_err(|exception| failure(&exception))?;
    let first = outcome(&request).await?;
    let last = match first.as_str() {
        "blocked" => within_grace(&request).await?,
        _ => Some(first),
    };
    match last.as_deref() {
        Some("success") => Ok(()),
        Some(_) => Err(request_failure(&request)),
        None => Err(StoreError::Blocked),
    }
}

/// The names of all databases of this host; none where the browser has no such list.
pub(crate) async fn databases() -> Option<Vec<String>> {
    let factory = factory().ok()?;
    // By its name: it is missing in browsers that have everything else.
    let list: Function = Reflect::get(&factory, &"databases".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let list: Promise = list.call0(&factory).ok()?.dyn_into().ok()?;
    let list: Array = JsFuture::from(list).await.ok()?.dyn_into().ok()?;
    let name = |database: JsValue| Reflect::get(&database, &"name".into()).ok()?.as_string();
    Some(list.iter().filter_map(name).collect())
}

/// `indexedDB` of the window or worker this runs in.
fn factory() -> Result<IdbFactory, StoreError> {
    Reflect::get(&js_sys::global(), &"indexedDB".into())
        .and_then(JsCast::dyn_into)
        .map_err(|_| StoreError::Unavailable("IndexedDB is missing".to_owned()))
}

/// The name of the next event of an opening or a deletion.
async fn outcome(request: &IdbOpenDbRequest) -> Result<String, StoreError> {
    let event = JsFuture::from(next_event(request))
        .await
        .map_err(|exception| failure(&exception))?;
    Ok(event.unchecked_into::<Event>().type_())
}

/// The same; none where it doesn't come within [`GRACE`].
async fn within_grace(request: &IdbOpenDbRequest) -> Result<Option<String>, StoreError> {
    let timer = Promise::new(&mut |resolve, _| drop(set_timeout(&resolve, GRACE)));
    let event = JsFuture::from(Promise::race(&Array::of2(&next_event(request), &timer)))
        .await
        .map_err(|exception| failure(&exception))?;
    Ok(event.dyn_ref::<Event>().map(Event::type_))
}

fn next_event(request: &IdbOpenDbRequest) -> Promise {
    Promise::new(&mut |resolve, _| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&resolve));
        request.set_onblocked(Some(&resolve));
        request.set_onupgradeneeded(Some(&resolve));
    })
}

fn request_failure(request: &IdbOpenDbRequest) -> StoreError {
    match request.error() {
        Ok(Some(exception)) => failure(&exception),
        _ => StoreError::Other("the browser gives no reason".to_owned()),
    }
}

/// Whether an exception of the browser has this name.
pub(crate) fn is_named(exception: &JsValue, name: &str) -> bool {
    exception
        .dyn_ref::<DomException>()
        .is_some_and(|exception| exception.name() == name)
}

/// Whether an exception says that the connection was lost under a request.
///
/// WebKit, which closes the connections of tabs in the background, says so only in words (`IDBClient/IDBConnectionProxy.cpp`).
pub(crate) fn is_cut_off(exception: &JsValue) -> bool {
    let is_lost = |exception: &DomException| {
        exception.name() == "AbortError"
            || exception
                .message()
                .starts_with("Connection to Indexed Database server lost")
    };
    exception.dyn_ref::<DomException>().is_some_and(is_lost)
}

/// What an exception of the browser means here.
pub(crate) fn failure(exception: &JsValue) -> StoreError {
    let Some(exception) = exception.dyn_ref::<DomException>() else {
        return StoreError::Other(match exception.dyn_ref::<js_sys::Error>() {
            Some(error) => String::from(error.to_string()),
            None if exception.is_null() => "the browser gives no reason".to_owned(),
            None => format!("{exception:?}"),
        });
    };
    match exception.name().as_str() {
        "QuotaExceededError" => StoreError::Full { needed: None },
        "SecurityError" => StoreError::Unavailable(exception.message()),
        name => StoreError::Other(format!("{name}: {}", exception.message())),
    }
}
