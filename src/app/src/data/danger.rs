//! Deleting everything for good.

use super::automatic::use_automatic;
use crate::confirm::ConfirmDialog;
use crate::prefs;
use crate::site;
use crate::state::use_app;
use crate::ui::reactive::derived;
use crate::ui::{Button, Icon, format};
use crate::workspaces::use_workspaces;
use crate::{simulator, workflows};
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::route::Route;

/// The card and the dialog that delete everything for good.
#[component]
pub fn DeleteEverything() -> impl IntoView {
    let app = use_app();
    let automatic = use_automatic();
    let workspaces = use_workspaces();
    let open = RwSignal::new(false);
    let text = derived(move || {
        format!(
            "{}, all segments, fields, history and exports go for good; this can't be undone",
            format::contacts(app.overview.with(|overview| overview.contacts))
        )
    });
    let done = move |_: Reply| {
        // What the screen remembers of this workspace goes with it.
        prefs::forget_all(&site::workspace());
        automatic.forget();
        workflows::forget_drafts();
        simulator::forget_catalogue();
        app.toasts.say("Everything is deleted", None);
    };
    view! {
        <section class="card" aria-labelledby="danger">
            <h2 id="danger">"Delete everything"</h2>
            <p class="soft">"Contacts, segments, fields, history and exports of this workspace, for good; this can't be undone"</p>
            <div class="buttons">
                <Button label="Delete everything…" icon=Icon::Trash on_press=move |_| open.set(true)/>
            </div>
            <ConfirmDialog
                open=open
                title="Delete everything"
                text=text
                word="delete everything"
                button="Delete everything"
                request=move |()| {
                    // Before it happens: a page that ends in between must not miss these contacts.
                    workspaces.expect_none();
                    Some(Request::DeleteEverything)
                }
                on_done=Callback::new(done)
                leads_to=Route::default()
            />
        </section>
    }
}
