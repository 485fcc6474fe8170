//! A simulation under way: the generator's events go through the machine, a batch at a time.

use super::generator::{Generated, GeneratedText, Generator};
use super::recorded::{Past, Recorded};
use crate::bits::Marks;
use crate::column::NONE;
use crate::events::{NO, Raw, RawItem};
use crate::refused::Refused;
use crate::value::date::DAY;
use crate::workflow::state::Clock;
use crate::workflow::{Base, Begins, Machine};
use crate::workspace::{Prepared, Workspace};
use litemap::LiteMap;
use model::event::{EVENTS, EventKind, Product};
use model::simulation::{SegmentShift, SimulateOn, SimulationReport, SimulationSpec};
use model::workflow::{StateChange, WorkflowState};
use model::{ChangeId, SegmentId, WorkflowId};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// A simulation under way.
#[derive(Debug)]
pub struct Simulation {
    spec: SimulationSpec,
    products: Vec<Product>,
    generator: Generator,
    /// In the place of what the generator makes up: what is recorded.
    recorded: Option<Recorded>,
    machine: Machine,
    begins: Begins,
    /// The numbers that the machine's log has for products and texts, where they were asked for since it is that log.
    numbered: bool,
    product_numbers: Vec<u32>,
    /// Those of searches, pages, the form and ways to pay, as far as they are known.
    text_numbers: [Vec<u32>; 4],
    subjects: FxHashMap<u32, Rc<str>>,
    /// The first change set.
    run: Option<ChangeId>,
    from: i64,
    /// Up to when everything happened.
    reached: i64,
    before: LiteMap<SegmentId, RoaringBitmap>,
    population: RoaringBitmap,
    /// Whether all of the population live.
    all_live: bool,
    events: [u64; EVENTS.len()],
    contacts: Marks,
    amount: i64,
    /// The workflow of a dry run.
    tested: Option<WorkflowId>,
}

impl Simulation {
    /// Begins a simulation on a workspace, or on a copy of one; a dry run's workflow is made active there. `now` is the
    /// wall clock, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Refused`] where the population's segment is gone, the spec makes no sense, or the dry run's workflow has faults.
    pub fn new(workspace: &mut Workspace, spec: SimulationSpec, now: i64) -> Result<Simulation, Refused> {
        check(&spec)?;
        let from = spec.from.unwrap_or_else(|| workspace.clock(now));
        let population = match spec.population {
            Some(segment) => {
                workspace.segment(segment).ok_or(Refused::NoSuchSegment)?;
                workspace.members(segment)
            }
            None => workspace.alive().clone(),
        };
        let (mut tested, mut recorded) = (None, None);
        if let (Some(dry), SimulateOn::Copy) = (&spec.workflow, spec.on) {
            let (graph, name) = (&dry.graph, dry.name.as_str());
            if dry.recorded {
                let zone = &workspace.zone;
                let until = zone.moment((zone.day(from) + i64::from(spec.days)) * DAY);
                recorded = Some(workspace.rewind(from, until, &population));
            }
            // What is tried takes the place of what is active under its name.
            let active = dry.id.and_then(|id| workspace.workflow(id));
            if let Some(def) = active.filter(|def| def.state == WorkflowState::Active) {
                let (_, prepared) = workspace.change_workflow(from, def.id, StateChange::Pause)?;
                workspace.apply_all(prepared);
            }
            tested = Some(match dry.others {
                true => workspace.with_active(graph, name, from)?,
                false => workspace.only(graph, name, from)?,
            });
        }
        let products = workspace.catalogue().to_vec();
        let generator = Generator::new(&spec, &population, &products, from, workspace.zone.clone());
        let before = workspace
            .segments()
            .map(|def| (def.id, workspace.members(def.id)))
            .collect();
        let machine = Machine::new(workspace, Clock::Simulated, from)?;
        if let Some(recorded) = &recorded {
            workspace.with(&recorded.came);
        }
        Ok(Simulation {
            before,
            population,
            all_live: false,
            machine,
            begins: Begins::for_all(from),
            recorded,
            numbered: false,
            product_numbers: Vec::new(),
            text_numbers: Default::default(),
            subjects: FxHashMap::default(),
            run: None,
            reached: from,
            events: [0; EVENTS.len()],
            contacts: Marks::default(),
            amount: 0,
            products,
            generator,
            spec,
            from,
            tested,
        })
    }

