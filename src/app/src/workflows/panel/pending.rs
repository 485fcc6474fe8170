//! What was typed into the panel and is not in the graph yet.

use super::draft;
use crate::ui::Faults;
use crate::ui::reactive::{effect, memo};
use crate::workflows::editor::Editor;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::NodeKind;

/// The name and settings of a node while they are typed.
#[derive(Clone, Copy)]
pub struct Pending {
    editor: Editor,
    node: NodeId,
    /// Its own name.
    pub name: RwSignal<String>,
    /// Its settings.
    pub kind: RwSignal<NodeKind>,
    /// What is wrong in the inputs.
    pub faults: Faults,
    /// Whether something is to be applied.
    pub changed: Memo<bool>,
    /// Grows when all inputs are to be made anew, so that none keeps a text that can't be read.
    pub made: RwSignal<u32>,
    /// Whether the person typed anything since.
    pub touched: StoredValue<bool>,
    saved: Memo<(String, NodeKind)>,
    now: Memo<(String, NodeKind)>,
    wrong: StoredValue<Option<String>>,
}

impl Pending {
    /// Begins with what is in the graph.
    pub fn new(editor: Editor, node: NodeId, begin: (String, NodeKind)) -> Pending {
        let (name, kind) = (RwSignal::new(begin.0.clone()), RwSignal::new(begin.1.clone()));
        let before = begin.clone();
        let saved = memo(move |_| {
            editor.graph.with(|graph| {
                let node = graph.node(node);
                node.map_or(before.clone(), |node| (node.name.clone(), node.kind.clone()))
            })
        });
        let now = memo(move |_| {
            let name = name.with(|name| name.trim().to_owned());
            (name, kind.with(draft::settled))
        });
        let pending = Pending {
            editor,
            node,
            name,
            kind,
            faults: Faults::new(),
            changed: memo(move |_| saved.with(|saved| now.with(|now| saved != now))),
            made: RwSignal::new(0),
            touched: StoredValue::new(false),
            saved,
            now,
            wrong: StoredValue::new(None),
        };
        pending.follow(begin);
        pending
    }

    /// Keeps up with the graph, and tells the editor what is not in it yet.
    fn follow(self, begin: (String, NodeKind)) {
        let known = StoredValue::new(begin);
        effect(move || {
            let saved = self.saved.get();
            let before = known.get_value();
            known.set_value(saved.clone());
            // After an undo the panel shows what is there now, unless something else was typed since.
            if before != saved && self.now.get_untracked() == before {
                self.take(saved);
            }
        });
        let replaced = self.editor.replaced;
        let shown = StoredValue::new(replaced.get_untracked());
        effect(move || {
            let now = replaced.get();
            // Also where the graph is as it was: what was typed is to go.
            if shown.get_value() != now {
                shown.set_value(now);
                let saved = self.saved.get_untracked();
                known.set_value(saved.clone());
                self.take(saved);
            }
        });
        effect(move || {
            let apply = Callback::new(move |()| self.apply());
            self.editor.unapplied.set(self.changed.get().then_some(apply));
        });
        effect(move || self.wrong.set_value(self.faults.first()));
    }

    fn take(self, (name, kind): (String, NodeKind)) {
        self.name.set(name);
        self.kind.set(kind);
        self.touched.set_value(false);
        self.made.update(|made| *made += 1);
    }

    /// **Apply**: puts it into the graph as one group.
    pub fn apply(self) {
        let changes = self.saved.with_untracked(|saved| {
            self.now
                .with_untracked(|now| draft::changes(self.node, saved, now))
        });
        self.editor.change(changes);
    }

    /// *Discard changes*: back to what is in the graph.
    pub fn discard(self) {
        self.take(self.saved.get_untracked());
    }

