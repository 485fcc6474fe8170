//! One thread serves everybody: long work pauses every few milliseconds, so that nobody waits for it.

use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, Performance, WorkerGlobalScope};

/// How long work may go on before it lets others in, in milliseconds (design, section 4).
const BUDGET: f64 = 8.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, milliseconds: i32) -> JsValue;
}

thread_local! {
    static PERFORMANCE: Option<Performance> =
        js_sys::global().unchecked_into::<WorkerGlobalScope>().performance();
    static TURNS: Option<Turns> = Turns::new();
}

/// Milliseconds since the worker began, for durations.
pub fn now() -> f64 {
    PERFORMANCE.with(|clock| clock.as_ref().map_or_else(js_sys::Date::now, Performance::now))
}

/// Bytes of this program's memory, which never shrinks.
pub fn memory() -> u64 {
    wasm_bindgen::memory()
        .dyn_ref::<js_sys::WebAssembly::Memory>()
        .and_then(|memory| memory.buffer().dyn_into::<js_sys::ArrayBuffer>().ok())
        .map_or(0, |buffer| u64::from(buffer.byte_length()))
}

/// The wall clock, in milliseconds since 1970.
pub fn wall_clock() -> i64 {
    js_sys::Date::now() as i64
}

/// The day of a moment, as `2026-11-24`, in UTC.
pub fn day(at: i64) -> String {
    let text = String::from(js_sys::Date::new(&(at as f64).into()).to_iso_string());
    text.split('T').next().unwrap_or_default().to_owned()
}

/// The time that a piece of work may take before it pauses.
///
/// ```ignore
/// let mut budget = Budget::new();
/// for chunk in chunks {
///     work_on(chunk);
///     if budget.spent() {
///         yield_now().await;
///         budget.reset();
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Budget(Cell<f64>);

impl Default for Budget {
    fn default() -> Self {
        Budget::new()
    }
}

impl Budget {
    /// A whole budget, from now on.
    pub fn new() -> Self {
        Budget(Cell::new(now() + BUDGET))
    }

    /// Whether it is time to pause.
    pub fn spent(&self) -> bool {
        now() >= self.0.get()
    }

    /// A whole budget again, from now on.
    pub fn reset(&self) {
        self.0.set(now() + BUDGET);
    }

    /// Pauses if it is time to.
    pub async fn pause(&self) {
        if self.spent() {
            yield_now().await;
            self.reset();
        }
    }
}

/// Lets every event in that waits already: messages, database answers, timers.
///
/// A message to oneself, because promises let nothing in, and timers are held back to 4 ms, or 1 s in the background.
pub async fn yield_now() {
    let turn = Promise::new(&mut |resolve, _| TURNS.with(|turns| next_turn(turns.as_ref(), resolve)));
    // Nobody rejects this promise.
    JsFuture::from(turn).await.ok();
}

/// Waits for some milliseconds.
pub async fn sleep(milliseconds: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, milliseconds);
    });
    // Nobody rejects this promise.
    JsFuture::from(timer).await.ok();
}

fn next_turn(turns: Option<&Turns>, resolve: Function) {
    let posted = turns.is_some_and(|turns| turns.channel.port2().post_message(&JsValue::NULL).is_ok());
    match turns {
        Some(turns) if posted => turns.waiting.borrow_mut().push_back(resolve),
        _ => {
            set_timeout(&resolve, 0);
        }
    }
}

/// A channel to oneself; each message that arrives lets the longest waiting go on.
struct Turns {
    channel: MessageChannel,
    waiting: RefCell<VecDeque<Function>>,
}

impl Turns {
    fn new() -> Option<Self> {
        let channel = MessageChannel::new().ok()?;
        let go_on = Closure::<dyn Fn(MessageEvent)>::new(|_| {
            let next = TURNS.with(|turns| turns.as_ref()?.waiting.borrow_mut().pop_front());
            if let Some(resolve) = next {
                // A promise's own resolve function throws nothing.
                resolve.call0(&JsValue::UNDEFINED).ok();
            }
        });
        channel
            .port1()
            .set_onmessage(Some(go_on.into_js_value().unchecked_ref()));
        Some(Turns {
            channel,
            waiting: RefCell::default(),
        })
    }
}
