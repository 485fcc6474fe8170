//! The simulated shop: its catalogue, and the generator of what its visitors do.
//!
//! The door is [`Generator`]: whoever runs a simulation takes its events one by one, and tells it of messages that went
//! out, so that they are opened and clicked.

mod catalogue;
mod days;
mod generator;
mod recorded;
mod run;
mod shop;
mod visit;
mod wheel;

pub use catalogue::default_catalogue;
pub use generator::{Generated, GeneratedText, Generator};
pub use run::Simulation;
pub use shop::discounted;
pub use visit::Items;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod recorded_tests;
#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod tests;
