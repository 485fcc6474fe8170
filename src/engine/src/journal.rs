//! The journal: every change set in order, and which of them stand.

use crate::bits::Bits;
use crate::column::{Cell, by_group};
use crate::events::EventBatch;
use crate::page::Page;
use crate::workflow::RunDelta;
use litemap::LiteMap;
use model::event::Product;
use model::field::{EMAIL, EXTERNAL_ID};
use model::import::{Options, SavedMapping};
use model::message::Settings;
use model::query::SavedFilter;
use model::workflow::WorkflowDef;
use model::{
    Account, ChangeId, ContactId, FieldDef, FieldId, Group, NodeId, SegmentDef, SegmentId, WorkflowId,
};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::rc::Rc;

/// The number of a page in the store; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageId(pub u64);

/// Everything that one act altered, with who did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// Its place in the journal, from 1.
    pub id: ChangeId,
    /// When, in milliseconds since 1970; never decreasing.
    pub at: i64,
    /// Who or what did it.
    pub cause: Cause,
    /// What it did, in one sentence without values of a person.
    pub what: String,
    /// What it really changed, each cell, membership and definition at most once.
    pub effects: Vec<Effect>,
}

/// Who or what made a change set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cause {
    /// A person on a screen.
    Person,
    /// An import.
    Import(Box<ImportCause>),
    /// *Load the demo*: a piece of the demo's history.
    Demo(Box<DemoCause>),
    /// An undo of a change set.
    Undo(ChangeId),
    /// A redo of a change set.
    Redo(ChangeId),
    /// A set operation, with its formula: a segment combined, refreshed, split or sampled.
    SetOperation(Option<Group>),
    /// *Forget history*: everything that was before.
    Baseline,
    /// A person's merge of contacts into this one.
    Merge(ContactId),
    /// A node of a workflow.
    Workflow(Box<WorkflowCause>),
    /// A simulation on this workspace.
    Simulation(Box<SimulationCause>),
    /// An import of events.
    Events(Box<EventsCause>),
    /// An event that a person fired by hand.
    Fired,
}

/// A node of a workflow, as a change set of its remembers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowCause {
    /// The workflow.
    pub workflow: WorkflowId,
    /// Its name then.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// The node.
    pub node: NodeId,
    /// What the node was called then.
    pub node_name: String,
    /// The latest moment of all that happened, in milliseconds since 1970.
    pub when: i64,
    /// The contacts that it acted on.
    pub contacts: Bits,
    /// For each of them, when.
    pub whens: Values,
    /// For each of them the number of the event that started the pass.
    pub events: Values,
    /// The first change set of the simulation or import of events in which it happened.
    pub run: Option<ChangeId>,
}

/// A batch of a simulation, as its change set remembers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimulationCause {
    /// The first change set of the simulation.
    pub run: ChangeId,
    /// Up to when it had come, in milliseconds since 1970.
    pub until: i64,
    /// With its first change set: what it was told.
    pub spec: Option<model::simulation::SimulationSpec>,
}

/// An import of events, as its change set remembers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventsCause {
    /// The file's name; empty for pasted text.
    pub file: String,
    /// The latest moment of all, in milliseconds since 1970.
    pub until: i64,
    /// What became of its rows.
    pub report: model::simulation::EventsReport,
}

/// A piece of the demo's history, which is told as if it had happened before the demo was loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DemoCause {
    /// The last change set of the demo, which is undone and redone with all the others.
    pub demo: ChangeId,
    /// When it happened in the demo's history, in milliseconds since 1970; the change set's `at` is when it was loaded.
    pub when: i64,
    /// Who did it there; none for what comes from the demo's shop itself.
    pub by: Option<Cause>,
}

/// An import, as its change set remembers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportCause {
    /// The file's name; empty for pasted text.
    pub file: String,
    /// The options it ran with.
    pub options: Options,
    /// The name of the segment it wrote to; else empty.
    pub segment: String,
    /// Where every row went.
    pub account: Account,
    /// How many rows *Download rejected rows* gives; they are the file `rejected/ID` of the store.
    pub rejected_rows: u64,
    /// The contacts that the file made or changed.
    pub contacts: Bits,
    /// For each of them the line of the file.
    pub lines: Values,
}

