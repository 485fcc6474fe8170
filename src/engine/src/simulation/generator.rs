//! The generator: everything that the visitors of the simulated shop do, in the order in which they do it.

use super::days::Days;
use super::shop::{FORM, PAYMENTS, Shop};
use super::visit::{Items, Rules, Step, Visit};
use super::wheel::{Key, Wheel};
use crate::column::NONE;
use crate::random::{Random, stirred};
use crate::value::Zone;
use model::event::{Amount, EventKind, Product};
use model::simulation::{Chances, SimulationSpec};
use model::workflow::node::Channel;
use roaring::RoaringBitmap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

/// An email or push message is opened within so many milliseconds, and clicked within [`TO_CLICK`] more: 72 hours in all.
const TO_OPEN: usize = 71 * HOUR;
const TO_CLICK: usize = HOUR;
const HOUR: usize = 3_600_000;
/// Nobody answers a message sooner.
const AT_ONCE: i64 = 10_000;

/// Which numbers of the seed are used for what; see also `days`.
const MESSAGES: u64 = 4;

/// What happened to a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// When, in milliseconds since 1970.
    pub when: i64,
    /// To whom.
    pub contact: u32,
    /// What.
    pub kind: EventKind,
    /// The products it is about; [`Generator::price`] says what one piece costs.
    pub items: Items,
    /// The amount of the purchase, or of the cart as it is then; [`NONE`] where there is none.
    pub total: Amount,
    /// What was typed, visited or read; [`Generator::text`] says it.
    pub text: GeneratedText,
}

/// The text of an event, by its number where it is one of the shop's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneratedText {
    /// None.
    None,
    /// A search.
    Search(u16),
    /// A page of the shop.
    Page(u16),
    /// The form.
    Form,
    /// How a purchase was paid.
    Payment(u8),
    /// The subject of the message that was opened or clicked.
    Message(Rc<str>),
}

/// A key later than all.
const LAST: Key = Key::MAX;

/// Makes up events; the same spec on the same data gives the same ones.
///
/// A copy goes on by itself from where the other stands.
#[derive(Clone, Debug)]
pub struct Generator {
    chances: Chances,
    seed: u64,
    from: i64,
    until: i64,
    shop: Rc<Shop>,
    days: Days,
    /// When the first day that is not planned yet begins.
    unplanned: Option<i64>,
    /// The next step of each visit under way, and its place in `visits`.
    steps: Wheel,
    visits: Vec<Visit>,
    /// Places of `visits` that are free.
    free: Vec<u32>,
    /// The next answers to messages, and their numbers.
    answers: BinaryHeap<Reverse<(Key, Answer)>>,
    /// How many messages went out.
    messages: u32,
    /// Who registered in this run.
    registered: RoaringBitmap,
    /// Up to when everything was told.
    reached: i64,
}

/// What somebody does with a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Answer {
    kind: EventKind,
    subject: Rc<str>,
}

impl Generator {
    /// A run that begins at `from` (milliseconds since 1970), by days, weekdays and hours of a zone.
    pub fn new(
        spec: &SimulationSpec,
        population: &RoaringBitmap,
        products: &[Product],
        from: i64,
        zone: Zone,
    ) -> Generator {
        let days = Days::new(spec, population, from, zone);
        Generator {
            chances: spec.chances,
            seed: spec.seed,
            from,
            until: days.until(),
            shop: Rc::new(Shop::new(products, spec.seed)),
            unplanned: days.unplanned(),
            days,
            steps: Wheel::new(),
            visits: Vec::new(),
            free: Vec::new(),
            answers: BinaryHeap::new(),
            messages: 0,
            registered: RoaringBitmap::new(),
            reached: from,
        }
    }

    /// The end of the last day; every event is before it.
    pub fn until(&self) -> i64 {
        self.until
    }

    /// How far it has come, in thousandths.
    pub fn progress(&self) -> u16 {
        let all = (self.until - self.from).max(1);
        let told = (self.reached - self.from).clamp(0, all);
        (told * 1000 / all) as u16
    }

    /// What one piece of a product costs.
    pub fn price(&self, product: u16) -> Amount {
        self.shop.price(product)
    }

    /// The text of an event.
    pub fn text<'a>(&'a self, text: &'a GeneratedText) -> &'a str {
        match text {
            GeneratedText::None => "",
            GeneratedText::Search(number) => self.shop.search_text(*number),
            GeneratedText::Page(number) => self.shop.page_url(*number),
            GeneratedText::Form => FORM,
            GeneratedText::Payment(number) => PAYMENTS.get(usize::from(*number)).unwrap_or(&""),
            GeneratedText::Message(subject) => subject,
        }
    }

    /// The next event before `limit`, in the order of time and, at the same time, of contacts; none where there is none.
    ///
    /// Later messages may still bring events ([`Generator::sent`]) after it said that there are none.
    pub fn next(&mut self, limit: i64) -> Option<Generated> {
        let end = limit.min(self.until);
        let after = self.key(end, 0, 0);
        loop {
            let start = self.days.next();
            let start = start.map_or(LAST, |(when, contact)| self.key(when, contact, 0));
            let step = self.steps.first().unwrap_or(LAST);
            let answer = self.answers.peek().map_or(LAST, |Reverse((key, _))| *key);
            let first = start.min(step).min(answer);
            if let Some(unplanned) = self.unplanned
                && unplanned < end
                && first >= self.key(unplanned, 0, 0)
            {
                self.days.plan();
                self.unplanned = self.days.unplanned();
                continue;
            }
            if first >= after {
                self.reached = self.reached.max(end);
                return None;
            }
            if start == first {
                self.begin();
                continue;
            }
            let event = match step == first {
                true => self.step(),
                false => self.answer(),
            };
            self.reached = event.as_ref().map_or(self.reached, |event| event.when);
            return event;
        }
    }

