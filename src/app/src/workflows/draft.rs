//! What a person changed in workflows and has not saved: it stays in this tab's memory, whatever screen one goes to.

use crate::leave::Guard;
use litemap::LiteMap;
use model::workflow::{Graph, WorkflowDef};
use model::{NodeId, WorkflowId};
use std::cell::{Cell, RefCell};

/// A workflow as it is on the screen, where that is not what is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its graph.
    pub graph: Graph,
}

impl Draft {
    /// What is saved.
    pub fn of(def: &WorkflowDef) -> Draft {
        Draft {
            name: def.name.clone(),
            description: def.description.clone(),
            graph: def.graph.clone(),
        }
    }

    /// Whether this and what others saved both left what they began with, in the same part and for different ends.
    pub fn parts_from(&self, base: &Draft, theirs: &Draft) -> bool {
        fn part<T: PartialEq + ?Sized>(mine: &T, base: &T, theirs: &T) -> bool {
            mine != base && theirs != base && mine != theirs
        }
        let text = |read: fn(&Draft) -> &str| part(read(self).trim(), read(base), read(theirs));
        text(|draft| &draft.name)
            || text(|draft| &draft.description)
            || part(&self.graph, &base.graph, &theirs.graph)
    }
}

thread_local! {
    /// What was changed, and the saved version that it began with.
    static DRAFTS: RefCell<LiteMap<WorkflowId, (Draft, Draft)>> = const { RefCell::new(LiteMap::new()) };
    static GUARD: Guard = const { Guard::new() };
    static AIM: Cell<Option<(WorkflowId, NodeId)>> = const { Cell::new(None) };
}

/// Keeps what was changed and not saved, and the saved version that it began with; from now on the browser asks before it leaves the page with it.
pub fn keep(id: WorkflowId, draft: Draft, base: Draft) {
    DRAFTS.with_borrow_mut(|drafts| drafts.insert(id, (draft, base)));
    GUARD.with(|guard| guard.watch(|| DRAFTS.with_borrow(|drafts| !drafts.is_empty())));
}

/// Forgets what was changed: it is saved, or was thrown away.
pub fn forget(id: WorkflowId) {
    DRAFTS.with_borrow_mut(|drafts| drafts.remove(&id));
}

/// Forgets all of them, with the workspace they belonged to.
pub fn forget_all() {
    DRAFTS.with_borrow_mut(|drafts| drafts.clear());
}

/// What was changed and not saved.
pub fn kept(id: WorkflowId) -> Option<Draft> {
    DRAFTS.with_borrow(|drafts| drafts.get(&id).map(|(draft, _)| draft.clone()))
}

/// The saved version that began what was changed and not saved.
pub fn base(id: WorkflowId) -> Option<Draft> {
    DRAFTS.with_borrow(|drafts| drafts.get(&id).map(|(_, base)| base.clone()))
}

/// The page of this workflow, opened next, begins with this node chosen.
pub fn aim(id: WorkflowId, node: NodeId) {
    AIM.set(Some((id, node)));
}

/// The node that the page of this workflow begins with.
pub fn aimed(id: WorkflowId) -> Option<NodeId> {
    match AIM.take() {
        Some((workflow, node)) if workflow == id => Some(node),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::Note;

    fn draft(name: &str, note: u32) -> Draft {
        let mut draft = Draft {
            name: name.to_owned(),
            description: String::new(),
            graph: Graph::default(),
        };
        draft.graph.notes.push(Note {
            id: NodeId(note),
            x: 0,
            y: 0,
            text: String::new(),
        });
        draft
    }

    #[test]
    fn drafts_part_where_both_sides_changed_the_same() {
        let base = draft("Welcome", 1);
        let cases = [
            (
                "nobody changed anything",
                draft("Welcome", 1),
                draft("Welcome", 1),
                false,
            ),
            ("only others did", draft("Welcome", 1), draft("Hello", 2), false),
            (
                "only this page did",
                draft("Hello", 2),
                draft("Welcome", 1),
                false,
            ),
            ("both did the same", draft(" Hello ", 2), draft("Hello", 2), false),
            (
                "each did something else",
                draft("Hello", 1),
                draft("Welcome", 2),
                false,
            ),
            ("both renamed it", draft("Hello", 1), draft("Greeting", 1), true),
            (
                "both changed the graph",
                draft("Welcome", 2),
                draft("Welcome", 3),
                true,
            ),
        ];
        for (what, mine, theirs, wanted) in cases {
            assert_eq!(mine.parts_from(&base, &theirs), wanted, "{what}");
        }
    }
}
