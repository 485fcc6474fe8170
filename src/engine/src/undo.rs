//! Undo and redo: who stands decides what is seen.
//!
//! Each cell, membership and existence shows what its latest standing writer wrote, or nothing where there is none
//! (design, section 2). So an undo turns one change set and works out anew just what that one had touched;
//! the order of undos does not matter.

use crate::bits::Bits;
use crate::journal::{Cause, Effect, Entry, Standing};
use crate::page::Page;
use crate::refused::Refused;
use crate::uses::Used;
use crate::workspace::{Prepared, Workspace, set_or_remove};
use litemap::LiteMap;
use model::field::{EMAIL, EXTERNAL_ID};
use model::history::UndoPreview;
use model::workflow::WorkflowDef;
use model::{ChangeId, FieldId, SegmentId, WorkflowId};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Which of some contacts live, and which of those only because somebody wrote to them since.
struct Living {
    alive: RoaringBitmap,
    kept: RoaringBitmap,
}

/// What change sets that are turned together touched.
#[derive(Default)]
struct Touched {
    contacts: RoaringBitmap,
    cells: LiteMap<FieldId, RoaringBitmap>,
    members: LiteMap<SegmentId, RoaringBitmap>,
}

/// Is shown cells of one row group: the group, the contacts of the page, those of them that are meant, and the page.
type Visit<'a> = dyn FnMut(usize, &RoaringBitmap, &RoaringBitmap, &Rc<Page>) + 'a;

impl Workspace {
    /// Says what an undo (`stands` false) or redo of a change set would do.
    ///
    /// # Errors
    /// [`Refused`] where there is no such change set, it stands already as asked, or a name is taken.
    pub fn preview_stand(&mut self, change: ChangeId, stands: bool) -> Result<UndoPreview, Refused> {
        self.try_stand(change, stands).map(|(preview, ..)| preview)
    }

    /// Prepares the undo (`stands` false) or redo of a change set.
    ///
    /// # Errors
    /// As [`Workspace::preview_stand`].
    pub fn prepare_stand(
        &mut self,
        at: i64,
        change: ChangeId,
        stands: bool,
    ) -> Result<(UndoPreview, Prepared), Refused> {
        let (preview, changes, except) = self.try_stand(change, stands)?;
        let what = self
            .journal
            .get(change)
            .map(|entry| entry.set.what.clone())
            .unwrap_or_default();
        let (cause, what) = if stands {
            (Cause::Redo(change), format!("Redone: {what}"))
        } else {
            (Cause::Undo(change), format!("Undone: {what}"))
        };
        let effects = changes.into_iter().map(|change| Effect::Stand {
            change,
            stands,
            except: Bits(except.clone()),
        });
        let set = self.change(at, cause, what, effects.collect());
        Ok((
            preview,
            Prepared {
                set,
                pages: Vec::new(),
                files: Vec::new(),
            },
        ))
    }

    /// The change sets that an undo or redo of one turns: that one; for the demo's last one those of the demo that
    /// stand, or those that its removal took.
    pub(crate) fn turned_with(&self, change: ChangeId, stands: bool) -> Vec<ChangeId> {
        let set = self.journal.get(change).map(|entry| &entry.set);
        // A simulation or replay is turned as a whole, whichever of its change sets is named.
        if let Some(run) = set.and_then(|set| set.run()) {
            let part = |entry: &&Entry| entry.set.run() == Some(run) && entry.standing.turns(stands);
            return self
                .journal
                .iter()
                .filter(part)
                .map(|entry| entry.set.id)
                .collect();
        }
        if set.and_then(|set| set.demo()) != Some(change) {
            return vec![change];
        }
        if stands {
            let removal = self
                .journal
                .iter()
                .rev()
                .find(|entry| entry.set.cause == Cause::Undo(change));
            return removal
                .map(|entry| entry.set.turned().collect())
                .unwrap_or_default();
        }
        let part = |entry: &&Entry| {
            let stood = entry.standing.stands || !entry.standing.except.is_empty();
            entry.set.demo() == Some(change) && !entry.set.is_stand() && stood
        };
        self.journal
            .iter()
            .filter(part)
            .map(|entry| entry.set.id)
            .collect()
    }

