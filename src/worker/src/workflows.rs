//! Active workflows at work on the real data: they answer what was changed, and go on when the clock says so.

use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::parts;
use crate::records;
use crate::schedule::{self, Budget};
use engine::workflow::Reaction;
use engine::{Prepared, Refused};
use model::message::FromWorker;
use model::workflow::StateChange;
use model::{ChangeId, WorkflowId};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use store::{IndexedStore, Store};

/// Where it rests how far workflows have come.
pub const CLOCK: &str = "clock";

/// The clock is looked at so often at least, since it may have been set.
const LOOK: i64 = 30_000;

/// Contacts of a piece of work that fits into a few milliseconds.
const CONTACTS: usize = 1_000;

/// How far workflows have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Come {
    /// They have taken notice of every change set up to this one.
    pub reacted: ChangeId,
    /// The wall clock was last looked at then, in milliseconds since 1970.
    pub woken: i64,
}

impl Come {
    /// Reads how far they had come; where nothing is known, up to what the journal says. When the record is damaged,
    /// `damage` tells so.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn read(
        store: &IndexedStore,
        known: Option<ChangeId>,
        now: i64,
        damage: &mut Vec<String>,
    ) -> Result<Come, Error> {
        let lost = "active workflows may answer once more what they have answered";
        let bytes = records::small(store, CLOCK, lost, damage).await?;
        let read: Option<Come> = bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok());
        let known = known.unwrap_or(ChangeId(0));
        Ok(match read {
            Some(come) => Come {
                reacted: come.reacted.max(known),
                // Days that were looked at are not looked at again, although the clock was set back.
                woken: come.woken,
            },
            None => Come {
                reacted: known,
                woken: now,
            },
        })
    }

    /// Its record.
    ///
    /// # Errors
    /// When it can't be written as bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|error| Error::Browser(error.to_string()))
    }
}

impl Backend {
    /// Lets active workflows answer what was changed, and what is due; the caller holds the write lock.
    ///
    /// # Errors
    /// When that can't be stored: it is tried again with the next change.
    pub async fn react(&self, now: i64) -> Result<(), Error> {
        if self.concerns_workflows(now) {
            return parts::go_on(self, now).await?.await;
        }
        let here = self.here(now);
        self.set_come(here);
        Ok(())
    }

    /// Whether there is anything for workflows to do; where there is none, their code is not even fetched.
    fn concerns_workflows(&self, now: i64) -> bool {
        let workspace = self.workspace();
        let due = workspace.next_due(self.come().woken);
        workspace.reacts() || due.is_some_and(|due| due <= now)
    }

    /// How far workflows have come when they have taken notice of everything.
    fn here(&self, now: i64) -> Come {
        let last = self.workspace().journal().next_id().0.saturating_sub(1);
        Come {
            reacted: ChangeId(last),
            woken: now.max(self.come().woken),
        }
    }

    /// What [`Backend::react`] does where there is something to do.
    ///
    /// # Errors
    /// As there.
    pub async fn go_on(&self, now: i64) -> Result<(), Error> {
        // What was changed before a schedule is due concerns the others, and is not passed over.
        self.answer(now).await?;
        if self.start_scheduled(now).await? {
            self.answer(now).await?;
        }
        Ok(())
    }

    async fn answer(&self, now: i64) -> Result<(), Error> {
        let (come, here) = (self.come(), self.here(now));
        let due = self.workspace().next_due(come.woken);
        if here.reacted <= come.reacted && due.is_none_or(|due| due > now) {
            self.set_come(here);
            return Ok(());
        }
        let prepared = self.prepare_answer(come, now).await?;
        let after = Come {
            reacted: ChangeId(here.reacted.0 + prepared.len() as u64),
            ..here
        };
        if prepared.is_empty() {
            if self.workspace().reacts() {
                self.store.put_meta(CLOCK, after.bytes()?).await?;
            }
        } else {
            let meta = (CLOCK.to_owned(), after.bytes()?);
            self.commit_all(prepared, Some(meta)).await?;
        }
        self.set_come(after);
        Ok(())
    }

    /// Works out what workflows do, some contacts at a time: whoever only reads is not kept waiting.
    async fn prepare_answer(&self, come: Come, now: i64) -> Result<Vec<Prepared>, Error> {
        let reaction = Reaction::new(&self.workspace(), come.reacted, come.woken, now)?;
        let Some(mut reaction) = reaction else {
            return Ok(Vec::new());
        };
        let budget = Budget::new();
        while !reaction.step(&self.workspace(), CONTACTS) {
            budget.pause().await;
        }
        Ok(reaction.finish(&mut self.workspace_mut()))
    }

    /// Scheduled workflows whose time has come become active; one that has faults meanwhile is a draft again. Says whether
    /// there were any.
    async fn start_scheduled(&self, now: i64) -> Result<bool, Error> {
        let mut any = false;
        loop {
            let due = self.workspace().due_workflow(now);
            let Some((id, _)) = due else { return Ok(any) };
            any = true;
            match start(self, now, id)? {
                Some(prepared) => self.commit(prepared).await?,
                None => return Ok(any),
            };
        }
    }
}

/// Begins a workflow whose time has come; one that has faults meanwhile is a draft again.
///
/// # Errors
/// When neither is possible.
fn start(backend: &Backend, now: i64, id: WorkflowId) -> Result<Option<Prepared>, Error> {
    let activated = backend
        .workspace()
        .change_workflow(now, id, StateChange::Activate);
    Ok(match activated {
        Ok((_, prepared)) => prepared,
        Err(Refused::Faulty(..)) => {
            let (_, prepared) = backend
                .workspace()
                .change_workflow(now, id, StateChange::Unschedule)?;
            prepared
        }
        Err(other) => return Err(other.into()),
    })
}

/// Wakes workflows when something is due, as long as the worker lives.
pub async fn keep_time(host: Rc<Host>) {
    let mut known = (0, None);
    while host.ensure_open().is_ok() {
        let now = schedule::wall_clock();
        let Ok(backend) = host.backend() else { return };
        // The next moment is worked out once for each state of the data: waiting costs nothing.
        let version = backend.workspace().version();
        if known.0 != version {
            known = (version, backend.workspace().next_due(backend.come().woken));
        }
        match known.1 {
            Some(due) if due <= now => {
                known.0 = 0;
                if !wake(&host, &backend, now).await {
                    // A full disk, say: not at once again.
                    schedule::sleep(LOOK as i32).await;
                }
            }
            due => {
                let rest = due.map_or(LOOK, |due| (due - now).clamp(20, LOOK));
                // New changes are noticed soon, so that a short wait of theirs is not slept through.
                schedule::sleep(rest.min(1_000) as i32).await;
            }
        }
    }
}

/// Lets workflows do what is due; says whether that worked.
pub async fn wake(host: &Rc<Host>, backend: &Backend, now: i64) -> bool {
    let _turn = host.writes.lock().await;
    if host.ensure_open().is_err() {
        return true;
    }
    let before = backend.workspace().version();
    let done = backend.react(now).await;
    let version = backend.workspace().version();
    if version != before {
        host.ports.tell_all(&FromWorker::Changed { version });
    }
    match done {
        Ok(()) => true,
        Err(error) => {
            web_sys::console::error_1(&error.to_string().into());
            false
        }
    }
}
