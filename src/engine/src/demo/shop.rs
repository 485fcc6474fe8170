//! What happens in the demo's shop within its 180 days, planned from the seed before any of it is told.
//!
//! Days are counted back from today: 180 is the first one, and a smaller number is a later day.

use super::people::{People, Person};
use crate::random::Random;
use crate::sort::sort_by_key;
use crate::value::Zone;
use crate::value::date::{DAY, print_instant};
use litemap::LiteMap;
use std::collections::BTreeSet;
use std::ops::Range;

/// The first day.
pub(super) const OPENED: i64 = 180;
/// The day `newsletter.csv` is imported.
pub(super) const NEWSLETTER: i64 = 150;
/// The day `fair-leads.csv` is imported.
pub(super) const FAIR: i64 = 90;
/// The day of the sale, the busiest of all.
pub(super) const SALE: i64 = 45;
/// The day **Win-back** is made, of people who bought nothing for [`QUIET`] days.
pub(super) const WIN_BACK: i64 = 28;
/// The first day on which the workflow **Interested in Footwear** is active.
const INTEREST_FROM: i64 = OPENED - 3;
/// The day on which the shop's first week ends for Corral, so that the last one ends yesterday.
pub(super) const FIRST_WEEK: i64 = 176;
/// The day until which the shop has reported everything when **Newsletter buyers** is made.
const COMPARED: i64 = 8;
/// The shop reports what happened within so many days.
pub(super) const WEEK: i64 = 7;
/// So many days without a purchase make somebody one to win back.
pub(super) const QUIET: i64 = 90;
/// An interest ends so many days after it was shown, unless the person buys.
const INTEREST: i64 = 30;
/// Visits that show an interest lie within so many days after the first one.
const INTERESTED_WITHIN: i64 = 6;

/// People by how the shop came to know them, in the order in which it did.
pub(super) const OLD: Range<usize> = 0..1900;
pub(super) const LISTED: Range<usize> = 1900..3100;
pub(super) const MET: Range<usize> = 3100..3490;
pub(super) const SIGNED_UP: Range<usize> = 3490..4997;
pub(super) const STAFF: Range<usize> = 4997..5000;
/// The shop's own people: first name, and what their email begins with.
const TEAM: [(&str, &str); 3] = [("Marta", "marta"), ("Iñaki", "inaki"), ("Zoë", "zoe")];
/// Ana López stands somewhere in the middle of `newsletter.csv`.
pub(super) const ANA: usize = LISTED.start + 117;
/// When Ana buys.
const ANA_BUYS: [i64; 7] = [140, 118, 96, 71, 45, 33, 16];

/// Who signed up so late that they have bought nothing yet.
const TOO_NEW: usize = 200;
/// Buyers by how the shop came to know them; the listed ones include Ana.
const BUYERS: [(Range<usize>, usize); 4] = [
    (OLD, 949),
    (LISTED, 611),
    (MET, 90),
    (SIGNED_UP.start..SIGNED_UP.end - TOO_NEW, 400),
];
const PURCHASES: usize = 6200;
/// What one purchase costs, in cents.
const PRICES: [i64; 10] = [1990, 2990, 4290, 4990, 5990, 6990, 7990, 8990, 8990, 11_990];

const UNSUBSCRIBED: usize = 600;
/// Those of the old customers who unsubscribed before the demo begins.
const UNSUBSCRIBED_BEFORE: usize = 80;
const BOUNCED: usize = 80;
const WITHOUT_EMAIL: usize = 300;
const KNOWN_AT_THE_FAIR: usize = 30;
const QUIET_BUYERS: [usize; 2] = [580, 120];
const WON_BACK: usize = 60;
/// People whose interest ended, who bought while it lasted, and who are still waited for.
const LOST_INTEREST: usize = 828;
const KEPT_INTEREST: usize = 238;
const STILL_INTERESTED: usize = 74;

/// A day on which it all happened before the shop opened.
pub(super) const BEFORE: i64 = OPENED + 1;

/// Somebody's purchase.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purchase {
    pub person: usize,
    pub day: i64,
    pub cents: i64,
}

/// Everybody and everything, each list from the first day to the last.
#[derive(Debug, Default)]
pub(super) struct Shop {
    pub people: Vec<Person>,
    pub purchases: Vec<Purchase>,
    /// Who unsubscribed, and when.
    pub unsubscribed: Vec<(i64, usize)>,
    /// Whose email came back.
    pub bounced: Vec<(i64, usize)>,
    /// Who looked at footwear again and again, and the day of the third visit.
    pub interested: Vec<(i64, usize)>,
    /// People of `fair-leads.csv` whom the shop knew before.
    pub known_at_the_fair: Vec<usize>,
    /// Buyers who were quiet for long on the day of [`WIN_BACK`].
    pub quiet: BTreeSet<usize>,
    /// People of a list that was imported by mistake.
    pub mistaken: Vec<Person>,
}

