//! The log of events in memory: columns a chunk at a time, and for each contact a chain of rows, newest first.
//!
//! A run works on a clone of the workspace's log: it pushes events, closes them as a batch, and lets the workspace
//! apply the change set that carries it. Both logs then have the same rows under the same numbers.

pub use super::chunk::Row;
use super::chunk::{AMOUNT, COLUMNS, CONTACT, Chunk, KIND, Making, Names, Open, OpenRow, WHEN, pages_of};
use super::names::{Products, Texts};
use super::{ChunkPages, EventBatch, NO, Raw, RawItem};
use crate::journal::{PageRef, Pages, Standing};
use crate::page::{GROUP, Page};
use model::ChangeId;
use model::event::{EventKind, Origin, Product};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// The kind of a row that is a further item of the event before it.
pub const ITEM: u8 = u8::MAX;

/// A batch with fewer rows goes into the open chunk; one with more keeps its pages.
const SMALL: u32 = 4096;

/// For so many rows each it is known which chunk holds the first, so that a row is found without a search.
const BLOCK: u32 = 4096;

/// All events in memory. Rows are counted from 0; the event of row `n` has the number `n + 1`.
#[derive(Clone, Debug)]
pub struct Log {
    chunks: Vec<Rc<Chunk>>,
    /// The first row of each chunk.
    firsts: Vec<u32>,
    /// The chunk of the first row of each [`BLOCK`].
    blocks: Vec<u32>,
    open: Open,
    /// Rows that were closed or applied; what comes after them is of the batch that is being made.
    closed: u32,
    making: Making,
    /// For each contact the newest row of the chain.
    heads: Vec<u32>,
    products: Products,
    texts: Texts,
    /// From which row on the rows are of which change set, and where they come from.
    batches: Vec<(u32, ChangeId, Origin)>,
    /// Rows of events that do not stand.
    gone: RoaringBitmap,
    /// Contacts whose chain is not in the order of time.
    late: RoaringBitmap,
    last: i64,
    simulated: i64,
}

impl Default for Log {
    fn default() -> Log {
        Log {
            chunks: Vec::new(),
            firsts: Vec::new(),
            blocks: Vec::new(),
            open: Open::default(),
            closed: 0,
            making: Making::new(Origin::Simulated),
            heads: Vec::new(),
            products: Products::default(),
            texts: Texts::default(),
            batches: Vec::new(),
            gone: RoaringBitmap::new(),
            late: RoaringBitmap::new(),
            last: 0,
            simulated: i64::MIN,
        }
    }
}

impl Log {
    /// How many rows there are: events and further items.
    pub fn rows(&self) -> u32 {
        self.open.first + self.open.rows.len() as u32
    }

    /// Whether some chain is not in the order of time, so that a walk can't stop at an older event.
    pub fn has_late(&self) -> bool {
        !self.late.is_empty()
    }

    /// One more than the greatest number of a contact with events.
    pub fn contacts(&self) -> u32 {
        self.heads.len() as u32
    }

    /// Whether a contact's chain is in the order of time, so that a walk can stop at an older event.
    pub fn in_order(&self, contact: u32) -> bool {
        !self.late.contains(contact)
    }

    /// The latest moment of all.
    pub fn last_when(&self) -> i64 {
        self.last
    }

    /// The latest moment of what simulations made up, or `i64::MIN`.
    pub fn last_simulated(&self) -> i64 {
        self.simulated
    }

    /// The number of a product, the same for equal ones.
    pub fn product_number(&mut self, product: &Product) -> u32 {
        self.products.number(product)
    }

    /// The number of a text, the same for equal ones.
    pub fn text_number(&mut self, text: &str) -> u32 {
        self.texts.number(text)
    }

    /// A product by its number.
    pub fn product(&self, number: u32) -> Option<&Product> {
        self.products.get(number).map(Rc::as_ref)
    }

    /// A product by its number, shared: who keeps it knows it again in another log.
    pub(super) fn shared_product(&self, number: u32) -> Option<&Rc<Product>> {
        self.products.get(number)
    }

