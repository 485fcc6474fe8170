//! Who waits: by number, by contact, and in the order in which they are due; and until when a wait lasts.

use super::program::UntilStep;
use super::state::{Clock, Waiting};
use crate::column::{Cell, NONE};
use crate::value::Zone;
use crate::value::date::{DAY, is_anniversary, on_weekday};
use model::workflow::node::Otherwise;
use model::{FieldId, NodeId};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// A minute, in milliseconds.
pub const MINUTE: i64 = 60_000;

/// The waits of one workflow on all clocks, and how they differ from when the batch began.
#[derive(Debug, Default)]
pub struct Waits {
    all: FxHashMap<u64, Held>,
    /// The oldest wait of each contact.
    first: FxHashMap<u32, u64>,
    /// The numbers of those that began since the batch did, those that are over included.
    added: Vec<u64>,
    over: Vec<u64>,
}

/// A wait, with the next one of the same contact.
#[derive(Debug)]
struct Held {
    wait: Waiting,
    next: Option<u64>,
    /// Whether it began since the batch did.
    added: bool,
}

impl Waits {
    /// Begins with those of a state.
    pub fn new(waits: impl Iterator<Item = Waiting>) -> Waits {
        let mut waits: Vec<Waiting> = waits.collect();
        // Their order in the state's map must not show.
        waits.sort_unstable_by_key(|wait| wait.id);
        let mut new = Waits::default();
        for wait in waits {
            new.hold(wait, false);
        }
        new
    }

    /// A wait by its number.
    pub fn get(&self, id: u64) -> Option<&Waiting> {
        self.all.get(&id).map(|held| &held.wait)
    }

    /// The waits on a clock, in no order.
    pub fn on(&self, clock: Clock) -> impl Iterator<Item = &Waiting> {
        let waits = self.all.values().map(|held| &held.wait);
        waits.filter(move |wait| wait.clock == clock)
    }

    /// The waits of a contact as they are now, oldest first.
    pub fn of(&self, contact: u32) -> impl Iterator<Item = u64> + use<> {
        let first = self.first.get(&contact).copied();
        let next = |id: u64| self.all.get(&id)?.next;
        // Most have one at most, which takes no room.
        let others = std::iter::successors(first.and_then(next), |id| next(*id));
        first.into_iter().chain(others.collect::<Vec<_>>())
    }

    /// The waits of a contact at one node, oldest first.
    pub fn at(&self, contact: u32, node: NodeId) -> Vec<u64> {
        let here = |id: &u64| self.get(*id).is_some_and(|wait| wait.node == node);
        self.of(contact).filter(here).collect()
    }

    /// Whether a contact waits anywhere.
    pub fn has(&self, contact: u32) -> bool {
        self.first.contains_key(&contact)
    }

    /// Whether some membership is one for some days.
    pub fn promise(&self) -> bool {
        self.all.values().any(|held| held.wait.segment().is_some())
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Everybody who waits.
    pub fn contacts(&self) -> impl Iterator<Item = u32> + '_ {
        self.first.keys().copied()
    }

    /// Somebody begins to wait.
    pub fn begin(&mut self, wait: Waiting) {
        self.added.push(wait.id);
        self.hold(wait, true);
    }

    /// Puts a wait behind the others of its contact.
    fn hold(&mut self, wait: Waiting, added: bool) {
        match self.first.entry(wait.contact) {
            Entry::Vacant(place) => {
                place.insert(wait.id);
            }
            Entry::Occupied(first) => {
                let mut at = *first.get();
                while let Some(next) = self.all.get(&at).and_then(|held| held.next) {
                    at = next;
                }
                if let Some(last) = self.all.get_mut(&at) {
                    last.next = Some(wait.id);
                }
            }
        }
        let next = None;
        self.all.insert(wait.id, Held { wait, next, added });
    }

    /// A wait is over.
    pub fn end(&mut self, id: u64) -> Option<Waiting> {
        let Held { wait, next, added } = self.all.remove(&id)?;
        if let Entry::Occupied(mut first) = self.first.entry(wait.contact) {
            match (*first.get() == id, next) {
                (true, Some(next)) => {
                    first.insert(next);
                }
                (true, None) => {
                    first.remove();
                }
                (false, _) => {
                    let mut at = Some(*first.get());
                    while let Some(before) = at.and_then(|at| self.all.get_mut(&at)) {
                        at = before.next;
                        if at == Some(id) {
                            before.next = next;
                            break;
                        }
                    }
                }
            }
        }
        if !added {
            self.over.push(id);
        }
        Some(wait)
    }

    /// What began and stayed, and what is over, since this was last asked.
    pub fn take(&mut self) -> (Vec<Waiting>, Vec<u64>) {
        let mut added = Vec::new();
        // Numbers only grow, so they are in order.
        for id in std::mem::take(&mut self.added) {
            if let Some(held) = self.all.get_mut(&id) {
                held.added = false;
                added.push(held.wait.clone());
            }
        }
        // The journal keeps them.
        added.shrink_to_fit();
        self.over.shrink_to_fit();
        (added, std::mem::take(&mut self.over))
    }
}

/// Until when a wait lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    /// Until a moment, which may have passed.
    Until(i64),
    /// The pass ends.
    Ends,
}

/// Until when a wait that begins at a moment lasts.
pub fn lasts(until: &UntilStep, entered: i64, zone: &Zone, field: &dyn Fn(FieldId) -> Cell) -> Lasts {
    Lasts::Until(match until {
        UntilStep::Period(minutes) | UntilStep::Activity(_, minutes) => entered + minutes * MINUTE,
        UntilStep::Moment(at) => *at,
        UntilStep::Weekday(days, minute) => next_weekday(*days, *minute, entered, zone),
        UntilStep::Hours(days, from, to) => {
            let local = zone.local(entered);
            let (day, minute) = (local.div_euclid(DAY), local.rem_euclid(DAY) / MINUTE);
            match on_weekday(*days, day) && (*from..*to).contains(&minute) {
                true => entered,
                false => next_weekday(*days, *from, entered, zone),
            }
        }
        UntilStep::Date {
            field: id,
            offset,
            minute,
            yearly,
            instant,
            otherwise,
        } => {
            let day = match field(*id) {
                Cell::Number(NONE) | Cell::Text(_) => None,
                Cell::Number(moment) if *instant => Some(zone.day(moment)),
                Cell::Number(day) => Some(day),
            };
            let at = |day: i64| zone.moment(day * DAY + minute * MINUTE);
            let due = day.and_then(|day| {
                if !yearly {
                    return Some(at(day + offset));
                }
                let today = zone.day(entered);
                // The next one comes within a year and a leap day, wherever the offset puts it.
                (today..today + 368)
                    .filter(|one| is_anniversary(day, one - offset))
                    .map(at)
                    .find(|moment| *moment >= entered)
            });
            match (due.filter(|due| *due >= entered), otherwise) {
                (Some(due), _) => due,
                (None, Otherwise::GoOn) => entered,
                (None, Otherwise::End) => return Lasts::Ends,
            }
        }
    })
}

/// The next moment at a minute of one of some weekdays.
fn next_weekday(days: u8, minute: i64, after: i64, zone: &Zone) -> i64 {
    let today = zone.day(after);
    (today..=today + 8)
        .filter(|day| on_weekday(days, *day))
        .map(|day| zone.moment(day * DAY + minute * MINUTE))
        .find(|moment| *moment > after)
        .unwrap_or(after + DAY)
}
