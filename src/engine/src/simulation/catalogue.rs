//! The catalogue of products: that of Olmo Shoes until a person edits it.

use crate::edit::{Act, grouped, nothing};
use crate::journal::Effect;
use crate::refused::Refused;
use crate::workspace::Workspace;
use model::event::{Amount, Product, UNIT};
use model::field::MAX_NAME;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// A catalogue has at most so many products.
pub const MAX_PRODUCTS: usize = 10_000;

/// A hundredth of the currency.
const CENT: Amount = UNIT / 100;

/// Id, name, category, brand, price in cents, discount in percent, stock.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Amount,
    u8,
    u32,
);

/// What Olmo Shoes sells, in each category the most popular first.
#[rustfmt::skip]
const OLMO: [Line; 24] = [
    ("SH-101", "Sierra Trainers", "Footwear > Trainers", "Olmo", 7990, 0, 140),
    ("SH-102", "Rambla Sneakers", "Footwear > Trainers", "Olmo", 6490, 10, 95),
    ("SH-103", "Brisa Running Shoes", "Footwear > Trainers", "Veloz", 9990, 0, 60),
    ("SH-201", "Campo Ankle Boots", "Footwear > Boots", "Olmo", 11_990, 0, 48),
    ("SH-202", "Nieve Winter Boots", "Footwear > Boots", "Pirineo", 14_990, 20, 22),
    ("SH-301", "Cala Sandals", "Footwear > Sandals", "Menorca", 4990, 0, 120),
    ("SH-302", "Playa Flip-flops", "Footwear > Sandals", "Menorca", 1990, 0, 200),
    ("SH-401", "Gala Derby Shoes", "Footwear > Formal shoes", "Castellana", 12_990, 0, 30),
    ("SH-402", "Tacón Court Shoes", "Footwear > Formal shoes", "Castellana", 8990, 15, 41),
    ("BA-101", "Mercado Tote Bag", "Bags > Totes", "Olmo", 5990, 0, 70),
    ("BA-102", "Plaza Shopper", "Bags > Totes", "Castellana", 8990, 0, 35),
    ("BA-201", "Sendero Backpack", "Bags > Backpacks", "Pirineo", 6990, 10, 64),
    ("BA-202", "Ruta Travel Pack", "Bags > Backpacks", "Pirineo", 11_990, 0, 18),
    ("BA-301", "Noche Clutch", "Bags > Evening bags", "Castellana", 4290, 0, 27),
    ("CL-101", "Lino Shirt", "Clothing > Tops", "Olmo", 4290, 0, 88),
    ("CL-102", "Algodón T-shirt", "Clothing > Tops", "Olmo", 1990, 0, 240),
    ("CL-201", "Otoño Jacket", "Clothing > Jackets", "Pirineo", 11_990, 25, 33),
    ("CL-202", "Lluvia Raincoat", "Clothing > Jackets", "Pirineo", 8990, 0, 52),
    ("CL-301", "Verano Dress", "Clothing > Dresses", "Menorca", 5990, 0, 44),
    ("AC-101", "Nudo Socks (3 pairs)", "Accessories > Socks", "Olmo", 1290, 0, 310),
    ("AC-102", "Lana Socks", "Accessories > Socks", "Pirineo", 990, 0, 180),
    ("AC-201", "Cuero Belt", "Accessories > Belts", "Castellana", 2990, 0, 75),
    ("AC-301", "Cuidado Shoe Care Kit", "Accessories > Care", "Olmo", 1990, 0, 130),
    ("AC-302", "Cordón Laces", "Accessories > Care", "Olmo", 490, 0, 400),
];

static DEFAULT: LazyLock<Vec<Product>> = LazyLock::new(|| {
    let product = |(id, name, category, brand, cents, discount, stock): Line| Product {
        id: id.to_owned(),
        name: name.to_owned(),
        category: category.to_owned(),
        brand: brand.to_owned(),
        price: cents * CENT,
        discount,
        stock,
    };
    OLMO.map(product).to_vec()
});

/// The catalogue of Olmo Shoes, 24 products in four categories.
pub fn default_catalogue() -> &'static [Product] {
    &DEFAULT
}

