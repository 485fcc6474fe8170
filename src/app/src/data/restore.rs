//! *Restore*: a backup is looked into first, and never put over data.

use super::backup::encrypts;
use crate::import::JobProgress;
use crate::site;
use crate::state::{once, unexpected, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, DropZone, LinkButton, Look, Notice, TextField, Tone, format};
use crate::workspaces::{NameDialog, use_workspaces};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::JobId;
use model::backup::{BackupAbout, BackupPreview, NewWorkspace, RestoreSpec, Restored};
use model::message::{JobResult, JobState, Reply, Request};
use web_sys::File;

/// The card that restores.
#[component]
pub fn RestoreCard() -> impl IntoView {
    let app = use_app();
    let workspaces = use_workspaces();
    let preview = RwSignal::new(None::<BackupPreview>);
    let passphrase = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let restored = RwSignal::new(None::<Restored>);
    let job = RwSignal::new(None::<JobId>);
    let naming = RwSignal::new(false);
    let show = move |reply| match reply {
        Ok(Reply::Backup(found)) => {
            preview.try_set(Some(*found));
        }
        Ok(_) => {
            problem.try_set(Some(unexpected().to_string()));
        }
        Err(what) => {
            let what: model::Problem = what;
            problem.try_set(Some(what.to_string()));
        }
    };
    let close = move || {
        if let Some(open) = preview.get_untracked() {
            app.write(Request::CloseSource(open.source));
        }
        preview.set(None);
        passphrase.set(String::new());
        problem.set(None);
    };
    let choose = move |file: File| {
        close();
        restored.set(None);
        spawn_local(async move {
            show(app.ask_with_file(Request::OpenBackup(file.name()), &file).await);
        });
    };
    let unlock = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(open) = preview.get_untracked() else {
            return;
        };
        problem.set(None);
        let request = Request::ReadBackup(open.source, passphrase.get_untracked());
        spawn_local(async move { show(app.ask(request).await) });
    };
    let asking = RwSignal::new(false);
    let restore = move |into: Option<NewWorkspace>| {
        let Some(open) = preview.get_untracked() else {
            return;
        };
        problem.set(None);
        let request = Request::Restore(RestoreSpec {
            source: open.source,
            passphrase: passphrase.get_untracked(),
            into,
        });
        once(asking, async move {
            match app.ask(request).await {
                Ok(Reply::Job(id)) => {
                    job.try_set(Some(id));
                }
                other => show(other),
            }
        });
    };
    app.when_ended(job, move |state| match state {
        JobState::Finished(JobResult::Restored(done)) => {
            let id = done.workspace.clone().unwrap_or_else(site::workspace);
            workspaces.change(&id, |entry| {
                entry.name = done.name.clone();
                entry.contacts = done.contacts;
            });
            close();
            restored.set(Some(done));
        }
        JobState::Cancelled => problem.set(Some(
            "The restoring was cancelled; nothing was changed".to_owned(),
        )),
        JobState::Failed(what) => problem.set(Some(format!("{what}; nothing was changed"))),
        _ => problem.set(Some(unexpected().to_string())),
    });
    let locked = memo(move |_| {
        preview.with(|open| {
            open.as_ref()
                .is_some_and(|open| open.locked && open.about.is_none())
        })
    });
    let ready = memo(move |_| preview.with(|open| open.as_ref().is_some_and(|open| open.about.is_some())));
    let fits = memo(move |_| preview.with(|open| open.as_ref().is_some_and(|open| open.fits)));
    let name = derived(move || {
        preview.with(|open| {
            let about = open.as_ref().and_then(|open| open.about.as_ref());
            about.map(|about| about.name.clone()).unwrap_or_default()
        })
    });
    let busy = derived(move || asking.get() || job.get().is_some());
    view! {
        <section class="card" aria-labelledby="restore">
            <h2 id="restore">"Restore"</h2>
            <p class="soft">"You see what is in a backup before anything happens; it goes into an empty workspace or a new one, never over your data"</p>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            {move || restored.get().map(|done| view! { <Done done=done/> })}
            <Show when=move || preview.with(Option::is_none)>
                <DropZone label="Drop a backup here" button="Choose a backup…" accept=".corral" on_file=choose/>
            </Show>
            {move || preview.get().map(|open| view! { <About preview=open/> })}
            <Show when=move || locked.get()>
                <form class="form" on:submit=unlock>
                    <Show
                        when=encrypts
                        fallback=|| view! { <Notice tone=Tone::Warning text="This browser opens protected backups only on pages that came over HTTPS"/> }
                    >
                        <TextField label="Passphrase of this backup" kind="password" value=passphrase/>
                    </Show>
                    <div class="buttons">
                        <Button label="Open" look=Look::Primary submit=true disabled=derived(move || passphrase.with(String::is_empty))/>
                        <Button label="Choose another file" on_press=move |_| close()/>
                    </div>
                </form>
            </Show>
            <Show when=move || ready.get()>
                <Show when=move || !fits.get()>
                    <p class="soft">"This workspace isn’t empty, so the backup becomes one of its own"</p>
                </Show>
                <div class="buttons">
                    <Show when=move || fits.get()>
                        <Button label="Restore here" look=Look::Primary disabled=busy on_press=move |_| restore(None)/>
                    </Show>
                    <Button label="Restore as a new workspace…" disabled=busy on_press=move |_| naming.set(true)/>
                    <Button label="Choose another file" disabled=busy on_press=move |_| close()/>
                </div>
            </Show>
            {move || job.get().map(|job| view! { <JobProgress job=job what="Restoring"/> })}
            <NameDialog
                open=naming
                title="Restore as a new workspace"
                button="Restore"
                before=name
                on_name=move |name| restore(Some(NewWorkspace { id: site::new_id(), name }))
            />
        </section>
    }
}

