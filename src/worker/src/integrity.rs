//! The store as a whole: whether everything in it can be read and adds up, and what nobody needs any more.

use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::opening::READ;
use crate::progress::{self, Running};
use crate::records;
use engine::Opening;
use engine::journal::PageId;
use model::JobId;
use model::backup::{Compacted, IntegrityReport};
use model::message::{JobKind, JobResult, Reply};
use std::rc::Rc;
use store::Store;
use xxhash_rust::xxh3::Xxh3;

/// Starts to read everything that is stored.
pub fn start(host: &Rc<Host>, backend: Rc<Backend>) -> JobId {
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        // What is read is one state.
        let _turn = job.host().writes.lock().await;
        let report = check(job, &backend).await?;
        Ok(JobResult::Integrity(Box::new(report)))
    };
    progress::start(host, JobKind::Integrity, "", work)
}

fn reading(done: usize, all: usize) -> Progress<'static> {
    Progress {
        phase: "Reading",
        permille: (done * 950).checked_div(all).unwrap_or(950) as u16,
        rows: done as u64,
    }
}

async fn check(job: &Running, backend: &Backend) -> Result<IntegrityReport, Error> {
    let mut report = IntegrityReport::default();
    let mut hash = Xxh3::new();
    let mut count = |report: &mut IntegrityReport, bytes: &[u8]| {
        report.bytes += bytes.len() as u64;
        hash.update(bytes);
    };
    let mut opening = Opening::default();
    for (change, found) in backend.store.journal(1).await? {
        report.changes += 1;
        records::take(&mut opening, change, &found)?;
        if let Ok(bytes) = &found {
            count(&mut report, bytes);
        }
        job.pause(reading(0, 1)).await?;
    }
    let lost = opening.lost().iter();
    report.damage = lost
        .map(|(id, reason)| backend.workspace().lost_change(*id, reason))
        .collect();
    let names = backend.store.file_names().await?;
    for name in names {
        report.files += 1;
        match backend.store.file(&name).await {
            Ok(bytes) => count(&mut report, &bytes.unwrap_or_default()),
            Err(error @ store::StoreError::Damaged { .. }) => report.damage.push(error.to_string()),
            Err(error) => return Err(error.into()),
        }
        job.pause(reading(0, 1)).await?;
    }
    let named = backend.workspace().named_pages();
    let ids: Vec<store::PageId> = named.iter().map(|id| store::PageId(id.0)).collect();
    for ids in ids.chunks(READ) {
        for (id, found) in ids.iter().zip(backend.store.pages(ids).await?) {
            report.pages += 1;
            if let Some(Ok(bytes)) = &found {
                count(&mut report, bytes);
            }
            if let Err(reason) = records::page(found)? {
                let lost = backend.workspace().lost_page(PageId(id.0), &reason);
                report.damage.push(lost);
            }
            job.pause(reading(report.pages as usize, named.len())).await?;
        }
    }
    job.tell(Progress {
        phase: "Replaying",
        permille: 960,
        rows: report.pages,
    });
    let workspace = backend.workspace();
    let state = workspace.state_hash();
    report.adds_up = workspace.hash_of(opening) == state;
    hash.update(&state.to_le_bytes());
    report.fingerprint = format!("{:016x}", hash.digest());
    Ok(report)
}

/// Deletes pages and files that no change set names, standing or not: nothing that undo or redo could need.
///
/// # Errors
/// When the store can't be read or written, and when some of the history can't be read.
pub async fn compact(host: &Host, backend: &Backend) -> Result<Reply, Error> {
    let _turn = host.writes.lock().await;
    host.ensure_open()?;
    if !backend.workspace().journal().is_whole() {
        return Err(Error::HistoryDamaged);
    }
    let before = backend.store.usage().await?;
    let named = backend.workspace().named_pages();
    crate::backend::sweep(&backend.store, &named).await?;
    for name in backend.store.file_names().await? {
        let of = name.strip_prefix("rejected/").and_then(|id| id.parse().ok());
        let is_left = of.is_some_and(|id| backend.workspace().journal().get(id).is_none());
        if is_left {
            backend.store.delete_file(&name).await?;
        }
    }
    let after = backend.store.usage().await?;
    Ok(Reply::Compacted(Compacted {
        pages: before.pages.saturating_sub(after.pages),
        files: before.files.saturating_sub(after.files),
        bytes: before.bytes().saturating_sub(after.bytes()),
    }))
}
