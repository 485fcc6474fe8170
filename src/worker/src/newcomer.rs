//! A workspace that is being made beside the present one: a database that nobody else has, and that is none before its
//! last transaction.

use crate::about::{ABOUT, About};
use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::locks::{self, Held};
use crate::names::database_lock;
use crate::progress::{self, Running};
use crate::schedule;
use crate::workflows::{CLOCK, Come};
use engine::journal::PageId;
use model::backup::{NewWorkspace, Restored};
use model::message::{JobKind, JobResult};
use model::{ChangeId, JobId};
use std::rc::Rc;
use store::{Commit, IndexedStore, Rewrite, Store};

/// Pages copied at once.
const COPIED: usize = 16;

/// A workspace that is being made.
pub struct Newcomer {
    id: String,
    database: String,
    store: IndexedStore,
    /// Held as long as it is being made, where there are locks: nobody takes it for leftovers.
    _lock: Option<Held>,
}

impl Newcomer {
    /// Makes its database.
    ///
    /// # Errors
    /// [`Error::NotEmpty`] where there is a workspace of this id.
    pub async fn make(host: &Host, id: &str) -> Result<Newcomer, Error> {
        let database = host.name.beside(id).ok_or(Error::NoSuchWorkspace)?;
        let lock = match locks::manager() {
            Some(locks) => Some(
                locks
                    .try_hold(&database_lock(&database))
                    .await?
                    .ok_or(Error::OpenElsewhere)?,
            ),
            None => None,
        };
        let store = IndexedStore::open(&database).await?;
        if About::read(&store, &mut Vec::new()).await?.is_some() {
            return Err(Error::NotEmpty);
        }
        Ok(Newcomer {
            id: id.to_owned(),
            database,
            store,
            _lock: lock,
        })
    }

    /// Where its pages are written to, before anything else.
    pub fn store(&self) -> &IndexedStore {
        &self.store
    }

    /// Makes it a workspace, by one transaction.
    ///
    /// # Errors
    /// When that can't be stored; it is gone then.
    pub async fn finish(self, name: &str, contacts: u64, mut records: Rewrite) -> Result<Restored, Error> {
        let about = About {
            name: name.to_owned(),
            contacts,
            backup: None,
        };
        records
            .put
            .push((store::Key::Meta(ABOUT.to_owned()), about.bytes()?));
        if let Err(error) = self.store.rewrite(records).await {
            self.give_up().await;
            return Err(error.into());
        }
        self.store.close();
        Ok(Restored {
            workspace: Some(self.id),
            name: about.name,
            contacts,
        })
    }

    /// Deletes what was written so far; what can't be deleted now is swept at the next start.
    pub async fn give_up(self) {
        self.store.close();
        if let Err(error) = IndexedStore::delete(&self.database).await {
            web_sys::console::error_1(&error.to_string().into());
        }
    }
}

/// Starts to make a workspace of the copy of the last simulation.
///
/// # Errors
/// When there is no copy (any more).
pub fn keep_copy(host: &Rc<Host>, backend: Rc<Backend>, new: NewWorkspace) -> Result<JobId, Error> {
    if !backend.has_copy() {
        return Err(Error::NoCopy);
    }
    let name = new.name.clone();
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        // What the copy shares with the data stays as it is meanwhile.
        let _turn = job.host().writes.lock().await;
        let newcomer = Newcomer::make(job.host(), &new.id).await?;
        match copied(job, &backend, newcomer.store()).await {
            Ok((contacts, records)) => newcomer
                .finish(&new.name, contacts, records)
                .await
                .map(JobResult::Restored),
            Err(error) => {
                newcomer.give_up().await;
                Err(error)
            }
        }
    };
    Ok(progress::start(host, JobKind::Restore, &name, work))
}

/// Writes the pages of the copy, and gives all its other records.
async fn copied(job: &Running, backend: &Backend, into: &IndexedStore) -> Result<(u64, Rewrite), Error> {
    let pages = backend.of_copy(engine::Workspace::named_pages)?;
    let all = pages.len().max(1);
    for (part, ids) in pages.chunks(COPIED).enumerate() {
        into.write_pages(pages_of(backend, ids).await?).await?;
        job.pause(Progress {
            phase: "Writing",
            permille: (part * COPIED * 980 / all) as u16,
            rows: (part * COPIED) as u64,
        })
        .await?;
    }
    let mut records = Rewrite::default();
    for name in backend.store.file_names().await? {
        if let Some(bytes) = backend.store.file(&name).await? {
            records.put.push((store::Key::File(name), bytes));
        }
    }
    job.begin_commit()?;
    let (contacts, changes, last) = backend.of_copy(|copy| {
        let sets = copy
            .journal()
            .iter()
            .map(|entry| (entry.set.id.0, entry.set.to_bytes()));
        let last = copy.journal().next_id().0.saturating_sub(1);
        (copy.alive().len(), sets.collect::<Vec<_>>(), last)
    })?;
    let mut changes = changes.into_iter();
    records.commit = changes.next().map(|(change, record)| Commit {
        change,
        record,
        ..Commit::default()
    });
    records
        .put
        .extend(changes.map(|(id, bytes)| (store::Key::Change(id), bytes)));
    // What the simulation did its workflows have answered already.
    let come = Come {
        reacted: ChangeId(last),
        woken: schedule::wall_clock(),
    };
    records
        .put
        .push((store::Key::Meta(CLOCK.to_owned()), come.bytes()?));
    Ok((contacts, records))
}

/// Pages of the copy: those in memory, and the others from the store of the data it is a copy of.
async fn pages_of(backend: &Backend, ids: &[PageId]) -> Result<Vec<(store::PageId, Vec<u8>)>, Error> {
    let mut pages = Vec::with_capacity(ids.len());
    for id in ids {
        let here = backend.of_copy(|copy| copy.page(*id).map(|page| page.bytes().to_vec()))?;
        let stored = store::PageId(id.0);
        let bytes = match here {
            Some(bytes) => Some(bytes),
            // A damaged one is as missing there as it is here.
            None => backend
                .store
                .pages(&[stored])
                .await?
                .pop()
                .flatten()
                .and_then(Result::ok),
        };
        pages.extend(bytes.map(|bytes| (stored, bytes)));
    }
    Ok(pages)
}
