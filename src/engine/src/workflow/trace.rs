//! A contact's way through a workflow, and where there is none, what kept her out.
//!
//! Kept is where she was and when. What decided there is worked out anew, from her as she was at that moment.

use super::decision::Decision;
use super::machine::Machine;
use super::pass::{ARMED, HAPPENED};
use super::program::{Program, StepKind};
use super::state::Clock;
use super::steps::{self, Step};
use super::value::Asked;
use crate::column::Cell;
use crate::edit::grouped;
use crate::journal::{Cause, ChangeSet, Effect};
use crate::refused::Refused;
use crate::workspace::Workspace;
use model::event::{EventDraft, EventKind};
use model::field::PURCHASED;
use model::workflow::node::{Audience, On, Source};
use model::workflow::{Graph, NodeKind, Trace, TraceStep, WorkflowDef};
use model::{ContactId, FieldId, SegmentId, WorkflowId};

/// A version of a workflow, and since when it ran, in milliseconds since 1970.
struct Version {
    since: i64,
    program: Program,
}

/// A contact as she was at a step of her way.
struct Then<'a> {
    workspace: &'a Workspace,
    workflow: WorkflowId,
    /// The step, and those before it.
    step: Step,
    before: &'a [Step],
}

impl Workspace {
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
        let versions = self.versions(id);
        let told = found.iter().enumerate().map(|(at, step)| {
            let then = Then {
                workspace: self,
                workflow: id,
                step: *step,
                before: found.get(..at).unwrap_or_default(),
            };
            TraceStep {
                when: step.when,
                node: step.node,
                exit: step.exit,
                why: then.why(&versions),
                event: step.event,
            }
        });
        let not_entered = match found.is_empty() {
            true => self.kept_out(def, contact),
            false => String::new(),
        };
        Ok(Trace {
            contact,
            name: self.contact_name(contact.0),
            steps: told.collect(),
            not_entered,
        })
    }

    /// The versions of a workflow that can be made ready, in the order in which they came.
    fn versions(&self, id: WorkflowId) -> Vec<Version> {
        let entries = self.journal().iter().filter(|entry| entry.standing.stands);
        let made = entries.flat_map(|entry| {
            let effects = entry.set.effects.iter();
            effects.filter_map(|effect| match effect {
                Effect::Workflow(one, Some(def)) if *one == id => Some((entry.set.when(), &**def)),
                _ => None,
            })
        });
        let mut versions: Vec<Version> = Vec::new();
        for (since, def) in made {
            let known = versions
                .last()
                .is_some_and(|one| one.program.version == def.version);
            if !known && let Ok(program) = Program::new(self, def) {
                versions.push(Version { since, program });
            }
        }
        versions
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
}

impl Then<'_> {
    /// Why she went as she did, in words; empty where nothing was decided.
    fn why(&self, versions: &[Version]) -> String {
        // A pass goes on in the version that it began in; the node is looked for in that of its moment, then in others.
        let at_once = versions
            .iter()
            .rev()
            .filter(|version| version.since <= self.step.when);
        let step = at_once.chain(versions.iter().rev()).find_map(|version| {
            let place = version.program.place(self.step.node)?;
            version.program.steps.get(place)
        });
        match (step.map(|step| &step.kind), self.step.exit) {
            (Some(StepKind::Trigger(_)), Some(_)) => HAPPENED.to_owned(),
            (Some(StepKind::Trigger(_)), None) => ARMED.to_owned(),
            (Some(StepKind::Condition(condition)), Some(_)) => {
                let row = self
                    .step
                    .event
                    .and_then(|event| u32::try_from(event.0).ok()?.checked_sub(1));
                condition.told(&Decision {
                    contact: self.step.contact,
                    began: self.began(),
                    asked: Asked {
                        log: &self.workspace.log,
                        trigger: row,
                        latest: row,
                        now: self.step.when,
                        zone: &self.workspace.zone,
                        field: &|field| self.value(field),
                    },
                    member: &|segment| self.is_member(segment),
                })
            }
            _ => String::new(),
        }
    }

    /// When her pass began: at its first step, which is a trigger's where an event started it.
    fn began(&self) -> i64 {
        let mut mine = self.before.iter().filter(|step| step.event == self.step.event);
        match self.step.event {
            Some(_) => mine.next(),
            // Nothing tells apart the passes that no event started: this one began with what came last.
            None => mine.next_back(),
        }
        .map_or(self.step.when, |step| step.when)
    }

    /// Her value of a field at that moment.
    fn value(&self, field: FieldId) -> Cell {
        let workspace = self.workspace;
        let contact = self.step.contact;
        let only = std::iter::once(contact).collect();
        if PURCHASED.contains(&field) {
            return workspace.purchased_by(field, &only, self.step.when).cell(contact);
        }
        if crate::projection::is_projected(field) {
            return workspace.values_of(field).cell(contact);
        }
        for entry in workspace.journal().iter().rev() {
            for effect in &entry.set.effects {
                if let Effect::Cells {
                    field: written,
                    contacts,
                    values,
                } = effect
                    && *written == field
                    && contacts.contains(contact)
                    && !entry.standing.of(&only).is_empty()
                    && self.had_happened(&entry.set)
                    && let Some(cell) = values.cell(contacts, contact, &workspace.pages)
                {
                    return cell;
                }
            }
        }
        Cell::Text("".into())
    }

    /// Whether she was a member of a segment at that moment.
    fn is_member(&self, of: SegmentId) -> bool {
        let contact = self.step.contact;
        let only = std::iter::once(contact).collect();
        for entry in self.workspace.journal().iter().rev() {
            for effect in &entry.set.effects {
                if let Effect::Members {
                    segment,
                    added,
                    removed,
                } = effect
                    && *segment == of
                    && (added.contains(contact) || removed.contains(contact))
                    && !entry.standing.of(&only).is_empty()
                    && self.had_happened(&entry.set)
                {
                    return added.contains(contact);
                }
            }
        }
        false
    }

    /// Whether a change set had acted on her before that step. Of what her own workflow did at the very moment, that is
    /// what the nodes did that she had passed.
    fn had_happened(&self, set: &ChangeSet) -> bool {
        let when = self.workspace.when_of(set, self.step.contact);
        match set.cause.actor() {
            _ if when != self.step.when => when < self.step.when,
            Cause::Workflow(cause) if cause.workflow == self.workflow => {
                let passed = |step: &Step| step.when == when && step.node == cause.node;
                self.before.iter().any(passed)
            }
            _ => true,
        }
    }
}
