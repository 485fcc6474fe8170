//! A running job, as its own work sees it.

use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::schedule::{self, Budget};
use crate::{border, schedule::yield_now};
use model::JobId;
use model::message::{FromWorker, Job, JobKind, JobResult, JobState};
use std::rc::Rc;

/// What the work of a job uses to tell how far it is, to let others in, and to learn that it must stop.
#[derive(Debug)]
pub struct Running {
    host: Rc<Host>,
    /// The job.
    pub id: JobId,
    budget: Budget,
}

impl Running {
    /// To be called between small steps, whatever they cost: tells how far the work is, and lets others in when it
    /// is time to.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the job must stop; nothing may be left behind then.
    pub async fn pause(&self, progress: Progress<'_>) -> Result<(), Error> {
        if self.budget.spent() {
            self.tell(progress);
            yield_now().await;
            self.budget.reset();
        }
        if self.host.jobs.borrow().must_stop(self.id) {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Tells how far the work is, where it pauses by itself (after the commit began, say).
    pub fn tell(&self, progress: Progress<'_>) {
        let told = self.host.jobs.borrow_mut().report(self.id, progress, elapsed());
        if let Some(job) = told {
            self.host.ports.tell_all(&FromWorker::Job(job));
        }
    }

    /// Marks the point after which the job can't be cancelled: call it right before the commit.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when it was cancelled before.
    pub fn begin_commit(&self) -> Result<(), Error> {
        let job = self.host.jobs.borrow_mut().begin_commit(self.id)?;
        self.host.ports.tell_all(&FromWorker::Job(job));
        Ok(())
    }

    /// The worker that runs it.
    pub fn host(&self) -> &Rc<Host> {
        &self.host
    }
}

/// Starts a job, which goes on by itself, and gives its number.
pub fn start(
    host: &Rc<Host>,
    kind: JobKind,
    name: &str,
    work: impl AsyncFnOnce(&Running) -> Result<JobResult, Error> + 'static,
) -> JobId {
    let job = host.jobs.borrow_mut().start(kind, name, elapsed());
    let running = Running {
        host: host.clone(),
        id: job.id,
        budget: Budget::new(),
    };
    let id = job.id;
    host.ports.tell_all(&FromWorker::Job(job));
    wasm_bindgen_futures::spawn_local(async move {
        // The answer with the job's number goes out first.
        yield_now().await;
        let result = work(&running).await;
        let ended = end(&running, result);
        if let Some(job) = ended {
            running.host.ports.tell_all(&FromWorker::Job(job));
        }
    });
    id
}

fn end(running: &Running, result: Result<JobResult, Error>) -> Option<Job> {
    let state = match result {
        Ok(result) => JobState::Finished(result),
        Err(Error::Cancelled) => JobState::Cancelled,
        Err(error) => JobState::Failed(border::problem(error)),
    };
    running.host.jobs.borrow_mut().end(running.id, state)
}

fn elapsed() -> u64 {
    // Milliseconds since the worker began, which fit.
    schedule::now() as u64
}