impl Shop {
    /// Plans everything; the same seed gives the same shop. `today` counts from 1970 in the time zone.
    pub fn new(seed: u64, today: i64, zone: &Zone) -> Shop {
        let mut random = Random::new(seed, 2);
        let mut people = People::new(seed);
        let mut shop = Shop::default();
        shop.meet(&mut people, &mut random);
        shop.mistaken = (0..250).map(|_| people.next()).collect();
        shop.subscribe(&mut random, today, zone);
        shop.leave(&mut random);
        shop.buy(&mut random);
        shop.keep_busy(&mut random);
        shop.like(&mut random);
        for list in [&mut shop.unsubscribed, &mut shop.bounced, &mut shop.interested] {
            sort_by_key(list, |(day, person)| (std::cmp::Reverse(*day), *person));
        }
        shop.purchases
            .sort_by_key(|purchase| (std::cmp::Reverse(purchase.day), purchase.person));
        shop
    }

    /// What everybody had spent by the end of a day, in cents.
    pub fn spent_by(&self, day: i64) -> LiteMap<usize, i64> {
        let mut spent = LiteMap::new();
        for purchase in self.purchases.iter().filter(|purchase| purchase.day >= day) {
            *spent.entry(purchase.person).or_default() += purchase.cents;
        }
        spent
    }

    /// Everybody, with the day on which they join.
    fn meet(&mut self, people: &mut People, random: &mut Random) {
        let ana = people.ana();
        let mut days: Vec<i64> = SIGNED_UP.map(|_| random.between(2, OPENED - 2)).collect();
        days.sort_unstable_by_key(|day| std::cmp::Reverse(*day));
        for at in 0..STAFF.end {
            let mut person = if at == ANA { ana.clone() } else { people.next() };
            person.joined = match at {
                at if OLD.contains(&at) => OPENED,
                at if LISTED.contains(&at) => NEWSLETTER,
                at if MET.contains(&at) => FAIR,
                at if STAFF.contains(&at) => OPENED - 1,
                // Corral hears of them on the next evening on which the shop reports, and they do nothing before.
                at => reported(days[at - SIGNED_UP.start]),
            };
            if OLD.contains(&at) {
                person.external_id = format!("OLMO-{}", 10_001 + at);
                person.points = random.between(0, 900).to_string();
                if at < WITHOUT_EMAIL {
                    person.email.clear();
                }
            } else if STAFF.contains(&at) {
                let (first, key) = TEAM[at - STAFF.start];
                person.first_name = first.to_owned();
                person.last_name = "Olmo".to_owned();
                person.email = format!("{key}@olmo-shoes.example");
            } else if SIGNED_UP.contains(&at) {
                person.external_id = format!("WEB-{}", 20_001 + at - SIGNED_UP.start);
            }
            if OLD.contains(&at) || SIGNED_UP.contains(&at) {
                person.sizes = sizes(random);
            }
            if !STAFF.contains(&at) {
                person.category = random
                    .pick(&["footwear", "footwear", "bags", "clothing", "accessories", "", ""])
                    .to_owned();
            }
            self.people.push(person);
        }
    }

    /// Who comes with a subscription, since when and from where.
    fn subscribe(&mut self, random: &mut Random, today: i64, zone: &Zone) {
        let mut subscribed: BTreeSet<usize> = LISTED.chain(STAFF).collect();
        subscribed.extend(some(random, WITHOUT_EMAIL..OLD.end, 1200));
        subscribed.extend(some(random, MET, 300));
        subscribed.extend(some(random, SIGNED_UP, 997));
        for (at, person) in self.people.iter_mut().enumerate() {
            if !subscribed.contains(&at) {
                person.status = "none";
                continue;
            }
            person.status = "subscribed";
            let (source, days) = match at {
                at if OLD.contains(&at) => ("Shop counter", random.between(1, 700)),
                at if LISTED.contains(&at) => ("Newsletter form", random.between(1, 120)),
                at if MET.contains(&at) => ("Trade fair", random.between(1, 2)),
                at if STAFF.contains(&at) => ("Staff", 0),
                _ => ("Web shop", 0),
            };
            person.consent_source = source;
            // Within opening hours, and for those who sign up before the evening on which the shop reports it.
            let minute = random.between(9 * 60, 20 * 60);
            let moment = (today - person.joined - days) * DAY + minute * 60_000;
            print_instant(zone.moment(moment), None, &Zone::UTC, &mut person.consent_at);
        }
        let subscribed_met = |at: &usize| subscribed.contains(at) && *at != ANA;
        let known = (WITHOUT_EMAIL..LISTED.end).filter(subscribed_met).collect();
        self.known_at_the_fair = shuffled(random, known)
            .into_iter()
            .take(KNOWN_AT_THE_FAIR)
            .collect();
    }

