//! The workspace: the state that the standing change sets of the journal add up to.

use crate::column::{Cell, Column, by_group};
use crate::events::{self, Log};
use crate::journal::{Cause, ChangeSet, Effect, Entry, Journal, PageId, PageRef, Pages, Standing};
use crate::keys::KeyIndex;
use crate::page::{GROUP, Page};
use crate::shared::Shared;
use crate::value::Zone;
use crate::view::Caches;
use crate::workflow::state::Flows;
use litemap::LiteMap;
use model::event::Product;
use model::field::{self, EMAIL, EXTERNAL_ID, FIRST_CUSTOM};
use model::import::SavedMapping;
use model::message::Settings;
use model::query::SavedFilter;
use model::workflow::{WorkflowDef, WorkflowState};
use model::{ChangeId, ContactId, FieldDef, FieldId, Group, SegmentDef, SegmentId, WorkflowId};
use roaring::RoaringBitmap;
use std::cell::RefCell;
use std::rc::Rc;

/// An import that adds at least so many contacts begins a new row group, so that its pages are nobody else's.
pub const BULK: u64 = 4096;

/// A segment with its members, deleted contacts included (they come back with the contact).
#[derive(Clone, Debug, Default)]
pub struct Segment {
    /// The definition; none while the segment is deleted.
    pub def: Option<SegmentDef>,
    pub(crate) members: Shared<RoaringBitmap>,
}

/// All data of one workspace, in memory.
#[derive(Debug, Default)]
pub struct Workspace {
    pub(crate) journal: Journal,
    pub(crate) pages: Pages,
    pub(crate) fields: LiteMap<FieldId, FieldDef>,
    /// Shared, so that an export goes on reading what it began on; a write then works on a copy, whose pages are shared.
    pub(crate) columns: LiteMap<FieldId, Rc<Column>>,
    pub(crate) segments: LiteMap<SegmentId, Segment>,
    pub(crate) filters: LiteMap<String, SavedFilter>,
    pub(crate) mappings: LiteMap<String, SavedMapping>,
    pub(crate) formulas: LiteMap<SegmentId, Group>,
    /// Workflows, none where one is deleted.
    pub(crate) workflows: LiteMap<WorkflowId, Option<Rc<WorkflowDef>>>,
    /// Every version of a workflow that was ever saved.
    pub(crate) workflow_versions: LiteMap<(WorkflowId, u32), Rc<WorkflowDef>>,
    pub(crate) catalogue: Vec<Product>,
    /// Shared, as columns are.
    pub(crate) log: Rc<Log>,
    /// Grows whenever events come or go.
    pub(crate) log_version: u64,
    pub(crate) flows: Flows,
    /// Workflows have taken notice of every change set up to this one.
    pub(crate) reacted: Option<ChangeId>,
    pub(crate) settings: Settings,
    pub(crate) zone: Zone,
    pub(crate) alive: RoaringBitmap,
    /// Grows whenever a contact comes or goes.
    pub(crate) alive_version: u64,
    keys: RefCell<LiteMap<FieldId, Rc<KeyIndex>>>,
    next_contact: u32,
    next_page: u64,
    /// The state of the data before the first change set: an emptied workspace goes on counting.
    pub(crate) first_version: u64,
    pub(crate) caches: RefCell<Caches>,
}

/// A change set that is ready to be stored and then applied; nothing has changed yet.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The change set.
    pub set: ChangeSet,
    /// Pages that it names, which must be stored with it or before it.
    pub pages: Vec<(PageId, Rc<Page>)>,
    /// Files that belong to it, by name.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A journal and its pages being read back, before the workspace is whole.
#[derive(Debug, Default)]
pub struct Opening {
    journal: Journal,
    /// The records that could not be read, and why.
    lost: Vec<(ChangeId, String)>,
}

impl Opening {
    /// A journal that is in memory already.
    pub(crate) fn of(journal: Journal) -> Opening {
        Opening {
            journal,
            lost: Vec::new(),
        }
    }

    /// Takes the next record of the journal, whose bytes are those that were written.
    ///
    /// # Errors
    /// A sentence saying why this version can't read it.
    pub fn record(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.journal.push(ChangeSet::from_bytes(bytes)?);
        Ok(())
    }

    /// Passes over a record of the journal whose bytes aren't those that were written.
    pub fn lose(&mut self, id: u64, reason: String) {
        self.journal.lose(ChangeId(id));
        self.lost.push((ChangeId(id), reason));
    }

