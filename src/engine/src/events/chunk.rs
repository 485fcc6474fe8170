//! Chunks of the log: rows on pages, and the rows that are not on pages yet.

use super::log::{ITEM, Log};
use super::names::Places;
use super::{NO, Raw, RawItem};
use crate::column::NONE;
use crate::page::{GROUP, Page, number_page, page_of_numbers};
use model::event::{EventKind, Origin};
use std::rc::Rc;

/// The columns of a chunk, in the order of their pages.
pub(super) const WHEN: usize = 0;
pub(super) const CONTACT: usize = 1;
pub(super) const KIND: usize = 2;
pub(super) const AMOUNT: usize = 3;
pub(super) const PRODUCT: usize = 4;
pub(super) const QUANTITY: usize = 5;
pub(super) const PRICE: usize = 6;
pub(super) const TEXT: usize = 7;
pub(super) const ORDER: usize = 8;
pub(super) const COLUMNS: usize = 9;

/// A chunk whose rows are on pages.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    /// A page for each column.
    pub pages: [Rc<Page>; COLUMNS],
    /// How the pages name products and texts.
    pub names: Names,
    /// The row before each in its contact's chain, or [`NO`]; empty where the rows are nobody's.
    pub prev: Vec<u32>,
}

/// How products and texts are named.
#[derive(Clone, Debug)]
pub(super) enum Names {
    /// By their numbers.
    Numbers,
    /// By their places in the batch that is being made.
    Making,
    /// By their places in a batch.
    Batch {
        /// The numbers of products.
        products: Rc<Vec<u32>>,
        /// The numbers of texts.
        texts: Rc<Vec<u32>>,
    },
}

/// The batch that is being made.
#[derive(Clone, Debug)]
pub(super) struct Making {
    /// Where its events come from.
    pub origin: Origin,
    /// How many chunks of it are on pages already.
    pub chunks: usize,
    /// The products that they name.
    pub products: Places,
    /// The texts that they name.
    pub texts: Places,
    /// The latest moment.
    pub last: i64,
}

impl Making {
    /// A batch without an event.
    pub fn new(origin: Origin) -> Making {
        Making {
            origin,
            chunks: 0,
            products: Places::default(),
            texts: Places::default(),
            last: i64::MIN,
        }
    }

    /// Pages of its next rows, which name products and texts by their places.
    pub fn pages(&mut self, rows: &[OpenRow]) -> [Rc<Page>; COLUMNS] {
        let mut numbers = Vec::with_capacity(rows.len());
        std::array::from_fn(|column| {
            numbers.clear();
            column_of(rows, column, &mut numbers);
            let named = match column {
                PRODUCT => &mut self.products,
                TEXT | ORDER => &mut self.texts,
                _ => return page_of_numbers(&numbers),
            };
            numbers
                .iter_mut()
                .for_each(|number| *number = named.place(*number));
            page_of_numbers(&numbers)
        })
    }
}

impl Chunk {
    /// Rows that are nobody's.
    pub fn blank(rows: u32) -> Chunk {
        Chunk {
            pages: blank_pages(rows),
            names: Names::Numbers,
            prev: Vec::new(),
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.pages.first().map_or(0, |page| page.len())
    }

    /// The number in a column at a place.
    #[inline]
    pub fn number(&self, column: usize, at: usize) -> i64 {
        self.pages.get(column).map_or(NONE, |page| page.number(at))
    }

    /// The number of the product or text that a column names at a place, or [`NONE`].
    fn named(&self, column: usize, at: usize, making: &Making) -> i64 {
        let number = self.number(column, at);
        let (products, texts) = match &self.names {
            _ if number == NONE => return NONE,
            Names::Numbers => return number,
            Names::Making => (&making.products.numbers, &making.texts.numbers),
            Names::Batch { products, texts } => (&**products, &**texts),
        };
        let names = if column == PRODUCT { products } else { texts };
        names.get(number as usize).map_or(NONE, |one| i64::from(*one))
    }
}

/// The pages of rows that are nobody's.
pub(super) fn blank_pages(rows: u32) -> [Rc<Page>; COLUMNS] {
    let page = |number: i64| number_page(std::iter::repeat_n(number, rows as usize));
    let nothing = page(NONE);
    let mut pages = std::array::from_fn(|_| nothing.clone());
    if let Some(kinds) = pages.get_mut(KIND) {
        *kinds = page(i64::from(ITEM));
    }
    pages
}

/// The rows that are not on pages yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    /// The number of the first of them.
    pub first: u32,
    /// The rows.
    pub rows: Vec<OpenRow>,
}