    /// Tries the turn of a change set: what it would do, the change sets turned, and the contacts that must be left
    /// out of it.
    fn try_stand(
        &mut self,
        change: ChangeId,
        stands: bool,
    ) -> Result<(UndoPreview, Vec<ChangeId>, RoaringBitmap), Refused> {
        let entry = self.journal.get(change).ok_or(Refused::NoSuchChange)?;
        if entry.set.is_for_good() {
            return Err(Refused::ForGood);
        }
        let changes = self.turned_with(change, stands);
        // Of a run that was turned in part, what is left of it can be turned, whichever of its change sets is named.
        let turns = match entry.set.run() {
            Some(_) => !changes.is_empty(),
            None => entry.standing.turns(stands),
        };
        if entry.set.is_stand() || !turns {
            return Err(if stands {
                Refused::AlreadyStands
            } else {
                Refused::AlreadyUndone
            });
        }
        let before: Vec<(ChangeId, Standing)> = changes
            .iter()
            .filter_map(|id| Some((*id, self.journal.get(*id)?.standing.clone())))
            .collect();
        let touched = self.touched(&changes);
        let mut except = RoaringBitmap::new();
        // Leaving a contact out may free no key and can only make fewer conflicts, so this ends.
        loop {
            for (id, before) in &before {
                self.journal.set_standing(*id, before.turned(stands, &except));
            }
            let living = self.living(&touched.contacts);
            let conflicts = self.key_conflicts(&living, &touched) - &except;
            let preview = self.preview(&changes, stands, &living, &touched, &except);
            let taken = changes.iter().find_map(|id| self.names_taken(*id));
            for (id, before) in &before {
                self.journal.set_standing(*id, before.clone());
            }
            if let Some(name) = taken {
                return Err(Refused::NameTaken(name));
            }
            if conflicts.is_empty() {
                return Ok((preview, changes, except));
            }
            except |= conflicts;
        }
    }

    fn effects<'a>(&'a self, changes: &'a [ChangeId]) -> impl Iterator<Item = &'a Effect> {
        let entries = changes.iter().filter_map(|id| self.journal.get(*id));
        entries.flat_map(|entry| &entry.set.effects)
    }

    fn touched(&self, changes: &[ChangeId]) -> Touched {
        let mut touched = Touched::default();
        for effect in self.effects(changes) {
            match effect {
                Effect::Created(contacts) | Effect::Deleted(contacts) => touched.contacts |= &contacts.0,
                Effect::Cells { field, contacts, .. } => {
                    touched.contacts |= &contacts.0;
                    *touched.cells.entry(*field).or_default() |= &contacts.0;
                }
                Effect::Members {
                    segment,
                    added,
                    removed,
                } => {
                    *touched.members.entry(*segment).or_default() |= &added.0 | &removed.0;
                }
                _ => {}
            }
        }
        touched
    }

    /// Works out anew everything that change sets touched, after their standing was turned.
    pub(crate) fn resolve(&mut self, changes: &[ChangeId]) {
        self.resolve_without_events(changes);
        let lived = |effect: &Effect| matches!(effect, Effect::Events(_) | Effect::Run(_));
        if self.effects(changes).any(lived) {
            self.relive();
        }
    }