    /// Looks at the workspace anew where somebody else changed it since the last batch.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn freshen(&mut self, workspace: &Workspace) -> Result<(), Refused> {
        if self.machine.is_stale(workspace) {
            self.machine = Machine::new(workspace, Clock::Simulated, self.reached)?;
            self.numbered = false;
            self.begins = Begins::for_all(self.reached);
        }
        Ok(())
    }

    /// Whether what was simulated so far still stands; if not, there is nothing to go on from.
    pub fn stands(&self, workspace: &Workspace) -> bool {
        let run = self.run.map(|run| workspace.journal().get(run));
        run.is_none_or(|entry| entry.is_some_and(|entry| entry.standing.stands))
    }

    /// Asks the machine anew who lives, and its log for the numbers of products and texts.
    fn number(&mut self) {
        self.numbered = true;
        self.all_live = self.machine.know(&self.population);
        self.text_numbers = Default::default();
        self.subjects.clear();
        let log = self.machine.log_mut();
        self.product_numbers = self
            .products
            .iter()
            .map(|product| log.product_number(product))
            .collect();
    }

    /// Up to when everything happened, in milliseconds since 1970.
    pub fn reached(&self) -> i64 {
        self.reached
    }

    /// When it ends.
    pub fn until(&self) -> i64 {
        self.generator.until()
    }

    /// How far it is, in thousandths, and how many events there were.
    pub fn progress(&self) -> (u16, u64) {
        let (all, done) = ((self.until() - self.from).max(1), self.reached - self.from);
        let fine = i64::from(self.generator.progress()).max(done * 1000 / all);
        (fine.clamp(0, 1000) as u16, self.events.iter().sum())
    }

    /// The end of the day in which it stands, at most its own end: where a batch ends at the latest.
    pub fn next_midnight(&self, workspace: &Workspace) -> i64 {
        let zone = &workspace.zone;
        let next = zone.moment((zone.day(self.reached) + 1) * DAY);
        next.max(self.reached + 1).min(self.until())
    }

    /// Lets up to `most` events happen, all before `limit`; says whether that moment was reached.
    ///
    /// Who waits goes on exactly when she is due, so it does not matter where batches end.
    pub fn step(&mut self, limit: i64, most: usize) -> bool {
        let limit = limit.min(self.until());
        if !self.numbered {
            self.number();
        }
        let mut most = most;
        if !self.begins.step(&mut self.machine, &mut most) {
            return false;
        }
        for _ in 0..most {
            let due = self.machine.next_due().filter(|due| *due < limit);
            let before = due.unwrap_or(limit);
            let happened = match &self.recorded {
                Some(_) => self.happens_again(before),
                None => match self.generator.next(before) {
                    Some(event) => {
                        self.happen(&event);
                        true
                    }
                    None => false,
                },
            };
            match (happened, due) {
                (true, _) => {}
                // One of them: as many as there are contacts may be due at one moment.
                (false, Some(due)) => drop(self.machine.wake_next(due)),
                (false, None) => {
                    self.machine.now = self.machine.now.max(limit);
                    self.reached = limit;
                    return true;
                }
            }
            if !self.machine.outbox.is_empty() {
                self.deliver();
            }
        }
        false
    }

    /// Lets the next thing that is recorded before a moment happen; says whether there was one.
    fn happens_again(&mut self, before: i64) -> bool {
        let past = self.recorded.as_mut().and_then(|recorded| recorded.next(before));
        match past {
            Some(Past::Came(contact, when)) => self.machine.come(contact, when),
            Some(Past::Event(event, items, origin)) if self.machine.knows(event.contact) => {
                self.machine.log_mut().begin(origin);
                self.count(event.contact, event.kind, event.amount);
                self.machine.event(event, &items);
            }
            Some(Past::Event(..)) => {}
            None => return false,
        }
        true
    }

    fn count(&mut self, contact: u32, kind: EventKind, total: i64) {
        if let Some(count) = self.events.get_mut(kind as usize) {
            *count += 1;
        }
        self.contacts.insert(contact);
        if kind == EventKind::Purchase && total != NONE {
            self.amount = self.amount.saturating_add(total);
        }
    }

    fn happen(&mut self, event: &Generated) {
        // Whoever was deleted since the simulation began stays away.
        if !self.all_live && !self.machine.knows(event.contact) {
            return;
        }
        let text = self.text(&event.text);
        let mut items = [RawItem {
            product: NO,
            quantity: 0,
            price: 0,
        }; 4];
        for (item, (product, quantity)) in items.iter_mut().zip(event.items.iter()) {
            *item = RawItem {
                product: self
                    .product_numbers
                    .get(usize::from(product))
                    .copied()
                    .unwrap_or(NO),
                quantity: u32::from(quantity),
                price: self.generator.price(product),
            };
        }
        let raw = Raw {
            when: event.when,
            contact: event.contact,
            kind: event.kind,
            amount: event.total,
            text,
            order: NO,
        };
        self.machine
            .event(raw, items.get(..event.items.len()).unwrap_or_default());
        self.count(event.contact, event.kind, event.total);
    }

    fn text(&mut self, text: &GeneratedText) -> u32 {
        let [searches, pages, forms, payments] = &mut self.text_numbers;
        let (known, at) = match text {
            GeneratedText::None => return NO,
            GeneratedText::Message(subject) => return self.machine.log_mut().text_number(subject),
            GeneratedText::Search(number) => (searches, usize::from(*number)),
            GeneratedText::Page(number) => (pages, usize::from(*number)),
            GeneratedText::Form => (forms, 0),
            GeneratedText::Payment(number) => (payments, usize::from(*number)),
        };
        if known.len() <= at {
            known.resize(at + 1, NO);
        }
        let Some(place) = known.get_mut(at) else { return NO };
        if *place == NO {
            *place = self.machine.log_mut().text_number(self.generator.text(text));
        }
        *place
    }

    /// Messages that went out are opened and clicked by their chances.
    fn deliver(&mut self) {
        for (channel, contact, when, text) in std::mem::take(&mut self.machine.outbox) {
            let log = &self.machine.log;
            let subject = self.subjects.entry(text).or_insert_with(|| log.text(text).into());
            // Whether recorded messages were opened is recorded, too.
            if self.recorded.is_none() {
                self.generator.sent(channel, contact, when, subject);
            }
            if let Some(count) = self.events.get_mut(channel.sent() as usize) {
                *count += 1;
            }
        }
    }

    /// Everything since the last batch as change sets; the caller stores them, applies them, and says so.
    pub fn close(&mut self, workspace: &mut Workspace, now: i64) -> Vec<Prepared> {
        let spec = self.run.is_none().then(|| {
            // The graph of a dry run is kept by its workflow.
            Box::new(SimulationSpec {
                workflow: None,
                ..self.spec.clone()
            })
        });
        let base = Base::Simulation {
            run: self.run,
            until: self.reached,
            spec,
        };
        self.machine.close(workspace, now, base)
    }

    /// What was closed is a part of the workspace now.
    pub fn applied(&mut self, workspace: &Workspace, first: Option<ChangeId>) {
        self.run = self.run.or(first);
        self.machine.applied(workspace);
        self.numbered = false;
    }

    /// What it gave so far.
    pub fn report(&mut self, workspace: &Workspace) -> SimulationReport {
        let counts = EVENTS
            .iter()
            .zip(self.events)
            .map(|((kind, ..), count)| (*kind, count));
        let shift = |def: &model::SegmentDef| {
            let none = RoaringBitmap::new();
            let (before, after) = (
                self.before.get(&def.id).unwrap_or(&none),
                workspace.members(def.id),
            );
            let (came, went) = ((&after - before).len(), (before - &after).len());
            (came + went > 0).then(|| SegmentShift {
                segment: def.id,
                name: def.name.clone(),
                before: before.len(),
                after: after.len(),
                came,
                went,
            })
        };
        let ran = |def: &&model::workflow::WorkflowDef| {
            def.state == WorkflowState::Active
                || Some(def.id) == self.tested
                || workspace.flows.get(def.id).is_some()
        };
        let workflows = workspace.workflows().filter(ran);
        let stats = workflows.map(|def| (def.id, def.name.clone(), workspace.stats(def)));
        SimulationReport {
            change: self.run.filter(|_| self.spec.on == SimulateOn::Real),
            from: self.from,
            until: self.reached,
            events: counts.filter(|(_, count)| *count > 0).collect(),
            contacts: self.contacts.count(),
            amount: self.amount,
            segments: workspace.segments().filter_map(shift).collect(),
            workflows: stats.collect(),
            hash: workspace.state_hash(),
            copy: self.spec.on == SimulateOn::Copy,
            tested: self.tested,
        }
    }
}

/// Refuses what makes no sense.
fn check(spec: &SimulationSpec) -> Result<(), Refused> {
    let wrong = |setting: &str, value: u64| {
        Err(Refused::BadSetting {
            setting: setting.to_owned(),
            value: value.to_string(),
        })
    };
    match (spec.days, spec.visits_per_day) {
        (0, _) | (3_651.., _) => wrong("Days", u64::from(spec.days)),
        (_, 0) | (_, 5_000_001..) => wrong("Visits a day", u64::from(spec.visits_per_day)),
        _ => Ok(()),
    }
}
