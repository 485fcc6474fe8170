//! *Save first?*: asked before something is done with the saved version of a workflow that is not saved.

use super::save::Then;
use crate::ui::reactive::derived;
use crate::ui::{Button, Dialog, DialogFoot, Look, open_while};
use leptos::prelude::*;
use std::sync::Arc;

/// A workflow that is not saved, and what is to be done with it.
#[derive(Clone)]
pub struct First {
    /// Its name.
    pub name: String,
    /// What else is to be said of saving it; may be empty.
    pub note: &'static str,
    /// Saves it, and then goes on.
    pub save: Arc<dyn Fn(Then) + Send + Sync>,
    /// What is to be done.
    pub go: Then,
}

/// Asks whether to save, to go on with the saved version, or to leave it.
#[component]
pub fn FirstDialog(
    /// What is asked about; none while the dialog is closed.
    asked: RwSignal<Option<First>>,
) -> impl IntoView {
    let open = open_while(asked);
    let of = move |read: fn(&First) -> String| {
        derived(move || asked.with(|asked| asked.as_ref().map(read).unwrap_or_default()))
    };
    let words = of(|first| {
        let name = &first.name;
        format!("{name} has changes that are not saved yet. Without them, this goes by its saved version")
    });
    let note = of(|first| first.note.to_owned());
    let answer = move |save: bool| {
        let first = asked.get_untracked();
        open.set(false);
        match first {
            Some(First { save: keep, go, .. }) if save => keep(go),
            Some(First { go, .. }) => go(),
            None => {}
        }
    };
    view! {
        <Dialog open=open title="Save first?">
            <p>{words}</p>
            {move || note.with(|note| (!note.is_empty()).then(|| view! { <p class="soft">{note.clone()}</p> }))}
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button label="Go on with the saved version" on_press=move |_| answer(false)/>
                <Button label="Save and go on" look=Look::Primary on_press=move |_| answer(true)/>
            </DialogFoot>
        </Dialog>
    }
}
