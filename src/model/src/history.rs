//! How the history shows a change set, and what an undo would do.

use crate::ids::{ChangeId, ContactId, FieldId, SegmentId};
use serde::{Deserialize, Serialize};

/// What kind of cause a change set has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CauseLabel {
    /// A person on a screen.
    Person,
    /// An import of a file (its name; empty for pasted text).
    Import(String),
    /// The demo's shop. What people and imports do within the demo has the label of theirs.
    Demo,
    /// An undo of a change set.
    Undo(ChangeId),
    /// A redo of a change set.
    Redo(ChangeId),
    /// A set operation: a segment worked out from a formula, split, or sampled.
    SetOperation,
    /// What was before a date up to which the history was forgotten.
    Baseline,
    /// A node of a workflow (their names, and the workflow's number).
    Workflow(crate::WorkflowId, String, String),
    /// A simulation on this workspace.
    Simulation,
    /// An import of events (its file's name; empty for pasted text).
    Events(String),
    /// An event fired by hand.
    Fired,
}

impl CauseLabel {
    /// Its kind.
    pub fn kind(&self) -> CauseKind {
        match self {
            CauseLabel::Person => CauseKind::Person,
            CauseLabel::Import(_) => CauseKind::Import,
            CauseLabel::Demo => CauseKind::Demo,
            CauseLabel::Undo(_) | CauseLabel::Redo(_) => CauseKind::Undo,
            CauseLabel::SetOperation => CauseKind::SetOperation,
            CauseLabel::Baseline => CauseKind::Baseline,
            CauseLabel::Workflow(..) => CauseKind::Workflow,
            CauseLabel::Simulation => CauseKind::Simulation,
            CauseLabel::Events(_) => CauseKind::Import,
            CauseLabel::Fired => CauseKind::Person,
        }
    }
}

/// The kinds of causes, as histories are filtered and changes are summed up by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CauseKind {
    /// A person on a screen.
    Person,
    /// An import.
    Import,
    /// A set operation.
    SetOperation,
    /// The demo's shop.
    Demo,
    /// An undo or redo.
    Undo,
    /// Forgotten history.
    Baseline,
    /// A workflow.
    Workflow,
    /// A simulation.
    Simulation,
}

/// Whose history is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// That of the whole workspace.
    All,
    /// What touched a segment: its definition, its formula or its members.
    Segment(SegmentId),
    /// What touched a contact: her existence, values or memberships.
    Contact(ContactId),
}

/// Which lines of a history are wanted; nothing chosen wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HistoryFilter {
    /// Words that *what* must hold, whatever the case and accents.
    pub text: String,
    /// The kind of cause.
    pub cause: Option<CauseKind>,
    /// Only what is undone (true) or stands (false).
    pub undone: Option<bool>,
    /// Only what happened before this moment, in milliseconds since 1970.
    pub before: Option<i64>,
}

/// How much a change set changed, by what stands and what does not alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Contacts made.
    pub created: u64,
    /// Contacts deleted.
    pub deleted: u64,
    /// Values written.
    pub values: u64,
    /// Memberships that began.
    pub joined: u64,
    /// Memberships that ended.
    pub left: u64,
}

/// What a change set did to one contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactChange {
    /// It made her.
    pub created: bool,
    /// It deleted her.
    pub deleted: bool,
    /// The values it wrote, in their text form as shown; empty where it cleared one.
    pub values: Vec<(FieldId, String)>,
    /// The segments it put her in.
    pub joined: Vec<SegmentId>,
    /// The segments it took her out of.
    pub left: Vec<SegmentId>,
    /// The line of the import's file; 0 where it is none.
    pub line: u64,
}

/// One change set, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDetail {
    /// Its line in the history.
    pub summary: ChangeSummary,
    /// When it was written into the journal, in milliseconds since 1970; earlier than it happened never.
    pub written: i64,
    /// For an import: where every row went, and into which segment (its name, else empty).
    pub import: Option<(crate::Account, String)>,
    /// For a set operation: its formula.
    pub formula: Option<crate::Group>,
    /// What it did, a line for each kind of effect and each field or segment.
    pub effects: Vec<EffectLine>,
    /// The undos and redos of it, oldest first: the change set, when, and whether it stood afterwards.
    pub turns: Vec<(ChangeId, i64, bool)>,
}

/// One kind of effect of a change set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectLine {
    /// In one sentence (“12 contacts joined Newsletter”).
    pub what: String,
    /// The contacts that can be viewed, if it is about contacts.
    pub contacts: Option<crate::query::Part>,
    /// The segment it is about.
    pub segment: Option<SegmentId>,
    /// How many contacts it concerned.
    pub count: u64,
}

/// One line of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSummary {
    /// The change set.
    pub id: ChangeId,
    /// When, in milliseconds since 1970; within the demo's history before it was loaded.
    pub at: i64,
    /// By what.
    pub cause: CauseLabel,
    /// What, in one sentence (“Added 12 contacts to Newsletter”).
    pub what: String,
    /// Whether it is undone now.
    pub undone: bool,
    /// Whether it can be undone or redone (an undo itself is redone through the change it undid).
    pub undoable: bool,
    /// How much it changed; in the history of a segment or contact, of that alone.
    pub counts: Counts,
    /// In the history of a contact, and where one is asked about: what it did to her.
    pub contact: Option<ContactChange>,
}

/// What an undo or redo would do; nothing is written yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoPreview {
    /// Contacts that would go.
    pub contacts_removed: u64,
    /// Contacts that would come back.
    pub contacts_restored: u64,
    /// Contacts that stay because a person or another import wrote to them since.
    pub contacts_kept: u64,
    /// Values that would go back to what they were before.
    pub cells_restored: u64,
    /// Values that stay because something newer wrote them.
    pub cells_kept: u64,
    /// Memberships that would go or come back.
    pub members_changed: u64,
    /// Memberships that stay because something newer decided them.
    pub members_kept: u64,
    /// Contacts left out because their key now belongs to somebody else.
    pub key_conflicts: u64,
    /// Fields, segments and workflows that would go, by name.
    pub definitions_removed: Vec<String>,
    /// Fields and segments that stay because something else uses them, by name.
    pub definitions_kept: Vec<String>,
}

/// Why a contact is in a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The segment.
    pub segment: SegmentId,
    /// Its name.
    pub name: String,
    /// Since when, in milliseconds since 1970.
    pub since: i64,
    /// The change set that made the contact a member.
    pub change: ChangeId,
    /// By what.
    pub cause: CauseLabel,
    /// The line of the file, for an import; else 0.
    pub line: u64,
    /// The event that started the workflow's pass.
    pub event: Option<crate::event::EventLine>,
}

/// One contact with every value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactSheet {
    /// The contact.
    pub id: ContactId,
    /// Every field's value in its text form, fields without a value left out.
    pub values: Vec<(FieldId, String)>,
    /// The contact's segments.
    pub memberships: Vec<Membership>,
    /// How many events the contact has.
    pub events: u64,
    /// The newest of them.
    pub recent: Vec<crate::event::EventLine>,
}
