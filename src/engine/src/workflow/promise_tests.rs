//! What people expect of memberships for some days: each ends when it was promised, and only then.

use super::history_tests::forget;
use super::tests::{DAY, HOUR, NOW, activate, buy, change, members, on, react, row, start, workspace};
use crate::journal::{Cause, Effect};
use crate::stored::replayed;
use crate::workspace::Workspace;
use model::event::EventKind;
use model::query::Selection;
use model::segment::MemberAction;
use model::workflow::node::{AddToSegment, Limits, On, Trigger};
use model::workflow::{NodeKind, StateChange};
use model::{ChangeId, ContactId, SegmentId, WorkflowId};

fn add_for(segments: &[u32], for_days: u32, renew: bool) -> NodeKind {
    NodeKind::AddToSegment(AddToSegment {
        segments: segments.iter().map(|id| SegmentId(*id)).collect(),
        for_days,
        renew,
        ..AddToSegment::default()
    })
}

/// A workflow that adds buyers.
fn adding(workspace: &mut Workspace, name: &str, node: NodeKind) -> WorkflowId {
    activate(
        workspace,
        name,
        &row(vec![start(), on(EventKind::Purchase), node], &[]),
    )
}

fn by_hand(workspace: &mut Workspace, at: i64, segment: u32, action: MemberAction) {
    let selection = Selection::Contacts(vec![ContactId(0)]);
    let set = workspace.set_members(at, SegmentId(segment), action, &selection);
    let (_, prepared) = set.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    react(workspace, at);
}

#[test]
fn memberships_of_a_finalized_workflow_end_when_they_were_promised() {
    let mut workspace = workspace(2, &["Hot"]);
    let id = adding(&mut workspace, "Hot for two days", add_for(&[1], 2, false));
    buy(&mut workspace, NOW, 1, 10);
    change(&mut workspace, NOW + HOUR, id, StateChange::Finalize);
    assert_eq!(workspace.next_due(NOW + HOUR), Some(NOW + 2 * DAY));
    react(&mut workspace, NOW + 2 * DAY - 1);
    assert_eq!(members(&workspace, 1), [1]);
    assert!(workspace.reacts(), "whoever leaves by hand ends her promise");
    // Nothing else of it happens any more.
    buy(&mut workspace, NOW + DAY, 0, 10);
    assert_eq!(members(&workspace, 1), [1]);
    react(&mut workspace, NOW + 2 * DAY);
    assert_eq!(members(&workspace, 1), [0u32; 0]);
    assert_eq!(workspace.next_due(NOW + 2 * DAY), None);
    assert!(!workspace.reacts(), "nothing is left to do");
}

#[test]
fn each_segment_ends_for_itself_and_not_what_somebody_began_anew() {
    let mut workspace = workspace(1, &["Hot", "Warm"]);
    adding(&mut workspace, "Both", add_for(&[1, 2], 2, false));
    buy(&mut workspace, NOW, 0, 10);
    by_hand(&mut workspace, NOW + HOUR, 1, MemberAction::Remove);
    by_hand(&mut workspace, NOW + 2 * HOUR, 1, MemberAction::Add);
    react(&mut workspace, NOW + 3 * DAY);
    assert_eq!(
        (members(&workspace, 1), members(&workspace, 2)),
        (vec![0], vec![])
    );
}

#[test]
fn a_membership_is_renewed_by_whoever_renews_and_never_shortened() {
    // Days and whether the second workflow renews; after how many days the membership is over.
    for (days, renew, over) in [(5, true, 6), (5, false, 3), (1, true, 3)] {
        let mut workspace = workspace(1, &["Hot", "Warm"]);
        adding(&mut workspace, "First", add_for(&[1, 2], 3, false));
        buy(&mut workspace, NOW, 0, 10);
        adding(&mut workspace, "Second", add_for(&[1], days, renew));
        buy(&mut workspace, NOW + DAY, 0, 10);
        react(&mut workspace, NOW + over * DAY - 1);
        assert_eq!(members(&workspace, 1), [0], "{days} days, renew: {renew}");
        react(&mut workspace, NOW + over * DAY);
        assert_eq!(members(&workspace, 1), [0u32; 0], "{days} days, renew: {renew}");
        assert_eq!(members(&workspace, 2), [0u32; 0], "{days} days, renew: {renew}");
    }
}

#[test]
fn what_is_for_good_stays_although_a_node_would_renew_it() {
    let mut workspace = workspace(1, &["Hot"]);
    by_hand(&mut workspace, NOW - HOUR, 1, MemberAction::Add);
    adding(&mut workspace, "For a day", add_for(&[1], 1, true));
    buy(&mut workspace, NOW, 0, 10);
    react(&mut workspace, NOW + 9 * DAY);
    assert_eq!(members(&workspace, 1), [0]);
}

