//! *Keep as a workspace of its own*: the copy of a simulation, with everything that happened in it.

use super::NameDialog;
use crate::site;
use crate::state::use_app;
use crate::ui::{Button, Icon};
use leptos::prelude::*;
use model::backup::NewWorkspace;
use model::message::Request;

/// The button that keeps the copy of the last simulation.
#[component]
pub fn KeepCopy() -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    let keep = move |name: String| {
        let new = NewWorkspace {
            id: site::new_id(),
            name,
        };
        // That it is there is told wherever one is by then.
        app.write(Request::KeepCopy(new));
    };
    view! {
        <Button label="Keep as a workspace of its own…" icon=Icon::Save on_press=move |_| open.set(true)/>
        <NameDialog
            open=open
            title="Keep the copy"
            text="The copy becomes a workspace of its own, with all its contacts, events and history; your own contacts stay as they are"
            button="Keep"
            on_name=keep
        />
    }
}
