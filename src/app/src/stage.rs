//! The screens without a menu: while the data is being opened, and when it can't be.

use crate::state::{Connection, use_app};
use crate::ui::{Button, Glyph, Icon, Look};
use leptos::prelude::*;

/// What is shown instead of the app while the worker does not answer.
#[component]
pub fn Stage(
    /// How the page stands with the worker.
    connection: Connection,
) -> impl IntoView {
    let app = use_app();
    let reload = move |_| {
        // A page that can't reload stays as it is; the person can do it by hand.
        window().location().reload().ok();
    };
    let (title, text, detail) = match &connection {
        Connection::Connecting | Connection::Ready => ("Opening your data…", "", String::new()),
        Connection::Busy => (
            "Corral is open in another tab",
            "This browser lets only one tab work with the data at a time. Everything you did there is saved",
            String::new(),
        ),
        Connection::Closing => (
            "One moment…",
            "Another tab has the data now, or a newer version of Corral. This page reloads to go on with it",
            String::new(),
        ),
        Connection::Fatal(why) => (
            "Corral has stopped",
            "Something went wrong that Corral could not mend. Everything that was saved is still there",
            why.clone(),
        ),
    };
    let action = match &connection {
        Connection::Busy => {
            view! { <Button label="Use here" look=Look::Primary on_press=move |_| app.use_here()/> }
                .into_any()
        }
        Connection::Closing | Connection::Fatal(_) => {
            view! { <Button label="Reload" look=Look::Primary on_press=reload/> }.into_any()
        }
        Connection::Connecting | Connection::Ready => ().into_any(),
    };
    let role = if matches!(connection, Connection::Fatal(_)) {
        "alert"
    } else {
        "status"
    };
    view! {
        <main class="stage" id="main" role="main">
            <Glyph icon=Icon::Brand/>
            <h1 id="title" tabindex="-1">{title}</h1>
            <p role=role>{text}</p>
            {(!detail.is_empty()).then(|| view! { <p class="stage-detail">{detail}</p> })}
            {action}
        </main>
    }
}