    /// How many different products there are; their numbers are smaller.
    pub fn products(&self) -> u32 {
        self.products.len()
    }

    /// A text by its number; empty where there is none.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    /// Says where the events of the batch that is being made come from, while no change set tells it.
    pub fn begin(&mut self, origin: Origin) {
        self.making.origin = origin;
    }

    /// Appends an event to the batch that is being made, and gives its row.
    pub fn push(&mut self, event: Raw, items: &[RawItem]) -> u32 {
        let row = self.rows();
        let prev = self.link(event.contact, row, event.when, None);
        let mut first = OpenRow::new(&event, event.kind.number(), items.first());
        first.prev = prev;
        self.open.push(first);
        let further = items.iter().skip(1);
        further.for_each(|item| self.open.push(OpenRow::new(&event, ITEM, Some(item))));
        self.making.last = self.making.last.max(event.when);
        if self.rows() - self.open.first.max(self.closed) >= GROUP {
            self.make_chunk();
        }
        row
    }

    /// Puts a whole chunk of the batch that is being made on pages.
    fn make_chunk(&mut self) {
        // What was open before the batch goes on pages of its own.
        let before = self.closed.saturating_sub(self.open.first) as usize;
        let mut rows = self.open.rows.split_off(before);
        self.seal();
        // An event with many items may be in two chunks.
        let whole = rows.drain(..(GROUP as usize).min(rows.len()));
        let chunk = Chunk {
            pages: self.making.pages(whole.as_slice()),
            names: Names::Making,
            prev: whole.as_slice().iter().map(|row| row.prev).collect(),
        };
        drop(whole);
        self.append(chunk);
        self.making.chunks += 1;
        self.open.rows = rows;
    }

    pub(super) fn making(&self) -> &Making {
        &self.making
    }

    /// Makes a row the head of its contact's chain, and gives the one before; `chunk` with its first row is one that
    /// is not in the log yet.
    fn link(&mut self, contact: u32, row: u32, when: i64, chunk: Option<(&Chunk, u32)>) -> u32 {
        let at = contact as usize;
        if self.heads.len() <= at {
            self.heads.resize(at + 1, NO);
        }
        let Some(head) = self.heads.get_mut(at) else {
            return NO;
        };
        let prev = std::mem::replace(head, row);
        // Most events are later than all before; only of others the chain must be asked.
        if when >= self.last {
            self.last = when;
        } else if prev != NO {
            let before = match chunk {
                Some((chunk, first)) if prev >= first => chunk.number(WHEN, (prev - first) as usize),
                _ => self.row(prev).when(),
            };
            if when < before {
                self.late.insert(contact);
            }
        }
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
        let next = Making::new(self.making.origin);
        let mut making = std::mem::replace(&mut self.making, next);
        if simulated {
            self.simulated = self.simulated.max(making.last);
        }
        let skip = first.saturating_sub(self.open.first) as usize;
        let open = self.open.rows.get(skip..).unwrap_or_default();
        let last = (!open.is_empty()).then(|| making.pages(open));
        let made = self.chunks.len() - making.chunks;
        let chunks = self.chunks.iter().skip(made).map(|chunk| &chunk.pages);
        let chunks = chunks.chain(&last).map(|pages| ChunkPages {
            rows: pages.first().map_or(0, |page| page.len() as u32),
            columns: pages.iter().cloned().map(PageRef::Here).collect(),
        });
        let product = |number: &u32| self.product(*number).cloned().unwrap_or_default();
        let texts = making.texts.numbers.iter();
        let batch = EventBatch {
            first: u64::from(first),
            products: making.products.numbers.iter().map(product).collect(),
            texts: texts.map(|number| self.text(*number).to_owned()).collect(),
            chunks: chunks.collect(),
            simulated,
            ..EventBatch::default()
        };
        self.closed = rows;
        if rows - first < SMALL {
            self.seal_if_full();
            return Some(batch);
        }
        // The batch's own pages take the place of its open rows; what was open before goes on pages of its own.
        let names = Names::Batch {
            products: Rc::new(making.products.numbers),
            texts: Rc::new(making.texts.numbers),
        };
        for chunk in self.chunks.iter_mut().skip(made) {
            Rc::make_mut(chunk).names = names.clone();
        }
        let prev = open.iter().map(|row| row.prev).collect();
        self.open.rows.truncate(skip);
        self.seal();
        if let Some(pages) = last {
            self.append(Chunk { pages, names, prev });
        }
        Some(batch)
    }

