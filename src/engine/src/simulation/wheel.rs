//! What is due next, of much that is due soon.

use std::cmp::Reverse;

/// When something is due, and in which order if that is the same: milliseconds × 2⁶⁴ and what decides then, since one
/// large number is compared faster than three.
pub(super) type Key = u128;

/// How many slots there are, and of how many milliseconds (as a power of two) each is.
const SLOTS: usize = 256;
const SLOT: u32 = 10;

/// Keys in their order. Each is put in at most [`WITHIN`] milliseconds after the first, and so into the slot of its
/// second; only the slot that is next is in order.
#[derive(Clone, Debug)]
pub(super) struct Wheel {
    slots: Vec<Vec<Key>>,
    /// The slot that is next, counted from the beginning.
    at: u64,
    /// What is in it, or before: the first at the end.
    next: Vec<Key>,
    /// How many keys are in later slots.
    later: usize,
}

/// So much later than the first one a key may be, in milliseconds.
pub(super) const WITHIN: i64 = (SLOTS as i64 - 1) << SLOT;

impl Wheel {
    pub fn new() -> Wheel {
        Wheel {
            slots: vec![Vec::new(); SLOTS],
            at: 0,
            next: Vec::new(),
            later: 0,
        }
    }

    /// The first key.
    #[inline]
    pub fn first(&self) -> Option<Key> {
        self.next.last().copied()
    }

    /// Puts a key in.
    pub fn push(&mut self, key: Key) {
        let slot = (key >> (64 + SLOT)) as u64;
        if self.next.is_empty() {
            self.at = slot;
        }
        if slot <= self.at {
            self.push_next(key);
        } else if let Some(slot) = self.slots.get_mut(slot as usize % SLOTS) {
            slot.push(key);
            self.later += 1;
        }
    }

    /// Takes the first key out.
    pub fn pop(&mut self) {
        self.next.pop();
        while self.next.is_empty() && self.later > 0 {
            self.at += 1;
            let Some(slot) = self.slots.get_mut(self.at as usize % SLOTS) else {
                return;
            };
            // The room of the slot before is used again.
            std::mem::swap(slot, &mut self.next);
            self.later -= self.next.len();
            self.next.sort_unstable_by_key(|key| Reverse(*key));
        }
    }

    /// Puts a key of the next slot to its place.
    fn push_next(&mut self, key: Key) {
        let place = self.next.partition_point(|other| *other > key);
        self.next.insert(place, key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BinaryHeap;

    proptest! {
        #[test]
        fn keys_come_in_their_order(
            steps in prop::collection::vec((any::<bool>(), 0..=WITHIN, 0..9u128), 0..200),
        ) {
            let (mut wheel, mut heap) = (Wheel::new(), BinaryHeap::new());
            let mut now = 0;
            for (pops, later, order) in steps {
                if pops {
                    wheel.pop();
                    heap.pop();
                } else {
                    let key = ((now + later) as Key) << 64 | order;
                    wheel.push(key);
                    heap.push(Reverse(key));
                }
                prop_assert_eq!(wheel.first(), heap.peek().map(|Reverse(key)| *key));
                now = wheel.first().map_or(now, |key| (key >> 64) as i64);
            }
        }
    }
}