    /// The same, but for events and runs.
    pub(crate) fn resolve_without_events(&mut self, changes: &[ChangeId]) {
        let touched = self.touched(changes);
        let definitions: Vec<Effect> = self
            .effects(changes)
            .filter(|effect| {
                matches!(
                    effect,
                    Effect::Field(..)
                        | Effect::Segment(..)
                        | Effect::Filter(..)
                        | Effect::Mapping(..)
                        | Effect::Formula(..)
                        | Effect::Workflow(..)
                        | Effect::Catalogue(_)
                        | Effect::Settings(_)
                )
            })
            .cloned()
            .collect();
        definitions
            .iter()
            .for_each(|effect| self.resolve_definition(effect));
        for id in touched.members.keys() {
            self.resolve_segment(*id);
        }
        for id in touched.cells.keys() {
            self.resolve_field(*id);
        }
        let living = self.living(&touched.contacts);
        let before = self.alive.clone();
        self.set_alive(&touched.contacts, &living.alive);
        for (field, contacts) in &touched.cells {
            self.resolve_cells(*field, contacts, &living.kept);
        }
        // A contact that comes or goes only because of a write to another field still needs her own keys seen anew.
        let turned = (&before ^ &self.alive) & &touched.contacts;
        for key in [EMAIL, EXTERNAL_ID] {
            if !touched.cells.contains_key(&key) || !living.kept.is_empty() {
                self.resolve_cells(key, &(&turned | &living.kept), &living.kept);
            }
        }
        // A key that goes from one contact back to another belonged to both for a moment, and the index knows one.
        let mine = &touched.contacts & &self.alive;
        for key in [EMAIL, EXTERNAL_ID] {
            self.learn_keys(key, &mine);
        }
        for (segment, contacts) in &touched.members {
            let members = self.visible_members(*segment, contacts);
            let raw = &mut self.segments.entry(*segment).or_default().members;
            *raw -= contacts;
            *raw |= &members;
        }
    }

    /// Which of some contacts live by what stands now.
    fn living(&self, contacts: &RoaringBitmap) -> Living {
        let mut remaining = contacts.clone();
        let mut written = RoaringBitmap::new();
        let mut living = Living {
            alive: RoaringBitmap::new(),
            kept: RoaringBitmap::new(),
        };
        for entry in self.journal.iter().rev() {
            if remaining.is_empty() {
                break;
            }
            for effect in &entry.set.effects {
                match effect {
                    Effect::Deleted(deleted) => remaining -= &*entry.standing.of(deleted),
                    Effect::Erased(erased) => remaining -= &erased.0,
                    Effect::Created(created) => {
                        let mine = &remaining & &created.0;
                        if mine.is_empty() {
                            continue;
                        }
                        let stands = entry.standing.of(&mine).into_owned();
                        let kept = (&mine - &stands) & &written;
                        living.alive |= &stands;
                        living.alive |= &kept;
                        living.kept |= kept;
                        remaining -= mine;
                    }
                    _ => {}
                }
            }
            if entry.set.keeps_contacts() {
                for effect in &entry.set.effects {
                    if let Effect::Cells { contacts, .. } = effect {
                        written |= &*entry.standing.of(contacts) & &remaining;
                    }
                }
            }
        }
        living
    }

    /// Visits the latest standing writer's value of some cells, a row group at a time, and gives the cells without
    /// one. The visitor gets the group, the contacts of the page, those of them that are meant, and the page.
    fn visit_cells(
        &self,
        field: FieldId,
        contacts: &RoaringBitmap,
        kept: &RoaringBitmap,
        visit: &mut Visit<'_>,
    ) -> RoaringBitmap {
        let mut remaining = contacts.clone();
        let mut give = |entry: &Entry,
                        hit_of: &dyn Fn(&RoaringBitmap, &RoaringBitmap) -> RoaringBitmap,
                        remaining: &mut RoaringBitmap| {
            for effect in &entry.set.effects {
                let Effect::Cells {
                    field: written,
                    contacts,
                    values,
                } = effect
                else {
                    continue;
                };
                if *written != field {
                    continue;
                }
                let hit = hit_of(&contacts.0, remaining);
                if hit.is_empty() {
                    continue;
                }
                *remaining -= &hit;
                for (group, part, page) in values.groups(contacts, &self.pages) {
                    let meant = &part & &hit;
                    if !meant.is_empty() {
                        visit(group, &part, &meant, &page);
                    }
                }
            }
        };
        for entry in self.journal.iter().rev() {
            if remaining.is_empty() {
                return remaining;
            }
            give(
                entry,
                &|contacts, remaining| &*entry.standing.of(contacts) & remaining,
                &mut remaining,
            );
        }
        // A contact that is kept although its creation is undone keeps the keys it was created with.
        if field == EMAIL || field == EXTERNAL_ID {
            let mut keyless = &remaining & kept;
            for entry in self.journal.iter().rev() {
                if keyless.is_empty() {
                    break;
                }
                let creates = entry
                    .set
                    .effects
                    .iter()
                    .any(|effect| matches!(effect, Effect::Created(_)));
                if creates {
                    let before = keyless.clone();
                    give(entry, &|contacts, keyless| contacts & keyless, &mut keyless);
                    remaining -= before - &keyless;
                }
            }
        }
        remaining
    }