/// What is in a file.
#[component]
fn About(
    /// The file.
    preview: BackupPreview,
) -> impl IntoView {
    let zone = use_app().zone();
    let BackupPreview {
        file,
        bytes,
        format: version,
        locked,
        about,
        ..
    } = preview;
    let lock = if locked { ", protected by a passphrase" } else { "" };
    let fact = |label: &'static str, text: String| view! { <dt>{label}</dt><dd>{text}</dd> };
    view! {
        <div role="group" aria-label="In this backup"><dl class="facts">
            {fact("File", format!("{file}, {}, format {version}{lock}", format::bytes(bytes)))}
            {about.map(|about| {
                let BackupAbout { name, at, contacts, segments, workflows, events, changes, missing } = about;
                let moment = move || format!("{} ({})", format::moment(at, &zone.get()), format::ago(at));
                view! {
                    {(!name.is_empty()).then(|| fact("Workspace", name))}
                    <dt>"Made"</dt><dd>{moment}</dd>
                    {fact("Contacts", format::number(contacts))}
                    {fact("Segments", format::number(segments))}
                    {fact("Workflows", format::number(workflows))}
                    {fact("Events", format::number(events))}
                    {fact("History", format::count(changes, "change", "changes"))}
                    {(missing > 0).then(|| fact(
                        "Not in it",
                        format!("{} that could not be read when it was made", format::count(missing, "record", "records")),
                    ))}
                }
            })}
        </dl></div>
    }
}

/// What was restored, and the way to it.
#[component]
fn Done(
    /// What was restored.
    done: Restored,
) -> impl IntoView {
    let contacts = format::contacts(done.contacts);
    match done.workspace {
        Some(id) => view! {
            <Notice tone=Tone::Success text=format!("{} is there, with {contacts}", done.name)>
                <LinkButton label="Open it" href=site::address(&id)/>
            </Notice>
        },
        None => view! {
            <Notice tone=Tone::Success text=format!("Everything is restored: {contacts}, and the whole history")/>
        },
    }
}
