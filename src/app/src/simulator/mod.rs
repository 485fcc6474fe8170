//! The simulated shop: running a simulation, its result, the catalogue, and events from files.

mod copy;
mod import;
mod page;

pub use copy::CopyBanner;
pub use import::ImportEvents;
pub use page::Simulator;
