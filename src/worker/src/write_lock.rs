//! One writer at a time, in the order they asked.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The right to change the data, which one holds and the others wait for.
#[derive(Clone, Debug, Default)]
pub struct WriteLock(Rc<RefCell<Queue>>);

/// The first in the line holds the lock.
#[derive(Debug, Default)]
struct Queue {
    line: VecDeque<(u64, Option<Waker>)>,
    numbers: u64,
}

impl Queue {
    fn leave(&mut self, number: u64) -> Option<Waker> {
        let was_first = self.line.front().is_some_and(|(first, _)| *first == number);
        self.line.retain(|(other, _)| *other != number);
        if was_first {
            self.line.front_mut().and_then(|(_, waker)| waker.take())
        } else {
            None
        }
    }
}

impl WriteLock {
    /// Queues up; the place in the line is taken now, not when the future is first polled.
    pub fn lock(&self) -> Turn {
        let mut queue = self.0.borrow_mut();
        queue.numbers += 1;
        let number = queue.numbers;
        queue.line.push_back((number, None));
        Turn {
            place: Some(Place {
                lock: self.clone(),
                number,
            }),
        }
    }
}

/// A place in the line; leaving it lets the next one in.
#[derive(Debug)]
struct Place {
    lock: WriteLock,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        // Woken outside the borrow: a waker may run anything.
        let next = self.lock.0.borrow_mut().leave(self.number);
        if let Some(next) = next {
            next.wake();
        }
    }
}

/// Waits for the lock; dropping it gives the place up.
#[derive(Debug)]
#[must_use = "a turn that isn't awaited gives the place up at once"]
pub struct Turn {
    place: Option<Place>,
}

/// Holds the lock until it is dropped.
#[derive(Debug)]
#[must_use = "the lock is held only as long as this lives"]
pub struct WriteGuard(#[allow(dead_code, reason = "held for its drop")] Place);

impl Future for Turn {
    type Output = WriteGuard;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<WriteGuard> {
        let Some(place) = self.place.take() else {
            return Poll::Pending;
        };
        let ready = {
            let mut queue = place.lock.0.borrow_mut();
            match queue.line.iter().position(|(number, _)| *number == place.number) {
                Some(0) | None => true,
                Some(position) => {
                    queue.line[position].1 = Some(context.waker().clone());
                    false
                }
            }
        };
        if ready {
            return Poll::Ready(WriteGuard(place));
        }
        self.place = Some(place);
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Wake;

    #[derive(Default)]
    struct Wakes(AtomicU32);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll(turn: &mut Turn, wakes: &Arc<Wakes>) -> Option<WriteGuard> {
        match Pin::new(turn).poll(&mut Context::from_waker(&wakes.clone().into())) {
            Poll::Ready(guard) => Some(guard),
            Poll::Pending => None,
        }
    }

    #[test]
    fn writers_get_their_turn_in_the_order_they_asked() {
        let lock = WriteLock::default();
        let wakes: [Arc<Wakes>; 3] = Default::default();
        let (mut first, mut second, mut third) = (lock.lock(), lock.lock(), lock.lock());
        assert!(poll(&mut third, &wakes[2]).is_none());
        assert!(poll(&mut second, &wakes[1]).is_none());
        let guard = poll(&mut first, &wakes[0]).unwrap();
        drop(guard);
        assert_eq!(wakes[1].0.load(Ordering::Relaxed), 1);
        assert_eq!(wakes[2].0.load(Ordering::Relaxed), 0);
        assert!(poll(&mut third, &wakes[2]).is_none());
        let guard = poll(&mut second, &wakes[1]).unwrap();
        drop(guard);
        assert_eq!(wakes[2].0.load(Ordering::Relaxed), 1);
        assert!(poll(&mut third, &wakes[2]).is_some());
    }

    #[test]
    fn a_writer_that_gives_up_lets_the_others_in() {
        let lock = WriteLock::default();
        let wakes: [Arc<Wakes>; 3] = Default::default();
        let (mut first, mut second, mut third) = (lock.lock(), lock.lock(), lock.lock());
        assert!(poll(&mut second, &wakes[1]).is_none());
        assert!(poll(&mut third, &wakes[2]).is_none());
        let guard = poll(&mut first, &wakes[0]).unwrap();
        drop(second);
        drop(guard);
        assert_eq!(wakes[2].0.load(Ordering::Relaxed), 1);
        assert!(poll(&mut third, &wakes[2]).is_some());
    }

    #[test]
    fn a_free_lock_is_had_at_once() {
        let lock = WriteLock::default();
        let wakes = Arc::new(Wakes::default());
        for _ in 0..3 {
            assert!(poll(&mut lock.lock(), &wakes).is_some());
        }
    }

    #[test]
    fn a_writer_dropped_after_it_was_woken_wakes_the_next() {
        let lock = WriteLock::default();
        let wakes: [Arc<Wakes>; 3] = Default::default();
        let (mut first, mut second, mut third) = (lock.lock(), lock.lock(), lock.lock());
        assert!(poll(&mut second, &wakes[1]).is_none());
        assert!(poll(&mut third, &wakes[2]).is_none());
        drop(poll(&mut first, &wakes[0]).unwrap());
        assert_eq!(wakes[1].0.load(Ordering::Relaxed), 1);
        drop(second);
        assert_eq!(wakes[2].0.load(Ordering::Relaxed), 1);
    }
}
