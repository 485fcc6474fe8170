//! What is known of running workflows: who is armed, who waits, what was counted.

use super::wait_list::WaitList;
use super::waits::Waits;
use crate::bits::Bits;
use crate::events::ChunkPages;
use crate::shared::Shared;
use litemap::LiteMap;
use model::{ChangeId, NodeId, SegmentId, WorkflowId};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// What a batch of a run changed in the state of one workflow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunDelta {
    /// The workflow.
    pub workflow: u32,
    /// At activation: the contacts in the audience then.
    pub existing: Option<Bits>,
    /// At activation and resuming: when. What happened before does not concern the workflow.
    pub active: Option<i64>,
    /// Contacts for whom an event-less pass began behind Start.
    pub began: Bits,
    /// Contacts in the audience who came by what fires nothing (an undo, say), so that no pass begins for them.
    pub passed_over: Bits,
    /// What changed at its nodes.
    pub nodes: Vec<NodeDelta>,
    /// Who waits from now on.
    pub waits: WaitList,
    /// Waits that are over, by their numbers.
    pub over: Vec<u64>,
    /// When something last happened in it, in milliseconds since 1970.
    pub last: i64,
    /// Each step of a contact, packed: see `steps.rs`.
    pub steps: Vec<ChunkPages>,
}

/// What changed at one node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeDelta {
    /// The node.
    pub node: NodeId,
    /// Contacts for whom a trigger elsewhere than behind Start is armed now.
    pub armed: Bits,
    /// Contacts for whom the trigger is not armed any more.
    pub disarmed: Bits,
    /// How often somebody entered, or how often the trigger fired.
    pub entered: u64,
    /// How often somebody left by each exit.
    pub left: Vec<u64>,
    /// How often it failed.
    pub failed: u64,
    /// How many passes ended here.
    pub ended: u64,
    /// Who entered.
    pub unique: Bits,
    /// For a trigger with limits: contact, how often it fired for her in this batch, and when last.
    pub fired: Vec<(u32, u32, i64)>,
}

/// Which clock wakes a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Clock {
    /// That on the wall.
    Wall,
    /// That of simulations.
    Simulated,
}

/// Somebody inside a wait, or a cart that is idle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its number, never given again.
    pub id: u64,
    /// Who.
    pub contact: u32,
    /// At which node.
    pub node: NodeId,
    /// When she goes on, in milliseconds since 1970.
    pub due: i64,
    /// Which clock wakes her.
    pub clock: Clock,
    /// When she entered.
    pub entered: i64,
    /// When her pass began.
    pub began: i64,
    /// The row of the event that started the pass.
    pub trigger: Option<u32>,
    /// The row of the latest event of the pass.
    pub latest: Option<u32>,
    /// The version of the workflow that she goes on in.
    pub version: u32,
    /// What waits.
    pub of: WaitOf,
}

/// What waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitOf {
    /// A pass, inside a wait.
    Pass,
    /// A cart, to be found idle.
    Cart,
    /// A membership for some days, to end. It lasts although the workflow is finalized or deleted.
    Membership(SegmentId),
}

impl Waiting {
    /// The segment of a membership.
    pub fn segment(&self) -> Option<SegmentId> {
        match self.of {
            WaitOf::Membership(segment) => Some(segment),
            WaitOf::Pass | WaitOf::Cart => None,
        }
    }
}

impl RunDelta {
    /// A change of a workflow's state that changes nothing yet.
    pub fn of(workflow: WorkflowId) -> RunDelta {
        RunDelta {
            workflow: workflow.0,
            ..RunDelta::default()
        }
    }
}

impl NodeDelta {
    /// A change of a node's state that changes nothing yet.
    pub fn of(node: NodeId) -> NodeDelta {
        NodeDelta {
            node,
            armed: Bits::default(),
            disarmed: Bits::default(),
            entered: 0,
            left: Vec::new(),
            failed: 0,
            ended: 0,
            unique: Bits::default(),
            fired: Vec::new(),
        }
    }

    /// Counts somebody who left by an exit.
    pub fn leave(&mut self, exit: u8) {
        let exit = usize::from(exit);
        if self.left.len() <= exit {
            self.left.resize(exit + 1, 0);
        }
        if let Some(left) = self.left.get_mut(exit) {
            *left += 1;
        }
    }
}

/// The state of every workflow that ever ran.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    flows: LiteMap<u32, Flow>,
    next_wait: u64,
    /// Where passes waited that began to by what does not stand any more.
    undone: FxHashMap<u64, NodeId>,
    /// The state of the contacts in which all of those inside were found to live.
    alive: Cell<Option<u64>>,
}

/// The state of one workflow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The audience when it was activated.
    pub existing: Shared<RoaringBitmap>,
    /// When it was activated or resumed, in milliseconds since 1970.
    pub active: i64,
    /// The change set that did so.
    pub since: ChangeId,
    /// Contacts for whom an event-less pass began behind Start, or is not to begin.
    pub began: Shared<RoaringBitmap>,
    /// The state of its nodes.
    pub nodes: LiteMap<NodeId, NodeState>,
    /// Who waits.
    pub waits: Shared<Waits>,
    /// When something last happened, in milliseconds since 1970.
    pub last: i64,
}

