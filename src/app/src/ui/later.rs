//! Something that waits until a person stops typing.

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::time::Duration;

/// Typing rests when no key was pressed for so long.
const REST: Duration = Duration::from_millis(120);

/// Runs something once calls rest; the last call counts.
#[derive(Clone, Copy)]
pub struct Later(StoredValue<Option<TimeoutHandle>>);

impl Later {
    /// Nothing waits yet; what still waits when the screen goes is forgotten.
    pub fn new() -> Self {
        let later = Later(StoredValue::new(None));
        on_cleanup(move || later.forget());
        later
    }

    /// What waits is not run.
    pub fn forget(self) {
        if let Some(handle) = self.0.try_get_value().flatten() {
            handle.clear();
        }
    }

    /// Runs this once calls rest, instead of what waited before.
    pub fn run(self, act: impl FnOnce() + 'static) {
        self.forget();
        self.0.set_value(set_timeout_with_handle(act, REST).ok());
    }
}
