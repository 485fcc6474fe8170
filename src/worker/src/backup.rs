//! Backups: everything that is stored as one file, written in the background while others go on.

use crate::about::ABOUT;
use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::opening::READ;
use crate::progress::{self, Running};
use crate::schedule::{self, Budget};
use crate::vault::Vault;
use engine::backup::{About, Chunk, Chunks, Frame, Head, Key, Kind, Packer, RECORDS, Texture};
use futures_util::stream::{FuturesOrdered, StreamExt};
use js_sys::{Array, Uint8Array};
use model::JobId;
use model::backup::{BackupAbout, BackupMade, LastBackup};
use model::message::{JobKind, JobResult};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use store::Store;
use web_sys::{Blob, BlobPropertyBag};

/// Frames that are encrypted at a time.
const AHEAD: usize = 4;
/// Bytes that are packed before others are let in.
const PIECE: usize = 1 << 20;

/// What is backed up: everything as of one moment. Records never change but by erasing, forgetting and compacting,
/// each of which ends a backup that runs.
struct Snapshot {
    about: About,
    /// The change set up to which it goes.
    until: u64,
    changes: Vec<(u64, Vec<u8>)>,
    pages: Vec<store::PageId>,
    files: Vec<String>,
    meta: Vec<(String, Vec<u8>)>,
}

impl Snapshot {
    async fn take(host: &Host, backend: &Backend) -> Result<Snapshot, Error> {
        let _turn = host.writes.lock().await;
        let mut missing = 0;
        let mut changes = Vec::new();
        for (change, found) in backend.store.journal(1).await? {
            match found {
                Ok(bytes) => changes.push((change, bytes)),
                Err(_) => missing += 1,
            }
        }
        let mut meta = Vec::new();
        for name in backend.store.meta_names().await? {
            match backend.store.meta(&name).await {
                Ok(Some(bytes)) if name != ABOUT => meta.push((name, bytes)),
                Ok(_) => {}
                Err(store::StoreError::Damaged { .. }) => missing += 1,
                Err(error) => return Err(error.into()),
            }
        }
        let files = backend.store.file_names().await?;
        let workspace = backend.workspace();
        let pages = workspace.named_pages();
        Ok(Snapshot {
            about: About {
                records: RECORDS,
                of: BackupAbout {
                    name: backend.about().name,
                    at: schedule::wall_clock(),
                    contacts: workspace.alive().len(),
                    segments: workspace.segments().count() as u64,
                    workflows: workspace.workflows().count() as u64,
                    events: workspace.event_count(),
                    changes: changes.len() as u64,
                    missing,
                },
            },
            until: workspace.journal().next_id().0.saturating_sub(1),
            changes,
            pages: pages.into_iter().map(|id| store::PageId(id.0)).collect(),
            files,
            meta,
        })
    }
}

/// Starts a backup, with a passphrase unless it is empty.
pub fn start(host: &Rc<Host>, backend: Rc<Backend>, passphrase: String, automatic: bool) -> JobId {
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        let (vault, lock) = match passphrase.is_empty() {
            true => (None, None),
            false => Vault::lock(&passphrase)
                .await
                .map(|(vault, lock)| (Some(vault), Some(lock)))?,
        };
        let snapshot = Snapshot::take(job.host(), &backend).await?;
        let (at, until) = (snapshot.about.of.at, snapshot.until);
        let file = file_name(&snapshot.about.of.name, at);
        let mut out = Output::new(&Head::new(lock), vault);
        let missing = write(job, &backend, snapshot, &mut out).await?;
        let (blob, bytes) = out.finish().await?;
        // Whoever was erased while it was written is not in a file that is given out.
        job.begin_commit()?;
        *backend.backup.borrow_mut() = Some((file.clone(), blob));
        backend
            .change_about(|about| about.backup = Some((at, until)))
            .await?;
        Ok(JobResult::BackedUp(BackupMade {
            file,
            bytes,
            missing,
            automatic,
        }))
    };
    progress::start(host, JobKind::Backup, "", work)
}

