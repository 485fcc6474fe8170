//! What people expect of running workflows, on a handful of contacts.

use super::{Base, Machine, state::Clock};
use crate::events::{NO, Raw};
use crate::workspace::{Prepared, Workspace};
use model::event::{EventDraft, EventKind, UNIT};
use model::field::EMAIL;
use model::query::Selection;
use model::segment::MemberAction;
use model::workflow::node::{
    AddToSegment, Again, Condition, EventMatch, Limits, On, Start, Trigger, Until, Wait,
};
use model::workflow::{Edge, Graph, Node, NodeKind, NodeStats, StateChange};
use model::{ContactId, NodeId, SegmentDef, SegmentId, WorkflowId};

pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;
/// The first of January 2027, at noon.
pub(crate) const NOW: i64 = 1_798_804_800_000;

/// A workspace with so many contacts and the segments of these names.
pub(crate) fn workspace(people: u32, segments: &[&str]) -> Workspace {
    let mut workspace = Workspace::new();
    for at in 0..people {
        let values = [(EMAIL, format!("p{at}@example.com"))];
        let made = workspace.create_contact(NOW - 100 * DAY, &values);
        let (_, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
        workspace.apply_all(prepared);
    }
    for name in segments {
        let made = workspace.create_segment(NOW - 99 * DAY, &SegmentDef::named((*name).to_owned()), None);
        let (_, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
        workspace.apply_all(prepared);
    }
    workspace
}

/// A graph of a row of nodes, each behind the first exit of the one before, and further edges.
pub(crate) fn row(kinds: Vec<NodeKind>, further: &[(u32, u8, u32)]) -> Graph {
    let mut graph = Graph::default();
    for (at, kind) in kinds.into_iter().enumerate() {
        graph.nodes.push(Node {
            id: NodeId(at as u32 + 1),
            x: at as i32 * 240,
            y: 0,
            name: String::new(),
            kind,
        });
        if at > 0 {
            graph.edges.push(Edge {
                from: NodeId(at as u32),
                exit: 0,
                to: NodeId(at as u32 + 1),
            });
        }
    }
    for (from, exit, to) in further {
        graph.edges.push(Edge {
            from: NodeId(*from),
            exit: *exit,
            to: NodeId(*to),
        });
    }
    graph
}

pub(crate) fn start() -> NodeKind {
    NodeKind::Start(Start::default())
}

pub(crate) fn on(kind: EventKind) -> NodeKind {
    NodeKind::Trigger(Trigger {
        on: On::Event(EventMatch::each(kind)),
        limits: Limits::default(),
    })
}

pub(crate) fn add(segment: u32) -> NodeKind {
    NodeKind::AddToSegment(AddToSegment {
        segments: vec![SegmentId(segment)],
        ..AddToSegment::default()
    })
}

pub(crate) fn remove(segment: u32) -> NodeKind {
    NodeKind::RemoveFromSegment(vec![SegmentId(segment)])
}

pub(crate) fn wait(minutes: u32) -> NodeKind {
    NodeKind::Wait(Wait {
        until: Until::Period(minutes),
        again: Again::Keep,
    })
}

/// Makes a graph an active workflow.
pub(crate) fn activate(workspace: &mut Workspace, name: &str, graph: &Graph) -> WorkflowId {
    let made = workspace.create_workflow(NOW, name, "", graph);
    let (id, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    change(workspace, NOW, id, StateChange::Activate);
    id
}

pub(crate) fn change(workspace: &mut Workspace, at: i64, id: WorkflowId, to: StateChange) {
    let changed = workspace.change_workflow(at, id, to);
    let (_, prepared) = changed.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    react(workspace, at);
}

/// Lets active workflows notice what was done since, and what is due.
pub(crate) fn react(workspace: &mut Workspace, now: i64) {
    let since = workspace.reacted().unwrap_or(model::ChangeId(0));
    let prepared = workspace
        .react(since, now, now)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
}

pub(crate) fn buy(workspace: &mut Workspace, at: i64, contact: u32, amount: i64) {
    let draft = EventDraft {
        contact: ContactId(contact),
        kind: EventKind::Purchase,
        products: Vec::new(),
        total: Some(amount * UNIT),
        text: String::new(),
    };
    let (_, prepared) = workspace
        .fire_event(at, &draft)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
}

pub(crate) fn members(workspace: &Workspace, segment: u32) -> Vec<u32> {
    workspace.members(SegmentId(segment)).iter().collect()
}

pub(crate) fn stats(workspace: &Workspace, id: WorkflowId) -> Vec<NodeStats> {
    let def = workspace
        .workflow(id)
        .unwrap_or_else(|| panic!("there is workflow {id}"));
    workspace.stats(def)
}

/// For each node: entered = inside + left + failed + ended.
pub(crate) fn assert_balanced(workspace: &Workspace, id: WorkflowId) {
    for node in stats(workspace, id) {
        let left: u64 = node.left.iter().sum();
        assert_eq!(
            node.entered,
            node.inside + left + node.failed + node.ended,
            "node {}",
            node.node
        );
    }
}

#[test]
fn whoever_purchases_is_added_and_knows_by_which_purchase() {
    let mut workspace = workspace(3, &["Buyers"]);
    let id = activate(
        &mut workspace,
        "Welcome",
        &row(vec![start(), on(EventKind::Purchase), add(1)], &[]),
    );
    buy(&mut workspace, NOW + HOUR, 1, 59);
    assert_eq!(members(&workspace, 1), [1]);
    let sheet = workspace
        .sheet(ContactId(1))
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    let why = &sheet.memberships[0];
    assert_eq!(why.since, NOW + HOUR);
    assert_eq!(why.event.as_ref().and_then(|event| event.total), Some(59 * UNIT));
    assert!(
        matches!(&why.cause, model::history::CauseLabel::Workflow(workflow, name, node)
        if *workflow == id && name == "Welcome" && node == "Add to segment")
    );
    assert_balanced(&workspace, id);
}

#[test]
fn a_wait_wakes_when_it_is_due_and_in_order() {
    let mut workspace = workspace(3, &["Buyers"]);
    let graph = row(vec![start(), on(EventKind::Purchase), wait(60), add(1)], &[]);
    let id = activate(&mut workspace, "Later", &graph);
    buy(&mut workspace, NOW + HOUR, 2, 10);
    buy(&mut workspace, NOW + HOUR + 1, 0, 10);
    assert_eq!(members(&workspace, 1), [0u32; 0]);
    assert_eq!(stats(&workspace, id)[2].inside, 2);
    assert_eq!(workspace.next_due(NOW), Some(NOW + 2 * HOUR));
    react(&mut workspace, NOW + 2 * HOUR);
    assert_eq!(members(&workspace, 1), [2]);
    // Asleep for a week: the other one goes on, with the clock at her due time.
    react(&mut workspace, NOW + 7 * DAY);
    assert_eq!(members(&workspace, 1), [0, 2]);
    let sheet = workspace
        .sheet(ContactId(0))
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    assert_eq!(sheet.memberships[0].since, NOW + 2 * HOUR + 1);
    react(&mut workspace, NOW + 8 * DAY);
    assert_eq!(stats(&workspace, id)[3].entered, 2);
    assert_balanced(&workspace, id);
}

#[test]
fn entering_a_segment_by_hand_fires_and_a_repeat_does_not() {
    let mut workspace = workspace(2, &["A", "B"]);
    let enter = NodeKind::Trigger(Trigger {
        on: On::EnterSegment(vec![SegmentId(1)]),
        limits: Limits::default(),
    });
    let id = activate(&mut workspace, "Follow", &row(vec![start(), enter, add(2)], &[]));
    for at in 1..3 {
        let selection = Selection::Contacts(vec![ContactId(0)]);
        let set = workspace.set_members(NOW + at, SegmentId(1), MemberAction::Add, &selection);
        let (_, prepared) = set.unwrap_or_else(|refused| panic!("{refused:?}"));
        workspace.apply_all(prepared);
        react(&mut workspace, NOW + at);
    }
    assert_eq!(members(&workspace, 2), [0]);
    assert_eq!(stats(&workspace, id)[1].entered, 1);
}

#[test]
fn a_workflow_that_feeds_itself_is_paused_and_says_why() {
    let mut workspace = workspace(1, &["A"]);
    let enter = NodeKind::Trigger(Trigger {
        on: On::EnterSegment(vec![SegmentId(1)]),
        limits: Limits::default(),
    });
    let graph = row(vec![start(), enter, remove(1), add(1)], &[]);
    let id = activate(&mut workspace, "Loop", &graph);
    let selection = Selection::Contacts(vec![ContactId(0)]);
    let set = workspace.set_members(NOW + 1, SegmentId(1), MemberAction::Add, &selection);
    let (_, prepared) = set.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    react(&mut workspace, NOW + 1);
    let state = workspace.workflow(id).map(|def| def.state.clone());
    assert!(
        matches!(&state, Some(model::workflow::WorkflowState::Paused(why)) if why.contains("feeds itself")),
        "{state:?}"
    );
    assert_balanced(&workspace, id);
}

#[test]
fn removing_a_contact_ends_her_passes_and_undoing_that_brings_none_back() {
    let mut workspace = workspace(2, &["Buyers"]);
    let graph = row(vec![start(), on(EventKind::Purchase), wait(60), add(1)], &[]);
    let id = activate(&mut workspace, "Later", &graph);
    buy(&mut workspace, NOW + HOUR, 0, 10);
    let deleted = workspace.delete_contacts(NOW + HOUR + 1, &Selection::Contacts(vec![ContactId(0)]));
    let (done, prepared) = deleted.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    react(&mut workspace, NOW + HOUR + 1);
    assert_eq!(stats(&workspace, id)[2].inside, 0);
    let change = done.change.unwrap_or(model::ChangeId(0));
    let stood = workspace.prepare_stand(NOW + HOUR + 2, change, false);
    let (_, prepared) = stood.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply(prepared);
    react(&mut workspace, NOW + DAY);
    assert_eq!(members(&workspace, 1), [0u32; 0]);
    assert_eq!(stats(&workspace, id)[2].ended, 1);
    assert_balanced(&workspace, id);
}

#[test]
fn whoever_waits_for_an_activity_leaves_by_the_exit_of_what_came_first() {
    let mut workspace = workspace(2, &["Bought again", "Did not"]);
    let until = NodeKind::Wait(Wait {
        until: Until::Activity {
            event: EventMatch::each(EventKind::Purchase),
            at_most: 24 * 60,
        },
        again: Again::Keep,
    });
    let graph = row(
        vec![start(), on(EventKind::Login), until, add(1), add(2)],
        &[(3, 1, 5)],
    );
    // The row leads on from the first segment to the second; here it must not.
    let mut graph = graph;
    graph
        .edges
        .retain(|edge| (edge.from, edge.to) != (NodeId(4), NodeId(5)));
    let id = activate(&mut workspace, "Again", &graph);
    for contact in [0, 1] {
        let draft = EventDraft {
            contact: ContactId(contact),
            kind: EventKind::Login,
            products: Vec::new(),
            total: None,
            text: String::new(),
        };
        let (_, prepared) = workspace
            .fire_event(NOW, &draft)
            .unwrap_or_else(|refused| panic!("{refused:?}"));
        workspace.apply_all(prepared);
    }
    buy(&mut workspace, NOW + HOUR, 1, 10);
    react(&mut workspace, NOW + 2 * DAY);
    assert_eq!(
        (members(&workspace, 1), members(&workspace, 2)),
        (vec![1], vec![0])
    );
    assert_balanced(&workspace, id);
}

#[test]
fn start_with_an_action_behind_it_passes_everybody_once_and_new_ones_as_they_come() {
    let mut workspace = workspace(3, &["Everybody"]);
    let id = activate(&mut workspace, "All", &row(vec![start(), add(1)], &[]));
    assert_eq!(members(&workspace, 1), [0, 1, 2]);
    let made = workspace.create_contact(NOW + 1, &[(EMAIL, "new@example.com".to_owned())]);
    let (_, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    react(&mut workspace, NOW + 1);
    react(&mut workspace, NOW + 2);
    assert_eq!(members(&workspace, 1), [0, 1, 2, 3]);
    assert_eq!(stats(&workspace, id)[1].entered, 4);
    assert_balanced(&workspace, id);
}

#[test]
fn the_state_after_reading_the_journal_back_is_the_same() {
    let mut workspace = workspace(3, &["Buyers"]);
    let graph = row(
        vec![
            start(),
            on(EventKind::Purchase),
            NodeKind::Condition(Condition::InSegment {
                segments: vec![SegmentId(1)],
                all: false,
            }),
            wait(600),
            add(1),
        ],
        &[(3, 1, 5)],
    );
    let id = activate(&mut workspace, "Mixed", &graph);
    for at in 0..6 {
        buy(&mut workspace, NOW + at * HOUR, (at % 3) as u32, 10);
    }
    react(&mut workspace, NOW + 5 * HOUR);
    let again = crate::stored::replayed(&workspace);
    assert_eq!(stats(&workspace, id), stats(&again, id));
    assert_eq!(members(&workspace, 1), members(&again, 1));
    assert_eq!(
        again.events(ContactId(1), None, 0, 10),
        workspace.events(ContactId(1), None, 0, 10)
    );
}

#[test]
fn a_simulation_is_undone_as_one() {
    let mut workspace = workspace(3, &["Buyers"]);
    let graph = row(vec![start(), on(EventKind::Purchase), wait(60), add(1)], &[]);
    let id = activate(&mut workspace, "Later", &graph);
    let before = workspace.version();
    let mut machine =
        Machine::new(&workspace, Clock::Simulated, NOW).unwrap_or_else(|refused| panic!("{refused:?}"));
    let mut run = None;
    for day in 0..3 {
        for contact in 0..2 {
            let event = Raw {
                when: NOW + day * DAY + i64::from(contact) * HOUR,
                contact,
                kind: EventKind::Purchase,
                amount: UNIT,
                text: NO,
                order: NO,
            };
            machine.event(event, &[]);
        }
        let until = NOW + (day + 1) * DAY;
        machine.advance(until);
        let base = Base::Simulation {
            run,
            until,
            spec: run.is_none().then(Box::default),
        };
        let prepared: Vec<Prepared> = machine.close(&mut workspace, NOW, base);
        run = run.or(prepared.first().map(|one| one.set.id));
        workspace.apply_all(prepared);
    }
    assert_eq!(members(&workspace, 1), [0, 1]);
    assert_eq!(stats(&workspace, id)[1].entered, 6);
    let (_, prepared) = workspace
        .prepare_stand(NOW, run.unwrap_or(model::ChangeId(0)), false)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    assert!(prepared.set.effects.len() > 3);
    workspace.apply(prepared);
    assert_eq!(members(&workspace, 1), [0u32; 0]);
    assert_eq!(stats(&workspace, id)[1].entered, 0);
    assert_eq!(workspace.events(ContactId(0), None, 0, 10).0, 0);
    assert!(workspace.version() > before);
}

#[test]
fn what_a_node_did_stays_undone_when_a_person_undoes_it() {
    let mut workspace = workspace(3, &["Everybody"]);
    let id = activate(&mut workspace, "All", &row(vec![start(), add(1)], &[]));
    let acted = workspace
        .journal()
        .iter()
        .rev()
        .find(|entry| !entry.set.is_books());
    let change = acted.map_or(model::ChangeId(0), |entry| entry.set.id);
    let (_, prepared) = workspace
        .prepare_stand(NOW + 1, change, false)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply(prepared);
    react(&mut workspace, NOW + 1);
    react(&mut workspace, NOW + 2);
    assert_eq!(members(&workspace, 1), [0u32; 0]);
    assert_balanced(&workspace, id);
}

#[test]
fn whoever_comes_back_by_an_undo_begins_no_pass() {
    let mut workspace = workspace(2, &["Everybody"]);
    let deleted = workspace.delete_contacts(NOW - 1, &Selection::Contacts(vec![ContactId(1)]));
    let (done, prepared) = deleted.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    let id = activate(&mut workspace, "All", &row(vec![start(), add(1)], &[]));
    let change = done.change.unwrap_or(model::ChangeId(0));
    let (_, prepared) = workspace
        .prepare_stand(NOW + 1, change, false)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply(prepared);
    react(&mut workspace, NOW + 1);
    // Nor later, when somebody else is brought.
    let made = workspace.create_contact(NOW + 2, &[(EMAIL, "new@example.com".to_owned())]);
    let (_, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    react(&mut workspace, NOW + 2);
    assert_eq!(members(&workspace, 1), [0, 2]);
    assert_balanced(&workspace, id);
}

#[test]
fn undoing_an_event_takes_back_what_followed_from_it() {
    let mut workspace = workspace(2, &["Buyers"]);
    let graph = row(
        vec![start(), on(EventKind::Purchase), add(1), wait(60), remove(1)],
        &[],
    );
    let id = activate(&mut workspace, "Hour", &graph);
    let before = workspace.journal().next_id();
    buy(&mut workspace, NOW + HOUR, 1, 10);
    assert_eq!(members(&workspace, 1), [1]);
    let (_, prepared) = workspace
        .prepare_stand(NOW + HOUR + 1, before, false)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply(prepared);
    react(&mut workspace, NOW + 5 * HOUR);
    assert_eq!(members(&workspace, 1), [0u32; 0]);
    assert_eq!(workspace.events(ContactId(1), None, 0, 9).0, 0);
    assert!(stats(&workspace, id).iter().all(|node| node.entered == 0));
}

#[test]
fn waits_that_were_due_during_a_pause_run_when_it_ends_and_once() {
    let mut workspace = workspace(2, &["Buyers"]);
    let graph = row(vec![start(), on(EventKind::Purchase), wait(60), add(1)], &[]);
    let id = activate(&mut workspace, "Later", &graph);
    buy(&mut workspace, NOW, 1, 10);
    change(&mut workspace, NOW + 1, id, StateChange::Pause);
    react(&mut workspace, NOW + DAY);
    assert_eq!(members(&workspace, 1), [0u32; 0]);
    change(&mut workspace, NOW + 2 * DAY, id, StateChange::Resume);
    react(&mut workspace, NOW + 3 * DAY);
    let sheet = workspace
        .sheet(ContactId(1))
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    assert_eq!(sheet.memberships[0].since, NOW + 2 * DAY);
    assert_eq!(stats(&workspace, id)[3].entered, 1);
    assert_balanced(&workspace, id);
}

#[test]
fn limits_hold_for_each_contact_in_all_and_in_time() {
    let limited = |limits: Limits| {
        let mut workspace = workspace(3, &["Buyers"]);
        let trigger = NodeKind::Trigger(Trigger {
            on: On::Event(EventMatch::each(EventKind::Purchase)),
            limits,
        });
        let id = activate(
            &mut workspace,
            "Limited",
            &row(vec![start(), trigger, add(1)], &[]),
        );
        for day in 0..6 {
            for contact in 0..3 {
                buy(&mut workspace, NOW + day * DAY + i64::from(contact), contact, 10);
            }
        }
        stats(&workspace, id)[1].entered
    };
    let none = Limits::default();
    let cases = [
        (none, 18),
        (
            Limits {
                per_contact: 2,
                ..none
            },
            6,
        ),
        (Limits { total: 5, ..none }, 5),
        (
            Limits {
                once_in_days: 3,
                ..none
            },
            6,
        ),
        (
            Limits {
                deactivate: true,
                ..none
            },
            3,
        ),
    ];
    for (limits, times) in cases {
        assert_eq!(limited(limits), times, "{limits:?}");
    }
}

#[test]
fn checks_name_the_node_and_what_to_do() {
    let workspace = workspace(1, &["A"]);
    let told = |graph: &Graph| -> Vec<(Option<u32>, bool)> {
        let faults = workspace.check_graph(graph).faults;
        faults
            .iter()
            .map(|fault| (fault.node.map(|id| id.0), fault.blocks))
            .collect()
    };
    let good = row(
        vec![start(), on(EventKind::Purchase), add(1), NodeKind::Finish],
        &[],
    );
    assert_eq!(told(&good), []);
    assert_eq!(told(&Graph::default()), [(None, true)]);
    let lonely = row(vec![start(), on(EventKind::Purchase), add(9)], &[]);
    assert_eq!(told(&lonely), [(Some(3), true)]);
    let round = row(
        vec![start(), on(EventKind::Purchase), add(1), remove(1)],
        &[(4, 0, 3)],
    );
    assert_eq!(told(&round), [(Some(3), true)]);
    let mut apart = good.clone();
    apart.edges.retain(|edge| edge.to != NodeId(3));
    assert_eq!(told(&apart), [(Some(3), true), (Some(4), true), (Some(2), false)]);
}

#[test]
fn a_workflow_reads_its_own_file_and_says_what_is_wrong_with_others() {
    let mut workspace = workspace(1, &["A"]);
    let graph = row(vec![start(), on(EventKind::Purchase), add(1)], &[]);
    let id = activate(&mut workspace, "Welcome", &graph);
    let (name, text) = workspace
        .write_workflow(id)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    assert_eq!(name, "workflow-welcome.json");
    let (copy, faults, (_, prepared)) = workspace
        .read_workflow(NOW, &text)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    assert_eq!(faults, []);
    assert_eq!(workspace.workflow(copy).map(|def| def.graph.clone()), Some(graph));
    // Elsewhere there is no such segment: it is marked, and the rest is read.
    let elsewhere = super::tests::workspace(1, &["B"]);
    let (_, faults, _) = elsewhere
        .read_workflow(NOW, &text)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    assert_eq!(faults.len(), 1);
    assert!(faults[0].what.contains("segment A"), "{}", faults[0].what);
    for (damaged, says) in [
        ("{", "does not begin"),
        ("{\"format\":\"corral workflow\",\"version\":9}", "newer"),
        ("{\"format\":\"something\",\"version\":1}", "something"),
        (&text[..text.len() / 2], "does not begin"),
    ] {
        match elsewhere.read_workflow(NOW, damaged) {
            Err(crate::Refused::NotAWorkflow(why)) => assert!(why.contains(says), "{why}"),
            other => panic!("{damaged}: {other:?}"),
        }
    }
}

#[test]
fn every_template_can_be_activated_where_there_is_nothing_yet() {
    for (template, ..) in model::workflow::TEMPLATES {
        let mut workspace = workspace(3, &[]);
        let made = workspace.from_template(NOW, *template);
        let (id, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
        workspace.apply_all(prepared);
        change(&mut workspace, NOW, id, StateChange::Activate);
        buy(&mut workspace, NOW + 1, 1, 10);
        react(&mut workspace, NOW + 100 * DAY);
        assert_balanced(&workspace, id);
    }
}