/// A row that is not on a page yet; products and texts by their numbers, [`NO`] or [`NONE`] is no value.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenRow {
    when: i64,
    amount: i64,
    price: i64,
    contact: u32,
    product: u32,
    quantity: u32,
    text: u32,
    order: u32,
    /// The row before in its contact's chain, or [`NO`].
    pub prev: u32,
    kind: u8,
}

impl OpenRow {
    /// A row of an event, all but its place in a chain.
    pub fn new(event: &Raw, kind: u8, item: Option<&RawItem>) -> OpenRow {
        OpenRow {
            when: event.when,
            amount: event.amount,
            price: item.map_or(NONE, |item| item.price),
            contact: event.contact,
            product: item.map_or(NO, |item| item.product),
            quantity: item.map_or(NO, |item| item.quantity.min(NO - 1)),
            text: event.text,
            order: event.order,
            prev: NO,
            kind,
        }
    }

    /// The number in a column.
    #[inline]
    pub fn number(&self, column: usize) -> i64 {
        match column {
            WHEN => self.when,
            CONTACT => some(self.contact),
            KIND => i64::from(self.kind),
            AMOUNT => self.amount,
            PRODUCT => some(self.product),
            QUANTITY => some(self.quantity),
            PRICE => self.price,
            TEXT => some(self.text),
            ORDER => some(self.order),
            _ => NONE,
        }
    }
}

/// The numbers in a column of some rows.
fn column_of(rows: &[OpenRow], column: usize, numbers: &mut Vec<i64>) {
    // Chosen here and not for each row, of which there are millions.
    match column {
        WHEN => numbers.extend(rows.iter().map(|row| row.when)),
        CONTACT => numbers.extend(rows.iter().map(|row| some(row.contact))),
        KIND => numbers.extend(rows.iter().map(|row| i64::from(row.kind))),
        AMOUNT => numbers.extend(rows.iter().map(|row| row.amount)),
        PRODUCT => numbers.extend(rows.iter().map(|row| some(row.product))),
        QUANTITY => numbers.extend(rows.iter().map(|row| some(row.quantity))),
        PRICE => numbers.extend(rows.iter().map(|row| row.price)),
        TEXT => numbers.extend(rows.iter().map(|row| some(row.text))),
        _ => numbers.extend(rows.iter().map(|row| some(row.order))),
    }
}

fn some(number: u32) -> i64 {
    if number == NO { NONE } else { i64::from(number) }
}

/// Pages of rows, which name products and texts by their numbers.
pub(super) fn pages_of(rows: &[OpenRow]) -> [Rc<Page>; COLUMNS] {
    let mut numbers = Vec::with_capacity(rows.len());
    std::array::from_fn(|column| {
        numbers.clear();
        column_of(rows, column, &mut numbers);
        page_of_numbers(&numbers)
    })
}

impl Open {
    /// Appends a row. Where there are many, there is room for a chunk, and for the items of its last event.
    #[inline]
    pub fn push(&mut self, row: OpenRow) {
        const MANY: usize = GROUP as usize / 16;
        let rows = self.rows.len();
        if rows == self.rows.capacity() && rows >= MANY {
            let whole = GROUP as usize + MANY / 16;
            self.rows.reserve_exact(whole.saturating_sub(rows).max(rows / 4));
        }
        self.rows.push(row);
    }

