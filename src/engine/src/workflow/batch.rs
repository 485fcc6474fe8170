//! Closing a batch: what the machine changed, as change sets that are stored in one transaction.

use super::groups::Made;
use super::machine::Machine;
use super::program::StepKind;
use super::state::RunDelta;
use crate::bits::Bits;
use crate::edit::grouped;
use crate::events::{EventBatch, Handed, stored_batch};
use crate::journal::{Cause, ChangeSet, Effect, PageId, SimulationCause, WorkflowCause};
use crate::page::Page;
use crate::workspace::{Prepared, Workspace};
use model::simulation::SimulationSpec;
use model::workflow::WorkflowState;
use model::workflow::node::Source;
use model::{ChangeId, WorkflowId};
use std::rc::Rc;

/// What a batch belongs to.
#[derive(Clone, Debug)]
pub enum Base {
    /// A simulation: its first change set (none: this is it), up to when it has come, and what it was told.
    Simulation {
        /// The first change set.
        run: Option<ChangeId>,
        /// Up to when it has come, in milliseconds since 1970.
        until: i64,
        /// With the first one: what it was told.
        spec: Option<Box<SimulationSpec>>,
    },
    /// Something with a cause of its own, and what it is in words: an event fired by hand, imported events.
    Cause(Box<Cause>, String),
    /// What follows from change sets up to this one, or from the clock.
    Reaction(ChangeId),
}

impl Machine {
    /// Everything that changed since the last batch, as change sets; none where nothing did.
    pub fn close(&mut self, workspace: &mut Workspace, at: i64, base: Base) -> Vec<Prepared> {
        let mut pages = Vec::new();
        let mut effects = Vec::new();
        let simulated = matches!(base, Base::Simulation { .. });
        let happened = std::mem::take(&mut self.happened);
        if let Some(mut batch) = self.close_log(simulated) {
            let settled = self.settled.clone();
            batch.handed = Handed::new(settled.clone(), std::mem::replace(&mut self.log, settled));
            let (batch, more) = stored_batch(workspace, batch);
            pages.extend(more);
            effects.push(Effect::Events(Box::new(batch)));
        }
        let ran = self.runs(workspace, &mut pages, &mut effects);
        let next = workspace.journal().next_id();
        let run = match &base {
            Base::Simulation { run, .. } => Some(run.unwrap_or(next)),
            // An undo of these takes back what followed from them.
            Base::Cause(..) => Some(next),
            Base::Reaction(_) => None,
        };
        let mut made = self.groups.take(workspace, run);
        match base {
            Base::Simulation { until, spec, .. } => {
                let first = spec.is_some();
                if made.is_empty() && effects.is_empty() && !first {
                    return Vec::new();
                }
                let cause = SimulationCause {
                    run: run.unwrap_or(next),
                    until,
                    spec: spec.map(|spec| *spec),
                };
                let what = match happened {
                    1 => "Simulation: 1 event".to_owned(),
                    count => format!("Simulation: {} events", grouped(count)),
                };
                made.insert(
                    0,
                    Made {
                        cause: Cause::Simulation(Box::new(cause)),
                        what,
                        effects,
                        pages,
                    },
                );
            }
            Base::Cause(cause, what) => made.insert(
                0,
                Made {
                    cause: *cause,
                    what,
                    effects,
                    pages,
                },
            ),
            Base::Reaction(change) => {
                if made.is_empty() && effects.is_empty() {
                    return Vec::new();
                }
                effects.push(Effect::Reacted(change));
                // The books stand apart from what the nodes did, which a person may undo.
                made.insert(0, moved(self, ran, effects, pages));
            }
        }
        let at = at.max(workspace.journal().last_at());
        let numbered = made.into_iter().enumerate().map(|(place, made)| Prepared {
            set: ChangeSet {
                id: ChangeId(next.0 + place as u64),
                at,
                cause: made.cause,
                what: made.what,
                effects: made.effects,
            },
            pages: made.pages,
            files: Vec::new(),
        });
        numbered.collect()
    }

