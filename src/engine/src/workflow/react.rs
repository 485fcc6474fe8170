//! Real changes reach the active workflows: what a person or an import did, events fired by hand, and the clock.

use super::batch::Base;
use super::machine::{Derived, Machine};
use super::state::Clock;
use crate::column::NONE;
use crate::events::{NO, Raw, RawItem};
use crate::journal::{Cause, ChangeSet, Effect};
use crate::refused::Refused;
use crate::workspace::{Prepared, Workspace};
use model::event::{EventDraft, EventKind, Origin};
use model::workflow::WorkflowState;
use model::{ChangeId, ContactId};
use roaring::RoaringBitmap;

impl Workspace {
    /// The last change set that workflows have taken notice of, as far as the journal says.
    pub fn reacted(&self) -> Option<ChangeId> {
        self.reacted
    }

    /// Whether a workflow is active, so that changes must be reacted to.
    pub fn has_active(&self) -> bool {
        self.workflows().any(|def| def.state == WorkflowState::Active)
    }

    /// When the wall clock has something to do next: a wait, a date trigger or a schedule, in milliseconds since 1970.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn next_due(&self, now: i64) -> Result<Option<i64>, Refused> {
        let scheduled = self.workflows().filter_map(|def| match def.state {
            WorkflowState::Scheduled(at) => Some(at),
            _ => None,
        });
        let carts = self.flows.next_due(Clock::Wall);
        let woken = match self.has_active() {
            true => Machine::new(self, Clock::Wall, now)?.next_due(),
            false => carts,
        };
        Ok(scheduled.chain(woken).min())
    }

    /// Prepares what active workflows do about the change sets after `since`, and about what is due on the wall clock,
    /// which was last looked at at `woken`.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn react(&mut self, since: ChangeId, woken: i64, now: i64) -> Result<Vec<Prepared>, Refused> {
        let Some(last) = self.journal().iter().next_back().map(|entry| entry.set.id) else {
            return Ok(Vec::new());
        };
        let since = since.max(self.reacted.unwrap_or(since));
        let mut machine = Machine::new(self, Clock::Wall, woken.min(now))?;
        for entry in self.journal().iter().filter(|entry| entry.set.id > since) {
            if entry.standing.stands && fires(&entry.set) {
                machine.react_to(&entry.set);
            }
            // Whoever is gone is gone, whoever did it.
            machine.mind_the_gone(&entry.set, self.alive());
        }
        machine.advance(now);
        machine.begin_all(now);
        Ok(machine.close(self, now, Base::Reaction(last)))
    }

    /// Prepares an event that a person fires, with all that follows from it.
    ///
    /// # Errors
    /// [`Refused`] where there is no such contact or product, and as [`Machine::new`].
    pub fn fire_event(&mut self, at: i64, draft: &EventDraft) -> Result<(String, Vec<Prepared>), Refused> {
        let mut machine = Machine::new(self, Clock::Wall, at)?;
        machine.log.begin(Origin::ByHand);
        self.happen(&mut machine, at, draft)?;
        let what = format!("Event: {} by 1 contact", draft.kind.label());
        let base = Base::Cause(Box::new(Cause::Fired), what.clone());
        Ok((what, machine.close(self, at, base)))
    }

    /// Lets a drafted event happen in a machine.
    pub(super) fn happen(&self, machine: &mut Machine, at: i64, draft: &EventDraft) -> Result<(), Refused> {
        let ContactId(contact) = draft.contact;
        if !self.alive().contains(contact) {
            return Err(Refused::NoSuchContact);
        }
        let mut items = Vec::new();
        for (id, quantity) in &draft.products {
            let product = self.catalogue().iter().find(|product| product.id == *id);
            let product = product.ok_or_else(|| Refused::Value {
                key: "products".to_owned(),
                field: "Products".to_owned(),
                reason: format!("the catalogue has no product {id}"),
            })?;
            items.push(RawItem {
                product: machine.log.product_number(product),
                quantity: (*quantity).max(1),
                price: product.price,
            });
        }
        let sum: i64 = items
            .iter()
            .map(|item| item.price.saturating_mul(i64::from(item.quantity)))
            .fold(0, i64::saturating_add);
        let has_total = matches!(
            draft.kind,
            EventKind::Purchase | EventKind::CartAdded | EventKind::CartRemoved | EventKind::CartAbandoned
        );
        if draft.total.is_some_and(|total| total < 0) {
            return Err(Refused::Value {
                key: "total".to_owned(),
                field: "Amount".to_owned(),
                reason: "it can’t be negative".to_owned(),
            });
        }
        let text = match draft.text.trim() {
            "" => NO,
            text => machine.log.text_number(text),
        };
        let event = Raw {
            when: at,
            contact,
            kind: draft.kind,
            amount: if has_total {
                draft.total.unwrap_or(sum)
            } else {
                NONE
            },
            text,
            order: NO,
        };
        machine.event(event, &items);
        Ok(())
    }
}

/// Whether a change set is a real thing that workflows answer.
fn fires(set: &ChangeSet) -> bool {
    match &set.cause {
        // An import that is to run none says so by itself ([`Effect::Reacted`]).
        Cause::Person | Cause::SetOperation(_) | Cause::Import(_) => true,
        // What is undone, merged, told by the demo, or done by workflows and simulations themselves does not fire.
        _ => false,
    }
}

impl Machine {
    /// What a change set really changed reaches the workflows.
    fn react_to(&mut self, set: &ChangeSet) {
        let when = set.when();
        self.advance(when);
        for effect in &set.effects {
            match effect {
                Effect::Members {
                    segment,
                    added,
                    removed,
                } => {
                    for contact in added.iter() {
                        self.follow(Derived::Entered(*segment), contact, when, 0);
                    }
                    for contact in removed.iter() {
                        self.follow(Derived::Left(*segment), contact, when, 0);
                    }
                }
                Effect::Cells { field, contacts, .. } => {
                    for contact in contacts.iter() {
                        self.follow(Derived::Field(*field), contact, when, 0);
                    }
                }
                _ => {}
            }
            self.drain();
        }
    }

    fn mind_the_gone(&mut self, set: &ChangeSet, alive: &RoaringBitmap) {
        let goes = set.effects.iter().any(|effect| {
            matches!(
                effect,
                Effect::Deleted(_) | Effect::Erased(_) | Effect::Stand { .. }
            )
        });
        if goes {
            for contact in self.inside() - alive {
                self.gone(contact);
            }
        }
    }

    /// Event-less passes begin for everybody in the audience for whom they did not begin yet.
    pub(crate) fn begin_all(&mut self, now: i64) {
        for at in 0..self.lives.len() {
            let Some(live) = self.lives.get(at) else { continue };
            if live.program.actions().next().is_none() {
                continue;
            }
            let waiting = &live.audience - &live.began;
            for contact in waiting {
                self.begin(at, contact, now, 0);
                self.drain();
            }
        }
    }
}
