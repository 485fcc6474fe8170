//! A pass: one contact on her way from a trigger (or from Start) down the graph.

use super::decision::Decision;
use super::groups::Actor;
use super::machine::{Derived, MAX_DEPTH, Machine};
use super::program::{
    ConditionStep, MatchStep, OnStep, Program, SetStep, SetValue, Step, StepKind, UntilStep,
};
use super::state::{Clock, WaitOf, Waiting};
use super::steps;
use super::value::{Asked, of_event};
use super::waits::{Lasts, MINUTE, lasts};
use crate::column::{Cell, NONE};
use crate::events::{NO, Raw};
use crate::value::date::DAY;
use crate::value::{Parsed, decimal};
use model::event::EventKind;
use model::workflow::TraceStep;
use model::workflow::node::{AddToSegment, Again};
use model::{EventId, FieldType, NodeId, SegmentId};
use std::borrow::Cow;
use std::rc::Rc;

/// One contact on her way.
#[derive(Clone, Debug)]
pub struct Pass {
    /// The place of the workflow in the machine.
    pub live: usize,
    /// The version that she goes through.
    pub program: Rc<Program>,
    /// Who.
    pub contact: u32,
    /// When the pass began.
    pub began: i64,
    /// The row of the event that started it.
    pub trigger: Option<u32>,
    /// The row of its latest event.
    pub latest: Option<u32>,
    /// How many events deep it follows from others.
    pub depth: u8,
}

/// Why a trigger fires, and what arriving at one does, as traces say it.
pub(super) const HAPPENED: &str = "It happened";
pub(super) const ARMED: &str = "Armed: it waits here until that happens";

/// Why a contact went as she did, in words.
type Why = Cow<'static, str>;

/// What a node did with a pass.
enum Outcome {
    /// She leaves by an exit.
    Leaves(u8),
    /// She stays inside.
    Stays,
    /// The pass ends here.
    Ends,
}

impl Machine {
    /// A trigger fires for a contact, unless its limits say otherwise.
    pub(super) fn fire(
        &mut self,
        at: usize,
        place: usize,
        contact: u32,
        when: i64,
        row: Option<u32>,
        depth: u8,
    ) {
        let Some(live) = self.lives.get_mut(at).filter(|live| live.paused.is_none()) else {
            return;
        };
        let program = live.program.clone();
        let Some(step) = program.steps.get(place) else {
            return;
        };
        let StepKind::Trigger(trigger) = &step.kind else {
            return;
        };
        let limits = trigger.limits;
        let (Some(node), Some(delta)) = (live.nodes.get_mut(place), live.deltas.get_mut(place)) else {
            return;
        };
        let (times, last) = node.fired.get(&contact).copied().unwrap_or((0, i64::MIN));
        let within = i64::from(limits.once_in_days) * DAY;
        let too_often = (limits.total > 0 && node.entered >= limits.total)
            || (limits.per_contact > 0 && times >= limits.per_contact)
            || (limits.once_in_days > 0 && times > 0 && (when - last).abs() < within);
        if too_often {
            return;
        }
        node.entered += 1;
        delta.entered += 1;
        if let Some(unique) = live.unique.get_mut(place) {
            unique.insert(contact);
        }
        live.last = live.last.max(when);
        if depth > MAX_DEPTH {
            delta.failed += 1;
            live.paused = Some(format!(
                "It feeds itself: one change led to the next more than {MAX_DEPTH} times, at {}",
                step.name
            ));
            return;
        }
        if limits.per_contact > 0 || limits.once_in_days > 0 {
            node.fired.insert(contact, (times + 1, when));
            delta.fired.push((contact, 1, when));
        }
        if limits.deactivate {
            node.armed.remove(contact);
            node.disarmed.insert(contact);
            delta.armed.remove(contact);
            delta.disarmed.insert(contact);
        }
        let pass = Pass {
            live: at,
            contact,
            began: when,
            trigger: row,
            latest: row,
            depth,
            program: program.clone(),
        };
        self.leave(&pass, place, 0, when, || HAPPENED.into());
    }

    /// A contact leaves a node by an exit and goes on, or the pass ends there if the exit leads nowhere.
    fn leave(&mut self, pass: &Pass, place: usize, exit: u8, when: i64, why: impl FnOnce() -> Why) {
        let next = self.left(pass, place, exit, when, why);
        if let Some(next) = next {
            self.run(pass, next, when);
        }
    }