    /// Who unsubscribes, and whose email comes back.
    fn leave(&mut self, random: &mut Random) {
        let stays = |at: &usize| *at == ANA || STAFF.contains(at) || self.known_at_the_fair.contains(at);
        let leaves = |at: &usize| self.people[*at].status == "subscribed" && !stays(at);
        let mut before = 0;
        let leaving = shuffled(random, (0..STAFF.start).filter(leaves).collect());
        for at in leaving.into_iter().take(UNSUBSCRIBED) {
            if OLD.contains(&at) && before < UNSUBSCRIBED_BEFORE {
                before += 1;
                self.unsubscribed.push((BEFORE, at));
            } else {
                let day = random.between(1, self.people[at].joined - 1);
                self.unsubscribed.push((day, at));
            }
        }
        let reached = |at: &usize| *at != ANA && !self.people[*at].email.is_empty();
        let bounced = shuffled(random, (0..STAFF.start).filter(reached).collect());
        for at in bounced.into_iter().take(BOUNCED) {
            let day = random.between(1, self.people[at].joined - 1);
            self.bounced.push((day, at));
        }
        for (_, at) in self.unsubscribed.iter().filter(|(day, _)| *day == BEFORE) {
            self.people[*at].status = "unsubscribed";
        }
    }

    /// Who buys how often, when and for how much.
    fn buy(&mut self, random: &mut Random) {
        let mut buyers: Vec<usize> = Vec::new();
        for ((group, count), quiet) in BUYERS.into_iter().zip([QUIET_BUYERS[0], QUIET_BUYERS[1], 0, 0]) {
            let others = if group.contains(&ANA) { count - 1 } else { count };
            let some = some(random, group, others);
            self.quiet.extend(some.iter().take(quiet));
            buyers.extend(some);
        }
        let buyers = shuffled(random, buyers);
        // Everybody buys once, then those at the front more often than those at the end, and the quiet ones seldom.
        let mut bought: Vec<usize> = buyers.clone();
        while bought.len() + ANA_BUYS.len() < PURCHASES {
            let at = random.below(buyers.len()).min(random.below(buyers.len()));
            let buyer = buyers[at];
            if !self.quiet.contains(&buyer) || random.percent(30) {
                bought.push(buyer);
            }
        }
        let mut seen = BTreeSet::new();
        for person in bought {
            let day = self.purchase_day(person, seen.insert(person), random);
            let cents = random.pick(&PRICES);
            self.purchases.push(Purchase { person, day, cents });
        }
        for day in ANA_BUYS {
            let cents = random.pick(&PRICES);
            self.purchases.push(Purchase {
                person: ANA,
                day,
                cents,
            });
        }
        // Some of the quiet ones who bought more than once come back.
        let mut won_back = 0;
        for person in buyers.into_iter().filter(|buyer| self.quiet.contains(buyer)) {
            let mut theirs = self
                .purchases
                .iter_mut()
                .filter(|purchase| purchase.person == person);
            if let (Some(_), Some(last)) = (theirs.next(), theirs.next())
                && won_back < WON_BACK
            {
                last.day = random.between(3, WIN_BACK - 2);
                won_back += 1;
            }
        }
    }

    fn purchase_day(&self, person: usize, first: bool, random: &mut Random) -> i64 {
        let joined = self.people[person].joined;
        let old = OLD.contains(&person);
        // An old customer has bought before the demo begins.
        if old && (first || random.percent(35)) {
            return BEFORE;
        }
        if self.quiet.contains(&person) {
            return random.between(WIN_BACK + QUIET + WEEK, joined - 1);
        }
        if joined > SALE && random.percent(8) {
            return SALE;
        }
        // Whoever is listed has bought before the lists are compared; and a workflow welcomes buyers from the second day.
        let last = if LISTED.contains(&person) { COMPARED } else { 1 };
        random.between(last, joined - 1).min(OPENED - 2)
    }