    /// Writes the visible values of some cells into their column.
    fn resolve_cells(&mut self, field: FieldId, contacts: &RoaringBitmap, kept: &RoaringBitmap) {
        if contacts.is_empty() {
            return;
        }
        self.with_keys(field, contacts, |this| {
            let Some(mut shared) = this.columns.remove(&field) else {
                return;
            };
            let column = Rc::make_mut(&mut shared);
            let blank = this.visit_cells(field, contacts, kept, &mut |group, part, meant, page| {
                if part == meant {
                    column.set_many(group, part, page);
                } else {
                    for contact in meant {
                        column.set(contact, page.cell(part.rank(contact) as usize - 1));
                    }
                }
            });
            column.clear(&blank);
            this.columns.insert(field, shared);
        });
    }

    /// Which of some contacts are members of a segment by what stands now.
    fn visible_members(&self, segment: SegmentId, contacts: &RoaringBitmap) -> RoaringBitmap {
        let mut remaining = contacts.clone();
        let mut members = RoaringBitmap::new();
        for entry in self.journal.iter().rev() {
            if remaining.is_empty() {
                break;
            }
            for effect in &entry.set.effects {
                if let Effect::Members {
                    segment: written,
                    added,
                    removed,
                } = effect
                    && *written == segment
                {
                    members |= &remaining & &*entry.standing.of(added);
                    remaining -= &*entry.standing.of(added);
                    remaining -= &*entry.standing.of(removed);
                }
            }
        }
        members
    }

    /// Contacts whose key would belong to two, if the standing tried now became real.
    fn key_conflicts(&self, living: &Living, touched: &Touched) -> RoaringBitmap {
        let mut conflicts = RoaringBitmap::new();
        let come = &living.alive - &self.alive;
        for key in [EMAIL, EXTERNAL_ID] {
            let Some(column) = self.columns.get(&key) else {
                continue;
            };
            let written = touched.cells.get(&key);
            let rewritten = written
                .map(|contacts| contacts & &living.alive)
                .unwrap_or_default();
            let asked = &come | &rewritten;
            if asked.is_empty() {
                continue;
            }
            let index = self.key_index(key);
            let mut taken: FxHashMap<Vec<u8>, u32> = FxHashMap::default();
            self.visit_cells(key, &asked, &living.kept, &mut |_, part, meant, page| {
                for contact in meant {
                    let text = page.text(part.rank(contact) as usize - 1);
                    if text.is_empty() {
                        continue;
                    }
                    let other = index.find(text, column).filter(|other| {
                        *other != contact
                            && !asked.contains(*other)
                            && (!touched.contacts.contains(*other) || living.alive.contains(*other))
                    });
                    let twin = taken.insert(text.to_vec(), contact);
                    if other.is_some() || twin.is_some() {
                        conflicts.insert(contact);
                    }
                }
            });
        }
        // Only what the change sets themselves decide can be left out of their turn.
        conflicts & &touched.contacts
    }

    /// A segment name that the tried standing would give to two segments.
    fn names_taken(&self, change: ChangeId) -> Option<String> {
        let entry = self.journal.get(change)?;
        entry.set.effects.iter().find_map(|effect| {
            let Effect::Segment(id, _) = effect else {
                return None;
            };
            let name = self.standing_segment(*id)?.name.to_lowercase();
            self.segments()
                .find(|def| def.id != *id && def.name.to_lowercase() == name)
                .map(|def| def.name.clone())
        })
    }