    /// Counts that a contact left a node by an exit, and says where that leads.
    fn left(
        &mut self,
        pass: &Pass,
        place: usize,
        exit: u8,
        when: i64,
        why: impl FnOnce() -> Why,
    ) -> Option<usize> {
        let step = pass.program.steps.get(place)?;
        let next = step.next.get(usize::from(exit)).copied().flatten();
        if let Some(delta) = self.delta(pass.live, place) {
            match next {
                Some(_) => delta.leave(exit),
                None => delta.ended += 1,
            }
        }
        self.note(pass, step.id, Some(exit), when, why);
        next
    }

    fn note(&mut self, pass: &Pass, node: NodeId, exit: Option<u8>, when: i64, why: impl FnOnce() -> Why) {
        if let Some(trace) = &mut self.trace {
            trace.push(TraceStep {
                when,
                node,
                exit,
                why: why().into_owned(),
                event: pass.latest.map(|row| EventId(u64::from(row) + 1)),
            });
        }
        if let Some(live) = self.lives.get_mut(pass.live) {
            live.last = live.last.max(when);
            live.steps.push(&steps::Step {
                contact: pass.contact,
                node,
                exit,
                when,
                event: pass.trigger.map(|row| EventId(u64::from(row) + 1)),
            });
        }
    }

    /// Goes on at a node, and from there as far as it goes without waiting.
    pub(super) fn run(&mut self, pass: &Pass, place: usize, when: i64) {
        let program = &pass.program;
        let mut at = place;
        // A leg passes each node once: going in a circle without a wait ends.
        let mut passed = Passed::default();
        loop {
            let Some(step) = program.steps.get(at) else { return };
            if let StepKind::Trigger(_) = &step.kind {
                self.arm(pass, at, step, when);
                return;
            }
            self.entered(pass.live, at, pass.contact);
            if !passed.first_time(at) {
                if let Some(delta) = self.delta(pass.live, at) {
                    delta.ended += 1;
                }
                self.note(pass, step.id, None, when, || {
                    "It was here already without a wait between".into()
                });
                return;
            }
            let mut why = Why::default();
            match self.pass_step(pass, at, step, when, &mut why) {
                Outcome::Leaves(exit) => match self.left(pass, at, exit, when, || why) {
                    Some(next) => at = next,
                    None => return,
                },
                Outcome::Stays => {
                    self.note(pass, step.id, None, when, || why);
                    return;
                }
                Outcome::Ends => {
                    if let Some(delta) = self.delta(pass.live, at) {
                        delta.ended += 1;
                    }
                    self.note(pass, step.id, None, when, || why);
                    return;
                }
            }
        }
    }

    /// Arriving at a trigger ends the pass and arms the contact.
    fn arm(&mut self, pass: &Pass, at: usize, step: &Step, when: i64) {
        if let Some(live) = self.lives.get_mut(pass.live)
            && let (Some(node), Some(delta)) = (live.nodes.get_mut(at), live.deltas.get_mut(at))
        {
            node.armed.insert(pass.contact);
            node.disarmed.remove(pass.contact);
            delta.armed.insert(pass.contact);
            delta.disarmed.remove(pass.contact);
        }
        self.note(pass, step.id, None, when, || ARMED.into());
    }

    fn pass_step(&mut self, pass: &Pass, at: usize, step: &Step, when: i64, why: &mut Why) -> Outcome {
        match &step.kind {
            StepKind::Start | StepKind::Trigger(_) => Outcome::Ends,
            StepKind::Finish => Outcome::Ends,
            StepKind::Condition(condition) => {
                let holds = self.ask(pass, condition, when, why);
                Outcome::Leaves(u8::from(!holds))
            }
            StepKind::Add(add) => {
                self.add(pass, step, add, when, why);
                Outcome::Leaves(0)
            }
            StepKind::Remove(segments) => {
                let actor = actor(pass, step, when);
                let left = segments
                    .iter()
                    .filter(|segment| self.join(actor, **segment, pass.contact, false, pass.depth))
                    .count();
                if left == 0 {
                    *why = "Was no member".into();
                }
                Outcome::Leaves(0)
            }
            StepKind::Set(set) => {
                self.set(pass, step, set, when, why);
                Outcome::Leaves(0)
            }
            StepKind::Send(send) => {
                let text = self.log_mut().text_number(&send.subject);
                let event = Raw {
                    when,
                    contact: pass.contact,
                    kind: send.channel.sent(),
                    amount: NONE,
                    text,
                    order: NO,
                };
                let row = self.log_mut().push(event, &[]);
                self.outbox.push((send.channel, pass.contact, when, text));
                self.follow(Derived::Event(row), pass.contact, when, pass.depth);
                Outcome::Leaves(0)
            }
            StepKind::Split(split) => {
                let exit = self.share(pass, step.id, &split.shares);
                Outcome::Leaves(exit)
            }
            StepKind::Wait(wait) => {
                let value = |id| self.value(id, pass.contact);
                let due = match lasts(&wait.until, when, &self.zone, &value) {
                    Lasts::Ends => {
                        *why = "The date is empty or past".into();
                        return Outcome::Ends;
                    }
                    Lasts::Until(due) => due,
                };
                if due <= when {
                    // With two exits the time is out at once.
                    let activity = matches!(wait.until, UntilStep::Activity(..));
                    return Outcome::Leaves(u8::from(activity));
                }
                let live = self.lives.get(pass.live);
                let here = |wait: &Waiting| wait.node == step.id;
                let others = live.map(|live| live.waits.those(pass.contact, here));
                let mut others = others.into_iter().flatten().peekable();
                match wait.again {
                    Again::Keep if others.peek().is_some() => {
                        *why = "Another pass of hers waits here already".into();
                        return Outcome::Ends;
                    }
                    Again::Restart => {
                        for id in others {
                            self.end_wait(pass.live, at, id);
                        }
                    }
                    Again::Keep | Again::Both => {}
                }
                self.wait(pass.live, self.waiting(pass, step.id, when, due));
                Outcome::Stays
            }
        }
    }

