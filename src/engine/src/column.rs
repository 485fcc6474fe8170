//! Columns: the current values of one field for every contact.

use crate::page::{GROUP, Page, page_of_numbers, text_page};
use litemap::LiteMap;
use roaring::RoaringBitmap;
use std::rc::Rc;

/// No value, in a column of numbers.
pub const NONE: i64 = i64::MIN;

/// So many edits of one row group are folded into a new page; fewer stay beside it.
const FOLD_EDITS: usize = 4096;

/// One value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text; empty is no value.
    Text(Box<str>),
    /// A number; [`NONE`] is no value.
    Number(i64),
}

impl Cell {
    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Text(text) => text.is_empty(),
            Cell::Number(number) => *number == NONE,
        }
    }
}

/// The values of one row group: a page, and what was written since.
#[derive(Clone, Debug, Default)]
struct Chunk {
    page: Option<Rc<Page>>,
    edits: LiteMap<u16, Cell>,
}

/// The current values of one field, row groups of 65,536 contacts apart.
#[derive(Clone, Debug)]
pub struct Column {
    number: bool,
    chunks: Vec<Chunk>,
    version: u64,
}

fn split(contact: u32) -> (usize, u16) {
    ((contact / GROUP) as usize, (contact % GROUP) as u16)
}

impl Column {
    /// An empty column of numbers or of texts.
    pub fn new(number: bool) -> Self {
        Column {
            number,
            chunks: Vec::new(),
            version: 0,
        }
    }

    /// Whether the values are numbers.
    pub fn is_number(&self) -> bool {
        self.number
    }

    /// Grows with every write.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many row groups were ever written to.
    pub fn groups(&self) -> usize {
        self.chunks.len()
    }

    fn empty(&self) -> Cell {
        if self.number {
            Cell::Number(NONE)
        } else {
            Cell::Text("".into())
        }
    }

    /// The bytes of a contact's text; empty where there is none.
    pub fn text(&self, contact: u32) -> &[u8] {
        let (group, row) = split(contact);
        let Some(chunk) = self.chunks.get(group) else {
            return &[];
        };
        match chunk.edits.get(&row) {
            Some(Cell::Text(text)) => text.as_bytes(),
            Some(Cell::Number(_)) => &[],
            None => match &chunk.page {
                Some(page) if usize::from(row) < page.len() => page.text(usize::from(row)),
                _ => &[],
            },
        }
    }

    /// A contact's number; [`NONE`] where there is none.
    pub fn number(&self, contact: u32) -> i64 {
        let (group, row) = split(contact);
        let Some(chunk) = self.chunks.get(group) else {
            return NONE;
        };
        match chunk.edits.get(&row) {
            Some(Cell::Number(number)) => *number,
            Some(Cell::Text(_)) => NONE,
            None => match &chunk.page {
                Some(page) if usize::from(row) < page.len() => page.number(usize::from(row)),
                _ => NONE,
            },
        }
    }

    /// A contact's value.
    pub fn cell(&self, contact: u32) -> Cell {
        if self.number {
            Cell::Number(self.number(contact))
        } else {
            Cell::Text(String::from_utf8_lossy(self.text(contact)).into())
        }
    }

    /// Whether a contact has a value.
    pub fn has(&self, contact: u32) -> bool {
        if self.number {
            self.number(contact) != NONE
        } else {
            !self.text(contact).is_empty()
        }
    }

    fn chunk_mut(&mut self, group: usize) -> &mut Chunk {
        self.version += 1;
        if self.chunks.len() <= group {
            self.chunks.resize_with(group + 1, Chunk::default);
        }
        &mut self.chunks[group]
    }

    /// Sets one value.
    pub fn set(&mut self, contact: u32, cell: Cell) {
        let (group, row) = split(contact);
        let number = self.number;
        let chunk = self.chunk_mut(group);
        chunk.edits.insert(row, cell);
        if chunk.edits.len() > FOLD_EDITS {
            chunk.fold(number);
        }
    }

    /// Makes a page the values of a whole row group.
    pub fn set_group(&mut self, group: usize, page: Option<Rc<Page>>) {
        *self.chunk_mut(group) = Chunk {
            page,
            edits: LiteMap::new(),
        };
    }

