//! A graph that is being edited on the page: what is chosen, what was done, what can be undone.

use crate::ui::reactive::memo;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::edit::Edits;
use model::workflow::{Edge, Graph, GraphChange};

/// A handle on the graph of the page; copied freely.
#[derive(Clone, Copy)]
pub struct Editor {
    edits: RwSignal<Edits>,
    /// The graph as it is now.
    pub graph: Memo<Graph>,
    /// The chosen nodes and notes.
    pub selection: RwSignal<Vec<NodeId>>,
    /// Whether nothing may be changed (a finalized workflow) .
    pub locked: RwSignal<bool>,
    /// Whether nodes and connections stay as they are (an active workflow): only settings change.
    pub fixed: RwSignal<bool>,
    saved: RwSignal<Graph>,
    /// Whether there is something to save.
    pub dirty: Memo<bool>,
    /// What puts settings of the side panel that were not applied yet into the graph, while there are such.
    pub unapplied: RwSignal<Option<Callback<()>>>,
    /// Grows when another graph takes the place of this one: whatever the side panel shows is made anew.
    pub replaced: RwSignal<u32>,
}

impl Editor {
    /// Begins with a saved graph.
    pub fn new(graph: Graph) -> Editor {
        let edits = RwSignal::new(Edits::new(graph.clone()));
        let saved = RwSignal::new(graph);
        let graph = memo(move |_| edits.with(|edits| edits.graph().clone()));
        Editor {
            edits,
            graph,
            selection: RwSignal::new(Vec::new()),
            locked: RwSignal::new(false),
            fixed: RwSignal::new(false),
            saved,
            dirty: memo(move |_| graph.with(|graph| saved.with(|saved| saved != graph))),
            unapplied: RwSignal::new(None),
            replaced: RwSignal::new(0),
        }
    }

    /// Applies changes as one group of the undo list; those that are not allowed now are left out.
    pub fn change(self, changes: Vec<GraphChange>) {
        self.change_series(changes, None);
    }

    /// The same; groups of one series (one drag) that follow each other are one group.
    pub fn change_series(self, mut changes: Vec<GraphChange>, series: Option<u32>) {
        let (locked, fixed) = (self.locked.get_untracked(), self.fixed.get_untracked());
        changes.retain(|change| {
            let moves = matches!(
                change,
                GraphChange::Move { .. } | GraphChange::Note(_) | GraphChange::RemoveNote(_)
            );
            let sets = matches!(change, GraphChange::Configure(..) | GraphChange::Rename(..));
            !locked && (!fixed || moves || sets)
        });
        if !changes.is_empty() {
            self.edits.update(|edits| {
                edits.apply_series(&changes, series);
            });
        }
    }

    /// Puts what the side panel has not applied yet into the graph: before it is saved, checked or tried.
    pub fn flush(self) {
        if let Some(apply) = self.unapplied.get_untracked() {
            apply.run(());
        }
    }

    /// Takes the last group back, where that is allowed now.
    pub fn undo(self) {
        self.turn(Edits::undo, Edits::redo);
    }

    /// Does the group again that was taken back last, where that is allowed now.
    pub fn redo(self) {
        self.turn(Edits::redo, Edits::undo);
    }

    fn turn(self, act: fn(&mut Edits), back: fn(&mut Edits)) {
        if self.locked.get_untracked() {
            return;
        }
        let fixed = self.fixed.get_untracked();
        self.edits.update(|edits| {
            let before = shape(edits.graph());
            act(edits);
            if fixed && shape(edits.graph()) != before {
                back(edits);
            }
        });
        self.forget_gone();
    }

    /// Chooses only what is still there.
    pub fn forget_gone(self) {
        let there = self.edits.with_untracked(|edits| {
            let graph = edits.graph();
            let nodes = graph.nodes.iter().map(|node| node.id);
            let all: Vec<NodeId> = nodes.chain(graph.notes.iter().map(|note| note.id)).collect();
            all
        });
        if self
            .selection
            .with_untracked(|chosen| chosen.iter().any(|id| !there.contains(id)))
        {
            self.selection
                .update(|chosen| chosen.retain(|id| there.contains(id)));
        }
    }

