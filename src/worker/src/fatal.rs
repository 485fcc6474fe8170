//! The end: a bug stops the worker, and every tab learns of it.
//!
//! After a panic nothing in memory can be relied on, so nothing answers any more; what was committed is on disk.

use crate::host::{self, Phase};
use model::message::FromWorker;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, EventTarget, PromiseRejectionEvent};

/// What is thrown when WebAssembly itself stops: a trap, or the end of memory or stack, by the browsers' names.
const TRAPS: [&str; 3] = ["RuntimeError", "RangeError", "InternalError"];

/// From now on, a panic or a trap ends the worker.
pub fn watch() {
    std::panic::set_hook(Box::new(|panic| stop(&panic.to_string())));
    let scope: EventTarget = js_sys::global().unchecked_into();
    let thrown = Closure::<dyn Fn(ErrorEvent)>::new(|event: ErrorEvent| stop_if_trap(&event.error()));
    let rejected = Closure::<dyn Fn(PromiseRejectionEvent)>::new(|event: PromiseRejectionEvent| {
        stop_if_trap(&event.reason());
    });
    for (event, listener) in [
        ("error", thrown.into_js_value()),
        ("unhandledrejection", rejected.into_js_value()),
    ] {
        if let Err(error) = scope.add_event_listener_with_callback(event, listener.unchecked_ref()) {
            web_sys::console::error_1(&error);
        }
    }
}

/// Tells every tab that the worker is dead, and closes it.
pub fn stop(reason: &str) {
    web_sys::console::error_1(&reason.into());
    let Some(host) = host::current() else { return };
    if host.phase() == Phase::Dead {
        return;
    }
    host.die();
    host.ports.tell_last(&FromWorker::Fatal(reason.into()));
    host::close_scope();
}

fn stop_if_trap(error: &JsValue) {
    let name = js_sys::Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string());
    if name.is_some_and(|name| TRAPS.contains(&name.as_str())) {
        stop(&crate::transport::describe(error));
    }
}