    fn preview(
        &self,
        changes: &[ChangeId],
        stands: bool,
        living: &Living,
        touched: &Touched,
        except: &RoaringBitmap,
    ) -> UndoPreview {
        let mut preview = UndoPreview {
            contacts_removed: ((&self.alive & &touched.contacts) - &living.alive).len(),
            contacts_restored: (&living.alive - &self.alive).len(),
            key_conflicts: except.len(),
            ..UndoPreview::default()
        };
        let created = self
            .effects(changes)
            .fold(RoaringBitmap::new(), |all, effect| match effect {
                Effect::Created(contacts) => all | &contacts.0,
                _ => all,
            });
        if !stands {
            preview.contacts_kept = (&created & &living.alive).len();
        }
        // Values of contacts that come or go with the change set are told by the contacts, not once more by the cell.
        let whole = (&created - &living.kept) - except;
        for (field, contacts) in &touched.cells {
            let mut open = (contacts - &whole) - except;
            if *field == EMAIL || *field == EXTERNAL_ID {
                // The keys of a contact that is kept stay with it.
                open -= &created & &living.kept;
            }
            let all = open.len();
            for later in self.later(changes) {
                for effect in &later.set.effects {
                    if let Effect::Cells {
                        field: written,
                        contacts,
                        ..
                    } = effect
                        && written == field
                    {
                        open -= &*later.standing.of(contacts);
                    }
                }
            }
            preview.cells_restored += open.len();
            preview.cells_kept += all - open.len();
        }
        for (segment, contacts) in &touched.members {
            let mut open = contacts - except;
            let all = open.len();
            for later in self.later(changes) {
                for effect in &later.set.effects {
                    if let Effect::Members {
                        segment: written,
                        added,
                        removed,
                    } = effect
                        && written == segment
                    {
                        open -= &*later.standing.of(added);
                        open -= &*later.standing.of(removed);
                    }
                }
            }
            preview.members_kept += all - open.len();
            // Who came and went again within the change sets is no member before or after.
            let then = self.visible_members(*segment, &open);
            let now = self
                .segments
                .get(segment)
                .map(|segment| &*segment.members & &open);
            preview.members_changed += (then ^ now.unwrap_or_default()).len();
        }
        let mut told = Vec::new();
        for effect in self.effects(changes) {
            let (kind, now, then) = match effect {
                Effect::Field(id, _) => (
                    (0, u32::from(id.0)),
                    self.field(*id).map(|def| def.name.clone()),
                    self.standing_field(*id).map(|def| def.name),
                ),
                Effect::Segment(id, _) => (
                    (1, id.0),
                    self.segment(*id).map(|def| def.name.clone()),
                    self.standing_segment(*id).map(|def| def.name),
                ),
                // A workflow stays for no other's sake, so it only goes.
                Effect::Workflow(id, _) => {
                    let then = self.standing_workflow(*id).is_some();
                    let now = self.workflow(*id).filter(|_| !then);
                    ((2, id.0), now.map(|def| def.name.clone()), None)
                }
                _ => continue,
            };
            if told.contains(&kind) {
                continue;
            }
            told.push(kind);
            match (now, then) {
                (Some(name), None) => preview.definitions_removed.push(name),
                (Some(name), Some(_)) if !stands => preview.definitions_kept.push(name),
                _ => {}
            }
        }
        preview
    }

    /// Change sets after those turned.
    fn later(&self, changes: &[ChangeId]) -> impl Iterator<Item = &Entry> {
        let last = changes.iter().max().copied();
        self.journal
            .iter()
            .rev()
            .take_while(move |entry| Some(entry.set.id) > last)
    }

    /// The latest standing writer's value among the effects that a reader picks.
    fn latest<T>(&self, read: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        let standing = self.journal.iter().rev().filter(|entry| entry.standing.stands);
        let mut effects = standing.flat_map(|entry| entry.set.effects.iter().rev());
        effects.find_map(read)
    }

    /// The latest writer's value, standing or not, among the effects that a reader picks.
    fn last<T>(&self, read: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        let mut effects = self.journal.iter().rev().flat_map(|entry| &entry.set.effects);
        effects.find_map(read)
    }

    /// A field's definition by what stands: the latest standing one, or, where its making does not stand but another
    /// standing change set uses it, the last one it had.
    fn standing_field(&self, id: FieldId) -> Option<model::FieldDef> {
        let standing = self.latest(|effect| match effect {
            Effect::Field(written, def) if *written == id => Some(def.clone()),
            _ => None,
        });
        let last = || {
            self.last(|effect| match effect {
                Effect::Field(written, Some(def)) if *written == id => Some(def.clone()),
                _ => None,
            })
        };
        let used = || {
            let by_cells = self.used(|effect| matches!(effect, Effect::Cells { field, .. } if *field == id));
            by_cells
                || self
                    .mappings
                    .values()
                    .any(|saved| crate::define::mapping_uses(saved, id))
                || self.runs_on(Used::Field(id))
        };
        standing.unwrap_or_else(|| last().filter(|_| used()))
    }

