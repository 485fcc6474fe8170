//! A place to drop a file, with a button that opens the browser's picker.

use super::{Button, Glyph, Icon, Look};
use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::File;

/// A place to drop a file, with a button that opens the browser's picker.
#[component]
pub fn DropZone(
    /// What belongs here (“Drop a CSV file here”).
    #[prop(into)]
    label: Signal<String>,
    /// What the button says (“Choose a file…”).
    #[prop(into)]
    button: Signal<String>,
    /// Which files the picker offers (`.csv,.tsv,.txt`).
    #[prop(into)]
    accept: String,
    /// Takes the file.
    #[prop(into)]
    on_file: Callback<File>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(file) = event
            .data_transfer()
            .and_then(|data| data.files())
            .and_then(|files| files.get(0))
        {
            on_file.run(file);
        }
    };
    let chosen = move |_| {
        let Some(input) = input.get() else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file chosen again is a choice, too.
        input.set_value("");
        if let Some(file) = file {
            on_file.run(file);
        }
    };
    view! {
        <div
            class="dropzone"
            class:dropzone-over=over
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <Glyph icon=Icon::File/>
            <p>{label}</p>
            <input type="file" class="unseen" tabindex="-1" aria-label=button accept=accept node_ref=input on:change=chosen/>
            <Button
                label=button
                look=Look::Primary
                on_press=move |_| {
                    if let Some(input) = input.get() {
                        input.click();
                    }
                }
            />
        </div>
    }
}
