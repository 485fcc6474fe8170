//! Looking at the copy of the last simulation.

use crate::state::{App, use_app};
use crate::ui::{Button, Notice, Tone};
use leptos::prelude::*;
use model::message::{JobResult, JobState, Request};

/// Looks at the copy, or at one's own contacts again.
pub fn look(app: App, copy: bool) {
    app.copy.set(copy);
    // The copy counts its changes by itself: what is told next counts, whatever its number.
    app.overview.update_untracked(|overview| overview.version = 0);
    app.version.notify();
}

/// Throws the copy away.
pub fn drop(app: App) {
    app.write_then(Request::DropCopy, move |_| {
        app.jobs.update(|jobs| {
            for job in jobs {
                if let JobState::Finished(JobResult::Simulated(report)) = &mut job.state {
                    report.copy = false;
                }
            }
        });
        look(app, false);
    });
}

/// Says so while one looks at the copy of a simulation, and leads back.
#[component]
pub fn CopyBanner() -> impl IntoView {
    let app = use_app();
    view! {
        <Show when=move || app.copy.get()>
            <Notice
                tone=Tone::Warning
                text="You are looking at a copy after the simulation. Nothing here is saved, and your own contacts are unchanged"
            >
                <Button label="Back to my contacts" on_press=move |_| look(app, false)/>
                <Button label="Throw the copy away" on_press=move |_| drop(app)/>
            </Notice>
        </Show>
    }
}
