//! Projections: fields that Corral keeps itself, worked out from what stands in the journal.

use crate::column::{Cell, Column, NONE};
use crate::journal::{Cause, Effect};
use crate::page::{GROUP, page_of_numbers};
use crate::workspace::Workspace;
use model::field::{
    CREATED_AT, LAST_UNSUBSCRIBED_AT, NEWSLETTER_STATUS, PURCHASE_AMOUNT_BEFORE, PURCHASED, PURCHASES_BEFORE,
    SYSTEM, UPDATED_AT,
};
use model::{FieldId, Status};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// What decides how many contacts have a value of a field.
pub(crate) enum Source {
    /// The values of a column.
    Column(FieldId),
    /// Everybody has one.
    Everybody,
    /// Events and the values of these columns.
    Events(&'static [FieldId]),
}

/// Whether a field is worked out from the journal.
pub(crate) fn is_projected(field: FieldId) -> bool {
    SYSTEM
        .iter()
        .any(|(id, _, _, _, status, _)| *id == field && *status == Status::ReadOnly)
}

/// What decides how many contacts have a value of a field.
pub(crate) fn source(field: FieldId) -> Source {
    match field {
        CREATED_AT | UPDATED_AT => Source::Everybody,
        LAST_UNSUBSCRIBED_AT => Source::Events(&[NEWSLETTER_STATUS]),
        field if is_projected(field) => Source::Events(&[PURCHASES_BEFORE, PURCHASE_AMOUNT_BEFORE]),
        field => Source::Column(field),
    }
}

impl Workspace {
    /// The values of a field; those of fields kept by Corral are worked out once for each state of the data.
    pub fn values_of(&self, field: FieldId) -> Rc<Column> {
        if !is_projected(field) {
            return self
                .columns
                .get(&field)
                .cloned()
                .unwrap_or_else(|| Rc::new(Column::new(false)));
        }
        if let Some(column) = self.caches.borrow().projected.get(&field) {
            return column.clone();
        }
        if PURCHASED.contains(&field) {
            let columns = PURCHASED.into_iter().zip(self.purchase_columns());
            let mut caches = self.caches.borrow_mut();
            caches.projected.extend(columns);
            let column = caches.projected.get(&field).cloned();
            return column.unwrap_or_else(|| Rc::new(Column::new(true)));
        }
        let column = self.projected(field, &self.alive);
        self.caches.borrow_mut().projected.insert(field, column.clone());
        column
    }

    /// The values of a field for some contacts at least: of a projection no others are worked out.
    pub(crate) fn values_for(&self, field: FieldId, contacts: &RoaringBitmap) -> Rc<Column> {
        let known = self.caches.borrow().projected.contains_key(&field);
        if known || !is_projected(field) {
            self.values_of(field)
        } else {
            self.projected(field, contacts)
        }
    }

    fn projected(&self, field: FieldId, contacts: &RoaringBitmap) -> Rc<Column> {
        match field {
            CREATED_AT => self.latest_at(CREATED_AT, contacts, &|effect, _| match effect {
                Effect::Created(contacts) => contacts.0.clone(),
                _ => RoaringBitmap::new(),
            }),
            UPDATED_AT => self.latest_at(UPDATED_AT, contacts, &|effect, _| match effect {
                Effect::Created(contacts) | Effect::Cells { contacts, .. } => contacts.0.clone(),
                _ => RoaringBitmap::new(),
            }),
            LAST_UNSUBSCRIBED_AT => {
                let left = |effect: &Effect, asked: &RoaringBitmap| match effect {
                    Effect::Cells {
                        field: NEWSLETTER_STATUS,
                        contacts,
                        values,
                    } if !contacts.is_disjoint(asked) => {
                        let mut found = RoaringBitmap::new();
                        for (_, part, page) in values.groups(contacts, &self.pages) {
                            let ranked = part.iter().enumerate();
                            let left = ranked.filter(|(rank, _)| page.text(*rank) == b"unsubscribed");
                            found.extend(left.map(|(_, contact)| contact));
                        }
                        found
                    }
                    _ => RoaringBitmap::new(),
                };
                let mut column = self.latest_at(LAST_UNSUBSCRIBED_AT, contacts, &left);
                let events = self.unsubscribed_events(contacts);
                if !events.is_empty() {
                    later(Rc::make_mut(&mut column), &events);
                }
                column
            }
            field => Rc::new(self.purchased_by(field, contacts, i64::MAX)),
        }
    }

