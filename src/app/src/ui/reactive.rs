//! Memos, effects and derived signals whose closures are boxed.
//!
//! Leptos compiles all of a memo's bookkeeping anew for each closure it is given. Boxed, closures of one type of value
//! share one copy, and the page's program is a tenth smaller for a call through a pointer.

use leptos::prelude::*;

/// What works out the value of a memo from the one before.
type Compute<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

/// [`Memo::new`]
pub fn memo<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let compute: Compute<T> = Box::new(compute);
    Memo::new(compute)
}

/// [`Signal::derive`]
pub fn derived<T: Send + Sync + 'static>(compute: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    let compute: Box<dyn Fn() -> T + Send + Sync> = Box::new(compute);
    Signal::derive(compute)
}

/// [`Effect::new`], for what needs not know its last result.
pub fn effect(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    Effect::new(act);
}
