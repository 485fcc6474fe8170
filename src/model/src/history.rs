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
    /// Fields and segments that would go, by name.
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
}