    /// Copies the rows of a small chunk.
    pub fn take(&mut self, chunk: &Chunk) {
        // A batch that is stored names them itself.
        let making = Making::new(Origin::Simulated);
        for at in 0..chunk.rows() {
            let some = |column: usize| match chunk.named(column, at, &making) {
                NONE => NO,
                number => number as u32,
            };
            let number = |column: usize| match chunk.number(column, at) {
                NONE => NO,
                number => number as u32,
            };
            self.rows.push(OpenRow {
                when: chunk.number(WHEN, at),
                amount: chunk.number(AMOUNT, at),
                price: chunk.number(PRICE, at),
                contact: number(CONTACT),
                product: some(PRODUCT),
                quantity: number(QUANTITY),
                text: some(TEXT),
                order: some(ORDER),
                prev: chunk.prev.get(at).copied().unwrap_or(NO),
                kind: chunk.number(KIND, at) as u8,
            });
        }
    }

    fn number(&self, column: usize, at: usize) -> i64 {
        self.rows.get(at).map_or(NONE, |row| row.number(column))
    }
}

/// One row of the log.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(super) log: &'a Log,
    pub(super) chunk: Option<&'a Chunk>,
    /// Its place in the chunk.
    pub(super) at: usize,
    /// Its number.
    pub(super) row: u32,
}

impl<'a> Row<'a> {
    #[inline]
    pub(super) fn number(&self, column: usize) -> i64 {
        match self.chunk {
            Some(chunk) => chunk.number(column, self.at),
            None => self.log.open().number(column, self.at),
        }
    }

    pub(super) fn prev(&self) -> u32 {
        let prev = match self.chunk {
            Some(chunk) => chunk.prev.get(self.at).copied(),
            None => self.log.open().rows.get(self.at).map(|row| row.prev),
        };
        prev.unwrap_or(NO)
    }

    /// This row and those of the further items of its event.
    pub(super) fn with_items(self) -> impl Iterator<Item = Row<'a>> {
        std::iter::successors(Some(self), |row| {
            let (at, next) = (row.at + 1, row.row + 1);
            let inside = row.chunk.is_some_and(|chunk| at < chunk.rows());
            let next = match inside {
                true => Row {
                    at,
                    row: next,
                    ..*row
                },
                false if next < row.log.rows() => row.log.row(next),
                false => return None,
            };
            next.is_item().then_some(next)
        })
    }

    /// Whether it is a further item of an event before it, or nobody's.
    pub(super) fn is_item(&self) -> bool {
        self.number(KIND) == i64::from(ITEM)
    }

    /// When, in milliseconds since 1970.
    pub fn when(&self) -> i64 {
        self.number(WHEN)
    }

    /// Whose.
    pub fn contact(&self) -> u32 {
        self.number(CONTACT) as u32
    }

    /// What; none for a further item.
    pub fn kind(&self) -> Option<EventKind> {
        EventKind::of(self.number(KIND) as u8)
    }

    /// The amount of the purchase or cart; [`NONE`] where there is none.
    pub fn amount(&self) -> i64 {
        self.number(AMOUNT)
    }

    /// The number of the product of this row's item, or [`NO`].
    pub fn product(&self) -> u32 {
        self.named(PRODUCT)
    }

    /// The number of the text, or [`NO`].
    pub fn text(&self) -> u32 {
        self.named(TEXT)
    }

    /// The number of the order's id, or [`NO`].
    pub fn order(&self) -> u32 {
        self.named(ORDER)
    }

    /// The item of this row.
    pub fn item(&self) -> Option<RawItem> {
        let product = self.named(PRODUCT);
        let quantity = self.number(QUANTITY);
        (product != NO || quantity != NONE).then(|| RawItem {
            product,
            quantity: quantity.max(0) as u32,
            price: self.number(PRICE),
        })
    }

    /// The items of this row's event.
    pub fn items(self) -> impl Iterator<Item = RawItem> + 'a {
        self.with_items().filter_map(|row| row.item())
    }

    /// The numbers of the products of this row's event; [`NO`] of an item without one.
    pub fn products(self) -> impl Iterator<Item = u32> + 'a {
        self.with_items().map(|row| row.product())
    }

    fn named(&self, column: usize) -> u32 {
        let number = match self.chunk {
            Some(chunk) => chunk.named(column, self.at, self.log.making()),
            None => self.number(column),
        };
        if number == NONE { NO } else { number as u32 }
    }
}
