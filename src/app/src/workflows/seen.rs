//! Where one was on the page of a workflow, for who comes back to it: after a look at the copy of a dry run, say.

use super::session::{Dry, Tab};
use litemap::LiteMap;
use model::WorkflowId;
use std::cell::RefCell;

/// Where one was.
#[derive(Clone, Default, PartialEq)]
pub struct Seen {
    /// What stood beside the canvas.
    pub tab: Tab,
    /// The dry run.
    pub dry: Option<Dry>,
}

thread_local! {
    static SEEN: RefCell<LiteMap<WorkflowId, Seen>> = const { RefCell::new(LiteMap::new()) };
}

/// Remembers where one is.
pub fn remember(id: WorkflowId, seen: Seen) {
    SEEN.with_borrow_mut(|all| all.insert(id, seen));
}

/// Where one was; the beginning for who was not there.
pub fn last(id: WorkflowId) -> Seen {
    SEEN.with_borrow(|all| all.get(&id).cloned().unwrap_or_default())
}
