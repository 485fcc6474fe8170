//! What a person chooses for an import, and what the worker finds in a file.

use crate::account::Account;
use crate::field::FieldType;
use crate::ids::{ChangeId, FieldId, SegmentId, SourceId};
use crate::segment::MemberAction;
use serde::{Deserialize, Serialize};

/// How the bytes of a file become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// Windows-1252, the Western European code page of old spreadsheets.
    Windows1252,
}

impl Encoding {
    /// All encodings, in the order they are offered.
    pub const ALL: [Encoding; 4] = [
        Encoding::Utf8,
        Encoding::Windows1252,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
    ];

    /// The encoding's name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16 (little-endian)",
            Encoding::Utf16Be => "UTF-16 (big-endian)",
            Encoding::Windows1252 => "Windows-1252",
        }
    }
}

/// How a text becomes rows of cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// How bytes become text.
    pub encoding: Encoding,
    /// What stands between two cells: one of `,` `;` tab `|`.
    pub delimiter: u8,
    /// What may stand around a cell: `"`, `'`, or nothing.
    pub quote: Option<u8>,
    /// Whether the first row names the columns.
    pub header: bool,
}

/// The order of day, month and year in a date that is not ISO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateOrder {
    /// `dd/mm/yyyy`
    DayFirst,
    /// `mm/dd/yyyy`
    MonthFirst,
}

/// What stands before the fraction of a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DecimalMark {
    /// `1234.5`
    Point,
    /// `1234,5`
    Comma,
}

/// Where a file's reading was open and which way the worker went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubts {
    /// Every date reads both ways, so the workspace's order was taken.
    pub date_order: bool,
    /// Numbers like `1,234` read both ways, and nothing in the file says which of them is the decimal mark.
    pub decimal_mark: bool,
    /// Bytes that are no text in the detected encoding were seen in the first part of the file.
    pub encoding: bool,
}

/// What the worker sees in a file before anything is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The worker's handle of the file.
    pub source: SourceId,
    /// The file's name; empty for pasted text.
    pub name: String,
    /// The file's size in bytes.
    pub bytes: u64,
    /// The format these rows were read with.
    pub format: Format,
    /// The format the worker detected.
    pub detected: Format,
    /// The names of the columns: the header's, or `Column 1` … where there is none.
    pub columns: Vec<String>,
    /// The first rows, each as wide as it is in the file.
    pub rows: Vec<Vec<String>>,
    /// Where the data left the reading open.
    pub doubts: Doubts,
    /// The suggested mapping.
    pub mapping: Mapping,
    /// The name of the saved mapping or the export (`Mailchimp`, …) that the suggestion comes from; else empty.
    pub mapping_from: String,
}

/// Where one column of a file goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Nowhere.
    Ignore,
    /// Into a field.
    Field(FieldId),
    /// Into a custom field made by this import.
    NewField {
        /// The new field's id in files.
        key: String,
        /// The new field's name.
        name: String,
        /// The new field's type.
        kind: FieldType,
        /// For Checkbox and Radio: make an option for each value met.
        collect_options: bool,
    },
    /// Names of segments that the contact becomes a member of.
    Segments {
        /// What stands between two names.
        separator: String,
    },
}

/// One column's mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMap {
    /// The column's name in the file.
    pub column: String,
    /// Where it goes.
    pub target: Target,
    /// Whole values to read as others (`Yes` → `subscribed`), compared trimmed and without case.
    pub values: Vec<(String, String)>,
    /// Take spaces off both ends.
    pub trim: bool,
    /// Write names in capitals (`ANA LÓPEZ`) or small letters as `Ana López`.
    pub fix_capitals: bool,
    /// The column holds a full name: the first word goes to First name, the rest to Last name.
    pub split_name: bool,
}

/// One value for every row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Literal {
    /// The field it goes into.
    pub field: FieldId,
    /// The value, in the text form of the field's type.
    pub value: String,
}

/// What becomes of every column of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// One entry a column, in the file's order.
    pub columns: Vec<ColumnMap>,
    /// Values that every row gets.
    pub literals: Vec<Literal>,
    /// The order of dates that are not ISO; none takes the workspace's.
    pub date_order: Option<DateOrder>,
    /// What stands before the fraction of a decimal; none reads either where it is clear.
    pub decimal_mark: Option<DecimalMark>,
}

/// A segment that an import writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SegmentTarget {
    /// One that exists.
    Existing(SegmentId),
    /// One that this import makes.
    New(String),
}

/// The subscription status of new contacts whose row gives none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NewStatus {
    /// Not known: nothing is written.
    #[default]
    Unknown,
    /// All subscribed, with the consent's date (text form of a date) and source.
    Subscribed {
        /// Written to Consent date.
        consent_at: String,
        /// Written to Consent source.
        consent_source: String,
    },
}

/// The options of an import (design, section 6, step 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// **Overwrite existing**
    pub overwrite: bool,
    /// **Update only empty fields**; needs `overwrite`.
    pub only_empty: bool,
    /// **Empty cells clear values**
    pub empty_clears: bool,
    /// **Don't create new contacts**
    pub no_new: bool,
    /// **Overwrite subscription status**
    pub overwrite_subscription: bool,
    /// A bad value is left out and counted, instead of rejecting its row.
    pub leave_out_bad: bool,
    /// **Add to segment**
    pub segment: Option<(SegmentTarget, MemberAction)>,
    /// The status of new contacts whose row gives none.
    pub new_status: NewStatus,
}

/// Everything an import is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// The worker's handle of the file.
    pub source: SourceId,
    /// How to read it.
    pub format: Format,
    /// The options.
    pub options: Options,
    /// **Run workflows for these contacts**
    pub run_workflows: bool,
    /// The mapping.
    pub mapping: Mapping,
}

/// Why a row was rejected or a value left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The line the row begins on, counted from 1 with the header.
    pub line: u64,
    /// The name of the column; empty where the whole row is meant.
    pub column: String,
    /// The reason, for a person.
    pub reason: String,
    /// The bad value's beginning; empty where the whole row is meant.
    pub value: String,
}

/// How many rows have one kind of problem, and the first of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemCount {
    /// How many rows.
    pub rows: u64,
    /// The first.
    pub first: Reject,
    /// Whether these values were left out of rows that are kept, rather than rows rejected.
    pub left_out: bool,
}

/// What a check found: what an import now would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Where every row would go.
    pub account: Account,
    /// The kinds of problems, most rows first.
    pub problems: Vec<ProblemCount>,
    /// The names of custom fields that would be made.
    pub new_fields: Vec<String>,
    /// The names of segments that would be made.
    pub new_segments: Vec<String>,
    /// Known contacts that would not join the segment because **Overwrite existing** is off.
    pub not_joining: u64,
}

/// An import as the import history shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// The import's change set.
    pub change: ChangeId,
    /// When it was committed, in milliseconds since 1970.
    pub at: i64,
    /// The file's name; empty for pasted text.
    pub file: String,
    /// The options it ran with.
    pub options: Options,
    /// The name of the segment it wrote to, as it was then; else empty.
    pub segment: String,
    /// Where every row went.
    pub account: Account,
    /// Rows that **Download rejected rows** gives.
    pub rejected_rows: u64,
    /// Whether it is undone now.
    pub undone: bool,
}

/// A mapping that a person saved by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedMapping {
    /// The name; unique whatever the case.
    pub name: String,
    /// The mapping; offered for files with the same column names.
    pub mapping: Mapping,
}
