//! Editing a graph with undo and redo, in groups.

use super::graph::{Graph, GraphChange};

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
            if self.done.len() > KEPT {
                self.done.remove(0);
            }
        }
        self.series = series;
        self.undone.clear();
        true
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
