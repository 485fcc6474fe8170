//! Who waits: by number, by contact, and in the order in which they are due; and until when a wait lasts.

use super::due::{Due, Queue};
use super::program::UntilStep;
use super::state::{Clock, Waiting};
use super::wait_list::WaitList;
use crate::column::{Cell, NONE};
use crate::events::NO;
use crate::shared::Shared;
use crate::value::Zone;
use crate::value::date::{DAY, is_anniversary, on_weekday};
use hashbrown::HashTable;
use litemap::LiteMap;
use model::FieldId;
use model::workflow::node::Otherwise;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;
use std::ops::Deref;

/// A minute, in milliseconds.
pub const MINUTE: i64 = 60_000;

/// The waits of one workflow on all clocks.
#[derive(Clone, Debug, Default)]
pub struct Waits {
    held: Vec<Option<Held>>,
    /// Places of `held` that are free.
    free: Vec<u32>,
    /// The places of all waits, found by their numbers.
    numbers: HashTable<u32>,
    /// The place of the oldest wait of each contact, found by the contact.
    firsts: HashTable<u32>,
    /// Those on the wall's clock, and on that of simulations.
    queues: [Queue; 2],
    /// How many memberships for some days there are.
    memberships: usize,
    /// How many waits there are in each version of the workflow.
    versions: LiteMap<u32, u32>,
}

/// A wait, with the place of the next one of the same contact, or [`NO`].
#[derive(Clone, Debug)]
struct Held {
    wait: Waiting,
    next: u32,
}

/// A queue may hold so many that are over beside as many as wait.
const OVER: usize = 1024;

fn held(held: &[Option<Held>], place: u32) -> Option<&Held> {
    held.get(place as usize)?.as_ref()
}

fn hash_of(key: u64) -> u64 {
    FxBuildHasher.hash_one(key)
}

impl Waits {
    /// A wait by its number.
    pub fn get(&self, id: u64) -> Option<&Waiting> {
        let same = |place: &u32| held(&self.held, *place).is_some_and(|held| held.wait.id == id);
        let place = self.numbers.find(hash_of(id), same)?;
        held(&self.held, *place).map(|held| &held.wait)
    }

    /// All of them, in no order.
    pub fn values(&self) -> impl Iterator<Item = &Waiting> {
        self.held.iter().flatten().map(|held| &held.wait)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The first wait that is due on a clock.
    #[inline]
    pub fn first(&self, clock: Clock) -> Option<Due> {
        let [wall, simulated] = &self.queues;
        match clock {
            Clock::Wall => wall.first(),
            Clock::Simulated => simulated.first(),
        }
    }

    /// The versions of the workflow that somebody waits in.
    pub fn versions(&self) -> impl Iterator<Item = u32> + '_ {
        self.versions.keys().copied()
    }

    /// The place of the oldest wait of a contact, or [`NO`].
    fn oldest(&self, contact: u32) -> u32 {
        let hers = |place: &u32| held(&self.held, *place).is_some_and(|held| held.wait.contact == contact);
        let place = self.firsts.find(hash_of(contact.into()), hers);
        place.copied().unwrap_or(NO)
    }

    /// The numbers of the waits of a contact as they are now, oldest first.
    pub fn of(&self, contact: u32) -> impl Iterator<Item = u64> + use<> {
        self.those(contact, |_| true)
    }

    /// The numbers of those waits of a contact that pass a test, as they are now, oldest first.
    pub fn those<F: Fn(&Waiting) -> bool>(
        &self,
        contact: u32,
        passes: F,
    ) -> impl Iterator<Item = u64> + use<F> {
        let all = std::iter::successors(held(&self.held, self.oldest(contact)), |one| {
            held(&self.held, one.next)
        });
        let mut those = all
            .map(|held| &held.wait)
            .filter(|wait| passes(wait))
            .map(|wait| wait.id);
        // Most have one at most, which takes no room.
        those.next().into_iter().chain(those.collect::<Vec<_>>())
    }

    /// Whether a contact waits anywhere.
    pub fn has(&self, contact: u32) -> bool {
        self.oldest(contact) != NO
    }

    /// Whether some membership is one for some days.
    pub fn promise(&self) -> bool {
        self.memberships > 0
    }

    /// Puts a wait in, in the place of one with its number.
    pub fn insert(&mut self, wait: Waiting) {
        self.remove(wait.id);
        self.put(wait);
    }

