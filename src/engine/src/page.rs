//! Pages: immutable, compact sequences of values, in memory exactly as at rest.
//!
//! A page holds the values of one field for up to 65,536 contacts, in the order of their numbers.
//! Its bytes are little-endian:
//!
//! ```text
//! byte 0      1 = text, 2 = text by dictionary, 3 = numbers, 4 = numbers by dictionary
//! byte 1      bytes per code: 1 or 2 (dictionaries); 0, 1, 2, 3, 4 or 8 (numbers)
//! byte 2      1 = every text is ASCII without capital letters, so a folded search can read it as it is
//! byte 3      0
//! bytes 4–7   how many values
//! text        (count + 1) × u32 ends of texts, then the texts
//! dictionary  u32 entries, (entries + 1) × u32 ends, the entries (the first is empty), then the codes
//! numbers     i64 base, then the codes: 0 is no value, k is base + k − 1; of 8 bytes: the number itself
//! by dict.    u32 entries, the entries as i64, then the codes
//! ```

use crate::column::{Cell, NONE};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Range;
use std::rc::Rc;

/// Contacts in one row group; a page never holds more values.
pub const GROUP: u32 = 65_536;

const TEXT: u8 = 1;
const DICTIONARY: u8 = 2;
const NUMBER: u8 = 3;
const NUMBERS: u8 = 4;
const HEADER: usize = 8;

/// How many numbers are found again quickly, and an odd number that scatters them (2⁶⁴ by the golden ratio).
const LATEST: usize = 256;
const SCATTER: i64 = 0x9e37_79b9_7f4a_7c15_u64 as i64;

/// An immutable sequence of values of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    bytes: Box<[u8]>,
    /// The first bytes, and what codes of numbers count from: read so often that they are kept beside the others.
    kind: u8,
    width: u8,
    base: i64,
    /// Where the ends of the texts or dictionary entries begin.
    ends: usize,
    /// Where the texts or entries begin.
    heap: usize,
    /// Where the codes begin.
    codes: usize,
}

/// Why bytes are not a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPage;

impl std::fmt::Display for NotAPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the bytes are not a page of values")
    }
}

impl std::error::Error for NotAPage {}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, |b| u32::from_le_bytes(b) as usize)
}

fn push_u32(bytes: &mut Vec<u8>, number: usize) {
    bytes.extend_from_slice(&(number as u32).to_le_bytes());
}

/// Where the ends of the texts or entries begin, the texts or entries themselves, and the codes; of a page of text, which
/// has no codes, the last is the one before.
fn offsets(bytes: &[u8]) -> Option<(usize, usize, usize)> {
    let count = u32_at(bytes, 4);
    if count > GROUP as usize {
        return None;
    }
    Some(match *bytes.first()? {
        TEXT => {
            let heap = HEADER + (count + 1) * 4;
            (HEADER, heap, heap)
        }
        DICTIONARY => {
            let entries = u32_at(bytes, HEADER);
            if entries >= bytes.len() / 4 {
                return None;
            }
            let ends = HEADER + 4;
            let heap = ends + (entries + 1) * 4;
            let text = u32_at(bytes, ends + entries * 4);
            (ends, heap, heap + text.min(bytes.len()))
        }
        NUMBER => (0, 0, HEADER + 8),
        NUMBERS => (0, 0, HEADER + 4 + u32_at(bytes, HEADER).min(bytes.len() / 8) * 8),
        _ => return None,
    })
}

/// The row of whole numbers that makes up most of a page: its codes, or else the ends of its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Where it lies in the page's bytes.
    pub place: Range<usize>,
    /// The bytes of each of its numbers.
    pub width: usize,
    /// Whether it is the ends of texts.
    pub ends: bool,
}

/// The row of the page that has these bytes, whatever stands in that row; none where they are no page.
pub(crate) fn row_of(bytes: &[u8]) -> Option<Row> {
    let (ends, heap, codes) = offsets(bytes)?;
    let width = usize::from(*bytes.get(1)?);
    let (place, width, ends) = match *bytes.first()? {
        TEXT => (ends..heap, 4, true),
        _ => (codes..codes + u32_at(bytes, 4) * width, width, false),
    };
    (place.end <= bytes.len()).then_some(Row { place, width, ends })
}

