//! What a store holds of a workspace, for tests that read it back.

use crate::journal::{PageId, PageRef, Pages};
use crate::workspace::{Opening, Prepared, Workspace};

/// The records and pages of everything that was committed.
#[derive(Default)]
pub(crate) struct Stored {
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) pages: Pages,
}

impl Stored {
    /// Stores a change set, and makes it part of the state.
    pub(crate) fn commit(&mut self, workspace: &mut Workspace, prepared: Prepared) {
        self.records.push(prepared.set.to_bytes());
        for (id, page) in &prepared.pages {
            self.pages.insert(*id, page.clone());
        }
        workspace.apply(prepared);
    }

    /// The journal as it is read back.
    pub(crate) fn opening(&self) -> Opening {
        let mut opening = Opening::default();
        let mut records = self.records.iter();
        records.try_for_each(|record| opening.record(record)).unwrap();
        opening
    }

    /// Those of some pages that are there.
    pub(crate) fn read(&self, wanted: &[PageId]) -> Pages {
        let mut pages = Pages::default();
        for id in wanted {
            if let Some(page) = self.pages.get(&PageRef::Stored(*id)) {
                pages.insert(*id, page);
            }
        }
        pages
    }

    /// Puts some pages into the memory of a workspace.
    pub(crate) fn load(&self, wanted: &[PageId], workspace: &mut Workspace) {
        for id in wanted {
            if let Some(page) = self.pages.get(&PageRef::Stored(*id)) {
                workspace.load_page(*id, page);
            }
        }
    }

    /// The workspace as it is when it is opened again.
    pub(crate) fn reopened(&self) -> Workspace {
        let opening = self.opening();
        let pages = self.read(&opening.pages());
        opening.finish(pages)
    }
}

/// The workspace that a workspace's own journal and pages add up to.
pub(crate) fn replayed(workspace: &Workspace) -> Workspace {
    Opening::of(workspace.journal().clone()).finish(workspace.pages.clone())
}