    /// Why nothing at all can be changed now; none where something can.
    pub fn why_locked(self) -> Option<&'static str> {
        self.locked
            .get()
            .then_some("A finalized workflow stays as it is; duplicate it to change it")
    }

    /// Why nodes and connections can't be added or removed now; none where they can.
    pub fn why_fixed(self) -> Option<&'static str> {
        let fixed =
            "A running workflow keeps its nodes and connections; only settings, places and notes change";
        self.why_locked().or_else(|| self.fixed.get().then_some(fixed))
    }

    /// Whether there is something to undo.
    pub fn can_undo(self) -> bool {
        self.edits.with(Edits::can_undo)
    }

    /// Whether there is something to redo.
    pub fn can_redo(self) -> bool {
        self.edits.with(Edits::can_redo)
    }

    /// The graph that counts as saved.
    pub fn saved(self) -> Graph {
        self.saved.get_untracked()
    }

    /// This graph is the saved one, whatever is on the canvas.
    pub fn base(self, graph: Graph) {
        if self.saved.with_untracked(|saved| *saved != graph) {
            self.saved.set(graph);
        }
    }

    /// Puts another graph on the canvas, as one group; the side panel drops what was typed there.
    pub fn replace(self, graph: Graph) {
        self.edits.update(|edits| edits.replace(graph));
        self.replaced.update(|replaced| *replaced += 1);
        self.forget_gone();
    }

    /// Begins anew with a saved graph: nothing of before can be undone.
    pub fn restart(self, graph: Graph) {
        self.saved.set(graph.clone());
        self.edits.set(Edits::new(graph));
        self.forget_gone();
    }
}

/// What stays as it is while a workflow is active: which nodes there are, and how they are connected.
fn shape(graph: &Graph) -> (Vec<NodeId>, Vec<Edge>) {
    let mut nodes: Vec<NodeId> = graph.nodes.iter().map(|node| node.id).collect();
    let mut edges = graph.edges.clone();
    nodes.sort();
    edges.sort();
    (nodes, edges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::{Node, NodeKind};

    fn finish(id: u32) -> GraphChange {
        GraphChange::AddNode(Node {
            id: NodeId(id),
            x: 0,
            y: 0,
            name: String::new(),
            kind: NodeKind::Finish,
        })
    }

    fn ids(editor: Editor) -> Vec<u32> {
        editor
            .graph
            .with_untracked(|graph| graph.nodes.iter().map(|node| node.id.0).collect())
    }

    #[test]
    fn what_is_fixed_moves_and_what_is_locked_does_not() {
        Owner::new().with(|| {
            let editor = Editor::new(Graph::default());
            editor.change(vec![finish(1), finish(2)]);
            editor.fixed.set(true);
            let to = |x| GraphChange::Move {
                id: NodeId(1),
                x,
                y: 0,
            };
            editor.change(vec![GraphChange::RemoveNode(NodeId(2)), finish(3), to(16)]);
            assert_eq!(ids(editor), [1, 2]);
            let x = || {
                editor
                    .graph
                    .with_untracked(|graph| graph.node(NodeId(1)).map(|node| node.x))
            };
            assert_eq!(x(), Some(16));
            editor.undo();
            editor.undo();
            assert_eq!(ids(editor), [1, 2], "nodes from before stay");
            assert_eq!(x(), Some(0));
            editor.redo();
            editor.locked.set(true);
            editor.change(vec![to(32)]);
            editor.undo();
            assert_eq!(x(), Some(16));
        });
    }

    #[test]
    fn nothing_stays_chosen_that_an_undo_takes_away() {
        Owner::new().with(|| {
            let editor = Editor::new(Graph::default());
            editor.change(vec![finish(1)]);
            editor.change(vec![finish(2)]);
            editor.selection.set(vec![NodeId(1), NodeId(2)]);
            editor.undo();
            assert_eq!(editor.selection.get_untracked(), [NodeId(1)]);
            editor.redo();
            assert_eq!(ids(editor), [1, 2]);
        });
    }
}
