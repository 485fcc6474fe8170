//! *Load the demo*: Olmo Shoes, a made-up shop with 180 days of history that end today.
//!
//! Everything is planned from a fixed seed (`shop`) and then told day by day (`story`) on a blank workspace
//! (`stage`), with the acts and imports that a person has: so accounts, lines and rejected rows are true.
//! What people do in the shop (`events`) goes through the demo's own workflows (`workflows`) at its own moments.
//!
//! Each piece of the history is a change set of its own, whose cause says when it happened and who did it there.
//! They are stored in one go, and an undo of the last one takes back all of them ([`Workspace::prepare_stand`]).

mod events;
mod fields;
mod files;
mod people;
mod report;
mod segments;
mod shop;
mod stage;
mod story;
mod workflows;

use crate::refused::Refused;
use crate::workspace::{Prepared, Workspace};

/// The seed of the demo that everybody sees.
const SEED: u64 = 1906;

impl Workspace {
    /// Prepares the demo, with 180 days of history that end `now` (milliseconds since 1970): change sets to be stored
    /// all or none, and then to be applied in their order. An undo of the last one removes the demo.
    ///
    /// # Errors
    /// [`Refused::NotEmpty`] where there are contacts; [`Refused::TooManyFields`] where there is no room for its fields.
    pub fn load_demo(&self, now: i64) -> Result<Vec<Prepared>, Refused> {
        if !self.alive().is_empty() {
            return Err(Refused::NotEmpty);
        }
        story::tell(self, now, SEED)
    }
}

#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod workflow_tests;
