//! The steps of contacts through a workflow: where, by which exit, when, by which event.
//!
//! They are kept packed ([`super::packed`]), a page of bytes for each chunk; records of earlier versions hold a page for
//! each of five columns in its place.

use super::packed::{Packer, unpacked};
use crate::column::NONE;
use crate::events::{ChunkPages, blank_rows};
use crate::journal::{PageId, PageRef, Pages};
use crate::page::{GROUP, Page, text_page};
use crate::workspace::Workspace;
use model::{EventId, NodeId};
use std::rc::Rc;

/// The steps of a batch.
#[derive(Debug, Default)]
pub struct Steps(Vec<Packer>);

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Whose.
    pub contact: u32,
    /// At which node.
    pub node: NodeId,
    /// By which exit; none where the contact stayed or ended there.
    pub exit: Option<u8>,
    /// When, in milliseconds since 1970.
    pub when: i64,
    /// The event that started the pass.
    pub event: Option<EventId>,
}

impl Steps {
    /// Notes a step.
    pub fn push(&mut self, step: &Step) {
        match self.0.last_mut().filter(|packer| packer.rows() < GROUP) {
            Some(packer) => packer.push(step),
            None => {
                let mut packer = Packer::default();
                packer.push(step);
                self.0.push(packer);
            }
        }
    }

    /// The steps on pages, large ones for the store; none are left here.
    pub fn take(
        &mut self,
        workspace: &mut Workspace,
        pages: &mut Vec<(PageId, Rc<Page>)>,
    ) -> Vec<ChunkPages> {
        let packers = std::mem::take(&mut self.0);
        let chunks = packers.into_iter().map(|packer| {
            let (values, mut more) = workspace.stored_values(vec![(0, page_of(&packer))]);
            pages.append(&mut more);
            ChunkPages {
                rows: packer.rows(),
                columns: values.0.into_iter().map(|(_, page)| page).collect(),
            }
        });
        chunks.collect()
    }
}

fn page_of(packer: &Packer) -> Rc<Page> {
    text_page(std::iter::once(packer.bytes()))
}

/// The page of a chunk that holds packed steps.
fn packed(chunk: &mut ChunkPages) -> Option<&mut PageRef> {
    match chunk.columns.as_mut_slice() {
        [page] => Some(page),
        _ => None,
    }
}

/// Takes the steps of some contacts out, a chunk at a time, by giving the new pages; says whether there were any.
/// Chunks whose pages are not in memory are left out.
pub fn without(
    chunks: &mut [ChunkPages],
    pages: &Pages,
    goes: &dyn Fn(u32) -> bool,
    put: &mut dyn FnMut(&mut PageRef, Rc<Page>),
) -> bool {
    let mut any = false;
    for chunk in chunks {
        let Some(column) = packed(chunk) else {
            any |= blank_rows(std::slice::from_mut(chunk), 0, None, pages, goes, put);
            continue;
        };
        let Some(page) = pages.get(column) else { continue };
        if unpacked(page.text(0)).any(|step| goes(step.contact)) {
            let mut kept = Packer::default();
            let stays = unpacked(page.text(0)).filter(|step| !goes(step.contact));
            stays.for_each(|step| kept.push(&step));
            put(column, page_of(&kept));
            chunk.rows = kept.rows();
            any = true;
        }
    }
    any
}

/// The steps of one contact among those of a batch, in their order.
pub fn of_contact(chunks: &[ChunkPages], contact: u32, pages: &Pages, found: &mut Vec<Step>) {
    for chunk in chunks {
        if let [page] = chunk.columns.as_slice() {
            if let Some(page) = pages.get(page) {
                found.extend(unpacked(page.text(0)).filter(|step| step.contact == contact));
            }
            continue;
        }
        let page = |at: usize| chunk.columns.get(at).and_then(|page: &PageRef| pages.get(page));
        let (Some(contacts), Some(nodes), Some(exits), Some(whens), Some(events)) =
            (page(0), page(1), page(2), page(3), page(4))
        else {
            continue;
        };
        for at in 0..contacts.len() {
            if contacts.number(at) != i64::from(contact) {
                continue;
            }
            let some = |number: i64| (number != NONE).then_some(number);
            found.push(Step {
                contact,
                node: NodeId(nodes.number(at) as u32),
                exit: some(exits.number(at)).map(|exit| exit as u8),
                when: whens.number(at),
                event: some(events.number(at)).map(|number| EventId(number as u64)),
            });
        }
    }
}