    /// Puts a chunk behind all others; nothing is open.
    fn append(&mut self, chunk: Chunk) {
        let first = self.open.first;
        let next = first + chunk.rows() as u32;
        while (self.blocks.len() as u64) * u64::from(BLOCK) < u64::from(next) {
            self.blocks.push(self.chunks.len() as u32);
        }
        self.firsts.push(first);
        self.chunks.push(Rc::new(chunk));
        self.open.first = next;
    }

    /// The log as it was at a moment: later events keep their rows, and are nobody's.
    pub fn until(&self, moment: i64) -> Log {
        let mut log = self.clone();
        self.each_standing(&mut |number, row| {
            if row.when() >= moment {
                log.gone.insert(number);
            }
        });
        for contact in 0..self.heads.len() as u32 {
            let rows: Vec<u32> = self.chain(contact).collect();
            let stays = |row: &u32| self.row(*row).when() < moment;
            if rows.iter().all(stays) {
                continue;
            }
            // Each that stays follows the next older one that does.
            let mut newer = None;
            for row in rows.into_iter().filter(stays).map(Some).chain([None]) {
                let prev = row.unwrap_or(NO);
                match newer {
                    Some(newer) => log.set_prev(newer, prev),
                    None => {
                        if let Some(head) = log.heads.get_mut(contact as usize) {
                            *head = prev;
                        }
                    }
                }
                newer = row;
            }
        }
        log.last = log.last.min(moment);
        log.simulated = log.simulated.min(moment);
        log
    }

    /// Sets the row before another in its contact's chain.
    fn set_prev(&mut self, row: u32, prev: u32) {
        if row >= self.open.first {
            if let Some(open) = self.open.rows.get_mut((row - self.open.first) as usize) {
                open.prev = prev;
            }
            return;
        }
        let at = self
            .firsts
            .partition_point(|first| *first <= row)
            .saturating_sub(1);
        let first = self.firsts.get(at).copied().unwrap_or_default();
        // Most keep what is before them; only of others the chunk becomes one of its own.
        if self.row(row).prev() != prev
            && let Some(chunk) = self.chunks.get_mut(at)
            && let Some(place) = Rc::make_mut(chunk).prev.get_mut((row - first) as usize)
        {
            *place = prev;
        }
    }

    /// Puts the open rows on pages.
    fn seal(&mut self) {
        // Their room goes, too: a large batch took much.
        let open = std::mem::take(&mut self.open.rows);
        if open.is_empty() {
            return;
        }
        self.append(Chunk {
            pages: pages_of(&open),
            names: Names::Numbers,
            prev: open.iter().map(|row| row.prev).collect(),
        });
    }

