//! Restoring a backup: nothing is seen of it before all of it was read, verified and written.

use crate::about::{ABOUT, About};
use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::inbox::PortId;
use crate::jobs::Progress;
use crate::newcomer::Newcomer;
use crate::progress::{self, Running};
use crate::sources::Source;
use crate::vault::Vault;
use engine::backup::{Broken, Contents, Frame, Head, Key, Kind, Part, Unpacking, unpack};
use engine::journal::ChangeSet;
use engine::page::Page;
use model::backup::{BackupAbout, BackupPreview, RestoreSpec, Restored};
use model::message::{FromWorker, JobKind, JobResult, Reply};
use model::{JobId, SourceId};
use std::rc::Rc;
use store::{Commit, IndexedStore, PageId, Rewrite, Store};

/// Bytes read from the file at once.
const READ: u64 = 2 << 20;
/// Bytes of pages written at once.
const WRITTEN: usize = 8 << 20;

/// A file being read part by part.
struct Reading<'a> {
    source: &'a Source,
    unpacking: Unpacking,
    read: u64,
}

impl<'a> Reading<'a> {
    fn new(source: &'a Source) -> Self {
        Reading {
            source,
            unpacking: Unpacking::default(),
            read: 0,
        }
    }

    /// The head, which comes first.
    async fn head(&mut self) -> Result<Head, Error> {
        match self.next_part().await? {
            Some((Part::Head(head), _)) => Ok(head),
            _ => Err(Error::Backup(Broken::Foreign)),
        }
    }

    /// The next frame and the byte at which it begins; none at the end of a whole file.
    async fn frame(&mut self) -> Result<Option<(Frame, u64)>, Error> {
        match self.next_part().await? {
            Some((Part::Frame(frame), at)) => Ok(Some((frame, at))),
            Some((Part::Head(_), at)) => Err(Error::Backup(Broken::Changed { at })),
            None => Ok(None),
        }
    }

    async fn next_part(&mut self) -> Result<Option<(Part, u64)>, Error> {
        loop {
            let at = self.unpacking.place();
            if let Some(part) = self.unpacking.next_part()? {
                return Ok(Some((part, at)));
            }
            let all = self.source.bytes();
            if self.read >= all {
                self.unpacking.finish()?;
                return Ok(None);
            }
            let end = (self.read + READ).min(all);
            self.unpacking.push(&self.source.read(self.read, end).await?);
            self.read = end;
        }
    }
}

/// The payload of a frame as it was before it was packed and encrypted.
async fn plain(frame: Frame, at: u64, vault: Option<&Vault>) -> Result<Vec<u8>, Error> {
    let changed = Error::Backup(Broken::Changed { at });
    let packing = frame.packing;
    let packed = match vault {
        Some(vault) => vault.open_frame(&frame).await?.ok_or_else(|| changed.clone())?,
        None => frame.payload,
    };
    unpack(packing, packed).ok_or(changed)
}

async fn unlocked(head: &Head, passphrase: &str) -> Result<Option<Vault>, Error> {
    match &head.lock {
        Some(lock) => Vault::unlock(passphrase, lock).await.map(Some),
        None => Ok(None),
    }
}

/// Holds a file open for a tab, and looks into it.
///
/// # Errors
/// When it is no whole backup; it isn't held open then.
pub async fn open(host: &Rc<Host>, backend: &Backend, port: PortId, source: Source) -> Result<Reply, Error> {
    let (id, source) = host.sources.borrow_mut().open(port, source);
    let preview = preview(backend, id, &source, "").await;
    if preview.is_err() {
        host.sources.borrow_mut().close(id);
    }
    preview
}

/// Reads all of a file, and says what is in it.
///
/// # Errors
/// When it is no whole backup, or the passphrase is wrong.
pub async fn preview(
    backend: &Backend,
    id: SourceId,
    source: &Source,
    passphrase: &str,
) -> Result<Reply, Error> {
    let mut reading = Reading::new(source);
    let head = reading.head().await?;
    let locked = head.lock.is_some();
    let readable = !locked || !passphrase.is_empty();
    let vault = match readable {
        true => unlocked(&head, passphrase).await?,
        false => None,
    };
    let mut about = None;
    while let Some((frame, at)) = reading.frame().await? {
        if readable && frame.kind == Kind::About {
            let mut contents = Contents::default();
            contents.take(Kind::About, &plain(frame, at, vault.as_ref()).await?, at)?;
            about = contents.about().map(|about| about.of.clone());
        }
    }
    Ok(Reply::Backup(Box::new(BackupPreview {
        source: id,
        file: source.name.clone(),
        bytes: source.bytes(),
        format: head.format,
        locked,
        fits: backend.workspace().journal().is_empty(),
        about,
    })))
}

