//! The log of events in memory: columns a chunk at a time, and for each contact a chain of rows, newest first.

use super::{ChunkPages, EventBatch, NO, Raw, RawItem};
use crate::column::NONE;
use crate::journal::{PageRef, Pages, Standing};
use crate::page::{GROUP, Page, number_page};
use model::ChangeId;
use model::event::{EventKind, Origin, Product};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// The kind of a row that is a further item of the event before it.
pub const ITEM: u8 = u8::MAX;

/// A batch with fewer rows goes into the open chunk; one with more keeps its pages.
const SMALL: u32 = 4096;

/// The columns of a chunk, in the order of their pages.
const WHEN: usize = 0;
const CONTACT: usize = 1;
const KIND: usize = 2;
const AMOUNT: usize = 3;
const PRODUCT: usize = 4;
const QUANTITY: usize = 5;
const PRICE: usize = 6;
const TEXT: usize = 7;
const ORDER: usize = 8;
const COLUMNS: usize = 9;

/// All events in memory. Rows are counted from 0; the event of row `n` has the number `n + 1`.
#[derive(Clone, Debug, Default)]
pub struct Log {
    chunks: Vec<Rc<Chunk>>,
    /// The first row of each chunk.
    firsts: Vec<u32>,
    open: Open,
    /// Rows that were closed or applied; what comes after them is of the batch that is being made.
    closed: u32,
    /// For each contact the newest row of the chain.
    heads: Vec<u32>,
    products: Interned<Product>,
    texts: Interned<String>,
    /// From which row on the rows are of which change set, and where they come from.
    batches: Vec<(u32, ChangeId, Origin)>,
    /// Rows of events that do not stand.
    gone: RoaringBitmap,
    /// Whether some chain is not in the order of time.
    late: bool,
    last: i64,
}

/// Values by number, each once.
#[derive(Clone, Debug)]
struct Interned<T> {
    values: Vec<Rc<T>>,
    numbers: FxHashMap<Rc<T>, u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Interned {
            values: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }
}

impl<T: std::hash::Hash + Eq + Clone> Interned<T> {
    fn number(&mut self, value: &T) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let (number, value) = (self.values.len() as u32, Rc::new(value.clone()));
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        number
    }
}

/// A chunk whose rows are on pages.
#[derive(Clone, Debug)]
struct Chunk {
    pages: [Rc<Page>; COLUMNS],
    /// The numbers of the products and texts that the pages name by their place.
    products: Rc<Vec<u32>>,
    texts: Rc<Vec<u32>>,
    /// The row before each in its contact's chain, or [`NO`].
    prev: Vec<u32>,
}

/// The rows that are not on pages yet.
#[derive(Clone, Debug, Default)]
struct Open {
    first: u32,
    columns: [Vec<i64>; COLUMNS],
    prev: Vec<u32>,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    log: &'a Log,
    chunk: Option<&'a Chunk>,
    at: usize,
}

impl Log {
    /// How many rows there are: events and further items.
    pub fn rows(&self) -> u32 {
        self.open.first + self.open.prev.len() as u32
    }

    /// Whether some chain is not in the order of time, so that a walk can't stop at an older event.
    pub fn has_late(&self) -> bool {
        self.late
    }

    /// The latest moment of all.
    pub fn last_when(&self) -> i64 {
        self.last
    }

    /// The number of a product, the same for equal ones.
    pub fn product_number(&mut self, product: &Product) -> u32 {
        self.products.number(product)
    }

    /// The number of a text, the same for equal ones.
    pub fn text_number(&mut self, text: &str) -> u32 {
        match self.texts.numbers.get(&text.to_owned()) {
            Some(number) => *number,
            None => self.texts.number(&text.to_owned()),
        }
    }

    /// A product by its number.
    pub fn product(&self, number: u32) -> Option<&Product> {
        self.products.values.get(number as usize).map(Rc::as_ref)
    }