    /// Puts in a wait whose number none has; gives its place.
    fn put(&mut self, wait: Waiting) -> u32 {
        let place = self.free.pop().unwrap_or(self.held.len() as u32);
        let next = self.chain(&wait, place);
        let Waits {
            held: all,
            numbers,
            queues: [wall, simulated],
            ..
        } = self;
        numbers.insert_unique(hash_of(wait.id), place, |place| {
            hash_of(held(all, *place).map_or(0, |held| held.wait.id))
        });
        let queue = match wait.clock {
            Clock::Wall => wall,
            Clock::Simulated => simulated,
        };
        queue.push(Due {
            when: wait.due,
            contact: wait.contact,
            node: wait.node,
            id: wait.id,
            place,
        });
        self.memberships += usize::from(wait.segment().is_some());
        *self.versions.entry(wait.version).or_default() += 1;
        let new = Some(Held { wait, next });
        match all.get_mut(place as usize) {
            Some(free) => *free = new,
            None => all.push(new),
        }
        if queue.len() > 2 * (numbers.len() + OVER) {
            queue.retain(|due| is_due(all, due));
        }
        place
    }

    /// Makes a place part of the chain of its contact, which is in the order of numbers; gives the one behind it.
    fn chain(&mut self, wait: &Waiting, place: u32) -> u32 {
        let Waits {
            held: all, firsts, ..
        } = self;
        let contact = |place: u32| held(all, place).map(|held| held.wait.contact);
        let hash = hash_of(wait.contact.into());
        let Ok(mut first) = firsts.find_entry(hash, |place| contact(*place) == Some(wait.contact)) else {
            let rehash = |place: &u32| hash_of(contact(*place).unwrap_or_default().into());
            firsts.insert_unique(hash, place, rehash);
            return NO;
        };
        let is_older = |place: &u32| held(all, *place).is_some_and(|held| held.wait.id < wait.id);
        let next = |place: &u32| held(all, *place).map(|held| held.next);
        let older = std::iter::successors(Some(*first.get()), next).take_while(is_older);
        match older.last() {
            Some(before) => {
                let before = all.get_mut(before as usize).and_then(Option::as_mut);
                before.map_or(NO, |before| std::mem::replace(&mut before.next, place))
            }
            None => std::mem::replace(first.get_mut(), place),
        }
    }

    /// Takes a wait out.
    pub fn remove(&mut self, id: u64) -> Option<Waiting> {
        let Waits {
            held: all,
            numbers,
            firsts,
            queues: [wall, simulated],
            ..
        } = self;
        let same = |place: &u32| held(all, *place).is_some_and(|held| held.wait.id == id);
        let (place, _) = numbers.find_entry(hash_of(id), same).ok()?.remove();
        let (contact, next) = held(all, place).map(|held| (held.wait.contact, held.next))?;
        let hers = |place: &u32| held(all, *place).is_some_and(|held| held.wait.contact == contact);
        if let Ok(mut first) = firsts.find_entry(hash_of(contact.into()), hers) {
            match (*first.get() == place, next) {
                (true, NO) => drop(first.remove()),
                (true, next) => *first.get_mut() = next,
                (false, next) => {
                    let mut at = *first.get();
                    while let Some(Some(before)) = all.get_mut(at as usize) {
                        at = before.next;
                        if at == place {
                            before.next = next;
                            break;
                        }
                    }
                }
            }
        }
        let Held { wait, .. } = all.get_mut(place as usize)?.take()?;
        self.free.push(place);
        let queue = match wait.clock {
            Clock::Wall => wall,
            Clock::Simulated => simulated,
        };
        if queue.first().is_some_and(|first| first.id == id) {
            queue.pop(|due| is_due(all, due));
        }
        self.memberships -= usize::from(wait.segment().is_some());
        if let Some(count) = self.versions.get_mut(&wait.version) {
            *count -= 1;
            if *count == 0 {
                self.versions.remove(&wait.version);
            }
        }
        Some(wait)
    }
}

/// Whether what a queue holds still waits until then.
fn is_due(all: &[Option<Held>], due: &Due) -> bool {
    let wait = held(all, due.place).map(|held| &held.wait);
    wait.is_some_and(|wait| wait.id == due.id && wait.due == due.when)
}

/// The waits of one workflow in a machine, and how they differ from when the batch began.
#[derive(Debug, Default)]
pub struct LiveWaits {
    all: Shared<Waits>,
    /// The numbers and places of those that began since the batch did, those that are over included.
    begun: Vec<(u64, u32)>,
    over: Vec<u64>,
}

impl From<Shared<Waits>> for LiveWaits {
    fn from(all: Shared<Waits>) -> Self {
        LiveWaits {
            all,
            ..LiveWaits::default()
        }
    }
}

impl Deref for LiveWaits {
    type Target = Waits;
    fn deref(&self) -> &Waits {
        &self.all
    }
}

impl LiveWaits {
    /// Somebody begins to wait, with a number greater than all before.
    pub fn begin(&mut self, wait: Waiting) {
        self.begun.push((wait.id, self.all.put(wait)));
    }

    /// A wait is over.
    pub fn end(&mut self, id: u64) -> Option<Waiting> {
        let wait = self.all.remove(id)?;
        if self.begun.first().is_none_or(|(first, _)| id < *first) {
            self.over.push(id);
        }
        Some(wait)
    }

