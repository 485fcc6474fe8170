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

/// A part of a signal's value as a signal of its own, both ways: what is set in one shows in the other.
pub fn part<T, P>(
    whole: RwSignal<T>,
    get: impl Fn(&T) -> P + Send + Sync + 'static,
    set: impl Fn(&mut T, P) + 'static,
) -> RwSignal<P>
where
    T: Send + Sync + 'static,
    P: Clone + PartialEq + Send + Sync + 'static,
{
    let known = memo(move |_| whole.with(&get));
    let part = RwSignal::new(known.get_untracked());
    // First what was set here, so that a part can be set as soon as it is made.
    effect(move || {
        let new = part.get();
        if known.with_untracked(|known| *known != new) {
            whole.update(|whole| set(whole, new));
        }
    });
    effect(move || {
        let known = known.get();
        if part.with_untracked(|part| *part != known) {
            part.set(known);
        }
    });
    part
}

/// A field of a signal's struct as a signal of its own, both ways.
macro_rules! field_part {
    ($whole:expr, $field:ident) => {
        $crate::ui::reactive::part(
            $whole,
            |whole| whole.$field.clone(),
            |whole, new| whole.$field = new,
        )
    };
}
pub(crate) use field_part;

/// The same of a whole number of any size, as a `NumberField` wants it.
macro_rules! number_part {
    ($whole:expr, $field:ident) => {
        $crate::ui::reactive::part(
            $whole,
            |whole| i64::try_from(whole.$field).unwrap_or(i64::MAX),
            |whole, new| {
                if let Ok(new) = new.try_into() {
                    whole.$field = new;
                }
            },
        )
    };
}
pub(crate) use number_part;

/// What is in a variant of a signal's enum as a signal of its own, both ways; `$before` is shown once the enum is
/// another variant, just before the form of this one goes.
macro_rules! variant_part {
    ($whole:expr, $variant:path, $before:expr) => {{
        let before = $before.clone();
        $crate::ui::reactive::part(
            $whole,
            move |whole| match whole {
                $variant(inner) => inner.clone(),
                _ => before.clone(),
            },
            |whole, new| {
                if let $variant(inner) = whole {
                    *inner = new;
                }
            },
        )
    }};
}
pub(crate) use variant_part;