/// One kind of alteration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Contacts were made.
    Created(Bits),
    /// Contacts were deleted.
    Deleted(Bits),
    /// Values of one field were written.
    Cells {
        /// The field.
        field: FieldId,
        /// The contacts whose value changed.
        contacts: Bits,
        /// Their new values.
        values: Values,
    },
    /// Members came and went.
    Members {
        /// The segment.
        segment: SegmentId,
        /// Who came.
        added: Bits,
        /// Who went.
        removed: Bits,
    },
    /// A custom field was made, changed or (none) deleted.
    Field(FieldId, Option<FieldDef>),
    /// A segment was made, changed or (none) deleted.
    Segment(SegmentId, Option<SegmentDef>),
    /// A saved filter was made, changed or (none) deleted; the name is its key.
    Filter(String, Option<SavedFilter>),
    /// A saved mapping was made, changed or (none) deleted; the name is its key.
    Mapping(String, Option<SavedMapping>),
    /// The settings were changed.
    Settings(Settings),
    /// Another change set stands from now on, or does not.
    Stand {
        /// The other change set.
        change: ChangeId,
        /// Whether it stands.
        stands: bool,
        /// Contacts for whom nothing changes, since their key belongs to somebody else now.
        except: Bits,
    },
    /// The formula of a segment was given or (none) taken away.
    Formula(SegmentId, Option<Group>),
    /// Contacts were erased for good: they live no more, whatever stands.
    Erased(Bits),
    /// A workflow was made, changed or (none) deleted.
    Workflow(WorkflowId, Option<Box<WorkflowDef>>),
    /// The catalogue of products was set.
    Catalogue(Vec<Product>),
    /// Events happened.
    Events(Box<EventBatch>),
    /// The state of a running workflow changed.
    Run(Box<RunDelta>),
    /// Workflows have taken notice of every change set up to this one.
    Reacted(ChangeId),
}

/// New values of some contacts: for each row group a page with one value a contact, in the order of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Values(pub Vec<(u32, PageRef)>);

/// A page inside a record, or one in the store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PageRef {
    /// The page itself.
    Here(Rc<Page>),
    /// Its number in the store.
    Stored(PageId),
}

/// The pages of the store that are in memory.
#[derive(Clone, Debug, Default)]
pub struct Pages(FxHashMap<PageId, Rc<Page>>);

impl Pages {
    /// Puts a page in.
    pub fn insert(&mut self, id: PageId, page: Rc<Page>) {
        self.0.insert(id, page);
    }

    /// Takes a page out.
    pub fn remove(&mut self, id: PageId) {
        self.0.remove(&id);
    }

    /// Whether a page is in memory.
    pub fn has(&self, id: PageId) -> bool {
        self.0.contains_key(&id)
    }

    /// The page behind a reference; none where it is not in memory or damaged.
    pub fn get(&self, page: &PageRef) -> Option<Rc<Page>> {
        match page {
            PageRef::Here(page) => Some(page.clone()),
            PageRef::Stored(id) => self.0.get(id).cloned(),
        }
    }
}

impl Values {
    /// The values by row group, each with its contacts; groups whose page is missing are left out.
    pub fn groups<'a>(
        &'a self,
        contacts: &'a RoaringBitmap,
        pages: &'a Pages,
    ) -> impl Iterator<Item = (usize, RoaringBitmap, Rc<Page>)> + 'a {
        by_group(contacts).filter_map(move |(group, part)| {
            let at = self
                .0
                .binary_search_by_key(&(group as u32), |(group, _)| *group)
                .ok()?;
            Some((group, part, pages.get(&self.0[at].1)?))
        })
    }

    /// The number of one contact's value (for lines of a file), or none.
    pub fn number(&self, contacts: &RoaringBitmap, contact: u32, pages: &Pages) -> Option<i64> {
        let (page, at) = self.place(contacts, contact, pages)?;
        Some(page.number(at))
    }

    /// One contact's value, or none.
    pub fn cell(&self, contacts: &RoaringBitmap, contact: u32, pages: &Pages) -> Option<Cell> {
        let (page, at) = self.place(contacts, contact, pages)?;
        Some(page.cell(at))
    }

    /// The page that holds a contact's value, and where on it.
    fn place(&self, contacts: &RoaringBitmap, contact: u32, pages: &Pages) -> Option<(Rc<Page>, usize)> {
        let group = contact / crate::page::GROUP;
        let at = self.0.binary_search_by_key(&group, |(group, _)| *group).ok()?;
        let page = pages.get(&self.0[at].1)?;
        let before = contacts.range_cardinality(group * crate::page::GROUP..contact) as usize;
        contacts.contains(contact).then_some((page, before))
    }

    /// The numbers of the store's pages among these.
    pub fn stored(&self) -> impl Iterator<Item = PageId> + '_ {
        self.stored_by_group().map(|(_, page)| page)
    }

    /// The same, each with its row group.
    pub fn stored_by_group(&self) -> impl Iterator<Item = (u32, PageId)> + '_ {
        self.0.iter().filter_map(|(group, page)| match page {
            PageRef::Stored(id) => Some((*group, *id)),
            PageRef::Here(_) => None,
        })
    }
}

