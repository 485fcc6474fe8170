//! What a person chooses for an export, and how the list of exports shows it.

use crate::ids::{FieldId, SegmentId};
use crate::import::Encoding;
use crate::query::Query;
use serde::{Deserialize, Serialize};

/// Which contacts are exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// All contacts.
    All,
    /// The members of a segment.
    Segment(SegmentId),
    /// What a search and filter match, in its order.
    Query(Query),
}

/// How instants are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateFormat {
    /// `2026-10-02` and `2026-10-02T16:13:00Z`
    Iso,
    /// `02/10/2026` or `10/02/2026`, by the workspace's order of dates, and local time
    Local,
}

/// Everything an export of contacts is asked to do (design, section 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSpec {
    /// Which contacts.
    pub audience: Audience,
    /// Members of these are left out.
    pub excluded: Vec<SegmentId>,
    /// The columns, in order.
    pub fields: Vec<FieldId>,
    /// Add one column `segments` that names each contact's segments, split by `|`.
    pub memberships: bool,
    /// `,` or `;`
    pub delimiter: u8,
    /// How dates are written.
    pub dates: DateFormat,
    /// UTF-8 or Windows-1252.
    pub encoding: Encoding,
    /// Put a byte order mark in front (UTF-8 only).
    pub bom: bool,
    /// *Protect against spreadsheet formulas*
    pub guard_formulas: bool,
}

/// How far an export is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportState {
    /// Being written; the share done, in percent.
    Running(u8),
    /// Its file can be downloaded.
    Ready {
        /// The file's size.
        bytes: u64,
    },
    /// Its file is gone (the page was closed since); *Export again* makes it anew.
    Gone,
    /// It was cancelled.
    Cancelled,
    /// It failed, with the message.
    Failed(String),
}

/// An export as the list of exports shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportEntry {
    /// Its number, never given twice.
    pub id: u32,
    /// The file's name.
    pub file: String,
    /// When it was asked for, in milliseconds since 1970.
    pub at: i64,
    /// What it was asked to do.
    pub spec: ExportSpec,
    /// Rows written.
    pub rows: u64,
    /// Characters that the encoding could not hold, written as `?`.
    pub unencodable: u64,
    /// How far it is.
    pub state: ExportState,
}
