//! Waits in the order in which they are due.

use litemap::LiteMap;
use model::NodeId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// When a wait is due; they are in the order (moment, contact, node, number).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// In milliseconds since 1970.
    pub when: i64,
    /// Who waits.
    pub contact: u32,
    /// At which node.
    pub node: NodeId,
    /// The number of the wait.
    pub id: u64,
    /// Where it is held.
    pub place: u32,
}

/// A queue of waits, of which the first one is always known. The others may be over already: they leave when their
/// turn comes.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// A row for each node, since most waits of a node are equally long and come in the order in which they are due.
    rows: LiteMap<NodeId, VecDeque<Due>>,
    /// Those that came out of that order.
    others: BinaryHeap<Reverse<Due>>,
    first: Option<Due>,
    len: usize,
}

impl Queue {
    /// The first one.
    #[inline]
    pub fn first(&self) -> Option<Due> {
        self.first
    }

    /// How many there are, those that are over included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Puts one in.
    pub fn push(&mut self, due: Due) {
        let row = self.rows.entry(due.node).or_default();
        match row.back() {
            Some(last) if *last > due => self.others.push(Reverse(due)),
            _ => row.push_back(due),
        }
        self.first = Some(self.first.map_or(due, |first| first.min(due)));
        self.len += 1;
    }

    /// Takes the first one out, and those behind it that wait no more.
    pub fn pop(&mut self, waits: impl Fn(&Due) -> bool) {
        let mut first = self.first;
        while let Some(due) = first {
            let row = self.rows.get_mut(&due.node);
            match row.filter(|row| row.front() == Some(&due)) {
                Some(row) => drop(row.pop_front()),
                None => drop(self.others.pop()),
            }
            self.len -= 1;
            let rows = self.rows.values().filter_map(VecDeque::front);
            let others = self.others.peek().map(|Reverse(due)| due);
            first = rows.chain(others).min().copied();
            if first.as_ref().is_none_or(&waits) {
                break;
            }
        }
        self.first = first;
    }

    /// Takes out what waits no more.
    pub fn retain(&mut self, waits: impl Fn(&Due) -> bool) {
        for (_, row) in self.rows.iter_mut() {
            row.retain(&waits);
        }
        self.others.retain(|Reverse(due)| waits(due));
        self.len = self.others.len() + self.rows.values().map(VecDeque::len).sum::<usize>();
    }
}
