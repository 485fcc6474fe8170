//! Imports: a file becomes one change set, and every line of it is accounted for.
//!
//! An import goes through four stages, each in steps so that readers are served between them:
//!
//! 1. [`Staging`] reads rows ahead of everything: values are parsed, bad rows rejected, good ones kept as pages.
//! 2. [`Matching`] compares the staged rows, in file order, with the contacts that exist when the import commits.
//! 3. [`Building`] makes the pages and the change set. Nothing has changed until the caller stores and applies it.
//!
//! A check is the first two stages, and the import that follows begins again at the second.

mod build;
mod matching;
mod plan;
mod staging;

pub use build::Building;
pub use matching::Matching;
pub use plan::{Plan, PlanError};
pub use staging::Staging;

#[cfg(test)]
pub(crate) mod tests;
