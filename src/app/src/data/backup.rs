//! *Back up…*: everything as one file, and how old the last one is.

use crate::import::{JobProgress, job_of};
use crate::state::use_app;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Checkbox, Dialog, DialogFoot, Icon, Look, Notice, TextField, Tone, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::JobId;
use model::backup::{BackupMade, LastBackup};
use model::message::{Job, JobResult, JobState, Reply, Request};

/// The age of the last backup, in a sentence.
pub fn age(last: LastBackup) -> String {
    let since = match last.changes {
        0 => "nothing changed since".to_owned(),
        changes => format!("{} since", format::count(changes, "change", "changes")),
    };
    match last.at {
        Some(at) => format!("Last backup {}, {since}", format::ago(at)),
        None => "No backup yet".to_owned(),
    }
}

/// Whether the browser encrypts here: it does on pages that came over HTTPS, or from this device.
pub fn encrypts() -> bool {
    let crypto = js_sys::Reflect::get(&window(), &"crypto".into());
    let subtle = crypto.and_then(|crypto| js_sys::Reflect::get(&crypto, &"subtle".into()));
    subtle.is_ok_and(|subtle| subtle.is_object())
}

/// What is wrong with a passphrase and its repetition; none where nothing is.
fn wrong(passphrase: &str, again: &str) -> Option<&'static str> {
    match (passphrase.chars().count(), passphrase == again) {
        (0..8, _) => Some("Use at least 8 characters; four words are easy to keep in mind"),
        (_, false) => Some("The two are not the same"),
        (_, true) => None,
    }
}

/// What became of a backup.
fn outcome(state: JobState) -> Result<BackupMade, String> {
    match state {
        JobState::Finished(JobResult::BackedUp(made)) => Ok(made),
        JobState::Cancelled => Err("The backup was cancelled".to_owned()),
        JobState::Failed(problem) => Err(problem.to_string()),
        _ => Err("The worker answered something else".to_owned()),
    }
}

fn words(made: &BackupMade) -> String {
    let size = format!("{} is saved, {}", made.file, format::bytes(made.bytes));
    match made.missing {
        0 => size,
        missing => format!(
            "{size}; {} could not be read and {} not in it",
            format::count(missing, "record", "records"),
            if missing == 1 { "is" } else { "are" }
        ),
    }
}

/// The card that backs up.
#[component]
pub fn BackupCard() -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    let job = RwSignal::new(None::<JobId>);
    let said = RwSignal::new(None::<Result<String, String>>);
    // One that was begun before one came to this page, too.
    let made = memo(move |_| {
        let is_made = |job: &&Job| matches!(job.state, JobState::Finished(JobResult::BackedUp(_)));
        app.jobs.with(|jobs| jobs.iter().filter(is_made).count())
    });
    let answer = app.live(move || {
        // A memo that is only tracked is never worked out.
        made.get();
        Some(Request::LastBackup)
    });
    let last = memo(move |_| match answer.get() {
        Some(Ok(Reply::LastBackup(last))) => Some(last),
        _ => None,
    });
    let go = Callback::new(move |passphrase: String| {
        said.set(None);
        spawn_local(async move {
            let request = Request::Backup {
                passphrase,
                automatic: false,
            };
            match app.ask(request).await.and_then(job_of) {
                Ok(id) => {
                    job.try_set(Some(id));
                }
                Err(problem) => app.report(&problem),
            }
        });
    });
    app.when_ended(job, move |state| {
        let ended = outcome(state);
        if ended.is_ok() {
            app.save_blob(Request::TakeBackup);
        }
        said.set(Some(ended.map(|made| words(&made))));
    });
    view! {
        <section class="card" aria-labelledby="backup">
            <h2 id="backup">"Backup"</h2>
            <p class="soft">"Everything in one file: contacts, fields, segments, workflows, events, settings and the whole history, undo included"</p>
            <p class="one-line" role="status">{move || last.get().map(age)}</p>
            {move || said.get().map(|said| match said {
                Ok(text) => view! { <Notice tone=Tone::Success text=text/> },
                Err(text) => view! { <Notice tone=Tone::Danger text=text/> },
            })}
            {move || job.get().map(|job| view! { <JobProgress job=job what="Backing up"/> })}
            <div class="buttons">
                <Button
                    label="Back up…"
                    look=Look::Primary
                    icon=Icon::Download
                    disabled=derived(move || job.get().is_some())
                    on_press=move |_| open.set(true)
                />
            </div>
            <BackupDialog open=open on_go=go/>
        </section>
    }
}

/// Asks whether the backup gets a passphrase.
#[component]
fn BackupDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Told of the passphrase; empty for none.
    on_go: Callback<String>,
) -> impl IntoView {
    let can_encrypt = encrypts();
    let locked = RwSignal::new(false);
    let passphrase = RwSignal::new(String::new());
    let again = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    effect(move || {
        // A passphrase is never kept longer than it takes.
        if !open.get() {
            passphrase.set(String::new());
            again.set(String::new());
            error.set(None);
        }
    });
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = passphrase.get_untracked();
        let problem = match locked.get_untracked() {
            true => again.with_untracked(|again| wrong(&typed, again)),
            false => None,
        };
        if let Some(problem) = problem {
            error.set(Some(problem.to_owned()));
            return;
        }
        on_go.run(if locked.get_untracked() {
            typed
        } else {
            String::new()
        });
        open.set(false);
    };
    view! {
        <Dialog open=open title="Back up">
            <form class="form" on:submit=go>
                <p>"The file is saved with your downloads. It holds everything, so keep it where only you can reach it, or protect it"</p>
                <Checkbox
                    label="Protect it with a passphrase"
                    value=locked
                    disabled=!can_encrypt
                    hint=if can_encrypt {
                        "Nothing in the file can be read without it. If you forget it, nobody can open the backup, you included"
                    } else {
                        "This browser encrypts only on pages that came over HTTPS"
                    }
                />
                <Show when=move || locked.get()>
                    <TextField label="Passphrase" kind="password" value=passphrase error=error required=true/>
                    <TextField label="The same again" kind="password" value=again required=true/>
                </Show>
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button label="Back up" look=Look::Primary submit=true/>
                </DialogFoot>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_long_enough_and_typed_twice() {
        assert!(wrong("short", "short").is_some());
        assert!(wrong("horse battery", "horse batter").is_some());
        assert_eq!(wrong("horse battery", "horse battery"), None);
    }
}