impl Page {
    /// Reads a page from its bytes.
    ///
    /// # Errors
    /// [`NotAPage`] where the lengths inside do not fit the bytes. Damage that keeps the lengths is the store's
    /// checksum to find.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Page, NotAPage> {
        let (&kind, &width) = (bytes.first().ok_or(NotAPage)?, bytes.get(1).ok_or(NotAPage)?);
        if bytes.len() < HEADER {
            return Err(NotAPage);
        }
        let count = u32_at(&bytes, 4);
        let (ends, heap, mut codes) = offsets(&bytes).ok_or(NotAPage)?;
        if kind == TEXT {
            codes = heap + u32_at(&bytes, heap - 4);
        }
        let end = match kind {
            TEXT => codes,
            _ => codes + count * usize::from(width),
        };
        if end != bytes.len() {
            return Err(NotAPage);
        }
        let base = bytes
            .get(HEADER..HEADER + 8)
            .and_then(|bytes| bytes.try_into().ok());
        Ok(Page {
            kind,
            width,
            base: base.filter(|_| kind == NUMBER).map_or(0, i64::from_le_bytes),
            bytes: bytes.into_boxed_slice(),
            ends,
            heap,
            codes,
        })
    }

    /// The page's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many values it holds.
    pub fn len(&self) -> usize {
        u32_at(&self.bytes, 4)
    }

    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether its values are numbers.
    pub fn is_number(&self) -> bool {
        matches!(self.kind, NUMBER | NUMBERS)
    }

    /// Whether every text is ASCII without capital letters.
    pub fn is_folded(&self) -> bool {
        self.bytes[2] == 1
    }

    #[inline]
    fn code(&self, at: usize) -> u64 {
        let start = self.codes + at * usize::from(self.width);
        match self.width {
            1 => u64::from(self.bytes[start]),
            2 => u64::from(u16::from_le_bytes([self.bytes[start], self.bytes[start + 1]])),
            3 => {
                let [one, two, three] = [0, 1, 2].map(|at| u64::from(self.bytes[start + at]));
                one | two << 8 | three << 16
            }
            4 => u32_at(&self.bytes, start) as u64,
            8 => self
                .bytes
                .get(start..start + 8)
                .and_then(|b| b.try_into().ok())
                .map_or(0, u64::from_le_bytes),
            _ => 0,
        }
    }

    #[inline]
    fn entry(&self, at: usize) -> &[u8] {
        let start = u32_at(&self.bytes, self.ends + at * 4);
        let end = u32_at(&self.bytes, self.ends + at * 4 + 4);
        self.bytes
            .get(self.heap + start..self.heap + end)
            .unwrap_or_default()
    }

    /// The bytes of text number `at`; empty for a page of numbers.
    #[inline]
    pub fn text(&self, at: usize) -> &[u8] {
        match self.kind {
            TEXT => self.entry(at),
            DICTIONARY => self.entry(self.code(at) as usize),
            _ => &[],
        }
    }

    /// Number `at`, or [`NONE`].
    #[inline]
    pub fn number(&self, at: usize) -> i64 {
        match self.kind {
            NUMBER => {}
            NUMBERS => return self.number_entry(self.code(at) as usize),
            _ => return NONE,
        }
        match (self.width, self.code(at)) {
            (8, code) => code as i64,
            (0, _) => self.base,
            (_, 0) => NONE,
            (_, code) => self.base.wrapping_add(code as i64 - 1),
        }
    }

    /// All numbers in their order, as [`Page::number`] gives them one by one.
    pub fn numbers(&self) -> Vec<i64> {
        let (count, codes) = (self.len(), self.bytes.get(self.codes..).unwrap_or_default());
        let number = |code: u64| match code {
            0 => NONE,
            code => self.base.wrapping_add(code as i64 - 1),
        };
        match (self.kind, self.width) {
            (NUMBER, 0) => vec![self.base; count],
            (NUMBER, 1) => codes.iter().map(|code| number(u64::from(*code))).collect(),
            (NUMBER, 2) => {
                let codes = codes.as_chunks().0.iter();
                codes
                    .map(|code| number(u64::from(u16::from_le_bytes(*code))))
                    .collect()
            }
            (NUMBER, 3) => {
                let codes = codes.as_chunks().0.iter();
                codes
                    .map(|[one, two, three]| number(u64::from(u32::from_le_bytes([*one, *two, *three, 0]))))
                    .collect()
            }
            (NUMBER, 4) => {
                let codes = codes.as_chunks().0.iter();
                codes
                    .map(|code| number(u64::from(u32::from_le_bytes(*code))))
                    .collect()
            }
            _ => (0..count).map(|at| self.number(at)).collect(),
        }
    }

    /// An entry of a dictionary of numbers.
    fn number_entry(&self, at: usize) -> i64 {
        let start = HEADER + 4 + at * 8;
        let bytes = self.bytes.get(start..start + 8).filter(|_| start < self.codes);
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(NONE, i64::from_le_bytes)
    }

    /// Value `at` as a cell.
    pub fn cell(&self, at: usize) -> Cell {
        if self.is_number() {
            Cell::Number(self.number(at))
        } else {
            Cell::Text(String::from_utf8_lossy(self.text(at)).into())
        }
    }

    /// The dictionary's entries, if texts are coded by one; their codes are their places.
    pub fn dictionary(&self) -> Option<impl Iterator<Item = &[u8]>> {
        (self.kind == DICTIONARY).then(|| (0..u32_at(&self.bytes, HEADER)).map(|at| self.entry(at)))
    }

    /// The dictionary code of text `at`.
    #[inline]
    pub fn dictionary_code(&self, at: usize) -> usize {
        self.code(at) as usize
    }

    /// All texts end to end, and the end of text `at` in them; only for text without a dictionary.
    pub fn heap(&self) -> Option<Heap<'_>> {
        (self.kind == TEXT).then(|| Heap {
            bytes: &self.bytes[self.heap..self.codes],
            ends: &self.bytes[self.ends..self.heap],
        })
    }

    /// Whether no value of the page is a value.
    pub fn is_blank(&self) -> bool {
        match self.kind {
            NUMBER => self.width == 0 && self.base == NONE,
            NUMBERS => false,
            TEXT => self.heap == self.codes,
            _ => u32_at(&self.bytes, HEADER) <= 1,
        }
    }
}

