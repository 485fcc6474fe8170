//! The days of a simulation: how many visits each has, whose, and when they begin.

use crate::random::{Random, stirred};
use crate::value::Zone;
use crate::value::date::DAY;
use model::simulation::{Season, SimulationSpec};
use roaring::RoaringBitmap;
use std::rc::Rc;

const HOUR: i64 = DAY / 24;
const HOURS: usize = 24;

/// Which numbers of the seed are used for what.
const ACTIVITY: u64 = 1;
const STARTS: u64 = 2;
const VISIT: u64 = 3;

/// The days, planned one after the other.
///
/// A day is 24 hours of the zone's clocks, counted from the first moment.
#[derive(Clone, Debug)]
pub(super) struct Days {
    population: Population,
    zone: Zone,
    season: Season,
    seed: u64,
    /// How active each contact is comes from this number.
    activity: u64,
    from: i64,
    days: u32,
    visits_per_day: u32,
    /// How many days are planned.
    planned: u32,
    /// What is left of a visit from the days before, so that over many days the sum is right.
    owed: u128,
    /// When the day that was planned last begins.
    begins: i64,
    /// Its visits in their order: milliseconds since its beginning × 2³² + the contact.
    starts: Rc<Vec<u64>>,
    /// How many of them were taken.
    taken: usize,
}

/// Who may come, each by a place from 0 on.
#[derive(Clone, Debug)]
enum Population {
    /// Contacts in a row, from the first on: how many.
    Row(u32, usize),
    /// Others.
    List(Rc<Vec<u32>>),
}

impl Population {
    fn new(contacts: &RoaringBitmap) -> Population {
        match (contacts.min(), contacts.max()) {
            (Some(first), Some(last)) if u64::from(last - first) + 1 == contacts.len() => {
                Population::Row(first, contacts.len() as usize)
            }
            _ => Population::List(Rc::new(contacts.iter().collect())),
        }
    }

    fn len(&self) -> usize {
        match self {
            Population::Row(_, len) => *len,
            Population::List(contacts) => contacts.len(),
        }
    }

    fn at(&self, place: usize) -> u32 {
        match self {
            Population::Row(first, _) => first + place as u32,
            Population::List(contacts) => contacts.get(place).copied().unwrap_or_default(),
        }
    }
}

/// A visit that begins.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub when: i64,
    pub contact: u32,
    /// What it is random by.
    pub random: Random,
}

impl Days {
    pub fn new(spec: &SimulationSpec, population: &RoaringBitmap, from: i64, zone: Zone) -> Days {
        Days {
            population: Population::new(population),
            zone,
            season: spec.season.clone(),
            seed: spec.seed,
            activity: stirred(spec.seed, ACTIVITY),
            from,
            days: spec.days,
            visits_per_day: spec.visits_per_day,
            planned: 0,
            owed: 0,
            begins: from,
            starts: Rc::default(),
            taken: 0,
        }
    }

    /// When a day begins, counted from 0.
    fn beginning(&self, day: u32) -> i64 {
        if day == 0 {
            return self.from;
        }
        self.zone.moment(self.local(day))
    }

    /// What the clocks show when a day begins.
    fn local(&self, day: u32) -> i64 {
        self.zone.local(self.from) + i64::from(day) * DAY
    }

    /// The end of the last day.
    pub fn until(&self) -> i64 {
        self.beginning(self.days)
    }

    /// When the first day that is not planned yet begins; none where all are.
    pub fn unplanned(&self) -> Option<i64> {
        (self.planned < self.days).then(|| self.beginning(self.planned))
    }

    /// When the next visit of the planned days begins, and whose it is.
    #[inline]
    pub fn next(&self) -> Option<(i64, u32)> {
        let start = self.starts.get(self.taken)?;
        Some((self.begins + (start >> 32) as i64, *start as u32))
    }

    /// Takes the next visit.
    pub fn take(&mut self) -> Option<Start> {
        let (when, contact) = self.next()?;
        let day = stirred(stirred(self.seed, VISIT), u64::from(self.planned));
        let random = Random::new(day, self.taken as u64);
        self.taken += 1;
        Some(Start {
            when,
            contact,
            random,
        })
    }