    /// How many different products there are; their numbers are smaller.
    pub fn products(&self) -> u32 {
        self.products.values.len() as u32
    }

    /// A text by its number; empty where there is none.
    pub fn text(&self, number: u32) -> &str {
        self.texts
            .values
            .get(number as usize)
            .map_or("", |text| text.as_str())
    }

    /// Appends an event to the batch that is being made, and gives its row.
    pub fn push(&mut self, event: Raw, items: &[RawItem]) -> u32 {
        let row = self.rows();
        let first = items.first();
        self.open.push(&event, event.kind.number(), first);
        let prev = self.link(event.contact, row, event.when);
        self.open.prev.push(prev);
        for item in items.iter().skip(1) {
            self.open.push(&event, ITEM, Some(item));
            self.open.prev.push(NO);
        }
        row
    }

    /// Makes a row the head of its contact's chain, and gives the one before.
    fn link(&mut self, contact: u32, row: u32, when: i64) -> u32 {
        let at = contact as usize;
        if self.heads.len() <= at {
            self.heads.resize(at + 1, NO);
        }
        let Some(head) = self.heads.get_mut(at) else {
            return NO;
        };
        let prev = std::mem::replace(head, row);
        self.late |= when < self.last;
        self.last = self.last.max(when);
        prev
    }

    /// Closes the events appended since as one batch; none where there are none.
    ///
    /// Its pages are inside; the caller puts large ones into the store.
    pub fn close(&mut self, simulated: bool) -> Option<EventBatch> {
        let (first, rows) = (self.closed, self.rows());
        if first == rows {
            return None;
        }
        let skip = (first - self.open.first) as usize;
        let mut batch = EventBatch {
            first: u64::from(first),
            simulated,
            ..EventBatch::default()
        };
        // Products and texts are named by their place in the batch.
        let mut products = Places::default();
        let mut texts = Places::default();
        let mut columns: Vec<Vec<i64>> = Vec::with_capacity(COLUMNS);
        for (kind, column) in self.open.columns.iter().enumerate() {
            let column = column.get(skip..).unwrap_or_default();
            columns.push(match kind {
                PRODUCT => column.iter().map(|number| products.place(*number)).collect(),
                TEXT | ORDER => column.iter().map(|number| texts.place(*number)).collect(),
                _ => column.to_vec(),
            });
        }
        let product = |number: &u32| self.product(*number).cloned().unwrap_or_default();
        batch.products = products.numbers.iter().map(product).collect();
        batch.texts = texts
            .numbers
            .iter()
            .map(|number| self.text(*number).to_owned())
            .collect();
        let (products, texts) = (Rc::new(products.numbers), Rc::new(texts.numbers));
        let prev = self.open.prev.split_off(skip);
        let small = prev.len() < SMALL as usize;
        for start in (0..prev.len()).step_by(GROUP as usize) {
            let end = (start + GROUP as usize).min(prev.len());
            let pages: Vec<Rc<Page>> = columns
                .iter()
                .map(|column| number_page(column.get(start..end).unwrap_or_default().iter().copied()))
                .collect();
            batch.chunks.push(ChunkPages {
                rows: (end - start) as u32,
                columns: pages.iter().cloned().map(PageRef::Here).collect(),
            });
            if let (false, Ok(pages)) = (small, <[Rc<Page>; COLUMNS]>::try_from(pages)) {
                if start == 0 {
                    self.open
                        .columns
                        .iter_mut()
                        .for_each(|column| column.truncate(skip));
                    self.seal();
                }
                let chunk = Chunk {
                    pages,
                    products: products.clone(),
                    texts: texts.clone(),
                    prev: prev.get(start..end).unwrap_or_default().to_vec(),
                };
                self.firsts.push(first + start as u32);
                self.chunks.push(Rc::new(chunk));
                self.open.first = first + end as u32;
            }
        }
        if small {
            self.open.prev.extend(prev);
            self.seal_if_full();
        } else {
            self.open.columns.iter_mut().for_each(Vec::clear);
        }
        self.closed = rows;
        Some(batch)
    }

