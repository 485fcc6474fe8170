//! Imports: looking into a file, checking it, and making it a change set.

use crate::backend::{Backend, stored};
use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::progress::{self, Running};
use crate::schedule;
use crate::sources::Source;
use engine::csv::{self, Kind, NotUtf8, Reader, Record, SAMPLE, sniff};
use engine::import::{Building, Matching, Plan, Staging};
use engine::mapping::{self, Around};
use litemap::LiteMap;
use model::import::{Encoding, Format, Preview, Spec};
use model::message::{FromWorker, JobKind, JobResult, Reply};
use model::{JobId, SourceId};
use std::cell::RefCell;
use std::rc::Rc;
use store::Store;

/// Rows that a preview shows.
const SHOWN: usize = 20;
/// Rows that a suggestion looks at.
const LOOKED_AT: usize = 2_000;
/// Bytes read from a file at once.
const READ: u64 = 2 << 20;
/// Bytes parsed between two looks at the clock.
const SLICE: usize = 128 << 10;
/// Rows compared between two looks at the clock.
const COMPARED: u32 = 8_192;
/// Bytes of pages written to the store at once.
const WRITTEN: usize = 8 << 20;

/// The last file that was checked, waiting for its import. Only one is kept: it holds the values of a whole file.
#[derive(Debug, Default)]
pub struct Checked(RefCell<Option<(JobId, Staged)>>);

/// A file that was read, and maybe compared.
#[derive(Debug)]
struct Staged {
    staging: Staging,
    /// The comparison, good as long as the data is of the version beside it.
    compared: Option<(Matching, u64)>,
}

impl Checked {
    fn keep(&self, job: JobId, staged: Staged) {
        *self.0.borrow_mut() = Some((job, staged));
    }

    /// Lets go of what was checked.
    pub fn forget(&self) {
        self.0.take();
    }

    /// Takes what a job checked, if it was the last one and checked just this.
    fn take(&self, job: Option<JobId>, spec: &Spec) -> Option<Staged> {
        let (_, staged) = self.0.borrow_mut().take_if(|(of, _)| Some(*of) == job)?;
        let checked = &staged.staging.plan.spec;
        // A file that turned out not to be UTF-8 was checked as Windows-1252; that is the only difference allowed.
        let same = checked.options == spec.options
            && checked.mapping == spec.mapping
            && checked.source == spec.source;
        same.then_some(staged)
    }
}