impl Workspace {
    /// The products; those of Olmo Shoes until others are set.
    pub fn catalogue(&self) -> &[Product] {
        if self.catalogue.is_empty() {
            default_catalogue()
        } else {
            &self.catalogue
        }
    }

    /// Prepares another catalogue.
    ///
    /// # Errors
    /// [`Refused::Value`] with the product and its field where one can't be as given, and where there is no product.
    pub fn edit_catalogue(&self, at: i64, products: &[Product]) -> Result<Act, Refused> {
        let products: Vec<Product> = products.iter().map(tidy).collect();
        check(&products)?;
        if products == self.catalogue() {
            return Ok(nothing("The catalogue is so already", products.len() as u64));
        }
        let (before, count) = (self.catalogue(), products.len() as u64);
        let changed = products
            .iter()
            .filter(|product| !before.contains(product))
            .count();
        let gone = before
            .iter()
            .filter(|old| !products.iter().any(|product| product.id == old.id));
        let changed = (changed + gone.count()) as u64;
        let what = format!("Set the catalogue ({})", counted(count));
        let effects = vec![Effect::Catalogue(products)];
        Ok(self.act(at, what, effects, Vec::new(), (changed, 0)))
    }
}

/// “1 product”, “24 products”.
fn counted(count: u64) -> String {
    match count {
        1 => "1 product".to_owned(),
        count => format!("{} products", grouped(count)),
    }
}

/// The product without spaces around its texts and around the parts of its category.
fn tidy(product: &Product) -> Product {
    let parts: Vec<&str> = product.category.split('>').map(str::trim).collect();
    Product {
        id: product.id.trim().to_owned(),
        name: product.name.trim().to_owned(),
        category: parts.join(" > "),
        brand: product.brand.trim().to_owned(),
        ..*product
    }
}

fn check(products: &[Product]) -> Result<(), Refused> {
    let refused = |field: &str, reason: String| {
        Err(Refused::Value {
            key: "catalogue".to_owned(),
            field: field.to_owned(),
            reason,
        })
    };
    if products.is_empty() {
        return refused("Catalogue", "a shop has at least one product".to_owned());
    }
    if products.len() > MAX_PRODUCTS {
        let most = grouped(MAX_PRODUCTS as u64);
        return refused("Catalogue", format!("there can be at most {most} products"));
    }
    let mut ids = FxHashSet::default();
    for (at, product) in products.iter().enumerate() {
        if let Some((field, reason)) = fault(product) {
            return refused(&format!("{}, {field}", called(at, product)), reason);
        }
        if !ids.insert(product.id.as_str()) {
            let field = format!("{}, Product ID", called(at, product));
            return refused(&field, format!("“{}” belongs to another product", product.id));
        }
    }
    Ok(())
}

/// What a person knows a product by.
fn called(at: usize, product: &Product) -> String {
    let names = [&product.name, &product.id];
    let named = names.into_iter().find(|name| !name.is_empty());
    named.map_or_else(|| format!("Product {}", at + 1), Clone::clone)
}

/// The first thing wrong with a product: the field and why.
fn fault(product: &Product) -> Option<(&'static str, String)> {
    let texts = [
        ("Product ID", &product.id),
        ("Product name", &product.name),
        ("Category", &product.category),
        ("Brand", &product.brand),
    ];
    for (field, text) in texts {
        if text.chars().count() > MAX_NAME {
            return Some((field, format!("the text is longer than {MAX_NAME} characters")));
        }
        if text.chars().any(char::is_control) {
            return Some((field, "the text has a control character".to_owned()));
        }
    }
    if product.id.is_empty() {
        return Some(("Product ID", "a product needs one".to_owned()));
    }
    if product.category.split(" > ").any(str::is_empty) && !product.category.is_empty() {
        return Some(("Category", "a part of the path is empty".to_owned()));
    }
    if !(0..=MAX_PRICE).contains(&product.price) {
        let most = grouped((MAX_PRICE / UNIT) as u64);
        return Some(("Unit price", format!("the price is from 0 to {most}")));
    }
    if product.discount > 100 {
        let reason = format!("{} is more than 100", product.discount);
        return Some(("Discount (%)", reason));
    }
    None
}

/// So much that the sum of a long simulation still fits.
const MAX_PRICE: Amount = 1_000_000 * UNIT;