    /// Puts the open rows on pages.
    fn seal(&mut self) {
        if self.open.prev.is_empty() {
            return;
        }
        let first = self.open.first;
        let open = std::mem::take(&mut self.open);
        let count = open.prev.len() as u32;
        let pages = open
            .columns
            .each_ref()
            .map(|column| number_page(column.iter().copied()));
        let all = |count: usize| Rc::new((0..count as u32).collect::<Vec<u32>>());
        self.chunks.push(Rc::new(Chunk {
            pages,
            products: all(self.products.values.len()),
            texts: all(self.texts.values.len()),
            prev: open.prev,
        }));
        self.firsts.push(first);
        self.open.first = first + count;
    }

    fn seal_if_full(&mut self) {
        if self.open.prev.len() >= (GROUP - SMALL) as usize {
            self.seal();
        }
    }

    /// Takes in the batch of a stored change set; contacts for whom it does not stand have its rows, but not in their
    /// chains.
    pub fn apply(
        &mut self,
        batch: &EventBatch,
        pages: &Pages,
        change: ChangeId,
        origin: Origin,
        standing: &Standing,
    ) {
        let products: Vec<u32> = batch
            .products
            .iter()
            .map(|one| self.products.number(one))
            .collect();
        let texts: Vec<u32> = batch.texts.iter().map(|one| self.text_number(one)).collect();
        let (products, texts) = (Rc::new(products), Rc::new(texts));
        self.batches.push((self.rows(), change, origin));
        for stored in &batch.chunks {
            let found: Vec<Rc<Page>> = stored.columns.iter().filter_map(|page| pages.get(page)).collect();
            let Ok(pages) = <[Rc<Page>; COLUMNS]>::try_from(found) else {
                // A page that is missing or damaged leaves its rows out; their numbers stay taken.
                self.skip(stored.rows);
                continue;
            };
            let mut chunk = Chunk {
                pages,
                products: products.clone(),
                texts: texts.clone(),
                prev: Vec::with_capacity(stored.rows as usize),
            };
            let first = self.rows();
            for at in 0..stored.rows as usize {
                let kind = chunk.number(KIND, at);
                let contact = chunk.number(CONTACT, at) as u32;
                let row = first + at as u32;
                let stands = standing.fully() || standing.stands != standing.except.contains(contact);
                if !stands {
                    self.gone.insert(row);
                }
                let prev = match stands && kind != i64::from(ITEM) {
                    true => self.link(contact, row, chunk.number(WHEN, at)),
                    false => NO,
                };
                chunk.prev.push(prev);
            }
            if stored.rows < SMALL {
                self.open.take(&chunk);
                self.seal_if_full();
            } else {
                self.seal();
                self.firsts.push(first);
                self.chunks.push(Rc::new(chunk));
                self.open.first = first + stored.rows;
            }
        }
        self.closed = self.rows();
    }

    /// Rows that can't be read: they are nobody's.
    fn skip(&mut self, rows: u32) {
        for _ in 0..rows {
            self.gone.insert(self.rows());
            let nothing = Raw {
                when: 0,
                contact: 0,
                kind: EventKind::Login,
                amount: NONE,
                text: NO,
                order: NO,
            };
            self.open.push(&nothing, ITEM, None);
            self.open.prev.push(NO);
            self.seal_if_full();
        }
    }

