//! Products and texts by number, each once.

use crate::column::NONE;
use crate::keys::hash;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use model::event::Product;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// The products that events are about.
#[derive(Clone, Debug, Default)]
pub(super) struct Products {
    values: Vec<Rc<Product>>,
    numbers: FxHashMap<Rc<Product>, u32>,
}

impl Products {
    /// The number of a product, the same for equal ones.
    pub fn number(&mut self, product: &Product) -> u32 {
        if let Some(number) = self.numbers.get(product) {
            return *number;
        }
        let (number, product) = (self.len(), Rc::new(product.clone()));
        self.values.push(product.clone());
        self.numbers.insert(product, number);
        number
    }

    /// A product by its number.
    pub fn get(&self, number: u32) -> Option<&Rc<Product>> {
        self.values.get(number as usize)
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        self.values.len() as u32
    }
}

/// The texts of events end to end: an import has a different order id on almost every line.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    heap: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl Texts {
    /// The number of a text, the same for equal ones.
    pub fn number(&mut self, text: &str) -> u32 {
        let (heap, ends) = (&self.heap, &self.ends);
        let same = |other: &u32| text_at(heap, ends, *other) == text;
        let rehash = |other: &u32| hash(text_at(heap, ends, *other).as_bytes());
        match self.table.entry(hash(text.as_bytes()), same, rehash) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let number = self.ends.len() as u32;
                place.insert(number);
                self.heap.push_str(text);
                self.ends.push(self.heap.len() as u32);
                number
            }
        }
    }

    /// A text by its number; empty where there is none.
    pub fn get(&self, number: u32) -> &str {
        text_at(&self.heap, &self.ends, number)
    }

    /// About how many bytes they take in memory.
    pub fn bytes(&self) -> usize {
        self.heap.capacity() + self.ends.capacity() * 4 + self.table.capacity() * 5
    }
}

fn text_at<'a>(heap: &'a str, ends: &[u32], number: u32) -> &'a str {
    let at = number as usize;
    let start = at.checked_sub(1).and_then(|before| ends.get(before));
    let range = ends
        .get(at)
        .map(|end| start.map_or(0, |start| *start as usize)..*end as usize);
    range.and_then(|range| heap.get(range)).unwrap_or_default()
}

/// The places of numbers in a batch, in the order in which they were first asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// The numbers by place.
    pub numbers: Vec<u32>,
    places: FxHashMap<u32, u32>,
}

impl Places {
    /// The place of a number.
    pub fn place(&mut self, number: i64) -> i64 {
        if number == NONE {
            return NONE;
        }
        let number = number as u32;
        let place = self.places.entry(number).or_insert_with(|| {
            self.numbers.push(number);
            self.numbers.len() as u32 - 1
        });
        i64::from(*place)
    }
}
