//! Who waits: by number, by contact, and in the order in which they are due; and until when a wait lasts.

use super::program::UntilStep;
use super::state::{Clock, Waiting};
use crate::column::{Cell, NONE};
use crate::value::Zone;
use crate::value::date::{DAY, is_anniversary, on_weekday};
use model::workflow::node::Otherwise;
use model::{FieldId, NodeId};
use rustc_hash::{FxHashMap, FxHashSet};

/// A minute, in milliseconds.
pub const MINUTE: i64 = 60_000;

/// The waits of one workflow on all clocks, and how they differ from when the batch began.
#[derive(Debug, Default)]
pub struct Waits {
    all: FxHashMap<u64, Waiting>,
    by_contact: FxHashMap<u32, Vec<u64>>,
    added: FxHashSet<u64>,
    over: Vec<u64>,
}

impl Waits {
    /// Begins with those of a state.
    pub fn new(waits: impl Iterator<Item = Waiting>) -> Waits {
        let mut new = Waits::default();
        for wait in waits {
            new.by_contact.entry(wait.contact).or_default().push(wait.id);
            new.all.insert(wait.id, wait);
        }
        // Their order in the state's map must not show.
        new.by_contact.values_mut().for_each(|ids| ids.sort_unstable());
        new
    }

    /// A wait by its number.
    pub fn get(&self, id: u64) -> Option<&Waiting> {
        self.all.get(&id)
    }

    /// The waits on a clock, in no order.
    pub fn on(&self, clock: Clock) -> impl Iterator<Item = &Waiting> {
        self.all.values().filter(move |wait| wait.clock == clock)
    }

    /// The waits of a contact, oldest first.
    pub fn of(&self, contact: u32) -> Vec<u64> {
        self.by_contact.get(&contact).cloned().unwrap_or_default()
    }

    /// The waits of a contact at one node, oldest first.
    pub fn at(&self, contact: u32, node: NodeId) -> Vec<u64> {
        let mut waits = self.of(contact);
        waits.retain(|id| self.get(*id).is_some_and(|wait| wait.node == node));
        waits
    }

    /// Whether a contact waits anywhere.
    pub fn has(&self, contact: u32) -> bool {
        self.by_contact.contains_key(&contact)
    }

    /// Whether some membership is one for some days.
    pub fn promise(&self) -> bool {
        self.all.values().any(|wait| wait.segment().is_some())
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Everybody who waits.
    pub fn contacts(&self) -> impl Iterator<Item = u32> + '_ {
        self.by_contact.keys().copied()
    }

    /// Somebody begins to wait.
    pub fn begin(&mut self, wait: Waiting) {
        self.by_contact.entry(wait.contact).or_default().push(wait.id);
        self.added.insert(wait.id);
        self.all.insert(wait.id, wait);
    }

    /// A wait is over.
    pub fn end(&mut self, id: u64) -> Option<Waiting> {
        let wait = self.all.remove(&id)?;
        if let Some(ids) = self.by_contact.get_mut(&wait.contact) {
            ids.retain(|one| *one != id);
            if ids.is_empty() {
                self.by_contact.remove(&wait.contact);
            }
        }
        if !self.added.remove(&id) {
            self.over.push(id);
        }
        Some(wait)
    }

    /// What began and stayed, and what is over, since this was last asked.
    pub fn take(&mut self) -> (Vec<Waiting>, Vec<u64>) {
        let mut added: Vec<u64> = self.added.drain().collect();
        added.sort_unstable();
        let added = added.iter().filter_map(|id| self.all.get(id).cloned()).collect();
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
