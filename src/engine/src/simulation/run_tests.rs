//! What people expect of simulations: the same seed gives the same state, and a dry run says what will happen.

use super::Simulation;
use crate::workflow::tests::{activate, add, assert_balanced, on, remove, row, start, wait, workspace};
use crate::workspace::Workspace;
use model::event::EventKind;
use model::simulation::{DryRun, SimulateOn, SimulationReport, SimulationSpec};
use model::workflow::node::{AddToSegment, Again, Channel, Condition, EventMatch, Send, Until, Wait};
use model::workflow::{Edge, Graph, GraphChange, NodeKind};
use model::{SegmentId, WorkflowId};
use proptest::prelude::*;

/// The first of January 2027, at noon.
const NOW: i64 = 1_798_804_800_000;

/// Runs a simulation to its end in batches of at most so many milliseconds.
pub(super) fn run(workspace: &mut Workspace, spec: SimulationSpec, batch: i64) -> SimulationReport {
    let mut simulation =
        Simulation::new(workspace, spec, NOW).unwrap_or_else(|refused| panic!("{refused:?}"));
    while simulation.reached() < simulation.until() {
        simulation
            .freshen(workspace)
            .unwrap_or_else(|refused| panic!("{refused:?}"));
        let limit = simulation
            .next_midnight(workspace)
            .min(simulation.reached() + batch);
        while !simulation.step(limit, 100) {}
        let prepared = simulation.close(workspace, NOW);
        let first = prepared.first().map(|one| one.set.id);
        workspace.apply_all(prepared);
        simulation.applied(workspace, first);
    }
    simulation.report(workspace)
}

const DAY: i64 = 86_400_000;

pub(super) fn spec(seed: u64) -> SimulationSpec {
    SimulationSpec {
        days: 5,
        visits_per_day: 60,
        seed,
        on: SimulateOn::Real,
        from: Some(NOW),
        ..SimulationSpec::default()
    }
}

/// Buyers are added; two hours later they get an email; who clicks is added to another segment, who does not within a
/// day is taken out again.
fn graph() -> Graph {
    let email = NodeKind::Send(Send {
        channel: Channel::Email,
        subject: "Thank you".to_owned(),
    });
    let opened = NodeKind::Wait(Wait {
        until: Until::Activity {
            event: EventMatch::each(EventKind::EmailOpened),
            at_most: 24 * 60,
        },
        again: Again::Restart,
    });
    row(
        vec![
            start(),
            on(EventKind::Purchase),
            add(1),
            wait(120),
            email,
            opened,
            add(2),
            remove(1),
        ],
        &[(6, 1, 8)],
    )
}

#[test]
fn the_same_seed_gives_the_same_state_wherever_batches_end() {
    let states: Vec<(u64, u64)> = [DAY, 7 * 3_600_000, 60_000]
        .into_iter()
        .map(|batch| {
            let mut workspace = workspace(40, &["Buyers", "Readers"]);
            let id = activate(&mut workspace, "Thanks", &graph());
            let report = run(&mut workspace, spec(7), batch);
            assert_balanced(&workspace, id);
            let events: u64 = report.events.iter().map(|(_, count)| count).sum();
            (report.hash, events)
        })
        .collect();
    assert_eq!(states[0], states[1]);
    assert_eq!(states[0], states[2]);
    assert!(states[0].1 > 500, "{states:?}");
    let mut other = workspace(40, &["Buyers", "Readers"]);
    activate(&mut other, "Thanks", &graph());
    assert_ne!(run(&mut other, spec(8), DAY).hash, states[0].0);
}

