//! The machine that carries events through the active workflows (design, section 9, *the runtime*).
//!
//! It works on copies, so that readers see the last commit meanwhile: what it changes becomes a batch of change sets
//! ([`Machine::close`]) that the caller stores and applies. The same events in the same state give the same batch.

use super::audience;
use super::check::in_words;
use super::due::Due;
use super::groups::{Actor, Groups};
use super::pass::Pass;
use super::program::{OnStep, Program, Step, StepKind};
use super::react::Duty;
use super::state::{Clock, Flow, NodeDelta, RunDelta, WaitOf, Waiting};
use super::steps::Steps;
use super::waits::{LiveWaits, MINUTE};
use crate::bits::Marks;
use crate::column::{Cell, Column, NONE};
use crate::events::log::Row;
use crate::events::{Log, NO, Raw, RawItem};
use crate::purchases::Purchases;
use crate::refused::Refused;
use crate::shared::Shared;
use crate::value::Zone;
use crate::workspace::Workspace;
use litemap::LiteMap;
use model::event::{EventKind, Origin};
use model::field::{EMAIL, MOBILE_PHONE, PURCHASED};
use model::workflow::node::{Audience, Channel, Source};
use model::workflow::{TraceStep, WorkflowDef};
use model::{ChangeId, FieldId, NodeId, SegmentId, WorkflowId};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::rc::Rc;

/// A cart is abandoned after so many minutes, where a trigger does not say otherwise.
pub const CART_IDLE: u32 = 30;

/// Events that follow from each other deeper than this are a workflow that feeds itself.
pub const MAX_DEPTH: u8 = 20;

/// A workflow as it runs.
#[derive(Debug)]
pub struct Live {
    /// Its newest version.
    pub program: Rc<Program>,
    /// Earlier versions that somebody still waits in.
    pub older: Vec<Rc<Program>>,
    /// Who is in the audience now, whatever the source.
    pub audience: RoaringBitmap,
    /// Who was at activation.
    pub existing: Shared<RoaringBitmap>,
    /// For whom an event-less pass began, and for whom in this batch.
    pub began: Shared<RoaringBitmap>,
    pub began_now: RoaringBitmap,
    /// For whom none is to begin, as is known since this batch.
    pub passed_over: RoaringBitmap,
    /// Since when it is active, and by which change set.
    pub active: i64,
    pub since: ChangeId,
    /// What is known of its nodes, in the order of the graph.
    pub nodes: Vec<NodeLive>,
    /// What changed at its nodes in this batch, and who entered each.
    pub deltas: Vec<NodeDelta>,
    pub unique: Vec<Marks>,
    /// Who waits.
    pub waits: LiveWaits,
    /// The kinds of events that may end a wait, a bit each.
    ending: u64,
    /// The steps of this batch.
    pub steps: Steps,
    /// When something last happened.
    pub last: i64,
    /// Why it was paused in this batch.
    pub paused: Option<String>,
}

/// What is known of one node while it runs.
#[derive(Debug, Default)]
pub struct NodeLive {
    pub armed: Shared<RoaringBitmap>,
    pub disarmed: Shared<RoaringBitmap>,
    pub entered: u64,
    pub fired: Shared<FxHashMap<u32, (u32, i64)>>,
}

/// What follows from what a pass did; handled first in, first out.
#[derive(Clone, Debug)]
pub enum Derived {
    Entered(SegmentId),
    Left(SegmentId),
    Field(FieldId),
    Event(u32),
    /// The contact came into the audience of a workflow whose actions stand behind Start.
    Audience(usize),
}

/// Something derived, with whom it concerns, when, and how deep.
#[derive(Clone, Debug)]
pub struct Queued {
    pub derived: Derived,
    pub contact: u32,
    pub when: i64,
    pub depth: u8,
}

/// When something is due: in the order (due, contact, node).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wake {
    due: i64,
    contact: u32,
    node: NodeId,
    live: usize,
    id: u64,
}

/// The number of a wake that is no wait: a date trigger looks at a day.
const DATES: u64 = u64::MAX;
/// The place of a wake that belongs to no workflow: a cart.
const CARTS: usize = usize::MAX;

