//! Workflows answer real changes: what a person or an import did reaches the triggers, then what is due goes on.

use super::batch::Base;
use super::begins::Begins;
use super::machine::{Derived, Machine};
use crate::journal::{Cause, ChangeSet, Effect};
use crate::refused::Refused;
use crate::workspace::{Prepared, Workspace};
use model::ChangeId;
use model::field::{EMAIL, MOBILE_PHONE};
use roaring::RoaringBitmap;
use std::collections::VecDeque;

/// What active workflows do about changes and about the wall clock, under way; the data stays as it is meanwhile.
///
/// It goes by contact, so that it does not matter where its steps end.
#[derive(Debug)]
pub struct Reaction {
    machine: Machine,
    /// What is still to be answered.
    changes: VecDeque<ChangeId>,
    /// How far the first of them is.
    place: Place,
    /// Then passes begin for those who were brought.
    begins: Begins,
    /// The last change set that there was.
    last: ChangeId,
    now: i64,
}

/// How far the answer to a change set is.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// How many of its happenings were answered.
    happening: usize,
    /// The first contact of the next one who was not.
    contact: u64,
}

impl Reaction {
    /// Begins the answer to the change sets after `since`, and to what is due on the wall clock, which was last looked at
    /// at `woken`; none where workflows have nothing to do. Moments are milliseconds since 1970.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn new(
        workspace: &Workspace,
        since: ChangeId,
        woken: i64,
        now: i64,
    ) -> Result<Option<Reaction>, Refused> {
        let last = workspace.journal().iter().next_back().map(|entry| entry.set.id);
        let Some(last) = last.filter(|_| workspace.reacts()) else {
            return Ok(None);
        };
        let entries = workspace.journal().iter().filter(|entry| entry.set.id > since);
        let mut changes = VecDeque::new();
        let mut brought = RoaringBitmap::new();
        for entry in entries.filter(|entry| entry.standing.stands && fires(&entry.set)) {
            changes.push_back(entry.set.id);
            entry
                .set
                .effects
                .iter()
                .for_each(|effect| bring(effect, &mut brought));
        }
        Ok(Some(Reaction {
            machine: Machine::waking(workspace, woken, now)?,
            changes,
            place: Place::default(),
            begins: Begins::for_brought(brought, since, now),
            last,
            now,
        }))
    }

    /// Lets workflows answer for up to so many contacts; says whether all is answered.
    pub fn step(&mut self, workspace: &Workspace, most: usize) -> bool {
        let mut left = most;
        while let Some(change) = self.changes.front() {
            if let Some(entry) = workspace.journal().get(*change)
                && !self.answer(&entry.set, &mut left)
            {
                return false;
            }
            self.changes.pop_front();
            self.place = Place::default();
        }
        self.machine.advance_some(self.now, &mut left) && self.begins.step(&mut self.machine, &mut left)
    }

    /// The change sets of all that was done.
    pub fn finish(mut self, workspace: &mut Workspace) -> Vec<Prepared> {
        self.machine.close(workspace, self.now, Base::Reaction(self.last))
    }

    /// Lets workflows answer a change set for some contacts; says whether that is done.
    fn answer(&mut self, set: &ChangeSet, most: &mut usize) -> bool {
        let when = set.when();
        if !self.machine.advance_some(when, most) {
            return false;
        }
        self.machine.answering = Some(set.id);
        let happenings = set.effects.iter().flat_map(happenings);
        for (derived, contacts) in happenings.skip(self.place.happening) {
            if !self.happen(&derived, contacts, when, most) {
                self.machine.answering = None;
                return false;
            }
            self.place.happening += 1;
            self.place.contact = 0;
        }
        self.machine.answering = None;
        true
    }

    /// Something happens to contacts from the present place on; says whether it did to all.
    fn happen(&mut self, derived: &Derived, contacts: &RoaringBitmap, when: i64, most: &mut usize) -> bool {
        let waited_for = self.machine.waits_for(derived);
        let promised = match derived {
            Derived::Entered(segment) | Derived::Left(segment) if self.machine.promises => Some(*segment),
            _ => None,
        };
        let Ok(from) = u32::try_from(self.place.contact) else {
            return true;
        };
        if !waited_for && promised.is_none() {
            return true;
        }
        for contact in contacts.range(from..) {
            if *most == 0 {
                return false;
            }
            *most -= 1;
            self.place.contact = u64::from(contact) + 1;
            if let Some(segment) = promised {
                self.machine.end_promises(segment, contact);
            }
            if waited_for {
                self.machine.follow(derived.clone(), contact, when, 0);
                self.machine.drain();
            }
        }
        true
    }
}

/// Whether a change set is a real thing that workflows answer.
fn fires(set: &ChangeSet) -> bool {
    // An import that is to run no workflows names itself as one that was reacted to.
    let silent = |effect: &Effect| matches!(effect, Effect::Reacted(change) if *change == set.id);
    match &set.cause {
        Cause::Person | Cause::SetOperation(_) | Cause::Import(_) => !set.effects.iter().any(silent),
        // What is undone, merged, told by the demo, or done by workflows and simulations themselves does not fire.
        _ => false,
    }
}

/// What an effect is to workflows: what happened, and to whom.
fn happenings(effect: &Effect) -> impl Iterator<Item = (Derived, &RoaringBitmap)> {
    let (first, second) = match effect {
        Effect::Members {
            segment,
            added,
            removed,
        } => (
            Some((Derived::Entered(*segment), &added.0)),
            Some((Derived::Left(*segment), &removed.0)),
        ),
        Effect::Cells { field, contacts, .. } => (Some((Derived::Field(*field), &contacts.0)), None),
        _ => (None, None),
    };
    first.into_iter().chain(second)
}

/// Notes whom an effect brings: event-less passes begin for them.
fn bring(effect: &Effect, brought: &mut RoaringBitmap) {
    match effect {
        Effect::Created(contacts) => *brought |= &contacts.0,
        Effect::Members { added, removed, .. } => *brought |= &added.0 | &removed.0,
        Effect::Cells { field, contacts, .. } if *field == EMAIL || *field == MOBILE_PHONE => {
            *brought |= &contacts.0;
        }
        _ => {}
    }
}

#[cfg(test)]
impl Workspace {
    /// All of a reaction at once.
    pub(crate) fn react(&mut self, since: ChangeId, woken: i64, now: i64) -> Result<Vec<Prepared>, Refused> {
        let Some(mut reaction) = Reaction::new(self, since, woken, now)? else {
            return Ok(Vec::new());
        };
        while !reaction.step(self, 3) {}
        Ok(reaction.finish(self))
    }
}
