//! The future of one answer.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Where the answer is put.
#[derive(Debug)]
pub struct Slot<T>(Rc<RefCell<Place<T>>>);

/// Waits for the answer.
#[derive(Debug)]
pub struct Answer<T>(Rc<RefCell<Place<T>>>);

#[derive(Debug)]
struct Place<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

/// A slot, and the future of what is put into it.
pub fn answer<T>() -> (Slot<T>, Answer<T>) {
    let place = Rc::new(RefCell::new(Place {
        value: None,
        waker: None,
    }));
    (Slot(place.clone()), Answer(place))
}

impl<T> Slot<T> {
    /// Puts the answer in, and wakes who waits.
    pub fn put(self, value: T) {
        let waker = {
            let mut place = self.0.borrow_mut();
            place.value = Some(value);
            place.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Future for Answer<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut place = self.0.borrow_mut();
        match place.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                place.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
