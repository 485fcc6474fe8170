//! The long pieces of work: how far each is, who wants it stopped, and what became of it.

use crate::error::Error;
use litemap::LiteMap;
use model::JobId;
use model::message::{Job, JobKind, JobState};

/// Progress is told at least ten times a second (design, section 4), and not much more often.
const PUSH_EVERY: u64 = 90;

/// How many ended jobs are remembered, so that a reloaded tab learns what became of its own.
const KEPT: usize = 20;

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What it does now: *Reading*, *Comparing*, *Saving* …
    pub phase: &'a str,
    /// The share done, in thousandths.
    pub permille: u16,
    /// Rows so far.
    pub rows: u64,
}

/// All jobs that run, and the last ones that ended. Times are milliseconds of any one clock.
#[derive(Debug, Default)]
pub struct Jobs {
    /// By number, so in the order they were started.
    jobs: LiteMap<JobId, Entry>,
    started: u32,
}

#[derive(Debug)]
struct Entry {
    job: Job,
    since: u64,
    pushed: u64,
    /// Somebody asked for it to be stopped.
    stop: bool,
}

impl Entry {
    fn running(&self) -> bool {
        matches!(self.job.state, JobState::Running { .. })
    }
}

impl Jobs {
    /// Enters a new job; the result is to be told to every tab, as with every other `Job` given out here.
    pub fn start(&mut self, kind: JobKind, name: impl Into<String>, now: u64) -> Job {
        self.started += 1;
        let id = JobId(self.started);
        let state = JobState::Running {
            phase: String::new(),
            permille: 0,
            rows: 0,
            elapsed: 0,
            can_cancel: true,
        };
        let job = Job {
            id,
            kind,
            name: name.into(),
            state,
        };
        self.jobs.insert(
            id,
            Entry {
                job: job.clone(),
                since: now,
                pushed: now,
                stop: false,
            },
        );
        self.forget_old();
        job
    }

    /// Notes how far a job is; gives the job when it is time to tell.
    pub fn report(&mut self, id: JobId, progress: Progress<'_>, now: u64) -> Option<Job> {
        let entry = self.jobs.get_mut(&id)?;
        let since = entry.since;
        let JobState::Running {
            phase,
            permille,
            rows,
            elapsed,
            ..
        } = &mut entry.job.state
        else {
            return None;
        };
        let new_phase = phase != progress.phase;
        if new_phase {
            *phase = progress.phase.into();
        }
        (*permille, *rows, *elapsed) = (
            progress.permille.min(1000),
            progress.rows,
            now.saturating_sub(since),
        );
        if !new_phase && now.saturating_sub(entry.pushed) < PUSH_EVERY {
            return None;
        }
        entry.pushed = now;
        Some(entry.job.clone())
    }

    /// Marks the point after which a job can't be cancelled.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when somebody asked for it to be stopped before.
    pub fn begin_commit(&mut self, id: JobId) -> Result<Job, Error> {
        let entry = self.jobs.get_mut(&id).ok_or(Error::NoSuchJob)?;
        if entry.stop {
            return Err(Error::Cancelled);
        }
        if let JobState::Running { can_cancel, .. } = &mut entry.job.state {
            *can_cancel = false;
        }
        Ok(entry.job.clone())
    }

    /// Whether a job must stop.
    pub fn must_stop(&self, id: JobId) -> bool {
        self.jobs.get(&id).is_none_or(|entry| entry.stop)
    }

    /// Asks a job to stop; it does at its next pause. Asking again, or when it was cancelled already, is fine.
    ///
    /// # Errors
    /// When there is no such job, or its commit began, or it ended otherwise.
    pub fn cancel(&mut self, id: JobId) -> Result<(), Error> {
        let entry = self.jobs.get_mut(&id).ok_or(Error::NoSuchJob)?;
        match entry.job.state {
            JobState::Running { can_cancel: true, .. } => {
                entry.stop = true;
                Ok(())
            }
            JobState::Cancelled => Ok(()),
            JobState::Running { .. } => Err(Error::TooLateToCancel),
            JobState::Finished(_) | JobState::Failed(_) => Err(Error::NoSuchJob),
        }
    }

    /// Asks every job to stop whose commit hasn't begun.
    pub fn cancel_all(&mut self) {
        for (_, entry) in self.jobs.iter_mut() {
            entry.stop |= matches!(entry.job.state, JobState::Running { can_cancel: true, .. });
        }
    }

