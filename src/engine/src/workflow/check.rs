//! The checks before a workflow is activated.

use super::program::{Program, check_step};
use super::uses::named;
use crate::refused::Refused;
use crate::uses::Used;
use crate::workspace::Workspace;
use model::field::KEPT;
use model::workflow::node::{Audience, Condition, NO_FIELD, NewValue, On, Until};
use model::workflow::{CheckedGraph, Fault, Graph, Node, NodeKind, WorkflowDef, WorkflowState};
use model::{NodeId, SegmentId, WorkflowId};
use rustc_hash::FxHashSet;

impl Workspace {
    /// What is wrong with a graph, and whom it would act on.
    pub fn check_graph(&self, graph: &Graph) -> CheckedGraph {
        let faults = faults(self, graph);
        let Some(NodeKind::Start(start)) = graph.start().map(|node| &node.kind) else {
            return CheckedGraph {
                faults,
                ..CheckedGraph::default()
            };
        };
        let audience = self.audience(start).len();
        let def = WorkflowDef {
            id: WorkflowId(0),
            name: String::new(),
            description: String::new(),
            state: WorkflowState::Draft,
            version: 1,
            graph: graph.clone(),
        };
        let program = Program::new(self, &def).ok();
        let acts = program.is_some_and(|program| program.actions().next().is_some());
        let now = start.source != model::workflow::node::Source::New;
        CheckedGraph {
            faults,
            acts_on: (acts && now).then_some(audience),
            audience,
        }
    }
}

/// What is wrong with a graph: first what keeps it from being activated.
pub fn faults(workspace: &Workspace, graph: &Graph) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault =
        |node: Option<NodeId>, what: String, blocks: bool| faults.push(Fault { node, what, blocks });
    let starts: Vec<&Node> = graph
        .nodes
        .iter()
        .filter(|node| matches!(node.kind, NodeKind::Start(_)))
        .collect();
    match starts.as_slice() {
        [] => fault(
            None,
            "There is no Start node. Add one from the palette".to_owned(),
            true,
        ),
        [start] => {
            if graph.targets(start.id, 0).next().is_none() {
                let what = "Start leads nowhere. Connect it to the first node";
                fault(Some(start.id), what.to_owned(), true);
            }
        }
        [_, others @ ..] => {
            for other in others {
                let what = "There is more than one Start node. Delete all but one";
                fault(Some(other.id), what.to_owned(), true);
            }
        }
    }
    let reached = reachable(graph);
    for node in &graph.nodes {
        if !matches!(node.kind, NodeKind::Start(_)) && !reached.contains(&node.id) {
            let what = "Nothing leads to this node. Connect it, or delete it";
            fault(Some(node.id), what.to_owned(), true);
        }
    }
    for (node, used) in named(graph) {
        let what = match used {
            Used::Segment(SegmentId(u32::MAX)) => "Choose the segment",
            Used::Segment(id) if workspace.segment(id).is_none() => {
                "It names a segment that was deleted. Choose another"
            }
            Used::Field(id) if id != NO_FIELD && workspace.field(id).is_none() => {
                "It names a field that was deleted. Choose another"
            }
            _ => continue,
        };
        fault(Some(node), what.to_owned(), true);
    }
    for node in &graph.nodes {
        let missing = missing(&node.kind);
        let complete = missing.is_empty();
        for what in missing {
            fault(Some(node.id), what.to_owned(), true);
        }
        // What names something deleted was told above.
        let told = |refused: &Refused| matches!(refused, Refused::NoSuchField | Refused::NoSuchSegment);
        if complete
            && let Err(refused) = check_step(workspace, &node.kind)
            && !told(&refused)
        {
            fault(Some(node.id), in_words(refused), true);
        }
        if let Some(what) = cannot_fire(graph, node) {
            fault(Some(node.id), what, true);
        }
        if let NodeKind::Trigger(trigger) = &node.kind
            && let On::FieldChange { field, .. } = trigger.on
            && KEPT.contains(&field)
        {
            let what =
                "Corral keeps this field itself, and no workflow is told when it changes. Choose another";
            fault(Some(node.id), what.to_owned(), true);
        }
    }
    for node in loops(graph) {
        let what = "From here the way leads back here without a wait. Put a Wait into the loop";
        fault(Some(node), what.to_owned(), true);
    }
    for node in &graph.nodes {
        // After an action a pass ends as it should; of a branch or a trigger it may have been forgotten.
        let exits = node.kind.exits();
        if exits.len() < 2 && !matches!(node.kind, NodeKind::Trigger(_)) {
            continue;
        }
        for (exit, name) in exits.iter().enumerate() {
            let leads = graph.targets(node.id, exit as u8).next().is_some();
            if !leads && reached.contains(&node.id) && !matches!(node.kind, NodeKind::Start(_)) {
                fault(
                    Some(node.id),
                    format!("Exit {name} leads nowhere: passes end there"),
                    false,
                );
            }
        }
    }
    let (mut first, hints): (Vec<Fault>, Vec<Fault>) = faults.into_iter().partition(|fault| fault.blocks);
    first.extend(hints);
    first
}

/// Why a node can't be used, in words.
pub fn in_words(refused: Refused) -> String {
    match refused {
        Refused::Value { field, reason, .. } => format!("{field}: {reason}"),
        Refused::NoSuchSegment => "it names a segment that is gone".to_owned(),
        Refused::NoSuchField => "it names a field that is gone".to_owned(),
        Refused::ReadOnly(field) => format!("{field} can’t be set by a workflow"),
        Refused::NotForThisType(field) => format!("{field} has a type that this can’t be used for"),
        _ => "A setting of it can’t be used. Open it and look".to_owned(),
    }
}