    /// The key of a moment that is not before the beginning: milliseconds since then, the contact and a number.
    fn key(&self, when: i64, contact: u32, number: u32) -> Key {
        let since = (when - self.from).max(0) as Key;
        since << 64 | Key::from(contact) << 32 | Key::from(number)
    }

    /// When and to whom something happens that has a key.
    fn at(&self, key: Key) -> (i64, u32) {
        (self.from + (key >> 64) as i64, (key >> 32) as u32)
    }

    /// Lets the next visit begin.
    fn begin(&mut self) {
        let Some(start) = self.days.take() else { return };
        let visit = Visit::new(start.random, self.shop.favourite(start.contact));
        let place = match self.free.pop() {
            Some(place) => {
                if let Some(old) = self.visits.get_mut(place as usize) {
                    *old = visit;
                }
                place
            }
            None => {
                self.visits.push(visit);
                self.visits.len() as u32 - 1
            }
        };
        let key = self.key(start.when, start.contact, place);
        self.steps.push(key);
    }

    /// Tells the next step of a visit, and says when the one after it is due.
    fn step(&mut self) -> Option<Generated> {
        let key = self.steps.first()?;
        let (when, contact) = self.at(key);
        let place = key as u32;
        let visit = self.visits.get_mut(place as usize)?;
        let rules = Rules {
            chances: &self.chances,
            shop: &self.shop,
        };
        let event = told(visit, &rules, when, contact);
        let registered = &mut self.registered;
        let goes_on = visit.go_on(&rules, || registered.insert(contact));
        let pause = visit.pause();
        self.steps.pop();
        if goes_on && when + pause < self.until {
            self.steps.push(key + ((pause as Key) << 64));
        } else {
            self.free.push(place);
        }
        Some(event)
    }

    /// A message went out: it may be opened and clicked, within 72 hours.
    pub fn sent(&mut self, channel: Channel, contact: u32, when: i64, subject: &Rc<str>) {
        let opened = match channel {
            Channel::Email => EventKind::EmailOpened,
            Channel::Push => EventKind::PushOpened,
            Channel::Sms => return,
        };
        self.messages += 1;
        let seed = stirred(stirred(self.seed, MESSAGES), u64::from(contact));
        let mut random = Random::new(stirred(seed, when as u64), u64::from(self.messages));
        if !random.chance(self.chances.open) {
            return;
        }
        // Most are opened soon: of three moments the first.
        let delays = [(); 3].map(|()| random.below(TO_OPEN));
        let delay = delays.into_iter().min().unwrap_or_default() as i64;
        let at = when.max(self.reached) + delay.max(AT_ONCE);
        self.answered(at, contact, opened, subject);
        if channel == Channel::Email && random.chance(self.chances.click) {
            let delay = random.below(TO_CLICK).min(random.below(TO_CLICK)) as i64;
            let at = at + delay.max(AT_ONCE);
            self.answered(at, contact, EventKind::EmailClicked, subject);
        }
    }

    fn answered(&mut self, when: i64, contact: u32, kind: EventKind, subject: &Rc<str>) {
        if when < self.until {
            let subject = subject.clone();
            let key = self.key(when, contact, self.messages);
            self.answers.push(Reverse((key, Answer { kind, subject })));
        }
    }

    fn answer(&mut self) -> Option<Generated> {
        let Reverse((key, answer)) = self.answers.pop()?;
        let (when, contact) = self.at(key);
        Some(Generated {
            when,
            contact,
            kind: answer.kind,
            items: Items::default(),
            total: NONE,
            text: GeneratedText::Message(answer.subject),
        })
    }
}

/// The event of a visit's step.
fn told(visit: &mut Visit, rules: &Rules<'_>, when: i64, contact: u32) -> Generated {
    let shop = rules.shop;
    let product = Items::one(visit.product, 1);
    let nothing = (Items::default(), NONE, GeneratedText::None);
    let (kind, (items, total, text)) = match visit.step {
        Step::Page => {
            let page = GeneratedText::Page(shop.page(&mut visit.random));
            (EventKind::PageVisited, (Items::default(), NONE, page))
        }
        Step::Register => (EventKind::Register, nothing),
        Step::Login => (EventKind::Login, nothing),
        Step::Search => {
            visit.search = shop.search(&mut visit.random, visit.product);
            let text = GeneratedText::Search(visit.search);
            (EventKind::Search, (Items::default(), NONE, text))
        }
        Step::SearchedProduct => {
            let text = GeneratedText::Search(visit.search);
            (EventKind::ProductSearched, (product, NONE, text))
        }
        Step::Look => (EventKind::ProductVisited, (product, NONE, GeneratedText::None)),
        Step::AddToCart => {
            visit.add(rules);
            let text = GeneratedText::None;
            (EventKind::CartAdded, (product, visit.amount, text))
        }
        Step::RemoveFromCart => {
            let gone = visit.remove(rules);
            let text = GeneratedText::None;
            (EventKind::CartRemoved, (gone, visit.amount, text))
        }
        Step::Purchase => {
            let way = visit.random.below(PAYMENTS.len());
            let way = way.min(visit.random.below(PAYMENTS.len()));
            let text = GeneratedText::Payment(way as u8);
            (EventKind::Purchase, (visit.cart, visit.amount, text))
        }
        Step::Subscribe => (EventKind::Subscribed, nothing),
        Step::Unsubscribe => (EventKind::Unsubscribed, nothing),
        Step::Form => {
            let text = GeneratedText::Form;
            (EventKind::FormSubmitted, (Items::default(), NONE, text))
        }
    };
    Generated {
        when,
        contact,
        kind,
        items,
        total,
        text,
    }
}
