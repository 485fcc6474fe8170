//! What a store holds of a workspace, for tests that read it back.

use crate::journal::{PageId, Pages};
use crate::page::Page;
use crate::workspace::{Opening, Prepared, Workspace};
use std::rc::Rc;

/// The records and pages of everything that was committed.
#[derive(Default)]
pub(crate) struct Stored {
    records: Vec<Vec<u8>>,
    pub(crate) pages: Vec<(PageId, Rc<Page>)>,
}

impl Stored {
    /// Stores a change set, and makes it part of the state.
    pub(crate) fn commit(&mut self, workspace: &mut Workspace, prepared: Prepared) {
        self.records.push(prepared.set.to_bytes());
        self.pages.extend(prepared.pages.clone());
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
        for (id, page) in self.pages.iter().filter(|(id, _)| wanted.contains(id)) {
            pages.insert(*id, page.clone());
        }
        pages
    }

    /// Puts some pages into the memory of a workspace.
    pub(crate) fn load(&self, wanted: &[PageId], workspace: &mut Workspace) {
        for (id, page) in self.pages.iter().filter(|(id, _)| wanted.contains(id)) {
            workspace.load_page(*id, page.clone());
        }
    }

    /// The workspace as it is when it is opened again.
    pub(crate) fn reopened(&self) -> Workspace {
        let opening = self.opening();
        let pages = self.read(&opening.pages());
        opening.finish(pages)
    }
}
