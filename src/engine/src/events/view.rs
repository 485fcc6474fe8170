//! Events as lists show them.

use super::chunk::Row;
use super::{NO, RawItem};
use crate::column::NONE;
use crate::journal::{Cause, ChangeSet};
use crate::sort::sort_by_key;
use crate::workspace::Workspace;
use model::event::{EventKind, EventLine, Item};
use model::{ChangeId, ContactId, EventId};

impl Workspace {
    /// A contact's events, newest first, from place `start` on; with how many there are.
    pub fn events(
        &self,
        contact: ContactId,
        kind: Option<EventKind>,
        start: u64,
        count: u32,
    ) -> (u64, Vec<EventLine>) {
        let asked = |row: &u32| kind.is_none_or(|kind| self.log.row(*row).kind() == Some(kind));
        let mut rows: Vec<u32> = self.log.chain(contact.0).filter(asked).collect();
        sort_by_key(&mut rows, |row| {
            std::cmp::Reverse((self.log.row(*row).when(), *row))
        });
        let page = rows.iter().skip(start as usize).take(count as usize);
        let lines = page.filter_map(|row| self.event_line(*row)).collect();
        (rows.len() as u64, lines)
    }

    /// One event by its row.
    pub(crate) fn event_line(&self, number: u32) -> Option<EventLine> {
        let row: Row<'_> = self.log.row(number);
        let kind = row.kind()?;
        let change = self.log.batch(number).map_or(ChangeId(0), |(change, _)| change);
        let origin = self.log.origin(number);
        let item = |item: RawItem| Item {
            product: self.log.product(item.product).cloned().unwrap_or_default(),
            quantity: item.quantity,
            price: item.price.max(0),
        };
        let text = |number: u32| match number {
            NO => String::new(),
            number => self.log.text(number).to_owned(),
        };
        Some(EventLine {
            id: EventId(u64::from(number) + 1),
            when: row.when(),
            kind,
            origin,
            change,
            total: Some(row.amount()).filter(|amount| *amount != NONE),
            items: self.log.items(number).map(item).collect(),
            text: text(row.text()),
            order: text(row.order()),
        })
    }

    /// The event by which a workflow's change set acted on a contact.
    pub(crate) fn event_of(&self, set: &ChangeSet, contact: u32) -> Option<EventLine> {
        let Cause::Workflow(cause) = set.cause.actor() else {
            return None;
        };
        let number = cause.events.number(&cause.contacts, contact, &self.pages)?;
        self.event_line(u32::try_from(number).ok()?.checked_sub(1)?)
    }

    /// When a change set acted on a contact, in milliseconds since 1970.
    pub(crate) fn when_of(&self, set: &ChangeSet, contact: u32) -> i64 {
        let Cause::Workflow(cause) = set.cause.actor() else {
            return set.when();
        };
        let when = cause.whens.number(&cause.contacts, contact, &self.pages);
        when.unwrap_or_else(|| set.when())
    }
}