    /// What happens when the panel goes: nothing that was typed is lost; gives what still has to be put right.
    pub fn leave(self) -> Option<String> {
        self.editor.unapplied.try_set(None);
        let there = self
            .editor
            .graph
            .with_untracked(|graph| graph.node(self.node).is_some());
        if !there || self.editor.locked.get_untracked() {
            return None;
        }
        // What can't be read is in no draft, so it is said, too.
        let left = self.changed.get_untracked() || self.touched.get_value();
        self.apply();
        let wrong = self.wrong.get_value().filter(|_| left)?;
        let label = self.kind.with_untracked(NodeKind::label);
        Some(format!("{label} was left with something to put right: {wrong}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::reactive::turns::{settle, start};
    use model::SegmentId;
    use model::workflow::{Graph, Node};

    const NODE: NodeId = NodeId(1);

    fn removal(segments: &[u32]) -> NodeKind {
        NodeKind::RemoveFromSegment(segments.iter().copied().map(SegmentId).collect())
    }

    fn begin() -> (Owner, Editor, Pending) {
        let owner = start();
        let node = Node {
            id: NODE,
            x: 0,
            y: 0,
            name: String::new(),
            kind: removal(&[1]),
        };
        let editor = Editor::new(Graph {
            nodes: vec![node.clone()],
            ..Graph::default()
        });
        let pending = Pending::new(editor, NODE, (node.name, node.kind));
        settle();
        (owner, editor, pending)
    }

    fn in_graph(editor: Editor) -> (String, NodeKind) {
        let graph = editor.graph.get_untracked();
        let node = graph.node(NODE).unwrap();
        (node.name.clone(), node.kind.clone())
    }

    #[test]
    fn nothing_is_in_the_graph_before_it_is_applied_and_one_undo_takes_it_back() {
        let (_owner, editor, pending) = begin();
        pending.name.set(" Goodbye ".to_owned());
        pending.kind.set(removal(&[1, 2]));
        settle();
        assert!(pending.changed.get_untracked());
        assert_eq!(in_graph(editor), (String::new(), removal(&[1])));
        pending.apply();
        settle();
        assert!(!pending.changed.get_untracked());
        assert_eq!(in_graph(editor), ("Goodbye".to_owned(), removal(&[1, 2])));
        editor.undo();
        settle();
        assert_eq!(in_graph(editor), (String::new(), removal(&[1])));
        assert_eq!(pending.kind.get_untracked(), removal(&[1]), "the panel follows");
        assert!(!pending.changed.get_untracked());
    }

    #[test]
    fn discarding_shows_what_is_in_the_graph() {
        let (_owner, _, pending) = begin();
        pending.kind.set(removal(&[]));
        settle();
        pending.discard();
        settle();
        assert_eq!(pending.kind.get_untracked(), removal(&[1]));
        assert_eq!(pending.made.get_untracked(), 1);
    }

    #[test]
    fn nothing_that_was_typed_survives_another_graph_and_undo_brings_it_back() {
        let (_owner, editor, pending) = begin();
        let saved = editor.graph.get_untracked();
        pending.kind.set(removal(&[3]));
        settle();
        editor.flush();
        editor.replace(saved);
        settle();
        assert_eq!(pending.kind.get_untracked(), removal(&[1]));
        assert!(!pending.changed.get_untracked());
        assert!(editor.unapplied.get_untracked().is_none());
        assert!(!editor.dirty.get_untracked());
        editor.undo();
        settle();
        assert_eq!(in_graph(editor).1, removal(&[3]));
        assert_eq!(pending.kind.get_untracked(), removal(&[3]), "the panel follows");
    }

    #[test]
    fn what_was_typed_is_applied_when_the_panel_goes() {
        let (_owner, editor, pending) = begin();
        pending.kind.set(removal(&[3]));
        settle();
        assert_eq!(pending.leave(), None);
        assert_eq!(in_graph(editor).1, removal(&[3]));
        assert!(editor.unapplied.get_untracked().is_none());
    }

    #[test]
    fn the_page_can_have_it_applied_before_it_saves() {
        let (_owner, editor, pending) = begin();
        editor.flush();
        assert!(!editor.can_undo(), "there was nothing to apply");
        pending.kind.set(removal(&[3]));
        settle();
        editor.flush();
        assert_eq!(in_graph(editor).1, removal(&[3]));
    }

    #[test]
    fn a_locked_workflow_stays_as_it_is() {
        let (_owner, editor, pending) = begin();
        editor.locked.set(true);
        pending.kind.set(removal(&[3]));
        settle();
        assert_eq!(pending.leave(), None);
        assert_eq!(in_graph(editor).1, removal(&[1]));
    }

    #[test]
    fn what_can_not_be_read_is_said_when_the_panel_goes() {
        let (owner, _, pending) = begin();
        owner.with(|| {
            provide_context(pending.faults);
            let wrong = Some("A whole number from 1 on".to_owned());
            Faults::watch(Signal::stored(wrong));
        });
        settle();
        assert_eq!(pending.leave(), None, "nobody typed anything");
        pending.touched.set_value(true);
        let said = pending.leave();
        let wanted = "Remove from segment was left with something to put right: A whole number from 1 on";
        assert_eq!(said.as_deref(), Some(wanted));
    }
}
