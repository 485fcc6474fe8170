//! Real changes reach the active workflows: what a person or an import did, events fired by hand, and the clock.

use super::batch::Base;
use super::machine::{Derived, Machine, next_minute};
use super::state::Clock;
use crate::column::NONE;
use crate::events::{NO, Raw, RawItem};
use crate::journal::{Cause, ChangeSet, Effect};
use crate::refused::Refused;
use crate::simulation::discounted;
use crate::workspace::{Prepared, Workspace};
use model::event::{EventDraft, EventKind, Origin};
use model::field::{EMAIL, MOBILE_PHONE};
use model::workflow::node::On;
use model::workflow::{NodeKind, WorkflowDef, WorkflowState};
use model::{ChangeId, ContactId, WorkflowId};
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

    /// Whether a workflow has something to do: it is active, or finalized with memberships that are still to end.
    pub(super) fn has_work(&self, def: &WorkflowDef) -> bool {
        let waits = || self.flows.get(def.id).is_some_and(|flow| !flow.waits.is_empty());
        match def.state {
            WorkflowState::Active => true,
            WorkflowState::Finalized => waits(),
            _ => false,
        }
    }

    /// Whether changes must be answered, or the clock: some workflow has something to do, or somebody's cart waits.
    pub fn reacts(&self) -> bool {
        let carts = self.flows.get(WorkflowId(0));
        carts.is_some_and(|carts| !carts.waits.is_empty()) || self.workflows().any(|def| self.has_work(def))
    }

    /// When the wall clock has something to do next: a wait, a date trigger or a schedule, in milliseconds since 1970;
    /// days of date triggers were looked at up to `woken`.
    pub fn next_due(&self, woken: i64) -> Option<i64> {
        let mut due: Vec<i64> = Vec::new();
        for def in self.workflows() {
            match def.state {
                WorkflowState::Scheduled(at) => due.push(at),
                WorkflowState::Active => due.extend(self.next_due_of(def, woken)),
                WorkflowState::Finalized => {
                    let flow = self.flows.get(def.id);
                    due.extend(flow.and_then(|flow| flow.next_due(Clock::Wall)));
                }
                _ => {}
            }
        }
        let carts = self
            .flows
            .get(WorkflowId(0))
            .map(|carts| carts.next_due(Clock::Wall));
        due.into_iter().chain(carts.flatten()).min()
    }

    fn next_due_of(&self, def: &WorkflowDef, woken: i64) -> Option<i64> {
        let flow = self.flows.get(def.id);
        let active = flow.map_or(woken, |flow| flow.active);
        let dates = def.graph.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Trigger(trigger) => match trigger.on {
                On::Date { minute, .. } => {
                    Some(next_minute(&self.zone, i64::from(minute), woken.max(active)))
                }
                _ => None,
            },
            _ => None,
        });
        let waits = flow.and_then(|flow| flow.next_due(Clock::Wall));
        dates.chain(waits).min()
    }

    /// Prepares what active workflows do about the change sets after `since`, and about what is due on the wall clock,
    /// which was last looked at at `woken`.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn react(&mut self, since: ChangeId, woken: i64, now: i64) -> Result<Vec<Prepared>, Refused> {
        let last = self.journal().iter().next_back().map(|entry| entry.set.id);
        let Some(last) = last.filter(|_| self.reacts()) else {
            return Ok(Vec::new());
        };
        let mut machine = Machine::waking(self, woken, now)?;
        // Whom a person, an import or a set operation brought: for them event-less passes begin.
        let mut brought = RoaringBitmap::new();
        for entry in self.journal().iter().filter(|entry| entry.set.id > since) {
            if entry.standing.stands && fires(&entry.set) {
                machine.react_to(&entry.set, &mut brought);
            }
        }
        machine.advance(now);
        machine.begin_brought(&brought, since, now);
        Ok(machine.close(self, now, Base::Reaction(last)))
    }

    /// Prepares an event that a person fires, with all that follows from it.
    ///
    /// # Errors
    /// [`Refused`] where there is no such contact or product, and as [`Machine::new`].
    pub fn fire_event(&mut self, at: i64, draft: &EventDraft) -> Result<(String, Vec<Prepared>), Refused> {
        let mut machine = Machine::new(self, Clock::Wall, at)?;
        machine.origin = Origin::ByHand;
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
                product: machine.log_mut().product_number(product),
                quantity: (*quantity).max(1),
                price: discounted(product),
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
            text => machine.log_mut().text_number(text),
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
    // An import that is to run no workflows names itself as one that was reacted to.
    let silent = |effect: &Effect| matches!(effect, Effect::Reacted(change) if *change == set.id);
    match &set.cause {
        Cause::Person | Cause::SetOperation(_) | Cause::Import(_) => !set.effects.iter().any(silent),
        // What is undone, merged, told by the demo, or done by workflows and simulations themselves does not fire.
        _ => false,
    }
}

impl Machine {
    /// What a change set really changed reaches the workflows; notes whom it brought.
    fn react_to(&mut self, set: &ChangeSet, brought: &mut RoaringBitmap) {
        let when = set.when();
        self.advance(when);
        self.answering = Some(set.id);
        for effect in &set.effects {
            match effect {
                Effect::Created(contacts) => *brought |= &contacts.0,
                Effect::Members {
                    segment,
                    added,
                    removed,
                } => {
                    *brought |= &added.0 | &removed.0;
                    for contact in removed.iter() {
                        self.end_promises(*segment, contact);
                    }
                    if self.waits_for(&Derived::Entered(*segment)) {
                        for contact in added.iter() {
                            self.follow(Derived::Entered(*segment), contact, when, 0);
                        }
                    }
                    if self.waits_for(&Derived::Left(*segment)) {
                        for contact in removed.iter() {
                            self.follow(Derived::Left(*segment), contact, when, 0);
                        }
                    }
                }
                Effect::Cells { field, contacts, .. } => {
                    if *field == EMAIL || *field == MOBILE_PHONE {
                        *brought |= &contacts.0;
                    }
                    if self.waits_for(&Derived::Field(*field)) {
                        for contact in contacts.iter() {
                            self.follow(Derived::Field(*field), contact, when, 0);
                        }
                    }
                }
                _ => {}
            }
            self.drain();
        }
        self.answering = None;
    }

    /// Event-less passes begin for those who were brought into the audience, and for all of it where a workflow became
    /// active by a change set after `since`; others are passed over.
    fn begin_brought(&mut self, brought: &RoaringBitmap, since: ChangeId, now: i64) {
        for at in 0..self.lives.len() {
            let Some(live) = self.lives.get_mut(at) else {
                continue;
            };
            if live.program.actions().next().is_none() {
                continue;
            }
            let waiting = live.waiting();
            let (begins, others) = match live.since > since && live.began.is_empty() {
                true => (waiting, RoaringBitmap::new()),
                false => (&waiting & brought, waiting - brought),
            };
            live.began |= &others;
            live.passed_over |= others;
            for contact in begins {
                self.begin(at, contact, now, 0);
                self.drain();
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
            for contact in live.waiting() {
                self.begin(at, contact, now, 0);
                self.drain();
            }
        }
    }
}
