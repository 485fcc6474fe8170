//! The export screens (contacts and activities; files for ad platforms) and the list of exports.

mod activities;
mod ads;
mod audience;
mod draft;
mod fields;
mod form;
mod list;
mod preview;
mod start;

pub use ads::NewAds;
pub use form::NewExport;
pub use list::Exports;
