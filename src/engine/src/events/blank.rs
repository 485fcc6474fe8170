//! Batches without the events of some contacts: their rows stay, so that all numbers stay valid, and are nobody's.

use super::chunk::{COLUMNS, CONTACT, KIND, ORDER, PRODUCT, TEXT, blank_pages};
use super::log::ITEM;
use super::{ChunkPages, EventBatch};
use crate::column::NONE;
use crate::journal::{PageRef, Pages};
use crate::page::{Page, number_page};
use model::event::Product;
use std::rc::Rc;

/// Puts nobody in the place of some contacts' rows, a chunk at a time, by giving the new pages; says whether there were
/// any such rows. Chunks whose pages are not in memory are left out.
///
/// `contact` is the place of the contact among the columns, `kind` that of a kind that becomes [`ITEM`], if there is
/// one; all else becomes no value.
pub(crate) fn blank_rows(
    chunks: &mut [ChunkPages],
    contact: usize,
    kind: Option<usize>,
    pages: &Pages,
    goes: &dyn Fn(u32) -> bool,
    put: &mut dyn FnMut(&mut PageRef, Rc<Page>),
) -> bool {
    let mut any = false;
    for chunk in chunks {
        let Some(contacts) = chunk.columns.get(contact).and_then(|page| pages.get(page)) else {
            continue;
        };
        let gone = going(&contacts, goes);
        if !gone.contains(&true) {
            continue;
        }
        any = true;
        for (place, column) in chunk.columns.iter_mut().enumerate() {
            let Some(page) = pages.get(column) else { continue };
            let nothing = if kind == Some(place) {
                i64::from(ITEM)
            } else {
                NONE
            };
            let numbers = gone.iter().enumerate().map(|(at, gone)| match gone {
                true => nothing,
                false => page.number(at),
            });
            put(column, number_page(numbers));
        }
    }
    any
}

/// Which rows go, by a page of their contacts.
fn going(contacts: &Page, goes: &dyn Fn(u32) -> bool) -> Vec<bool> {
    let mine = |at: usize| Some(contacts.number(at)).filter(|number| *number != NONE);
    let rows = 0..contacts.len();
    rows.map(|at| mine(at).is_some_and(|contact| goes(contact as u32)))
        .collect()
}

impl EventBatch {
    /// Puts nobody in the place of some contacts' events, with the products and texts that only they named; says whether
    /// there was anything.
    pub(crate) fn blank(
        &mut self,
        pages: &Pages,
        goes: &dyn Fn(u32) -> bool,
        put: &mut dyn FnMut(&mut PageRef, Rc<Page>),
    ) -> bool {
        let mut held = self
            .chunks
            .iter()
            .filter_map(|chunk| pages.get(chunk.columns.get(CONTACT)?));
        if !held.any(|contacts| going(&contacts, goes).contains(&true)) {
            return false;
        }
        // What others name must be known before the pages are new.
        let (products, texts) = self.named(pages, &|contact| !goes(contact));
        blank_rows(&mut self.chunks, CONTACT, Some(KIND), pages, goes, put);
        for (product, named) in self.products.iter_mut().zip(products) {
            if !named {
                *product = Product::default();
            }
        }
        for (text, named) in self.texts.iter_mut().zip(texts) {
            if !named {
                text.clear();
            }
        }
        true
    }

    /// The texts of the order ids that some contacts named and nobody else.
    pub(crate) fn orders_of(&self, pages: &Pages, whose: &dyn Fn(u32) -> bool) -> Vec<&str> {
        let mut orders = vec![false; self.texts.len()];
        self.each_place(pages, whose, &[ORDER], &mut |_, place| {
            if let Some(named) = orders.get_mut(place) {
                *named = true;
            }
        });
        let texts = self.texts.iter().zip(orders);
        texts
            .filter(|(_, named)| *named)
            .map(|(text, _)| text.as_str())
            .collect()
    }

    /// Which products and texts the rows of some contacts name.
    fn named(&self, pages: &Pages, whose: &dyn Fn(u32) -> bool) -> (Vec<bool>, Vec<bool>) {
        let mut products = vec![false; self.products.len()];
        let mut texts = vec![false; self.texts.len()];
        self.each_place(pages, whose, &[PRODUCT, TEXT, ORDER], &mut |column, place| {
            let named = if column == PRODUCT {
                &mut products
            } else {
                &mut texts
            };
            if let Some(named) = named.get_mut(place) {
                *named = true;
            }
        });
        (products, texts)
    }

    /// Visits the places that the rows of some contacts name in columns.
    fn each_place(
        &self,
        pages: &Pages,
        whose: &dyn Fn(u32) -> bool,
        columns: &[usize],
        visit: &mut dyn FnMut(usize, usize),
    ) {
        for chunk in &self.chunks {
            let page = |column: usize| chunk.columns.get(column).and_then(|page| pages.get(page));
            let Some(contacts) = page(CONTACT) else { continue };
            let mine: Vec<usize> = (0..contacts.len())
                .filter(|at| contacts.number(*at) != NONE && whose(contacts.number(*at) as u32))
                .collect();
            for column in columns {
                let Some(page) = page(*column) else { continue };
                let named = mine.iter().map(|at| page.number(*at));
                named
                    .filter_map(|place| usize::try_from(place).ok())
                    .for_each(|place| visit(*column, place));
            }
        }
    }

    /// The same rows, all of them nobody's.
    pub(crate) fn blanked(&self) -> EventBatch {
        let blank = |chunk: &ChunkPages| {
            let pages: [Rc<Page>; COLUMNS] = blank_pages(chunk.rows);
            ChunkPages {
                rows: chunk.rows,
                columns: pages.into_iter().map(PageRef::Here).collect(),
            }
        };
        EventBatch {
            first: self.first,
            simulated: self.simulated,
            origin: self.origin,
            chunks: self.chunks.iter().map(blank).collect(),
            ..EventBatch::default()
        }
    }
}