/// The first part of a file, its rows, and whether that is all of it.
struct Look {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Looks at the first part of a file.
///
/// # Errors
/// When the file can't be read or is no list.
pub async fn preview(
    backend: &Backend,
    id: SourceId,
    source: &Source,
    chosen: Option<Format>,
) -> Result<Reply, Error> {
    let sample = source.read(0, SAMPLE as u64).await?;
    let whole = source.bytes() <= SAMPLE as u64;
    let sniffed = sniff(&sample, whole);
    if let (Some(problem), None) = (sniffed.problem, &chosen) {
        return Err(Error::NotCsv(problem));
    }
    let detected = sniffed.format;
    let format = chosen.unwrap_or_else(|| detected.clone());
    let look = look(&sample, whole, &format)?;
    let workspace = backend.workspace();
    let fields: Vec<_> = workspace.fields().cloned().collect();
    let saved: Vec<_> = workspace.mappings().cloned().collect();
    let around = Around {
        file: &source.name,
        delimiter: format.delimiter,
        settings: workspace.settings(),
        fields: &fields,
        saved: &saved,
    };
    let suggestion = mapping::suggest(&look.columns, &look.rows, &around);
    let mut doubts = suggestion.doubts;
    doubts.encoding = sniffed.doubts.encoding && format.encoding == detected.encoding;
    Ok(Reply::Preview(Preview {
        source: id,
        name: source.name.clone(),
        bytes: source.bytes(),
        format,
        detected,
        columns: look.columns,
        rows: look.rows.into_iter().take(SHOWN).collect(),
        doubts,
        mapping: suggestion.mapping,
        mapping_from: suggestion.from,
    }))
}

/// The distinct values of one column among the first rows, most frequent first.
///
/// # Errors
/// When the file can't be read.
pub async fn values(source: &Source, format: &Format, column: u32) -> Result<Reply, Error> {
    let sample = source.read(0, SAMPLE as u64).await?;
    let look = look(&sample, source.bytes() <= SAMPLE as u64, format)?;
    let mut counts: LiteMap<String, u64> = LiteMap::new();
    for row in &look.rows {
        let value = row.get(column as usize).map_or("", |cell| cell.trim());
        if !value.is_empty() {
            *counts.entry(value.to_owned()).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    engine::sort::sort_by(&mut counts, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(200);
    Ok(Reply::Values(counts))
}

fn look(sample: &[u8], whole: bool, format: &Format) -> Result<Look, Error> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut take = |record: Record<'_>| {
        if matches!(record.kind, Kind::Row | Kind::OpenQuote { .. }) && rows.len() <= LOOKED_AT {
            rows.push(record.fields().map(str::to_owned).collect());
        }
    };
    let mut reader = Reader::new(format).replacing();
    // A replacing reader takes any bytes.
    let read = reader.push(sample, &mut take);
    if whole && read.is_ok() {
        reader.finish(&mut take).ok();
    }
    if rows.is_empty() {
        return Err(if whole {
            Error::NotCsv(csv::NotCsv::Empty)
        } else {
            Error::LongLine
        });
    }
    let width = rows.first().map_or(0, Vec::len);
    if width > csv::MAX_COLUMNS {
        return Err(Error::NotCsv(csv::NotCsv::Columns(width)));
    }
    let columns = if format.header {
        rows.remove(0)
            .into_iter()
            .enumerate()
            .map(|(at, name)| named(at, name.trim()))
            .collect()
    } else {
        (0..width).map(|at| named(at, "")).collect()
    };
    Ok(Look { columns, rows })
}

fn named(at: usize, name: &str) -> String {
    if name.is_empty() {
        format!("Column {}", at + 1)
    } else {
        name.to_owned()
    }
}

/// Starts the check of a file.
pub fn check(host: &Rc<Host>, backend: Rc<Backend>, source: Rc<Source>, spec: Spec) -> JobId {
    let name = source.name.clone();
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        let staging = stage(job, &backend, &source, spec).await?;
        let (report, compared) = {
            let _turn = job.host().writes.lock().await;
            let matching = compare(job, &backend, &staging).await?;
            let workspace = backend.workspace();
            (
                matching.report(&staging, &workspace),
                Some((matching, workspace.version())),
            )
        };
        job.host().checked.keep(job.id, Staged { staging, compared });
        Ok(JobResult::Checked(report))
    };
    progress::start(host, JobKind::Check, &name, work)
}

/// Starts the import of a file, from its check where there was one.
pub fn import(
    host: &Rc<Host>,
    backend: Rc<Backend>,
    source: Option<Rc<Source>>,
    spec: Spec,
    checked: Option<JobId>,
) -> Result<JobId, Error> {
    let staged = host.checked.take(checked, &spec);
    if staged.is_none() && source.is_none() {
        return Err(Error::NoSuchSource);
    }
    let name = source
        .as_ref()
        .map(|source| source.name.clone())
        .unwrap_or_default();
    let file = name.clone();
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        let staged = match (staged, source) {
            (Some(staged), _) => staged,
            (None, Some(source)) => Staged {
                staging: stage(job, &backend, &source, spec).await?,
                compared: None,
            },
            (None, None) => return Err(Error::NoSuchSource),
        };
        save(job, &backend, staged, &file).await
    };
    Ok(progress::start(host, JobKind::Import, &name, work))
}

/// Reads and parses a whole file.
async fn stage(job: &Running, backend: &Backend, source: &Source, spec: Spec) -> Result<Staging, Error> {
    match read_all(job, backend, source, spec.clone()).await? {
        Ok(staging) => Ok(staging),
        Err(not_utf8) => {
            let sample = source.read(0, SAMPLE as u64).await?;
            let whole = source.bytes() <= SAMPLE as u64;
            if sniff(&sample, whole).format.encoding != spec.format.encoding {
                // The person chose UTF-8 against what was detected, and the line does not bear it out.
                return Err(Error::NotUtf8(not_utf8));
            }
            // The first part looked like UTF-8 and a later one is not: the file is read again.
            let format = Format {
                encoding: Encoding::Windows1252,
                ..spec.format.clone()
            };
            read_all(job, backend, source, Spec { format, ..spec })
                .await?
                .map_err(Error::NotUtf8)
        }
    }
}

