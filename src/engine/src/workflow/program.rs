//! A workflow made ready to run: its graph with the nodes in the place of their numbers.

use super::value::Test;
use crate::column::Cell;
use crate::events::{CompiledBehaviour, CompiledFilter};
use crate::refused::Refused;
use crate::value::Parser;
use crate::workspace::Workspace;
use model::event::{Attribute, EVENTS, EventFilter, EventKind};
use model::field::{EMAIL, EXTERNAL_ID};
use model::workflow::node::{
    Again, Condition, EventMatch, Limits, NewValue, On, Otherwise, Split, Start, Until,
};
use model::workflow::{Graph, NodeKind, WorkflowDef};
use model::{FieldDef, FieldId, Mode, NodeId, SegmentId};

/// A workflow that is ready to run. Nodes are named by their place in it.
#[derive(Debug)]
pub struct Program {
    /// The workflow.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Whom it is for.
    pub start: Start,
    /// Start's own place, to count who began there.
    pub start_at: usize,
    /// Where Start leads.
    pub first: Vec<usize>,
    /// The nodes.
    pub steps: Vec<Step>,
    /// The fields that it names.
    fields: Vec<FieldId>,
    /// The triggers on each kind of event.
    by_kind: [Vec<usize>; EVENTS.len()],
}

/// A node that is ready to run.
#[derive(Debug)]
pub struct Step {
    /// The node.
    pub id: NodeId,
    /// What it is called.
    pub name: String,
    /// What it does.
    pub kind: StepKind,
    /// Where each exit leads.
    pub next: Vec<Option<usize>>,
    /// Whether it is a trigger right behind Start, which is armed for the whole audience.
    pub behind_start: bool,
}

/// What a node does.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a workflow has some hundred nodes at most, and each is met in the hot loop"
)]
pub enum StepKind {
    /// Start, which nobody passes.
    Start,
    /// Waits for something.
    Trigger(TriggerStep),
    /// Leaves by exit 0 (YES) or 1 (NO).
    Condition(ConditionStep),
    /// Adds to segments.
    Add(model::workflow::node::AddToSegment),
    /// Removes from segments.
    Remove(Vec<SegmentId>),
    /// Writes a value.
    Set(SetStep),
    /// Waits.
    Wait(WaitStep),
    /// Leaves by shares.
    Split(Split),
    /// Sends a message.
    Send(model::workflow::node::Send),
    /// Ends the pass.
    Finish,
}

/// A trigger that is ready.
#[derive(Debug)]
pub struct TriggerStep {
    /// What must happen.
    pub on: OnStep,
    /// How often it counts.
    pub limits: Limits,
}

/// What must happen.
#[derive(Debug)]
pub enum OnStep {
    /// An event.
    Event(MatchStep),
    /// An idle cart: minutes, and which carts.
    Cart(u32, CompiledFilter),
    /// Somebody enters one of these segments.
    Enter(Vec<SegmentId>),
    /// Somebody leaves one of these segments.
    Leave(Vec<SegmentId>),
    /// A field changes, only to this value if one is given.
    Field(FieldId, Option<Cell>),
    /// A day that a date field names.
    Date {
        /// The field.
        field: FieldId,
        /// So many days later.
        offset: i64,
        /// Every year.
        yearly: bool,
        /// The minute of the day.
        minute: i64,
        /// Whether the field holds moments.
        instant: bool,
    },
}

impl OnStep {
    /// The kind of event at which it is looked at.
    fn event(&self) -> Option<EventKind> {
        match self {
            OnStep::Event(matched) => Some(matched.kind),
            OnStep::Cart(..) => Some(EventKind::CartAbandoned),
            _ => None,
        }
    }
}

/// Which events count.
#[derive(Debug)]
pub struct MatchStep {
    /// What must be done.
    pub kind: EventKind,
    /// Which of it.
    pub filter: CompiledFilter,
    /// Only the n-th; 0 for each.
    pub nth: u32,
    /// For `nth`: within so many days; 0 for ever.
    pub within_days: u32,
    /// Repeats within so many minutes don't count.
    pub ignore_minutes: u32,
}

/// A question.
#[derive(Debug)]
pub enum ConditionStep {
    /// Tests of values.
    Check(Mode, Vec<Test>),
    /// A field has a value.
    Has(FieldId),
    /// Membership of any one, or of all.
    In(Vec<SegmentId>, bool),
    /// What the contact did.
    Did(Box<CompiledBehaviour>),
}

