//! The wire to the worker: an array of a message's bytes and, beside them, a `File`, a `Blob` or nothing.

use js_sys::{Array, Function, Reflect, Uint8Array};
use model::message::{Envelope, FromWorker};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessageEvent, SharedWorker, Worker, WorkerOptions, WorkerType};

#[wasm_bindgen]
extern "C" {
    /// The worker's end as the page sees it: a `MessagePort`, or a dedicated worker.
    #[derive(Clone, Debug)]
    type Port;

    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post_message(this: &Port, message: &JsValue, transfer: &Array) -> Result<(), JsValue>;

    #[wasm_bindgen(method, setter, js_name = onmessage)]
    fn set_onmessage(this: &Port, listener: Option<&Function>);
}

/// A connection to a worker; dropping it closes it.
#[derive(Debug)]
pub struct Wire {
    port: Port,
    worker: Thread,
    _hear: Closure<dyn Fn(MessageEvent)>,
    _fail: Closure<dyn Fn(JsValue)>,
}

#[derive(Debug)]
enum Thread {
    Shared(SharedWorker),
    Dedicated(Worker),
}

/// Whether this browser lets tabs share a worker.
pub fn can_share() -> bool {
    Reflect::has(&js_sys::global(), &"SharedWorker".into()).unwrap_or_default()
}

impl Wire {
    /// Connects to the worker of this name, which all tabs share (or else is this tab's own), and starts it if need be.
    /// `hear` gets its messages with the blobs beside them; that it could not be started is a `Fatal` of ours.
    ///
    /// # Errors
    /// When the browser starts no workers here, in its words.
    pub fn open(
        url: &str,
        name: &str,
        shared: bool,
        hear: impl Fn(FromWorker, Option<Blob>) + Clone + 'static,
    ) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_name(name);
        options.set_type(WorkerType::Module);
        let refused = |error: JsValue| describe(&error);
        let (worker, port): (Thread, Port) = if shared {
            let worker = SharedWorker::new_with_worker_options(url, &options).map_err(refused)?;
            let port = worker.port().unchecked_into();
            (Thread::Shared(worker), port)
        } else {
            let worker = Worker::new_with_options(url, &options).map_err(refused)?;
            let port = worker.clone().unchecked_into();
            (Thread::Dedicated(worker), port)
        };
        let fail = {
            let hear = hear.clone();
            Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
                let reason = "the program that keeps the data could not be loaded";
                // An error inside a running worker has a message; that one is the worker's own to tell.
                if Reflect::get(&event, &"message".into()).is_ok_and(|message| message.is_undefined()) {
                    hear(FromWorker::Fatal(reason.into()), None);
                }
            })
        };
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some((message, blob)) = read(&event.data()) {
                hear(message, blob);
            }
        });
        let on_error = Some(fail.as_ref().unchecked_ref());
        match &worker {
            Thread::Shared(worker) => worker.set_onerror(on_error),
            Thread::Dedicated(worker) => worker.set_onerror(on_error),
        }
        port.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        Ok(Wire {
            port,
            worker,
            _hear: hear,
            _fail: fail,
        })
    }

    /// Sends a request, with a file beside it if given.
    ///
    /// # Errors
    /// When the browser refuses it, in its words.
    pub fn send(&self, envelope: &Envelope, file: Option<&Blob>) -> Result<(), String> {
        let bytes = postcard::to_allocvec(envelope).map_err(|error| error.to_string())?;
        let bytes = Uint8Array::from(bytes.as_slice());
        let file = file.map_or(JsValue::NULL, JsValue::from);
        self.port
            .post_message(&Array::of2(&bytes, &file), &Array::of1(&bytes.buffer()))
            .map_err(|error| describe(&error))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        match &self.worker {
            Thread::Shared(worker) => {
                worker.set_onerror(None);
                worker.port().close();
            }
            Thread::Dedicated(worker) => {
                worker.set_onerror(None);
                worker.terminate();
            }
        }
    }
}

fn read(data: &JsValue) -> Option<(FromWorker, Option<Blob>)> {
    let Some(parts) = data.dyn_ref::<Array>() else {
        // The script that starts the worker says so where the program itself can't.
        let fatal = Reflect::get(data, &"fatal".into()).ok()?.as_string()?;
        return Some((FromWorker::Fatal(fatal), None));
    };
    let bytes: Uint8Array = parts.get(0).dyn_into().ok()?;
    let message = postcard::from_bytes(&bytes.to_vec()).ok()?;
    Some((message, parts.get(1).dyn_into().ok()))
}

fn describe(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into())
        .ok()
        .and_then(|message| message.as_string());
    message.unwrap_or_else(|| "no reason given".into())
}
