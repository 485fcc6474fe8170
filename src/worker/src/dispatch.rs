//! Which request is answered by what.

use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::inbox::Ticket;
use crate::sources::Source;
use crate::{
    backup, events, exports, imports, integrity, newcomer, parts, restore, schedule, simulations, workspaces,
};
use js_sys::{Array, Uint8Array};
use model::ChangeId;
use model::message::{FromWorker, Reply, Request};
use std::rc::Rc;
use store::Store;
use web_sys::{Blob, BlobPropertyBag};

/// A reply, with a file beside it where the request says so.
#[derive(Debug)]
pub struct Answer {
    /// The reply.
    pub reply: Reply,
    /// The file.
    pub blob: Option<Blob>,
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Answer { reply, blob: None }
    }
}

/// Answers one request of a tab.
///
/// # Errors
/// Whatever went wrong; the border puts it into words.
pub async fn answer(
    host: &Rc<Host>,
    ticket: Ticket,
    request: Request,
    file: Option<Blob>,
) -> Result<Answer, Error> {
    match request {
        // The host answers these itself.
        Request::Hello { .. } | Request::Ping | Request::Goodbye => Ok(Reply::Nothing.into()),
        Request::Jobs => Ok(Reply::Jobs(host.jobs.borrow().list()).into()),
        Request::Rows { .. } | Request::Count(_) | Request::Overview => {
            let backend = host.backend()?;
            match backend.view_of_nothing(&request) {
                Some(reply) => Ok(reply.into()),
                None => parts::first_view(&backend, &request).await.map(Answer::from),
            }
        }
        request => parts::answer(host.clone(), ticket, request, file).await?.await,
    }
}

/// Answers whatever the first screen does not ask for.
///
/// # Errors
/// Whatever went wrong; the border puts it into words.
pub async fn answer_other(
    host: &Rc<Host>,
    ticket: Ticket,
    request: Request,
    file: Option<Blob>,
) -> Result<Answer, Error> {
    let backend = host.backend()?;
    match request {
        Request::Cancel(job) => {
            host.jobs.borrow_mut().cancel(job)?;
            Ok(Reply::Nothing.into())
        }

        Request::InCopy(request) => backend.view_copy(&request).map(Answer::from),
        Request::DropCopy => {
            backend.keep_copy(None);
            Ok(Reply::Nothing.into())
        }
        Request::Simulate(spec) => {
            let _turn = host.writes.lock().await;
            simulations::start(host, backend, *spec)
                .map(Reply::Job)
                .map(Answer::from)
        }
        Request::ImportEvents(spec, write) => {
            let source = host.sources.borrow().get(spec.source)?;
            Ok(Reply::Job(events::start(host, backend, source, spec, write)).into())
        }
        Request::Steer(job, steer) => {
            host.steering.steer(job, steer)?;
            Ok(Reply::Nothing.into())
        }
        Request::WriteWorkflow(id) => {
            let (file, text) = backend.workspace().write_workflow(id)?;
            blob(file, text.as_bytes(), "application/json")
        }
        view if view.is_view() => backend.view(&view).map(Answer::from),
        Request::Duplicates { start, count } => backend.duplicates(start, count).await.map(Answer::from),
        Request::PreviewUndo(change) => preview_stand(host, &backend, change, false).await,
        Request::PreviewRedo(change) => preview_stand(host, &backend, change, true).await,

        Request::OpenSource { name, text } => {
            let source = match file {
                Some(file) => Source::file(name, file),
                None => Source::text(text),
            };
            let (id, source) = host.sources.borrow_mut().open(ticket.port, source);
            let preview = imports::preview(&backend, id, &source, None).await;
            if preview.is_err() {
                // A file that can't be read isn't held.
                host.sources.borrow_mut().close(id);
            }
            preview.map(Answer::from)
        }
        Request::CloseSource(source) => {
            host.sources.borrow_mut().close(source);
            Ok(Reply::Nothing.into())
        }
        Request::ReadSource(id, format) => {
            let source = host.sources.borrow().get(id)?;
            imports::preview(&backend, id, &source, Some(format))
                .await
                .map(Answer::from)
        }
        Request::SourceValues(id, format, column) => {
            let source = host.sources.borrow().get(id)?;
            imports::values(&source, &format, column).await.map(Answer::from)
        }
        Request::Check(spec) => {
            let source = host.sources.borrow().get(spec.source)?;
            Ok(Reply::Job(imports::check(host, backend, source, spec)).into())
        }
        Request::Import(spec, checked) => {
            // What was checked can be imported although the file was let go of since.
            let source = host.sources.borrow().get(spec.source).ok();
            imports::import(host, backend, source, spec, checked)
                .map(Reply::Job)
                .map(Answer::from)
        }
        Request::Export(order) => {
            // An export that begins while somebody is erased begins after it.
            let _turn = host.writes.lock().await;
            exports::start(host, backend, *order)
                .map(Reply::Job)
                .map(Answer::from)
        }
        Request::PreviewAds(spec) => {
            let preview = exports::preview_ads(&backend, &spec).await?;
            Ok(Reply::AdPreview(preview).into())
        }
        Request::DeleteExport(id) => {
            backend.exports.delete(&backend, id).await?;
            Ok(Reply::Nothing.into())
        }
        Request::KeepExport(id) => {
            backend.exports.keep(&backend, id).await?;
            Ok(Reply::Nothing.into())
        }

        Request::RejectedRows(change) => rejected_rows(&backend, change).await,
        Request::Download(id) => {
            let (file, blob) = backend.exports.file(id)?;
            Ok(Answer {
                reply: Reply::Blob { file },
                blob: Some(blob),
            })
        }
        Request::Storage => backend.storage().await.map(Answer::from),

        Request::Backup {
            passphrase,
            automatic,
        } => Ok(Reply::Job(backup::start(host, backend, passphrase, automatic)).into()),
        Request::TakeBackup => {
            let (file, blob) = backend.backup.borrow().clone().ok_or(Error::NoBackup)?;
            Ok(Answer {
                reply: Reply::Blob { file },
                blob: Some(blob),
            })
        }
        Request::LastBackup => Ok(Reply::LastBackup(backend.last_backup()).into()),
        Request::OpenBackup(name) => {
            let file = file.ok_or(Error::NoSuchSource)?;
            let source = Source::file(name, file);
            restore::open(host, &backend, ticket.port, source)
                .await
                .map(Answer::from)
        }
        Request::ReadBackup(id, passphrase) => {
            let source = host.sources.borrow().get(id)?;
            restore::preview(&backend, id, &source, &passphrase)
                .await
                .map(Answer::from)
        }
        Request::Restore(spec) => {
            let source = host.sources.borrow().get(spec.source)?;
            Ok(Reply::Job(restore::start(host, source, spec)).into())
        }
        Request::KeepCopy(new) => newcomer::keep_copy(host, backend, new)
            .map(Reply::Job)
            .map(Answer::from),
        Request::Workspaces => workspaces::list(host).await.map(Answer::from),
        Request::NameWorkspace(name) => {
            let _turn = host.writes.lock().await;
            host.backend()?.change_about(|about| about.name = name).await?;
            Ok(Reply::Nothing.into())
        }
        Request::DeleteWorkspace(id) => workspaces::delete(host, &id).await.map(Answer::from),
        Request::CheckIntegrity => Ok(Reply::Job(integrity::start(host, backend)).into()),
        Request::Compact => {
            host.jobs.borrow_mut().cancel_backups();
            integrity::compact(host, &backend).await.map(Answer::from)
        }

        // All others change the data.
        request => write(host, request).await.map(Answer::from),
    }
}