    /// A wait ends because another takes its place.
    fn end_wait(&mut self, live: usize, place: usize, id: u64) {
        if let Some(one) = self.lives.get_mut(live)
            && one.waits.end(id).is_some()
            && let Some(delta) = one.deltas.get_mut(place)
        {
            delta.ended += 1;
        }
    }

    fn waiting(&self, pass: &Pass, node: NodeId, when: i64, due: i64) -> Waiting {
        Waiting {
            id: 0,
            contact: pass.contact,
            node,
            due,
            clock: Clock::Wall,
            entered: when,
            began: pass.began,
            trigger: pass.trigger,
            latest: pass.latest,
            version: pass.program.version,
            of: WaitOf::Pass,
        }
    }

    /// Asks a condition.
    fn ask(&self, pass: &Pass, condition: &ConditionStep, when: i64, why: &mut Why) -> bool {
        let decision = Decision {
            contact: pass.contact,
            began: pass.began,
            asked: Asked {
                log: &self.log,
                trigger: pass.trigger,
                latest: pass.latest,
                now: when,
                zone: &self.zone,
                field: &|id| self.value(id, pass.contact),
            },
            member: &|segment| {
                let members = self.members.get(&segment);
                members.is_some_and(|set| set.contains(pass.contact))
            },
        };
        if self.trace.is_some() {
            *why = condition.told(&decision).into();
        }
        condition.holds(&decision)
    }

    fn add(&mut self, pass: &Pass, step: &Step, add: &AddToSegment, when: i64, why: &mut Why) {
        let actor = actor(pass, step, when);
        for segment in &add.remove_from {
            self.join(actor, *segment, pass.contact, false, pass.depth);
        }
        let (mut joined, mut full) = (false, false);
        for segment in &add.segments {
            let members = self.members.get(segment);
            let no_room = add.at_most > 0
                && members.is_some_and(|set| set.len() >= add.at_most && !set.contains(pass.contact));
            full |= no_room;
            if no_room {
                continue;
            }
            let came = self.join(actor, *segment, pass.contact, true, pass.depth);
            joined |= came;
            if add.for_days > 0 {
                let due = when + i64::from(add.for_days) * DAY;
                self.promise(pass, step, add, *segment, came, when, due);
            }
        }
        if full && !joined {
            *why = "The segment has as many members as it may".into();
        } else if !joined {
            *why = "Was a member already".into();
        }
    }