    /// Asks every backup to stop: what it reads is about to change.
    pub fn cancel_backups(&mut self) {
        for (_, entry) in self.jobs.iter_mut() {
            entry.stop |= entry.job.kind == JobKind::Backup && entry.running();
        }
    }

    /// Forgets what checks found: it holds values of their files.
    pub fn forget_checked(&mut self) {
        self.jobs.retain(|_, entry| {
            !matches!(
                entry.job.state,
                JobState::Finished(model::message::JobResult::Checked(_))
            )
        });
    }

    /// Notes what became of a job.
    pub fn end(&mut self, id: JobId, state: JobState) -> Option<Job> {
        let entry = self.jobs.get_mut(&id)?;
        entry.job.state = state;
        let job = entry.job.clone();
        self.forget_old();
        Some(job)
    }

    /// A job that runs, or one of the last that ended.
    pub fn get(&self, id: JobId) -> Option<&Job> {
        self.jobs.get(&id).map(|entry| &entry.job)
    }

    /// The jobs that run and the last ones that ended, oldest first.
    pub fn list(&self) -> Vec<Job> {
        self.jobs.values().map(|entry| entry.job.clone()).collect()
    }

    fn forget_old(&mut self) {
        let ended = self.jobs.values().filter(|entry| !entry.running()).count();
        let mut surplus = ended.saturating_sub(KEPT);
        self.jobs.retain(|_, entry| {
            let forget = surplus > 0 && !entry.running();
            surplus -= usize::from(forget);
            !forget
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::message::JobResult;

    const READING: Progress<'_> = Progress {
        phase: "Reading",
        permille: 10,
        rows: 100,
    };

    fn started(jobs: &mut Jobs) -> JobId {
        jobs.start(JobKind::Import, "shop.csv", 1000).id
    }

    #[test]
    fn progress_is_told_at_a_new_phase_and_then_ten_times_a_second() {
        let mut jobs = Jobs::default();
        let id = started(&mut jobs);
        let told: Vec<u64> = (1000..1300)
            .step_by(8)
            .filter(|now| jobs.report(id, READING, *now).is_some())
            .collect();
        assert_eq!(told, [1000, 1096, 1192, 1288]);
        let saving = Progress {
            phase: "Saving",
            permille: 2000,
            rows: 100,
        };
        let job = jobs.report(id, saving, 1300).unwrap();
        assert_eq!(
            job.state,
            JobState::Running {
                phase: "Saving".into(),
                permille: 1000,
                rows: 100,
                elapsed: 300,
                can_cancel: true
            }
        );
    }

    #[test]
    fn a_job_can_be_cancelled_until_its_commit_begins() {
        let mut jobs = Jobs::default();
        let (early, late) = (started(&mut jobs), started(&mut jobs));
        assert!(!jobs.must_stop(early));
        jobs.cancel(early).unwrap();
        assert!(jobs.must_stop(early));
        assert_eq!(jobs.begin_commit(early), Err(Error::Cancelled));
        let committing = jobs.begin_commit(late).unwrap();
        assert!(matches!(
            committing.state,
            JobState::Running {
                can_cancel: false,
                ..
            }
        ));
        assert_eq!(jobs.cancel(late), Err(Error::TooLateToCancel));
        jobs.cancel_all();
        assert!(!jobs.must_stop(late));
    }

    #[test]
    fn an_ended_job_is_remembered_and_cannot_be_cancelled() {
        let mut jobs = Jobs::default();
        let id = started(&mut jobs);
        jobs.end(id, JobState::Finished(JobResult::Exported(4)));
        assert_eq!(jobs.list().len(), 1);
        assert_eq!(jobs.cancel(id), Err(Error::NoSuchJob));
        assert_eq!(jobs.report(id, READING, 5000), None);
        jobs.end(id, JobState::Cancelled);
        assert_eq!(jobs.cancel(id), Ok(()));
    }

    #[test]
    fn the_oldest_ended_jobs_are_forgotten_but_none_that_runs() {
        let mut jobs = Jobs::default();
        let running = started(&mut jobs);
        for _ in 0..30 {
            let id = started(&mut jobs);
            jobs.end(id, JobState::Cancelled);
        }
        let list = jobs.list();
        assert_eq!(list.len(), KEPT + 1);
        assert_eq!(list[0].id, running);
        assert_eq!(list[1].id, JobId(12));
    }
}