/// A value to be written.
#[derive(Debug)]
pub struct SetStep {
    /// The field.
    pub def: FieldDef,
    /// Reads values of other kinds.
    pub parser: Parser,
    /// The value.
    pub value: SetValue,
    /// Only where it is empty.
    pub only_if_empty: bool,
}

/// Where a value comes from.
#[derive(Debug)]
pub enum SetValue {
    /// This one; an empty one clears.
    Cell(Cell),
    /// An attribute of the latest event.
    Event(Attribute),
    /// Another field.
    Field(FieldDef),
    /// The moment.
    Now,
    /// The number plus this one, in the form of the column.
    Plus(i64),
    /// With (true) or without an option.
    Option(String, bool),
}

/// A wait that is ready.
#[derive(Debug)]
pub struct WaitStep {
    /// Until when.
    pub until: UntilStep,
    /// When somebody waits already.
    pub again: Again,
}

/// Until when somebody waits.
#[derive(Debug)]
pub enum UntilStep {
    /// So many minutes.
    Period(i64),
    /// An activity, or at most so many minutes.
    Activity(MatchStep, i64),
    /// A moment.
    Moment(i64),
    /// The next of these weekdays (bits from Monday), at a minute.
    Weekday(u8, i64),
    /// These weekdays between two minutes.
    Hours(u8, i64, i64),
    /// A day that a date field names.
    Date {
        /// The field.
        field: FieldId,
        /// So many days later.
        offset: i64,
        /// The minute of the day.
        minute: i64,
        /// Every year.
        yearly: bool,
        /// Whether the field holds moments.
        instant: bool,
        /// Where it is empty or past.
        otherwise: Otherwise,
    },
}

impl Program {
    /// Makes a workflow ready.
    ///
    /// # Errors
    /// [`Refused`] where a node names what does not exist, or a value that is none: the checks before activation find
    /// it, too.
    pub fn new(workspace: &Workspace, def: &WorkflowDef) -> Result<Program, Refused> {
        let graph = &def.graph;
        let place = |id: NodeId| graph.nodes.iter().position(|node| node.id == id);
        let start_node = graph.start().ok_or(Refused::NoStart)?;
        let NodeKind::Start(start) = &start_node.kind else {
            return Err(Refused::NoStart);
        };
        let first: Vec<usize> = graph.targets(start_node.id, 0).filter_map(place).collect();
        let mut steps = Vec::with_capacity(graph.nodes.len());
        for (at, node) in graph.nodes.iter().enumerate() {
            let exits = node.kind.exits().len();
            let next = (0..exits).map(|exit| graph.targets(node.id, exit as u8).next().and_then(place));
            steps.push(Step {
                id: node.id,
                name: called(graph, node.id),
                kind: step(workspace, &node.kind)?,
                next: next.collect(),
                behind_start: first.contains(&at) && matches!(node.kind, NodeKind::Trigger(_)),
            });
        }
        let mut by_kind: [Vec<usize>; EVENTS.len()] = Default::default();
        for (place, step) in steps.iter().enumerate() {
            let kind = match &step.kind {
                StepKind::Trigger(trigger) => trigger.on.event(),
                _ => None,
            };
            if let Some(places) = kind.and_then(|kind| by_kind.get_mut(usize::from(kind.number()))) {
                places.push(place);
            }
        }
        Ok(Program {
            by_kind,
            id: def.id.0,
            name: def.name.clone(),
            version: def.version,
            start: start.clone(),
            fields: super::uses::fields(graph),
            start_at: place(start_node.id).unwrap_or_default(),
            first,
            steps,
        })
    }

    /// Makes a finalized or deleted workflow ready: of all that it did only the ends of memberships for some days are left.
    ///
    /// # Errors
    /// [`Refused::NoStart`].
    pub fn ends_memberships(workspace: &Workspace, def: &WorkflowDef) -> Result<Program, Refused> {
        let mut def = def.clone();
        def.graph.edges.clear();
        for node in &mut def.graph.nodes {
            node.kind = match std::mem::replace(&mut node.kind, NodeKind::Finish) {
                NodeKind::Start(_) => NodeKind::Start(Start::default()),
                NodeKind::AddToSegment(mut add) => {
                    // A segment that is gone has nobody to lose.
                    add.segments.retain(|id| workspace.segment(*id).is_some());
                    NodeKind::AddToSegment(add)
                }
                _ => NodeKind::Finish,
            };
        }
        Program::new(workspace, &def)
    }

