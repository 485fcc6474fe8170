//! What events say of contacts: purchases in number, amount and time, and when somebody unsubscribed.

use crate::column::{Cell, Column, NONE};
use crate::events::Log;
use crate::events::log::Row;
use crate::page::{GROUP, page_of_numbers};
use crate::value::decimal;
use crate::workspace::Workspace;
use model::FieldId;
use model::event::{EventKind, UNIT};
use model::field::{
    AVERAGE_PURCHASE_AMOUNT, FIRST_PURCHASE_AT, PURCHASE_AMOUNT_BEFORE, PURCHASED, PURCHASES_BEFORE,
    TOTAL_PURCHASE_AMOUNT, TOTAL_PURCHASES,
};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// The purchases of one contact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purchases {
    count: u32,
    amount: i64,
    first: i64,
    last: i64,
}

impl Default for Purchases {
    fn default() -> Purchases {
        Purchases {
            count: 0,
            amount: 0,
            first: NONE,
            last: NONE,
        }
    }
}

impl Purchases {
    /// Those of a contact up to a moment in milliseconds since 1970.
    pub(crate) fn of(log: &Log, contact: u32, until: i64) -> Purchases {
        let mut mine = Purchases::default();
        for (_, row) in log.events(contact) {
            if row.kind() == Some(EventKind::Purchase) && row.when() <= until {
                mine.add(row);
            }
        }
        mine
    }

    /// One of [`PURCHASED`], given the contact's number and amount of purchases from before.
    pub(crate) fn value(&self, field: FieldId, before: &dyn Fn(FieldId) -> i64) -> i64 {
        let total = || self.total(before(PURCHASES_BEFORE));
        let amount = || self.total_amount(before(PURCHASE_AMOUNT_BEFORE));
        match field {
            TOTAL_PURCHASES => total(),
            TOTAL_PURCHASE_AMOUNT => amount(),
            AVERAGE_PURCHASE_AMOUNT => average(amount(), total()),
            FIRST_PURCHASE_AT => self.first,
            _ => self.last,
        }
    }

    fn add(&mut self, row: Row<'_>) {
        let (when, amount) = (row.when(), row.amount());
        if self.count == 0 || when < self.first {
            self.first = when;
        }
        self.last = self.last.max(when);
        self.count += 1;
        if amount != NONE {
            self.amount = self.amount.saturating_add(amount);
        }
    }

    /// How many with those from before; none where there are none at all.
    fn total(&self, before: i64) -> i64 {
        match (before, self.count) {
            (before, 0) => before,
            (NONE, count) => i64::from(count),
            (before, count) => before.saturating_add(i64::from(count)),
        }
    }

    /// The amount with that from before, as a packed decimal; none where there is none at all.
    fn total_amount(&self, before: i64) -> i64 {
        if self.count == 0 {
            return before;
        }
        let before = if before == NONE { 0 } else { decimal::key(before) };
        packed(before + i128::from(self.amount) * (ONE / i128::from(UNIT)))
    }
}

/// One, as [`decimal::key`] has it.
const ONE: i128 = 10i128.pow(decimal::MAX_SCALE);

/// The packed decimal of a key; a sum with more digits than a decimal holds is rounded half up where that begins.
fn packed(key: i128) -> i64 {
    let rounded = (0..=decimal::MAX_SCALE).map(|digits| {
        let unit = 10i128.pow(digits);
        (key + unit / 2).div_euclid(unit) * unit
    });
    rounded.filter_map(decimal::from_key).next().unwrap_or(NONE)
}

/// The average of an amount (a packed decimal) over a number of purchases, rounded half up to two digits behind the
/// point; none where there is no amount or no purchase.
fn average(amount: i64, count: i64) -> i64 {
    if amount == NONE || count <= 0 {
        return NONE;
    }
    let hundredth = i128::from(count) * (ONE / 100);
    let hundredths = (2 * decimal::key(amount) + hundredth).div_euclid(2 * hundredth);
    decimal::pack(hundredths, 2).unwrap_or(NONE)
}

