//! Editing a graph with undo and redo, in groups.

use super::geometry;
use super::graph::{Edge, Graph, GraphChange, Node, Note};
use super::node::NodeKind;
use crate::ids::NodeId;

/// So many groups can be undone.
const KEPT: usize = 200;

/// A graph that is being edited, with what was done and undone. A group of changes is undone as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    graph: Graph,
    done: Vec<Graph>,
    undone: Vec<Graph>,
    /// What the last group was, so that a series of its like (one drag) is one group.
    series: Option<u32>,
}

impl Edits {
    /// Begins with a graph.
    pub fn new(graph: Graph) -> Edits {
        Edits {
            graph,
            ..Edits::default()
        }
    }

    /// The graph as it is now.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Applies changes as one group; says whether they changed anything.
    pub fn apply(&mut self, changes: &[GraphChange]) -> bool {
        self.apply_series(changes, None)
    }

    /// The same; groups of one series that follow each other are one group.
    pub fn apply_series(&mut self, changes: &[GraphChange], series: Option<u32>) -> bool {
        let before = self.graph.clone();
        changes.iter().for_each(|change| self.graph.apply(change));
        if self.graph == before {
            return false;
        }
        if series.is_none() || series != self.series {
            self.done.push(before);
            self.trim();
        }
        self.series = series;
        self.undone.clear();
        true
    }

    /// Puts another graph in place of this one, as one group.
    pub fn replace(&mut self, graph: Graph) {
        if graph != self.graph {
            self.done.push(std::mem::replace(&mut self.graph, graph));
            self.trim();
            self.series = None;
            self.undone.clear();
        }
    }

    fn trim(&mut self) {
        if self.done.len() > KEPT {
            self.done.remove(0);
        }
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Takes the last group back.
    pub fn undo(&mut self) {
        if let Some(before) = self.done.pop() {
            self.undone.push(std::mem::replace(&mut self.graph, before));
            self.series = None;
        }
    }

    /// Does the group again that was taken back last.
    pub fn redo(&mut self) {
        if let Some(after) = self.undone.pop() {
            self.done.push(std::mem::replace(&mut self.graph, after));
            self.series = None;
        }
    }
}

/// The nodes and notes of these numbers, with the edges between them: what is copied.
pub fn piece(graph: &Graph, ids: &[NodeId]) -> Graph {
    let held = |id: NodeId| ids.contains(&id);
    Graph {
        nodes: graph.nodes.iter().filter(|node| held(node.id)).cloned().collect(),
        edges: graph
            .edges
            .iter()
            .filter(|edge| held(edge.from) && held(edge.to))
            .copied()
            .collect(),
        notes: graph.notes.iter().filter(|note| held(note.id)).cloned().collect(),
    }
}

/// The changes that put a copied piece into a graph, moved by so many pixels, and the numbers that its nodes and notes
/// get. A graph has one Start: where it has one, that of the piece is left out.
pub fn paste(graph: &Graph, piece: &Graph, (x, y): (i32, i32)) -> (Vec<GraphChange>, Vec<NodeId>) {
    let left_out = |node: &&Node| matches!(node.kind, NodeKind::Start(_)) && graph.start().is_some();
    let nodes: Vec<&Node> = piece.nodes.iter().filter(|node| !left_out(node)).collect();
    let old = nodes.iter().map(|node| node.id);
    let old = old.chain(piece.notes.iter().map(|note| note.id));
    let numbers: Vec<(NodeId, NodeId)> = old.zip((graph.next_id().0..).map(NodeId)).collect();
    let new = |id: NodeId| numbers.iter().find(|(old, _)| *old == id).map(|(_, new)| *new);
    let mut changes = Vec::new();
    for node in nodes {
        changes.extend(new(node.id).map(|id| {
            GraphChange::AddNode(Node {
                id,
                x: node.x.saturating_add(x),
                y: node.y.saturating_add(y),
                ..node.clone()
            })
        }));
    }
    for note in &piece.notes {
        changes.extend(new(note.id).map(|id| {
            GraphChange::Note(Note {
                id,
                x: note.x.saturating_add(x),
                y: note.y.saturating_add(y),
                text: note.text.clone(),
            })
        }));
    }
    for edge in &piece.edges {
        if let (Some(from), Some(to)) = (new(edge.from), new(edge.to)) {
            let exit = edge.exit;
            changes.push(GraphChange::Connect(Edge { from, exit, to }));
        }
    }
    (changes, numbers.into_iter().map(|(_, new)| new).collect())
}

/// The moves of these nodes and notes by so many pixels.
pub fn moves(graph: &Graph, ids: &[NodeId], (x, y): (i32, i32)) -> Vec<GraphChange> {
    let nodes = graph.nodes.iter().map(|node| (node.id, node.x, node.y));
    let all = nodes.chain(graph.notes.iter().map(|note| (note.id, note.x, note.y)));
    all.filter(|(id, ..)| ids.contains(id))
        .map(|(id, left, top)| GraphChange::Move {
            id,
            x: left.saturating_add(x),
            y: top.saturating_add(y),
        })
        .collect()
}

/// The changes that take these nodes and notes away.
pub fn removal(graph: &Graph, ids: &[NodeId]) -> Vec<GraphChange> {
    let held = |id: &NodeId| ids.contains(id);
    let nodes = graph.nodes.iter().map(|node| node.id).filter(held);
    let notes = graph.notes.iter().map(|note| note.id).filter(held);
    nodes
        .map(GraphChange::RemoveNode)
        .chain(notes.map(GraphChange::RemoveNote))
        .collect()
}

/// The changes that add a node to the right of another and connect it with an exit of that, and the new node's number.
/// Where the exit led somewhere, the new node leads there from its first exit.
pub fn add_after(graph: &Graph, from: NodeId, exit: u8, kind: NodeKind) -> (Vec<GraphChange>, NodeId) {
    let id = graph.next_id();
    let size = (geometry::NODE_WIDTH, geometry::node_height(kind.exits().len()));
    let wish = graph.node(from).map_or(geometry::Point::default(), |node| {
        let out = geometry::exit(node.kind.exits().len(), usize::from(exit));
        let beside = geometry::NODE_WIDTH + 6 * geometry::GRID;
        geometry::Point {
            x: node.x.saturating_add(beside),
            y: node.y.saturating_add(out.y - geometry::entry().y),
        }
    });
    let at = geometry::free(graph, wish, size);
    let many = graph
        .node(from)
        .is_some_and(|node| matches!(node.kind, NodeKind::Start(_)));
    let goes_on = graph
        .targets(from, exit)
        .next()
        .filter(|_| !many && !kind.exits().is_empty());
    let name = String::new();
    let (x, y) = (at.x, at.y);
    let mut changes = vec![
        GraphChange::AddNode(Node { id, x, y, name, kind }),
        GraphChange::Connect(Edge { from, exit, to: id }),
    ];
    changes.extend(goes_on.map(|to| {
        GraphChange::Connect(Edge {
            from: id,
            exit: 0,
            to,
        })
    }));
    (changes, id)
}

#[cfg(test)]
mod tests {
    use super::super::geometry_tests::node;
    use super::*;

