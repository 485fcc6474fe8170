//! What a segment is, its members aside.

use crate::ids::SegmentId;
use serde::{Deserialize, Serialize};

/// A static segment: a name for a set of contacts that changes only when somebody or something changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentDef {
    /// The segment's number.
    pub id: SegmentId,
    /// Unique whatever the case.
    pub name: String,
    /// What the segment is for, in the person's words.
    pub description: String,
    /// Free labels to find it by.
    pub tags: Vec<String>,
    /// Shown before the others.
    pub pinned: bool,
    /// Left out of lists and menus unless asked for.
    pub archived: bool,
}

impl SegmentDef {
    /// A segment with a name and nothing else; its number is given when it is made.
    pub fn named(name: String) -> SegmentDef {
        SegmentDef {
            id: SegmentId(0),
            name,
            description: String::new(),
            tags: Vec::new(),
            pinned: false,
            archived: false,
        }
    }
}

/// What happens to the members named by a selection, a file or a list of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberAction {
    /// They become members.
    Add,
    /// They stop being members.
    Remove,
    /// They become the only members.
    Replace,
}

/// Something that uses a segment or a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// What kind of thing it is.
    pub by: User,
    /// Its name, with the place in it, if there is one (“Welcome, node Send email”).
    pub name: String,
    /// Whether what it uses can't be deleted while it does; else the deletion tells of it and leaves an empty reference.
    pub blocks: bool,
}

/// What kind of thing uses a segment or a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum User {
    /// A workflow.
    Workflow,
    /// A saved mapping of an import.
    Mapping,
    /// The formula of another segment.
    Formula,
    /// A saved filter.
    Filter,
}

impl User {
    /// Its name on the screen and in messages.
    pub fn label(self) -> &'static str {
        match self {
            User::Workflow => "workflow",
            User::Mapping => "saved mapping",
            User::Formula => "formula of",
            User::Filter => "saved filter",
        }
    }
}

impl std::fmt::Display for Use {
    /// “saved mapping Mailchimp”
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.by.label(), self.name)
    }
}