impl Workspace {
    /// The columns of [`PURCHASED`] for all contacts, in that order, worked out in one pass over the log.
    pub(crate) fn purchase_columns(&self) -> [Rc<Column>; 5] {
        let mut all: Vec<Purchases> = Vec::new();
        self.log.each(EventKind::Purchase, &mut |_, row| {
            let at = row.contact() as usize;
            if all.len() <= at {
                all.resize(at + 1, Purchases::default());
            }
            if let Some(mine) = all.get_mut(at) {
                mine.add(row);
            }
        });
        let contacts = self.next_contact(0).max(all.len() as u32);
        let mine = |contact: u32| all.get(contact as usize).copied().unwrap_or_default();
        PURCHASED.map(|field| match field {
            TOTAL_PURCHASES if all.is_empty() => self.values_of(PURCHASES_BEFORE),
            TOTAL_PURCHASE_AMOUNT if all.is_empty() => self.values_of(PURCHASE_AMOUNT_BEFORE),
            field => {
                let values = self.purchased(field);
                Rc::new(column(contacts, &|contact| values(contact, mine(contact))))
            }
        })
    }

    /// One of [`PURCHASED`] for some contacts, by their chains, as it was at a moment in milliseconds since 1970.
    pub(crate) fn purchased_by(&self, field: FieldId, contacts: &RoaringBitmap, until: i64) -> Column {
        let mut column = Column::new(true);
        let values = self.purchased(field);
        for contact in contacts {
            let value = values(contact, Purchases::of(&self.log, contact, until));
            if value != NONE {
                column.set(contact, Cell::Number(value));
            }
        }
        column
    }

    /// What one of [`PURCHASED`] is for a contact with purchases.
    fn purchased(&self, field: FieldId) -> impl Fn(u32, Purchases) -> i64 + use<> {
        let (counts, amounts) = (
            self.values_of(PURCHASES_BEFORE),
            self.values_of(PURCHASE_AMOUNT_BEFORE),
        );
        move |contact, mine| {
            mine.value(field, &|before| match before {
                PURCHASES_BEFORE => counts.number(contact),
                _ => amounts.number(contact),
            })
        }
    }

    /// When some contacts unsubscribed last by an event, with the contact.
    pub(crate) fn unsubscribed_events(&self, contacts: &RoaringBitmap) -> Vec<(u32, i64)> {
        let mut found = Vec::new();
        if contacts.len() < u64::from(GROUP) {
            for contact in contacts {
                let events = self.log.events(contact);
                let left = events.filter(|(_, row)| row.kind() == Some(EventKind::Unsubscribed));
                found.extend(left.map(|(_, row)| (contact, row.when())));
            }
        } else {
            self.log.each(EventKind::Unsubscribed, &mut |_, row| {
                found.push((row.contact(), row.when()));
            });
        }
        found
    }
}

/// A column of numbers, worked out for each contact below a number.
fn column(contacts: u32, value: &dyn Fn(u32) -> i64) -> Column {
    let mut column = Column::new(true);
    for group in 0..contacts.div_ceil(GROUP) {
        let base = group * GROUP;
        let numbers: Vec<i64> = (base..contacts.min(base.saturating_add(GROUP)))
            .map(value)
            .collect();
        column.set_group(group as usize, Some(page_of_numbers(&numbers)));
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_rounded_half_up_to_two_digits() {
        for (digits, scale, count, expected) in [
            (10, 0, 3, Some((333, 2))),
            (20, 0, 3, Some((667, 2))),
            (1, 2, 2, Some((1, 2))),
            (-1, 2, 2, Some((0, 0))),
            (5, 3, 1, Some((1, 2))),
            (4, 3, 1, Some((0, 0))),
            (100, 0, 4, Some((25, 0))),
            (100, 0, 0, None),
        ] {
            let amount = decimal::pack(digits, scale).unwrap();
            let average = average(amount, count);
            let shown = (average != NONE).then(|| decimal::unpack(average));
            assert_eq!(shown, expected, "{digits}e-{scale} over {count}");
        }
    }

    #[test]
    fn a_sum_is_exact_while_its_digits_fit_and_then_rounded() {
        assert_eq!(decimal::unpack(packed(ONE + 1)), (1_000_000_000_000_001, 15));
        assert_eq!(decimal::unpack(packed(1_000 * ONE + 1)), (1_000, 0));
        assert_eq!(
            decimal::unpack(packed(100 * ONE + 15)),
            (10_000_000_000_000_002, 14)
        );
    }
}
