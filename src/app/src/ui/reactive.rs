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

/// The same of one field of a variant that has several.
macro_rules! variant_field_part {
    ($whole:expr, $variant:path, $field:ident, $before:expr) => {{
        let before = $before;
        $crate::ui::reactive::part(
            $whole,
            move |whole| match whole {
                $variant { $field, .. } => Clone::clone($field),
                _ => Clone::clone(&before),
            },
            |whole, new| {
                if let $variant { $field, .. } = whole {
                    *$field = new;
                }
            },
        )
    }};
}
pub(crate) use variant_field_part;

/// Effects without a browser.
#[cfg(test)]
pub mod turns {
    use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
    use leptos::prelude::Owner;
    use std::cell::RefCell;
    use std::task::{Context, Poll, Waker};

    thread_local! {
        static TASKS: RefCell<Vec<PinnedLocalFuture<()>>> = const { RefCell::new(Vec::new()) };
    }

    struct Turns;

    impl CustomExecutor for Turns {
        fn spawn(&self, task: PinnedFuture<()>) {
            self.spawn_local(task);
        }

        fn spawn_local(&self, task: PinnedLocalFuture<()>) {
            TASKS.with_borrow_mut(|tasks| tasks.push(task));
        }

        fn poll_local(&self) {}
    }

    /// An owner for signals and effects; they live as long as it does.
    pub fn start() -> Owner {
        Executor::init_local_custom_executor(Turns).ok();
        let owner = Owner::new();
        owner.set();
        owner
    }

    /// Lets effects run until they rest.
    pub fn settle() {
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..64 {
            let tasks = TASKS.with_borrow_mut(std::mem::take);
            let waiting = tasks.into_iter().filter_map(|mut task| {
                let done = task.as_mut().poll(&mut context) == Poll::Ready(());
                (!done).then_some(task)
            });
            let waiting: Vec<_> = waiting.collect();
            TASKS.with_borrow_mut(|tasks| tasks.splice(0..0, waiting).for_each(drop));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::turns::{settle, start};
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Outer {
        inner: Inner,
        name: String,
    }

    #[derive(Clone, Debug, PartialEq)]
    struct Inner {
        number: u32,
    }

    fn outer(number: u32, name: &str) -> Outer {
        Outer {
            inner: Inner { number },
            name: name.to_owned(),
        }
    }

    #[test]
    fn a_part_of_a_part_and_the_whole_follow_each_other() {
        let _owner = start();
        let whole = RwSignal::new(outer(1, "a"));
        let inner = field_part!(whole, inner);
        let number = number_part!(inner, number);
        settle();
        number.set(5);
        settle();
        assert_eq!(whole.get_untracked(), outer(5, "a"));
        whole.set(outer(7, "b"));
        settle();
        assert_eq!(number.get_untracked(), 7);
        number.set(-1);
        settle();
        assert_eq!(
            whole.get_untracked(),
            outer(7, "b"),
            "what does not fit changes nothing"
        );
    }

    #[test]
    fn parts_that_change_at_once_are_all_kept() {
        let _owner = start();
        let whole = RwSignal::new(outer(1, "a"));
        let (inner, name) = (field_part!(whole, inner), field_part!(whole, name));
        // Before any effect has run.
        inner.set(Inner { number: 2 });
        name.set("b".to_owned());
        settle();
        assert_eq!(whole.get_untracked(), outer(2, "b"));
        inner.set(Inner { number: 3 });
        name.set("c".to_owned());
        settle();
        assert_eq!(whole.get_untracked(), outer(3, "c"));
        assert_eq!(
            (inner.get_untracked().number, name.get_untracked()),
            (3, "c".to_owned())
        );
    }

    #[test]
    fn a_part_of_a_variant_leaves_another_variant_alone() {
        let _owner = start();
        let whole: RwSignal<Result<u32, String>> = RwSignal::new(Ok(1));
        let number = variant_part!(whole, Ok, 1u32);
        settle();
        whole.set(Err("gone".to_owned()));
        settle();
        number.set(4);
        settle();
        assert_eq!(whole.get_untracked(), Err("gone".to_owned()));
    }
}