    fn seal_if_full(&mut self) {
        if self.open.rows.len() >= (GROUP - SMALL) as usize {
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
        debug_assert_eq!(self.closed, self.rows(), "no batch is being made");
        // Where the change set of an earlier batch is lost, its numbers stay taken.
        let missing = batch.first.saturating_sub(u64::from(self.rows()));
        self.skip(missing.min(u64::from(NO)) as u32);
        self.batches.push((self.rows(), change, origin));
        if !standing.stands && standing.except.is_empty() {
            let rows = batch.chunks.iter().map(|chunk| chunk.rows);
            self.skip(rows.sum());
            self.closed = self.rows();
            return;
        }
        let products = batch.products.iter().map(|one| self.products.number(one));
        let products = Rc::new(products.collect());
        let texts = batch.texts.iter().map(|one| self.texts.number(one));
        let texts = Rc::new(texts.collect());
        let names = Names::Batch { products, texts };
        for stored in &batch.chunks {
            let found: Vec<Rc<Page>> = stored.columns.iter().filter_map(|page| pages.get(page)).collect();
            match <[Rc<Page>; COLUMNS]>::try_from(found) {
                Ok(pages) if pages.iter().all(|page| page.len() == stored.rows as usize) => {
                    self.take(pages, names.clone(), stored.rows, batch.simulated, standing);
                }
                // A page that is missing or damaged leaves its rows out; their numbers stay taken.
                _ => self.skip(stored.rows),
            }
        }
        self.closed = self.rows();
    }

    /// The batch that was closed last is that of a change set.
    pub fn made(&mut self, batch: &EventBatch, change: ChangeId, origin: Origin) {
        self.batches.push((batch.first as u32, change, origin));
    }

    /// Takes in a chunk of a stored batch.
    fn take(
        &mut self,
        pages: [Rc<Page>; COLUMNS],
        names: Names,
        rows: u32,
        simulated: bool,
        standing: &Standing,
    ) {
        let mut chunk = Chunk {
            pages,
            names,
            prev: Vec::with_capacity(rows as usize),
        };
        let first = self.rows();
        for at in 0..rows {
            let place = at as usize;
            let contact = chunk.number(CONTACT, place) as u32;
            let stands = standing.fully() || standing.stands != standing.except.contains(contact);
            if !stands {
                self.gone.insert(first + at);
            }
            let prev = match stands && chunk.number(KIND, place) != i64::from(ITEM) {
                true => {
                    let when = chunk.number(WHEN, place);
                    if simulated {
                        self.simulated = self.simulated.max(when);
                    }
                    self.link(contact, first + at, when, Some((&chunk, first)))
                }
                false => NO,
            };
            chunk.prev.push(prev);
        }
        if rows < SMALL {
            self.open.take(&chunk);
            self.seal_if_full();
        } else {
            self.seal();
            self.append(chunk);
        }
    }

    /// Rows that can't be read or do not stand: they are nobody's.
    fn skip(&mut self, rows: u32) {
        if rows == 0 {
            return;
        }
        self.gone.insert_range(self.rows()..self.rows() + rows);
        let whole = Chunk::blank(GROUP.min(rows));
        for start in (0..rows).step_by(GROUP as usize) {
            let part = GROUP.min(rows - start);
            let chunk = match part == GROUP {
                true => whole.clone(),
                false => Chunk::blank(part),
            };
            if part < SMALL {
                self.open.take(&chunk);
                self.seal_if_full();
            } else {
                self.seal();
                self.append(chunk);
            }
        }
    }

    pub(super) fn open(&self) -> &Open {
        &self.open
    }

    /// A row.
    #[inline]
    pub fn row(&self, row: u32) -> Row<'_> {
        if row >= self.open.first {
            return Row {
                log: self,
                chunk: None,
                at: (row - self.open.first) as usize,
                row,
            };
        }
        let block = self.blocks.get((row / BLOCK) as usize);
        let mut chunk = block.map_or(0, |chunk| *chunk as usize);
        while self.firsts.get(chunk + 1).is_some_and(|first| *first <= row) {
            chunk += 1;
        }
        let first = self.firsts.get(chunk).copied().unwrap_or_default();
        Row {
            log: self,
            chunk: self.chunks.get(chunk).map(Rc::as_ref),
            at: (row - first) as usize,
            row,
        }
    }

    /// A contact's events with their rows, the last one appended first.
    pub fn events(&self, contact: u32) -> impl Iterator<Item = (u32, Row<'_>)> {
        let mut next = self.heads.get(contact as usize).copied().unwrap_or(NO);
        std::iter::from_fn(move || {
            let number = (next != NO).then_some(next)?;
            let row = self.row(number);
            next = row.prev();
            Some((number, row))
        })
    }

