//! Web Locks: what a page or worker holds is free again when it dies, however it dies.
//!
//! Bound by hand, because web-sys keeps them behind a compiler flag.

use js_sys::{Array, Function, Object, Promise, Reflect};
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

/// A lock that is held until this is dropped, or the page ends.
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
    /// Waits until nobody else holds a lock, and holds it; none where the browser refuses.
    pub async fn hold(&self, name: &str) -> Option<Held> {
        self.ask(name, &Object::new()).await
    }

    /// Waits until nobody holds a lock for itself alone; says whether the browser took the question.
    pub async fn released(&self, name: &str) -> bool {
        let options = Object::new();
        let shared = Reflect::set(&options, &"mode".into(), &"shared".into());
        shared.is_ok() && self.ask(name, &options).await.is_some()
    }

    /// The names of all locks that are held in this browser by pages and workers of this host.
    pub async fn held(&self) -> Vec<String> {
        let Ok(query) = self.query() else {
            return Vec::new();
        };
        let Ok(snapshot) = JsFuture::from(query).await else {
            return Vec::new();
        };
        let held = Reflect::get(&snapshot, &"held".into())
            .ok()
            .and_then(|held| held.dyn_into::<Array>().ok());
        let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
        held.map(|held| held.iter().filter_map(name).collect())
            .unwrap_or_default()
    }

    async fn ask(&self, name: &str, options: &Object) -> Option<Held> {
        let answer = Promise::new(&mut |resolve, reject| {
            let granted = Closure::once_into_js(move |_lock: JsValue| {
                // The lock is held as long as this promise is open; the answer is the function that ends it.
                Promise::new(&mut |release, _| {
                    resolve.call1(&JsValue::UNDEFINED, &release).ok();
                })
            });
            match self.request(name, options, granted.unchecked_ref()) {
                Ok(done) => reject_with(&done, &reject),
                Err(error) => {
                    // A promise's own reject function throws nothing.
                    reject.call1(&JsValue::UNDEFINED, &error).ok();
                }
            }
        });
        JsFuture::from(answer).await.ok()?.dyn_into().ok().map(Held)
    }
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
