//! The changes that passes make, gathered into few change sets: one a node, as long as the order of changes allows it.

use crate::bits::Bits;
use crate::column::{Cell, NONE, by_group};
use crate::edit::contacts;
use crate::journal::{Cause, Effect, PageId, Values, WorkflowCause};
use crate::page::{Page, number_page, page_of_numbers, text_page};
use crate::workspace::Workspace;
use litemap::LiteMap;
use model::{ChangeId, FieldId, NodeId, SegmentId, WorkflowId};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// What changes, in whose hands it was last decides which group must come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Touched {
    Member(SegmentId, u32),
    Cell(FieldId, u32),
}

/// One node's changes.
#[derive(Debug)]
struct Group {
    workflow: u32,
    name: String,
    version: u32,
    node: NodeId,
    node_name: String,
    /// Contact, when, and the number of the event that started the pass ([`NONE`] where there is none).
    acted: Vec<(u32, i64, i64)>,
    added: LiteMap<SegmentId, RoaringBitmap>,
    removed: LiteMap<SegmentId, RoaringBitmap>,
    cells: LiteMap<FieldId, FxHashMap<u32, Cell>>,
}

/// Who acts: a node of a workflow, for a contact, at a moment, by an event.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    /// The workflow.
    pub workflow: u32,
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: u32,
    /// The node.
    pub node: NodeId,
    /// What it is called.
    pub node_name: &'a str,
    /// When, in milliseconds since 1970.
    pub when: i64,
    /// The row of the event that started the pass.
    pub event: Option<u32>,
}

/// The changes of a batch.
#[derive(Debug, Default)]
pub struct Groups {
    groups: Vec<Group>,
    /// The latest group of each node.
    latest: FxHashMap<(u32, u32, NodeId), usize>,
    touched: FxHashMap<Touched, usize>,
}

impl Groups {
    /// A membership began (true) or ended.
    pub fn member(&mut self, actor: Actor<'_>, segment: SegmentId, contact: u32, joins: bool) {
        let group = self.group(actor, contact, Touched::Member(segment, contact), |group| {
            let other = if joins { &group.removed } else { &group.added };
            other.get(&segment).is_some_and(|set| set.contains(contact))
        });
        if let Some(group) = group {
            let set = if joins {
                &mut group.added
            } else {
                &mut group.removed
            };
            set.entry(segment).or_default().insert(contact);
        }
    }

    /// A value was written.
    pub fn cell(&mut self, actor: Actor<'_>, field: FieldId, contact: u32, cell: Cell) {
        let group = self.group(actor, contact, Touched::Cell(field, contact), |_| false);
        if let Some(group) = group {
            group.cells.entry(field).or_default().insert(contact, cell);
        }
    }

