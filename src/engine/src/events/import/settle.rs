//! From rows to events, once the whole file has shown how its dates and amounts are read.

use super::rows::{Bad, Reading, Row, Rows, SHOWN, Unknown};
use super::{ImportedEvent, ImportedItem, Whose};
use crate::column::NONE;
use crate::events::NO;
use crate::simulation::discounted;
use crate::sort::sort_by_key;
use crate::value::BadValue;
use crate::value::date::{DAY, day_of};
use model::event::{Amount, Attribute};
use model::import::DateOrder;
use model::simulation::EventsReport;
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// What the rows became.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub events: Vec<ImportedEvent>,
    /// The contacts to be made, in the order of their first rows.
    pub created: Vec<Unknown>,
    imported: u64,
    contacts: u64,
}

/// Which of two readings holds; none where nothing tells.
type Way = Option<usize>;

impl Rows {
    /// Makes events of the rows; those that turn out to be bad are rejected.
    pub fn settle(&mut self) -> Settled {
        let (order, mark) = (self.order(), self.mark());
        let rows = std::mem::take(&mut self.rows);
        let mut settled = Settled::default();
        let mut numbers = vec![NO; self.unknown.len()];
        let mut orders: FxHashMap<(Rc<str>, Whose), usize> = FxHashMap::default();
        let mut problems = std::mem::take(&mut self.problems);
        for mut row in rows {
            let (when, amount) = match self.values(&row, order, mark) {
                Ok(values) => values,
                Err(bad) => {
                    self.reject(row.line, bad);
                    continue;
                }
            };
            settled.imported += 1;
            if let Whose::New(place) = row.contact {
                row.contact = Whose::New(self.made(place, &mut numbers, &mut settled.created));
            }
            let (total, item) = self.line(&row, amount);
            let known = row.order.clone().map(|order| (order, row.contact));
            let at = match known {
                Some(known) => *orders.entry(known).or_insert(settled.events.len()),
                None => settled.events.len(),
            };
            match settled.events.get_mut(at) {
                Some(event) => event.add(total, item),
                None => settled.events.push(self.event(row, when, total, item)),
            }
        }
        problems.append(&mut self.problems);
        sort_by_key(&mut problems, |(line, ..)| *line);
        problems.truncate(SHOWN);
        self.problems = problems;
        sort_by_key(&mut settled.events, |event| (event.when, event.contact));
        let contacts: FxHashSet<Whose> = settled.events.iter().map(|event| event.contact).collect();
        settled.contacts = contacts.len() as u64;
        settled
    }

    /// The order that most dates tell, or the workspace's.
    fn order(&self) -> Way {
        let [day_first, month_first] = self.orders;
        Some(match day_first.cmp(&month_first) {
            std::cmp::Ordering::Greater => 0,
            std::cmp::Ordering::Less => 1,
            std::cmp::Ordering::Equal => usize::from(self.usual == DateOrder::MonthFirst),
        })
    }

    /// The decimal mark that the amounts tell.
    fn mark(&self) -> Way {
        match self.marks {
            [true, false] => Some(0),
            [false, true] => Some(1),
            // Whoever writes commas in numbers does not separate cells by them.
            [false, false] if self.delimiter == b',' => Some(0),
            _ => None,
        }
    }

    /// The moment and the amount of a row.
    fn values(&self, row: &Row, order: Way, mark: Way) -> Result<(i64, Amount), Bad> {
        let date = Some(self.places.date);
        let when = row.date.read(order).map_err(|reason| (date, reason))?;
        if when > self.now.saturating_add(DAY) {
            return Err((date, "The date is in the future".to_owned()));
        }
        if day_of(1900, 1, 1).is_some_and(|first| self.zone.day(when) < first) {
            return Err((date, "The date is before 1900".to_owned()));
        }
        let amount = row.amount.read(mark);
        Ok((when, amount.map_err(|reason| (self.places.amount, reason))?))
    }

    /// The number of a contact to be made, given when her first row is imported.
    fn made(&self, place: u32, numbers: &mut [u32], created: &mut Vec<Unknown>) -> u32 {
        let (Some(number), Some(unknown)) =
            (numbers.get_mut(place as usize), self.unknown.get(place as usize))
        else {
            return NO;
        };
        if *number == NO {
            *number = created.len() as u32;
            created.push(unknown.clone());
        }
        *number
    }

    /// What a row adds to its event: an amount, and a line where it names a product or quantity.
    fn line(&self, row: &Row, amount: Amount) -> (Amount, Option<ImportedItem>) {
        let quantity = row.quantity.unwrap_or(1);
        let pieces = Amount::from(quantity);
        let product = row
            .product
            .and_then(|place| self.products.get(usize::from(place)));
        let price = match amount {
            NONE => product.map_or(NONE, discounted),
            amount => (amount + pieces / 2) / pieces,
        };
        let has_total = self.kind.attributes().contains(&Attribute::Total);
        let total = match (amount, price) {
            (NONE, price) if price != NONE && has_total => price.saturating_mul(pieces),
            (amount, _) => amount,
        };
        let names_one = row.product.is_some() || row.quantity.is_some();
        let item = names_one.then_some(ImportedItem {
            product: row.product,
            quantity,
            price,
        });
        (total, item)
    }

    fn event(&self, row: Row, when: i64, amount: Amount, item: Option<ImportedItem>) -> ImportedEvent {
        ImportedEvent {
            when,
            contact: row.contact,
            line: row.line,
            kind: self.kind,
            amount,
            items: item.into_iter().collect(),
            order: row.order,
            text: row.text,
        }
    }
}

impl Reading {
    /// The value that it is in one way; [`NONE`] where it is empty.
    fn read(&self, way: Way) -> Result<i64, String> {
        let unclear = || format!("The number {}", BadValue::Unclear);
        match self {
            Reading::Empty => Ok(NONE),
            Reading::Clear(value) => Ok(*value),
            Reading::Open(one, other) => match way {
                Some(0) => Ok(*one),
                Some(_) => Ok(*other),
                None => Err(unclear()),
            },
            Reading::Doubtful(both) => match way.and_then(|way| both.get(way)) {
                Some(value) => value.clone(),
                None => Err(unclear()),
            },
        }
    }
}

impl ImportedEvent {
    /// Adds a further line.
    fn add(&mut self, amount: Amount, item: Option<ImportedItem>) {
        self.amount = match (self.amount, amount) {
            (NONE, amount) => amount,
            (sum, NONE) => sum,
            (sum, amount) => sum.saturating_add(amount),
        };
        self.items.extend(item);
    }
}

impl Settled {
    /// What the rows and their events add up to.
    pub fn report(&self, rows: &Rows) -> EventsReport {
        let amounts = self.events.iter().map(|event| event.amount);
        EventsReport {
            rows: rows.read,
            imported: self.imported,
            events: self.events.len() as u64,
            rejected: rows.rejected,
            blank: rows.blank,
            created: self.created.len() as u64,
            contacts: self.contacts,
            amount: amounts
                .filter(|amount| *amount != NONE)
                .fold(0, Amount::saturating_add),
            from: self.events.first().map_or(0, |event| event.when),
            until: self.events.last().map_or(0, |event| event.when),
            problems: rows.problems.clone(),
            change: None,
        }
    }
}
