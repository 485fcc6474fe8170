//! Looking at the copy of the last simulation.

use crate::state::{App, use_app};
use crate::ui::{Button, Notice, Tone};
use crate::workspaces::KeepCopy;
use leptos::prelude::*;
use model::message::{JobResult, JobState, Request};
use model::problem::Problem;

/// Looks at the copy, or at one's own contacts again.
pub fn look(app: App, copy: bool) {
    app.copy.set(copy);
    // The copy counts its changes by itself: what is told next counts, whatever its number.
    app.overview.update_untracked(|overview| overview.version = 0);
    app.version.notify();
}

/// What is asked of the worker while one looks at the copy: views go to the copy, what changes no data goes through.
///
/// # Errors
/// What would change one's own contacts, who are not on the screen.
pub fn asked(request: Request) -> Result<Request, Problem> {
    match request {
        request if request.is_view() => Ok(Request::InCopy(Box::new(request))),
        Request::Hello { .. }
        | Request::Ping
        | Request::Jobs
        | Request::Cancel(_)
        | Request::Simulate(_)
        | Request::Steer(..)
        | Request::InCopy(_)
        | Request::DropCopy
        | Request::CloseSource(_)
        | Request::Storage
        | Request::KeepCopy(_)
        | Request::LastBackup
        | Request::Workspaces
        | Request::NameWorkspace(_)
        | Request::Goodbye => Ok(request),
        _ => Err(Problem::new(
            "This works with your own contacts only, and you are looking at a copy",
            "Choose Back to my contacts above, and try again",
        )),
    }
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
                <KeepCopy/>
                <Button label="Throw the copy away" on_press=move |_| drop(app)/>
            </Notice>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ContactId;
    use model::query::Selection;

    #[test]
    fn the_copy_is_looked_at_and_ones_own_contacts_stay() {
        let view = Request::Contact(ContactId(1));
        assert_eq!(asked(view.clone()), Ok(Request::InCopy(Box::new(view))));
        assert_eq!(asked(Request::DropCopy), Ok(Request::DropCopy));
        let delete = Request::DeleteContacts(Selection::Contacts(vec![ContactId(1)]));
        assert!(asked(delete).is_err());
    }
}
