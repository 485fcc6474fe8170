//! Simulations and dry runs as jobs: on the real data a batch is a commit, on a copy nothing is stored.

use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::progress::{self, Running};
use crate::schedule;
use engine::Workspace;
use engine::simulation::Simulation;
use litemap::LiteMap;
use model::JobId;
use model::message::{FromWorker, JobKind, JobResult};
use model::simulation::{SimulateOn, SimulationSpec, Steer};
use std::cell::RefCell;
use std::rc::Rc;

/// Events of a piece of work that fits into a few milliseconds.
const EVENTS: usize = 2_000;
/// So often a simulation that does not run as fast as it can goes on, in milliseconds.
const BEAT: i64 = 100;
const HOUR: i64 = 3_600_000;

/// How each running simulation is steered.
#[derive(Debug, Default)]
pub struct Steering(RefCell<LiteMap<JobId, Pace>>);

/// How a simulation goes on.
#[derive(Clone, Copy, Debug, Default)]
struct Pace {
    paused: bool,
    /// It goes on for one step although it is paused.
    step: bool,
    /// Virtual milliseconds for each second; 0 is as fast as it can.
    speed: u64,
}

impl Steering {
    /// Does what a person asks.
    ///
    /// # Errors
    /// When there is no such simulation (any more).
    pub fn steer(&self, job: JobId, steer: Steer) -> Result<(), Error> {
        let mut all = self.0.borrow_mut();
        let pace = all.get_mut(&job).ok_or(Error::NoSuchJob)?;
        match steer {
            Steer::Pause => pace.paused = true,
            Steer::Resume => (pace.paused, pace.step) = (false, false),
            Steer::Step => (pace.paused, pace.step) = (true, true),
            Steer::Speed(speed) => pace.speed = speed,
        }
        Ok(())
    }

    fn pace(&self, job: JobId) -> Pace {
        self.0.borrow().get(&job).copied().unwrap_or_default()
    }

    fn stepped(&self, job: JobId) {
        if let Some(pace) = self.0.borrow_mut().get_mut(&job) {
            pace.step = false;
        }
    }
}

/// Starts a simulation.
///
/// # Errors
/// When what it is told makes no sense, or the workflow of a dry run has faults.
pub fn start(host: &Rc<Host>, backend: Rc<Backend>, spec: SimulationSpec) -> Result<JobId, Error> {
    let now = schedule::wall_clock();
    let name = spec
        .workflow
        .as_ref()
        .map(|dry| dry.name.clone())
        .unwrap_or_default();
    let speed = spec.speed;
    let mut copy = match spec.on {
        SimulateOn::Copy => Some(backend.workspace().copy()),
        SimulateOn::Real => None,
    };
    let simulation = match &mut copy {
        Some(copy) => Simulation::new(copy, spec, now)?,
        None => Simulation::new(&mut backend.workspace_mut(), spec, now)?,
    };
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        let pace = Pace {
            speed,
            ..Pace::default()
        };
        job.host().steering.0.borrow_mut().insert(job.id, pace);
        let result = match copy {
            Some(copy) => on_copy(job, &backend, simulation, copy).await,
            None => on_real(job, &backend, simulation).await,
        };
        job.host().steering.0.borrow_mut().remove(&job.id);
        result
    };
    Ok(progress::start(host, JobKind::Simulation, &name, work))
}

/// Simulates on a copy, which can be looked at afterwards.
async fn on_copy(
    job: &Running,
    backend: &Backend,
    mut simulation: Simulation,
    mut copy: Workspace,
) -> Result<JobResult, Error> {
    while simulation.reached() < simulation.until() {
        let midnight = simulation.next_midnight(&copy);
        let limit = next(job, &simulation, midnight).await?;
        while !simulation.step(limit, EVENTS) {
            job.pause(told(&simulation)).await?;
        }
        let prepared = simulation.close(&mut copy, schedule::wall_clock());
        let first = prepared.first().map(|one| one.set.id);
        prepared.into_iter().for_each(|one| copy.apply(one));
        simulation.applied(&copy, first);
        job.pause(told(&simulation)).await?;
    }
    let report = simulation.report(&copy);
    drop(simulation);
    backend.keep_copy(Some(copy));
    Ok(JobResult::Simulated(Box::new(report)))
}

/// Simulates on the real data: each batch with all that follows from it is one commit.
///
/// Who cancels stops it there; what was simulated stays until it is cleared.
async fn on_real(job: &Running, backend: &Backend, mut simulation: Simulation) -> Result<JobResult, Error> {
    let host = job.host();
    let mut begun = false;
    while simulation.reached() < simulation.until() {
        let midnight = simulation.next_midnight(&backend.workspace());
        let ahead = next(job, &simulation, midnight).await;
        let limit = match ahead {
            Ok(limit) => limit,
            Err(Error::Cancelled) if begun => break,
            Err(error) => return Err(error),
        };
        let _turn = host.writes.lock().await;
        host.ensure_open()?;
        // While it waited for its turn, somebody may have been erased, or the simulation cleared.
        let stopped = job.pause(told(&simulation)).await.is_err();
        if stopped || !simulation.stands(&backend.workspace()) {
            if begun {
                break;
            }
            return Err(Error::Cancelled);
        }
        simulation.freshen(&backend.workspace())?;
        while !simulation.step(limit, EVENTS) {
            // A batch is not cut off in the middle: what it would have done would be lost to the clock.
            job.pause(told(&simulation)).await.ok();
        }
        let prepared = simulation.close(&mut backend.workspace_mut(), schedule::wall_clock());
        let first = prepared.first().map(|one| one.set.id);
        if !prepared.is_empty() {
            let version = backend.commit_all(prepared, None).await?;
            backend.noticed();
            begun = true;
            host.ports.tell_all(&FromWorker::Changed { version });
        }
        simulation.applied(&backend.workspace(), first);
        job.tell(told(&simulation));
    }
    Ok(JobResult::Simulated(Box::new(
        simulation.report(&backend.workspace()),
    )))
}

/// Waits until it may go on, and says up to when: the next midnight at the latest.
async fn next(job: &Running, simulation: &Simulation, midnight: i64) -> Result<i64, Error> {
    loop {
        job.pause(told(simulation)).await?;
        let pace = job.host().steering.pace(job.id);
        if pace.paused && !pace.step {
            schedule::sleep(BEAT as i32).await;
            continue;
        }
        if pace.step {
            job.host().steering.stepped(job.id);
            let hour = simulation.reached() + HOUR;
            return Ok(if pace.speed == 0 {
                midnight
            } else {
                hour.min(midnight)
            });
        }
        if pace.speed == 0 {
            return Ok(midnight);
        }
        schedule::sleep(BEAT as i32).await;
        let ahead = (pace.speed as i64).saturating_mul(BEAT) / 1000;
        return Ok((simulation.reached() + ahead.max(1)).min(midnight));
    }
}

fn told(simulation: &Simulation) -> Progress<'static> {
    let (permille, rows) = simulation.progress();
    Progress {
        phase: "Simulating",
        permille,
        rows,
    }
}