    /// A segment's definition by what stands, as for fields.
    fn standing_segment(&self, id: SegmentId) -> Option<model::SegmentDef> {
        let standing = self.latest(|effect| match effect {
            Effect::Segment(written, def) if *written == id => Some(def.clone()),
            _ => None,
        });
        let last = || {
            self.last(|effect| match effect {
                Effect::Segment(written, Some(def)) if *written == id => Some(def.clone()),
                _ => None,
            })
        };
        let used = || {
            self.used(|effect| {
                matches!(effect, Effect::Members { segment, added, .. } if *segment == id && !added.is_empty())
            }) || self.runs_on(Used::Segment(id))
        };
        standing.unwrap_or_else(|| last().filter(|_| used()))
    }

    /// A workflow by what stands; none where it is deleted or its making does not stand.
    fn standing_workflow(&self, id: WorkflowId) -> Option<Box<WorkflowDef>> {
        let standing = self.latest(|effect| match effect {
            Effect::Workflow(written, def) if *written == id => Some(def.clone()),
            _ => None,
        });
        standing.flatten()
    }

    /// Whether a workflow that runs, by what stands, can't do without something.
    fn runs_on(&self, used: Used) -> bool {
        self.workflows.keys().any(|id| {
            self.standing_workflow(*id)
                .is_some_and(|def| def.state.blocks() && Workspace::graph_names(&def.graph, used))
        })
    }

    fn used(&self, by: impl Fn(&Effect) -> bool) -> bool {
        self.journal
            .iter()
            .any(|entry| entry.standing.stands && entry.set.effects.iter().any(&by))
    }

    fn resolve_field(&mut self, id: FieldId) {
        if id.0 >= model::field::FIRST_CUSTOM {
            let def = self.standing_field(id);
            self.define_field(id, def);
        }
    }

    fn resolve_segment(&mut self, id: SegmentId) {
        let def = self.standing_segment(id);
        self.segments.entry(id).or_default().def = def;
    }

    fn resolve_definition(&mut self, effect: &Effect) {
        match effect {
            Effect::Field(id, _) => self.resolve_field(*id),
            Effect::Segment(id, _) => self.resolve_segment(*id),
            Effect::Filter(name, _) => {
                let standing = self.latest(|effect| match effect {
                    Effect::Filter(written, filter) if written == name => Some(filter.clone()),
                    _ => None,
                });
                set_or_remove(&mut self.filters, name, standing.flatten());
            }
            Effect::Mapping(name, _) => {
                let standing = self.latest(|effect| match effect {
                    Effect::Mapping(written, mapping) if written == name => Some(mapping.clone()),
                    _ => None,
                });
                set_or_remove(&mut self.mappings, name, standing.flatten());
            }
            Effect::Formula(id, _) => {
                let standing = self.latest(|effect| match effect {
                    Effect::Formula(written, formula) if written == id => Some(formula.clone()),
                    _ => None,
                });
                match standing.flatten() {
                    Some(formula) => self.formulas.insert(*id, formula),
                    None => self.formulas.remove(id),
                };
            }
            Effect::Workflow(id, _) => {
                let def = self.standing_workflow(*id).map(|def| Rc::new(*def));
                self.workflows.insert(*id, def);
            }
            Effect::Catalogue(_) => {
                let standing = self.latest(|effect| match effect {
                    Effect::Catalogue(products) => Some(products.clone()),
                    _ => None,
                });
                self.catalogue = standing.unwrap_or_default();
            }
            Effect::Settings(_) => {
                let standing = self.latest(|effect| match effect {
                    Effect::Settings(settings) => Some(settings.clone()),
                    _ => None,
                });
                self.settings = standing.unwrap_or_default();
            }
            _ => {}
        }
    }
}
