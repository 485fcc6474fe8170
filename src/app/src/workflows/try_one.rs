//! *Try with one contact*: one event on a copy, and the way it takes; nothing is saved.

use super::awaited::awaited;
use super::session::Session;
use super::trace::{Steps, Way, way_of};
use crate::simulator::EventForm;
use crate::state::{once, unexpected};
use crate::ui::reactive::memo;
use leptos::prelude::*;
use model::event::EventDraft;
use model::message::{Reply, Request};
use model::workflow::{Graph, Trace};

/// *Try with one contact*
#[component]
pub fn TryOne(
    /// The page.
    session: Session,
) -> impl IntoView {
    let app = session.app;
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let way = RwSignal::new(None::<(Trace, Graph)>);
    let go = move |event: EventDraft| {
        session.editor.flush();
        let graph = session.editor.graph.get_untracked();
        problem.set(None);
        once(busy, async move {
            let answer = app.ask(Request::Try(graph.clone(), event)).await;
            // The page may be gone by now.
            if busy.is_disposed() {
                return;
            }
            match answer {
                Ok(Reply::Trace(trace)) => {
                    session.ways.tried.set(way_of(&trace, &graph));
                    way.set(Some((trace, graph)));
                }
                Ok(_) => problem.set(Some(unexpected().to_string())),
                Err(what) => {
                    session.ways.tried.set(Way::default());
                    way.set(None);
                    problem.set(Some(what.to_string()));
                }
            }
        });
    };
    // The form is made anew when the graph waits for something else.
    let kinds = memo(move |_| session.editor.graph.with(awaited));
    let form = move || {
        view! {
            <EventForm
                first=kinds.get()
                note="The event happens on a copy, and the way the contact takes lights up. Nothing is saved"
                button="Try"
                busy=busy
                problem=problem
                on_event=go
            />
        }
    };
    view! {
        <section class="workflow-section" aria-labelledby="workflow-try">
            <h2 id="workflow-try">"Try with one contact"</h2>
            {form}
            <p class="soft small">"To test for real with a few people, let the audience of Start be a small segment"</p>
            {move || way.get().map(|(trace, graph)| view! { <Steps session=session trace=trace graph=graph/> })}
        </section>
    }
}
