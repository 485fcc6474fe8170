//! Orders: all contacts sorted by one field.

use crate::column::{Column, NONE};
use crate::text::folded;
use crate::value::decimal;
use model::FieldType;
use roaring::RoaringBitmap;
use std::cmp::Ordering;

/// Contacts in ascending order of a column, those without a value last, equal ones by number.
///
/// Gives how many have a value, too: descending order turns that part around.
pub fn sorted(contacts: &RoaringBitmap, column: &Column, kind: FieldType) -> (Vec<u32>, usize) {
    let mut empty = Vec::new();
    let mut order = if column.is_number() {
        by_number(contacts, column, kind, &mut empty)
    } else {
        by_text(contacts, column, &mut empty)
    };
    let filled = order.len();
    order.append(&mut empty);
    (order, filled)
}

fn by_number(contacts: &RoaringBitmap, column: &Column, kind: FieldType, empty: &mut Vec<u32>) -> Vec<u32> {
    let mut order: Vec<u32> = Vec::with_capacity(contacts.len() as usize);
    for contact in contacts {
        let list = if column.number(contact) == NONE {
            &mut *empty
        } else {
            &mut order
        };
        list.push(contact);
    }
    let scale_of = |contact: &u32| decimal::unpack(column.number(*contact)).1;
    let decimal = kind == FieldType::Decimal;
    let scale = if decimal {
        order.iter().map(scale_of).max().unwrap_or(0)
    } else {
        0
    };
    let rank = |number: i64| {
        if !decimal {
            return Some(number);
        }
        let (digits, own) = decimal::unpack(number);
        digits.checked_mul(10i64.checked_pow(scale - own)?)
    };
    // The sign bit turned around, negative numbers come first.
    let keyed = |contact: &u32| Some((rank(column.number(*contact))? as u64 ^ 1 << 63, *contact));
    match order.iter().map(keyed).collect::<Option<Vec<_>>>() {
        Some(mut keyed) => {
            sort(&mut keyed);
            keyed.into_iter().map(|(_, contact)| contact).collect()
        }
        // Decimals whose common form needs more than 64 bits.
        None => {
            order.sort_by_cached_key(|contact| decimal::key(column.number(*contact)));
            order
        }
    }
}

/// Sorts by folded text: first by eight bytes as one number, those after what all texts begin with, then, among
/// equals, by the whole.
fn by_text(contacts: &RoaringBitmap, column: &Column, empty: &mut Vec<u32>) -> Vec<u32> {
    let (mut texts, mut common) = (0, None::<&[u8]>);
    for contact in contacts {
        match (column.text(contact), common) {
            ([], _) => empty.push(contact),
            (text, None) => (texts, common) = (1, Some(text)),
            (text, Some(before)) => {
                texts += 1;
                let same = before
                    .iter()
                    .zip(text)
                    .take_while(|(a, b)| a == b && a.is_ascii())
                    .count();
                common = Some(&before[..same]);
            }
        }
    }
    let common = if texts > 1 {
        common.map_or(0, <[u8]>::len)
    } else {
        0
    };
    let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(texts);
    for contact in contacts {
        let text = column.text(contact);
        if !text.is_empty() {
            keyed.push((prefix(&text[common..]), contact));
        }
    }
    sort(&mut keyed);
    // A key whose last byte is 0 is a whole text already.
    let compare = |a: u32, b: u32| compare(column.text(a), column.text(b));
    sort_ties(&mut keyed, |key| key & 0xff != 0, compare);
    keyed.into_iter().map(|(_, contact)| contact).collect()
}

/// Sorts by key; equal keys keep their order. The keys are sorted byte by byte, from the last to the first, and a byte
/// that all of them share costs nothing.
fn sort(keyed: &mut Vec<(u64, u32)>) {
    let mut counts = vec![[0usize; 256]; 8];
    for (key, _) in keyed.iter() {
        for (place, byte) in key.to_le_bytes().into_iter().enumerate() {
            counts[place][usize::from(byte)] += 1;
        }
    }
    let mut other = vec![(0, 0); keyed.len()];
    for (place, counts) in counts.iter_mut().enumerate() {
        if counts.contains(&keyed.len()) {
            continue;
        }
        let mut next = 0;
        for count in counts.iter_mut() {
            next += std::mem::replace(count, next);
        }
        for one in keyed.iter() {
            let to = &mut counts[usize::from(one.0.to_le_bytes()[place])];
            other[*to] = *one;
            *to += 1;
        }
        std::mem::swap(keyed, &mut other);
    }
}

