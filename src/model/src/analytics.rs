//! What the analytics of a segment say, and how sets overlap.

use crate::history::CauseKind;
use crate::ids::{ContactId, SegmentId};
use serde::{Deserialize, Serialize};

/// A segment over time, and who its members are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analytics {
    /// Members now.
    pub members: u64,
    /// When the segment was made, in milliseconds since 1970.
    pub created: i64,
    /// Members at moments from its making to now, oldest first; deleted contacts count for as long as they lived.
    pub growth: Vec<Point>,
    /// Who came and went, by day or longer stretches, oldest first; stretches without a change are left out.
    pub flow: Vec<Flow>,
    /// How many days each stretch of `flow` is long: 1, 7 or 28.
    pub stretch: u32,
    /// Members that can be reached.
    pub reach: Reach,
    /// Every other segment that shares members with it, with how many it shares; most first.
    pub overlap: Vec<(SegmentId, u64)>,
}

/// How many members there were at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The moment, in milliseconds since 1970.
    pub at: i64,
    /// How many.
    pub members: u64,
}

/// Who came and went in a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// The first day of the stretch in the workspace's time zone, in days since 1970.
    pub day: i64,
    /// Who came, by cause.
    pub entries: Vec<(CauseKind, u64)>,
    /// Who went, by cause; contacts that were deleted as well.
    pub exits: Vec<(CauseKind, u64)>,
}

/// How many members can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Subscribed to the newsletter.
    pub subscribed: u64,
    /// With an email.
    pub email: u64,
    /// With a phone.
    pub phone: u64,
}

/// The members of a segment by their values of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composition {
    /// Members with a value.
    pub filled: u64,
    /// Members without one.
    pub empty: u64,
    /// The most frequent values with how many members have them, most first; of a field with several options a member
    /// counts for each of hers.
    pub top: Vec<(String, u64)>,
    /// How many different values there are beside those of `top`.
    pub other_values: u64,
    /// How many members have one of those.
    pub others: u64,
    /// For numbers and dates: how many values are in each interval, lowest first.
    pub bins: Vec<Bin>,
}

/// An interval of values; the lower bound belongs to it, the upper only to the last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bin {
    /// The lower bound in the field's text form.
    pub from: String,
    /// The upper bound in the field's text form.
    pub to: String,
    /// How many values.
    pub count: u64,
}

/// A segment at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsOf {
    /// The moment, in milliseconds since 1970.
    pub at: i64,
    /// Members then, as it was seen then: what was undone later still stood.
    pub members: u64,
    /// Those of them that still exist, and so can be viewed.
    pub living: u64,
    /// When the segment was made, in milliseconds since 1970.
    pub created: i64,
}

/// How a segment differs between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The earlier moment.
    pub from: AsOf,
    /// The later moment.
    pub to: AsOf,
    /// Members at the later moment only.
    pub came: Counted,
    /// Members at the earlier moment only.
    pub went: Counted,
    /// Members at both.
    pub stayed: Counted,
}

/// Some contacts, and those of them that still exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// How many.
    pub all: u64,
    /// How many of them still exist, and so can be viewed.
    pub living: u64,
}

/// What *Refresh* would do to a segment with a formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshPreview {
    /// The segment.
    pub segment: SegmentId,
    /// Who would come.
    pub come: u64,
    /// Who would go.
    pub go: u64,
    /// Who would stay.
    pub stay: u64,
    /// Why the formula can't be worked out, for a person; empty where it can.
    pub problem: String,
}

/// Contacts that are likely the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicates {
    /// The contacts, oldest first, with how each is called and its email or external ID.
    pub contacts: Vec<(ContactId, String, String)>,
    /// Contacts beside those listed that share the same; some values, as a shop's phone, are of many.
    pub more: u64,
    /// What they share.
    pub why: Vec<Likeness>,
}

/// Why contacts are likely the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Likeness {
    /// The same phone.
    Phone,
    /// The same first and last name and birthdate.
    NameAndBirthdate,
    /// Emails that differ by dots or plus-tags only.
    Email,
}