impl ChangeSet {
    /// The record's bytes: one byte of version, then the change set.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![RECORD_VERSION];
        // Writing to a Vec fails only where a serializer says so, and none of ours does.
        bytes.extend(postcard::to_allocvec(self).unwrap_or_default());
        bytes
    }

    /// Reads a record.
    ///
    /// # Errors
    /// A sentence saying that the record comes from a newer version or is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<ChangeSet, String> {
        match bytes.split_first() {
            Some((&RECORD_VERSION, rest)) => {
                postcard::from_bytes(rest).map_err(|error| format!("the record is damaged ({error})"))
            }
            Some((version, _)) => Err(format!("the record was written by a newer version ({version})")),
            None => Err("the record is empty".to_owned()),
        }
    }

    /// The store's pages with values of contacts that the change set names, each with its row group.
    pub fn value_pages(&self) -> impl Iterator<Item = (u32, PageId)> {
        let cells = self.effects.iter().filter_map(|effect| match effect {
            Effect::Cells { values, .. } => Some(values),
            _ => None,
        });
        cells.flat_map(Values::stored_by_group)
    }

    /// The numbers of the store's pages that the change set names.
    pub fn page_ids(&self) -> Vec<PageId> {
        let mut ids: Vec<PageId> = self.value_pages().map(|(_, page)| page).collect();
        for effect in &self.effects {
            let chunks = match effect {
                Effect::Events(batch) => &batch.chunks,
                Effect::Run(delta) => &delta.steps,
                _ => continue,
            };
            for page in chunks.iter().flat_map(|chunk| &chunk.columns) {
                if let PageRef::Stored(id) = page {
                    ids.push(*id);
                }
            }
        }
        match self.cause.actor() {
            Cause::Import(import) => ids.extend(import.lines.stored()),
            Cause::Workflow(cause) => {
                ids.extend(cause.whens.stored());
                ids.extend(cause.events.stored());
            }
            _ => {}
        }
        ids
    }

    /// The contacts that the change set made, deleted or wrote to.
    pub fn contacts(&self) -> RoaringBitmap {
        let mut contacts = RoaringBitmap::new();
        for effect in &self.effects {
            match effect {
                Effect::Created(named) | Effect::Deleted(named) | Effect::Cells { contacts: named, .. } => {
                    contacts |= &named.0;
                }
                _ => {}
            }
        }
        contacts
    }

    /// Whether the change set counts as a write by a person or an import, which keeps a contact from going
    /// when the change set that made it is undone.
    pub fn keeps_contacts(&self) -> bool {
        matches!(
            self.cause.actor(),
            Cause::Person | Cause::Import(_) | Cause::Merge(_)
        )
    }

    /// Whether it is an undo or redo of another.
    pub fn is_stand(&self) -> bool {
        matches!(self.cause.actor(), Cause::Undo(_) | Cause::Redo(_))
    }

    /// Whether it can never be undone: an erasure, the baseline of a forgotten history, or that a workflow began to run.
    pub fn is_for_good(&self) -> bool {
        let gone = |effect: &Effect| matches!(effect, Effect::Erased(_));
        // A workflow that ran can be paused or finalized; that it ran is not undone.
        let ran = |effect: &Effect| matches!(effect, Effect::Run(_));
        self.cause == Cause::Baseline
            || self.effects.iter().any(gone)
            || (self.run().is_none() && self.demo().is_none() && self.effects.iter().any(ran))
    }

    /// The change sets that it makes stand or not.
    pub fn turned(&self) -> impl Iterator<Item = ChangeId> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Stand { change, .. } => Some(*change),
            _ => None,
        })
    }

    /// When what it tells of happened, in milliseconds since 1970: for the demo's history before it was loaded.
    pub fn when(&self) -> i64 {
        match &self.cause {
            Cause::Demo(demo) => demo.when,
            Cause::Workflow(cause) => cause.when,
            Cause::Simulation(cause) => cause.until,
            _ => self.at,
        }
    }

    /// The simulation or import of events that it is a part of or follows from, by the number of the first change set.
    pub fn run(&self) -> Option<ChangeId> {
        match &self.cause {
            Cause::Workflow(cause) => cause.run,
            Cause::Simulation(cause) => Some(cause.run),
            Cause::Events(_) | Cause::Fired => Some(self.id),
            _ => None,
        }
    }

    /// Whether it only keeps the books of workflows: who waits, what was counted, which messages went out. It is turned
    /// with the run that it belongs to, if it belongs to one, and else not at all.
    pub fn is_books(&self) -> bool {
        let books =
            |effect: &Effect| matches!(effect, Effect::Run(_) | Effect::Reacted(_) | Effect::Events(_));
        matches!(self.cause.actor(), Cause::Workflow(_)) && self.effects.iter().all(books)
    }

    /// The demo it is a part of, by the number of the demo's last change set.
    pub fn demo(&self) -> Option<ChangeId> {
        match &self.cause {
            Cause::Demo(demo) => Some(demo.demo),
            _ => None,
        }
    }
}