    /// The events since the last batch; none where there are none.
    fn close_log(&mut self, simulated: bool) -> Option<EventBatch> {
        let any = self.log.rows() > self.settled.rows();
        any.then(|| Rc::make_mut(&mut self.log).close(simulated))?
    }

    /// What changed in the state of each workflow; gives the place of the last one that changed.
    fn runs(
        &mut self,
        workspace: &mut Workspace,
        pages: &mut Vec<(PageId, Rc<Page>)>,
        effects: &mut Vec<Effect>,
    ) -> Option<usize> {
        effects.extend(self.take_others().map(|delta| Effect::Run(Box::new(delta))));
        let mut ran = None;
        for (at, live) in self.lives.iter_mut().enumerate() {
            let mut nodes = Vec::new();
            for (delta, unique) in live.deltas.iter_mut().zip(&mut live.unique) {
                delta.unique.0 |= unique.take();
                let fresh = super::state::NodeDelta::of(delta.node);
                if *delta != fresh {
                    nodes.push(std::mem::replace(delta, fresh));
                }
            }
            let (waits, over) = live.waits.take();
            let began = Bits(std::mem::take(&mut live.began_now));
            let passed_over = Bits(std::mem::take(&mut live.passed_over));
            let changed = !nodes.is_empty()
                || !waits.is_empty()
                || !over.is_empty()
                || !began.is_empty()
                || !passed_over.is_empty();
            let id = WorkflowId(live.program.id);
            if changed {
                ran = Some(at);
                effects.push(Effect::Run(Box::new(RunDelta {
                    workflow: live.program.id,
                    existing: None,
                    active: None,
                    began,
                    passed_over,
                    nodes,
                    waits,
                    over,
                    last: live.last,
                    steps: live.steps.take(workspace, pages),
                })));
            }
            let done = live.is_done().then_some(WorkflowState::Finalized);
            let paused = live.paused.clone().map(WorkflowState::Paused);
            if let Some(state) = paused.or(done)
                && let Some(def) = workspace.workflow(id)
                && def.state != state
            {
                let mut def = def.clone();
                def.state = state;
                effects.push(Effect::Workflow(id, Some(Box::new(def))));
            }
        }
        for (id, why) in std::mem::take(&mut self.broken) {
            if let Some(def) = workspace.workflow(id) {
                let mut def = def.clone();
                def.state = WorkflowState::Paused(why);
                effects.push(Effect::Workflow(id, Some(Box::new(def))));
            }
        }
        ran
    }
}

impl super::machine::Live {
    /// Whether a workflow that acts on existing contacts only has come to its end.
    fn is_done(&self) -> bool {
        let acts_once =
            self.program.start.source == Source::Existing && self.program.actions().next().is_some();
        let waits_for_more = self
            .program
            .steps
            .iter()
            .any(|step| matches!(step.kind, StepKind::Trigger(_)));
        acts_once
            && !waits_for_more
            && self.waits.is_empty()
            && (&*self.existing & &self.audience).is_subset(&self.began)
    }
}

/// The change set of a batch in which contacts only moved on.
fn moved(
    machine: &Machine,
    ran: Option<usize>,
    effects: Vec<Effect>,
    pages: Vec<(PageId, Rc<Page>)>,
) -> Made {
    let live = ran.and_then(|at| machine.lives.get(at));
    let name = live.map_or("carts", |live| live.program.name.as_str());
    let cause = WorkflowCause {
        workflow: WorkflowId(live.map_or(0, |live| live.program.id)),
        name: name.to_owned(),
        version: live.map_or(0, |live| live.program.version),
        node: model::NodeId(0),
        node_name: "Start".to_owned(),
        when: machine.now,
        contacts: Bits::default(),
        whens: crate::journal::Values::default(),
        events: crate::journal::Values::default(),
        run: None,
    };
    Made {
        cause: Cause::Workflow(Box::new(cause)),
        what: format!("Workflow {name}: contacts moved on"),
        effects,
        pages,
    }
}
