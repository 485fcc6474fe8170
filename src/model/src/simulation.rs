//! The simulated shop: what a simulation is told, and what it tells.

use crate::event::EventKind;
use crate::ids::{ChangeId, SegmentId, WorkflowId};
use crate::import::Format;
use crate::workflow::{Graph, NodeStats};
use serde::{Deserialize, Serialize};

/// What to simulate (design, section 10). The same spec on the same data gives the same events, bit for bit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulationSpec {
    /// Who is simulated: members of a segment, or everybody.
    pub population: Option<SegmentId>,
    /// How many days.
    pub days: u32,
    /// How many visits a day in all.
    pub visits_per_day: u32,
    /// How likely this and that is.
    pub chances: Chances,
    /// When people come.
    pub season: Season,
    /// The same seed gives the same events.
    pub seed: u64,
    /// Where it runs.
    pub on: SimulateOn,
    /// Virtual time for each second of real time, in milliseconds; 0 is as fast as it can.
    pub speed: u64,
    /// A workflow that runs besides the active ones, as if it were active from the start: the dry run's.
    pub workflow: Option<DryRun>,
    /// When it begins, in milliseconds since 1970; none is now, or the end of the last simulation on this workspace.
    pub from: Option<i64>,
}

/// The workflow of a dry run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    /// Which workflow it is, where it is saved already.
    pub id: Option<WorkflowId>,
    /// Its name.
    pub name: String,
    /// Its graph, as it is on the canvas.
    pub graph: Graph,
    /// Whether other active workflows run, too.
    pub others: bool,
    /// Whether what is recorded of that time happens again, instead of what a simulated shop makes up.
    pub recorded: bool,
}

/// Where a simulation runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SimulateOn {
    /// On a copy of the workspace's people, which is thrown away.
    #[default]
    Copy,
    /// On the real workspace.
    Real,
}

/// How likely this and that is, in hundredths of a percent (10,000 is always).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chances {
    /// A visit begins with a login.
    pub login: u16,
    /// A visitor searches.
    pub search: u16,
    /// A visitor looks at a product; asked again after each.
    pub view: u16,
    /// A product looked at goes into the cart.
    pub cart: u16,
    /// A cart is bought; else it is abandoned.
    pub purchase: u16,
    /// A visitor subscribes to the newsletter.
    pub subscribe: u16,
    /// A visitor unsubscribes.
    pub unsubscribe: u16,
    /// A visitor submits a form.
    pub form: u16,
    /// A message is opened.
    pub open: u16,
    /// An opened message is clicked.
    pub click: u16,
}

impl Default for Chances {
    fn default() -> Self {
        Chances {
            login: 2_000,
            search: 2_500,
            view: 6_500,
            cart: 2_000,
            purchase: 4_500,
            subscribe: 100,
            unsubscribe: 30,
            form: 100,
            open: 3_500,
            click: 1_500,
        }
    }
}

/// When people come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Season {
    /// The weight of each weekday, from Monday; 100 is usual.
    pub weekdays: [u16; 7],
    /// The weight of each hour of the day; 100 is usual.
    pub hours: [u16; 24],
    /// A peak day, counted from 1; 0 for none.
    pub peak_day: u32,
    /// How many times as many visits the peak day has.
    pub peak: u16,
}

impl Default for Season {
    fn default() -> Self {
        Season {
            weekdays: [90, 90, 95, 100, 110, 120, 105],
            hours: [
                20, 10, 5, 5, 5, 10, 30, 60, 90, 110, 120, 125, 130, 130, 120, 110, 110, 120, 140, 160, 180,
                170, 120, 60,
            ],
            peak_day: 0,
            peak: 3,
        }
    }
}

impl Default for SimulationSpec {
    fn default() -> Self {
        SimulationSpec {
            population: None,
            days: 7,
            visits_per_day: 500,
            chances: Chances::default(),
            season: Season::default(),
            seed: 1,
            on: SimulateOn::Copy,
            speed: 0,
            workflow: None,
            from: None,
        }
    }
}

/// What a person does to a running simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Steer {
    /// It stands still after the present batch.
    Pause,
    /// It goes on.
    Resume,
    /// It goes on for one day (or, at less speed, one hour) and stands still again.
    Step,
    /// Virtual time for each second of real time, in milliseconds; 0 is as fast as it can.
    Speed(u64),
}

/// What a simulation gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulationReport {
    /// The first change set of the simulation, whose undo takes back all of it; none on a copy.
    pub change: Option<ChangeId>,
    /// From when, in milliseconds since 1970.
    pub from: i64,
    /// Up to when.
    pub until: i64,
    /// How many events of each kind happened.
    pub events: Vec<(EventKind, u64)>,
    /// How many contacts took part.
    pub contacts: u64,
    /// The sum of all purchases.
    pub amount: i64,
    /// The segments that changed.
    pub segments: Vec<SegmentShift>,
    /// The workflows that ran, each with what happened at its nodes.
    pub workflows: Vec<(WorkflowId, String, Vec<NodeStats>)>,
    /// A hash of the state afterwards, the same in every browser.
    pub hash: u64,
    /// Whether it ran on a copy, which can be looked at.
    pub copy: bool,
    /// The workflow of a dry run, by its number in the copy.
    pub tested: Option<WorkflowId>,
}

/// How a segment differs from before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentShift {
    /// The segment.
    pub segment: SegmentId,
    /// Its name.
    pub name: String,
    /// Members before.
    pub before: u64,
    /// Members after.
    pub after: u64,
    /// Who came and stayed.
    pub came: u64,
    /// Who went and stayed away.
    pub went: u64,
}

/// How a file of events is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsSpec {
    /// The file.
    pub source: crate::SourceId,
    /// How it is read.
    pub format: Format,
    /// The meaning of each column, in their order.
    pub columns: Vec<EventColumn>,
    /// What the rows are.
    pub kind: EventKind,
    /// **Create new contacts** for unknown keys; else their rows are rejected.
    pub create: bool,
    /// **Run workflows** at the events' own dates.
    pub run_workflows: bool,
}

/// What a column of a file of events holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventColumn {
    /// Nothing that is read.
    #[default]
    Ignore,
    /// The contact's email.
    Email,
    /// The contact's external ID.
    ExternalId,
    /// The day or moment.
    Date,
    /// The amount of the purchase, or of the line item where rows share an order ID.
    Amount,
    /// How many pieces.
    Quantity,
    /// The id of the product.
    Product,
    /// The order's id: rows that share one are line items of one purchase.
    Order,
    /// How it was paid.
    PaymentMethod,
    /// Search text, address, form or subject.
    Text,
}

/// What an import of events gave, or would give: `rows = events' rows + rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsReport {
    /// Rows read; blank lines are counted apart.
    pub rows: u64,
    /// Rows that became events or parts of events.
    pub imported: u64,
    /// Events.
    pub events: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Blank lines.
    pub blank: u64,
    /// Contacts made.
    pub created: u64,
    /// Contacts that the events belong to.
    pub contacts: u64,
    /// The sum of the amounts.
    pub amount: i64,
    /// The first moment, in milliseconds since 1970.
    pub from: i64,
    /// The last moment.
    pub until: i64,
    /// The first rejected rows: line, column (empty for the row) and reason.
    pub problems: Vec<(u64, String, String)>,
    /// The change set; none while it is only checked.
    pub change: Option<ChangeId>,
}
