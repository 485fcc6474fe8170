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
    let mut order: Vec<u32> = if kind == FieldType::Decimal {
        let mut keyed: Vec<(i128, u32)> = Vec::with_capacity(contacts.len() as usize);
        for contact in contacts {
            match column.number(contact) {
                NONE => empty.push(contact),
                number => keyed.push((decimal::key(number), contact)),
            }
        }
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, contact)| contact).collect()
    } else if column.is_number() {
        let mut keyed: Vec<(i64, u32)> = Vec::with_capacity(contacts.len() as usize);
        for contact in contacts {
            match column.number(contact) {
                NONE => empty.push(contact),
                number => keyed.push((number, contact)),
            }
        }
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, contact)| contact).collect()
    } else {
        by_text(contacts, column, &mut empty)
    };
    let filled = order.len();
    order.append(&mut empty);
    (order, filled)
}

/// Sorts by folded text: first by its first eight bytes as one number, then, among equals, by the whole.
fn by_text(contacts: &RoaringBitmap, column: &Column, empty: &mut Vec<u32>) -> Vec<u32> {
    let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(contacts.len() as usize);
    for contact in contacts {
        match column.text(contact) {
            [] => empty.push(contact),
            text => keyed.push((prefix(text), contact)),
        }
    }
    keyed.sort_unstable();
    let mut start = 0;
    while start < keyed.len() {
        let key = keyed[start].0;
        let end = start + keyed[start..].partition_point(|(other, _)| *other == key);
        // A key whose last byte is 0 is a whole text already.
        if end - start > 1 && key & 0xff != 0 {
            keyed[start..end]
                .sort_unstable_by(|(_, a), (_, b)| compare(column.text(*a), column.text(*b)).then(a.cmp(b)));
        }
        start = end;
    }
    keyed.into_iter().map(|(_, contact)| contact).collect()
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
}