/// Deletes a workflow as a person does: it comes to its end first. Gives the change set that an undo turns.
fn delete(workspace: &mut Workspace, at: i64, id: WorkflowId) -> ChangeId {
    change(workspace, at, id, StateChange::Finalize);
    let deleted = workspace.delete_workflow(at, id);
    let (done, prepared) = deleted.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    react(workspace, at);
    done.change.unwrap_or_else(|| panic!("a deletion can be undone"))
}

fn undo(workspace: &mut Workspace, at: i64, change: ChangeId) {
    let turned = workspace.prepare_stand(at, change, false);
    let (_, prepared) = turned.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply(prepared);
    react(workspace, at);
}

/// The change sets in which a workflow removed somebody: each with the workflow, its version and the node.
fn removals(workspace: &Workspace) -> Vec<(String, u32, String)> {
    let removes = |effect: &Effect| matches!(effect, Effect::Members { removed, .. } if !removed.is_empty());
    let entries = workspace.journal().iter();
    let removing = entries.filter(|entry| entry.set.effects.iter().any(removes));
    let causes = removing.filter_map(|entry| match &entry.set.cause {
        Cause::Workflow(cause) => Some((cause.name.clone(), cause.version, cause.node_name.clone())),
        _ => None,
    });
    causes.collect()
}

#[test]
fn memberships_of_a_deleted_workflow_end_when_they_were_promised_by_the_node_that_began_them() {
    let mut workspace = workspace(2, &["Hot", "Warm"]);
    let id = adding(&mut workspace, "Hot for two days", add_for(&[1], 2, false));
    buy(&mut workspace, NOW, 1, 10);
    // A later version that nobody went through.
    let graph = row(
        vec![start(), on(EventKind::Purchase), add_for(&[2], 9, false)],
        &[],
    );
    let saved = workspace.save_workflow(NOW + 1, id, "Warm for nine", "", &graph, false);
    workspace.apply_all(saved.unwrap_or_else(|refused| panic!("{refused:?}")).1);
    delete(&mut workspace, NOW + HOUR, id);
    for mut workspace in [replayed(&workspace), workspace] {
        assert_eq!(workspace.next_due(NOW + HOUR), Some(NOW + 2 * DAY));
        assert!(workspace.reacts(), "whoever leaves by hand ends her promise");
        react(&mut workspace, NOW + 2 * DAY - 1);
        assert_eq!(members(&workspace, 1), [1]);
        react(&mut workspace, NOW + 2 * DAY);
        assert_eq!(members(&workspace, 1), [0u32; 0]);
        let node = "Add to segment".to_owned();
        assert_eq!(removals(&workspace), [("Hot for two days".to_owned(), 1, node)]);
        assert_eq!(workspace.next_due(NOW + 2 * DAY), None);
        assert!(!workspace.reacts(), "nothing is left to do");
    }
}

#[test]
fn a_deletion_that_is_undone_ends_no_membership_twice() {
    for back in [NOW + DAY, NOW + 3 * DAY] {
        let mut workspace = workspace(1, &["Hot"]);
        let id = adding(&mut workspace, "Hot for two days", add_for(&[1], 2, false));
        buy(&mut workspace, NOW, 0, 10);
        let deletion = delete(&mut workspace, NOW + HOUR, id);
        react(&mut workspace, back);
        undo(&mut workspace, back, deletion);
        // By hand she is a member for good once the promised days are over.
        react(&mut workspace, NOW + 4 * DAY);
        by_hand(&mut workspace, NOW + 4 * DAY, 1, MemberAction::Add);
        react(&mut workspace, NOW + 9 * DAY);
        assert_eq!((members(&workspace, 1), removals(&workspace).len()), (vec![0], 1));
        assert!(!workspace.reacts(), "nothing is left to do");
    }
}

#[test]
fn the_promises_of_a_deleted_workflow_are_kept_although_its_history_is_forgotten() {
    let mut workspace = workspace(1, &["Hot"]);
    let id = adding(&mut workspace, "Hot for two days", add_for(&[1], 2, false));
    buy(&mut workspace, NOW, 0, 10);
    delete(&mut workspace, NOW + HOUR, id);
    forget(&mut workspace, NOW + DAY);
    let mut again = replayed(&workspace);
    react(&mut again, NOW + 2 * DAY);
    assert_eq!(members(&again, 1), [0u32; 0]);
    assert_eq!(removals(&again).len(), 1);
}

