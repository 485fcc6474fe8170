//! Looking at the copy of the last simulation.

use crate::state::use_app;
use crate::ui::{Button, Notice, Tone};
use leptos::prelude::*;
use model::message::Request;

/// Says so while one looks at the copy of a simulation, and leads back.
#[component]
pub fn CopyBanner() -> impl IntoView {
    let app = use_app();
    let back = move |_| {
        app.copy.set(false);
        app.version.notify();
    };
    let drop = move |_| {
        app.copy.set(false);
        app.write(Request::DropCopy);
        app.version.notify();
    };
    view! {
        <Show when=move || app.copy.get()>
            <Notice
                tone=Tone::Warning
                text="You are looking at a copy after the simulation. Nothing here is saved, and your own contacts are unchanged"
            >
                <Button label="Back to my contacts" on_press=back/>
                <Button label="Throw the copy away" on_press=drop/>
            </Notice>
        </Show>
    }
}
