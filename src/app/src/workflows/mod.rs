//! Workflows: the list of them, and the page of one with its canvas, live view and dry run.

mod asks;
mod awaited;
mod canvas;
mod checks;
mod compare;
mod create;
mod deeds;
mod draft;
mod dry_result;
mod dry_run;
mod editor;
mod first;
mod head;
mod list;
mod listing;
mod live;
mod page;
mod panel;
mod save;
mod seen;
mod session;
mod state;
mod stats;
mod trace;
mod try_one;

pub use create::create;
pub use draft::forget_all as forget_drafts;
pub use list::Workflows;
pub use page::Workflow;
pub use stats::{COLUMNS as NODE_COLUMNS, rows_of as node_rows};