/// The active workflows at work.
#[derive(Debug)]
pub struct Machine {
    /// The events, those of the open batch included; the workspace's own until something happens.
    pub log: Rc<Log>,
    /// The events without the open batch.
    pub(super) settled: Rc<Log>,
    /// Where the events of the open batch come from.
    pub(super) origin: Origin,
    /// Its clock.
    pub now: i64,
    pub(super) lives: Vec<Live>,
    pub(super) zone: Zone,
    pub(super) alive: RoaringBitmap,
    pub(super) members: LiteMap<SegmentId, Shared<RoaringBitmap>>,
    pub(super) groups: Groups,
    pub(super) queue: VecDeque<Queued>,
    /// The steps of one contact with what decided, where they are asked for.
    pub trace: Option<Vec<TraceStep>>,
    /// Messages that went out since this was last emptied.
    pub outbox: Vec<(Channel, u32, i64, u32)>,
    columns: LiteMap<FieldId, Rc<Column>>,
    cells: FxHashMap<(FieldId, u32), Cell>,
    carts: LiveWaits,
    /// The waits of paused workflows with memberships for some days, which others may end or renew.
    resting: Vec<(WorkflowId, LiveWaits)>,
    /// An abandoned cart that was told of, whatever the minutes.
    told: Option<u32>,
    /// Whether some membership may end by itself.
    pub(super) promises: bool,
    /// Whether some trigger waits for memberships or values.
    derives: bool,
    /// Fields that change with purchases and that some trigger waits for.
    watched: Vec<FieldId>,
    /// When each date trigger looks at a day next.
    dates: BinaryHeap<Reverse<Wake>>,
    clock: Clock,
    next_wait: u64,
    /// The state of the data that it works on.
    version: u64,
    /// How many events happened since the last batch.
    pub(super) happened: u64,
    /// The change set that is being answered; it does not concern workflows that became active since.
    pub(super) answering: Option<ChangeId>,
    /// Workflows that can't run, and why.
    pub(super) broken: Vec<(WorkflowId, String)>,
}

impl Machine {
    /// The machine of a workspace's active workflows on a clock that shows a moment.
    ///
    /// # Errors
    /// [`Refused`] where an active workflow can't be made ready; nothing the guards of a deletion let happen.
    pub fn new(workspace: &Workspace, clock: Clock, now: i64) -> Result<Machine, Refused> {
        let mut machine = Machine::at_rest(workspace, clock, now)?;
        if clock == Clock::Simulated {
            machine.origin = Origin::Simulated;
        }
        // What is due at this very moment has not happened yet on a clock that stood here.
        machine.schedule(match clock {
            Clock::Simulated => now - 1,
            Clock::Wall => now,
        });
        Ok(machine)
    }

    /// The machine of the wall clock, at which waits were last looked at `woken`, and days of date triggers, too.
    pub(super) fn waking(workspace: &Workspace, woken: i64, now: i64) -> Result<Machine, Refused> {
        let mut machine = Machine::at_rest(workspace, Clock::Wall, woken.min(now))?;
        machine.schedule(woken);
        Ok(machine)
    }

