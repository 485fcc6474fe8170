//! The workflows of the benchmark.

use model::event::{Attribute, Behaviour, EventKind, Operand, Window};
use model::field::POINTS;
use model::workflow::node::{
    AddToSegment, Again, Audience, Channel, CheckRule, Condition, EventMatch, Limits, NewValue, On, Send,
    SetField, Source, Split, Start, Subject, Trigger, Until, Wait,
};
use model::workflow::{Edge, Graph, Node, NodeKind};
use model::{Mode, NodeId, Op, SegmentId};
use std::collections::VecDeque;

/// Minutes of a day.
const DAY: u32 = 24 * 60;

/// A workflow that every product visited goes through, 10 nodes of ten kinds: who looks at footwear often joins the
/// segment, leaves it again without a purchase, and gets points or a message.
pub fn interest(segment: SegmentId) -> Graph {
    let event = |kind| EventMatch::each(kind);
    let in_category = CheckRule {
        subject: Subject::Trigger(Attribute::Category),
        op: Op::Is,
        values: vec![Operand::Text("Footwear".to_owned())],
    };
    let often = Behaviour {
        number: "2".to_owned(),
        window: Window::LastDays(7),
        ..Behaviour::once(EventKind::ProductVisited)
    };
    let kinds = [
        NodeKind::Start(Start::default()),
        NodeKind::Trigger(Trigger {
            on: On::Event(event(EventKind::ProductVisited)),
            limits: Limits::default(),
        }),
        NodeKind::Condition(Condition::Check {
            mode: Mode::All,
            rules: vec![in_category],
        }),
        NodeKind::Condition(Condition::Did(often)),
        NodeKind::AddToSegment(AddToSegment {
            segments: vec![segment],
            ..AddToSegment::default()
        }),
        NodeKind::Wait(Wait {
            until: Until::Activity {
                event: event(EventKind::Purchase),
                at_most: 3 * DAY,
            },
            again: Again::Keep,
        }),
        NodeKind::SetField(SetField {
            field: POINTS,
            value: NewValue::Plus("10".to_owned()),
            only_if_empty: false,
        }),
        NodeKind::Split(Split {
            shares: vec![50, 50],
            ab: true,
        }),
        NodeKind::Send(Send {
            channel: Channel::Email,
            subject: "Still looking?".to_owned(),
        }),
        NodeKind::RemoveFromSegment(vec![segment]),
    ];
    let edges = [
        (1, 0, 2),
        (2, 0, 3),
        (3, 0, 4),
        (4, 0, 5),
        (5, 0, 6),
        (6, 0, 7),
        (6, 1, 8),
        (8, 0, 9),
        (8, 1, 10),
        (9, 0, 10),
    ];
    graph(kinds, edges)
}

/// A workflow in which every member of a segment waits for 30 days.
pub fn waiting(segment: SegmentId) -> Graph {
    let kinds = [
        NodeKind::Start(Start {
            audience: Audience::Segment(segment),
            source: Source::Existing,
            ..Start::default()
        }),
        NodeKind::Wait(Wait {
            until: Until::Period(30 * DAY),
            again: Again::Keep,
        }),
        NodeKind::Finish,
    ];
    graph(kinds, [(1, 0, 2), (2, 0, 3)])
}

/// A workflow of so many nodes: Start, and behind it a tree of conditions with two exits and actions with one, whose
/// every branch ends with Finish. Nothing stands where *Tidy layout* would put it.
pub fn tree(nodes: u32) -> Graph {
    let mut kinds = vec![NodeKind::Start(Start::default())];
    let mut edges = Vec::new();
    // Nodes with exits that lead nowhere yet.
    let mut open = VecDeque::from([(1, 0)]);
    for id in 2..=nodes {
        let from = open.pop_front();
        edges.extend(from.map(|(from, exit)| (from, exit, id)));
        // Each exit needs one of the nodes that are left.
        let (exits, left) = (open.len() as u32, nodes - id);
        let kind = match (id % 2, left - exits) {
            (_, 0) => NodeKind::Finish,
            (0, 2..) => NodeKind::Condition(Condition::HasField(POINTS)),
            _ => NodeKind::SetField(SetField {
                field: POINTS,
                value: NewValue::Plus("1".to_owned()),
                only_if_empty: false,
            }),
        };
        let exits = u8::try_from(kind.exits().len()).unwrap_or(0);
        open.extend((0..exits).map(|exit| (id, exit)));
        kinds.push(kind);
    }
    graph(kinds, edges)
}

/// A graph of nodes that are numbered from 1, in rows of 25.
fn graph(
    kinds: impl IntoIterator<Item = NodeKind>,
    edges: impl IntoIterator<Item = (u32, u8, u32)>,
) -> Graph {
    let node = |(kind, id): (NodeKind, u32)| Node {
        id: NodeId(id),
        x: (id % 25) as i32 * 280,
        y: (id / 25) as i32 * 160,
        name: String::new(),
        kind,
    };
    let edge = |(from, exit, to)| Edge {
        from: NodeId(from),
        exit,
        to: NodeId(to),
    };
    Graph {
        nodes: kinds.into_iter().zip(1..).map(node).collect(),
        edges: edges.into_iter().map(edge).collect(),
        notes: Vec::new(),
    }
}
