//! What workflows use: segments and fields, node by node.

use super::program::called;
use crate::uses::Used;
use crate::workspace::Workspace;
use model::event::{EventFilter, Operand};
use model::segment::{Use, User};
use model::workflow::node::{Audience, Condition, EventMatch, NewValue, On, Subject, Until};
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
    match kind {
        NodeKind::Start(start) => {
            if let Audience::Segment(segment) = start.audience {
                used.push(Used::Segment(segment));
            }
            segments(&start.excluded, &mut used);
        }
        NodeKind::Trigger(trigger) => match &trigger.on {
            On::Event(event) => matched(event, &mut used),
            On::CartAbandoned { filter, .. } => filtered(filter, &mut used),
            On::EnterSegment(of) | On::LeaveSegment(of) => segments(of, &mut used),
            On::FieldChange { field, .. } | On::Date { field, .. } => used.push(Used::Field(*field)),
        },
        NodeKind::Condition(condition) => match condition {
            Condition::Check { rules, .. } => {
                for rule in rules {
                    if let Subject::Field(field) = rule.subject {
                        used.push(Used::Field(field));
                    }
                    operands(&rule.values, &mut used);
                }
            }
            Condition::HasField(field) => used.push(Used::Field(*field)),
            Condition::InSegment { segments: of, .. } => segments(of, &mut used),
            Condition::Did(behaviour) => filtered(&behaviour.filter, &mut used),
        },
        NodeKind::AddToSegment(add) => {
            segments(&add.segments, &mut used);
            segments(&add.remove_from, &mut used);
        }
        NodeKind::RemoveFromSegment(of) => segments(of, &mut used),
        NodeKind::SetField(set) => {
            used.push(Used::Field(set.field));
            if let NewValue::Field(from) = set.value {
                used.push(Used::Field(from));
            }
        }
        NodeKind::Wait(wait) => match &wait.until {
            Until::Activity { event, .. } => matched(event, &mut used),
            Until::Date { field, .. } => used.push(Used::Field(*field)),
            _ => {}
        },
        NodeKind::Split(_) | NodeKind::Send(_) | NodeKind::Finish => {}
    }
    used
}

fn segments(of: &[SegmentId], used: &mut Vec<Used>) {
    used.extend(of.iter().map(|segment| Used::Segment(*segment)));
}

fn matched(event: &EventMatch, used: &mut Vec<Used>) {
    filtered(&event.filter, used);
}

fn filtered(filter: &EventFilter, used: &mut Vec<Used>) {
    filter.rules.iter().for_each(|rule| operands(&rule.values, used));
}

fn operands(values: &[Operand], used: &mut Vec<Used>) {
    used.extend(values.iter().filter_map(|value| match value {
        Operand::Field(field) => Some(Used::Field(*field)),
        _ => None,
    }));
}