    /// The place of a node.
    pub fn place(&self, id: NodeId) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }

    /// Where event-less passes begin: actions and conditions right behind Start.
    pub fn actions(&self) -> impl Iterator<Item = usize> + '_ {
        let first = self.first.iter().copied();
        first.filter(|at| {
            self.steps
                .get(*at)
                .is_some_and(|step| !matches!(step.kind, StepKind::Trigger(_)))
        })
    }

    /// Whether a value of a field may be asked for on the way.
    pub fn names_field(&self, id: FieldId) -> bool {
        self.fields.contains(&id)
    }

    /// The places of the triggers on a kind of event.
    pub fn triggers_on(&self, kind: EventKind) -> &[usize] {
        self.by_kind
            .get(usize::from(kind.number()))
            .map_or(&[], Vec::as_slice)
    }

    /// The kinds of events that end waits.
    pub fn ending(&self) -> impl Iterator<Item = EventKind> + '_ {
        self.steps.iter().filter_map(|step| match &step.kind {
            StepKind::Wait(WaitStep {
                until: UntilStep::Activity(matched, _),
                ..
            }) => Some(matched.kind),
            _ => None,
        })
    }

    /// The triggers, each with its place.
    pub fn triggers(&self) -> impl Iterator<Item = (usize, &TriggerStep)> {
        self.steps
            .iter()
            .enumerate()
            .filter_map(|(at, step)| match &step.kind {
                StepKind::Trigger(trigger) => Some((at, trigger)),
                _ => None,
            })
    }
}

/// What a node is called: by its own name, else by what it is.
pub fn called(graph: &Graph, id: NodeId) -> String {
    match graph.node(id) {
        Some(node) if !node.name.trim().is_empty() => node.name.trim().to_owned(),
        Some(node) => node.kind.label().to_owned(),
        None => "a deleted node".to_owned(),
    }
}

fn step(workspace: &Workspace, kind: &NodeKind) -> Result<StepKind, Refused> {
    Ok(match kind {
        NodeKind::Start(_) => StepKind::Start,
        NodeKind::Trigger(trigger) => StepKind::Trigger(TriggerStep {
            on: on(workspace, &trigger.on)?,
            limits: trigger.limits,
        }),
        NodeKind::Condition(condition) => StepKind::Condition(match condition {
            Condition::Check { mode, rules } => {
                let tests = rules.iter().map(|rule| Test::new(workspace, rule));
                ConditionStep::Check(*mode, tests.collect::<Result<_, _>>()?)
            }
            Condition::HasField(id) => ConditionStep::Has(field(workspace, *id)?.id),
            Condition::InSegment { segments: of, all } => ConditionStep::In(segments(workspace, of)?, *all),
            Condition::Did(behaviour) => {
                ConditionStep::Did(Box::new(CompiledBehaviour::new(workspace, behaviour)?))
            }
        }),
        NodeKind::AddToSegment(add) => {
            segments(workspace, &add.segments)?;
            // A segment to leave that is gone has nobody to lose.
            StepKind::Add(add.clone())
        }
        NodeKind::RemoveFromSegment(of) => StepKind::Remove(segments(workspace, of)?),
        NodeKind::SetField(set) => {
            let def = field(workspace, set.field)?.clone();
            if def.id == EMAIL || def.id == EXTERNAL_ID || def.status == model::Status::ReadOnly {
                return Err(Refused::ReadOnly(def.name));
            }
            let value = match &set.value {
                NewValue::Literal(text) => SetValue::Cell(workspace.typed(&def, text)?),
                NewValue::Clear => SetValue::Cell(workspace.typed(&def, "")?),
                NewValue::Event(attribute) => SetValue::Event(*attribute),
                NewValue::Field(from) => SetValue::Field(field(workspace, *from)?.clone()),
                NewValue::Now => SetValue::Now,
                NewValue::Plus(number) => match workspace.typed(&def, number)? {
                    Cell::Number(number) => SetValue::Plus(number),
                    Cell::Text(_) => return Err(Refused::NotForThisType(def.name)),
                },
                NewValue::AddOption(option) => SetValue::Option(option.clone(), true),
                NewValue::RemoveOption(option) => SetValue::Option(option.clone(), false),
            };
            StepKind::Set(SetStep {
                parser: Parser::new(&def, &workspace.typed_rules()),
                def,
                value,
                only_if_empty: set.only_if_empty,
            })
        }
        NodeKind::Wait(wait) => StepKind::Wait(WaitStep {
            until: until(workspace, &wait.until)?,
            again: wait.again,
        }),
        NodeKind::Split(split) => StepKind::Split(split.clone()),
        NodeKind::Send(send) => StepKind::Send(send.clone()),
        NodeKind::Finish => StepKind::Finish,
    })
}

