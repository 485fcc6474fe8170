//! A graph that is being edited on the page: what is chosen, what was done, what can be undone.

use crate::ui::reactive::memo;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::edit::Edits;
use model::workflow::{Graph, GraphChange};

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

    /// Takes the last group back.
    pub fn undo(self) {
        if !self.locked.get_untracked() {
            self.edits.update(Edits::undo);
            self.forget_gone();
        }
    }

    /// Does the group again that was taken back last.
    pub fn redo(self) {
        if !self.locked.get_untracked() {
            self.edits.update(Edits::redo);
            self.forget_gone();
        }
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

    /// This graph is the saved one, whatever is on the canvas.
    pub fn base(self, graph: Graph) {
        if self.saved.with_untracked(|saved| *saved != graph) {
            self.saved.set(graph);
        }
    }

    /// Begins anew with a saved graph: nothing of before can be undone.
    pub fn restart(self, graph: Graph) {
        self.selection
            .update(|chosen| chosen.retain(|id| graph.node(*id).is_some()));
        self.saved.set(graph.clone());
        self.edits.set(Edits::new(graph));
    }
}
