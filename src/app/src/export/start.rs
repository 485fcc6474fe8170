//! *Start export*: what begins it, and what keeps it from beginning.

use crate::import::job_of;
use crate::router::here;
use crate::state::{App, once, use_app};
use crate::ui::{Notice, Tone, unique};
use leptos::prelude::*;
use model::export::ExportOrder;
use model::message::Request;
use model::problem::Problem;
use model::route::Route;

/// The beginning of an export. Copied freely: each part is a handle.
#[derive(Clone, Copy)]
pub struct Start {
    app: App,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
}

impl Start {
    /// Nothing has begun.
    pub fn new() -> Start {
        Start {
            app: use_app(),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    /// Begins an export, and goes to the list of them.
    pub fn begin(self, order: ExportOrder) {
        let Start { app, busy, problem } = self;
        let here = here();
        once(busy, async move {
            match app.ask(Request::Export(Box::new(order))).await.and_then(job_of) {
                Ok(_) => here.go(&Route::Exports),
                // On a screen that is gone nobody would see it there.
                Err(found) if problem.is_disposed() => app.report(&found),
                Err(found) => problem.set(Some(found)),
            }
        });
    }
}

/// What went wrong, above everything else.
#[component]
pub fn StartProblem(
    /// The export.
    start: Start,
    /// What went wrong before it began.
    #[prop(optional, into)]
    before: Signal<Option<Problem>>,
) -> impl IntoView {
    let problem = move || start.problem.get().or_else(|| before.get());
    move || problem().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })
}

/// The button, and why it can't be pressed yet.
#[component]
pub fn StartFoot(
    /// The export.
    start: Start,
    /// What is missing, in words.
    #[prop(into)]
    fault: Signal<Option<String>>,
    /// Whether something else has to come first, which needs no words.
    #[prop(optional, into)]
    waits: Signal<bool>,
    /// Begins it.
    #[prop(into)]
    on_start: Callback<()>,
) -> impl IntoView {
    let why = unique("why");
    view! {
        <div class="wizard-foot">
            <button
                type="button"
                class="button button-primary"
                aria-describedby=why.clone()
                disabled=move || start.busy.get() || waits.get() || fault.with(Option::is_some)
                on:click=move |_| on_start.run(())
            >
                "Start export"
            </button>
            <p class="wizard-why" id=why role="status">{move || fault.get()}</p>
        </div>
    }
}
