//! What people do in the demo's shop, visit by visit: what Corral hears of as events.

use super::shop::{BEFORE, Purchase, SALE, SIGNED_UP, Shop};
use crate::random::Random;
use crate::simulation::default_catalogue;
use crate::sort::sort_by_key;
use litemap::LiteMap;
use model::event::{Amount, EventKind, Product, UNIT};
use std::collections::BTreeSet;

/// A hundredth of the currency.
const CENT: Amount = UNIT / 100;
const MINUTE: i64 = 60_000;
/// Visits begin between nine in the morning and seven in the evening, so that all is over when the shop reports.
const FROM: i64 = 9 * 60;
const TO: i64 = 19 * 60;
/// So many visits end without a purchase.
const STROLLS: usize = 3_400;
/// Whoever is not interested in footwear looks at so little of it.
const FEW: u8 = 2;
/// How people pay, the usual way first.
const PAYMENTS: [&str; 4] = ["Card", "Card", "PayPal", "Bizum"];
const PAGES: [&str; 4] = ["/", "/new", "/sale", "/stores"];
/// What people search for.
const SEARCHES: [&str; 8] = [
    "trainers",
    "winter boots",
    "sandals",
    "raincoat",
    "backpack",
    "tote bag",
    "socks",
    "gift card",
];

/// Something that somebody does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deed {
    /// The day, counted back from today.
    pub day: i64,
    /// The time of the day, in milliseconds.
    pub time: i64,
    pub person: usize,
    pub kind: EventKind,
    /// The place of the product on the shelf.
    pub product: Option<usize>,
    pub text: &'static str,
}

/// What the shop sells. Nothing was reduced yet while the history lasts.
pub(super) fn shelf() -> Vec<Product> {
    let full = |product: &Product| Product {
        discount: 0,
        ..product.clone()
    };
    default_catalogue().iter().map(full).collect()
}

/// Everything that people do, first to last; the purchases are those of the shop, each of a product of its price.
pub(super) fn deeds(shop: &Shop, seed: u64) -> Vec<Deed> {
    let mut life = Life {
        shop,
        random: Random::new(seed, 3),
        shelf: shelf(),
        interested: shop.interested.iter().map(|(_, person)| *person).collect(),
        looked: LiteMap::new(),
        deeds: Vec::new(),
    };
    for purchase in shop.purchases.iter().filter(|purchase| purchase.day < BEFORE) {
        life.buy(*purchase);
    }
    for interest in &shop.interested {
        life.show_interest(*interest);
    }
    for _ in 0..STROLLS {
        life.stroll();
    }
    let mut deeds = life.deeds;
    sort_by_key(&mut deeds, |deed| {
        (std::cmp::Reverse(deed.day), deed.time, deed.person)
    });
    deeds
}

/// The lives of the shop's people in the making.
struct Life<'a> {
    shop: &'a Shop,
    random: Random,
    shelf: Vec<Product>,
    interested: BTreeSet<usize>,
    /// How often who else looked at footwear.
    looked: LiteMap<usize, u8>,
    deeds: Vec<Deed>,
}

/// A visit that is under way.
struct Visit {
    day: i64,
    time: i64,
    person: usize,
}

impl Life<'_> {
    fn visit(&mut self, day: i64, person: usize) -> Visit {
        let time = self.random.between(FROM, TO) * MINUTE + self.random.between(0, MINUTE - 1);
        let visit = Visit { day, time, person };
        if self.random.percent(30) {
            self.act(&visit, EventKind::Login, None, "");
        }
        visit
    }

    fn act(&mut self, visit: &Visit, kind: EventKind, product: Option<usize>, text: &'static str) {
        self.deeds.push(Deed {
            day: visit.day,
            time: visit.time,
            person: visit.person,
            kind,
            product,
            text,
        });
    }

    fn is_footwear(&self, product: usize) -> bool {
        let product = self.shelf.get(product);
        product.is_some_and(|product| product.category.starts_with("Footwear"))
    }

    /// Some time goes by until the next thing.
    fn later(&mut self, visit: &mut Visit) {
        visit.time += self.random.between(20_000, 4 * MINUTE);
    }

    /// Looks at a product, unless that would make an interest in footwear out of nothing.
    fn look(&mut self, visit: &mut Visit, product: usize) {
        if self.is_footwear(product) {
            let looked = self.looked.entry(visit.person).or_default();
            if self.interested.contains(&visit.person) || *looked == FEW {
                return;
            }
            *looked += 1;
        }
        self.act(visit, EventKind::ProductVisited, Some(product), "");
        self.later(visit);
    }

    fn buy(&mut self, purchase: Purchase) {
        let costs = |(_, product): &(usize, &Product)| product.price == purchase.cents * CENT;
        let fitting: Vec<usize> = self
            .shelf
            .iter()
            .enumerate()
            .filter(costs)
            .map(|(at, _)| at)
            .collect();
        let product = (!fitting.is_empty()).then(|| self.random.pick(&fitting));
        let mut visit = self.visit(purchase.day, purchase.person);
        self.later(&mut visit);
        if let Some(product) = product.filter(|_| self.random.percent(60)) {
            self.look(&mut visit, product);
        }
        if product.is_some() && self.random.percent(70) {
            self.act(&visit, EventKind::CartAdded, product, "");
            self.later(&mut visit);
        }
        let payment = self.random.pick(&PAYMENTS);
        self.act(&visit, EventKind::Purchase, product, payment);
    }

    /// Three visits to footwear, the third of which is on the day.
    fn show_interest(&mut self, interest: (i64, usize)) {
        let footwear = (0..self.shelf.len()).filter(|at| self.is_footwear(*at));
        let footwear: Vec<usize> = footwear.collect();
        for day in self.shop.interested_on(interest, &mut self.random) {
            let mut visit = self.visit(day, interest.1);
            self.later(&mut visit);
            let product = self.random.pick(&footwear);
            self.act(&visit, EventKind::ProductVisited, Some(product), "");
        }
    }

    /// A visit that ends without a purchase.
    fn stroll(&mut self) {
        let person = self.random.below(SIGNED_UP.end);
        let joined = self.shop.people.get(person).map_or(0, |person| person.joined);
        if joined < 2 {
            return;
        }
        let day = match joined > SALE && self.random.percent(6) {
            true => SALE,
            false => self.random.between(1, joined - 1),
        };
        let mut visit = self.visit(day, person);
        self.later(&mut visit);
        if self.random.percent(30) {
            let page = self.random.pick(&PAGES);
            self.act(&visit, EventKind::PageVisited, None, page);
            self.later(&mut visit);
        }
        if self.random.percent(35) {
            let words = self.random.pick(&SEARCHES);
            self.act(&visit, EventKind::Search, None, words);
            self.later(&mut visit);
        }
        let mut product = None;
        for _ in 0..self.random.between(1, 3) {
            let at = self.random.below(self.shelf.len());
            self.look(&mut visit, at);
            product = Some(at);
        }
        if self.random.percent(20) {
            self.act(&visit, EventKind::CartAdded, product, "");
        }
    }
}
