//! The text of a note.

use super::stage::Stage;
use crate::ui::reactive::effect;
use crate::ui::{Button, Dialog, DialogFoot, Look, TextField};
use leptos::prelude::*;
use model::workflow::{GraphChange, Note};

/// A note has at most so many characters.
const MOST: usize = 500;

/// The dialog that asks for the text of a note.
#[component]
pub fn NoteDialog(
    /// The canvas.
    stage: Stage,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let note = move || {
        let id = stage.writing.get_untracked()?;
        stage.graph(|graph| graph.notes.iter().find(|note| note.id == id).cloned())
    };
    effect(move || {
        let writing = stage.writing.get().is_some();
        if let (true, Some(note)) = (writing, note()) {
            text.set(note.text);
        }
        if open.get_untracked() != writing {
            open.set(writing);
        }
    });
    // Esc closes the dialog by itself.
    effect(move || {
        if !open.get() && stage.writing.with_untracked(Option::is_some) {
            stage.writing.set(None);
        }
    });
    let save = move || {
        if let Some(note) = note() {
            let text = text.with_untracked(|text| text.trim().to_owned());
            stage
                .editor
                .change(vec![GraphChange::Note(Note { text, ..note })]);
        }
        open.set(false);
    };
    let form = move || {
        view! {
            <form
                class="form"
                on:submit=move |event| {
                    event.prevent_default();
                    save();
                }
            >
                <TextField label="Text" value=text lines=5 max=MOST focus=true/>
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button label="Apply" look=Look::Primary submit=true/>
                </DialogFoot>
            </form>
        }
    };
    view! { <Dialog open=open title="Note">{form()}</Dialog> }
}