    /// The rows of a contact's events, the last one appended first.
    pub fn chain(&self, contact: u32) -> impl Iterator<Item = u32> + '_ {
        self.events(contact).map(|(number, _)| number)
    }

    /// Visits every event of a kind that stands, in the order of the log.
    pub fn each(&self, kind: EventKind, visit: &mut dyn FnMut(u32, Row<'_>)) {
        let kind = i64::from(kind.number());
        self.each_row(|one| one == kind, visit);
    }

    /// Visits every event that stands, in the order of the log.
    pub fn each_standing(&self, visit: &mut dyn FnMut(u32, Row<'_>)) {
        self.each_row(|kind| kind != i64::from(ITEM), visit);
    }

    /// Visits when, whose, what and how much each event was that stands, in the order of the log.
    pub(crate) fn each_plain(&self, visit: &mut impl FnMut(i64, u32, Option<EventKind>, i64)) {
        let mut told = |number: u32, when: i64, contact: i64, kind: i64, amount: i64| {
            if kind != i64::from(ITEM) && !self.gone.contains(number) {
                visit(when, contact as u32, EventKind::of(kind as u8), amount);
            }
        };
        for (chunk, first) in self.chunks.iter().zip(&self.firsts) {
            let column = |column: usize| chunk.pages.get(column).map(|page| page.numbers());
            let [whens, contacts, kinds, amounts] =
                [WHEN, CONTACT, KIND, AMOUNT].map(|one| column(one).unwrap_or_default().into_iter());
            let rows = whens.zip(contacts).zip(kinds.zip(amounts));
            for (number, ((when, contact), (kind, amount))) in (*first..).zip(rows) {
                told(number, when, contact, kind, amount);
            }
        }
        for (number, row) in (self.open.first..).zip(&self.open.rows) {
            let [when, contact, kind, amount] = [WHEN, CONTACT, KIND, AMOUNT].map(|one| row.number(one));
            told(number, when, contact, kind, amount);
        }
    }

    /// Visits every row that stands and is of a kind that is asked for.
    fn each_row(&self, asked: impl Fn(i64) -> bool, visit: &mut dyn FnMut(u32, Row<'_>)) {
        let some_gone = !self.gone.is_empty();
        let mut part = |chunk: Option<&Chunk>, first: u32, rows: usize| {
            for at in 0..rows {
                let number = first + at as u32;
                let row = Row {
                    log: self,
                    chunk,
                    at,
                    row: number,
                };
                if asked(row.number(KIND)) && !(some_gone && self.gone.contains(number)) {
                    visit(number, row);
                }
            }
        };
        for (chunk, first) in self.chunks.iter().zip(&self.firsts) {
            part(Some(chunk), *first, chunk.rows());
        }
        part(None, self.open.first, self.open.rows.len());
    }

    /// Whether a row is of an event that stands.
    pub fn stands(&self, row: u32) -> bool {
        !self.gone.contains(row)
    }

    /// The items of an event.
    pub fn items(&self, row: u32) -> impl Iterator<Item = RawItem> + '_ {
        self.row(row).items()
    }

    /// The change set that an event came with, and where it comes from; rows that are not applied yet have none.
    pub fn batch(&self, row: u32) -> Option<(ChangeId, Origin)> {
        let at = self
            .batches
            .partition_point(|(first, ..)| *first <= row)
            .checked_sub(1)?;
        let batch = self.batches.get(at).filter(|_| row < self.closed);
        batch.map(|(_, change, origin)| (*change, *origin))
    }

    /// Where an event comes from, also while its batch is being made.
    pub fn origin(&self, row: u32) -> Origin {
        self.batch(row).map_or(self.making.origin, |(_, origin)| origin)
    }

    /// About how many bytes it takes in memory.
    pub fn bytes(&self) -> usize {
        let pages = self.chunks.iter().map(|chunk| {
            let pages = chunk.pages.iter().map(|page| page.bytes().len());
            pages.sum::<usize>() + chunk.prev.capacity() * 4
        });
        pages.sum::<usize>()
            + self.open.rows.capacity() * size_of::<OpenRow>()
            + self.heads.capacity() * 4
            + self.texts.bytes()
    }
}
