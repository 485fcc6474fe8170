//! Segments: the list, the form, deletion, and members by pasted keys.

mod delete;
mod form;
mod keys;
mod list;
mod sort;

pub use form::{EditSegment, NewSegment};
pub use keys::Keys;
pub use list::Segments;
