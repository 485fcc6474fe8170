//! What must hold of running workflows, whatever is drawn, happens, and is paused, undone, deleted or erased.

use super::run_tests::{run, some_graph, spec};
use crate::workflow::state::WaitOf;
use crate::workflow::tests::{
    DAY, NOW, activate, assert_balanced, change, on, react, row, start, wait, workspace,
};
use crate::workspace::Workspace;
use model::event::EventKind;
use model::query::Selection;
use model::segment::MemberAction;
use model::simulation::SimulationSpec;
use model::workflow::node::{EventMatch, Limits, On, Trigger};
use model::workflow::{NodeKind, StateChange, TraceStep};
use model::{ChangeId, ContactId, NodeId, SegmentId, WorkflowId};
use proptest::prelude::*;

/// Something that is done while a workflow runs.
#[derive(Clone, Debug)]
enum Act {
    Simulate(u64),
    Pause,
    Resume,
    /// Undoes a simulation, counted from the last one.
    Undo(usize),
    Delete(u32),
    Erase(u32),
    /// Adds a contact to a segment by hand, or removes her.
    Put(u32, SegmentId, MemberAction),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0u64..1000).prop_map(Act::Simulate),
        1 => Just(Act::Pause),
        2 => Just(Act::Resume),
        1 => (0usize..3).prop_map(Act::Undo),
        1 => (0u32..PEOPLE).prop_map(Act::Delete),
        1 => (0u32..PEOPLE).prop_map(Act::Erase),
    ]
}

/// What nothing undoes, so that a promise without its membership can't come back.
fn lasting_act() -> impl Strategy<Value = Act> {
    let put = (0..PEOPLE, 1u32..3, any::<bool>()).prop_map(|(contact, segment, joins)| {
        let action = if joins {
            MemberAction::Add
        } else {
            MemberAction::Remove
        };
        Act::Put(contact, SegmentId(segment), action)
    });
    prop_oneof![
        2 => (0u64..1000).prop_map(Act::Simulate),
        1 => Just(Act::Pause),
        1 => Just(Act::Resume),
        4 => put,
    ]
}

const PEOPLE: u32 = 12;

/// The trigger behind Start of [`some_graph`], and the limits that it gets.
const FIRST: NodeId = NodeId(2);

fn limited() -> impl Strategy<Value = Limits> {
    (0u32..3, prop_oneof![Just(0u64), 1u64..15], any::<bool>()).prop_map(
        |(per_contact, total, deactivate)| Limits {
            per_contact,
            total,
            deactivate,
            ..Limits::default()
        },
    )
}

fn perform(workspace: &mut Workspace, id: WorkflowId, act: &Act, runs: &mut Vec<ChangeId>) {
    let now = NOW + 1;
    match act {
        Act::Simulate(seed) => {
            let spec = SimulationSpec {
                days: 1,
                visits_per_day: 40,
                from: None,
                ..spec(*seed)
            };
            runs.extend(run(workspace, spec, DAY).change);
        }
        // What the state does not allow is refused, and changes nothing.
        Act::Pause | Act::Resume => {
            let to = match act {
                Act::Pause => StateChange::Pause,
                _ => StateChange::Resume,
            };
            if workspace.change_workflow(now, id, to).is_ok() {
                change(workspace, now, id, to);
            }
        }
        Act::Undo(back) => {
            let run = runs
                .len()
                .checked_sub(1 + back)
                .and_then(|at| runs.get(at))
                .copied();
            let stood = run.map(|run| workspace.prepare_stand(now, run, false));
            if let Some(Ok((_, prepared))) = stood {
                workspace.apply(prepared);
            }
        }
        Act::Delete(contact) => {
            let selection = Selection::Contacts(vec![ContactId(*contact)]);
            if let Ok((_, prepared)) = workspace.delete_contacts(now, &selection) {
                workspace.apply_all(prepared);
            }
        }
        Act::Erase(contact) => {
            if let Ok(erasure) = workspace.erase(now, &[*contact].into_iter().collect()) {
                workspace.erased(erasure);
            }
        }
        Act::Put(contact, segment, action) => {
            let selection = Selection::Contacts(vec![ContactId(*contact)]);
            if let Ok((_, prepared)) = workspace.set_members(now, *segment, *action, &selection) {
                workspace.apply_all(prepared);
            }
        }
    }
    react(workspace, now);
}

fn steps(workspace: &Workspace, id: WorkflowId, contact: u32) -> Vec<TraceStep> {
    let trace = workspace.trace(id, ContactId(contact));
    trace.map(|trace| trace.steps).unwrap_or_default()
}

