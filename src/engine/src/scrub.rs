//! What an erasure takes out of events, of the state of workflows and of their definitions.

use crate::erase::Private;
use crate::events::{EventBatch, NO};
use crate::journal::{Effect, PageId, PageRef};
use crate::page::Page;
use crate::text::folded;
use crate::workflow::fold::over;
use crate::workflow::state::WaitOf;
use crate::workflow::{NodeDelta, RunDelta, Waiting, steps};
use crate::workspace::Workspace;
use model::WorkflowId;
use model::event::{EventFilter, Operand};
use model::workflow::Graph;
use model::workflow::node::{Condition, NewValue, NodeKind, On, Until};
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// What stands in a workflow where an erased contact's value stood; nobody has it.
const ERASED: &str = "(erased)";

/// Where new pages go: into the record itself, or under the number of the old one.
fn put(pages: &mut Vec<(PageId, Rc<Page>)>) -> impl FnMut(&mut PageRef, Rc<Page>) + '_ {
    |page, new| match page {
        PageRef::Here(here) => *here = new,
        PageRef::Stored(id) => pages.push((*id, new)),
    }
}

impl Workspace {
    /// The pages of events and of workflows' steps that are not in memory: nobody knows whose rows they hold.
    pub(crate) fn missing_event_pages(&self, ids: &mut Vec<PageId>) {
        let effects = self.journal.iter().flat_map(|entry| &entry.set.effects);
        let chunks = effects.flat_map(|effect| match effect {
            Effect::Events(batch) => batch.chunks.as_slice(),
            Effect::Run(delta) => delta.steps.as_slice(),
            _ => &[],
        });
        for page in chunks.flat_map(|chunk| &chunk.columns) {
            if let PageRef::Stored(id) = page
                && !self.pages.has(*id)
            {
                ids.push(*id);
            }
        }
    }

    /// Takes erased contacts' events out of a batch, and their emails and phones out of the texts of others; says
    /// whether the batch changed.
    pub(crate) fn scrub_events(
        &self,
        batch: &mut EventBatch,
        erased: &RoaringBitmap,
        private: &Private,
        pages: &mut Vec<(PageId, Rc<Page>)>,
    ) -> bool {
        let goes = |contact| erased.contains(contact);
        let mut any = batch.blank(&self.pages, &goes, &mut put(pages));
        for text in &mut batch.texts {
            if private.holds_key(text) {
                text.clear();
                any = true;
            }
        }
        any
    }

    /// Takes erased contacts' steps and waits out of a change of a workflow's state; says whether it changed.
    ///
    /// A wait goes but for its number, which is not given again, and the pass counts as ended where it waited. One that a
    /// later change set ended becomes nobody's: where that is undone, the pass ends as that of anybody who is gone.
    pub(crate) fn scrub_run(
        &self,
        delta: &mut RunDelta,
        erased: &RoaringBitmap,
        pages: &mut Vec<(PageId, Rc<Page>)>,
    ) -> bool {
        let goes = |contact| erased.contains(contact);
        let mut any = steps::without(&mut delta.steps, &self.pages, &goes, &mut put(pages));
        let flow = self.flows.get(WorkflowId(delta.workflow));
        let mut waits: Vec<Waiting> = delta.waits.iter().collect();
        for wait in waits.iter_mut().filter(|wait| erased.contains(wait.contact)) {
            any = true;
            let left = over(wait.id);
            let inside = flow.is_some_and(|flow| flow.waits.get(wait.id).is_some());
            let is_pass = wait.of == WaitOf::Pass;
            if is_pass && !inside && !delta.over.contains(&wait.id) {
                *wait = Waiting {
                    contact: NO,
                    node: wait.node,
                    ..left
                };
                continue;
            }
            if is_pass && inside {
                match delta.nodes.iter_mut().find(|node| node.node == wait.node) {
                    Some(node) => node.ended += 1,
                    None => delta.nodes.push(NodeDelta {
                        ended: 1,
                        ..NodeDelta::of(wait.node)
                    }),
                }
            }
            if !delta.over.contains(&wait.id) {
                delta.over.push(wait.id);
            }
            *wait = left;
        }
        delta.waits = waits.iter().collect();
        for node in &mut delta.nodes {
            let before = node.fired.len();
            node.fired.retain(|(contact, ..)| !erased.contains(*contact));
            any |= node.fired.len() != before;
        }
        any
    }

    /// The ids of orders that only some contacts ever made, folded.
    pub(crate) fn private_orders(&self, erased: &RoaringBitmap) -> FxHashSet<String> {
        let effects = || self.journal.iter().flat_map(|entry| &entry.set.effects);
        let batches = || {
            effects().filter_map(|effect| match effect {
                Effect::Events(batch) => Some(batch),
                _ => None,
            })
        };
        let orders = |whose: &dyn Fn(u32) -> bool| -> FxHashSet<String> {
            let texts = batches().flat_map(|batch| batch.orders_of(&self.pages, whose));
            texts.map(folded).collect()
        };
        let mut mine = orders(&|contact| erased.contains(contact));
        if !mine.is_empty() {
            let others = orders(&|contact| !erased.contains(contact));
            mine.retain(|order| !others.contains(order));
        }
        mine
    }
}

/// Takes values that only erased contacts had out of a workflow; says whether there were any.
pub(crate) fn scrub_graph(graph: &mut Graph, private: &Private) -> bool {
    let mut any = false;
    let mut text = |text: &mut String| {
        if private.is_in(text) {
            ERASED.clone_into(text);
            any = true;
        }
    };
    let operands = |values: &mut Vec<Operand>, text: &mut dyn FnMut(&mut String)| {
        for value in values {
            if let Operand::Text(value) = value {
                text(value);
            }
        }
    };
    let filter = |filter: &mut EventFilter, text: &mut dyn FnMut(&mut String)| {
        for rule in &mut filter.rules {
            operands(&mut rule.values, text);
        }
    };
    for node in &mut graph.nodes {
        text(&mut node.name);
        match &mut node.kind {
            NodeKind::Trigger(trigger) => match &mut trigger.on {
                On::Event(event) => filter(&mut event.filter, &mut text),
                On::CartAbandoned { filter: carts, .. } => filter(carts, &mut text),
                On::FieldChange { to, .. } => text(to),
                On::EnterSegment(_) | On::LeaveSegment(_) | On::Date { .. } => {}
            },
            NodeKind::Condition(Condition::Check { rules, .. }) => {
                for rule in rules {
                    operands(&mut rule.values, &mut text);
                }
            }
            NodeKind::Condition(Condition::Did(behaviour)) => filter(&mut behaviour.filter, &mut text),
            NodeKind::SetField(set) => {
                if let NewValue::Literal(value) = &mut set.value {
                    text(value);
                }
            }
            NodeKind::Wait(wait) => {
                if let Until::Activity { event, .. } = &mut wait.until {
                    filter(&mut event.filter, &mut text);
                }
            }
            NodeKind::Send(send) => text(&mut send.subject),
            _ => {}
        }
    }
    for note in &mut graph.notes {
        text(&mut note.text);
    }
    any
}
