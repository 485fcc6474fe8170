//! The second click of a double click, where another button is by then than the first one hit.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use std::cell::RefCell;
use web_sys::{Element, MouseEvent};

/// What a click can press.
const CONTROLS: &str = "button, a";

/// A button or link that was clicked, as it was then.
struct Clicked {
    control: Element,
    words: Option<String>,
    name: Option<String>,
}

impl Clicked {
    /// None beside buttons and links.
    fn of(event: &MouseEvent) -> Option<Clicked> {
        let hit = event.target()?.dyn_into::<Element>().ok()?;
        let control = hit.closest(CONTROLS).ok()??;
        Some(Clicked {
            words: control.text_content(),
            name: control.get_attribute("aria-label"),
            control,
        })
    }

    /// Whether both mean the same to a person: the same words, and no other thing that they are about.
    fn is(&self, other: &Clicked) -> bool {
        self.words == other.words
            && (self.name == other.name || self.control.is_same_node(Some(&other.control)))
    }
}

/// Keeps the second click of a double click from a button or link that the first one didn't hit: nobody who clicks
/// *Activate* twice wants the *Pause* that it has become by then, or what has opened over it.
///
/// Keys press as often as they are pressed, and so do slow clicks.
pub fn guard_double_clicks() {
    let first = RefCell::new(None::<Clicked>);
    let guard = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        // So many clicks in a row it makes; a key makes none.
        match event.detail() {
            ..=0 => {}
            1 => {
                first.replace(Clicked::of(&event));
            }
            _ => {
                let same = match (&*first.borrow(), Clicked::of(&event)) {
                    (Some(first), Some(now)) => first.is(&now),
                    (_, now) => now.is_none(),
                };
                if !same {
                    event.prevent_default();
                    event.stop_immediate_propagation();
                }
            }
        }
    });
    // Before anybody else hears of it. An event target takes any listener.
    let guard = guard.into_js_value();
    window()
        .add_event_listener_with_callback_and_bool("click", guard.unchecked_ref(), true)
        .ok();
}
