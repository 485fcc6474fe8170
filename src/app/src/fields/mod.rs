//! Fields: the list of all of them, and the form for custom ones.

mod form;
mod list;
mod options;

pub use list::Fields;
