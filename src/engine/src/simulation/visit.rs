//! One visit to the shop: what a visitor does, step by step.

use super::shop::Shop;
use super::wheel::WITHIN;
use crate::random::Random;
use model::event::Amount;
use model::simulation::Chances;

/// A visitor looks at no more products than this.
const MOST_VIEWS: u8 = 12;
/// A visitor with so many different products goes to the till.
const MOST_LINES: usize = 3;
/// How likely a visitor with several products takes the last one out again, in hundredths of a percent.
const SECOND_THOUGHTS: u16 = 1_000;
/// How likely a visitor who would log in, and has not registered yet, does so first.
const REGISTERS: u16 = 1_000;
/// How long a step takes, in milliseconds.
const SHORTEST: i64 = 5_000;
const LONGEST: i64 = 180_000;
const _: () = assert!(LONGEST < WITHIN);

/// Up to four lines of a purchase or cart: the product's place in the catalogue, and how many pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Items {
    products: [u16; 4],
    quantities: [u8; 4],
    len: u8,
}

impl Items {
    /// One product.
    pub fn one(product: u16, quantity: u8) -> Items {
        Items {
            products: [product, 0, 0, 0],
            quantities: [quantity, 0, 0, 0],
            len: 1,
        }
    }

    /// How many lines.
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The lines.
    pub fn iter(&self) -> impl Iterator<Item = (u16, u8)> + '_ {
        let lines = self.products.iter().zip(&self.quantities);
        lines
            .take(self.len())
            .map(|(product, quantity)| (*product, *quantity))
    }

    /// Adds a piece to the line of its product, or begins one; a fifth line is not kept.
    fn add(&mut self, product: u16) {
        let len = self.len();
        let lines = self.products.iter_mut().zip(&mut self.quantities).enumerate();
        for (at, (line, quantity)) in lines {
            if at == len {
                (*line, *quantity) = (product, 1);
                self.len += 1;
                return;
            }
            if *line == product {
                *quantity = quantity.saturating_add(1);
                return;
            }
        }
    }

    /// Takes the last line out.
    fn pop(&mut self) -> Items {
        let last = self.iter().last();
        self.len = self.len.saturating_sub(1);
        last.map_or_else(Items::default, |(product, quantity)| {
            Items::one(product, quantity)
        })
    }
}

/// What happens next in a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Page,
    Register,
    Login,
    Search,
    SearchedProduct,
    Look,
    AddToCart,
    RemoveFromCart,
    Purchase,
    Subscribe,
    Unsubscribe,
    Form,
}

/// A visit that is under way.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub random: Random,
    /// What happens next.
    pub step: Step,
    /// The product that the visitor looks at.
    pub product: u16,
    /// What the visitor typed.
    pub search: u16,
    pub cart: Items,
    /// What the cart costs.
    pub amount: Amount,
    favourite: u16,
    looks: u8,
}

/// What steers all visits of a run.
pub(super) struct Rules<'a> {
    pub chances: &'a Chances,
    pub shop: &'a Shop,
}

impl Visit {
    /// A visit that is about to begin.
    pub fn new(random: Random, favourite: u16) -> Visit {
        Visit {
            random,
            step: Step::Page,
            product: 0,
            search: 0,
            cart: Items::default(),
            amount: 0,
            favourite,
            looks: 0,
        }
    }

    /// How long it takes until the next step, in milliseconds.
    pub fn pause(&mut self) -> i64 {
        self.random.between(SHORTEST, LONGEST)
    }

    /// Puts the product into the cart.
    pub fn add(&mut self, rules: &Rules<'_>) {
        self.cart.add(self.product);
        self.amount += rules.shop.price(self.product);
    }

    /// Takes the last line of the cart out.
    pub fn remove(&mut self, rules: &Rules<'_>) -> Items {
        let gone = self.cart.pop();
        let cost = gone
            .iter()
            .map(|(product, quantity)| rules.shop.price(product) * i64::from(quantity));
        self.amount -= cost.sum::<Amount>();
        gone
    }

    /// Goes on to what follows the present step; false where the visit is over. `registers` is asked whether somebody
    /// who could register has not done so yet.
    pub fn go_on(&mut self, rules: &Rules<'_>, registers: impl FnOnce() -> bool) -> bool {
        let next = match self.step {
            Step::Page if self.random.chance(rules.chances.login) => {
                let registers = self.random.chance(REGISTERS) && registers();
                Some(if registers { Step::Register } else { Step::Login })
            }
            Step::Register => Some(Step::Login),
            Step::Page | Step::Login => self.search(rules),
            Step::Search if !rules.shop.is_empty() => Some(Step::SearchedProduct),
            Step::Search | Step::SearchedProduct => self.look(rules),
            Step::Look if self.random.chance(rules.chances.cart) => Some(Step::AddToCart),
            Step::AddToCart if self.cart.len() >= MOST_LINES => self.till(rules),
            Step::Look | Step::AddToCart => self.look(rules),
            Step::RemoveFromCart => self.pay(rules),
            Step::Purchase => self.subscribe(rules),
            Step::Subscribe => self.unsubscribe(rules),
            Step::Unsubscribe => self.form(rules),
            Step::Form => None,
        };
        next.map(|next| self.step = next).is_some()
    }

    fn search(&mut self, rules: &Rules<'_>) -> Option<Step> {
        if !rules.shop.is_empty() && self.random.chance(rules.chances.search) {
            self.choose(rules);
            return Some(Step::Search);
        }
        self.look(rules)
    }

    fn look(&mut self, rules: &Rules<'_>) -> Option<Step> {
        if self.looks < MOST_VIEWS && !rules.shop.is_empty() && self.random.chance(rules.chances.view) {
            self.looks += 1;
            // Who has just found a product looks at that one.
            if self.step != Step::SearchedProduct {
                self.choose(rules);
            }
            return Some(Step::Look);
        }
        self.till(rules)
    }

    fn choose(&mut self, rules: &Rules<'_>) {
        self.product = rules.shop.product(&mut self.random, self.favourite);
    }

    fn till(&mut self, rules: &Rules<'_>) -> Option<Step> {
        if self.cart.len() > 1 && self.random.chance(SECOND_THOUGHTS) {
            return Some(Step::RemoveFromCart);
        }
        self.pay(rules)
    }

    fn pay(&mut self, rules: &Rules<'_>) -> Option<Step> {
        if !self.cart.is_empty() && self.random.chance(rules.chances.purchase) {
            return Some(Step::Purchase);
        }
        self.subscribe(rules)
    }

    fn subscribe(&mut self, rules: &Rules<'_>) -> Option<Step> {
        if self.random.chance(rules.chances.subscribe) {
            return Some(Step::Subscribe);
        }
        self.unsubscribe(rules)
    }

    fn unsubscribe(&mut self, rules: &Rules<'_>) -> Option<Step> {
        if self.random.chance(rules.chances.unsubscribe) {
            return Some(Step::Unsubscribe);
        }
        self.form(rules)
    }

    fn form(&mut self, rules: &Rules<'_>) -> Option<Step> {
        self.random.chance(rules.chances.form).then_some(Step::Form)
    }
}
