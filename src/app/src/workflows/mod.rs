//! Workflows: the list of them, and the page of one with its canvas, live view and dry run.

mod canvas;
mod editor;
mod list;
mod page;
mod panel;

pub use list::Workflows;
pub use page::Workflow;