/// The texts of a page without a dictionary.
#[derive(Clone, Copy, Debug)]
pub struct Heap<'a> {
    /// All texts end to end.
    pub bytes: &'a [u8],
    ends: &'a [u8],
}

impl Heap<'_> {
    /// Where text `at` begins; one past the last text, where the last one ends.
    #[inline]
    pub fn start(&self, at: usize) -> usize {
        u32_at(self.ends, at * 4)
    }
}

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes)
    }
}

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        Page::from_bytes(bytes.to_vec()).map_err(serde::de::Error::custom)
    }
}

/// Makes a page of numbers; [`NONE`] is no value.
pub fn number_page(numbers: impl Iterator<Item = i64>) -> Rc<Page> {
    page_of_numbers(&numbers.collect::<Vec<_>>())
}

/// As [`number_page`], of numbers that stand in a row.
pub fn page_of_numbers(numbers: &[i64]) -> Rc<Page> {
    let (mut least, mut greatest, mut none) = (i64::MAX, NONE, false);
    for number in numbers {
        none |= *number == NONE;
        least = least.min(if *number == NONE { i64::MAX } else { *number });
        // Nothing is less than no value.
        greatest = greatest.max(*number);
    }
    let all_none = greatest == NONE;
    let span = if all_none {
        0
    } else {
        (greatest as i128 - least as i128) as u128
    };
    let (width, base) = match span {
        _ if all_none => (0, NONE),
        0 if !none => (0, least),
        0..0xff => (1, least),
        0xff..0xffff => (2, least),
        0xffff..0xff_ffff => (3, least),
        0xff_ffff..0xffff_ffff => (4, least),
        _ => (8, 0),
    };
    if width > 2
        && let Some(page) = numbers_by_dictionary(numbers, width)
    {
        return page;
    }
    let codes = HEADER + 8;
    let mut bytes = Vec::with_capacity(codes + numbers.len() * width);
    bytes.extend_from_slice(&[NUMBER, width as u8, 1, 0]);
    push_u32(&mut bytes, numbers.len());
    bytes.extend_from_slice(&base.to_le_bytes());
    let code = |number: i64| {
        if number == NONE {
            0
        } else {
            number.wrapping_sub(base) as u64 + 1
        }
    };
    match width {
        1 => bytes.extend(numbers.iter().map(|number| code(*number) as u8)),
        2 => put(&mut bytes, numbers, |number| (code(number) as u16).to_le_bytes()),
        3 => put(&mut bytes, numbers, |number| {
            let [one, two, three, _] = (code(number) as u32).to_le_bytes();
            [one, two, three]
        }),
        4 => put(&mut bytes, numbers, |number| (code(number) as u32).to_le_bytes()),
        8 => put(&mut bytes, numbers, i64::to_le_bytes),
        _ => {}
    }
    Rc::new(Page {
        bytes: bytes.into_boxed_slice(),
        kind: NUMBER,
        width: width as u8,
        base,
        ends: 0,
        heap: 0,
        codes,
    })
}

