//! The dialog before a step that can't be undone: a word has to be typed.

use crate::router::{here_in, navigate};
use crate::state::{once, use_app};
use crate::ui::reactive::{derived, effect};
use crate::ui::{Button, Dialog, DialogFoot, Look, Notice, TextField, Tone};
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::route::Route;

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
    #[prop(optional_no_strip, into)]
    on_done: Option<Callback<Reply>>,
    /// Where one is led then.
    #[prop(optional_no_strip, into)]
    leads_to: Option<Route>,
) -> impl IntoView {
    let app = use_app();
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let leads_to = StoredValue::new(leads_to);
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
        problem.set(None);
        let (here, leads_to) = (here_in(open), leads_to.get_value());
        once(busy, async move {
            match app.ask(request).await {
                Ok(reply) => {
                    app.say_done(&reply);
                    let still = here.still();
                    if let Some(done) = on_done {
                        // The screen may be gone by now.
                        done.try_run(reply);
                    }
                    if still {
                        open.set(false);
                        leads_to.iter().for_each(navigate);
                    }
                }
                Err(what) if here.still() => problem.set(Some(what.to_string())),
                // Nobody would see it in a dialog that is closed.
                Err(what) => app.report(&what),
            }
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