    /// Plans the next day; the visits of the one before must all be taken.
    pub fn plan(&mut self) {
        let (begins, ends) = (self.beginning(self.planned), self.beginning(self.planned + 1));
        let weights = self.weights();
        let visits = self.visits(&weights);
        let mut random = Random::new(
            stirred(stirred(self.seed, STARTS), u64::from(self.planned)),
            STARTS,
        );
        let local = self.local(self.planned);
        let plain = self.zone.moment(local) == begins && self.zone.moment(local + DAY) == begins + DAY;
        let hours = Hours::new(weights);
        // The next day's visits take the place of this one's.
        let mut starts = std::mem::take(&mut self.starts);
        let list = Rc::make_mut(&mut starts);
        list.clear();
        list.reserve(visits);
        for _ in 0..visits {
            let time = hours.pick(&mut random) as i64 * HOUR + random.between(0, HOUR - 1);
            let when = match plain {
                true => time,
                false => (self.zone.moment(local + time) - begins).clamp(0, ends - begins - 1),
            };
            list.push((when as u64) << 32 | u64::from(self.visitor(&mut random)));
        }
        list.sort_unstable();
        self.starts = starts;
        self.begins = begins;
        self.taken = 0;
        self.planned += 1;
    }

    /// For each hour of a day the weight of the hour and of its weekday.
    fn weights(&self) -> [u64; HOURS] {
        let begins = self.local(self.planned);
        std::array::from_fn(|at| {
            let local = begins + at as i64 * HOUR;
            // 1970 began on a Thursday.
            let weekday = (local.div_euclid(DAY) + 3).rem_euclid(7) as usize;
            let hour = local.div_euclid(HOUR).rem_euclid(24) as usize;
            let weight = |weights: &[u16], at: usize| weights.get(at).copied().map_or(0, u64::from);
            weight(&self.season.weekdays, weekday) * weight(&self.season.hours, hour)
        })
    }

    /// How many visits the day has: as many as asked where its weekday weighs 100.
    fn visits(&mut self, weights: &[u64; HOURS]) -> usize {
        let hours: u128 = self.season.hours.iter().copied().map(u128::from).sum();
        if hours == 0 || self.population.len() == 0 {
            return 0;
        }
        let peak = match self.planned + 1 == self.season.peak_day {
            true => u128::from(self.season.peak),
            false => 1,
        };
        let day: u128 = weights.iter().copied().map(u128::from).sum();
        self.owed += u128::from(self.visits_per_day) * day * peak;
        let whole = hours * 100;
        let visits = self.owed / whole;
        self.owed %= whole;
        usize::try_from(visits).unwrap_or(usize::MAX)
    }

    /// Who comes: of two people the one who is more active, so that some come often and some hardly ever.
    fn visitor(&self, random: &mut Random) -> u32 {
        let mut pick = || self.population.at(random.below(self.population.len()));
        let (one, other) = (pick(), pick());
        let activity = |contact: u32| stirred(self.activity, u64::from(contact));
        match activity(one) >= activity(other) {
            true => one,
            false => other,
        }
    }
}

/// Picks hours by their weights.
struct Hours {
    /// The sum of the weights up to each hour.
    sums: [u64; HOURS],
}

impl Hours {
    fn new(weights: [u64; HOURS]) -> Hours {
        let total: u64 = weights.iter().sum();
        // A random number has 32 bits.
        let shift = 32u32.saturating_sub(total.leading_zeros());
        let mut sum = 0;
        Hours {
            sums: weights.map(|weight| {
                sum += weight >> shift;
                sum
            }),
        }
    }

    fn pick(&self, random: &mut Random) -> usize {
        let total = self.sums.last().copied().unwrap_or_default();
        let at = random.below(total as usize) as u64;
        self.sums.iter().position(|sum| at < *sum).unwrap_or_default()
    }
}
