//! What people expect of memberships for some days: each ends when it was promised, and only then.

use super::tests::{DAY, HOUR, NOW, activate, buy, change, members, on, react, row, start, workspace};
use crate::workspace::Workspace;
use model::event::EventKind;
use model::query::Selection;
use model::segment::MemberAction;
use model::workflow::node::AddToSegment;
use model::workflow::{NodeKind, StateChange};
use model::{ContactId, SegmentId, WorkflowId};

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