    fn edge(from: u32, exit: u8, to: u32) -> Edge {
        Edge {
            from: NodeId(from),
            exit,
            to: NodeId(to),
        }
    }

    fn graph() -> Graph {
        Graph {
            nodes: vec![
                node(1, "Start", 0, 0),
                node(2, "Has field", 320, 0),
                node(4, "Finish", 640, 0),
            ],
            edges: vec![edge(1, 0, 2), edge(2, 1, 4)],
            notes: vec![Note {
                id: NodeId(3),
                x: 0,
                y: 200,
                text: "Why".to_owned(),
            }],
        }
    }

    #[test]
    fn what_is_pasted_has_new_numbers_and_the_edges_between_it() {
        let mut graph = graph();
        let copied = piece(&graph, &[NodeId(1), NodeId(2), NodeId(3), NodeId(4)]);
        let (changes, new) = paste(&graph, &copied, (16, 32));
        assert_eq!(new, [5, 6, 7].map(NodeId), "Start is there already");
        changes.iter().for_each(|change| graph.apply(change));
        assert_eq!(graph.nodes.len(), 5);
        assert_eq!(graph.notes.len(), 2);
        assert!(graph.edges.contains(&edge(5, 1, 6)));
        assert_eq!(graph.edges.len(), 3);
        let pasted = graph.node(NodeId(5)).unwrap();
        assert_eq!((pasted.x, pasted.y), (336, 32));
    }

    #[test]
    fn a_piece_can_be_pasted_into_an_empty_workflow() {
        let copied = graph();
        let mut empty = Graph::default();
        let (changes, new) = paste(&empty, &copied, (0, 0));
        changes.iter().for_each(|change| empty.apply(change));
        assert_eq!(new.len(), 4);
        assert_eq!(empty.edges.len(), 2);
    }

    #[test]
    fn a_node_added_after_another_comes_between() {
        let mut graph = graph();
        let wait = node(0, "Wait", 0, 0).kind;
        let (changes, id) = add_after(&graph, NodeId(2), 1, wait);
        changes.iter().for_each(|change| graph.apply(change));
        assert!(graph.edges.contains(&edge(2, 1, id.0)));
        assert!(graph.edges.contains(&edge(id.0, 0, 4)));
        assert!(!graph.edges.contains(&edge(2, 1, 4)));
    }

    #[test]
    fn start_may_lead_to_many() {
        let mut graph = graph();
        let (changes, id) = add_after(&graph, NodeId(1), 0, node(0, "On login", 0, 0).kind);
        changes.iter().for_each(|change| graph.apply(change));
        let targets: Vec<NodeId> = graph.targets(NodeId(1), 0).collect();
        assert_eq!(targets, [NodeId(2), id]);
    }

    #[test]
    fn a_series_is_undone_as_one() {
        let mut edits = Edits::new(graph());
        for _ in 0..3 {
            let change = moves(edits.graph(), &[NodeId(1), NodeId(3)], (16, 0));
            assert!(edits.apply_series(&change, Some(7)));
        }
        assert!(edits.apply(&removal(&graph(), &[NodeId(2), NodeId(3)])));
        assert_eq!(edits.graph().edges.len(), 0);
        edits.undo();
        edits.undo();
        assert_eq!(*edits.graph(), graph());
        assert!(!edits.can_undo() && edits.can_redo());
    }
}