    /// The records that could not be read, and why.
    pub fn lost(&self) -> &[(ChangeId, String)] {
        &self.lost
    }

    /// The pages that must be in memory before [`Opening::begin`]: the values that standing change sets wrote, and the
    /// keys of contacts that stay although their creation is undone.
    pub fn value_pages(&self) -> Vec<PageId> {
        let pages = self.standing().flat_map(ChangeSet::value_pages);
        let mut ids: Vec<PageId> = pages.map(|(_, page)| page).collect();
        ids.extend(self.journal.key_pages(&self.journal.kept()));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Those of [`Opening::value_pages`] that hold the values of at least so many of the first rows of some living
    /// contacts, if there are so many; and how many rows that is.
    pub fn first_pages(&self, alive: &RoaringBitmap, rows: u64) -> (Vec<PageId>, u64) {
        let (mut groups, mut first) = (Vec::new(), RoaringBitmap::new());
        for (group, part) in by_group(alive) {
            if first.len() >= rows {
                break;
            }
            groups.push(group as u32);
            first |= part;
        }
        let pages = self.standing().flat_map(ChangeSet::value_pages);
        let pages = pages.filter(|(group, _)| groups.contains(group));
        let mut ids: Vec<PageId> = pages.map(|(_, page)| page).collect();
        ids.extend(self.journal.key_pages(&(self.journal.kept() & &first)));
        ids.sort_unstable();
        ids.dedup();
        (ids, first.len())
    }

    /// All pages that must be in memory before [`Opening::finish`].
    pub fn pages(&self) -> Vec<PageId> {
        let mut ids = self.value_pages();
        ids.extend(self.standing().flat_map(ChangeSet::page_ids));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The change sets that stand, be it only in part.
    fn standing(&self) -> impl Iterator<Item = &ChangeSet> {
        let standing = |entry: &&Entry| entry.standing.stands || !entry.standing.except.is_empty();
        self.journal.iter().filter(standing).map(|entry| &*entry.set)
    }

    /// Every page that a change set names, standing or not; others are left over from a cut-off import.
    pub fn named_pages(&self) -> Vec<PageId> {
        let mut ids: Vec<PageId> = self
            .journal
            .iter()
            .flat_map(|entry| entry.set.page_ids())
            .collect();
        ids.sort_unstable();
        ids
    }

    /// What is known already, with some pages read or none: everything but events and the values on other pages.
    pub fn so_far(&self, pages: &Pages) -> Workspace {
        Opening::of(self.journal.clone()).begin(pages.clone())
    }

    /// The workspace that the journal adds up to, without events and runs: [`Workspace::add_events`] adds them. Values on
    /// pages that are not given are lost and read as empty.
    pub fn begin(self, pages: Pages) -> Workspace {
        let mut workspace = Workspace {
            pages,
            journal: self.journal,
            ..Workspace::new()
        };
        workspace.replay();
        workspace
    }

    /// The workspace that the journal adds up to. Values on pages that are not given are lost and read as empty.
    pub fn finish(self, pages: Pages) -> Workspace {
        let mut workspace = self.begin(pages);
        workspace.add_events();
        workspace
    }
}

impl Workspace {
    /// An empty workspace.
    pub fn new() -> Workspace {
        let fields: LiteMap<_, _> = field::system_fields()
            .into_iter()
            .map(|def| (def.id, def))
            .collect();
        let columns = fields
            .values()
            .map(|def| (def.id, Rc::new(Column::new(def.kind.is_number()))))
            .collect();
        Workspace {
            fields,
            columns,
            next_page: 1,
            ..Workspace::default()
        }
    }

    /// An empty workspace, whose state is newer than this one's.
    pub fn emptied(&self) -> Workspace {
        Workspace {
            first_version: self.version() + 1,
            ..Workspace::new()
        }
    }

    /// Counts its states on from those of a workspace in whose place it is.
    pub fn count_on_from(&mut self, before: &Workspace) {
        self.first_version = before.version() + 1;
    }

    /// A workspace that knows this one's fields, segments, workflows, catalogue and settings and whose numbers go on from
    /// it, but that holds neither contacts nor history: to prepare change sets that build on each other before the first
    /// is stored. Its workflows only keep their names and numbers, and do nothing.
    pub(crate) fn blank(&self) -> Workspace {
        let mut blank = Workspace {
            settings: self.settings.clone(),
            zone: self.zone.clone(),
            next_contact: self.next_contact,
            next_page: self.next_page,
            // Its rows are of contacts that are gone; those that follow get the next numbers.
            log: self.log.clone(),
            flows: Flows::from_wait(self.flows.next_wait()),
            ..Workspace::new()
        };
        // One change set stands for all before it: it holds what exists, and the greatest numbers given.
        if let Some(last) = self.journal.iter().next_back() {
            let made = (FIRST_CUSTOM..self.next_field().0).map(FieldId);
            let fields = made.map(|id| Effect::Field(id, self.fields.get(&id).cloned()));
            let segments = self.segments.iter();
            let segments = segments.map(|(id, segment)| Effect::Segment(*id, segment.def.clone()));
            let workflows = self.workflows.iter().map(|(id, def)| {
                let idle = def.as_ref().map(|def| {
                    Box::new(WorkflowDef {
                        state: WorkflowState::Draft,
                        ..(**def).clone()
                    })
                });
                Effect::Workflow(*id, idle)
            });
            let catalogue = Effect::Catalogue(self.catalogue.clone());
            blank.apply(Prepared {
                set: ChangeSet {
                    id: last.set.id,
                    at: last.set.at,
                    cause: Cause::Person,
                    what: String::new(),
                    effects: fields
                        .chain(segments)
                        .chain(workflows)
                        .chain([catalogue])
                        .collect(),
                },
                pages: Vec::new(),
                files: Vec::new(),
            });
        }
        blank
    }

    /// A copy that shares the values and goes its own way.
    pub fn copy(&self) -> Workspace {
        Workspace {
            journal: self.journal.clone(),
            pages: self.pages.clone(),
            fields: self.fields.clone(),
            columns: self.columns.clone(),
            segments: self.segments.clone(),
            filters: self.filters.clone(),
            mappings: self.mappings.clone(),
            formulas: self.formulas.clone(),
            workflows: self.workflows.clone(),
            workflow_versions: self.workflow_versions.clone(),
            catalogue: self.catalogue.clone(),
            log: self.log.clone(),
            log_version: self.log_version,
            flows: self.flows.clone(),
            reacted: self.reacted,
            settings: self.settings.clone(),
            zone: self.zone.clone(),
            alive: self.alive.clone(),
            alive_version: self.alive_version,
            keys: RefCell::new(self.keys.borrow().clone()),
            next_contact: self.next_contact,
            next_page: self.next_page,
            first_version: self.first_version,
            caches: RefCell::default(),
        }
    }

    /// The living contacts.
    pub fn alive(&self) -> &RoaringBitmap {
        &self.alive
    }

    /// The journal.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The state of the data; grows with every commit.
    pub fn version(&self) -> u64 {
        self.first_version + self.journal.next_id().0 - 1
    }

    /// The moment that is now for queries: that of the clock on the wall, or, where a simulation has run ahead of it,
    /// that of the latest event it made.
    pub fn clock(&self, now: i64) -> i64 {
        now.max(self.log.last_simulated())
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Tells the workspace the offsets of the time zone that its settings name.
    pub fn set_zone(&mut self, zone: Zone) {
        self.zone = zone;
        *self.caches.borrow_mut() = Caches::default();
    }

    /// Saved mappings by name.
    pub fn mappings(&self) -> impl Iterator<Item = &SavedMapping> {
        self.mappings.values()
    }

    /// System fields and standing custom fields, in the order of their numbers.
    pub fn fields(&self) -> impl Iterator<Item = &FieldDef> {
        self.fields.values()
    }

    /// A field that exists now.
    pub fn field(&self, id: FieldId) -> Option<&FieldDef> {
        self.fields.get(&id)
    }

    /// The values of a field.
    pub fn column(&self, id: FieldId) -> Option<&Column> {
        self.columns.get(&id).map(Rc::as_ref)
    }

    /// A segment that exists now.
    pub fn segment(&self, id: SegmentId) -> Option<&SegmentDef> {
        self.segments.get(&id).and_then(|segment| segment.def.as_ref())
    }

    /// Segments that exist now, in the order they were made.
    pub fn segments(&self) -> impl Iterator<Item = &SegmentDef> {
        self.segments.values().filter_map(|segment| segment.def.as_ref())
    }

    /// The segment with a name, whatever the case.
    pub fn segment_named(&self, name: &str) -> Option<&SegmentDef> {
        let name = name.trim().to_lowercase();
        self.segments().find(|def| def.name.to_lowercase() == name)
    }

    /// The living members of a segment; none of a deleted one.
    pub fn members(&self, id: SegmentId) -> RoaringBitmap {
        match self.segments.get(&id) {
            Some(Segment {
                def: Some(_),
                members,
            }) => &**members & &self.alive,
            _ => RoaringBitmap::new(),
        }
    }

    /// As [`Workspace::members`], without a copy where all members live.
    pub(crate) fn living_members(&self, id: SegmentId) -> Shared<RoaringBitmap> {
        let segment = self.segments.get(&id).filter(|segment| segment.def.is_some());
        match segment {
            Some(segment) if segment.members.is_subset(&self.alive) => segment.members.clone(),
            _ => self.members(id).into(),
        }
    }

    /// The contact with an email or external ID, living ones only.
    pub fn find(&self, field: FieldId, key: &str) -> Option<ContactId> {
        let column = self.columns.get(&field)?;
        self.key_index(field).find(key.as_bytes(), column).map(ContactId)
    }

    /// The key index of a field, built when it is first asked for.
    pub(crate) fn key_index(&self, field: FieldId) -> Rc<KeyIndex> {
        self.keys
            .borrow_mut()
            .entry(field)
            .or_insert_with(|| {
                Rc::new(match self.columns.get(&field) {
                    Some(column) => KeyIndex::build(&self.alive, column),
                    None => KeyIndex::default(),
                })
            })
            .clone()
    }

    /// The number the next new contact gets; `count` of them at once begin a new row group if they are many.
    pub fn next_contact(&self, count: u64) -> u32 {
        if count >= BULK {
            self.next_contact.next_multiple_of(GROUP)
        } else {
            self.next_contact
        }
    }

    /// A number for a new page.
    pub fn new_page(&mut self) -> PageId {
        self.next_page += 1;
        PageId(self.next_page - 1)
    }

    /// Tells the workspace of pages that the store holds, so that their numbers are not given again.
    pub fn pages_in_use(&mut self, greatest: PageId) {
        self.next_page = self.next_page.max(greatest.0 + 1);
    }

    /// The number the next custom field gets.
    pub fn next_field(&self) -> FieldId {
        let made = self
            .journal
            .iter()
            .flat_map(|entry| &entry.set.effects)
            .filter_map(|effect| match effect {
                // Who made it may be lost.
                Effect::Field(id, _) | Effect::Cells { field: id, .. } => Some(id.0 + 1),
                _ => None,
            });
        FieldId(made.max().unwrap_or(FIRST_CUSTOM).max(FIRST_CUSTOM))
    }

    /// The number the next segment gets.
    pub fn next_segment(&self) -> SegmentId {
        SegmentId(self.segments.last().map_or(1, |(id, _)| id.0 + 1))
    }

    /// A page of the store that is in memory.
    pub fn page(&self, id: PageId) -> Option<Rc<Page>> {
        self.pages.get(&PageRef::Stored(id))
    }

    /// Puts a page of the store into memory.
    pub fn load_page(&mut self, id: PageId, page: Rc<Page>) {
        self.pages.insert(id, page);
    }

    /// The pages of a change set that are not in memory: load them before its undo or redo is prepared.
    pub fn missing_pages(&self, change: ChangeId) -> Vec<PageId> {
        // An undo may bring back what any earlier change set wrote: those that stand are in memory, and of those that do
        // not, the keys of contacts that come to stay.
        let mut turned = self.turned_with(change, false);
        turned.extend(self.turned_with(change, true));
        let mut ids = Vec::new();
        for entry in turned.into_iter().filter_map(|change| self.journal.get(change)) {
            ids.extend(entry.set.page_ids());
            ids.extend(self.journal.key_pages(&entry.set.contacts()));
        }
        ids.retain(|id| !self.pages.has(*id));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// A change set with the next number, at a time not before the last one's.
    pub(crate) fn change(&self, at: i64, cause: Cause, what: String, effects: Vec<Effect>) -> ChangeSet {
        ChangeSet {
            id: self.journal.next_id(),
            at: at.max(self.journal.last_at()),
            cause,
            what,
            effects,
        }
    }

    /// Makes a stored change set part of the state.
    pub fn apply(&mut self, prepared: Prepared) {
        for (id, page) in prepared.pages {
            self.pages_in_use(id);
            self.pages.insert(id, page);
        }
        let set = prepared.set;
        self.caches.borrow_mut().committed();
        if set.is_stand() {
            let turned: Vec<ChangeId> = set.turned().collect();
            self.journal.push(set);
            self.resolve(&turned);
        } else {
            set.effects.iter().for_each(|effect| self.write(effect));
            self.happened(&set, &Standing::everybody());
            self.journal.push(set);
        }
    }

    /// Takes the events and the runs of a change set into memory.
    fn happened(&mut self, set: &ChangeSet, standing: &Standing) {
        for effect in &set.effects {
            match effect {
                Effect::Events(batch) => {
                    let origin = batch.origin.unwrap_or_else(|| events::origin(&set.cause));
                    match batch.handed.take(&self.log).filter(|_| standing.fully()) {
                        Some(log) => {
                            self.log = log;
                            Rc::make_mut(&mut self.log).made(batch, set.id, origin);
                        }
                        None => {
                            let log = Rc::make_mut(&mut self.log);
                            log.apply(batch, &self.pages, set.id, origin, standing);
                        }
                    }
                    self.log_version += 1;
                }
                Effect::Run(delta) if standing.stands => self.flows.apply(delta, set.id),
                Effect::Run(delta) => self.flows.undone(delta),
                // A change set that names itself fires nothing; see `workflow/react.rs`.
                Effect::Reacted(change) if *change != set.id => {
                    self.reacted = self.reacted.max(Some(*change))
                }
                _ => {}
            }
        }
    }

    /// Adds the events and runs of the journal to a workspace that [`Opening::begin`] gave; their pages are in memory now.
    pub fn add_events(&mut self) {
        self.relive();
        self.next_contact = self.next_contact.max(self.log.contacts());
        self.caches.borrow_mut().committed();
    }

    /// Works events and runs out anew from the journal.
    pub(crate) fn relive(&mut self) {
        self.log = Rc::default();
        self.log_version += 1;
        self.flows = Flows::default();
        let journal = std::mem::take(&mut self.journal);
        for entry in journal.iter() {
            self.happened(&entry.set, &entry.standing);
        }
        self.journal = journal;
    }

    /// Rebuilds the state from the journal, without events and runs: what stands is written in order, what stands in part
    /// is worked out.
    fn replay(&mut self) {
        let journal = std::mem::take(&mut self.journal);
        for entry in journal.iter() {
            self.note_numbers(&entry.set.effects);
            for page in entry.set.page_ids() {
                self.pages_in_use(page);
            }
        }
        for entry in journal.iter().filter(|entry| entry.standing.fully()) {
            entry.set.effects.iter().for_each(|effect| self.write(effect));
        }
        let partial: Vec<ChangeId> = journal
            .iter()
            .filter(|entry| !entry.standing.fully())
            .map(|entry| entry.set.id)
            .collect();
        self.journal = journal;
        self.resolve_without_events(&partial);
    }

    /// Remembers numbers that were given out, standing or not, so that they are not given again.
    fn note_numbers(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                // What made them may be lost.
                Effect::Created(contacts) | Effect::Deleted(contacts) | Effect::Cells { contacts, .. } => {
                    self.note_contacts(contacts);
                }
                Effect::Members { segment, added, .. } => {
                    self.note_contacts(added);
                    self.segments.entry(*segment).or_default();
                }
                Effect::Segment(id, _) => {
                    self.segments.entry(*id).or_default();
                }
                Effect::Run(delta) => {
                    self.workflows.entry(WorkflowId(delta.workflow)).or_default();
                }
                // A field may be used by what stands although its own making does not.
                Effect::Field(id, Some(def)) => {
                    self.columns
                        .entry(*id)
                        .or_insert_with(|| Rc::new(Column::new(def.kind.is_number())));
                }
                _ => {}
            }
        }
    }

    fn note_contacts(&mut self, contacts: &RoaringBitmap) {
        let next = contacts.max().map_or(0, |last| last + 1);
        self.next_contact = self.next_contact.max(next);
    }

    /// Writes one effect of the newest standing change set over the state.
    fn write(&mut self, effect: &Effect) {
        match effect {
            Effect::Created(contacts) => {
                self.note_contacts(contacts);
                // Their keys come with the cells that follow.
                self.alive |= &contacts.0;
                self.alive_version += 1;
            }
            Effect::Deleted(contacts) => self.set_alive(contacts, &RoaringBitmap::new()),
            Effect::Cells {
                field,
                contacts,
                values,
            } => self.with_keys(*field, contacts, |this| {
                if let Some(column) = this.columns.get_mut(field).map(Rc::make_mut) {
                    for (group, part, page) in values.groups(contacts, &this.pages) {
                        column.set_many(group, &part, &page);
                    }
                }
            }),
            Effect::Members {
                segment,
                added,
                removed,
            } => {
                let members = &mut self.segments.entry(*segment).or_default().members;
                *members |= &added.0;
                *members -= &removed.0;
            }
            Effect::Field(id, def) => self.define_field(*id, def.clone()),
            Effect::Segment(id, def) => self.segments.entry(*id).or_default().def = def.clone(),
            Effect::Filter(name, filter) => set_or_remove(&mut self.filters, name, filter.clone()),
            Effect::Mapping(name, mapping) => set_or_remove(&mut self.mappings, name, mapping.clone()),
            Effect::Settings(settings) => self.settings = settings.clone(),
            Effect::Formula(id, formula) => match formula.clone() {
                Some(formula) => {
                    self.formulas.insert(*id, formula);
                }
                None => {
                    self.formulas.remove(id);
                }
            },
            Effect::Erased(contacts) => self.set_alive(contacts, &RoaringBitmap::new()),
            Effect::Workflow(id, def) => {
                let def = def.clone().map(|def| Rc::new(*def));
                if let Some(def) = &def {
                    self.workflow_versions.insert((*id, def.version), def.clone());
                }
                self.workflows.insert(*id, def);
            }
            Effect::Catalogue(products) => self.catalogue.clone_from(products),
            // These need to know of which change set they are.
            Effect::Events(_) | Effect::Run(_) | Effect::Reacted(_) | Effect::Stand { .. } => {}
        }
    }

    /// Makes a field exist with a definition, or not; the values of a deleted field stay for its return.
    pub(crate) fn define_field(&mut self, id: FieldId, def: Option<FieldDef>) {
        match def {
            Some(def) => {
                self.columns
                    .entry(id)
                    .or_insert_with(|| Rc::new(Column::new(def.kind.is_number())));
                self.fields.insert(id, def);
            }
            None => {
                self.fields.remove(&id);
            }
        }
    }

    /// Sets which of some contacts live, and keeps the key indexes true.
    pub(crate) fn set_alive(&mut self, contacts: &RoaringBitmap, living: &RoaringBitmap) {
        let gone = (&self.alive & contacts) - living;
        let come = living - &self.alive;
        for key in [EMAIL, EXTERNAL_ID] {
            self.forget_keys(key, &gone);
        }
        self.alive_version += u64::from(!gone.is_empty() || !come.is_empty());
        self.alive -= &gone;
        self.alive |= &come;
        for key in [EMAIL, EXTERNAL_ID] {
            self.learn_keys(key, &come);
        }
    }

    /// Lets a write change the values of a field, and keeps its key index true.
    pub(crate) fn with_keys(
        &mut self,
        field: FieldId,
        contacts: &RoaringBitmap,
        write: impl FnOnce(&mut Self),
    ) {
        let key = field == EMAIL || field == EXTERNAL_ID;
        if key {
            self.forget_keys(field, &(contacts & &self.alive));
        }
        write(self);
        if key {
            self.learn_keys(field, &(contacts & &self.alive));
        }
    }

    fn forget_keys(&mut self, field: FieldId, contacts: &RoaringBitmap) {
        let Some(column) = self.columns.get(&field) else {
            return;
        };
        let mut keys = self.keys.borrow_mut();
        // Taking many out one by one costs more than building the index anew when it is next asked for.
        if contacts.len() > self.alive.len() / 4 + 16 {
            keys.remove(&field);
        } else if let Some(index) = keys.get_mut(&field) {
            let index = Rc::make_mut(index);
            contacts.iter().for_each(|contact| index.remove(contact, column));
        }
    }

    pub(crate) fn learn_keys(&mut self, field: FieldId, contacts: &RoaringBitmap) {
        let Some(column) = self.columns.get(&field) else {
            return;
        };
        if let Some(index) = self.keys.borrow_mut().get_mut(&field) {
            Rc::make_mut(index).extend(contacts.iter(), column);
        }
    }

    /// The value of one contact's field.
    pub fn cell(&self, field: FieldId, contact: ContactId) -> Cell {
        self.columns
            .get(&field)
            .map_or(Cell::Text("".into()), |column| column.cell(contact.0))
    }
}

/// Puts a value under a name, or takes the name out.
pub(crate) fn set_or_remove<T>(map: &mut LiteMap<String, T>, name: &str, value: Option<T>) {
    match value {
        Some(value) => {
            map.insert(name.to_owned(), value);
        }
        None => {
            map.remove(name);
        }
    }
}