    /// The group of the actor in which something can be changed: its latest one, unless another's came in between or
    /// the change would meet its own opposite.
    fn group(
        &mut self,
        actor: Actor<'_>,
        contact: u32,
        what: Touched,
        opposite: impl Fn(&Group) -> bool,
    ) -> Option<&mut Group> {
        let key = (actor.workflow, actor.version, actor.node);
        let mine = self.latest.get(&key).copied();
        let last = self.touched.get(&what).copied();
        let fits = mine.filter(|mine| last.is_none_or(|last| last <= *mine));
        let fits = fits.filter(|mine| self.groups.get(*mine).is_some_and(|group| !opposite(group)));
        let at = match fits {
            Some(at) => at,
            None => {
                self.groups.push(Group {
                    workflow: actor.workflow,
                    name: actor.name.to_owned(),
                    version: actor.version,
                    node: actor.node,
                    node_name: actor.node_name.to_owned(),
                    acted: Vec::new(),
                    added: LiteMap::new(),
                    removed: LiteMap::new(),
                    cells: LiteMap::new(),
                });
                self.latest.insert(key, self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        self.touched.insert(what, at);
        let group = self.groups.get_mut(at)?;
        let event = actor.event.map_or(NONE, |row| i64::from(row) + 1);
        group.acted.push((contact, actor.when, event));
        Some(group)
    }

    /// The causes and effects of the change sets, in their order, with what each did in words; the groups are empty
    /// afterwards.
    pub fn take(&mut self, workspace: &mut Workspace, run: Option<ChangeId>) -> Vec<Made> {
        self.latest.clear();
        self.touched.clear();
        let groups = std::mem::take(&mut self.groups);
        groups
            .into_iter()
            .map(|group| group.made(workspace, run))
            .collect()
    }
}

/// A change set without its number.
#[derive(Debug)]
pub struct Made {
    /// Who did it.
    pub cause: Cause,
    /// In one sentence.
    pub what: String,
    /// What it did.
    pub effects: Vec<Effect>,
    /// Pages for the store.
    pub pages: Vec<(PageId, Rc<Page>)>,
}

impl Group {
    fn made(mut self, workspace: &mut Workspace, run: Option<ChangeId>) -> Made {
        // Of several acts on a contact the last one is told.
        self.acted.sort_by_key(|(contact, ..)| *contact);
        self.acted.reverse();
        self.acted.dedup_by_key(|(contact, ..)| *contact);
        self.acted.reverse();
        let named: RoaringBitmap = self.acted.iter().map(|(contact, ..)| *contact).collect();
        let mut pages = Vec::new();
        let (whens, events): (Vec<i64>, Vec<i64>) =
            self.acted.iter().map(|(_, when, event)| (*when, *event)).unzip();
        let when = whens.iter().copied().max().unwrap_or_default();
        let whens = numbers(workspace, &named, &whens, &mut pages);
        let events = numbers(workspace, &named, &events, &mut pages);
        let mut effects = Vec::new();
        let mut told = Vec::new();
        let segments: Vec<SegmentId> = workspace.segments.keys().copied().collect();
        for segment in segments {
            let added = self.added.remove(&segment).unwrap_or_default();
            let removed = self.removed.remove(&segment).unwrap_or_default();
            if added.is_empty() && removed.is_empty() {
                continue;
            }
            let name = workspace
                .segment(segment)
                .map_or("a deleted segment", |def| def.name.as_str());
            if !added.is_empty() {
                told.push(format!("added {} to {name}", contacts(added.len())));
            }
            if !removed.is_empty() {
                told.push(format!("removed {} from {name}", contacts(removed.len())));
            }
            effects.push(Effect::Members {
                segment,
                added: Bits(added),
                removed: Bits(removed),
            });
        }
        for (field, cells) in std::mem::take(&mut self.cells) {
            let mut cells: Vec<(u32, Cell)> = cells.into_iter().collect();
            cells.sort_unstable_by_key(|(contact, _)| *contact);
            let written: RoaringBitmap = cells.iter().map(|(contact, _)| *contact).collect();
            let name = workspace
                .field(field)
                .map_or("a deleted field", |def| def.name.as_str());
            told.push(format!("set {name} of {}", contacts(written.len())));
            let mut rest = cells.as_slice();
            let mut groups = Vec::new();
            for (group, part) in by_group(&written) {
                let (mine, others) = rest.split_at(part.len() as usize);
                rest = others;
                groups.push((group as u32, page_of(mine)));
            }
            let (values, mut more) = workspace.stored_values(groups);
            pages.append(&mut more);
            effects.push(Effect::Cells {
                field,
                contacts: Bits(written),
                values,
            });
        }
        let what = format!("Workflow {}: {} {}", self.name, self.node_name, told.join(", "));
        let cause = WorkflowCause {
            workflow: WorkflowId(self.workflow),
            name: self.name,
            version: self.version,
            node: self.node,
            node_name: self.node_name,
            when,
            contacts: Bits(named),
            whens,
            events,
            run,
        };
        Made {
            cause: Cause::Workflow(Box::new(cause)),
            what,
            effects,
            pages,
        }
    }
}

fn page_of(cells: &[(u32, Cell)]) -> Rc<Page> {
    let number = |cell: &Cell| match cell {
        Cell::Number(number) => *number,
        Cell::Text(_) => NONE,
    };
    match cells.first() {
        Some((_, Cell::Text(_))) => text_page(cells.iter().map(|(_, cell)| match cell {
            Cell::Text(text) => text.as_bytes(),
            Cell::Number(_) => &[],
        })),
        _ => number_page(cells.iter().map(|(_, cell)| number(cell))),
    }
}

/// One number for each of some contacts, in the order of their numbers, on pages.
fn numbers(
    workspace: &mut Workspace,
    contacts: &RoaringBitmap,
    numbers: &[i64],
    pages: &mut Vec<(PageId, Rc<Page>)>,
) -> Values {
    let mut rest = numbers;
    let mut groups = Vec::new();
    for (group, part) in by_group(contacts) {
        let (mine, others) = rest.split_at((part.len() as usize).min(rest.len()));
        rest = others;
        groups.push((group as u32, page_of_numbers(mine)));
    }
    let (values, mut more) = workspace.stored_values(groups);
    pages.append(&mut more);
    values
}