#[test]
fn what_happens_to_a_membership_while_its_workflow_is_paused_counts() {
    // Who is a member for good, or for days that others renewed, stays.
    for renewed in [false, true] {
        let mut workspace = workspace(1, &["Hot"]);
        let id = adding(&mut workspace, "Hot for two days", add_for(&[1], 2, false));
        buy(&mut workspace, NOW, 0, 10);
        change(&mut workspace, NOW + HOUR, id, StateChange::Pause);
        assert!(workspace.reacts(), "whoever leaves by hand ends her promise");
        if renewed {
            adding(&mut workspace, "Hot for six", add_for(&[1], 6, true));
            buy(&mut workspace, NOW + DAY, 0, 10);
        } else {
            by_hand(&mut workspace, NOW + DAY, 1, MemberAction::Remove);
            by_hand(&mut workspace, NOW + DAY, 1, MemberAction::Add);
        }
        assert_eq!(replayed(&workspace).state_hash(), workspace.state_hash());
        change(&mut workspace, NOW + 3 * DAY, id, StateChange::Resume);
        react(&mut workspace, NOW + 7 * DAY - 1);
        assert_eq!(members(&workspace, 1), [0], "renewed: {renewed}");
        react(&mut workspace, NOW + 7 * DAY);
        let then: &[u32] = if renewed { &[] } else { &[0] };
        assert_eq!(members(&workspace, 1), then, "renewed: {renewed}");
    }
}

#[test]
fn a_membership_that_was_due_during_a_pause_ends_when_the_workflow_goes_on_or_is_finalized() {
    for how in [StateChange::Resume, StateChange::Finalize] {
        let mut workspace = workspace(1, &["Hot"]);
        let id = adding(&mut workspace, "Hot for two days", add_for(&[1], 2, false));
        buy(&mut workspace, NOW, 0, 10);
        change(&mut workspace, NOW + HOUR, id, StateChange::Pause);
        react(&mut workspace, NOW + 3 * DAY);
        assert_eq!(workspace.next_due(NOW + 3 * DAY), None);
        assert_eq!(members(&workspace, 1), [0]);
        change(&mut workspace, NOW + 4 * DAY, id, how);
        assert_eq!(members(&workspace, 1), [0u32; 0], "{how:?}");
        let then = workspace.members_at(SegmentId(1), NOW + 3 * DAY);
        assert!(then.contains(0), "{how:?}: that day she was still a member");
    }
}

#[test]
fn who_is_added_by_hand_after_an_undo_stays_for_good() {
    let mut workspace = workspace(1, &["Hot", "Warm"]);
    let joins = NodeKind::Trigger(Trigger {
        on: On::EnterSegment(vec![SegmentId(2)]),
        limits: Limits::default(),
    });
    let graph = row(vec![start(), joins, add_for(&[1], 2, false)], &[]);
    activate(&mut workspace, "Hot for two days", &graph);
    by_hand(&mut workspace, NOW, 2, MemberAction::Add);
    assert_eq!(members(&workspace, 1), [0]);
    let node = |entry: &&crate::journal::Entry| {
        matches!(&entry.set.cause, Cause::Workflow(_)) && !entry.set.is_books()
    };
    let added = workspace
        .journal()
        .iter()
        .rev()
        .find(node)
        .map(|entry| entry.set.id);
    undo(&mut workspace, NOW + HOUR, added.unwrap_or(ChangeId(0)));
    assert_eq!(members(&workspace, 1), [0u32; 0]);
    by_hand(&mut workspace, NOW + DAY, 1, MemberAction::Add);
    react(&mut workspace, NOW + 3 * DAY);
    assert_eq!(members(&workspace, 1), [0]);
}

#[test]
fn the_promise_of_a_contact_who_is_deleted_is_over_also_during_a_pause() {
    for paused in [false, true] {
        let mut workspace = workspace(1, &["Hot"]);
        let id = adding(&mut workspace, "Hot for two days", add_for(&[1], 2, false));
        buy(&mut workspace, NOW, 0, 10);
        if paused {
            change(&mut workspace, NOW + HOUR, id, StateChange::Pause);
        }
        let her = Selection::Contacts(vec![ContactId(0)]);
        let (done, prepared) = workspace.delete_contacts(NOW + 2 * HOUR, &her).unwrap();
        workspace.apply(prepared.unwrap());
        react(&mut workspace, NOW + 2 * HOUR);
        let waits = workspace.flows.get(id).map(|flow| flow.waits.values().count());
        assert_eq!(waits, Some(0), "paused: {paused}");
        undo(&mut workspace, NOW + 3 * HOUR, done.change.unwrap());
        if paused {
            change(&mut workspace, NOW + DAY, id, StateChange::Resume);
        }
        react(&mut workspace, NOW + 7 * DAY);
        assert_eq!(members(&workspace, 1), [0], "paused: {paused}");
    }
}