    /// The machine for events that happened before now: a clock of its own runs from the first of them, and what waits
    /// at the end waits on the wall clock. Date triggers do not look back.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn replay(workspace: &Workspace, from: i64, now: i64) -> Result<Machine, Refused> {
        let mut machine = Machine::at_rest(workspace, Clock::Wall, from)?;
        machine.origin = Origin::Imported;
        machine.schedule(now);
        Ok(machine)
    }

    fn at_rest(workspace: &Workspace, clock: Clock, now: i64) -> Result<Machine, Refused> {
        let mut machine = Machine {
            log: workspace.log.clone(),
            settled: workspace.log.clone(),
            origin: Origin::Workflow,
            now,
            lives: Vec::new(),
            zone: workspace.zone.clone(),
            alive: workspace.alive().clone(),
            members: LiteMap::new(),
            groups: Groups::default(),
            queue: VecDeque::new(),
            trace: None,
            outbox: Vec::new(),
            columns: LiteMap::new(),
            cells: FxHashMap::default(),
            carts: LiveWaits::default(),
            resting: Vec::new(),
            told: None,
            promises: false,
            derives: false,
            watched: Vec::new(),
            dates: BinaryHeap::new(),
            clock,
            next_wait: workspace.flows.next_wait(),
            version: workspace.version(),
            happened: 0,
            answering: None,
            broken: Vec::new(),
        };
        let waits = |id| workspace.flows.get(id).map(|flow| flow.waits.clone().into());
        for (def, duty) in workspace.duties() {
            let ready = match duty {
                Duty::Runs => Program::new,
                Duty::EndsMemberships => Program::ends_memberships,
                Duty::Rests => {
                    machine.resting.extend(waits(def.id).map(|waits| (def.id, waits)));
                    continue;
                }
            };
            match Live::new(workspace, def, ready) {
                Ok(live) => machine.lives.push(live),
                // The others go on without it.
                Err(refused) if duty == Duty::Runs => machine
                    .broken
                    .push((def.id, format!("It can’t run: {}", in_words(refused)))),
                Err(_) => {}
            }
        }
        machine.carts = waits(WorkflowId(0)).unwrap_or_default();
        machine.columns = workspace
            .fields()
            .map(|def| def.id)
            .filter(|id| !PURCHASED.contains(id))
            .filter(|id| machine.reads(*id))
            .map(|id| (id, workspace.values_of(id)))
            .collect();
        let segments = workspace.segments().map(|def| def.id);
        machine.members = segments.map(|id| (id, workspace.living_members(id))).collect();
        let watched = PURCHASED.into_iter();
        machine.watched = watched
            .filter(|id| machine.waits_for(&Derived::Field(*id)))
            .collect();
        machine.promises = !machine.resting.is_empty() || machine.lives.iter().any(Live::promises);
        machine.derives = machine.lives.iter().any(Live::derives);
        // Whoever is gone is gone, however that came about.
        for contact in workspace.flows.gone(workspace.alive(), workspace.alive_version) {
            machine.gone(contact);
        }
        Ok(machine)
    }

    /// Whether a contact lives.
    pub fn knows(&self, contact: u32) -> bool {
        self.alive.contains(contact)
    }

    /// Whether some contacts all live.
    pub fn know(&self, contacts: &RoaringBitmap) -> bool {
        contacts.is_subset(&self.alive)
    }

    /// Whether the data changed since the machine was made, other than by its own batches.
    pub fn is_stale(&self, workspace: &Workspace) -> bool {
        self.version != workspace.version()
    }

    /// The machine's own batch was applied.
    pub fn applied(&mut self, workspace: &Workspace) {
        self.version = workspace.version();
        self.log = workspace.log.clone();
        self.settled = workspace.log.clone();
    }

    /// The events, to add to them.
    pub fn log_mut(&mut self) -> &mut Log {
        let log = Rc::make_mut(&mut self.log);
        log.begin(self.origin);
        log
    }

    /// Whether a value of a field may be asked for.
    fn reads(&self, id: FieldId) -> bool {
        // Custom fields and those that people write are cheap to share; what is worked out is only worked out if asked.
        !crate::projection::is_projected(id) || self.lives.iter().any(|live| live.program.names_field(id))
    }

    /// Date triggers look at days after a moment.
    fn schedule(&mut self, dates: i64) {
        for at in 0..self.lives.len() {
            self.schedule_dates(at, dates);
        }
    }

    /// Enters the next moment at which each date trigger of a workflow looks at a day.
    fn schedule_dates(&mut self, at: usize, after: i64) {
        let Some(live) = self.lives.get(at) else { return };
        let (program, after) = (live.program.clone(), after.max(live.active));
        for (place, trigger) in program.triggers() {
            if let OnStep::Date { minute, .. } = &trigger.on {
                let due = next_minute(&self.zone, *minute, after);
                self.wake_dates(at, place, due);
            }
        }
    }

    fn wake_dates(&mut self, live: usize, place: usize, due: i64) {
        self.dates.push(Reverse(Wake {
            due,
            contact: 0,
            node: NodeId(place as u32),
            live,
            id: DATES,
        }));
    }

    /// When the machine has something to do next.
    pub fn next_due(&self) -> Option<i64> {
        Some(self.next_moment()).filter(|due| *due < i64::MAX)
    }

    /// The moment of [`Machine::next_wake`], or the last of all: it is asked for at each event.
    #[inline]
    fn next_moment(&self) -> i64 {
        let due = |waits: &LiveWaits| waits.first(self.clock).map_or(i64::MAX, |due| due.when);
        let at_work = self.lives.iter().filter(|live| live.paused.is_none());
        let dates = self.dates.peek().map_or(i64::MAX, |Reverse(wake)| wake.due);
        at_work.fold(due(&self.carts).min(dates), |first, live| {
            first.min(due(&live.waits))
        })
    }

    /// What it has to do next. What is paused has nothing to do.
    fn next_wake(&self) -> Option<Wake> {
        let lives = self.lives.iter().enumerate();
        let waits = lives.filter_map(|(at, live)| match live.paused {
            None => live.waits.first(self.clock).map(|due| wake(at, due)),
            Some(_) => None,
        });
        let cart = self.carts.first(self.clock).map(|due| wake(CARTS, due));
        let date = self.dates.peek().map(|Reverse(wake)| *wake);
        waits.chain(cart).chain(date).min()
    }

    /// Something happens: everything that is due before it, then the event itself and all that follows from it.
    ///
    /// Gives the row of the event.
    pub fn event(&mut self, event: Raw, items: &[RawItem]) -> u32 {
        self.advance(event.when);
        self.now = self.now.max(event.when);
        let watched: Vec<(FieldId, i64)> = match event.kind {
            EventKind::Purchase => self.watched.iter(),
            _ => [].iter(),
        }
        .map(|field| (*field, self.bought(*field, event.contact)))
        .collect();
        let row = self.log_mut().push(event, items);
        self.happened += 1;
        debug_assert!(self.alive.contains(event.contact), "events happen to the living");
        for (field, before) in watched {
            if self.bought(field, event.contact) != before {
                self.follow(Derived::Field(field), event.contact, event.when, 0);
            }
        }
        if event.kind == EventKind::CartAbandoned {
            self.told = Some(row);
            self.end_carts(event.contact, event.when);
        }
        self.occur(row, event.contact, event.kind, event.when, 0);
        self.drain();
        row
    }

    /// A contact comes at a moment, and into the audiences that she belongs to.
    pub(crate) fn come(&mut self, contact: u32, when: i64) {
        self.advance(when);
        self.alive.insert(contact);
        self.mind_audiences(contact, when, 0, |_| true);
        self.drain();
    }

    /// Lets the clock come to a moment: whoever waited until then goes on, each when she is due.
    pub fn advance(&mut self, until: i64) {
        while self.wake_next(until) {}
        self.now = self.now.max(until);
    }

    /// As [`Machine::advance`], at most so many waits at once, whose number is counted down; says whether the clock came
    /// there.
    pub(super) fn advance_some(&mut self, until: i64, most: &mut usize) -> bool {
        while *most > 0 {
            if !self.wake_next(until) {
                self.now = self.now.max(until);
                return true;
            }
            *most -= 1;
        }
        false
    }

    /// What is due first goes on, if that is by a moment; says whether there was anything.
    pub(crate) fn wake_next(&mut self, until: i64) -> bool {
        if self.next_moment() > until {
            return false;
        }
        let Some(wake) = self.next_wake() else {
            return false;
        };
        self.now = self.now.max(wake.due);
        match (wake.live, wake.id) {
            (CARTS, id) => self.cart_is_idle(id),
            (live, DATES) => {
                self.dates.pop();
                self.look_at_dates(live, wake.node.0 as usize, wake.due);
            }
            (live, id) => self.wake(live, id),
        }
        self.drain();
        true
    }

    /// An event reaches the waits and triggers of every workflow.
    pub(super) fn occur(&mut self, row: u32, contact: u32, kind: EventKind, when: i64, depth: u8) {
        self.mind_cart(row, contact, kind, when);
        for at in 0..self.lives.len() {
            let Some(live) = self.lives.get(at).filter(|live| live.paused.is_none()) else {
                continue;
            };
            let ends = live.ending & bit(kind) != 0;
            if !ends && live.program.triggers_on(kind).is_empty() {
                continue;
            }
            let program = live.program.clone();
            if ends && live.waits.has(contact) {
                self.end_activity_waits(at, row, contact, kind, when, depth);
            }
            for place in program.triggers_on(kind).iter().copied() {
                let matches = match program.steps.get(place).map(|step| &step.kind) {
                    Some(StepKind::Trigger(trigger)) => match &trigger.on {
                        OnStep::Event(matched) => {
                            self.is_armed(at, place, contact)
                                && self.matches(matched, row, contact, when, None)
                        }
                        OnStep::Cart(idle, filter) => {
                            (*idle == CART_IDLE || self.told == Some(row))
                                && self.is_armed(at, place, contact)
                                && filter.passes(&self.log, row, None, &|id| self.value(id, contact))
                        }
                        _ => false,
                    },
                    _ => false,
                };
                if matches {
                    self.fire(at, place, contact, when, Some(row), depth);
                }
            }
        }
    }

    /// Handles what follows, first in, first out.
    pub(super) fn drain(&mut self) {
        while let Some(next) = self.queue.pop_front() {
            let Queued {
                derived,
                contact,
                when,
                depth,
            } = next;
            match derived {
                Derived::Event(row) => {
                    if let Some(kind) = self.log.row(row).kind() {
                        self.occur(row, contact, kind, when, depth);
                    }
                }
                Derived::Audience(at) => self.begin(at, contact, when, depth),
                Derived::Entered(_) | Derived::Left(_) | Derived::Field(_) => {
                    self.derived(&derived, contact, when, depth);
                }
            }
        }
    }

    /// Whether some trigger waits for something derived.
    pub(super) fn waits_for(&self, derived: &Derived) -> bool {
        let mut triggers = self.lives.iter().flat_map(|live| live.program.triggers());
        triggers.any(|(_, trigger)| is_about(&trigger.on, derived))
    }

    fn derived(&mut self, derived: &Derived, contact: u32, when: i64, depth: u8) {
        for at in 0..self.lives.len() {
            let Some(live) = self.lives.get(at).filter(|live| live.paused.is_none()) else {
                continue;
            };
            if depth == 1 && self.answering.is_some_and(|change| change <= live.since) {
                continue;
            }
            let program = live.program.clone();
            for (place, trigger) in program.triggers() {
                let value = |field: FieldId, to: &Cell| self.value(field, contact) == *to;
                let hit = is_about(&trigger.on, derived)
                    && match &trigger.on {
                        OnStep::Field(field, Some(to)) => value(*field, to),
                        _ => true,
                    };
                if hit && self.is_armed(at, place, contact) {
                    self.fire(at, place, contact, when, None, depth);
                }
            }
        }
    }

    /// Event-less passes begin for one contact, where actions stand behind Start.
    pub(super) fn begin_one(&mut self, contact: u32, now: i64) {
        for at in 0..self.lives.len() {
            let acts = self
                .lives
                .get(at)
                .is_some_and(|live| live.program.actions().next().is_some());
            if acts {
                self.begin(at, contact, now, 0);
                self.drain();
            }
        }
    }

    /// A contact comes into the audience: event-less passes begin where actions stand behind Start.
    pub(super) fn begin(&mut self, at: usize, contact: u32, when: i64, depth: u8) {
        let Some(live) = self.lives.get_mut(at).filter(|live| live.paused.is_none()) else {
            return;
        };
        if !live.audience.contains(contact) {
            return;
        }
        if live.began.contains(contact) || !audience::source_lets_in(&live.program, &live.existing, contact) {
            return;
        }
        live.began.insert(contact);
        live.began_now.insert(contact);
        let program = live.program.clone();
        let first: Vec<usize> = program.actions().collect();
        for place in first {
            self.entered(at, program.start_at, contact);
            if let Some(delta) = self.delta(at, program.start_at) {
                delta.leave(0);
            }
            let pass = Pass {
                live: at,
                program: program.clone(),
                contact,
                began: when,
                trigger: None,
                latest: None,
                depth,
            };
            self.run(&pass, place, when);
        }
    }

    /// Whether a trigger waits for a contact.
    pub(super) fn is_armed(&self, at: usize, place: usize, contact: u32) -> bool {
        let Some(live) = self.lives.get(at) else {
            return false;
        };
        let (Some(step), Some(node)) = (live.program.steps.get(place), live.nodes.get(place)) else {
            return false;
        };
        let behind = step.behind_start
            && live.audience.contains(contact)
            && !node.disarmed.contains(contact)
            && audience::source_lets_in(&live.program, &live.existing, contact);
        behind || node.armed.contains(contact)
    }

    pub(super) fn delta(&mut self, at: usize, place: usize) -> Option<&mut NodeDelta> {
        self.lives.get_mut(at)?.deltas.get_mut(place)
    }

    /// Counts that a contact entered a node.
    pub(super) fn entered(&mut self, at: usize, place: usize, contact: u32) {
        if let Some(live) = self.lives.get_mut(at)
            && let (Some(delta), Some(unique)) = (live.deltas.get_mut(place), live.unique.get_mut(place))
        {
            delta.entered += 1;
            unique.insert(contact);
        }
    }

    /// A contact's value of a field as it is now.
    pub(super) fn value(&self, field: FieldId, contact: u32) -> Cell {
        if let Some(cell) = self.cells.get(&(field, contact)) {
            return cell.clone();
        }
        if PURCHASED.contains(&field) {
            return Cell::Number(self.bought(field, contact));
        }
        match self.columns.get(&field) {
            Some(column) => column.cell(contact),
            None => Cell::Text("".into()),
        }
    }

    /// Purchases as they are now, the open batch included.
    fn bought(&self, field: FieldId, contact: u32) -> i64 {
        let before = |field| {
            let column = self.columns.get(&field);
            column.map_or(NONE, |column| column.number(contact))
        };
        Purchases::of(&self.log, contact, i64::MAX).value(field, &before)
    }

    /// Writes a value; says whether it really changed.
    pub(super) fn write(
        &mut self,
        actor: Actor<'_>,
        field: FieldId,
        contact: u32,
        cell: Cell,
        depth: u8,
    ) -> bool {
        if self.value(field, contact) == cell {
            return false;
        }
        self.cells.insert((field, contact), cell.clone());
        self.groups.cell(actor, field, contact, cell);
        if field == EMAIL || field == MOBILE_PHONE {
            self.mind_audiences(contact, actor.when, depth, |start| {
                matches!(
                    start.audience,
                    Audience::WithEmail | Audience::WithoutEmail | Audience::WithPhone
                )
            });
        }
        self.follow(Derived::Field(field), contact, actor.when, depth);
        true
    }

    /// Adds a contact to a segment, or removes her; says whether that really changed something.
    pub(super) fn join(
        &mut self,
        actor: Actor<'_>,
        segment: SegmentId,
        contact: u32,
        joins: bool,
        depth: u8,
    ) -> bool {
        let Some(members) = self.members.get_mut(&segment) else {
            return false;
        };
        let changed = match joins {
            true => members.insert(contact),
            false => members.remove(contact),
        };
        if changed {
            self.end_promises(segment, contact);
            self.groups.member(actor, segment, contact, joins);
            self.mind_audiences(contact, actor.when, depth, |start| {
                audience::names(start, segment)
            });
            let derived = if joins {
                Derived::Entered(segment)
            } else {
                Derived::Left(segment)
            };
            self.follow(derived, contact, actor.when, depth);
        }
        changed
    }

    /// Until when a membership lasts, if it is one for some days.
    pub(super) fn promised(&self, segment: SegmentId, contact: u32) -> Option<i64> {
        let lives = self.lives.iter().map(|live| &live.waits);
        let resting = self.resting.iter().map(|(_, waits)| waits);
        lives
            .chain(resting)
            .flat_map(|waits| waits.of(contact).filter_map(|id| waits.get(id)))
            .filter(|wait| wait.segment() == Some(segment))
            .map(|wait| wait.due)
            .max()
    }

    /// A membership begins, is over, or is for other days: what was promised of an earlier one does not end it.
    pub(super) fn end_promises(&mut self, segment: SegmentId, contact: u32) {
        if !self.promises {
            return;
        }
        let lives = self.lives.iter_mut().map(|live| &mut live.waits);
        let resting = self.resting.iter_mut().map(|(_, waits)| waits);
        for waits in lives.chain(resting) {
            for id in waits.those(contact, |wait| wait.segment() == Some(segment)) {
                waits.end(id);
            }
        }
    }

    pub(super) fn follow(&mut self, derived: Derived, contact: u32, when: i64, depth: u8) {
        // Mostly no trigger waits for what follows.
        let of_data = matches!(
            derived,
            Derived::Entered(_) | Derived::Left(_) | Derived::Field(_)
        );
        if of_data && !self.derives {
            return;
        }
        self.queue.push_back(Queued {
            derived,
            contact,
            when,
            depth: depth + 1,
        });
    }

    /// Looks anew whether a contact is in the audiences that something decides.
    pub(super) fn mind_audiences(
        &mut self,
        contact: u32,
        when: i64,
        depth: u8,
        decides: impl Fn(&model::workflow::node::Start) -> bool,
    ) {
        for at in 0..self.lives.len() {
            let Some(live) = self.lives.get(at).filter(|live| decides(&live.program.start)) else {
                continue;
            };
            let inside = self.alive.contains(contact) && self.in_audience(&live.program.start, contact);
            let acts = live.program.actions().next().is_some();
            let Some(live) = self.lives.get_mut(at) else {
                continue;
            };
            let came = match inside {
                true => live.audience.insert(contact),
                false => {
                    live.audience.remove(contact);
                    false
                }
            };
            if came && acts {
                self.follow(Derived::Audience(at), contact, when, depth);
            }
        }
    }

    fn in_audience(&self, start: &model::workflow::node::Start, contact: u32) -> bool {
        let has = |field| !self.value(field, contact).is_empty();
        let member = |segment: &SegmentId| self.members.get(segment).is_some_and(|set| set.contains(contact));
        let inside = match &start.audience {
            Audience::All => true,
            Audience::WithEmail => has(EMAIL),
            Audience::WithoutEmail => !has(EMAIL),
            Audience::WithPhone => has(MOBILE_PHONE),
            Audience::Segment(segment) => member(segment),
        };
        inside && !start.excluded.iter().any(member)
    }

    /// Begins a wait, and has it woken when it is due.
    pub(super) fn wait(&mut self, at: usize, mut wait: Waiting) {
        (wait.id, wait.clock) = (self.next_wait, self.clock);
        self.next_wait += 1;
        match self.lives.get_mut(at) {
            Some(live) => live.waits.begin(wait),
            None => self.carts.begin(wait),
        }
    }

    /// Keeps the clocks of idle carts: something was added, or bought.
    fn mind_cart(&mut self, row: u32, contact: u32, kind: EventKind, when: i64) {
        if !matches!(kind, EventKind::CartAdded | EventKind::Purchase) {
            return;
        }
        self.end_carts(contact, when);
        if kind != EventKind::CartAdded {
            return;
        }
        for at in 0..self.lives.len() {
            let Some(live) = self.lives.get(at) else { continue };
            let program = live.program.clone();
            for (node, idle) in own_carts(&program) {
                let due = when + i64::from(idle) * MINUTE;
                self.wait(at, cart(contact, node, when, due, row, program.version));
            }
        }
        let due = when + i64::from(CART_IDLE) * MINUTE;
        self.wait(CARTS, cart(contact, NodeId(0), when, due, row, 0));
    }

    /// The clocks of a contact's cart stop; what happened before the cart was filled says nothing about it.
    fn end_carts(&mut self, contact: u32, when: i64) {
        let over = |wait: &Waiting| wait.entered <= when;
        for id in self.carts.those(contact, over) {
            self.carts.end(id);
        }
        for live in &mut self.lives {
            let program = live.program.clone();
            for (node, _) in own_carts(&program) {
                let here = |wait: &Waiting| wait.node == node && over(wait);
                for id in live.waits.those(contact, here) {
                    live.waits.end(id);
                }
            }
        }
    }

    /// A cart has been idle for long enough: that is an event of its own.
    fn cart_is_idle(&mut self, id: u64) {
        let Some(wait) = self.carts.end(id) else { return };
        if !self.alive.contains(wait.contact) {
            return;
        }
        if let Some(row) = self.abandoned(&wait) {
            self.occur(row, wait.contact, EventKind::CartAbandoned, wait.due, 0);
        }
    }

    /// The event of a cart that was idle for long enough: the first trigger to find it so makes it; none where the cart
    /// is empty.
    pub(super) fn abandoned(&mut self, wait: &Waiting) -> Option<u32> {
        let about_carts = |kind: Option<EventKind>| {
            use EventKind::{CartAbandoned, CartAdded, CartRemoved, Purchase};
            matches!(kind, Some(CartAdded | CartRemoved | Purchase | CartAbandoned))
        };
        let events = self.log.events(wait.contact);
        let mut moved = events.filter(|(_, row)| about_carts(row.kind())).peekable();
        if let Some((number, row)) = moved.peek()
            && row.kind() == Some(EventKind::CartAbandoned)
            && row.when() >= wait.entered
        {
            return Some(*number);
        }
        let items = in_cart(moved.map(|(_, row)| row));
        if items.is_empty() {
            return None;
        }
        let total: i64 = items
            .iter()
            .map(|item| item.price.max(0) * i64::from(item.quantity))
            .sum();
        let event = Raw {
            when: wait.due,
            contact: wait.contact,
            kind: EventKind::CartAbandoned,
            amount: total,
            text: NO,
            order: NO,
        };
        self.happened += 1;
        Some(self.log_mut().push(event, &items))
    }

    fn look_at_dates(&mut self, at: usize, place: usize, due: i64) {
        let Some(live) = self.lives.get(at) else { return };
        let program = live.program.clone();
        let Some(StepKind::Trigger(trigger)) = program.steps.get(place).map(|step| &step.kind) else {
            return;
        };
        let OnStep::Date {
            field,
            offset,
            yearly,
            minute,
            instant,
        } = &trigger.on
        else {
            return;
        };
        self.wake_dates(at, place, next_minute(&self.zone, *minute, due));
        let wanted = self.zone.day(due) - offset;
        let on_day = |cell: Cell| match cell {
            Cell::Number(NONE) | Cell::Text(_) => false,
            Cell::Number(number) => {
                let day = if *instant { self.zone.day(number) } else { number };
                match yearly {
                    true => crate::value::date::is_anniversary(day, wanted),
                    false => day == wanted,
                }
            }
        };
        let column = self.columns.get(field);
        let mut filled = column.map(|column| column.filled()).unwrap_or_default();
        let written = self.cells.keys().filter(|(one, _)| one == field);
        filled.extend(written.map(|(_, contact)| *contact));
        if PURCHASED.contains(field) {
            filled.clone_from(&self.alive);
        }
        let hit: Vec<u32> = (filled & &self.alive)
            .iter()
            .filter(|contact| on_day(self.value(*field, *contact)))
            .collect();
        for contact in hit {
            if self.is_armed(at, place, contact) {
                self.fire(at, place, contact, due, None, 0);
                self.drain();
            }
        }
    }

    /// A contact is gone: her passes end wherever they are.
    pub(super) fn gone(&mut self, contact: u32) {
        self.alive.remove(contact);
        for id in self.carts.of(contact) {
            self.carts.end(id);
        }
        for (_, waits) in &mut self.resting {
            for id in waits.those(contact, |wait| wait.segment().is_some()) {
                waits.end(id);
            }
        }
        for live in &mut self.lives {
            live.audience.remove(contact);
            for id in live.waits.of(contact) {
                let Some(wait) = live.waits.end(id) else { continue };
                let place = live.program.place(wait.node);
                let inside = place.and_then(|place| live.program.steps.get(place));
                if inside.is_some_and(|step| matches!(step.kind, StepKind::Wait(_)))
                    && let Some(delta) = place.and_then(|place| live.deltas.get_mut(place))
                {
                    delta.ended += 1;
                }
            }
            for (node, delta) in live.nodes.iter_mut().zip(&mut live.deltas) {
                if node.armed.remove(contact) {
                    delta.armed.remove(contact);
                    delta.disarmed.insert(contact);
                }
            }
        }
    }

    /// What changed of the waits that belong to no workflow at work: of idle carts, and of what is paused.
    pub(super) fn take_others(&mut self) -> impl Iterator<Item = RunDelta> {
        let carts = std::iter::once((WorkflowId(0), &mut self.carts));
        let resting = self.resting.iter_mut().map(|(id, waits)| (*id, waits));
        carts.chain(resting).filter_map(|(id, waits)| {
            let (waits, over) = waits.take();
            let changed = !waits.is_empty() || !over.is_empty();
            changed.then(|| RunDelta {
                waits,
                over,
                ..RunDelta::of(id)
            })
        })
    }
}

