//! Workflows: what a person builds on the canvas, its states, and what is told about a running one.

pub mod edit;
pub mod geometry;
pub mod graph;
pub mod layout;
pub mod node;
pub mod view;

#[cfg(test)]
mod geometry_tests;
#[cfg(test)]
mod layout_tests;

pub use graph::{Edge, Graph, GraphChange, Node, Note};
pub use node::{NodeGroup, NodeKind, OFFERS};

use crate::ids::{ContactId, EventId, NodeId, WorkflowId};
use serde::{Deserialize, Serialize};

/// A workflow as it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowDef {
    /// Its number.
    pub id: WorkflowId,
    /// Unique whatever the case.
    pub name: String,
    /// What it is for, in the person's words.
    pub description: String,
    /// Whether it runs.
    pub state: WorkflowState,
    /// Counted from 1; grows when an active workflow's settings change.
    pub version: u32,
    /// Its graph.
    pub graph: Graph,
}

/// Whether a workflow runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkflowState {
    /// It is being built.
    #[default]
    Draft,
    /// It becomes active at a moment, in milliseconds since 1970.
    Scheduled(i64),
    /// It runs.
    Active,
    /// It stands still, for a reason where Corral paused it; else empty.
    Paused(String),
    /// It is over and never resumes.
    Finalized,
}

impl WorkflowState {
    /// Its name on the screen.
    pub fn label(&self) -> &'static str {
        match self {
            WorkflowState::Draft => "Draft",
            WorkflowState::Scheduled(_) => "Scheduled",
            WorkflowState::Active => "Active",
            WorkflowState::Paused(_) => "Paused",
            WorkflowState::Finalized => "Finalized",
        }
    }

    /// Whether what the workflow uses can't be deleted: it is active, paused or scheduled.
    pub fn blocks(&self) -> bool {
        matches!(
            self,
            WorkflowState::Active | WorkflowState::Paused(_) | WorkflowState::Scheduled(_)
        )
    }
}

/// What a person does to a workflow's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StateChange {
    /// **Activate**
    Activate,
    /// Activate at a moment, in milliseconds since 1970.
    Schedule(i64),
    /// Back from scheduled to draft.
    Unschedule,
    /// **Pause**
    Pause,
    /// **Resume**
    Resume,
    /// **Finalize**: for good.
    Finalize,
}

/// A line of the list of workflows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowInfo {
    /// Its number.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether it runs.
    pub state: WorkflowState,
    /// How many nodes it has.
    pub nodes: u32,
    /// How many contacts are inside, waiting.
    pub inside: u64,
    /// How many passes began today.
    pub entered_today: u64,
    /// When something last happened in it, in milliseconds since 1970.
    pub last_activity: Option<i64>,
    /// How many faults keep it from being activated.
    pub faults: u32,
}

/// A workflow with all that its page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowDetail {
    /// The workflow.
    pub def: WorkflowDef,
    /// What happened at its nodes.
    pub stats: Vec<NodeStats>,
    /// What keeps it from being activated, and hints.
    pub faults: Vec<Fault>,
}

/// What happened at one node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStats {
    /// The node.
    pub node: u32,
    /// How often somebody entered; at a trigger, how often it fired. `entered = inside + left + failed + ended`.
    pub entered: u64,
    /// How many are inside now.
    pub inside: u64,
    /// How often somebody left by each exit.
    pub left: Vec<u64>,
    /// How often it failed.
    pub failed: u64,
    /// How many passes ended here.
    pub ended: u64,
    /// How many different contacts entered.
    pub unique: u64,
    /// At a trigger: how many contacts it is armed for.
    pub armed: Option<u64>,
}

/// Something wrong with a graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The node, if it is about one.
    pub node: Option<NodeId>,
    /// What, and what to do, in one or two sentences.
    pub what: String,
    /// Whether it keeps the workflow from being activated; else it is a hint.
    pub blocks: bool,
}

/// What the checks before activation say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedGraph {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// How many contacts the workflow would act on at once: those of the audience, where actions stand behind Start
    /// without a trigger.
    pub acts_on: Option<u64>,
    /// How many contacts are in the audience now.
    pub audience: u64,
}

/// One step of a contact through a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// When, in milliseconds since 1970.
    pub when: i64,
    /// At which node.
    pub node: NodeId,
    /// By which exit the contact left; none where she stayed or ended there.
    pub exit: Option<u8>,
    /// What was decided and by which values, in one sentence (“Amount 59.90 is at least 50”).
    pub why: String,
    /// The event it is about.
    pub event: Option<EventId>,
}

/// A contact's way through a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The contact.
    pub contact: ContactId,
    /// The contact's name, or key.
    pub name: String,
    /// Each step, oldest first.
    pub steps: Vec<TraceStep>,
    /// For one who did not enter: which filter stopped her.
    pub not_entered: String,
}

/// A workflow to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the words of `TEMPLATES` say what each is")]
pub enum Template {
    Welcome,
    Categories,
    Interest,
    Keep,
    WinBack,
    Birthday,
    Cart,
}

/// Every template with its name and what it does.
pub const TEMPLATES: &[(Template, &str, &str)] = &[
    (
        Template::Welcome,
        "Welcome buyers",
        "Whoever purchases is added to a segment",
    ),
    (
        Template::Categories,
        "Interest by category",
        "Whoever visits a product is added to the segment of its category, one branch each",
    ),
    (
        Template::Interest,
        "Interested in a category",
        "3 visits in 7 days add to a segment; 30 days later, whoever has not purchased is removed",
    ),
    (
        Template::Keep,
        "Keep for some days",
        "Whoever purchases is a member for 30 days",
    ),
    (
        Template::WinBack,
        "Win-back",
        "90 days after a purchase without another, a contact is added to a segment and sent an email",
    ),
    (Template::Birthday, "Birthday", "An email on every birthday"),
    (
        Template::Cart,
        "Cart recovery",
        "Whoever abandons a cart gets an email, and a segment if it does not help",
    ),
];
