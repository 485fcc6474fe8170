//! What a person changed in the catalogue and has not saved: it stays in this tab's memory, whatever screen one goes to.

use super::products::Cells;
use crate::leave::Guard;
use std::cell::{Cell, RefCell};

thread_local! {
    /// What was left unsaved when the screen was left.
    static KEPT: RefCell<Option<Vec<Cells>>> = const { RefCell::new(None) };
    /// Whether the catalogue on the screen is not saved.
    static OPEN: Cell<bool> = const { Cell::new(false) };
    static GUARD: Guard = const { Guard::new() };
}

fn is_unsaved() -> bool {
    OPEN.get() || KEPT.with_borrow(Option::is_some)
}

/// Says whether the catalogue on the screen is unsaved; while it is, the browser asks before it leaves the page.
pub fn mark(unsaved: bool) {
    OPEN.set(unsaved);
    if unsaved {
        GUARD.with(|guard| guard.watch(is_unsaved));
    }
}

/// The screen is left: keeps its unsaved rows; none where all is saved.
pub fn leave(rows: Option<Vec<Cells>>) {
    OPEN.set(false);
    KEPT.set(rows);
}

/// The rows that were left unsaved; the screen that takes them answers for them.
pub fn take() -> Option<Vec<Cells>> {
    KEPT.take()
}

/// Forgets them: they are saved, or went with their workspace.
pub fn forget() {
    KEPT.set(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_unsaved_is_there_once_more() {
        let rows = vec![Cells::default()];
        leave(Some(rows.clone()));
        assert!(is_unsaved());
        assert_eq!(take(), Some(rows));
        assert!(!is_unsaved());
        leave(None);
        assert_eq!(take(), None);
    }
}
