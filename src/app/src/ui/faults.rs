//! What is wrong in the inputs of a form, known in one place so that its button can wait.

use crate::ui::reactive::effect;
use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// What is wrong in the inputs of a form; give it to them with `<Provider value=faults>`.
#[derive(Clone, Copy)]
pub struct Faults(RwSignal<Vec<(u32, String)>>);

impl Faults {
    /// Nothing is wrong yet.
    pub fn new() -> Faults {
        Faults(RwSignal::new(Vec::new()))
    }

    /// Tells the form around an input what is wrong with it, as long as the input is there.
    pub fn watch(error: Signal<Option<String>>) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let Some(Faults(list)) = use_context() else {
            return;
        };
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        effect(move || {
            let error = error.get();
            let known = list.with_untracked(|list| {
                let mine = list.iter().find(|(one, _)| *one == id);
                mine.map(|(_, error)| error.clone())
            });
            if known != error {
                list.update(|list| {
                    list.retain(|(one, _)| *one != id);
                    list.extend(error.map(|error| (id, error)));
                });
            }
        });
        on_cleanup(move || {
            list.try_update(|list| list.retain(|(one, _)| *one != id));
        });
    }

    /// The first thing that is wrong; none where nothing is.
    pub fn first(self) -> Option<String> {
        self.0.with(|list| list.first().map(|(_, error)| error.clone()))
    }
}