    /// What began and stayed, and what is over, since this was last asked.
    pub fn take(&mut self) -> (WaitList, Vec<u64>) {
        // Numbers only grow, so they are in order.
        let begun = std::mem::take(&mut self.begun);
        let waits = begun.iter().filter_map(|(id, place)| {
            let wait = held(&self.all.held, *place).map(|held| &held.wait);
            wait.filter(|wait| wait.id == *id)
        });
        let stayed = waits.collect();
        // The journal keeps them.
        self.over.shrink_to_fit();
        (stayed, std::mem::take(&mut self.over))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::fold::over;
    use crate::workflow::state::WaitOf;
    use model::{NodeId, SegmentId};
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Act {
        Begins(Waiting),
        /// One that waits (which one, by its place) waits until another moment.
        Moves(usize, i64),
        Ends(usize),
        First(Clock),
    }

    fn act() -> impl Strategy<Value = Act> {
        let clock = || prop_oneof![Just(Clock::Wall), Just(Clock::Simulated)];
        let wait = (0..4u32, 0..3u32, 0..20i64, clock(), 0..3u32, any::<bool>());
        let wait = wait.prop_map(|(contact, node, due, clock, version, member)| Waiting {
            contact,
            node: NodeId(node),
            due,
            clock,
            version,
            of: match member {
                true => WaitOf::Membership(SegmentId(node)),
                false => WaitOf::Pass,
            },
            trigger: (due > 9).then_some(contact),
            ..over(0)
        });
        prop_oneof![
            3 => wait.prop_map(Act::Begins),
            1 => (any::<usize>(), 0..20i64).prop_map(|(place, due)| Act::Moves(place, due)),
            1 => any::<usize>().prop_map(Act::Ends),
            1 => clock().prop_map(Act::First),
        ]
    }

    proptest! {
        #[test]
        fn waits_are_found_by_number_by_contact_and_when_they_are_due(
            acts in prop::collection::vec(act(), 0..80),
        ) {
            let mut waits = Waits::default();
            let mut known: LiteMap<u64, Waiting> = LiteMap::new();
            for (id, act) in (1u64..).zip(acts) {
                let one = |place: usize| known.keys().nth(place % known.len().max(1)).copied();
                match act {
                    Act::Begins(wait) => {
                        let wait = Waiting { id, ..wait };
                        waits.insert(wait.clone());
                        known.insert(id, wait);
                    }
                    Act::Moves(place, due) => if let Some(wait) = one(place).and_then(|id| known.get_mut(&id)) {
                        wait.due = due;
                        waits.insert(wait.clone());
                    },
                    Act::Ends(place) => if let Some(id) = one(place) {
                        prop_assert_eq!(waits.remove(id), known.remove(&id));
                    },
                    Act::First(clock) => if let Some(due) = waits.first(clock) {
                        prop_assert_eq!(waits.remove(due.id), known.remove(&due.id));
                    },
                }
                prop_assert_eq!(waits.remove(id + 1), None);
                for clock in [Clock::Wall, Clock::Simulated] {
                    let due = known.values().filter(|wait| wait.clock == clock);
                    let first = due.map(|wait| (wait.due, wait.contact, wait.node, wait.id)).min();
                    let found = waits.first(clock).map(|due| (due.when, due.contact, due.node, due.id));
                    prop_assert_eq!(found, first);
                }
                for contact in 0..4 {
                    let hers = known.values().filter(|wait| wait.contact == contact);
                    let hers: Vec<u64> = hers.map(|wait| wait.id).collect();
                    prop_assert_eq!(waits.has(contact), !hers.is_empty());
                    prop_assert_eq!(waits.of(contact).collect::<Vec<_>>(), hers);
                }
                prop_assert_eq!(waits.len(), known.len());
                prop_assert!(known.values().all(|wait| waits.get(wait.id) == Some(wait)));
                prop_assert_eq!(waits.promise(), known.values().any(|wait| wait.segment().is_some()));
                let mut versions: Vec<u32> = known.values().map(|wait| wait.version).collect();
                versions.sort_unstable();
                versions.dedup();
                prop_assert_eq!(waits.versions().collect::<Vec<_>>(), versions);
            }
            // Packed they are the same, and in a record nobody sees that they were.
            let list: WaitList = known.values().collect();
            let plain: Vec<Waiting> = known.values().cloned().collect();
            prop_assert_eq!(list.iter().collect::<Vec<_>>(), plain.clone());
            let record = postcard::to_allocvec(&list).unwrap();
            prop_assert_eq!(&record, &postcard::to_allocvec(&plain).unwrap());
            prop_assert_eq!(postcard::from_bytes::<WaitList>(&record).unwrap(), list);
        }
    }
}
