//! The dialog before a step that can't be undone: a word has to be typed.

use crate::state::use_app;
use crate::ui::reactive::{derived, effect};
use crate::ui::{Button, Dialog, DialogFoot, Look, Notice, TextField, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::{Reply, Request};

/// Says what goes for good, has a word typed, and then does it.
#[component]
pub fn ConfirmDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What goes, and that it can't be undone.
    #[prop(into)]
    text: Signal<String>,
    /// What has to be typed, whatever the case.
    #[prop(into)]
    word: Signal<String>,
    /// The button that goes ahead.
    button: &'static str,
    /// What is asked of the worker then.
    #[prop(into)]
    request: Callback<(), Option<Request>>,
    /// Told of the answer.
    #[prop(into)]
    on_done: Callback<Reply>,
) -> impl IntoView {
    let app = use_app();
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    effect(move || {
        if open.get() {
            typed.set(String::new());
            problem.set(None);
        }
    });
    let confirmed =
        move || typed.with(|typed| word.with(|word| typed.trim().to_lowercase() == word.to_lowercase()));
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(confirmed) || busy.get_untracked() {
            return;
        }
        let Some(request) = request.run(()) else { return };
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match app.ask(request).await {
                Ok(reply) => {
                    open.try_set(false);
                    app.say_done(&reply);
                    on_done.try_run(reply);
                }
                // On a screen that is gone nobody would see it in the dialog.
                Err(what) if problem.is_disposed() => app.report(&what),
                Err(what) => problem.set(Some(what.to_string())),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Dialog open=open title=title>
            <form class="form" on:submit=go>
                {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
                <p>{text}</p>
                <TextField label=derived(move || format!("Type {} to confirm", word.get())) value=typed focus=true/>
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button
                        label=button
                        look=Look::Danger
                        submit=true
                        disabled=derived(move || !confirmed() || busy.get())
                    />
                </DialogFoot>
            </form>
        </Dialog>
    }
}