/// Tries whether a node can be made ready.
///
/// # Errors
/// As [`Program::new`].
pub fn check_step(workspace: &Workspace, kind: &NodeKind) -> Result<(), Refused> {
    step(workspace, kind).map(|_| ())
}

fn on(workspace: &Workspace, on: &On) -> Result<OnStep, Refused> {
    Ok(match on {
        On::Event(event) => OnStep::Event(matched(workspace, event)?),
        On::CartAbandoned { idle_minutes, filter } => {
            OnStep::Cart(*idle_minutes, filtered(workspace, filter)?)
        }
        On::EnterSegment(of) => OnStep::Enter(segments(workspace, of)?),
        On::LeaveSegment(of) => OnStep::Leave(segments(workspace, of)?),
        On::FieldChange { field: id, to } => {
            let def = field(workspace, *id)?;
            let to = match to.trim() {
                "" => None,
                to => Some(workspace.typed(def, to)?),
            };
            OnStep::Field(*id, to)
        }
        On::Date {
            field: id,
            offset_days,
            yearly,
            minute,
        } => OnStep::Date {
            field: *id,
            offset: i64::from(*offset_days),
            yearly: *yearly,
            minute: i64::from(*minute),
            instant: is_instant(field(workspace, *id)?)?,
        },
    })
}

fn until(workspace: &Workspace, until: &Until) -> Result<UntilStep, Refused> {
    Ok(match until {
        Until::Period(minutes) => UntilStep::Period(i64::from(*minutes)),
        Until::Activity { event, at_most } => {
            UntilStep::Activity(matched(workspace, event)?, i64::from(*at_most))
        }
        Until::Moment(at) => UntilStep::Moment(*at),
        Until::Weekday { days, minute } => UntilStep::Weekday(*days, i64::from(*minute)),
        Until::Hours { days, from, to } => UntilStep::Hours(*days, i64::from(*from), i64::from(*to)),
        Until::Date {
            field: id,
            offset_days,
            minute,
            yearly,
            otherwise,
        } => UntilStep::Date {
            field: *id,
            offset: i64::from(*offset_days),
            minute: i64::from(*minute),
            yearly: *yearly,
            instant: is_instant(field(workspace, *id)?)?,
            otherwise: *otherwise,
        },
    })
}

fn matched(workspace: &Workspace, event: &EventMatch) -> Result<MatchStep, Refused> {
    Ok(MatchStep {
        kind: event.kind,
        filter: filtered(workspace, &event.filter)?,
        nth: event.nth,
        within_days: event.within_days,
        ignore_minutes: event.ignore_repeats_minutes,
    })
}

fn filtered(workspace: &Workspace, filter: &EventFilter) -> Result<CompiledFilter, Refused> {
    CompiledFilter::new(workspace, filter)
}

fn field(workspace: &Workspace, id: FieldId) -> Result<&FieldDef, Refused> {
    workspace.field(id).ok_or(Refused::NoSuchField)
}

fn is_instant(def: &FieldDef) -> Result<bool, Refused> {
    match def.kind {
        model::FieldType::Instant => Ok(true),
        model::FieldType::Day => Ok(false),
        _ => Err(Refused::NotForThisType(def.name.clone())),
    }
}

fn segments(workspace: &Workspace, of: &[SegmentId]) -> Result<Vec<SegmentId>, Refused> {
    let known = |id: &SegmentId| {
        workspace
            .segment(*id)
            .map(|def| def.id)
            .ok_or(Refused::NoSuchSegment)
    };
    of.iter().map(known).collect()
}
