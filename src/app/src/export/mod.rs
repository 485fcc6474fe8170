//! The export screen and the list of exports.

mod draft;
mod form;
mod list;

pub use form::NewExport;
pub use list::Exports;
