//! What a person changed in workflows and has not saved: it stays in this tab's memory, whatever screen one goes to.

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use litemap::LiteMap;
use model::workflow::Graph;
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

thread_local! {
    static DRAFTS: RefCell<LiteMap<WorkflowId, Draft>> = const { RefCell::new(LiteMap::new()) };
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static AIM: Cell<Option<(WorkflowId, NodeId)>> = const { Cell::new(None) };
}

/// Keeps what was changed and not saved; from now on the browser asks before it leaves the page with it.
pub fn keep(id: WorkflowId, draft: Draft) {
    DRAFTS.with_borrow_mut(|drafts| drafts.insert(id, draft));
    if !GUARDED.replace(true) {
        // For as long as the page lives: a draft outlives the screen it was made on.
        window_event_listener(ev::beforeunload, |event| {
            if DRAFTS.with_borrow(|drafts| !drafts.is_empty()) {
                event.prevent_default();
            }
        });
    }
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
    DRAFTS.with_borrow(|drafts| drafts.get(&id).cloned())
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
