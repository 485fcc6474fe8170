//! Imports of events as jobs: read, checked, and imported with or without running workflows at the events' own dates.

use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::progress::{self, Running};
use crate::schedule;
use crate::sources::Source;
use engine::Prepared;
use engine::events::import::EventsImport;
use engine::workflow::replay::Replay;
use model::JobId;
use model::message::{FromWorker, JobKind, JobResult};
use model::simulation::{EventsReport, EventsSpec};
use std::rc::Rc;

/// Bytes that are read from a file at once, and parsed at once.
const READ: u64 = 1 << 20;
const SLICE: usize = 32 << 10;
/// Events of a piece of work that fits into a few milliseconds.
const EVENTS: usize = 1_000;

/// Starts the check (`write` false) or the import of a file of events.
pub fn start(
    host: &Rc<Host>,
    backend: Rc<Backend>,
    source: Rc<Source>,
    spec: EventsSpec,
    write: bool,
) -> JobId {
    let name = source.name.clone();
    let file = name.clone();
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        if !write {
            let import = read(job, &backend, &source, &spec).await?;
            return Ok(JobResult::Events(import.report()));
        }
        let host = job.host();
        // All is made ready ahead, while others may write. It holds for the state that it was made on: if somebody wrote
        // meanwhile, it is made anew, and then nobody else writes.
        let made_on = backend.workspace().version();
        let mut ready = make(job, &backend, &source, &spec, &file).await?;
        let _turn = host.writes.lock().await;
        host.ensure_open()?;
        if backend.workspace().version() != made_on {
            ready = make(job, &backend, &source, &spec, &file).await?;
        }
        let (mut report, prepared) = ready;
        job.begin_commit()?;
        job.tell(told("Saving", 990, report.rows));
        report.change = prepared.first().map(|one| one.set.id);
        let version = backend.commit_all(prepared, None).await?;
        backend.noticed();
        host.ports.tell_all(&FromWorker::Changed { version });
        Ok(JobResult::Events(report))
    };
    progress::start(host, JobKind::Events, &name, work)
}

/// Reads a whole file, and prepares its import with all that follows from it.
async fn make(
    job: &Running,
    backend: &Backend,
    source: &Source,
    spec: &EventsSpec,
    file: &str,
) -> Result<(EventsReport, Vec<Prepared>), Error> {
    let import = read(job, backend, source, spec).await?;
    let at = schedule::wall_clock();
    if !(spec.run_workflows && backend.workspace().has_active()) {
        let prepared = import.prepare(&mut backend.workspace_mut(), at, file);
        return Ok((import.report(), vec![prepared]));
    }
    let mut replay = Replay::new(&mut backend.workspace_mut(), &import, at)?;
    let all = import.events().len().max(1);
    while !replay.step(&import, EVENTS) {
        let permille = 500 + (replay.done() * 450 / all) as u16;
        let told = told("Running workflows", permille, replay.done() as u64);
        job.pause(told).await?;
    }
    let prepared = replay.finish(&mut backend.workspace_mut(), &import, file);
    Ok((import.report(), prepared))
}

fn told(phase: &str, permille: u16, rows: u64) -> Progress<'_> {
    Progress {
        phase,
        permille,
        rows,
    }
}

/// Reads a whole file.
async fn read(
    job: &Running,
    backend: &Backend,
    source: &Source,
    spec: &EventsSpec,
) -> Result<EventsImport, Error> {
    let mut import = EventsImport::new(&backend.workspace(), spec, schedule::wall_clock())?;
    let (mut at, size) = (0, source.bytes());
    while at < size {
        let bytes = source.read(at, at + READ).await?;
        if bytes.is_empty() {
            break;
        }
        at += bytes.len() as u64;
        for slice in bytes.chunks(SLICE) {
            import.push(&backend.workspace(), slice).map_err(Error::NotUtf8)?;
            let permille = (at * 500 / size.max(1)) as u16;
            job.pause(told("Reading", permille, import.report().rows)).await?;
        }
    }
    import.finish(&backend.workspace()).map_err(Error::NotUtf8)?;
    Ok(import)
}
