//! *Keep as a workspace of its own*: the copy of a simulation, with everything that happened in it.

use super::{NameDialog, go, use_workspaces};
use crate::site;
use crate::state::use_app;
use crate::ui::reactive::effect;
use crate::ui::{Button, Icon};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::JobId;
use model::backup::NewWorkspace;
use model::message::{JobResult, JobState, Reply, Request};

/// The button that keeps the copy of the last simulation.
#[component]
pub fn KeepCopy() -> impl IntoView {
    let app = use_app();
    let workspaces = use_workspaces();
    let open = RwSignal::new(false);
    let job = RwSignal::new(None::<JobId>);
    let keep = move |name: String| {
        let new = NewWorkspace {
            id: site::new_id(),
            name,
        };
        spawn_local(async move {
            match app.ask(Request::KeepCopy(new)).await {
                Ok(Reply::Job(id)) => {
                    job.try_set(Some(id));
                }
                Ok(_) => {}
                Err(problem) => app.report(&problem),
            }
        });
    };
    effect(move || {
        let Some(id) = job.get() else { return };
        let state = app.job(id).with(|job| job.as_ref().map(|job| job.state.clone()));
        match state {
            None | Some(JobState::Running { .. }) => return,
            Some(JobState::Finished(JobResult::Restored(kept))) => {
                if let Some(id) = kept.workspace {
                    workspaces.change(&id, |entry| {
                        entry.name = kept.name.clone();
                        entry.contacts = kept.contacts;
                    });
                    let show = Callback::new(move |()| go(&id));
                    app.toasts.say(
                        format!("{} is kept", kept.name),
                        Some(("Open it".to_owned(), show)),
                    );
                }
            }
            // What went wrong is told wherever one is.
            Some(_) => {}
        }
        job.set(None);
    });
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