    /// Sees to it that on the day of [`WIN_BACK`] nobody is quiet but those who are meant to be.
    fn keep_busy(&mut self, random: &mut Random) {
        let window = WIN_BACK + 1..WIN_BACK + QUIET;
        let mut bought: LiteMap<usize, Vec<usize>> = LiteMap::new();
        for (at, purchase) in self.purchases.iter().enumerate() {
            bought.entry(purchase.person).or_default().push(at);
        }
        let day = |shop: &Shop, at: &usize| shop.purchases[*at].day;
        let busy = |shop: &Shop, at: &usize| window.contains(&day(shop, at));
        let mut missing = Vec::new();
        for (person, theirs) in &bought {
            let early = theirs.iter().any(|at| day(self, at) >= window.start);
            if self.quiet.contains(person) || !early || theirs.iter().any(|at| busy(self, at)) {
                continue;
            }
            let first = usize::from(OLD.contains(person));
            let before = theirs.iter().filter(|at| day(self, at) == BEFORE).count();
            // An old customer stays one: her first purchase was before the demo begins.
            let movable = theirs
                .iter()
                .filter(|at| before > first || day(self, at) != BEFORE);
            match movable.max_by_key(|at| day(self, at)) {
                Some(at) => self.purchases[*at].day = random.between(window.start, window.end - 1),
                None => missing.push(*person),
            }
        }
        // Whoever has none to move gets one of somebody who buys a lot.
        let mut rich: Vec<usize> = Vec::new();
        for (_, theirs) in bought.iter().filter(|(person, _)| **person != ANA) {
            let mine = theirs.iter().filter(|at| busy(self, at));
            rich.extend(mine.skip(3).take(2));
        }
        for (person, at) in missing.into_iter().zip(shuffled(random, rich)) {
            self.purchases[at].person = person;
        }
    }

    /// Who shows an interest in footwear: most of them do not buy while it lasts, some do, and of some it is not known yet.
    fn like(&mut self, random: &mut Random) {
        let staff = |at: &usize| *at == ANA || STAFF.contains(at);
        let all = shuffled(random, (0..STAFF.start).filter(|at| !staff(at)).collect());
        let mut bought: LiteMap<usize, Vec<i64>> = LiteMap::new();
        for purchase in &self.purchases {
            bought.entry(purchase.person).or_default().push(purchase.day);
        }
        let (mut lost, mut kept, mut still) = (0, 0, 0);
        for at in all {
            let theirs = bought.get(&at).map_or(&[][..], Vec::as_slice);
            let early = (self.people[at].joined - 1).min(INTEREST_FROM);
            let ends = INTEREST + 1;
            let day = random.between(ends, early.max(ends));
            let bought_later = match theirs {
                [] => None,
                theirs => Some(random.pick(theirs) + random.between(1, INTEREST - 1)),
            };
            let buys = |day: i64| {
                theirs
                    .iter()
                    .any(|bought| (day - INTEREST..=day).contains(bought))
            };
            let fits = |day: &i64| (ends..=early).contains(day);
            let day = if let Some(day) = bought_later.filter(|day| kept < KEPT_INTEREST && fits(day)) {
                kept += 1;
                day
            } else if lost < LOST_INTEREST && fits(&day) && !buys(day) {
                lost += 1;
                day
            } else if still < STILL_INTERESTED && early > 1 {
                still += 1;
                random.between(1, early.min(INTEREST - 1))
            } else {
                continue;
            };
            self.interested.push((day, at));
        }
        for (_, at) in &self.interested {
            if random.percent(75) {
                self.people[*at].category = "footwear".to_owned();
            }
        }
    }

    /// The days of the visits that show an interest whose third visit is on a day, first to last.
    pub fn interested_on(&self, (day, person): (i64, usize), random: &mut Random) -> [i64; 3] {
        let earliest = (day + INTERESTED_WITHIN).min(self.people[person].joined - 1);
        let mut days = [random.between(day, earliest), random.between(day, earliest), day];
        days.sort_unstable_by_key(|day| std::cmp::Reverse(*day));
        days
    }
}

/// The evenings on which the shop reports, first to last: each week, and the day of the sale on its own.
pub(super) fn evenings() -> Vec<i64> {
    let mut evenings: Vec<i64> = (1..=FIRST_WEEK).rev().step_by(WEEK as usize).collect();
    evenings.extend([SALE + 1, SALE]);
    evenings.sort_unstable_by_key(|day| std::cmp::Reverse(*day));
    evenings
}

/// The evening on which the shop reports what happens on a day.
fn reported(day: i64) -> i64 {
    let evening = evenings().into_iter().find(|evening| *evening <= day);
    evening.unwrap_or(day)
}

/// So many of some people, in a random order.
fn some(random: &mut Random, of: Range<usize>, count: usize) -> Vec<usize> {
    let without_ana = of.filter(|at| *at != ANA).collect();
    shuffled(random, without_ana).into_iter().take(count).collect()
}

fn shuffled(random: &mut Random, mut people: Vec<usize>) -> Vec<usize> {
    random.shuffle(&mut people);
    people
}

/// One or two sizes side by side, as the ids of the field's options, or none.
fn sizes(random: &mut Random) -> String {
    let size = random.between(36, 45);
    match random.below(10) {
        0..4 => String::new(),
        4..8 => size.to_string(),
        _ => format!("{size}|{}", size + 1),
    }
}