impl Cause {
    /// Who or what acted: within the demo's history who did so there.
    pub fn actor(&self) -> &Cause {
        match self {
            Cause::Demo(demo) => demo.by.as_ref().unwrap_or(self),
            _ => self,
        }
    }
}

/// The version of the records that this build writes.
const RECORD_VERSION: u8 = 1;

/// For whom a change set stands: all contacts or none, with exceptions.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Whether it stands, for definitions and for contacts without an exception.
    pub stands: bool,
    /// Contacts for whom the opposite holds.
    pub except: RoaringBitmap,
}

impl Standing {
    /// The standing of what was never turned.
    pub fn everybody() -> Standing {
        Standing {
            stands: true,
            except: RoaringBitmap::new(),
        }
    }

    /// The contacts of a set for whom the change set stands.
    pub fn of<'a>(&self, contacts: &'a RoaringBitmap) -> Cow<'a, RoaringBitmap> {
        match (self.stands, self.except.is_empty()) {
            (true, true) => Cow::Borrowed(contacts),
            (true, false) => Cow::Owned(contacts - &self.except),
            (false, true) => Cow::Owned(RoaringBitmap::new()),
            (false, false) => Cow::Owned(contacts & &self.except),
        }
    }

    /// Whether the change set stands for everybody.
    pub fn fully(&self) -> bool {
        self.stands && self.except.is_empty()
    }

    /// Whether an undo (`stands` false) or redo has something to turn.
    pub fn turns(&self, stands: bool) -> bool {
        self.stands != stands || !self.except.is_empty()
    }

    /// The standing after an undo or redo that leaves some contacts as they are.
    pub fn turned(&self, stands: bool, unchanged: &RoaringBitmap) -> Standing {
        let stood = self.of(unchanged).into_owned();
        let except = if stands { unchanged - &stood } else { stood };
        Standing { stands, except }
    }
}

/// A change set with its standing.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The change set, shared by the copies of a workspace.
    pub set: Rc<ChangeSet>,
    /// For whom it stands.
    pub standing: Standing,
}

impl Entry {
    /// A change set that was never turned.
    pub(crate) fn new(set: ChangeSet) -> Entry {
        Entry {
            set: Rc::new(set),
            standing: Standing::everybody(),
        }
    }
}

/// Every change set in order.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: LiteMap<ChangeId, Entry>,
    /// Those that could not be read; their numbers aren't given again.
    lost: Vec<ChangeId>,
}