    /// Sets the values of some contacts of one group; `values` holds them in the order of their numbers.
    ///
    /// Where the contacts are the group's first `values.len()` rows and nothing else is in it, the page is shared.
    pub fn set_many(&mut self, group: usize, contacts: &RoaringBitmap, values: &Rc<Page>) {
        let base = group as u32 * GROUP;
        let number = self.number;
        let first_rows = contacts
            .max()
            .is_some_and(|max| u64::from(max - base) + 1 == contacts.len());
        let chunk = self.chunk_mut(group);
        let covers = chunk.page.as_ref().is_none_or(|page| page.len() <= values.len())
            && chunk
                .edits
                .keys()
                .next_back()
                .is_none_or(|row| usize::from(*row) < values.len());
        if first_rows && covers {
            *chunk = Chunk {
                page: Some(values.clone()),
                edits: LiteMap::new(),
            };
            return;
        }
        let mut old = std::mem::take(&mut chunk.edits).into_iter().peekable();
        for (rank, contact) in contacts.iter().enumerate() {
            let row = (contact - base) as u16;
            // What comes in its order goes to the end, where nothing must make room.
            while let Some((before, cell)) = old.next_if(|(before, _)| *before <= row) {
                if before < row {
                    chunk.edits.insert(before, cell);
                }
            }
            chunk.edits.insert(row, values.cell(rank));
        }
        chunk.edits.extend(old);
        if chunk.edits.len() > FOLD_EDITS {
            chunk.fold(number);
        }
    }

    /// Takes the values of some contacts away.
    pub fn clear(&mut self, contacts: &RoaringBitmap) {
        for (group, part) in by_group(contacts) {
            let Some(chunk) = self.chunks.get(group) else {
                continue;
            };
            let rows = chunk.page.as_ref().map_or(0, |page| page.len());
            let last_edit = chunk
                .edits
                .keys()
                .next_back()
                .map_or(0, |row| usize::from(*row) + 1);
            let base = group as u32 * GROUP;
            if part.contains_range(base..base + rows.max(last_edit) as u32) {
                self.set_group(group, None);
                continue;
            }
            let empty = self.empty();
            part.iter()
                .filter(|contact| self.has(*contact))
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|contact| {
                    self.set(contact, empty.clone());
                });
        }
    }

    /// The contacts of one row group whose value passes a test of its text; texts of a dictionary are tested once.
    pub fn filter_text(&self, group: usize, found: &mut RoaringBitmap, test: &mut dyn FnMut(&[u8]) -> bool) {
        let Some(chunk) = self.chunks.get(group) else {
            return;
        };
        let base = group as u32 * GROUP;
        if let Some(page) = &chunk.page {
            if let Some(entries) = page.dictionary() {
                let passes: Vec<bool> = entries.map(&mut *test).collect();
                if passes.iter().any(|passes| *passes) {
                    mark(found, group, page.len(), |at| {
                        passes.get(page.dictionary_code(at)) == Some(&true)
                    });
                }
            } else {
                mark(found, group, page.len(), |at| test(page.text(at)));
            }
        }
        for (row, cell) in &chunk.edits {
            let Cell::Text(text) = cell else { continue };
            let contact = base + u32::from(*row);
            if test(text.as_bytes()) {
                found.insert(contact);
            } else {
                found.remove(contact);
            }
        }
    }

    /// The contacts of one row group whose number passes a test; those without a value are not asked.
    pub fn filter_number(&self, group: usize, found: &mut RoaringBitmap, test: &dyn Fn(i64) -> bool) {
        let Some(chunk) = self.chunks.get(group) else {
            return;
        };
        let base = group as u32 * GROUP;
        if let Some(page) = &chunk.page {
            mark(found, group, page.len(), |at| {
                let number = page.number(at);
                number != NONE && test(number)
            });
        }
        for (row, cell) in &chunk.edits {
            let Cell::Number(number) = cell else { continue };
            let contact = base + u32::from(*row);
            if *number != NONE && test(*number) {
                found.insert(contact);
            } else {
                found.remove(contact);
            }
        }
    }

    /// The page of a row group and the rows written since, for searches that read a page as a whole.
    pub(crate) fn group(&self, group: usize) -> (Option<&Page>, impl Iterator<Item = (u16, &Cell)>) {
        let chunk = self.chunks.get(group);
        let page = chunk.and_then(|chunk| chunk.page.as_deref());
        (
            page,
            chunk
                .into_iter()
                .flat_map(|chunk| chunk.edits.iter().map(|(row, cell)| (*row, cell))),
        )
    }

    /// The contacts that have a value.
    pub fn filled(&self) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        for group in 0..self.groups() {
            if self.number {
                self.filter_number(group, &mut found, &|_| true);
            } else {
                self.filter_text(group, &mut found, &mut |text| !text.is_empty());
            }
        }
        found
    }
}