fn reachable(graph: &Graph) -> FxHashSet<NodeId> {
    let mut reached = FxHashSet::default();
    let mut open: Vec<NodeId> = graph.start().map(|start| start.id).into_iter().collect();
    while let Some(node) = open.pop() {
        if reached.insert(node) {
            open.extend(
                graph
                    .edges
                    .iter()
                    .filter(|edge| edge.from == node)
                    .map(|edge| edge.to),
            );
        }
    }
    reached
}

/// The settings that a node lacks.
fn missing(kind: &NodeKind) -> Vec<&'static str> {
    let mut missing = Vec::new();
    let mut need = |lacks: bool, what: &'static str| {
        if lacks {
            missing.push(what);
        }
    };
    match kind {
        NodeKind::Trigger(trigger) => match &trigger.on {
            On::EnterSegment(of) | On::LeaveSegment(of) => need(of.is_empty(), "Choose a segment"),
            On::FieldChange { field, .. } => need(*field == NO_FIELD, "Choose a field"),
            On::Date { field, .. } => need(*field == NO_FIELD, "Choose a date field"),
            On::CartAbandoned { idle_minutes, .. } => {
                need(
                    *idle_minutes == 0,
                    "Say after how many minutes a cart is abandoned",
                );
            }
            On::Event(_) => {}
        },
        NodeKind::Condition(condition) => match condition {
            Condition::Check { rules, .. } => need(rules.is_empty(), "Add a test of a value"),
            Condition::HasField(field) => need(*field == NO_FIELD, "Choose a field"),
            Condition::InSegment { segments, .. } => need(segments.is_empty(), "Choose a segment"),
            Condition::Did(_) => {}
        },
        NodeKind::AddToSegment(add) => need(add.segments.is_empty(), "Choose the segment to add to"),
        NodeKind::RemoveFromSegment(of) => need(of.is_empty(), "Choose the segment to remove from"),
        NodeKind::SetField(set) => {
            need(set.field == NO_FIELD, "Choose the field to set");
            need(
                matches!(set.value, NewValue::Field(NO_FIELD)),
                "Choose the field that the value comes from",
            );
        }
        NodeKind::Wait(wait) => match &wait.until {
            Until::Period(0) => need(true, "Say how long to wait"),
            Until::Activity { at_most: 0, .. } => need(true, "Say how long to wait at most"),
            Until::Weekday { days, .. } => need(days & 0x7f == 0, "Choose a weekday"),
            Until::Hours { from, to, .. } => need(from >= to, "Choose hours that begin before they end"),
            Until::Date { field, .. } => need(*field == NO_FIELD, "Choose a date field"),
            _ => {}
        },
        NodeKind::Split(split) => {
            let sum: u32 = split.shares.iter().map(|share| u32::from(*share)).sum();
            need(
                !(2..=5).contains(&split.shares.len()),
                "A split has two to five branches",
            );
            need(sum != 100, "The shares must add up to 100 %");
        }
        NodeKind::Send(send) => need(send.subject.trim().is_empty(), "Give it a subject"),
        NodeKind::Start(_) | NodeKind::Finish => {}
    }
    missing
}

/// Why a trigger can never fire, if it can't.
fn cannot_fire(graph: &Graph, node: &Node) -> Option<String> {
    let NodeKind::Trigger(trigger) = &node.kind else {
        return None;
    };
    let start = graph.start()?;
    let NodeKind::Start(audience) = &start.kind else {
        return None;
    };
    let behind_start = graph.targets(start.id, 0).any(|target| target == node.id);
    let elsewhere = graph
        .edges
        .iter()
        .any(|edge| edge.to == node.id && edge.from != start.id);
    if !behind_start || elsewhere {
        return None;
    }
    let what = match &trigger.on {
        On::LeaveSegment(of) => match audience.audience {
            Audience::Segment(segment) if of.iter().all(|one| *one == segment) && !of.is_empty() => {
                "Whoever leaves that segment is no longer in the audience, so this never fires. Choose another audience in Start"
            }
            _ => return None,
        },
        On::EnterSegment(of) if !of.is_empty() && of.iter().all(|one| audience.excluded.contains(one)) => {
            "Whoever enters that segment is excluded in Start, so this never fires. Take the segment off the excluded ones"
        }
        _ => return None,
    };
    Some(what.to_owned())
}

/// Nodes from which the way leads back to themselves without a wait or a trigger between.
fn loops(graph: &Graph) -> Vec<NodeId> {
    let rests = |id: NodeId| {
        let kind = graph.node(id).map(|node| &node.kind);
        matches!(kind, Some(NodeKind::Wait(_) | NodeKind::Trigger(_)))
    };
    let back = |node: NodeId| {
        let mut seen = FxHashSet::default();
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            for edge in graph.edges.iter().filter(|edge| edge.from == at) {
                if edge.to == node {
                    return true;
                }
                if !rests(edge.to) && seen.insert(edge.to) {
                    open.push(edge.to);
                }
            }
        }
        false
    };
    let mut found: Vec<NodeId> = graph
        .nodes
        .iter()
        .map(|node| node.id)
        .filter(|id| !rests(*id))
        .collect();
    found.retain(|id| back(*id));
    // One fault a loop is enough: the first of its nodes.
    found.truncate(1);
    found
}