/// Sorts each run of equal keys that is not decided yet by the values themselves, then by number.
fn sort_ties(keyed: &mut [(u64, u32)], open: impl Fn(u64) -> bool, compare: impl Fn(u32, u32) -> Ordering) {
    for run in keyed.chunk_by_mut(|(a, _), (b, _)| a == b) {
        if run.len() > 1 && open(run[0].0) {
            run.sort_unstable_by(|(_, a), (_, b)| compare(*a, *b).then(a.cmp(b)));
        }
    }
}

fn prefix(text: &[u8]) -> u64 {
    let mut key = [0u8; 8];
    if text.iter().take(8).all(u8::is_ascii) {
        key.iter_mut()
            .zip(text)
            .for_each(|(key, byte)| *key = byte.to_ascii_lowercase());
    } else {
        let folded = folded(&String::from_utf8_lossy(text));
        key.iter_mut()
            .zip(folded.as_bytes())
            .for_each(|(key, byte)| *key = *byte);
    }
    u64::from_be_bytes(key)
}

fn compare(a: &[u8], b: &[u8]) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        a.iter()
            .map(u8::to_ascii_lowercase)
            .cmp(b.iter().map(u8::to_ascii_lowercase))
    } else {
        folded(&String::from_utf8_lossy(a)).cmp(&folded(&String::from_utf8_lossy(b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Cell;

    #[test]
    fn names_are_sorted_without_case_and_accents_and_empty_ones_last() {
        let mut column = Column::new(false);
        for (contact, name) in [
            "Zoë",
            "",
            "ana",
            "Óscar",
            "Ana",
            "oscar b",
            "Anastasia longer",
            "Anastasia long",
        ]
        .iter()
        .enumerate()
        {
            column.set(contact as u32, Cell::Text((*name).into()));
        }
        let (order, filled) = sorted(&(0..8).collect(), &column, FieldType::Text);
        assert_eq!((order, filled), (vec![2, 4, 7, 6, 3, 5, 0, 1], 7));
    }

    #[test]
    fn numbers_are_sorted_by_size_and_equal_ones_by_contact() {
        let mut column = Column::new(true);
        for (contact, number) in [5, -1, NONE, i64::MAX, 5, i64::MIN + 1, 0]
            .into_iter()
            .enumerate()
        {
            column.set(contact as u32, Cell::Number(number));
        }
        let (order, filled) = sorted(&(0..7).collect(), &column, FieldType::Integer);
        assert_eq!((order, filled), (vec![5, 1, 6, 0, 4, 3, 2], 6));
    }

    #[test]
    fn decimals_are_sorted_by_value_however_many_digits_they_have() {
        let pack = |digits: i128, scale| decimal::pack(digits, scale).unwrap();
        for greatest in [pack(3, 0), pack(99_999_999_999_999_999, 0)] {
            let mut column = Column::new(true);
            let numbers = [
                greatest,
                pack(25, 1),
                pack(-1, 3),
                pack(2_500_001, 6),
                pack(249, 2),
                pack(-1, 15),
            ];
            for (contact, number) in numbers.into_iter().enumerate() {
                column.set(contact as u32, Cell::Number(number));
            }
            let (order, _) = sorted(&(0..6).collect(), &column, FieldType::Decimal);
            assert_eq!(order, [2, 5, 4, 1, 3, 0]);
        }
    }

    #[test]
    fn texts_that_begin_alike_are_sorted_by_what_follows() {
        let mut column = Column::new(false);
        let phones = [
            "+34600000002",
            "+34600000001",
            "+346",
            "+34600000001b",
            "+34600000001A",
        ];
        for (contact, phone) in phones.iter().enumerate() {
            column.set(contact as u32, Cell::Text((*phone).into()));
        }
        let (order, _) = sorted(&(0..5).collect(), &column, FieldType::Phone);
        assert_eq!(order, [2, 1, 4, 3, 0]);
    }
}