/// Writes all records; gives the number of those that can't be read.
async fn write(job: &Running, backend: &Backend, from: Snapshot, out: &mut Output) -> Result<u64, Error> {
    let mut missing = from.about.of.missing;
    let all = (from.changes.len() + from.pages.len() + from.files.len()).max(1);
    let mut done = 0;
    out.frame(Kind::About, Texture::Texts, from.about.to_bytes())
        .await?;
    let mut chunks = Chunks::default();
    for (name, bytes) in from.meta {
        out.records(chunks.add(&Key::Meta(name), &bytes)).await?;
    }
    for (change, bytes) in from.changes {
        out.records(chunks.add(&Key::Change(change), &bytes)).await?;
        done += 1;
        job.pause(writing(done, all)).await?;
    }
    for name in from.files {
        match backend.store.file(&name).await {
            Ok(Some(bytes)) => out.records(chunks.add(&Key::File(name), &bytes)).await?,
            Ok(None) | Err(store::StoreError::Damaged { .. }) => missing += 1,
            Err(error) => return Err(error.into()),
        }
        done += 1;
        job.pause(writing(done, all)).await?;
    }
    for ids in from.pages.chunks(READ) {
        for (id, found) in ids.iter().zip(backend.store.pages(ids).await?) {
            match found {
                Some(Ok(bytes)) => out.records(chunks.add(&Key::Page(id.0), &bytes)).await?,
                Some(Err(_)) | None => missing += 1,
            }
            done += 1;
            job.pause(writing(done, all)).await?;
        }
    }
    let (left, total) = chunks.finish();
    for chunk in left {
        out.records(Some(chunk)).await?;
    }
    out.frame(Kind::End, Texture::Texts, total.to_bytes()).await?;
    Ok(missing)
}

fn writing(done: usize, all: usize) -> Progress<'static> {
    Progress {
        phase: "Writing",
        permille: (done * 990 / all) as u16,
        rows: done as u64,
    }
}

type Sealed = Pin<Box<dyn Future<Output = Result<Vec<u8>, Error>>>>;

/// The file, in parts that the browser holds.
struct Output {
    parts: Array,
    bytes: u64,
    number: u64,
    vault: Option<Vault>,
    under_way: FuturesOrdered<Sealed>,
    budget: Budget,
}

impl Output {
    fn new(head: &Head, vault: Option<Vault>) -> Output {
        let mut out = Output {
            parts: Array::new(),
            bytes: 0,
            number: 0,
            vault,
            under_way: FuturesOrdered::new(),
            budget: Budget::new(),
        };
        out.push(&head.to_bytes());
        out
    }

    fn push(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.parts.push(&Uint8Array::from(bytes));
    }

    async fn records(&mut self, chunk: Option<Chunk>) -> Result<(), Error> {
        match chunk {
            Some(chunk) => self.frame(Kind::Records, chunk.texture, chunk.payload).await,
            None => Ok(()),
        }
    }

    async fn frame(&mut self, kind: Kind, texture: Texture, payload: Vec<u8>) -> Result<(), Error> {
        let mut packer = Packer::new(texture);
        for piece in payload.chunks(PIECE) {
            packer.push(piece);
            self.budget.pause().await;
        }
        let (packing, mut payload) = packer.finish(payload);
        let (number, vault) = (self.number, self.vault.clone());
        self.number += 1;
        self.under_way.push_back(Box::pin(async move {
            if let Some(vault) = vault {
                payload = vault.seal(number, kind, packing, &payload).await?;
            }
            let frame = Frame {
                number,
                kind,
                packing,
                payload,
            };
            Ok(frame.to_bytes())
        }));
        self.settle(AHEAD).await
    }

    /// Waits until no more than so many frames are under way.
    async fn settle(&mut self, left: usize) -> Result<(), Error> {
        while self.under_way.len() > left {
            if let Some(frame) = self.under_way.next().await {
                self.push(&frame?);
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<(Blob, u64), Error> {
        self.settle(0).await?;
        let options = BlobPropertyBag::new();
        options.set_type("application/octet-stream");
        let blob = Blob::new_with_u8_array_sequence_and_options(&self.parts, &options);
        let blob = blob.map_err(|error| Error::Browser(crate::transport::describe(&error)))?;
        Ok((blob, self.bytes))
    }
}

/// `corral-NAME-YYYY-MM-DD.corral`
fn file_name(name: &str, at: i64) -> String {
    let letters = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' });
    let letters: String = letters.collect();
    let words: Vec<&str> = letters.split('-').filter(|word| !word.is_empty()).collect();
    let name = match words.is_empty() {
        true => "workspace".to_owned(),
        false => words.join("-").to_lowercase(),
    };
    format!("corral-{name}-{}.corral", schedule::day(at))
}

impl Backend {
    /// When the last backup was made, and what happened since.
    pub fn last_backup(&self) -> LastBackup {
        let (at, until) = self.about().backup.unzip();
        let workspace = self.workspace();
        let until = until.unwrap_or(0);
        let later = workspace.journal().iter().filter(|entry| entry.set.id.0 > until);
        let (mut changes, mut since) = (0, None);
        for entry in later {
            changes += 1;
            since.get_or_insert(entry.set.at);
        }
        LastBackup { at, changes, since }
    }
}
