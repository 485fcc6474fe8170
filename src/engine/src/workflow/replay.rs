//! A replay: imported events go through the active workflows at their own dates.

use super::batch::Base;
use super::begins::Begins;
use super::machine::Machine;
use crate::events::import::{Creation, EventsImport};
use crate::refused::Refused;
use crate::workspace::{Prepared, Workspace};

/// A replay under way.
#[derive(Debug)]
pub struct Replay {
    creation: Creation,
    machine: Machine,
    begins: Begins,
    next: usize,
    at: i64,
}

impl Replay {
    /// Begins the replay of an import at the moment `at`, on the state that the import was made on.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn new(workspace: &mut Workspace, import: &EventsImport, at: i64) -> Result<Replay, Refused> {
        let creation = import.creation(workspace);
        let from = import.events().first().map_or(at, |event| event.when.min(at));
        // The machine knows the new contacts, the workspace does not yet.
        let mut copy = workspace.copy();
        if !creation.effects.is_empty() {
            let (cause, what) = import.cause(&copy, "");
            let set = copy.change(at, cause, what, creation.effects.clone());
            copy.apply(Prepared {
                set,
                pages: creation.pages.clone(),
                files: Vec::new(),
            });
        }
        let machine = Machine::replay(&copy, from, at)?;
        Ok(Replay {
            creation,
            machine,
            begins: Begins::for_all(from),
            next: 0,
            at,
        })
    }

    /// Lets up to `most` more events happen, or people go on; says whether all did, and the clock came to the present.
    pub fn step(&mut self, import: &EventsImport, most: usize) -> bool {
        let mut left = most;
        if !self.begins.step(&mut self.machine, &mut left) {
            return false;
        }
        for event in import.events().iter().skip(self.next) {
            if left == 0 || !self.machine.advance_some(event.when, &mut left) {
                return false;
            }
            let (raw, items) = import.row(self.machine.log_mut(), event, self.creation.base);
            self.machine.event(raw, &items);
            self.next += 1;
            left = left.saturating_sub(1);
        }
        self.machine.advance_some(self.at, &mut left)
    }

    /// How many events happened.
    pub fn done(&self) -> usize {
        self.next
    }

    /// The change sets: the import, and what followed from its events; an undo of the first takes back all.
    pub fn finish(mut self, workspace: &mut Workspace, import: &EventsImport, file: &str) -> Vec<Prepared> {
        let (cause, what) = import.cause(workspace, file);
        let base = Base::Cause(Box::new(cause), what);
        let mut prepared = self.machine.close(workspace, self.at, base);
        if let Some(first) = prepared.first_mut() {
            first.set.effects.splice(0..0, self.creation.effects);
            first.pages.extend(self.creation.pages);
        }
        prepared
    }
}