    /// A membership is to end by itself: one that began now, or one that is renewed, which never shortens it. What is
    /// for good stays so.
    #[allow(
        clippy::too_many_arguments,
        reason = "each names one thing about one membership"
    )]
    fn promise(
        &mut self,
        pass: &Pass,
        step: &Step,
        add: &AddToSegment,
        segment: SegmentId,
        came: bool,
        when: i64,
        due: i64,
    ) {
        if !came {
            let until = self.promised(segment, pass.contact);
            if !add.renew || until.is_none_or(|until| until >= due) {
                return;
            }
            self.end_promises(segment, pass.contact);
        }
        let mut wait = self.waiting(pass, step.id, when, due);
        wait.of = WaitOf::Membership(segment);
        self.wait(pass.live, wait);
    }

    fn set(&mut self, pass: &Pass, step: &Step, set: &SetStep, when: i64, why: &mut Why) {
        let old = self.value(set.def.id, pass.contact);
        if set.only_if_empty && !old.is_empty() {
            *why = "It has a value already".into();
            return;
        }
        let Some(cell) = self.new_value(pass, set, &old, when) else {
            *why = "The value is none that this field can have".into();
            return;
        };
        // Nobody who unsubscribed is subscribed again without her doing.
        let status = set.def.id == model::field::NEWSLETTER_STATUS || set.def.id == model::field::SMS_STATUS;
        if status && old == Cell::Text("unsubscribed".into()) && cell != old {
            *why = "Whoever unsubscribed stays so".into();
            return;
        }
        if cell.is_empty() && set.def.required {
            *why = "The field is required, so it can’t be cleared".into();
            return;
        }
        if !self.write(
            actor(pass, step, when),
            set.def.id,
            pass.contact,
            cell,
            pass.depth,
        ) {
            *why = "It is so already".into();
        }
    }

    fn new_value(&self, pass: &Pass, set: &SetStep, old: &Cell, when: i64) -> Option<Cell> {
        let mut scratch = String::new();
        let typed = |text: &str, scratch: &mut String| match set.parser.parse(text, scratch).ok()? {
            Parsed::Empty if set.def.kind.is_number() => Some(Cell::Number(NONE)),
            Parsed::Empty => Some(Cell::Text("".into())),
            Parsed::Text(text) => Some(Cell::Text(text.into())),
            Parsed::Number(number) => Some(Cell::Number(number)),
        };
        match &set.value {
            SetValue::Cell(cell) => Some(cell.clone()),
            SetValue::Now => match set.def.kind {
                FieldType::Day => Some(Cell::Number(self.zone.day(when))),
                FieldType::Instant => Some(Cell::Number(when)),
                _ => None,
            },
            SetValue::Event(attribute) => {
                let values = of_event(&self.log, pass.latest, *attribute);
                let text = values.first()?.told();
                typed(&text, &mut scratch)
            }
            SetValue::Field(from) => {
                let cell = self.value(from.id, pass.contact);
                if from.kind == set.def.kind {
                    return Some(cell);
                }
                let mut text = String::new();
                crate::view::printed_cell(from, &cell, &crate::value::Style::ISO, &mut text);
                typed(&text, &mut scratch)
            }
            SetValue::Plus(number) => {
                let old = match old {
                    Cell::Number(NONE) | Cell::Text(_) => 0,
                    Cell::Number(old) => *old,
                };
                match set.def.kind {
                    FieldType::Integer => old
                        .checked_add(*number)
                        .filter(|sum| *sum != NONE)
                        .map(Cell::Number),
                    FieldType::Decimal => {
                        decimal::from_key(decimal::key(old) + decimal::key(*number)).map(Cell::Number)
                    }
                    _ => None,
                }
            }
            SetValue::Option(option, with) => {
                let Cell::Text(old) = old else { return None };
                let others = old.split('|').filter(|one| !one.is_empty() && one != option);
                let mut chosen: Vec<&str> = others.collect();
                if *with {
                    if set.def.kind == FieldType::Radio {
                        chosen.clear();
                    }
                    chosen.push(option);
                }
                typed(&chosen.join("|"), &mut scratch)
            }
        }
    }

    /// Which way a contact goes at a split: by her number, the node and when her pass began, the same at every run.
    fn share(&self, pass: &Pass, node: NodeId, shares: &[u8]) -> u8 {
        let mut bytes = [0u8; 16];
        bytes[..4].copy_from_slice(&pass.contact.to_le_bytes());
        bytes[4..8].copy_from_slice(&node.0.to_le_bytes());
        bytes[8..].copy_from_slice(&pass.began.to_le_bytes());
        let mut drawn = (xxhash_rust::xxh3::xxh3_64(&bytes) % 100) as u8;
        for (exit, share) in shares.iter().enumerate() {
            if drawn < *share {
                return exit as u8;
            }
            drawn -= share;
        }
        shares.len().saturating_sub(1) as u8
    }

    /// A wait is due: the contact goes on.
    pub(super) fn wake(&mut self, at: usize, id: u64) {
        let Some(live) = self.lives.get_mut(at).filter(|live| live.paused.is_none()) else {
            return;
        };
        let Some(wait) = live.waits.end(id) else { return };
        debug_assert!(
            self.alive.contains(wait.contact),
            "the waits of whoever is gone are over"
        );
        let newest = live.program.clone();
        let older = live.older.iter().find(|program| program.version == wait.version);
        let program = older.cloned().unwrap_or_else(|| newest.clone());
        let Some(place) = program.place(wait.node) else {
            return;
        };
        let Some(step) = program.steps.get(place) else {
            return;
        };
        let pass = Pass {
            live: at,
            contact: wait.contact,
            began: wait.began,
            trigger: wait.trigger,
            latest: wait.latest,
            depth: 0,
            program: program.clone(),
        };
        match &step.kind {
            StepKind::Wait(one) => {
                let exit = u8::from(matches!(one.until, UntilStep::Activity(..)));
                self.leave(&pass, place, exit, wait.due, || "The time has come".into());
            }
            StepKind::Add(_) => {
                if let Some(segment) = wait.segment() {
                    self.join(actor(&pass, step, wait.due), segment, wait.contact, false, 0);
                }
                self.note(&pass, step.id, None, wait.due, || {
                    "The days of the membership are over".into()
                });
            }
            StepKind::Trigger(trigger) => {
                if let OnStep::Cart(_, filter) = &trigger.on
                    && self.is_armed(at, place, wait.contact)
                    && let Some(row) = self.abandoned(&wait)
                    && filter.passes(&self.log, row, None, &|id| self.value(id, wait.contact))
                {
                    self.fire(at, place, wait.contact, wait.due, Some(row), 0);
                }
            }
            _ => {}
        }
    }

    /// Waits of a contact that an activity ends.
    pub(super) fn end_activity_waits(
        &mut self,
        at: usize,
        row: u32,
        contact: u32,
        kind: EventKind,
        when: i64,
        depth: u8,
    ) {
        let Some(live) = self.lives.get(at) else { return };
        for id in live.waits.of(contact) {
            let Some(live) = self.lives.get(at) else { return };
            let Some(wait) = live.waits.get(id).cloned() else {
                continue;
            };
            let older = live.older.iter().find(|program| program.version == wait.version);
            let program = older.unwrap_or(&live.program).clone();
            let Some(place) = program.place(wait.node) else {
                continue;
            };
            let Some(StepKind::Wait(step)) = program.steps.get(place).map(|step| &step.kind) else {
                continue;
            };
            let UntilStep::Activity(matched, _) = &step.until else {
                continue;
            };
            // An older event that is told now did not end a wait that began after it.
            if matched.kind != kind
                || when < wait.entered
                || !self.matches(matched, row, contact, when, wait.trigger)
            {
                continue;
            }
            if let Some(live) = self.lives.get_mut(at) {
                live.waits.end(id);
            }
            let pass = Pass {
                live: at,
                contact,
                began: wait.began,
                trigger: wait.trigger,
                latest: Some(row),
                depth,
                program,
            };
            self.leave(&pass, place, 0, when, || HAPPENED.into());
        }
    }

    /// Whether an event is one that counts.
    pub(super) fn matches(
        &self,
        matched: &MatchStep,
        row: u32,
        contact: u32,
        when: i64,
        trigger: Option<u32>,
    ) -> bool {
        let field = |id| self.value(id, contact);
        let passes = |row: u32| matched.filter.passes(&self.log, row, trigger, &field);
        if !passes(row) {
            return false;
        }
        if matched.nth == 0 && matched.ignore_minutes == 0 {
            return true;
        }
        let since = match matched.within_days {
            0 => i64::MIN,
            days => when - i64::from(days) * DAY,
        };
        let mut count = 0;
        let mut repeat = false;
        for other in self.log.chain(contact) {
            let one = self.log.row(other);
            if one.kind() != Some(matched.kind) || one.when() > when || !passes(other) {
                continue;
            }
            let apart = when - one.when();
            repeat |= other != row && apart < i64::from(matched.ignore_minutes) * MINUTE;
            if one.when() > since {
                count += 1;
            }
        }
        !repeat && (matched.nth == 0 || count == matched.nth)
    }
}

fn actor<'a>(pass: &'a Pass, step: &'a Step, when: i64) -> Actor<'a> {
    Actor {
        workflow: pass.program.id,
        name: &pass.program.name,
        version: pass.program.version,
        node: step.id,
        node_name: &step.name,
        when,
        event: pass.latest,
    }
}

/// The nodes that a leg has passed, without an allocation for graphs of the usual size.
#[derive(Default)]
struct Passed {
    small: u128,
    large: Vec<usize>,
}

impl Passed {
    fn first_time(&mut self, place: usize) -> bool {
        if place < 128 {
            let bit = 1u128 << place;
            let first = self.small & bit == 0;
            self.small |= bit;
            return first;
        }
        let first = !self.large.contains(&place);
        if first {
            self.large.push(place);
        }
        first
    }
}
