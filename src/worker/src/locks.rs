//! Web Locks: what is held here is free again when this worker dies, however it dies.
//!
//! Bound by hand, because web-sys keeps them behind a compiler flag.

use crate::error::Error;
use crate::transport::describe;
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`
    #[derive(Clone, Debug)]
    pub type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;
}

/// The browser's locks; none where it has none (or the page came over plain HTTP).
pub fn manager() -> Option<LockManager> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

/// A lock that is held until this is dropped, or the worker ends.
#[derive(Debug)]
#[must_use = "the lock is held only as long as this lives"]
pub struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        // A promise's own resolve function throws nothing.
        self.0.call0(&JsValue::UNDEFINED).ok();
    }
}

impl LockManager {
    /// Waits until nobody else holds a lock, and holds it.
    ///
    /// # Errors
    /// When the browser refuses locks here.
    pub async fn hold(&self, name: &str) -> Result<Held, Error> {
        let held = self.ask(name, &Object::new()).await?;
        held.ok_or_else(|| Error::Browser(format!("no lock for {name}")))
    }

    /// Holds a lock if nobody else does.
    ///
    /// # Errors
    /// When the browser refuses locks here.
    pub async fn try_hold(&self, name: &str) -> Result<Option<Held>, Error> {
        self.ask(name, &options("ifAvailable", JsValue::TRUE)?).await
    }

    /// Waits until nobody holds a lock for itself alone.
    ///
    /// # Errors
    /// When the browser refuses locks here.
    pub async fn released(&self, name: &str) -> Result<(), Error> {
        self.ask(name, &options("mode", "shared".into())?).await.map(drop)
    }

    /// Whether any lock is held whose name begins so.
    ///
    /// # Errors
    /// When the browser refuses locks here.
    pub async fn any_held(&self, prefix: &str) -> Result<bool, Error> {
        let refused = |error: JsValue| Error::Browser(describe(&error));
        let snapshot = JsFuture::from(self.query().map_err(refused)?)
            .await
            .map_err(refused)?;
        let held = Reflect::get(&snapshot, &"held".into()).map_err(refused)?;
        let held: Array = held.dyn_into().map_err(refused)?;
        let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
        Ok(held.iter().filter_map(name).any(|name| name.starts_with(prefix)))
    }

    async fn ask(&self, name: &str, options: &Object) -> Result<Option<Held>, Error> {
        // Were this future dropped, the browser would still grant the lock, and nobody would give it back.
        let wanted = Wanted(Rc::new(Cell::new(true)));
        let answer = Promise::new(&mut |resolve, reject| {
            let wanted = wanted.0.clone();
            let granted =
                Closure::once_into_js(move |lock: JsValue| hold_until_released(&lock, &wanted, &resolve));
            match self.request(name, options, granted.unchecked_ref()) {
                Ok(done) => reject_with(&done, &reject),
                Err(error) => {
                    // A promise's own reject function throws nothing.
                    reject.call1(&JsValue::UNDEFINED, &error).ok();
                }
            }
        });
        let release = JsFuture::from(answer)
            .await
            .map_err(|error| Error::Browser(describe(&error)))?;
        Ok(release.dyn_into().ok().map(Held))
    }
}

fn options(key: &str, value: JsValue) -> Result<Object, Error> {
    let options = Object::new();
    Reflect::set(&options, &key.into(), &value).map_err(|error| Error::Browser(describe(&error)))?;
    Ok(options)
}

/// Answers with the function that lets go; the lock is held as long as the promise returned here is open.
fn hold_until_released(lock: &JsValue, wanted: &Cell<bool>, answer: &Function) -> JsValue {
    if lock.is_null() || !wanted.get() {
        answer.call1(&JsValue::UNDEFINED, &JsValue::NULL).ok();
        return JsValue::UNDEFINED;
    }
    Promise::new(&mut |release, _| {
        answer.call1(&JsValue::UNDEFINED, &release).ok();
    })
    .into()
}

/// `done.catch(reject)`, with the promise's own function: a closure of ours would have to live for ever.
fn reject_with(done: &Promise, reject: &Function) {
    let catch = Reflect::get(done, &"catch".into())
        .ok()
        .and_then(|catch| catch.dyn_into::<Function>().ok());
    if let Some(catch) = catch {
        // `catch` throws nothing.
        catch.call1(done, reject).ok();
    }
}

struct Wanted(Rc<Cell<bool>>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