#[test]
fn a_dry_run_says_what_then_happens_and_changes_nothing() {
    let mut real = workspace(40, &["Buyers", "Readers"]);
    let before = real.state_hash();
    let mut copy = real.copy();
    let dry = SimulationSpec {
        on: SimulateOn::Copy,
        workflow: Some(DryRun {
            id: None,
            name: "Thanks".to_owned(),
            graph: graph(),
            others: true,
            recorded: false,
        }),
        ..spec(3)
    };
    let forecast = run(&mut copy, dry, DAY);
    assert_eq!((real.state_hash(), real.workflows().count()), (before, 0));
    let id = activate(&mut real, "Thanks", &graph());
    let happened = run(&mut real, spec(3), DAY);
    assert_eq!(forecast.segments, happened.segments);
    assert_eq!(forecast.events, happened.events);
    assert_eq!(forecast.hash, happened.hash);
    let stats = |report: &SimulationReport| {
        report
            .workflows
            .iter()
            .map(|(.., stats)| stats.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(stats(&forecast), stats(&happened));
    assert_eq!(forecast.tested.is_some(), happened.tested.is_none());
    assert_balanced(&real, id);
}

#[test]
fn clearing_a_simulation_leaves_what_was_before() {
    let mut workspace = workspace(40, &["Buyers", "Readers"]);
    let id = activate(&mut workspace, "Thanks", &graph());
    let before = workspace.state_hash();
    let report = run(&mut workspace, spec(3), DAY);
    assert_ne!(workspace.state_hash(), before);
    let until = |workspace: &Workspace| workspace.overview(NOW).simulated_until;
    let end = until(&workspace).unwrap_or_default();
    assert!((NOW + 4 * DAY..=NOW + 5 * DAY).contains(&end), "{end}");
    let change = report.change.unwrap_or(model::ChangeId(0));
    let (_, prepared) = workspace
        .prepare_stand(NOW, change, false)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply(prepared);
    assert_eq!(until(&workspace), None);
    let stats = workspace
        .workflow(id)
        .map(|def| workspace.stats(def))
        .unwrap_or_default();
    assert!(
        stats.iter().all(|node| node.entered == 0 && node.inside == 0),
        "{stats:?}"
    );
    assert_eq!(workspace.members(SegmentId(1)).len(), 0);
    // And again: it gives what it gave before.
    let again = run(&mut workspace, spec(3), DAY);
    assert_eq!((again.events, again.segments), (report.events, report.segments));
}

fn some_node() -> impl Strategy<Value = NodeKind> {
    prop_oneof![
        (1u32..3).prop_map(add),
        (1u32..3).prop_map(remove),
        (1u32..3, 1u32..3, any::<bool>()).prop_map(|(segment, for_days, renew)| {
            NodeKind::AddToSegment(AddToSegment {
                segments: vec![SegmentId(segment)],
                for_days,
                renew,
                ..AddToSegment::default()
            })
        }),
        (1u32..600).prop_map(wait),
        Just(on(EventKind::ProductVisited)),
        (1u32..3).prop_map(|segment| NodeKind::Condition(Condition::InSegment {
            segments: vec![SegmentId(segment)],
            all: false,
        })),
        Just(NodeKind::Finish),
    ]
}

/// A row of nodes behind a trigger, with some further connections.
pub(super) fn some_graph() -> impl Strategy<Value = Graph> {
    let nodes = prop::collection::vec(some_node(), 1..7);
    let jumps = prop::collection::vec((2u32..8, 0u8..2, 2u32..8), 0..5);
    (nodes, jumps).prop_map(|(nodes, jumps)| {
        let mut kinds = vec![start(), on(EventKind::PageVisited)];
        kinds.extend(nodes);
        let count = kinds.len() as u32;
        let mut graph = row(kinds, &[]);
        for (from, exit, to) in jumps {
            if from <= count && to <= count {
                let (from, to) = (model::NodeId(from), model::NodeId(to));
                graph.apply(&GraphChange::Connect(Edge { from, exit, to }));
            }
        }
        graph
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn counts_balance_and_the_journal_gives_the_same_state(graph in some_graph(), seed in 0u64..1000) {
        let mut workspace = workspace(12, &["A", "B"]);
        prop_assume!(workspace.check_graph(&graph).faults.iter().all(|fault| !fault.blocks));
        let id: WorkflowId = activate(&mut workspace, "Random", &graph);
        run(&mut workspace, SimulationSpec { days: 2, visits_per_day: 30, ..spec(seed) }, DAY);
        assert_balanced(&workspace, id);
        let again = crate::stored::replayed(&workspace);
        prop_assert_eq!(again.state_hash(), workspace.state_hash());
    }
}
