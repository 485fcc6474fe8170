//! Workflows as lists and pages show them: states, counts, and the way of a contact.

use super::check::faults;
use super::program::Program;
use crate::journal::Effect;
use crate::refused::Refused;
use crate::uses::Used;
use crate::workspace::{Prepared, Workspace};
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME};
use model::workflow::node::Source;
use model::workflow::{Graph, NodeKind, NodeStats, WorkflowDef, WorkflowDetail, WorkflowInfo, WorkflowState};
use model::{ContactId, WorkflowId};

impl Workspace {
    /// Every workflow as the list shows it; `now` is in milliseconds since 1970.
    pub fn workflow_list(&self, now: i64) -> Vec<WorkflowInfo> {
        self.workflows().map(|def| self.workflow_info(def, now)).collect()
    }

    fn workflow_info(&self, def: &WorkflowDef, now: i64) -> WorkflowInfo {
        let stats = self.stats(def);
        let flow = self.flows.get(def.id);
        let blocking = faults(self, &def.graph)
            .iter()
            .filter(|fault| fault.blocks)
            .count();
        WorkflowInfo {
            id: def.id,
            name: def.name.clone(),
            description: def.description.clone(),
            state: def.state.clone(),
            nodes: def.graph.nodes.len() as u32,
            inside: stats.iter().map(|node| node.inside).sum(),
            entered_today: self.entered_today(def, now),
            last_activity: flow.map(|flow| flow.last).filter(|last| *last > 0),
            faults: blocking as u32,
        }
    }

    /// How many passes began on the day of `now`.
    fn entered_today(&self, def: &WorkflowDef, now: i64) -> u64 {
        let today = self.zone.day(now);
        let begins = |id| {
            let kind = def.graph.node(id).map(|node| &node.kind);
            matches!(kind, Some(NodeKind::Start(_) | NodeKind::Trigger(_)))
        };
        let sets = self.journal().iter().rev().filter(|entry| entry.standing.stands);
        let recent = sets.take_while(|entry| self.zone.day(entry.set.at) >= today);
        let runs = recent
            .filter(|entry| self.zone.day(entry.set.when()) == today)
            .flat_map(|entry| &entry.set.effects);
        runs.filter_map(|effect| match effect {
            Effect::Run(delta) if delta.workflow == def.id.0 => Some(delta),
            _ => None,
        })
        .flat_map(|delta| &delta.nodes)
        .filter(|node| begins(node.node))
        .map(|node| node.entered)
        .sum()
    }

    /// One workflow with all that its page shows.
    ///
    /// # Errors
    /// [`Refused::NoSuchWorkflow`].
    pub fn workflow_detail(&self, id: WorkflowId) -> Result<WorkflowDetail, Refused> {
        let def = self.workflow(id).ok_or(Refused::NoSuchWorkflow)?;
        Ok(WorkflowDetail {
            stats: self.stats(def),
            faults: faults(self, &def.graph),
            def: def.clone(),
        })
    }

    /// What happened at the nodes of a workflow.
    pub fn stats(&self, def: &WorkflowDef) -> Vec<NodeStats> {
        let none = super::state::Flow::default();
        let flow = self.flows.get(def.id).unwrap_or(&none);
        let program = match def.state {
            WorkflowState::Active | WorkflowState::Paused(_) => Program::new(self, def).ok(),
            _ => None,
        };
        let audience = program.as_ref().map(|program| self.audience(&program.start));
        let mut all = Vec::new();
        for node in &def.graph.nodes {
            let state = flow.nodes.get(&node.id);
            let waits = matches!(node.kind, NodeKind::Wait(_));
            let inside = match waits {
                true => flow.waits.values().filter(|wait| wait.node == node.id).count() as u64,
                false => 0,
            };
            let armed = matches!(node.kind, NodeKind::Trigger(_)).then(|| {
                let mut armed = state.map(|state| (*state.armed).clone()).unwrap_or_default();
                let step = program
                    .as_ref()
                    .and_then(|program| program.steps.get(program.place(node.id)?));
                if let (Some(audience), Some(program)) = (&audience, &program)
                    && step.is_some_and(|step| step.behind_start)
                {
                    let mut behind = audience.clone();
                    match program.start.source {
                        Source::Both => {}
                        Source::Existing => behind &= &*flow.existing,
                        Source::New => behind -= &*flow.existing,
                    }
                    if let Some(state) = state {
                        behind -= &*state.disarmed;
                    }
                    armed |= behind;
                }
                (armed & self.alive()).len()
            });
            all.push(NodeStats {
                node: node.id.0,
                entered: state.map_or(0, |state| state.entered),
                inside,
                left: state.map(|state| state.left.clone()).unwrap_or_default(),
                failed: state.map_or(0, |state| state.failed),
                ended: state.map_or(0, |state| state.ended),
                unique: state.map_or(0, |state| state.unique.len()),
                armed,
            });
        }
        all
    }

    /// What a contact is called: by name, else by a key.
    pub(crate) fn contact_name(&self, contact: u32) -> String {
        let text = |field| self.cell(field, ContactId(contact));
        let part = |field| match text(field) {
            crate::column::Cell::Text(text) => text.to_string(),
            crate::column::Cell::Number(_) => String::new(),
        };
        let name = format!("{} {}", part(FIRST_NAME), part(LAST_NAME));
        let options = [name.trim().to_owned(), part(EMAIL), part(EXTERNAL_ID)];
        options
            .into_iter()
            .find(|one| !one.is_empty())
            .unwrap_or_default()
    }

    /// Makes a graph the only active workflow of this copy, and gives its number.
    pub(crate) fn only(&mut self, graph: &Graph, name: &str, now: i64) -> Result<WorkflowId, Refused> {
        let active: Vec<WorkflowId> = self
            .workflows()
            .filter(|def| def.state == WorkflowState::Active)
            .map(|def| def.id)
            .collect();
        for id in active {
            let (_, prepared) = self.change_workflow(now, id, model::workflow::StateChange::Pause)?;
            self.apply_all(prepared);
        }
        self.with_active(graph, name, now)
    }

    /// Adds a graph to this copy as an active workflow, and gives its number.
    pub(crate) fn with_active(&mut self, graph: &Graph, name: &str, now: i64) -> Result<WorkflowId, Refused> {
        let name = self.some_workflow_name(name);
        let (id, (_, prepared)) = self.create_workflow(now, &name, "", graph)?;
        self.apply_all(prepared);
        let (_, prepared) = self.change_workflow(now, id, model::workflow::StateChange::Activate)?;
        self.apply_all(prepared);
        Ok(id)
    }

    pub(crate) fn apply_all(&mut self, prepared: impl IntoIterator<Item = Prepared>) {
        prepared.into_iter().for_each(|one| self.apply(one));
    }

    /// Whether a graph names a segment or field.
    pub(crate) fn graph_names(graph: &Graph, used: Used) -> bool {
        super::uses::named(graph).iter().any(|(_, one)| *one == used)
    }
}
