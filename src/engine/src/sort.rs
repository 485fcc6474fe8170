//! Sorting where it is seldom or of few: one compiled sort for all kinds of items.
//!
//! The standard library's sort comes anew for each kind of item, some 8 KB each. What is sorted a million times over (the
//! orders of the table, the hashes of duplicates) uses that one all the same.

use std::cmp::Ordering;

/// Sorts, keeping the order of equal items.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let mut places: Vec<u32> = (0..items.len() as u32).collect();
    sort_places(&mut places, &|one, other| {
        compare(&items[one as usize], &items[other as usize])
    });
    let mut old: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(places.into_iter().filter_map(|place| old[place as usize].take()));
}

/// Sorts by a key, keeping the order of items with equal keys.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

fn sort_places(places: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    // Places are different, so that none are equal and the order is stable all the same.
    places.sort_unstable_by(|one, other| compare(*one, *other).then(one.cmp(other)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_sorted_and_equal_ones_keep_their_order() {
        let mut items = vec![("b", 1), ("a", 2), ("b", 0), ("a", 1)];
        sort_by_key(&mut items, |(name, _)| *name);
        assert_eq!(items, [("a", 2), ("a", 1), ("b", 1), ("b", 0)]);
        let mut none: Vec<u8> = Vec::new();
        sort_by(&mut none, Ord::cmp);
        assert!(none.is_empty());
    }
}
