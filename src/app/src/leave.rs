//! The browser asks before it leaves the page with something that is not saved.

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use std::cell::Cell;

/// Whether the browser asks on behalf of one kind of draft; kept in a `thread_local`, since drafts outlive screens.
pub struct Guard(Cell<bool>);

impl Guard {
    /// Nothing is asked yet.
    pub const fn new() -> Guard {
        Guard(Cell::new(false))
    }

    /// From now on the browser asks while this says that something is not saved.
    pub fn watch(&self, unsaved: fn() -> bool) {
        if !self.0.replace(true) {
            // For as long as the page lives.
            window_event_listener(ev::beforeunload, move |event| {
                if unsaved() {
                    event.prevent_default();
                }
            });
        }
    }
}
