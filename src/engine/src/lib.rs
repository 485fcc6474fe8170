//! Everything that computes, without any I/O: columns, CSV, import, query, segments, journal, export.
//!
//! The door is [`Workspace`]: it answers queries from memory, and prepares each act of a person, an import or an undo
//! as one change set. The caller stores that and only then lets the workspace apply it.

pub mod analytics;
pub mod backup;
pub mod bits;
pub mod column;
pub mod csv;
pub mod define;
pub mod demo;
pub mod edit;
pub mod erase;
pub mod events;
pub mod export;
pub mod forget;
pub mod history;
pub mod import;
pub mod integrity;
pub mod journal;
pub mod keys;
pub mod mapping;
pub mod merge;
mod onto;
pub mod order;
pub mod page;
pub mod past;
pub mod projection;
mod purchases;
pub mod query;
mod random;
pub mod refused;
mod scrub;
pub mod sets;
mod shared;
pub mod simulation;
pub mod sort;
pub mod text;
pub mod undo;
pub mod uses;
pub mod value;
pub mod view;
pub mod workflow;
pub mod workspace;

pub use edit::Act;
pub use refused::Refused;
pub use workspace::{Opening, Prepared, Workspace};

#[cfg(test)]
mod history_tests;
#[cfg(test)]
mod purchases_tests;
#[cfg(test)]
mod query_tests;
#[cfg(test)]
mod sets_tests;
#[cfg(test)]
mod stored;
