//! Something that is done at most once for each frame the browser paints.

use leptos::prelude::*;

/// Runs something with the next frame, once however often it is asked for.
#[derive(Clone, Copy)]
pub struct Frame(StoredValue<bool>);

impl Frame {
    /// Nothing waits yet.
    pub fn new() -> Frame {
        Frame(StoredValue::new(false))
    }

    /// Runs this with the next frame, unless something waits for it already.
    pub fn run(self, act: impl FnOnce() + 'static) {
        if self.0.get_value() {
            return;
        }
        self.0.set_value(true);
        request_animation_frame(move || {
            // The screen may be gone by the next frame.
            if self.0.try_set_value(false).is_none() {
                act();
            }
        });
    }
}
