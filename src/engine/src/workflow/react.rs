//! When workflows have something to do, and events that a person fires.

use super::batch::Base;
use super::machine::{Machine, next_minute};
use super::state::Clock;
use crate::column::NONE;
use crate::events::{NO, Raw, RawItem};
use crate::journal::Cause;
use crate::refused::Refused;
use crate::simulation::discounted;
use crate::workspace::{Prepared, Workspace};
use model::event::{EventDraft, EventKind, Origin};
use model::workflow::node::On;
use model::workflow::{NodeKind, WorkflowDef, WorkflowState};
use model::{ChangeId, ContactId, WorkflowId};

/// What a workflow has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Everything: it is active.
    Runs,
    /// Finalized or deleted, it ends those memberships for some days that it began.
    EndsMemberships,
    /// Paused, it does nothing, but others may end or renew the memberships that it began.
    Rests,
}

impl Workspace {
    /// The last change set that workflows have taken notice of, as far as the journal says.
    pub fn reacted(&self) -> Option<ChangeId> {
        self.reacted
    }

    /// Whether a workflow is active, so that changes must be reacted to.
    pub fn has_active(&self) -> bool {
        self.workflows().any(|def| def.state == WorkflowState::Active)
    }

    /// The workflows that have a duty, in the order they were made.
    pub(super) fn duties(&self) -> impl Iterator<Item = (&WorkflowDef, Duty)> {
        self.workflows.iter().filter_map(|(id, exists)| {
            let def = self.last_workflow(*id)?;
            let duty = match exists.as_ref().map(|def| &def.state) {
                Some(WorkflowState::Active) => return Some((def, Duty::Runs)),
                Some(WorkflowState::Paused(_)) => Duty::Rests,
                Some(WorkflowState::Finalized) | None => Duty::EndsMemberships,
                Some(WorkflowState::Draft | WorkflowState::Scheduled(_)) => return None,
            };
            let promises = self.flows.get(*id).is_some_and(|flow| flow.waits.promise());
            promises.then_some((def, duty))
        })
    }

    /// Whether changes must be answered, or the clock: some workflow has a duty, or somebody's cart waits.
    pub fn reacts(&self) -> bool {
        let carts = self.flows.get(WorkflowId(0));
        carts.is_some_and(|carts| !carts.waits.is_empty()) || self.duties().next().is_some()
    }

    /// When the wall clock has something to do next: a wait, a date trigger or a schedule, in milliseconds since 1970;
    /// days of date triggers were looked at up to `woken`.
    pub fn next_due(&self, woken: i64) -> Option<i64> {
        let scheduled = self.workflows().filter_map(|def| match def.state {
            WorkflowState::Scheduled(at) => Some(at),
            _ => None,
        });
        let waits = |id| self.flows.get(id)?.next_due(Clock::Wall);
        let duties = self.duties().filter_map(|(def, duty)| match duty {
            Duty::Runs => self.next_due_of(def, woken),
            Duty::EndsMemberships => waits(def.id),
            Duty::Rests => None,
        });
        scheduled.chain(duties).chain(waits(WorkflowId(0))).min()
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