/// Whether a trigger waits for something derived, whatever the value.
fn is_about(on: &OnStep, derived: &Derived) -> bool {
    match (on, derived) {
        (OnStep::Enter(of), Derived::Entered(segment)) | (OnStep::Leave(of), Derived::Left(segment)) => {
            of.contains(segment)
        }
        (OnStep::Field(field, _), Derived::Field(changed)) => field == changed,
        _ => false,
    }
}

/// The next moment at a minute of the day.
pub(super) fn next_minute(zone: &Zone, minute: i64, after: i64) -> i64 {
    let today = zone.day(after);
    let at = |day: i64| zone.moment(day * crate::value::date::DAY + minute * MINUTE);
    (today..today + 3)
        .map(at)
        .find(|due| *due > after)
        .unwrap_or(after + MINUTE)
}

fn wake(live: usize, due: Due) -> Wake {
    Wake {
        due: due.when,
        contact: due.contact,
        node: due.node,
        live,
        id: due.id,
    }
}

/// The bit of a kind of event.
fn bit(kind: EventKind) -> u64 {
    1 << kind.number()
}

/// The triggers on carts that have minutes of their own: each node, and its minutes.
fn own_carts(program: &Program) -> impl Iterator<Item = (NodeId, u32)> {
    let places = program.triggers_on(EventKind::CartAbandoned).iter();
    places.filter_map(|place| {
        let step = program.steps.get(*place)?;
        match &step.kind {
            StepKind::Trigger(trigger) => match &trigger.on {
                OnStep::Cart(idle, _) if *idle != CART_IDLE => Some((step.id, *idle)),
                _ => None,
            },
            _ => None,
        }
    })
}

