//! What a test that asks nothing but the product says of each product, worked out once.

use super::Log;
use model::event::Product;
use std::cell::RefCell;
use std::rc::Rc;

/// For each product by its number whether a test finds it. A product is known again by its place in memory, since
/// another log may have another one under the number.
#[derive(Clone, Debug, Default)]
pub struct Verdicts(RefCell<Vec<Verdict>>);

/// A product that was asked for, and whether the test finds it.
type Verdict = Option<(Rc<Product>, bool)>;

impl Verdicts {
    /// Whether a product is found; only the first time it is asked. There is no product of an unknown number.
    pub fn of(&self, log: &Log, number: u32, ask: impl FnOnce(&Product) -> bool) -> bool {
        let Some(product) = log.shared_product(number) else {
            return false;
        };
        let at = number as usize;
        if let Some(Some((known, found))) = self.0.borrow().get(at)
            && Rc::ptr_eq(known, product)
        {
            return *found;
        }
        let found = ask(product);
        let mut all = self.0.borrow_mut();
        if all.len() <= at {
            all.resize(at + 1, None);
        }
        if let Some(place) = all.get_mut(at) {
            *place = Some((product.clone(), found));
        }
        found
    }
}
