//! The simulated shop: running a simulation, its result, the catalogue, events by hand and from files.
//!
//! What can be worked out without a browser stands in files of its own, tested natively: `spec` (the form), `told` (the
//! result in words), `fixed` (amounts and percentages), `products` (the catalogue), `import::columns` (what a
//! file's columns hold).

mod catalogue;
mod clear;
mod copy;
mod find;
mod fire;
mod fixed;
mod form;
mod import;
mod nodes;
mod page;
mod products;
mod result;
mod run;
mod spec;
mod told;
mod unsaved;

pub use clear::SimulatedNotice;
pub use copy::{CopyBanner, asked as asked_in_copy, drop as drop_copy, look as look_at_copy};
pub use find::Whom;
pub use fire::{EventForm, FireDialog};
pub use fixed::amount;
pub use import::ImportEvents;
pub use page::Simulator;
pub use products::plain;
pub use unsaved::forget as forget_catalogue;
