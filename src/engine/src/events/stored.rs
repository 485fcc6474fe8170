//! Where the pages of a batch of events rest: small ones in the record, large ones in the store.

use super::EventBatch;
use crate::journal::{PageId, PageRef};
use crate::page::Page;
use crate::workspace::{BULK, Workspace};
use std::rc::Rc;

/// Gives the pages of a batch that are over 4 KB numbers of the store, and gives them out to be stored with it.
pub fn stored_batch(
    workspace: &mut Workspace,
    mut batch: EventBatch,
) -> (EventBatch, Vec<(PageId, Rc<Page>)>) {
    let mut pages = Vec::new();
    for column in batch.chunks.iter_mut().flat_map(|chunk| &mut chunk.columns) {
        if let PageRef::Here(page) = column
            && page.bytes().len() as u64 > BULK
        {
            let id = workspace.new_page();
            pages.push((id, page.clone()));
            *column = PageRef::Stored(id);
        }
    }
    (batch, pages)
}
