//! Deleting everything for good.

use crate::router::navigate;
use crate::state::use_app;
use crate::ui::reactive::derived;
use crate::ui::{Button, Dialog, DialogFoot, Icon, Look, Notice, TextField, Tone, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::Request;
use model::route::Route;

/// What must be typed before everything goes.
const WORDS: &str = "delete everything";

/// The card and the dialog that delete everything for good.
#[component]
pub fn DeleteEverything() -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let confirmed = move || typed.with(|typed| typed.trim().eq_ignore_ascii_case(WORDS));
    let delete = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(confirmed) || busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match app.ask(Request::DeleteEverything).await {
                Ok(_) => {
                    open.set(false);
                    typed.set(String::new());
                    app.toasts.say("Everything is deleted", None);
                    navigate(&Route::default());
                }
                Err(what) => problem.set(Some(what.to_string())),
            }
            busy.try_set(false);
        });
    };
    let contacts = move || app.overview.with(|overview| overview.contacts);
    view! {
        <section class="card" aria-labelledby="danger">
            <h2 id="danger">"Delete everything"</h2>
            <p class="soft">"Contacts, segments, fields, history and exports of this workspace, for good; this can't be undone"</p>
            <div class="buttons">
                <Button label="Delete everything…" icon=Icon::Trash on_press=move |_| open.set(true)/>
            </div>
            <Dialog open=open title="Delete everything">
                <form class="form" on:submit=delete>
                    {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
                    <p>{move || format!("{}, all segments, fields, history and exports go for good; this can't be undone", format::contacts(contacts()))}</p>
                    <TextField label=format!("Type {WORDS} to confirm") value=typed focus=true/>
                    <DialogFoot>
                        <Button label="Cancel" on_press=move |_| open.set(false)/>
                        <Button
                            label="Delete everything"
                            look=Look::Danger
                            submit=true
                            disabled=derived(move || !confirmed() || busy.get())
                        />
                    </DialogFoot>
                </form>
            </Dialog>
        </section>
    }
}