/// Appends so many bytes for each number.
fn put<const N: usize>(bytes: &mut Vec<u8>, numbers: &[i64], code: impl Fn(i64) -> [u8; N]) {
    let start = bytes.len();
    bytes.resize(start + numbers.len() * N, 0);
    let (places, _) = bytes.split_at_mut(start).1.as_chunks_mut();
    for (place, number) in places.iter_mut().zip(numbers) {
        *place = code(*number);
    }
}

/// Codes numbers by a dictionary where that takes less room than so many bytes each; none where it does not.
fn numbers_by_dictionary(numbers: &[i64], width: usize) -> Option<Rc<Page>> {
    let count = numbers.len();
    let mut codes: Vec<u16> = Vec::with_capacity(count);
    let mut entries: Vec<i64> = Vec::new();
    let mut known: FxHashMap<i64, u16> = FxHashMap::default();
    // Where a dictionary pays, most numbers are one of few: those are found without the map.
    let mut latest = [(NONE, None); LATEST];
    for (at, number) in numbers.iter().copied().enumerate() {
        let place = (number.wrapping_mul(SCATTER) as u64 >> (u64::BITS - LATEST.ilog2())) as usize;
        let code = match latest.get(place) {
            Some((same, Some(code))) if *same == number => *code,
            _ => *known.entry(number).or_insert_with(|| {
                entries.push(number);
                (entries.len() - 1) as u16
            }),
        };
        if let Some(place) = latest.get_mut(place) {
            *place = (number, Some(code));
        }
        codes.push(code);
        // A dictionary that grows with the rows will not pay: give up early, and at the limit of its codes.
        if entries.len() >= usize::from(u16::MAX) || (at == 512 && entries.len() > 400) {
            return None;
        }
    }
    let coded = if entries.len() <= 256 { 1 } else { 2 };
    if entries.len() * 8 + count * coded >= count * width {
        return None;
    }
    let start = HEADER + 4 + entries.len() * 8;
    let mut bytes = Vec::with_capacity(start + count * coded);
    bytes.extend_from_slice(&[NUMBERS, coded as u8, 1, 0]);
    push_u32(&mut bytes, count);
    push_u32(&mut bytes, entries.len());
    bytes.extend(entries.iter().flat_map(|number| number.to_le_bytes()));
    match coded {
        1 => bytes.extend(codes.iter().map(|code| *code as u8)),
        _ => bytes.extend(codes.iter().flat_map(|code| code.to_le_bytes())),
    }
    Some(Rc::new(Page {
        bytes: bytes.into_boxed_slice(),
        kind: NUMBERS,
        width: coded as u8,
        base: 0,
        ends: 0,
        heap: 0,
        codes: start,
    }))
}

/// Makes a page of texts; an empty text is no value. Few different texts are coded by a dictionary.
pub fn text_page<'a>(texts: impl Iterator<Item = &'a [u8]> + Clone) -> Rc<Page> {
    let (mut count, mut total, mut folded) = (0usize, 0usize, true);
    for text in texts.clone() {
        count += 1;
        total += text.len();
        folded = folded && text.iter().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    }
    if let Some(page) = dictionary_page(texts.clone(), count, total, folded) {
        return page;
    }
    let heap = HEADER + (count + 1) * 4;
    let mut bytes = Vec::with_capacity(heap + total);
    bytes.extend_from_slice(&[TEXT, 0, u8::from(folded), 0]);
    push_u32(&mut bytes, count);
    push_u32(&mut bytes, 0);
    let mut end = 0;
    for text in texts.clone() {
        end += text.len();
        push_u32(&mut bytes, end);
    }
    texts.for_each(|text| bytes.extend_from_slice(text));
    let codes = bytes.len();
    Rc::new(Page {
        bytes: bytes.into_boxed_slice(),
        kind: TEXT,
        width: 0,
        base: 0,
        ends: HEADER,
        heap,
        codes,
    })
}