impl Journal {
    /// The same with other entries, oldest first; what could not be read stays lost.
    pub(crate) fn with(&self, entries: Vec<Entry>) -> Journal {
        let entries = entries.into_iter().map(|entry| (entry.set.id, entry));
        Journal {
            entries: entries.collect(),
            lost: self.lost.clone(),
        }
    }

    /// Notes a change set that could not be read.
    pub fn lose(&mut self, id: ChangeId) {
        self.lost.push(id);
    }

    /// Whether every change set could be read.
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty()
    }

    /// Appends a change set; an undo or redo turns the standing of the one it names.
    pub fn push(&mut self, set: ChangeSet) {
        for effect in &set.effects {
            if let Effect::Stand {
                change,
                stands,
                except,
            } = effect
                && let Some(entry) = self.entries.get_mut(change)
                // A baseline has the number of the last change set that it stands for, which may have been turned.
                && entry.set.cause != Cause::Baseline
            {
                entry.standing = entry.standing.turned(*stands, except);
            }
        }
        self.entries.insert(set.id, Entry::new(set));
    }

    /// A change set by its number.
    pub fn get(&self, id: ChangeId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Change sets, oldest first; `rev()` for newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values()
    }

    /// Every write of values, oldest first: the field, the contacts and their values.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (FieldId, &Bits, &Values)> {
        let effects = self.iter().flat_map(|entry| &entry.set.effects);
        effects.filter_map(|effect| match effect {
            Effect::Cells {
                field,
                contacts,
                values,
            } => Some((*field, contacts, values)),
            _ => None,
        })
    }

    /// The number the next change set gets.
    pub fn next_id(&self) -> ChangeId {
        let last = self.entries.last().map(|(id, _)| *id);
        let last = last.max(self.lost.iter().copied().max());
        ChangeId(last.map_or(1, |id| id.0 + 1))
    }

    /// The time of the newest change set, or `i64::MIN`.
    pub fn last_at(&self) -> i64 {
        self.entries.last().map_or(i64::MIN, |(_, entry)| entry.set.at)
    }

    /// How many change sets there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The pages with the keys of some contacts whose creation is undone: a contact that stays keeps those keys.
    pub(crate) fn key_pages(&self, contacts: &RoaringBitmap) -> Vec<PageId> {
        let mut ids = Vec::new();
        for entry in self.iter().filter(|entry| !entry.standing.fully()) {
            let created =
                entry.set.effects.iter().any(
                    |effect| matches!(effect, Effect::Created(created) if !created.is_disjoint(contacts)),
                );
            for effect in entry.set.effects.iter().filter(|_| created) {
                let Effect::Cells {
                    field,
                    contacts: written,
                    values,
                } = effect
                else {
                    continue;
                };
                if *field == EMAIL || *field == EXTERNAL_ID {
                    let mine = &written.0 & contacts;
                    let groups: Vec<u32> = by_group(&mine).map(|(group, _)| group as u32).collect();
                    let named = values.0.iter().filter(|(group, _)| groups.contains(group));
                    ids.extend(named.filter_map(|(_, page)| match page {
                        PageRef::Stored(id) => Some(*id),
                        PageRef::Here(_) => None,
                    }));
                }
            }
        }
        ids
    }

    /// Contacts whose creation is undone and to whom a person or an import wrote since: they stay.
    pub(crate) fn kept(&self) -> RoaringBitmap {
        let (mut written, mut kept) = (RoaringBitmap::new(), RoaringBitmap::new());
        for entry in self.iter().rev() {
            for effect in &entry.set.effects {
                if let Effect::Created(created) = effect {
                    kept |= (&created.0 - &*entry.standing.of(created)) & &written;
                }
            }
            for effect in entry.set.effects.iter().filter(|_| entry.set.keeps_contacts()) {
                if let Effect::Cells { contacts, .. } = effect {
                    written |= &*entry.standing.of(contacts);
                }
            }
        }
        kept
    }

    /// Sets the standing of a change set aside from the journal's own order (for trying out an undo).
    pub(crate) fn set_standing(&mut self, id: ChangeId, standing: Standing) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.standing = standing;
        }
    }
}