/// Who waits, each with the row of the event that started the pass; memberships are no passes.
fn inside(workspace: &Workspace, id: WorkflowId, contact: u32) -> Vec<Option<u32>> {
    let flow = workspace.flows.get(id);
    let waits = flow.into_iter().flat_map(|flow| flow.waits.values());
    let mine = waits.filter(|wait| wait.contact == contact && wait.of == WaitOf::Pass);
    mine.map(|wait| wait.trigger).collect()
}

#[test]
fn who_was_erased_is_nowhere_when_what_brought_her_on_is_undone() {
    let mut workspace = workspace(PEOPLE, &["A", "B"]);
    let graph = row(vec![start(), on(EventKind::PageVisited), wait(36)], &[]);
    let id = activate(&mut workspace, "Waits over midnight", &graph);
    let mut runs = Vec::new();
    for act in [Act::Simulate(692), Act::Simulate(0)] {
        perform(&mut workspace, id, &act, &mut runs);
    }
    // Each of them: whoever waited over midnight is among them.
    for contact in 0..PEOPLE {
        perform(&mut workspace, id, &Act::Erase(contact), &mut runs);
    }
    perform(&mut workspace, id, &Act::Undo(0), &mut runs);
    assert_balanced(&workspace, id);
    let again = crate::stored::replayed(&workspace);
    assert_balanced(&again, id);
    let waiting = workspace.flows.iter().flat_map(|(_, flow)| flow.waits.values());
    assert_eq!(waiting.count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn passes_limits_and_counts_hold_whatever_happens(
        mut graph in some_graph(),
        limits in limited(),
        acts in prop::collection::vec(act(), 1..7),
    ) {
        let mut workspace = workspace(PEOPLE, &["A", "B"]);
        if let Some(node) = graph.nodes.iter_mut().find(|node| node.id == FIRST) {
            let on = On::Event(EventMatch::each(EventKind::PageVisited));
            node.kind = NodeKind::Trigger(Trigger { on, limits });
        }
        prop_assume!(workspace.check_graph(&graph).faults.iter().all(|fault| !fault.blocks));
        let triggers: Vec<NodeId> = graph
            .nodes
            .iter()
            .filter(|node| matches!(node.kind, NodeKind::Trigger(_)))
            .map(|node| node.id)
            .collect();
        let id = activate(&mut workspace, "Random", &graph);
        let mut runs = Vec::new();
        for act in &acts {
            perform(&mut workspace, id, act, &mut runs);
            assert_balanced(&workspace, id);
            let active = workspace.has_active();
            let mut fired_in_all = 0;
            for contact in 0..PEOPLE {
                let inside = inside(&workspace, id, contact);
                if !workspace.alive().contains(contact) {
                    // Of one that is paused they end when it is resumed.
                    prop_assert!(inside.is_empty() || !active, "{} is gone and inside", contact);
                    continue;
                }
                let steps = steps(&workspace, id, contact);
                let fires = |step: &&TraceStep| triggers.contains(&step.node) && step.exit.is_some();
                // A pass is at one place: as many as a triggering event began may wait, and no more. Of one that was taken
                // on before its event was undone, the beginning is not told any more.
                let stands = |row: &&Option<u32>| row.is_none_or(|row| workspace.log.stands(row));
                for row in inside.iter().filter(stands) {
                    let event = row.map(|row| model::EventId(u64::from(row) + 1));
                    let began = steps.iter().filter(fires).filter(|step| step.event == event);
                    let waits = inside.iter().filter(|one| *one == row).count();
                    prop_assert!(waits <= began.count(), "{} is at two places", contact);
                }
                let first = steps.iter().filter(fires).filter(|step| step.node == FIRST).count();
                fired_in_all += first;
                if limits.per_contact > 0 {
                    prop_assert!(first <= limits.per_contact as usize);
                }
                if limits.deactivate && !graph.edges.iter().any(|edge| edge.to == FIRST && edge.from != NodeId(1)) {
                    prop_assert!(first <= 1);
                }
            }
            if limits.total > 0 {
                prop_assert!(fired_in_all as u64 <= limits.total);
            }
        }
        let again = crate::stored::replayed(&workspace);
        prop_assert_eq!(again.state_hash(), workspace.state_hash());
    }

    #[test]
    fn a_promise_is_over_with_its_membership_whoever_ends_it(
        graph in some_graph(),
        acts in prop::collection::vec(lasting_act(), 1..12),
    ) {
        let mut workspace = workspace(PEOPLE, &["A", "B"]);
        prop_assume!(workspace.check_graph(&graph).faults.iter().all(|fault| !fault.blocks));
        let id = activate(&mut workspace, "Random", &graph);
        for act in &acts {
            perform(&mut workspace, id, act, &mut Vec::new());
            for wait in workspace.flows.iter().flat_map(|(_, flow)| flow.waits.values()) {
                let is_member = |segment| workspace.members(segment).contains(wait.contact);
                prop_assert!(wait.segment().is_none_or(is_member), "{:?} is no member", wait);
            }
        }
    }
}