/// The state of one node.
#[derive(Clone, Debug, Default)]
pub struct NodeState {
    /// For whom a trigger elsewhere than behind Start is armed.
    pub armed: Shared<RoaringBitmap>,
    /// For whom the trigger is not armed any more.
    pub disarmed: Shared<RoaringBitmap>,
    /// How often somebody entered, or how often the trigger fired.
    pub entered: u64,
    /// How often somebody left by each exit.
    pub left: Vec<u64>,
    /// How often it failed.
    pub failed: u64,
    /// How many passes ended here.
    pub ended: u64,
    /// Who entered.
    pub unique: RoaringBitmap,
    /// For a trigger with limits: how often it fired for each contact, and when last.
    pub fired: Shared<FxHashMap<u32, (u32, i64)>>,
}

impl Default for Flow {
    fn default() -> Self {
        Flow {
            existing: Shared::default(),
            active: i64::MIN,
            since: ChangeId(0),
            began: Shared::default(),
            nodes: LiteMap::new(),
            waits: Shared::default(),
            last: 0,
        }
    }
}

impl Flows {
    /// No workflow ever ran, but waits get numbers from this one on.
    pub(crate) fn from_wait(next_wait: u64) -> Flows {
        Flows {
            next_wait,
            ..Flows::default()
        }
    }

    /// The state of a workflow, if it ever ran.
    pub fn get(&self, workflow: WorkflowId) -> Option<&Flow> {
        self.flows.get(&workflow.0)
    }

    /// The state of every workflow that ever ran.
    pub fn iter(&self) -> impl Iterator<Item = (WorkflowId, &Flow)> {
        self.flows.iter().map(|(id, flow)| (WorkflowId(*id), flow))
    }

    /// The number that the next wait gets.
    pub fn next_wait(&self) -> u64 {
        self.next_wait
    }

    /// Contacts who wait or are armed somewhere although they are not among the living; `version` is the state of the
    /// contacts, so that nobody is looked for twice.
    pub(crate) fn gone(&self, living: &RoaringBitmap, version: u64) -> RoaringBitmap {
        let mut gone = RoaringBitmap::new();
        if self.alive.get() == Some(version) {
            return gone;
        }
        for flow in self.flows.values() {
            let contacts = flow.waits.values().map(|wait| wait.contact);
            gone.extend(contacts.filter(|contact| !living.contains(*contact)));
            for node in flow.nodes.values() {
                gone |= &*node.armed - living;
            }
        }
        // Whoever begins to wait later is alive.
        self.alive.set(gone.is_empty().then_some(version));
        gone
    }

    /// Takes notice of what does not stand any more.
    pub fn undone(&mut self, delta: &RunDelta) {
        self.note(delta);
        let passes = delta.waits.iter().filter(|wait| wait.of == WaitOf::Pass);
        self.undone.extend(passes.map(|wait| (wait.id, wait.node)));
    }

    /// Numbers that were given to waits are not given again.
    fn note(&mut self, delta: &RunDelta) {
        let greatest = delta.waits.iter().map(|wait| wait.id + 1).max();
        self.next_wait = self.next_wait.max(greatest.unwrap_or(0));
    }

    /// Takes in what a change set of this number changed.
    pub fn apply(&mut self, delta: &RunDelta, change: ChangeId) {
        self.note(delta);
        let flow = self.flows.entry(delta.workflow).or_default();
        if let Some(existing) = &delta.existing {
            flow.existing = existing.0.clone().into();
        }
        if let Some(active) = delta.active {
            (flow.active, flow.since) = (active, change);
        }
        flow.began |= &delta.began.0;
        flow.began |= &delta.passed_over.0;
        flow.last = flow.last.max(delta.last);
        for one in &delta.nodes {
            flow.nodes.entry(one.node).or_default().apply(one);
        }
        for wait in delta.waits.iter() {
            flow.waits.insert(wait);
        }
        for id in &delta.over {
            // Whoever went on from a wait had come into it, although what brought her there does not stand any more.
            if flow.waits.remove(*id).is_none()
                && let Some(node) = self.undone.remove(id)
            {
                flow.nodes.entry(node).or_default().entered += 1;
            }
        }
    }
}

impl Flow {
    /// When the first wait on a clock is due, in milliseconds since 1970.
    pub fn next_due(&self, clock: Clock) -> Option<i64> {
        self.waits.first(clock).map(|due| due.when)
    }
}

impl NodeState {
    fn apply(&mut self, delta: &NodeDelta) {
        self.armed -= &delta.disarmed.0;
        self.armed |= &delta.armed.0;
        self.disarmed -= &delta.armed.0;
        self.disarmed |= &delta.disarmed.0;
        self.entered += delta.entered;
        self.failed += delta.failed;
        self.ended += delta.ended;
        self.unique |= &delta.unique.0;
        if self.left.len() < delta.left.len() {
            self.left.resize(delta.left.len(), 0);
        }
        for (left, more) in self.left.iter_mut().zip(&delta.left) {
            *left += more;
        }
        for (contact, times, last) in &delta.fired {
            let (count, when) = self.fired.entry(*contact).or_default();
            *count += times;
            *when = (*when).max(*last);
        }
    }
}
