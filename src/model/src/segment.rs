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