/// Codes texts by a dictionary where that takes less room; none where it does not.
fn dictionary_page<'a>(
    texts: impl Iterator<Item = &'a [u8]>,
    count: usize,
    total: usize,
    folded: bool,
) -> Option<Rc<Page>> {
    let mut codes = Vec::with_capacity(count);
    let mut entries: Vec<&[u8]> = vec![&[]];
    let mut known: FxHashMap<&[u8], u16> = FxHashMap::default();
    let mut heap_size = 0;
    for (at, text) in texts.enumerate() {
        if text.is_empty() {
            codes.push(0);
            continue;
        }
        let code = *known.entry(text).or_insert_with(|| {
            entries.push(text);
            heap_size += text.len() + 4;
            (entries.len() - 1) as u16
        });
        codes.push(code);
        // A dictionary that grows with the rows will not pay: give up early, and at the limit of its codes.
        if entries.len() >= usize::from(u16::MAX) || (at == 4096 && entries.len() > 3000) {
            return None;
        }
    }
    let width = if entries.len() <= 256 { 1 } else { 2 };
    if heap_size + count * width > total + count * 4 {
        return None;
    }
    let ends = HEADER + 4;
    let mut bytes = Vec::with_capacity(ends + 4 + heap_size + count * width);
    bytes.extend_from_slice(&[DICTIONARY, width as u8, u8::from(folded), 0]);
    push_u32(&mut bytes, count);
    push_u32(&mut bytes, entries.len());
    push_u32(&mut bytes, 0);
    let mut end = 0;
    for entry in &entries {
        end += entry.len();
        push_u32(&mut bytes, end);
    }
    let heap = bytes.len();
    entries.iter().for_each(|entry| bytes.extend_from_slice(entry));
    let start = bytes.len();
    if width == 1 {
        bytes.extend(codes.iter().map(|code| *code as u8));
    } else {
        codes
            .iter()
            .for_each(|code| bytes.extend_from_slice(&code.to_le_bytes()));
    }
    Some(Rc::new(Page {
        kind: DICTIONARY,
        bytes: bytes.into_boxed_slice(),
        width: width as u8,
        base: 0,
        ends,
        heap,
        codes: start,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(prop_oneof![Just(NONE), any::<i64>(), 0i64..300, Just(i64::MAX), Just(i64::MIN + 1)], 0..300)) {
            let page = number_page(numbers.iter().copied());
            let read = Page::from_bytes(page.bytes().to_vec()).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!((0..read.len()).map(|at| read.number(at)).collect::<Vec<_>>(), numbers);
        }

        #[test]
        fn texts_come_back(texts in prop::collection::vec("[a-cA-Zé]{0,3}", 0..300)) {
            let page = text_page(texts.iter().map(String::as_bytes));
            let read = Page::from_bytes(page.bytes().to_vec()).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(&read, &*page);
            prop_assert_eq!((0..read.len()).map(|at| String::from_utf8_lossy(read.text(at)).into_owned()).collect::<Vec<_>>(), texts);
        }

        #[test]
        fn foreign_bytes_are_refused_or_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(page) = Page::from_bytes(bytes) {
                for at in 0..page.len() {
                    page.text(at);
                    page.number(at);
                }
            }
        }
    }

    #[test]
    fn few_different_texts_take_one_byte_each() {
        let page = text_page((0..1000).map(|at| {
            if at % 2 == 0 {
                b"subscribed".as_slice()
            } else {
                b"none"
            }
        }));
        assert!(page.bytes().len() < 1100, "{} bytes", page.bytes().len());
    }

    #[test]
    fn few_different_numbers_take_one_byte_each() {
        let prices = (0..1000).map(|at| [NONE, 199_900, 59_900_000, 1_290_000][at % 4]);
        let page = number_page(prices.clone());
        assert!(page.bytes().len() < 1100, "{} bytes", page.bytes().len());
        assert!((0..).zip(prices).all(|(at, price)| page.number(at) == price));
        assert_eq!(Page::from_bytes(page.bytes().to_vec()).as_ref(), Ok(&*page));
    }

    #[test]
    fn equal_numbers_take_no_room() {
        assert_eq!(number_page((0..1000).map(|_| 7)).bytes().len(), 16);
    }
}
