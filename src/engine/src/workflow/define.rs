//! What a person does to workflows: making, saving, and changing their states.

use super::check::faults;
use super::program::{Program, StepKind};
use super::state::{Clock, Flow, NodeDelta, RunDelta, Waiting};
use super::waits::{Lasts, lasts};
use crate::bits::Bits;
use crate::define::clean_name;
use crate::edit::{Act, nothing};
use crate::journal::Effect;
use crate::refused::Refused;
use crate::workspace::Workspace;
use model::WorkflowId;
use model::workflow::{Graph, NodeKind, StateChange, WorkflowDef, WorkflowState};

impl Workspace {
    /// The number the next workflow gets.
    fn next_workflow(&self) -> WorkflowId {
        WorkflowId(self.workflows.last().map_or(1, |(id, _)| id.0 + 1))
    }

    fn free_workflow_name(&self, name: &str, own: Option<WorkflowId>) -> Result<String, Refused> {
        let name = clean_name(name)?;
        let folded = name.to_lowercase();
        let taken = |def: &&WorkflowDef| Some(def.id) != own && def.name.to_lowercase() == folded;
        match self.workflows().find(taken) {
            Some(other) => Err(Refused::NameTaken(other.name.clone())),
            None => Ok(name),
        }
    }

    /// A name like this one that no workflow has yet.
    pub(super) fn some_workflow_name(&self, name: &str) -> String {
        let taken = |name: &str| self.free_workflow_name(name, None).is_err();
        let numbered = (2..).map(|number| format!("{name} {number}"));
        std::iter::once(name.to_owned())
            .chain(numbered)
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// Prepares a new workflow, as a draft.
    ///
    /// # Errors
    /// [`Refused`] where the name is none or taken.
    pub fn create_workflow(
        &self,
        at: i64,
        name: &str,
        description: &str,
        graph: &Graph,
    ) -> Result<(WorkflowId, Act), Refused> {
        let id = self.next_workflow();
        let def = WorkflowDef {
            id,
            name: self.free_workflow_name(name, None)?,
            description: description.trim().to_owned(),
            state: WorkflowState::Draft,
            version: 1,
            graph: graph.clone(),
        };
        let what = format!("Created workflow {}", def.name);
        Ok((id, self.defined(at, what, def, Vec::new())))
    }

    fn defined(&self, at: i64, what: String, def: WorkflowDef, more: Vec<Effect>) -> Act {
        let mut effects = vec![Effect::Workflow(def.id, Some(Box::new(def)))];
        effects.extend(more);
        let (mut done, prepared) = self.act(at, what, effects, Vec::new(), (0, 0));
        // That a workflow ran is not undone, so nothing offers it.
        if prepared.as_ref().is_some_and(|one| one.set.is_for_good()) {
            done.change = None;
        }
        (done, prepared)
    }

    fn known_workflow(&self, id: WorkflowId) -> Result<&WorkflowDef, Refused> {
        self.workflow(id).ok_or(Refused::NoSuchWorkflow)
    }

    /// Prepares a draft like another workflow.
    ///
    /// # Errors
    /// [`Refused::NoSuchWorkflow`].
    pub fn duplicate_workflow(&self, at: i64, id: WorkflowId) -> Result<(WorkflowId, Act), Refused> {
        let def = self.known_workflow(id)?;
        let name = self.some_workflow_name(&format!("{} copy", def.name));
        self.create_workflow(at, &name, &def.description, &def.graph)
    }

    /// Prepares the deletion of a workflow.
    ///
    /// # Errors
    /// [`Refused::NoSuchWorkflow`].
    pub fn delete_workflow(&self, at: i64, id: WorkflowId) -> Result<Act, Refused> {
        let def = self.known_workflow(id)?;
        let what = format!("Deleted workflow {}", def.name);
        Ok(self.act(at, what, vec![Effect::Workflow(id, None)], Vec::new(), (0, 0)))
    }

    /// Prepares a workflow's new name, description and graph. One that runs gets a new version, in which those inside go
    /// on if they move.
    ///
    /// # Errors
    /// [`Refused`] where the name is none or taken, the workflow is finalized, or, while it runs, its nodes or
    /// connections would change or it would have faults.
    pub fn save_workflow(
        &self,
        at: i64,
        id: WorkflowId,
        name: &str,
        description: &str,
        graph: &Graph,
        move_inside: bool,
    ) -> Result<Act, Refused> {
        let old = self.known_workflow(id)?;
        let mut new = WorkflowDef {
            name: self.free_workflow_name(name, Some(id))?,
            description: description.trim().to_owned(),
            graph: graph.clone(),
            ..old.clone()
        };
        if new == *old {
            return Ok(nothing("Nothing changed", 0));
        }
        let what = format!("Saved workflow {}", new.name);
        let mut effects = Vec::new();
        match &old.state {
            WorkflowState::Draft => {}
            WorkflowState::Finalized => {
                return Err(Refused::WrongState(old.name.clone(), "be changed", "finalized"));
            }
            WorkflowState::Active | WorkflowState::Paused(_) | WorkflowState::Scheduled(_) => {
                if !same_shape(&old.graph, graph) {
                    return Err(Refused::GraphFixed);
                }
                self.refuse_faulty(graph)?;
                if !same_settings(&old.graph, graph) {
                    // A number that an undone save had is not given again.
                    let versions = self.workflow_versions.keys().filter(|(one, _)| *one == id);
                    new.version = versions.map(|(_, version)| *version).max().unwrap_or(old.version) + 1;
                    if move_inside {
                        effects.extend(self.moved(at, &new)?);
                    }
                }
            }
        }
        Ok(self.defined(at, what, new, effects))
    }

    fn refuse_faulty(&self, graph: &Graph) -> Result<(), Refused> {
        let faults = faults(self, graph);
        let blocking: Vec<_> = faults.iter().filter(|fault| fault.blocks).collect();
        match blocking.first() {
            Some(first) => Err(Refused::Faulty(blocking.len() as u32, first.what.clone())),
            None => Ok(()),
        }
    }

    /// Everybody who waits goes on in a new version: each wait is reckoned anew from its entry; what is past is now.
    fn moved(&self, at: i64, def: &WorkflowDef) -> Result<Option<Effect>, Refused> {
        let Some(flow) = self.flows.get(def.id) else {
            return Ok(None);
        };
        let program = Program::new(self, def)?;
        let mut delta = RunDelta::of(def.id);
        for wait in in_order(flow) {
            let place = program.place(wait.node);
            let Some(StepKind::Wait(step)) =
                place.and_then(|at| program.steps.get(at)).map(|step| &step.kind)
            else {
                continue;
            };
            let value = |field| self.values_of(field).cell(wait.contact);
            // On the clock of simulations nothing is past before that clock says so.
            let now = match wait.clock {
                Clock::Wall => at,
                Clock::Simulated => wait.entered,
            };
            let due = match lasts(&step.until, wait.entered, &self.zone, &value) {
                Lasts::Until(due) => due.max(now),
                Lasts::Ends => now,
            };
            let mut moved = wait.clone();
            (moved.due, moved.version) = (due, def.version);
            delta.waits.push(&moved);
        }
        Ok((!delta.waits.is_empty()).then(|| Effect::Run(Box::new(delta))))
    }

    /// Prepares a change of a workflow's state.
    ///
    /// # Errors
    /// [`Refused`] where the state does not allow it, or faults keep the workflow from being activated.
    pub fn change_workflow(&self, at: i64, id: WorkflowId, change: StateChange) -> Result<Act, Refused> {
        let old = self.known_workflow(id)?;
        let wrong = |what| Err(Refused::WrongState(old.name.clone(), what, old.state.label()));
        let mut effects = Vec::new();
        let (state, what) = match (change, &old.state) {
            (StateChange::Activate, WorkflowState::Draft | WorkflowState::Scheduled(_)) => {
                self.refuse_faulty(&old.graph)?;
                let program = Program::new(self, old)?;
                let delta = RunDelta {
                    existing: Some(Bits(self.audience(&program.start))),
                    active: Some(at),
                    last: at,
                    ..RunDelta::of(id)
                };
                effects.push(Effect::Run(Box::new(delta)));
                (WorkflowState::Active, "Activated")
            }
            (StateChange::Activate, _) => return wrong("be activated"),
            (StateChange::Schedule(when), WorkflowState::Draft | WorkflowState::Scheduled(_)) => {
                self.refuse_faulty(&old.graph)?;
                (WorkflowState::Scheduled(when), "Scheduled")
            }
            (StateChange::Schedule(_), _) => return wrong("be scheduled"),
            (StateChange::Unschedule, WorkflowState::Scheduled(_)) => (WorkflowState::Draft, "Unscheduled"),
            (StateChange::Unschedule, _) => return wrong("be unscheduled"),
            (StateChange::Pause, WorkflowState::Active) => (WorkflowState::Paused(String::new()), "Paused"),
            (StateChange::Pause, _) => return wrong("be paused"),
            (StateChange::Resume, WorkflowState::Paused(_)) => {
                self.refuse_faulty(&old.graph)?;
                effects.push(self.late_waits(at, id));
                (WorkflowState::Active, "Resumed")
            }
            (StateChange::Resume, _) => return wrong("be resumed"),
            (StateChange::Finalize, WorkflowState::Active | WorkflowState::Paused(_)) => {
                effects.extend(self.ended(at, old));
                (WorkflowState::Finalized, "Finalized")
            }
            (StateChange::Finalize, _) => return wrong("be finalized"),
        };
        let what = format!("{what} workflow {}", old.name);
        let new = WorkflowDef { state, ..old.clone() };
        Ok(self.defined(at, what, new, effects))
    }

    /// Waits that were due during a pause run at the time of resuming.
    fn late_waits(&self, at: i64, id: WorkflowId) -> Effect {
        let mut delta = RunDelta {
            active: Some(at),
            ..RunDelta::of(id)
        };
        let waits = self.flows.get(id).map(in_order).unwrap_or_default();
        let late = waits.into_iter().filter_map(|wait| late(wait, at));
        late.for_each(|wait| delta.waits.push(&wait));
        Effect::Run(Box::new(delta))
    }

    /// All passes of a workflow end; memberships last for as long as they were promised, and those that were due during a
    /// pause end now.
    fn ended(&self, at: i64, def: &WorkflowDef) -> Option<Effect> {
        let flow = self.flows.get(def.id)?;
        let paused = matches!(def.state, WorkflowState::Paused(_));
        let mut delta = RunDelta {
            last: at,
            ..RunDelta::of(def.id)
        };
        for wait in in_order(flow) {
            if wait.segment().is_some() {
                let late = late(wait, at).filter(|_| paused);
                late.iter().for_each(|wait| delta.waits.push(wait));
                continue;
            }
            delta.over.push(wait.id);
            let inside = def.graph.node(wait.node);
            if inside.is_some_and(|node| matches!(node.kind, NodeKind::Wait(_))) {
                let known = delta.nodes.iter_mut().find(|node| node.node == wait.node);
                match known {
                    Some(node) => node.ended += 1,
                    None => delta.nodes.push(NodeDelta {
                        ended: 1,
                        ..NodeDelta::of(wait.node)
                    }),
                }
            }
        }
        Some(Effect::Run(Box::new(delta)))
    }

    /// The first scheduled workflow that is due, if there is one.
    pub fn due_workflow(&self, now: i64) -> Option<(WorkflowId, i64)> {
        let due = self.workflows().filter_map(|def| match def.state {
            WorkflowState::Scheduled(at) if at <= now => Some((at, def.id)),
            _ => None,
        });
        due.min().map(|(at, id)| (id, at))
    }
}

/// A wait on the wall's clock that was due before a moment, due then.
fn late(wait: &Waiting, at: i64) -> Option<Waiting> {
    let is_late = wait.due < at && wait.clock == Clock::Wall;
    is_late.then(|| Waiting {
        due: at,
        ..wait.clone()
    })
}

/// The waits of a workflow in the order of their numbers.
fn in_order(flow: &Flow) -> Vec<&Waiting> {
    let mut waits: Vec<_> = flow.waits.values().collect();
    waits.sort_unstable_by_key(|wait| wait.id);
    waits
}

/// Whether two graphs have the same nodes and connections, whatever the settings and places.
fn same_shape(one: &Graph, other: &Graph) -> bool {
    let shape = |graph: &Graph| {
        let nodes: Vec<_> = graph
            .nodes
            .iter()
            .map(|node| (node.id, std::mem::discriminant(&node.kind)))
            .collect();
        let mut edges = graph.edges.clone();
        edges.sort_unstable();
        (nodes, edges)
    };
    shape(one) == shape(other)
}

fn same_settings(one: &Graph, other: &Graph) -> bool {
    one.nodes
        .iter()
        .zip(&other.nodes)
        .all(|(one, other)| one.kind == other.kind)
}
