//! The numbers that name things; none is ever given out twice in a workspace.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    };
}

id!(
    /// One contact: its row number in every column.
    ContactId(u32)
);
id!(
    /// One field: system fields have the numbers of [`crate::field::SYSTEM`], custom fields come after.
    FieldId(u16)
);
id!(
    /// One segment.
    SegmentId(u32)
);
id!(
    /// One change set; its number is its place in the journal, counted from 1.
    ChangeId(u64)
);
id!(
    /// One long piece of work (a check, an import, an export) of the running worker.
    JobId(u32)
);
id!(
    /// One file or pasted text that the worker holds open for an import.
    SourceId(u32)
);
id!(
    /// One workflow.
    WorkflowId(u32)
);
id!(
    /// One node of a workflow's graph; unique within the workflow and kept through its versions.
    NodeId(u32)
);
id!(
    /// One event of the log; its number is its place in the log, counted from 1.
    EventId(u64)
);