/// What a cart holds after events, the latest first: what was added since the last purchase or abandoned cart.
fn in_cart<'a>(events: impl Iterator<Item = Row<'a>>) -> Vec<RawItem> {
    let mut moved: Vec<(bool, RawItem)> = Vec::new();
    for row in events {
        let kind = row.kind();
        match kind {
            Some(EventKind::CartAdded | EventKind::CartRemoved) => {
                let added = kind == Some(EventKind::CartAdded);
                moved.extend(row.items().map(|item| (added, item)));
            }
            Some(EventKind::Purchase | EventKind::CartAbandoned) => break,
            _ => {}
        }
    }
    let mut items: Vec<RawItem> = Vec::new();
    for (added, item) in moved.into_iter().rev() {
        let known = items.iter_mut().find(|known| known.product == item.product);
        match (added, known) {
            (true, Some(known)) => known.quantity += item.quantity,
            (true, None) => items.push(item),
            (false, Some(known)) => known.quantity = known.quantity.saturating_sub(item.quantity),
            (false, None) => {}
        }
    }
    items.retain(|item| item.quantity > 0);
    items
}

fn cart(contact: u32, node: NodeId, when: i64, due: i64, row: u32, version: u32) -> Waiting {
    Waiting {
        id: 0,
        contact,
        node,
        due,
        clock: Clock::Wall,
        entered: when,
        began: when,
        trigger: Some(row),
        latest: Some(row),
        version,
        of: WaitOf::Cart,
    }
}

