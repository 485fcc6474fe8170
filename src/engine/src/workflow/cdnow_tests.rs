//! The category-interest workflow, with amounts in the place of visits, replayed on real purchases: at least three in 90
//! days add, 180 days without one remove. On every day the members are those that a plain calculation gives.

use super::replay::Replay;
use super::tests::{activate, add, remove, start, workspace};
use crate::csv::sniff;
use crate::events::import::EventsImport;
use crate::value::date::DAY;
use crate::workspace::Workspace;
use litemap::LiteMap;
use model::event::{Behaviour, EventKind, Window};
use model::simulation::{EventColumn, EventsSpec};
use model::workflow::node::{Again, Condition, EventMatch, Limits, On, Trigger, Until, Wait};
use model::workflow::{Edge, Graph, Node, NodeKind};
use model::{ContactId, NodeId, Op, SegmentId, SourceId};
use std::collections::BTreeSet;

const DAYS_IN: i64 = 90;
const DAYS_OUT: i64 = 180;
const NOW: i64 = 1_798_804_800_000;

fn file() -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/cdnow-purchases.csv"
    );
    std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Start → On purchase → purchased at least 3 times within 90 days? → Add → wait for a purchase, 180 days at most →
/// Remove. Who purchases while she waits begins anew.
fn graph() -> Graph {
    let often = NodeKind::Condition(Condition::Did(Behaviour {
        op: Op::AtLeast,
        number: "3".to_owned(),
        window: Window::LastDays(DAYS_IN as u32),
        ..Behaviour::once(EventKind::Purchase)
    }));
    let member = NodeKind::Condition(Condition::InSegment {
        segments: vec![SegmentId(1)],
        all: false,
    });
    let quiet = NodeKind::Wait(Wait {
        until: Until::Period(DAYS_OUT as u32 * 24 * 60),
        again: Again::Restart,
    });
    let bought = NodeKind::Trigger(Trigger {
        on: On::Event(EventMatch::each(EventKind::Purchase)),
        limits: Limits::default(),
    });
    let kinds = [start(), bought, often, add(1), member, quiet, remove(1)];
    let mut graph = Graph::default();
    for (at, kind) in kinds.into_iter().enumerate() {
        graph.nodes.push(Node {
            id: NodeId(at as u32 + 1),
            x: 0,
            y: 0,
            name: String::new(),
            kind,
        });
    }
    for (from, exit, to) in [
        (1, 0, 2),
        (2, 0, 3),
        (3, 0, 4),
        (4, 0, 6),
        (3, 1, 5),
        (5, 0, 6),
        (6, 0, 7),
    ] {
        let (from, to) = (NodeId(from), NodeId(to));
        graph.edges.push(Edge { from, exit, to });
    }
    graph
}

fn imported(workspace: &mut Workspace, bytes: &[u8]) -> model::ChangeId {
    let spec = EventsSpec {
        source: SourceId(0),
        format: sniff(bytes, true).format,
        columns: vec![
            EventColumn::ExternalId,
            EventColumn::Date,
            EventColumn::Quantity,
            EventColumn::Amount,
        ],
        kind: EventKind::Purchase,
        create: true,
        run_workflows: true,
    };
    let mut import = EventsImport::new(workspace, &spec, NOW).unwrap_or_else(|refused| panic!("{refused:?}"));
    import
        .push(workspace, bytes)
        .unwrap_or_else(|error| panic!("{error}"));
    import.finish(workspace).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(import.report().events, 6_919);
    let mut replay = Replay::new(workspace, &import, NOW).unwrap_or_else(|refused| panic!("{refused:?}"));
    while !replay.step(&import, 100) {}
    let prepared = replay.finish(workspace, &import, "cdnow-purchases.csv");
    let first = prepared
        .first()
        .map(|one| one.set.id)
        .unwrap_or(model::ChangeId(0));
    workspace.apply_all(prepared);
    first
}

/// Each customer's days of purchases, read without any of the engine.
fn purchases(bytes: &[u8]) -> LiteMap<String, Vec<i64>> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut days: LiteMap<String, Vec<i64>> = LiteMap::new();
    for line in text.lines().skip(1) {
        let parts: Vec<&str> = line.split(',').collect();
        let date: Vec<i64> = parts[1]
            .split('-')
            .map(|part| part.parse().unwrap_or(0))
            .collect();
        let mut day = 0;
        for year in 1970..date[0] {
            day += if year % 4 == 0 { 366 } else { 365 };
        }
        let months = [
            31,
            if date[0] % 4 == 0 { 29 } else { 28 },
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ];
        day += months.iter().take(date[1] as usize - 1).sum::<i64>() + date[2] - 1;
        days.entry(parts[0].to_owned()).or_default().push(day);
    }
    days
}

/// The customers who are members at the end of a day.
fn expected(days: &LiteMap<String, Vec<i64>>, day: i64) -> BTreeSet<&str> {
    let member = |bought: &Vec<i64>| {
        let mut since = None;
        for (at, one) in bought.iter().enumerate() {
            if *one > day {
                break;
            }
            // Whoever was quiet for 180 days was removed then.
            if since.is_some_and(|last: i64| one - last >= DAYS_OUT) {
                since = None;
            }
            let counted = bought[..=at]
                .iter()
                .filter(|other| one - **other < DAYS_IN)
                .count();
            if since.is_some() || counted >= 3 {
                since = Some(*one);
            }
        }
        since.is_some_and(|last| day - last < DAYS_OUT)
    };
    days.iter()
        .filter(|(_, bought)| member(bought))
        .map(|(key, _)| key.as_str())
        .collect()
}

#[test]
fn interest_in_real_purchases_is_what_a_plain_calculation_gives_on_every_day() {
    let bytes = file();
    let mut workspace = workspace(0, &["Interested"]);
    activate(&mut workspace, "Interest", &graph());
    let change = imported(&mut workspace, &bytes);
    super::tests::assert_balanced(&workspace, model::WorkflowId(1));
    let days = purchases(&bytes);
    let key = |contact: u32| match workspace.cell(model::field::EXTERNAL_ID, ContactId(contact)) {
        crate::column::Cell::Text(text) => text.to_string(),
        crate::column::Cell::Number(_) => String::new(),
    };
    let first = days.values().flatten().min().copied().unwrap_or(0);
    let last = days.values().flatten().max().copied().unwrap_or(0);
    let mut most = 0;
    for day in first..last + DAYS_OUT + 3 {
        let seen = workspace.members_at(SegmentId(1), (day + 1) * DAY - 1);
        let seen: BTreeSet<String> = seen.iter().map(key).collect();
        let wanted: BTreeSet<String> = expected(&days, day).into_iter().map(str::to_owned).collect();
        assert_eq!(seen, wanted, "day {day}");
        most = most.max(wanted.len());
    }
    assert!(most > 100, "{most}");
    // All of it is one undo.
    let (_, prepared) = workspace
        .prepare_stand(NOW, change, false)
        .unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply(prepared);
    assert_eq!(workspace.alive().len(), 0);
    assert_eq!(workspace.events(ContactId(0), None, 0, 1).0, 0);
}