/// Says what an undo or redo would do, on a state that nobody changes meanwhile.
async fn preview_stand(
    host: &Rc<Host>,
    backend: &Backend,
    change: ChangeId,
    stands: bool,
) -> Result<Answer, Error> {
    let _turn = host.writes.lock().await;
    backend.preview_stand(change, stands).await.map(Answer::from)
}

/// The rejected rows of an import as a file.
async fn rejected_rows(backend: &Backend, change: ChangeId) -> Result<Answer, Error> {
    let bytes = backend
        .store
        .file(&format!("rejected/{change}"))
        .await?
        .ok_or(Error::ExportGone)?;
    let entry = backend
        .workspace()
        .import(change)
        .ok_or(Error::Refused(engine::Refused::NoSuchChange))?;
    let stem = entry
        .file
        .rsplit_once('.')
        .map_or(entry.file.as_str(), |(stem, _)| stem);
    let stem = if stem.is_empty() { "pasted" } else { stem };
    blob(format!("{stem}-rejected.csv"), &bytes, "text/csv;charset=utf-8")
}

/// A file of some bytes.
fn blob(file: String, bytes: &[u8], kind: &str) -> Result<Answer, Error> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)
        .map_err(|error| Error::Browser(crate::transport::describe(&error)))?;
    Ok(Answer {
        reply: Reply::Blob { file },
        blob: Some(blob),
    })
}

/// One writer at a time, in the order they asked; then every tab learns that the data changed.
async fn write(host: &Rc<Host>, request: Request) -> Result<Reply, Error> {
    let _turn = host.writes.lock().await;
    host.ensure_open()?;
    // Whoever had the turn before may have restored a backup, after which the data is another.
    let backend = host.backend()?;
    if matches!(request, Request::Erase(_) | Request::DeleteEverything) {
        // What is being written, checked or imported may hold whoever is erased, and so may what a check found.
        host.checked.forget();
        let mut jobs = host.jobs.borrow_mut();
        jobs.cancel_all();
        jobs.forget_checked();
        backend.backup.take();
    }
    if matches!(request, Request::ForgetHistory(_)) {
        host.jobs.borrow_mut().cancel_backups();
    }
    let written = backend.write(request, schedule::wall_clock()).await?;
    if written.version.is_some() {
        let reacted = backend.react(schedule::wall_clock()).await;
        let version = backend.workspace().version();
        host.ports.tell_all(&FromWorker::Changed { version });
        // What was asked for is done; what workflows could not do now they try again with the next change.
        if let Err(error) = reacted {
            web_sys::console::error_1(&error.to_string().into());
        }
    }
    Ok(written.reply)
}