impl Live {
    /// Those in the audience for whom an event-less pass did not begin yet.
    pub(super) fn waiting(&self) -> RoaringBitmap {
        let mut waiting = &self.audience - &*self.began;
        match self.program.start.source {
            Source::Both => {}
            Source::Existing => waiting &= &*self.existing,
            Source::New => waiting -= &*self.existing,
        }
        waiting
    }

    /// Whether memberships may end by themselves.
    fn promises(&self) -> bool {
        let adds = |step: &Step| matches!(&step.kind, StepKind::Add(add) if add.for_days > 0);
        self.waits.promise() || self.program.steps.iter().any(adds)
    }

    /// Whether some trigger waits for memberships or values.
    fn derives(&self) -> bool {
        let of_data = |on: &OnStep| matches!(on, OnStep::Enter(_) | OnStep::Leave(_) | OnStep::Field(..));
        self.program.triggers().any(|(_, trigger)| of_data(&trigger.on))
    }

    /// A workflow whose versions are made `ready`.
    fn new(
        workspace: &Workspace,
        def: &WorkflowDef,
        ready: fn(&Workspace, &WorkflowDef) -> Result<Program, Refused>,
    ) -> Result<Live, Refused> {
        let program = Rc::new(ready(workspace, def)?);
        let known = Flow::default();
        let flow = workspace.flows.get(def.id).unwrap_or(&known);
        let mut older = Vec::new();
        for version in flow.waits.versions() {
            if version != program.version
                && let Some(def) = workspace.workflow_version(def.id, version)
            {
                older.push(Rc::new(ready(workspace, def)?));
            }
        }
        let node = |id: NodeId| match flow.nodes.get(&id) {
            Some(state) => NodeLive {
                armed: state.armed.clone(),
                disarmed: state.disarmed.clone(),
                entered: state.entered,
                fired: state.fired.clone(),
            },
            None => NodeLive::default(),
        };
        Ok(Live {
            audience: workspace.audience(&program.start),
            existing: flow.existing.clone(),
            began: flow.began.clone(),
            began_now: RoaringBitmap::new(),
            passed_over: RoaringBitmap::new(),
            active: flow.active,
            since: flow.since,
            nodes: program.steps.iter().map(|step| node(step.id)).collect(),
            deltas: program.steps.iter().map(|step| NodeDelta::of(step.id)).collect(),
            unique: program.steps.iter().map(|_| Marks::default()).collect(),
            waits: flow.waits.clone().into(),
            ending: std::iter::once(&program)
                .chain(&older)
                .flat_map(|program| program.ending())
                .fold(0, |bits, kind| bits | bit(kind)),
            steps: Steps::default(),
            last: flow.last,
            paused: None,
            older,
            program,
        })
    }
}