/// Starts the restoring of a file.
pub fn start(host: &Rc<Host>, source: Rc<Source>, spec: RestoreSpec) -> JobId {
    let name = source.name.clone();
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        let restored = match &spec.into {
            Some(new) => {
                let newcomer = Newcomer::make(job.host(), &new.id).await?;
                let read = read(job, &source, &spec.passphrase, newcomer.store()).await;
                match read.and_then(|read| job.begin_commit().map(|()| read)) {
                    Ok(read) => {
                        let contacts = read.about.contacts;
                        newcomer.finish(&new.name, contacts, read.records).await?
                    }
                    Err(error) => {
                        newcomer.give_up().await;
                        return Err(error);
                    }
                }
            }
            None => into_present(job, &source, &spec.passphrase).await?,
        };
        Ok(JobResult::Restored(restored))
    };
    progress::start(host, JobKind::Restore, &name, work)
}

/// What was read of a file, but for its pages, which are in the store.
struct Read {
    about: BackupAbout,
    records: Rewrite,
}

/// Reads and verifies all of a file, and writes its pages, which nobody sees without the rest.
async fn read(job: &Running, source: &Source, passphrase: &str, store: &IndexedStore) -> Result<Read, Error> {
    let mut reading = Reading::new(source);
    let head = reading.head().await?;
    let vault = unlocked(&head, passphrase).await?;
    let mut contents = Contents::default();
    let mut records = Rewrite::default();
    let (mut pages, mut bytes) = (Vec::new(), 0);
    while let Some((frame, at)) = reading.frame().await? {
        let kind = frame.kind;
        let payload = plain(frame, at, vault.as_ref()).await?;
        for (key, record) in contents.take(kind, &payload, at)? {
            let changed = Error::Backup(Broken::Changed { at });
            match key {
                Key::Page(id) => {
                    let page = Page::from_bytes(record).map_err(|_| changed)?;
                    bytes += page.bytes().len();
                    pages.push((PageId(id), page.bytes().to_vec()));
                }
                Key::Change(id) => {
                    ChangeSet::from_bytes(&record).map_err(|_| changed)?;
                    match records.commit {
                        // The first one is refused where there are others already.
                        None => {
                            records.commit = Some(Commit {
                                change: id,
                                record,
                                ..Commit::default()
                            });
                        }
                        Some(_) => records.put.push((store::Key::Change(id), record)),
                    }
                }
                Key::File(name) => records.put.push((store::Key::File(name), record)),
                Key::Meta(name) if name != ABOUT => records.put.push((store::Key::Meta(name), record)),
                Key::Meta(_) => {}
            }
        }
        if bytes >= WRITTEN {
            store.write_pages(std::mem::take(&mut pages)).await?;
            bytes = 0;
        }
        job.pause(Progress {
            phase: "Reading",
            permille: (reading.read * 980).checked_div(source.bytes()).unwrap_or(0) as u16,
            rows: contents.total().changes + contents.total().pages,
        })
        .await?;
    }
    store.write_pages(pages).await?;
    let about = contents.about().ok_or(Error::Backup(Broken::Truncated))?;
    let about = about.of.clone();
    Ok(Read { about, records })
}

/// Restores into the present workspace, which must be empty.
async fn into_present(job: &Running, source: &Source, passphrase: &str) -> Result<Restored, Error> {
    let host = job.host();
    let _turn = host.writes.lock().await;
    host.ensure_open()?;
    let backend = host.backend()?;
    if !backend.workspace().journal().is_empty() {
        return Err(Error::NotEmpty);
    }
    let read = read(job, source, passphrase, &backend.store).await;
    let read = match read.and_then(|read| job.begin_commit().map(|()| read)) {
        Ok(read) => read,
        Err(error) => {
            // What can't be deleted now is swept at the next start.
            if let Ok(left) = backend.store.page_ids().await {
                backend.store.delete_pages(&left).await.ok();
            }
            return Err(error);
        }
    };
    let own = backend.about();
    let about = About {
        name: if own.name.is_empty() {
            read.about.name
        } else {
            own.name
        },
        contacts: read.about.contacts,
        backup: None,
    };
    let mut records = read.records;
    records
        .put
        .push((store::Key::Meta(ABOUT.to_owned()), about.bytes()?));
    backend.store.rewrite(records).await?;
    let version = host.open_again(&backend).await?;
    host.ports.tell_all(&FromWorker::Changed { version });
    Ok(Restored {
        workspace: None,
        name: about.name,
        contacts: about.contacts,
    })
}