    /// A row.
    pub fn row(&self, row: u32) -> Row<'_> {
        if row >= self.open.first {
            let at = (row - self.open.first) as usize;
            return Row {
                log: self,
                chunk: None,
                at,
            };
        }
        let chunk = self
            .firsts
            .partition_point(|first| *first <= row)
            .saturating_sub(1);
        let first = self.firsts.get(chunk).copied().unwrap_or_default();
        Row {
            log: self,
            chunk: self.chunks.get(chunk).map(Rc::as_ref),
            at: (row - first) as usize,
        }
    }

    /// The rows of a contact's events, the last one appended first.
    pub fn chain(&self, contact: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = self.heads.get(contact as usize).copied().unwrap_or(NO);
        std::iter::from_fn(move || {
            let row = (next != NO).then_some(next)?;
            next = self.row(row).prev();
            Some(row)
        })
    }

    /// The rows of every event that stands, in the order of the log.
    pub fn standing(&self) -> impl Iterator<Item = u32> + '_ {
        let mut gone = self.gone.iter().peekable();
        (0..self.rows()).filter(move |row| {
            let stands = gone.next_if_eq(row).is_none();
            stands && self.row(*row).number(KIND) != i64::from(ITEM)
        })
    }

    /// The items of an event.
    pub fn items(&self, row: u32) -> impl Iterator<Item = RawItem> + '_ {
        let further = (row + 1..self.rows()).map(|row| self.row(row));
        let further = further.take_while(|row| row.number(KIND) == i64::from(ITEM));
        std::iter::once(self.row(row))
            .chain(further)
            .filter_map(|row| row.item())
    }

    /// The change set that an event came with, and where it comes from; rows that are not applied yet have none.
    pub fn batch(&self, row: u32) -> Option<(ChangeId, Origin)> {
        let at = self
            .batches
            .partition_point(|(first, ..)| *first <= row)
            .checked_sub(1)?;
        self.batches.get(at).map(|(_, change, origin)| (*change, *origin))
    }
}

/// The places of numbers in a batch, in the order in which they were first asked for.
#[derive(Default)]
struct Places {
    numbers: Vec<u32>,
    places: FxHashMap<u32, u32>,
}

impl Places {
    fn place(&mut self, number: i64) -> i64 {
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

impl Chunk {
    fn number(&self, column: usize, at: usize) -> i64 {
        self.pages.get(column).map_or(NONE, |page| page.number(at))
    }
}

impl Open {
    fn push(&mut self, event: &Raw, kind: u8, item: Option<&RawItem>) {
        let some = |number: u32| if number == NO { NONE } else { i64::from(number) };
        let values = [
            event.when,
            i64::from(event.contact),
            i64::from(kind),
            event.amount,
            item.map_or(NONE, |item| some(item.product)),
            item.map_or(NONE, |item| i64::from(item.quantity)),
            item.map_or(NONE, |item| item.price),
            some(event.text),
            some(event.order),
        ];
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
    }

    /// Copies the rows of a small chunk.
    fn take(&mut self, chunk: &Chunk) {
        for at in 0..chunk.prev.len() {
            for (kind, column) in self.columns.iter_mut().enumerate() {
                let number = chunk.number(kind, at);
                let named = |names: &[u32]| names.get(number as usize).map_or(NONE, |one| i64::from(*one));
                column.push(match kind {
                    PRODUCT if number != NONE => named(&chunk.products),
                    TEXT | ORDER if number != NONE => named(&chunk.texts),
                    _ => number,
                });
            }
        }
        self.prev.extend(&chunk.prev);
    }
}

impl Row<'_> {
    #[inline]
    fn number(&self, column: usize) -> i64 {
        match self.chunk {
            Some(chunk) => chunk.number(column, self.at),
            None => {
                let column = self.log.open.columns.get(column);
                column
                    .and_then(|column| column.get(self.at))
                    .copied()
                    .unwrap_or(NONE)
            }
        }
    }

    fn prev(&self) -> u32 {
        let prev = match self.chunk {
            Some(chunk) => &chunk.prev,
            None => &self.log.open.prev,
        };
        prev.get(self.at).copied().unwrap_or(NO)
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

    fn named(&self, column: usize) -> u32 {
        let number = self.number(column);
        if number == NONE {
            return NO;
        }
        let names = self.chunk.map(|chunk| match column {
            PRODUCT => &chunk.products,
            _ => &chunk.texts,
        });
        match names {
            Some(names) => names.get(number as usize).copied().unwrap_or(NO),
            None => number as u32,
        }
    }
}