    /// For each of some contacts the time of the latest standing change set with an effect that names it; where the
    /// history before was forgotten, what the baseline says of the field.
    fn latest_at(
        &self,
        field: FieldId,
        contacts: &RoaringBitmap,
        named: &dyn Fn(&Effect, &RoaringBitmap) -> RoaringBitmap,
    ) -> Rc<Column> {
        let mut remaining = contacts.clone();
        let mut found: Vec<(i64, RoaringBitmap)> = Vec::new();
        // A workflow's change set acts on each contact at a moment of her own.
        let mut exact: Vec<(u32, i64)> = Vec::new();
        let mut column = Column::new(true);
        // What the baseline says is written first and lies under what came later.
        if let Some(first) = self.journal.iter().next()
            && first.set.cause == Cause::Baseline
        {
            for effect in &first.set.effects {
                if let Effect::Cells {
                    field: kept,
                    contacts: known,
                    values,
                } = effect
                    && *kept == field
                {
                    for (group, part, page) in values.groups(known, &self.pages) {
                        if contacts.len() >= u64::from(GROUP) {
                            column.set_many(group, &part, &page);
                            continue;
                        }
                        for contact in &part & contacts {
                            let number = page.number(part.rank(contact) as usize - 1);
                            column.set(contact, Cell::Number(number));
                        }
                    }
                }
            }
        }
        for entry in self.journal.iter().rev() {
            if remaining.is_empty() {
                break;
            }
            if entry.set.cause == Cause::Baseline {
                continue;
            }
            let mut hit = RoaringBitmap::new();
            for effect in &entry.set.effects {
                hit |= &*entry.standing.of(&named(effect, &remaining)) & &remaining;
            }
            remaining -= &hit;
            match entry.set.cause.actor() {
                Cause::Workflow(_) => {
                    let when = |contact| (contact, self.when_of(&entry.set, contact));
                    exact.extend(hit.iter().map(when));
                }
                _ if hit.is_empty() => {}
                _ => found.push((entry.set.when(), hit)),
            }
        }
        // A few contacts are written one by one, many a row group at a time.
        if contacts.len() < u64::from(GROUP) {
            for (at, contacts) in &found {
                contacts
                    .iter()
                    .for_each(|contact| column.set(contact, Cell::Number(*at)));
            }
            write(&mut column, &exact);
            return Rc::new(column);
        }
        for group in 0..contacts.max().map_or(0, |max| max / GROUP + 1) {
            let base = group * GROUP;
            let before = |row: u32| column.number(base + row);
            let mut numbers: Vec<i64> = match column.groups() {
                0 => vec![NONE; GROUP as usize],
                _ => (0..GROUP).map(before).collect(),
            };
            for (at, contacts) in &found {
                contacts
                    .range(base..=base + (GROUP - 1))
                    .for_each(|c| numbers[(c - base) as usize] = *at);
            }
            column.set_group(group as usize, Some(page_of_numbers(&numbers)));
        }
        write(&mut column, &exact);
        Rc::new(column)
    }
}

/// Writes moments of contacts.
fn write(column: &mut Column, moments: &[(u32, i64)]) {
    for (contact, when) in moments {
        column.set(*contact, Cell::Number(*when));
    }
}

/// Writes those moments of contacts that are later than what is there.
fn later(column: &mut Column, moments: &[(u32, i64)]) {
    for (contact, when) in moments {
        if *when > column.number(*contact) {
            column.set(*contact, Cell::Number(*when));
        }
    }
}