async fn read_all(
    job: &Running,
    backend: &Backend,
    source: &Source,
    spec: Spec,
) -> Result<Result<Staging, NotUtf8>, Error> {
    let columns = spec
        .mapping
        .columns
        .iter()
        .map(|map| map.column.clone())
        .collect();
    let mut reader = Reader::new(&spec.format);
    let mut staging = Staging::new(Plan::new(&backend.workspace(), spec, columns)?);
    let (mut at, size) = (0, source.bytes());
    let phase = "Reading";
    let mut coming = source.ask(0, READ)?;
    while at < size {
        let bytes = coming.bytes().await?;
        if bytes.is_empty() {
            break;
        }
        at += bytes.len() as u64;
        // The next part is read while this one is parsed.
        coming = source.ask(at, at + READ)?;
        for slice in bytes.chunks(SLICE) {
            if let Err(error) = reader.push(slice, &mut |record| staging.record(record)) {
                return Ok(Err(error));
            }
            staging.step();
            let permille = (at * 900 / size.max(1)) as u16;
            job.pause(Progress {
                phase,
                permille,
                rows: staging.read,
            })
            .await?;
        }
    }
    if let Err(error) = reader.finish(&mut |record| staging.record(record)) {
        return Ok(Err(error));
    }
    staging.finish();
    while staging.step() {
        job.pause(Progress {
            phase,
            permille: 900,
            rows: staging.read,
        })
        .await?;
    }
    Ok(Ok(staging))
}

/// Compares the staged rows with the contacts there are; the caller holds the write lock.
async fn compare(job: &Running, backend: &Backend, staging: &Staging) -> Result<Matching, Error> {
    let mut matching = Matching::new(staging, &backend.workspace());
    while matching.step(staging, COMPARED) {
        let share = u64::from(matching.done()) * 50 / staging.read.max(1);
        let progress = Progress {
            phase: "Comparing",
            permille: 900 + share as u16,
            rows: u64::from(matching.done()),
        };
        job.pause(progress).await?;
    }
    Ok(matching)
}

/// Compares, stores and applies: the only part in which other writers wait.
async fn save(job: &Running, backend: &Backend, staged: Staged, file: &str) -> Result<JobResult, Error> {
    let host = job.host();
    let _turn = host.writes.lock().await;
    host.ensure_open()?;
    let Staged { staging, compared } = staged;
    let now = backend.workspace().version();
    let matching = match compared {
        Some((matching, version)) if version == now => matching,
        _ => compare(job, backend, &staging).await?,
    };
    let rows = staging.read;
    let saving = |permille: u16| Progress {
        phase: "Saving",
        permille,
        rows,
    };
    let mut building = Building::new(&staging, &matching, &backend.workspace());
    while building.step(&staging, &matching) {
        job.pause(saving(950)).await?;
    }
    let at = schedule::wall_clock();
    let prepared = building.finish(at, file, &staging, &matching, &mut backend.workspace_mut());
    drop((staging, matching));
    let written = write_pages(job, backend, &prepared, saving).await;
    let committed = match written.and_then(|()| job.begin_commit()) {
        Ok(()) => {
            job.tell(saving(999));
            let change = prepared.set.id;
            backend
                .commit_written(prepared)
                .await
                .map(|version| (change, version))
        }
        Err(error) => Err(forget_pages(backend, &prepared, error).await),
    };
    let (change, _) = committed?;
    if let Err(error) = backend.react(schedule::wall_clock()).await {
        web_sys::console::error_1(&error.to_string().into());
    }
    let version = backend.workspace().version();
    host.ports.tell_all(&FromWorker::Changed { version });
    let entry = backend.workspace().import(change);
    entry.map(JobResult::Imported).ok_or(Error::NoSuchJob)
}

/// Writes the pages of a change set, which nobody sees until it is committed.
async fn write_pages(
    job: &Running,
    backend: &Backend,
    prepared: &engine::Prepared,
    progress: impl Fn(u16) -> Progress<'static>,
) -> Result<(), Error> {
    let (mut batch, mut bytes, mut done) = (Vec::new(), 0, 0);
    for page in &prepared.pages {
        bytes += page.1.bytes().len();
        batch.push(stored(page));
        done += 1;
        if bytes >= WRITTEN || done == prepared.pages.len() {
            backend.store.write_pages(std::mem::take(&mut batch)).await?;
            bytes = 0;
            job.pause(progress(960 + (done * 30 / prepared.pages.len()) as u16))
                .await?;
        }
    }
    Ok(())
}

/// Deletes the pages of a change set that will not be committed; what can't be deleted now is swept at the next start.
async fn forget_pages(backend: &Backend, prepared: &engine::Prepared, error: Error) -> Error {
    let ids: Vec<store::PageId> = prepared.pages.iter().map(|(id, _)| store::PageId(id.0)).collect();
    backend.store.delete_pages(&ids).await.ok();
    error
}
