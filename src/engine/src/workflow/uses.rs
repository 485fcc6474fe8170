//! What workflows use: segments and fields, node by node.

use super::program::called;
use crate::uses::Used;
use crate::workspace::Workspace;
use model::event::{EventFilter, Operand};
use model::segment::{Use, User};
use model::workflow::node::{Audience, Condition, NewValue, On, Subject, Until};
use model::workflow::{Graph, NodeKind, WorkflowDef};
use model::{FieldId, NodeId, SegmentId};

impl Workspace {
    /// The nodes of workflows that use something; those of active, paused and scheduled ones keep it from being deleted.
    pub(crate) fn workflow_uses(&self, used: Used) -> impl Iterator<Item = Use> + '_ {
        self.workflows().flat_map(move |def| uses(def, used))
    }
}

fn uses(def: &WorkflowDef, used: Used) -> impl Iterator<Item = Use> + '_ {
    let nodes = def
        .graph
        .nodes
        .iter()
        .filter(move |node| of_node(&node.kind).contains(&used));
    nodes.map(|node| Use {
        by: User::Workflow,
        name: format!("{}, node {}", def.name, called(&def.graph, node.id)),
        blocks: def.state.blocks(),
    })
}

/// The segments and fields that a graph names, each with its node.
pub fn named(graph: &Graph) -> Vec<(NodeId, Used)> {
    let of = |node: &model::workflow::Node| {
        let id = node.id;
        of_node(&node.kind).into_iter().map(move |used| (id, used))
    };
    graph.nodes.iter().flat_map(of).collect()
}

/// The fields that a graph names.
pub fn fields(graph: &Graph) -> Vec<FieldId> {
    let fields = named(graph).into_iter().filter_map(|(_, used)| match used {
        Used::Field(id) => Some(id),
        Used::Segment(_) => None,
    });
    fields.collect()
}

/// What one node uses.
fn of_node(kind: &NodeKind) -> Vec<Used> {
    let mut used = Vec::new();
    // One walk serves reading and renaming; a node is small.
    rename(&mut kind.clone(), &mut |one| used.push(*one));
    used
}

/// Shows everything that a node uses to a visitor, which may put something else in its place (a segment for a segment, a
/// field for a field).
pub fn rename(kind: &mut NodeKind, visit: &mut dyn FnMut(&mut Used)) {
    let mut walk = Walk(visit);
    match kind {
        NodeKind::Start(start) => {
            if let Audience::Segment(segment) = &mut start.audience {
                walk.segment(segment);
            }
            walk.segments(&mut start.excluded);
        }
        NodeKind::Trigger(trigger) => match &mut trigger.on {
            On::Event(event) => walk.filter(&mut event.filter),
            On::CartAbandoned { filter, .. } => walk.filter(filter),
            On::EnterSegment(of) | On::LeaveSegment(of) => walk.segments(of),
            On::FieldChange { field, .. } | On::Date { field, .. } => walk.field(field),
        },
        NodeKind::Condition(condition) => match condition {
            Condition::Check { rules, .. } => {
                for rule in rules {
                    if let Subject::Field(field) = &mut rule.subject {
                        walk.field(field);
                    }
                    walk.operands(&mut rule.values);
                }
            }
            Condition::HasField(field) => walk.field(field),
            Condition::InSegment { segments, .. } => walk.segments(segments),
            Condition::Did(behaviour) => walk.filter(&mut behaviour.filter),
        },
        NodeKind::AddToSegment(add) => {
            walk.segments(&mut add.segments);
            walk.segments(&mut add.remove_from);
        }
        NodeKind::RemoveFromSegment(of) => walk.segments(of),
        NodeKind::SetField(set) => {
            walk.field(&mut set.field);
            if let NewValue::Field(from) = &mut set.value {
                walk.field(from);
            }
        }
        NodeKind::Wait(wait) => match &mut wait.until {
            Until::Activity { event, .. } => walk.filter(&mut event.filter),
            Until::Date { field, .. } => walk.field(field),
            _ => {}
        },
        NodeKind::Split(_) | NodeKind::Send(_) | NodeKind::Finish => {}
    }
}

struct Walk<'a>(&'a mut dyn FnMut(&mut Used));

impl Walk<'_> {
    fn segment(&mut self, id: &mut SegmentId) {
        let mut used = Used::Segment(*id);
        (self.0)(&mut used);
        if let Used::Segment(new) = used {
            *id = new;
        }
    }

    fn segments(&mut self, of: &mut [SegmentId]) {
        of.iter_mut().for_each(|id| self.segment(id));
    }

    fn field(&mut self, id: &mut FieldId) {
        let mut used = Used::Field(*id);
        (self.0)(&mut used);
        if let Used::Field(new) = used {
            *id = new;
        }
    }

    fn filter(&mut self, filter: &mut EventFilter) {
        filter
            .rules
            .iter_mut()
            .for_each(|rule| self.operands(&mut rule.values));
    }

    fn operands(&mut self, values: &mut [Operand]) {
        for value in values {
            if let Operand::Field(field) = value {
                self.field(field);
            }
        }
    }
}
