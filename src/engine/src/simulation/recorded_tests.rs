//! What people expect of a dry run over what is recorded: it happens again, on a copy, as it happened then.

use super::run_tests::run;
use crate::workflow::tests::{DAY, HOUR, NOW, activate, add, assert_balanced, buy, on, row, workspace};
use crate::workspace::Workspace;
use model::event::EventKind;
use model::field::EMAIL;
use model::simulation::{DryRun, SimulateOn, SimulationReport, SimulationSpec};
use model::workflow::node::{EventMatch, Limits, On, Source, Start, Trigger};
use model::workflow::{Graph, NodeKind};
use model::{ContactId, SegmentId};

/// Contact 0 buys on three days, contact 1 once, and contact 3, who comes on the second day, once; contact 2 does not.
fn shop() -> Workspace {
    let mut workspace = workspace(3, &["Buyers"]);
    buy(&mut workspace, NOW - 2 * DAY, 0, 10);
    buy(&mut workspace, NOW + HOUR, 0, 10);
    buy(&mut workspace, NOW + DAY, 1, 20);
    let made = workspace.create_contact(NOW + DAY + HOUR, &[(EMAIL, "new@example.com".to_owned())]);
    let (_, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    buy(&mut workspace, NOW + 2 * DAY, 3, 30);
    buy(&mut workspace, NOW + 2 * DAY + HOUR, 0, 40);
    workspace
}

fn from(source: Source) -> NodeKind {
    NodeKind::Start(Start {
        source,
        ..Start::default()
    })
}

/// A dry run from noon of the first day over so many days.
fn dry(workspace: &Workspace, graph: Graph, days: u32) -> (Workspace, SimulationReport) {
    let mut copy = workspace.copy();
    let spec = SimulationSpec {
        days,
        on: SimulateOn::Copy,
        from: Some(NOW),
        workflow: Some(DryRun {
            id: None,
            name: "Tried".to_owned(),
            graph,
            others: false,
            recorded: true,
        }),
        ..SimulationSpec::default()
    };
    let report = run(&mut copy, spec, DAY);
    if let Some(id) = report.tested {
        assert_balanced(&copy, id);
    }
    (copy, report)
}

fn buyers(workspace: &Workspace) -> Vec<u32> {
    workspace.members(SegmentId(1)).iter().collect()
}

#[test]
fn what_is_recorded_happens_again_and_nothing_is_changed() {
    let real = shop();
    let before = real.state_hash();
    let cases = [
        (Source::Both, 3, vec![0, 1, 3], 4, 100),
        (Source::Existing, 3, vec![0, 1], 4, 100),
        (Source::New, 3, vec![3], 4, 100),
        (Source::Both, 1, vec![0], 1, 10),
    ];
    for (source, days, members, purchases, amount) in cases {
        let graph = row(vec![from(source), on(EventKind::Purchase), add(1)], &[]);
        let (copy, report) = dry(&real, graph, days);
        assert_eq!(buyers(&copy), members, "{source:?} {days}");
        assert_eq!(report.events, [(EventKind::Purchase, purchases)]);
        assert_eq!(report.amount, amount * model::event::UNIT);
    }
    assert_eq!((real.state_hash(), real.workflows().count()), (before, 0));
}

#[test]
fn history_is_that_of_then_and_no_event_counts_twice() {
    let real = shop();
    let nth = |nth| {
        NodeKind::Trigger(Trigger {
            on: On::Event(EventMatch {
                nth,
                ..EventMatch::each(EventKind::Purchase)
            }),
            limits: Limits::default(),
        })
    };
    // The second purchase of contact 0 is the first in the period, since one came before it.
    for (at, members) in [(1, vec![1, 3]), (2, vec![0]), (3, vec![0]), (4, vec![])] {
        let graph = row(vec![from(Source::Both), nth(at), add(1)], &[]);
        let (copy, _) = dry(&real, graph, 3);
        assert_eq!(buyers(&copy), members, "{at}");
        assert_eq!(copy.events(ContactId(0), None, 0, 9).0, 3);
    }
}

#[test]
fn segments_are_as_they_were_when_it_begins() {
    let mut real = shop();
    // What the workflow did in earnest since then is what the dry run has to do by itself.
    let graph = row(vec![from(Source::Both), on(EventKind::Purchase), add(1)], &[]);
    activate(&mut real, "In earnest", &graph);
    buy(&mut real, NOW + 2 * DAY + 2 * HOUR, 1, 10);
    assert_eq!(buyers(&real), [1]);
    let (copy, report) = dry(&real, graph, 3);
    assert_eq!(buyers(&copy), [0, 1, 3]);
    assert_eq!(report.segments.first().map(|shift| shift.came), Some(3));
}
