//! One event fired by hand, for an active workflow that waits.

use super::event_form::{EventForm, awaited};
use super::session::Session;
use crate::ui::{Dialog, Notice, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::event::EventDraft;
use model::message::Request;

/// The dialog that fires one event.
#[component]
pub fn ByHand(
    /// The page.
    session: Session,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let app = session.app;
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let fire = move |event: EventDraft| {
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match app.ask(Request::FireEvent(event)).await {
                Ok(reply) => {
                    app.say_done(&reply);
                    open.try_set(false);
                }
                Err(what) => drop(problem.try_set(Some(what.to_string()))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Dialog open=open title="Add an activity by hand">
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <p class="soft">"It really happens now: every active workflow that waits for it goes on"</p>
            <EventForm
                first=session.editor.graph.with_untracked(awaited)
                button="Add activity"
                busy=busy
                on_event=fire
            />
        </Dialog>
    }
}
