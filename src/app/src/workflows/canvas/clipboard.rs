//! What was copied on a canvas; it stays while the page does, so that it can be pasted into another workflow.

use model::workflow::Graph;
use std::cell::RefCell;

thread_local! {
    /// What was copied, and how often it was pasted since.
    static COPIED: RefCell<(Graph, i32)> = RefCell::default();
}

/// Keeps a piece of a graph; an empty one leaves what was copied before.
pub fn put(piece: Graph) {
    if !piece.nodes.is_empty() || !piece.notes.is_empty() {
        COPIED.with_borrow_mut(|copied| *copied = (piece, 0));
    }
}

/// What was copied, and how often it has been taken since, this time included; none where nothing was.
pub fn take() -> Option<(Graph, i32)> {
    COPIED.with_borrow_mut(|(piece, times)| {
        *times += 1;
        let some = !piece.nodes.is_empty() || !piece.notes.is_empty();
        some.then(|| (piece.clone(), *times))
    })
}
