//! The steps of contacts through a workflow, kept in columns: where, by which exit, when, by which event.

use crate::column::NONE;
use crate::events::ChunkPages;
use crate::journal::{PageId, PageRef, Pages};
use crate::page::{GROUP, Page, number_page};
use crate::workspace::Workspace;
use model::{EventId, NodeId};
use std::rc::Rc;

/// How many columns a step has.
const COLUMNS: usize = 5;

/// The steps of a batch.
#[derive(Debug, Default)]
pub struct Steps {
    columns: [Vec<i64>; COLUMNS],
}

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
    pub fn push(&mut self, contact: u32, node: NodeId, exit: Option<u8>, when: i64, row: Option<u32>) {
        let values = [
            i64::from(contact),
            i64::from(node.0),
            exit.map_or(NONE, i64::from),
            when,
            row.map_or(NONE, |row| i64::from(row) + 1),
        ];
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
    }

    /// The steps on pages, large ones for the store; none are left here.
    pub fn take(
        &mut self,
        workspace: &mut Workspace,
        pages: &mut Vec<(PageId, Rc<Page>)>,
    ) -> Vec<ChunkPages> {
        let columns = std::mem::take(&mut self.columns);
        let rows = columns.first().map_or(0, Vec::len);
        let mut chunks = Vec::new();
        for start in (0..rows).step_by(GROUP as usize) {
            let end = (start + GROUP as usize).min(rows);
            let part = |column: &Vec<i64>| {
                let part = column.get(start..end).unwrap_or_default();
                (0, number_page(part.iter().copied()))
            };
            let made = columns.iter().map(part).collect();
            let (values, mut more) = workspace.stored_values(made);
            pages.append(&mut more);
            chunks.push(ChunkPages {
                rows: (end - start) as u32,
                columns: values.0.into_iter().map(|(_, page)| page).collect(),
            });
        }
        chunks
    }
}

/// The steps of one contact among those of a batch, in their order.
pub fn of_contact(chunks: &[ChunkPages], contact: u32, pages: &Pages, found: &mut Vec<Step>) {
    for chunk in chunks {
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