impl Chunk {
    /// Puts page and edits together into a new page.
    fn fold(&mut self, number: bool) {
        let rows = self.page.as_ref().map_or(0, |page| page.len());
        let rows = rows.max(
            self.edits
                .keys()
                .next_back()
                .map_or(0, |row| usize::from(*row) + 1),
        );
        let page = self.page.as_deref();
        let merged = if number {
            let numbers: Vec<i64> = (0..rows)
                .map(|row| match (self.edits.get(&(row as u16)), page) {
                    (Some(Cell::Number(number)), _) => *number,
                    (None, Some(page)) if row < page.len() => page.number(row),
                    _ => NONE,
                })
                .collect();
            page_of_numbers(&numbers)
        } else {
            let texts: Vec<&[u8]> = (0..rows)
                .map(|row| match (self.edits.get(&(row as u16)), page) {
                    (Some(Cell::Text(text)), _) => text.as_bytes(),
                    (None, Some(page)) if row < page.len() => page.text(row),
                    _ => &[],
                })
                .collect();
            text_page(texts.iter().copied())
        };
        *self = Chunk {
            page: Some(merged),
            edits: LiteMap::new(),
        };
    }
}

/// Splits a set of contacts by row group.
pub fn by_group(contacts: &RoaringBitmap) -> impl Iterator<Item = (usize, RoaringBitmap)> + '_ {
    let mut next = contacts.min();
    std::iter::from_fn(move || {
        let group = next? / GROUP;
        let (start, end) = (group * GROUP, group * GROUP + (GROUP - 1));
        // A row group is a container of the bitmap, which an intersection takes as a whole.
        let mut whole = RoaringBitmap::new();
        whole.insert_range(start..=end);
        next = end
            .checked_add(1)
            .and_then(|after| contacts.range(after..).next());
        Some((group as usize, whole & contacts))
    })
}

/// Adds the rows of a row group that pass a test.
fn mark(found: &mut RoaringBitmap, group: usize, rows: usize, mut test: impl FnMut(usize) -> bool) {
    let mut bits = [0u8; GROUP as usize / 8];
    let mut any = false;
    for (byte, bits) in bits.iter_mut().enumerate().take(rows.div_ceil(8)) {
        for row in byte * 8..rows.min(byte * 8 + 8) {
            *bits |= u8::from(test(row)) << (row % 8);
        }
        any |= *bits != 0;
    }
    if any {
        *found |= RoaringBitmap::from_lsb0_bytes(group as u32 * GROUP, &bits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::number_page;

    fn texts(column: &Column, contacts: impl Iterator<Item = u32>) -> Vec<String> {
        contacts
            .map(|contact| String::from_utf8_lossy(column.text(contact)).into_owned())
            .collect()
    }

    #[test]
    fn a_value_written_is_read_back_also_after_many_edits_were_folded() {
        let mut column = Column::new(false);
        for contact in 0..10_000 {
            column.set(contact, Cell::Text(format!("v{contact}").into()));
        }
        assert_eq!(
            texts(&column, [0, 4097, 9_999].into_iter()),
            ["v0", "v4097", "v9999"]
        );
        assert_eq!(texts(&column, [10_000, 70_000].into_iter()), ["", ""]);
    }

    #[test]
    fn clearing_some_contacts_leaves_the_others() {
        let mut column = Column::new(true);
        column.set_many(0, &(0..10).collect(), &number_page(0..10));
        column.clear(&(3..5).collect());
        assert_eq!(
            (2..6).map(|contact| column.number(contact)).collect::<Vec<_>>(),
            [2, NONE, NONE, 5]
        );
        column.clear(&(0..10).collect());
        assert!(column.filled().is_empty());
    }

    #[test]
    fn values_of_scattered_contacts_go_to_those_contacts_only() {
        let mut column = Column::new(true);
        column.set_many(0, &(0..10).collect(), &number_page(0..10));
        column.set_many(
            0,
            &[2, 7].into_iter().collect(),
            &number_page([20, 70].into_iter()),
        );
        assert_eq!([1, 2, 3, 7].map(|contact| column.number(contact)), [1, 20, 3, 70]);
    }

    #[test]
    fn filters_see_pages_and_what_was_written_since() {
        let mut column = Column::new(false);
        column.set_many(
            0,
            &(0..4).collect(),
            &text_page([b"a".as_slice(), b"b", b"a", b""].into_iter()),
        );
        column.set(0, Cell::Text("b".into()));
        column.set(3, Cell::Text("a".into()));
        let mut found = RoaringBitmap::new();
        column.filter_text(0, &mut found, &mut |text| text == b"a");
        assert_eq!(found.iter().collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_set_is_split_at_the_borders_of_row_groups() {
        let set: RoaringBitmap = [1, GROUP - 1, GROUP, 3 * GROUP + 5].into_iter().collect();
        let groups: Vec<_> = by_group(&set).map(|(group, part)| (group, part.len())).collect();
        assert_eq!(groups, [(0, 2), (1, 1), (3, 1)]);
    }
}
