//! What happened before happens again: the recorded events of a period, for a dry run on a copy.

use crate::bits::Bits;
use crate::events::{Log, Raw, RawItem};
use crate::journal::{Cause, Effect};
use crate::sort::sort_by_key;
use crate::workspace::{Prepared, Workspace};
use model::event::{EventKind, Origin};
use model::field::CREATED_AT;
use model::workflow::node::Channel;
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// The events of a period in the order in which they happened, and who came meanwhile.
#[derive(Debug)]
pub(super) struct Recorded {
    log: Rc<Log>,
    /// When, who, and by which row; none where she came.
    order: Vec<(i64, u32, Option<u32>)>,
    next: usize,
    /// Contacts who came in the period.
    pub came: RoaringBitmap,
}

/// Something that happened.
#[derive(Debug)]
pub(super) enum Past {
    /// A contact came.
    Came(u32, i64),
    /// An event, and where it came from.
    Event(Raw, Vec<RawItem>, Origin),
}

impl Recorded {
    /// What happened next, before a moment.
    pub fn next(&mut self, before: i64) -> Option<Past> {
        let (when, contact, row) = *self.order.get(self.next).filter(|(when, ..)| *when < before)?;
        self.next += 1;
        let Some(number) = row else {
            return Some(Past::Came(contact, when));
        };
        let row = self.log.row(number);
        let event = Raw {
            when,
            contact,
            kind: row.kind()?,
            amount: row.amount(),
            text: row.text(),
            order: row.order(),
        };
        let items = self.log.items(number).collect();
        Some(Past::Event(event, items, self.log.origin(number)))
    }
}

impl Workspace {
    /// Takes this copy back to a moment, as far as that goes: events since then did not happen yet, segments have the
    /// members of then, and who came since is not there yet; values of contacts stay those of today. Gives what happened
    /// to a population until another moment.
    pub(super) fn rewind(&mut self, from: i64, until: i64, population: &RoaringBitmap) -> Recorded {
        let log = self.log.clone();
        let order = self.recorded(&log, from, until, population);
        let mut first: FxHashMap<u32, i64> = FxHashMap::default();
        for (when, contact, _) in &order {
            let known = first.entry(*contact).or_insert(*when);
            *known = (*known).min(*when);
        }
        let created = self.values_of(CREATED_AT);
        let known = |contact: u32| log.events(contact).any(|(_, row)| row.when() < from);
        let came = self.alive.iter().filter_map(|contact| {
            let at = created.number(contact);
            let came = first.get(&contact).map_or(at, |first| at.min(*first));
            ((from..until).contains(&at) && !known(contact)).then_some((came, contact, None))
        });
        let came: Vec<(i64, u32, Option<u32>)> = came.collect();
        let mut recorded = Recorded {
            came: came.iter().map(|(_, contact, _)| *contact).collect(),
            order: came.into_iter().chain(order).collect(),
            log: log.clone(),
            next: 0,
        };
        sort_by_key(&mut recorded.order, |happened| *happened);
        let effects: Vec<Effect> = self
            .segments()
            .map(|def| (def.id, self.members_at(def.id, from), self.members(def.id)))
            .filter(|(_, then, now)| then != now)
            .map(|(segment, then, now)| Effect::Members {
                segment,
                added: Bits(&then - &now),
                removed: Bits(now - then),
            })
            .collect();
        let what = "Dry run: segments as they were when it begins".to_owned();
        let set = self.change(self.journal.last_at(), Cause::Person, what, effects);
        self.apply(Prepared {
            set,
            pages: Vec::new(),
            files: Vec::new(),
        });
        self.log = Rc::new(log.until(from));
        self.log_version += 1;
        self.without(&recorded.came);
        recorded
    }

    /// The events of a period that happened to a population by themselves, in no order: what workflows sent, and carts that
    /// are found idle, they find anew.
    fn recorded(
        &self,
        log: &Log,
        from: i64,
        until: i64,
        population: &RoaringBitmap,
    ) -> Vec<(i64, u32, Option<u32>)> {
        let mut carts = RoaringBitmap::new();
        log.each(EventKind::CartAdded, &mut |_, row| {
            carts.insert(row.contact());
        });
        let sent = [Channel::Email, Channel::Sms, Channel::Push].map(Channel::sent);
        let mut rows = Vec::new();
        log.each_standing(&mut |number, row| {
            let (when, contact) = (row.when(), row.contact());
            let Some(kind) = row.kind() else { return };
            let again = (from..until).contains(&when)
                && population.contains(contact)
                && self.alive.contains(contact)
                && !sent.contains(&kind)
                && !(kind == EventKind::CartAbandoned && carts.contains(contact))
                && log.origin(number) != Origin::Workflow;
            if again {
                rows.push((when, contact, Some(number)));
            }
        });
        rows
    }

    fn without(&mut self, contacts: &RoaringBitmap) {
        self.alive -= contacts;
        self.alive_version += 1;
    }

    /// Whoever came in the period is there again.
    pub(super) fn with(&mut self, contacts: &RoaringBitmap) {
        self.alive |= contacts;
        self.alive_version += 1;
    }
}
