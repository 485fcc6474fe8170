//! The graph of a workflow, and the changes that edit it: the canvas emits changes, and only [`Graph::apply`] applies
//! them, so undo, saving and tests come for free.

use super::node::NodeKind;
use crate::ids::NodeId;
use serde::{Deserialize, Serialize};

/// Nodes and what connects them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graph {
    /// The nodes, in the order they were added.
    pub nodes: Vec<Node>,
    /// The edges.
    pub edges: Vec<Edge>,
    /// Notes for people.
    pub notes: Vec<Note>,
}

/// One node at its place on the canvas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its number, never given again in this graph.
    pub id: NodeId,
    /// The left side, in canvas pixels.
    pub x: i32,
    /// The top, in canvas pixels.
    pub y: i32,
    /// The person's own name for it; empty shows what it is.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
}

/// One connection. Each exit has one edge; Start's may have many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edge {
    /// From which node.
    pub from: NodeId,
    /// Which of its exits, from 0.
    pub exit: u8,
    /// To which node.
    pub to: NodeId,
}

/// A note on the canvas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its number, from the same row as those of nodes.
    pub id: NodeId,
    /// The left side, in canvas pixels.
    pub x: i32,
    /// The top, in canvas pixels.
    pub y: i32,
    /// Its text.
    pub text: String,
}

/// One change of a graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GraphChange {
    /// A node is added.
    AddNode(Node),
    /// A node goes, with its edges.
    RemoveNode(NodeId),
    /// A node or note goes to another place.
    Move {
        /// Which.
        id: NodeId,
        /// The left side.
        x: i32,
        /// The top.
        y: i32,
    },
    /// A node gets another configuration; edges of exits that it has no more go.
    Configure(NodeId, NodeKind),
    /// A node gets a name of its own.
    Rename(NodeId, String),
    /// An exit leads somewhere; where it may have one edge only, the one before goes.
    Connect(Edge),
    /// A connection goes.
    Disconnect(Edge),
    /// A note is added, or (with a known number) written anew.
    Note(Note),
    /// A note goes.
    RemoveNote(NodeId),
}

impl Graph {
    /// A node by its number.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The number that the next node or note gets.
    pub fn next_id(&self) -> NodeId {
        let ids = self.nodes.iter().map(|node| node.id.0);
        let greatest = ids.chain(self.notes.iter().map(|note| note.id.0)).max();
        NodeId(greatest.map_or(1, |id| id + 1))
    }

    /// The Start node, if there is one.
    pub fn start(&self) -> Option<&Node> {
        self.nodes
            .iter()
            .find(|node| matches!(node.kind, NodeKind::Start(_)))
    }

    /// Where the edges of an exit lead.
    pub fn targets(&self, from: NodeId, exit: u8) -> impl Iterator<Item = NodeId> + '_ {
        let mine = move |edge: &&Edge| edge.from == from && edge.exit == exit;
        self.edges.iter().filter(mine).map(|edge| edge.to)
    }

    /// Whether an edge may be drawn: between two nodes of the graph, from an exit that is there, not into Start, not
    /// from a node to itself, and not twice.
    pub fn may_connect(&self, edge: Edge) -> bool {
        let exit = self
            .node(edge.from)
            .is_some_and(|node| usize::from(edge.exit) < node.kind.exits().len());
        let to = self
            .node(edge.to)
            .is_some_and(|node| !matches!(node.kind, NodeKind::Start(_)));
        exit && to && edge.from != edge.to && !self.edges.contains(&edge)
    }

    /// Applies a change; one that names what is not there, or connects what may not be connected, changes nothing.
    pub fn apply(&mut self, change: &GraphChange) {
        match change {
            GraphChange::AddNode(node) => {
                if self.node(node.id).is_none() {
                    self.nodes.push(node.clone());
                }
            }
            GraphChange::RemoveNode(id) => {
                self.nodes.retain(|node| node.id != *id);
                self.edges.retain(|edge| edge.from != *id && edge.to != *id);
            }
            GraphChange::Move { id, x, y } => {
                if let Some(node) = self.nodes.iter_mut().find(|node| node.id == *id) {
                    (node.x, node.y) = (*x, *y);
                }
                if let Some(note) = self.notes.iter_mut().find(|note| note.id == *id) {
                    (note.x, note.y) = (*x, *y);
                }
            }
            GraphChange::Configure(id, kind) => {
                if let Some(node) = self.nodes.iter_mut().find(|node| node.id == *id) {
                    node.kind = kind.clone();
                    let exits = kind.exits().len();
                    self.edges
                        .retain(|edge| edge.from != *id || usize::from(edge.exit) < exits);
                }
            }
            GraphChange::Rename(id, name) => {
                if let Some(node) = self.nodes.iter_mut().find(|node| node.id == *id) {
                    node.name.clone_from(name);
                }
            }
            GraphChange::Connect(edge) => {
                if self.may_connect(*edge) {
                    let many = self
                        .node(edge.from)
                        .is_some_and(|node| matches!(node.kind, NodeKind::Start(_)));
                    if !many {
                        self.edges
                            .retain(|one| (one.from, one.exit) != (edge.from, edge.exit));
                    }
                    self.edges.push(*edge);
                }
            }
            GraphChange::Disconnect(edge) => self.edges.retain(|one| one != edge),
            GraphChange::Note(note) => match self.notes.iter_mut().find(|one| one.id == note.id) {
                Some(known) => known.clone_from(note),
                None => self.notes.push(note.clone()),
            },
            GraphChange::RemoveNote(id) => self.notes.retain(|note| note.id != *id),
        }
    }
}
