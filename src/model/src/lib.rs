//! Plain data that every part of Corral shares: ids, fields, segments, queries, routes and messages.
//!
//! Nothing here computes more than a lookup or a text form, and nothing here knows a browser.

pub mod account;
pub mod analytics;
pub mod backup;
pub mod event;
pub mod export;
pub mod field;
pub mod history;
pub mod ids;
pub mod import;
pub mod message;
pub mod problem;
pub mod query;
pub mod route;
pub mod segment;
pub mod simulation;
pub mod workflow;

pub use account::{Account, MemberAccount};
pub use field::{FieldDef, FieldType, Status};
pub use ids::{ChangeId, ContactId, EventId, FieldId, JobId, NodeId, SegmentId, SourceId, WorkflowId};
pub use problem::Problem;
pub use query::{Group, Mode, Op, Query, Rule, Sort};
pub use route::Route;
pub use segment::SegmentDef;
