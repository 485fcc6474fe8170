//! The shop as visitors meet it: its categories, pages, prices and the words they search for.

use super::catalogue::MAX_PRODUCTS;
use crate::random::{Random, stirred};
use model::event::{Amount, Product, UNIT};
use std::rc::Rc;

/// How often out of a hundred times a visitor looks at the favourite category.
const FAVOURITE: usize = 60;

/// How people pay, the usual way first.
pub(super) const PAYMENTS: [&str; 4] = ["Card", "PayPal", "Bizum", "Bank transfer"];

/// The form that visitors fill in.
pub(super) const FORM: &str = "Contact";

/// The pages that every shop has, the most visited first; then come those of the categories.
const PAGES: [&str; 6] = ["/", "/new", "/sale", "/stores", "/returns", "/about"];

/// The ways in which a product is searched for.
const WORDINGS: usize = 3;

/// What the generator needs of the catalogue, worked out once.
#[derive(Debug)]
pub(super) struct Shop {
    /// The price of each product less its discount.
    prices: Vec<Amount>,
    /// The products of each top category, in the order of the catalogue.
    categories: Vec<Vec<u16>>,
    /// For each product [`WORDINGS`] search texts.
    searches: Vec<Rc<str>>,
    pages: Vec<Rc<str>>,
    seed: u64,
}

impl Shop {
    pub fn new(products: &[Product], seed: u64) -> Shop {
        let products = products.get(..MAX_PRODUCTS).unwrap_or(products);
        let mut names: Vec<&str> = Vec::new();
        let mut categories: Vec<Vec<u16>> = Vec::new();
        for (at, product) in products.iter().enumerate() {
            let top = product.category.split('>').next().unwrap_or_default().trim();
            match names.iter().position(|name| *name == top) {
                Some(place) => categories[place].push(at as u16),
                None => {
                    names.push(top);
                    categories.push(vec![at as u16]);
                }
            }
        }
        let of_category = names.iter().filter(|name| !name.is_empty());
        let of_category = of_category.map(|name| format!("/{}", name.to_lowercase().replace(' ', "-")));
        Shop {
            prices: products.iter().map(discounted).collect(),
            categories,
            searches: products.iter().flat_map(wordings).collect(),
            pages: PAGES
                .into_iter()
                .map(Rc::from)
                .chain(of_category.map(Rc::from))
                .collect(),
            seed,
        }
    }

    /// Whether it sells nothing.
    pub fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }

    /// What one piece of a product costs, its discount taken off.
    pub fn price(&self, product: u16) -> Amount {
        self.prices.get(usize::from(product)).copied().unwrap_or_default()
    }

    /// The category that a contact likes best, always the same with one seed.
    pub fn favourite(&self, contact: u32) -> u16 {
        let likes = stirred(self.seed, u64::from(contact)) >> 32;
        ((likes * self.categories.len() as u64) >> 32) as u16
    }

    /// A product that a visitor looks at: popular ones more often, and those of the favourite category above all.
    pub fn product(&self, random: &mut Random, favourite: u16) -> u16 {
        if random.percent(FAVOURITE)
            && let Some(liked) = self.categories.get(usize::from(favourite))
        {
            return liked
                .get(popular(random, liked.len()))
                .copied()
                .unwrap_or_default();
        }
        popular(random, self.prices.len()) as u16
    }

    /// A search for a product, by the number of its text, which is small enough as there are at most [`MAX_PRODUCTS`].
    pub fn search(&self, random: &mut Random, product: u16) -> u16 {
        (usize::from(product) * WORDINGS + random.below(WORDINGS)) as u16
    }

    /// The number of a page.
    pub fn page(&self, random: &mut Random) -> u16 {
        popular(random, self.pages.len()) as u16
    }

    pub fn search_text(&self, number: u16) -> &str {
        self.searches.get(usize::from(number)).map_or("", Rc::as_ref)
    }

    pub fn page_url(&self, number: u16) -> &str {
        self.pages.get(usize::from(number)).map_or("", Rc::as_ref)
    }
}

/// What one piece of a product costs when its discount is taken off, rounded to whole cents.
pub fn discounted(product: &Product) -> Amount {
    const CENT: Amount = UNIT / 100;
    if product.discount == 0 {
        return product.price;
    }
    let hundredths = product.price * Amount::from(100 - product.discount.min(100));
    (hundredths + 50 * CENT) / (100 * CENT) * CENT
}

/// A place below `end`, the first ones more often than the last: the smaller of two.
fn popular(random: &mut Random, end: usize) -> usize {
    random.below(end).min(random.below(end))
}

/// What people type who look for a product.
fn wordings(product: &Product) -> [Rc<str>; WORDINGS] {
    let kind = product.category.rsplit('>').next().unwrap_or_default();
    let kind = kind.trim().to_lowercase();
    let name = product.name.to_lowercase();
    let branded = format!("{} {kind}", product.brand.to_lowercase());
    let or_name = |words: &str| {
        Rc::from(if words.trim().is_empty() {
            &name
        } else {
            words.trim()
        })
    };
    [or_name(&kind), or_name(&name), or_name(&branded)]
}
