//! Workflows as lists and pages show them: states, counts, and the way of a contact.

use super::check::faults;
use super::machine::Machine;
use super::program::Program;
use super::state::Clock;
use super::steps;
use crate::edit::grouped;
use crate::journal::Effect;
use crate::refused::Refused;
use crate::uses::Used;
use crate::workspace::{Prepared, Workspace};
use model::event::{EventDraft, EventKind};
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME};
use model::workflow::node::{Audience, On, Source};
use model::workflow::{
    Graph, NodeKind, NodeStats, Trace, TraceStep, WorkflowDef, WorkflowDetail, WorkflowInfo, WorkflowState,
};
use model::{ContactId, SegmentId, WorkflowId};

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

    /// A contact's way through a workflow, and where there is none, what kept her out.
    ///
    /// # Errors
    /// [`Refused`] where there is no such workflow or contact.
    pub fn trace(&self, id: WorkflowId, contact: ContactId) -> Result<Trace, Refused> {
        let def = self.workflow(id).ok_or(Refused::NoSuchWorkflow)?;
        if !self.alive().contains(contact.0) {
            return Err(Refused::NoSuchContact);
        }
        let mut found = Vec::new();
        for entry in self.journal().iter().filter(|entry| entry.standing.stands) {
            for effect in &entry.set.effects {
                if let Effect::Run(delta) = effect
                    && delta.workflow == id.0
                {
                    steps::of_contact(&delta.steps, contact.0, &self.pages, &mut found);
                }
            }
        }
        let step = |step: steps::Step| TraceStep {
            when: step.when,
            node: step.node,
            exit: step.exit,
            why: String::new(),
            event: step.event,
        };
        let steps: Vec<TraceStep> = found.into_iter().map(step).collect();
        let not_entered = match steps.is_empty() {
            true => self.kept_out(def, contact),
            false => String::new(),
        };
        Ok(Trace {
            contact,
            name: self.contact_name(contact.0),
            steps,
            not_entered,
        })
    }

    /// Which filter stopped a contact from entering a workflow.
    fn kept_out(&self, def: &WorkflowDef, contact: ContactId) -> String {
        let Some(NodeKind::Start(start)) = def.graph.start().map(|node| &node.kind) else {
            return "The workflow has no Start node".to_owned();
        };
        let name = |id: SegmentId| {
            self.segment(id)
                .map_or("a deleted segment", |def| def.name.as_str())
        };
        if !self.audience(start).contains(contact.0) {
            let excluded = start
                .excluded
                .iter()
                .find(|id| self.members(**id).contains(contact.0));
            return match (excluded, start.audience) {
                (Some(id), _) => format!("Is a member of {}, which Start excludes", name(*id)),
                (None, Audience::Segment(id)) => {
                    format!("Is not a member of {}, the audience of Start", name(id))
                }
                (None, Audience::WithEmail) => "Has no email, which Start asks for".to_owned(),
                (None, Audience::WithoutEmail) => {
                    "Has an email, and Start is for contacts without one".to_owned()
                }
                (None, Audience::WithPhone) => "Has no mobile phone, which Start asks for".to_owned(),
                (None, Audience::All) => "Is not in the audience".to_owned(),
            };
        }
        let flow = self.flows.get(def.id);
        let existed = flow.is_some_and(|flow| flow.existing.contains(contact.0));
        match start.source {
            Source::New if existed => {
                return "Is not new: was in the audience before the workflow was activated, and Start lets only new contacts in".to_owned();
            }
            Source::Existing if flow.is_some() && !existed => {
                return "Came into the audience after the workflow was activated".to_owned();
            }
            _ => {}
        }
        for node in &def.graph.nodes {
            if let NodeKind::Trigger(trigger) = &node.kind
                && let On::Event(event) = &trigger.on
            {
                let (count, _) = self.events(contact, Some(event.kind), 0, 0);
                let label = event.kind.label();
                return match count {
                    0 => format!("No event “{label}” happened"),
                    1 => format!(
                        "1 event “{label}” happened, and did not pass the filter or limits of the trigger"
                    ),
                    count => format!(
                        "{} events “{label}” happened, and none passed the filter and limits of the trigger",
                        grouped(count)
                    ),
                };
            }
        }
        "Nothing that it waits for happened".to_owned()
    }

    /// *Try with one contact*: lets an event happen on a copy in which only this graph is active, and tells the way.
    ///
    /// # Errors
    /// [`Refused`] where the graph has faults, or there is no such contact or product.
    pub fn try_graph(&self, graph: &Graph, draft: &EventDraft, now: i64) -> Result<Trace, Refused> {
        let mut copy = self.copy();
        // Whether she is new or existed is not what is tried: in a trial she is whatever Start asks for.
        let mut graph = graph.clone();
        for node in &mut graph.nodes {
            if let NodeKind::Start(start) = &mut node.kind {
                start.source = Source::Both;
            }
        }
        let id = copy.only(&graph, "Test", now)?;
        let mut machine = Machine::new(&copy, Clock::Simulated, now)?;
        machine.trace = Some(Vec::new());
        if self.alive().contains(draft.contact.0) {
            machine.begin_one(draft.contact.0, now);
        }
        copy.happen(&mut machine, now, draft)?;
        let steps = machine.trace.take().unwrap_or_default();
        let not_entered = match (steps.is_empty(), copy.workflow(id)) {
            (true, Some(def)) => copy.kept_out_of_test(def, draft),
            _ => String::new(),
        };
        Ok(Trace {
            contact: draft.contact,
            name: self.contact_name(draft.contact.0),
            steps,
            not_entered,
        })
    }

    fn kept_out_of_test(&self, def: &WorkflowDef, draft: &EventDraft) -> String {
        let waits_for = |node: &model::workflow::Node| match &node.kind {
            NodeKind::Trigger(trigger) => match &trigger.on {
                On::Event(event) => event.kind == draft.kind,
                On::CartAbandoned { .. } => draft.kind == EventKind::CartAbandoned,
                _ => false,
            },
            _ => false,
        };
        let label = draft.kind.label();
        let inside = match def.graph.start().map(|node| &node.kind) {
            Some(NodeKind::Start(start)) => self.audience(start).contains(draft.contact.0),
            _ => false,
        };
        if !inside {
            self.kept_out(def, draft.contact)
        } else if def.graph.nodes.iter().any(waits_for) {
            format!("The event “{label}” did not pass the filter or limits of the trigger")
        } else {
            format!("No trigger behind Start waits for “{label}”")
        }
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
