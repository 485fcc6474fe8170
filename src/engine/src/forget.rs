//! *Forget history*: the change sets before a moment become one, the baseline, that changes nothing of today.

use crate::bits::Bits;
use crate::edit::grouped;
use crate::events::{ChunkPages, origin};
use crate::journal::{Cause, ChangeSet, Effect, Entry, PageId, PageRef, Values};
use crate::page::{Page, page_of_numbers, text_page};
use crate::refused::Refused;
use crate::workflow::RunDelta;
use crate::workflow::steps;
use crate::workspace::{BULK, Opening, Prepared, Workspace};
use model::field::{FIRST_CUSTOM, KEPT};
use model::{ChangeId, FieldId, SegmentId, WorkflowId};
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// A history being forgotten, in steps of one field each.
#[derive(Debug)]
pub struct Forgetting {
    version: u64,
    moment: i64,
    /// The state as of the last change set that goes.
    past: Workspace,
    alive: RoaringBitmap,
    fields: Vec<FieldId>,
    /// Change sets whose events are still to be taken along, oldest first.
    lived: std::vec::IntoIter<ChangeId>,
    /// The state of workflows, summed up.
    runs: Vec<RunDelta>,
    baseline: Prepared,
    gone: Vec<ChangeId>,
}

/// What forgetting replaces, all in one transaction; nothing has changed yet.
#[derive(Debug)]
pub struct Forgotten {
    /// The one change set that stands for all that go, under the number of the last of them.
    pub baseline: Prepared,
    /// The change sets that go, oldest first.
    pub gone: Vec<ChangeId>,
    /// The pages that only they named.
    pub gone_pages: Vec<PageId>,
}

impl Forgetting {
    /// Begins to forget what was written before a moment.
    ///
    /// # Errors
    /// [`Refused::NothingBefore`] where that is nothing, or forgotten already.
    pub fn new(workspace: &mut Workspace, moment: i64) -> Result<Forgetting, Refused> {
        let gone = workspace.forgettable(moment);
        let Some(last) = gone.last().and_then(|id| workspace.journal.get(*id)) else {
            return Err(Refused::NothingBefore);
        };
        let (id, at) = (last.set.id, last.set.at);
        let entries: Vec<Entry> = workspace.journal.iter().take(gone.len()).cloned().collect();
        let mut past = Opening::of(workspace.journal.with(entries)).finish(workspace.pages.clone());
        past.zone = workspace.zone.clone();
        // Who stays today only because of a later write stays; what made them goes.
        let made = gone.iter().filter_map(|id| workspace.journal.get(*id));
        let made = made
            .flat_map(|entry| &entry.set.effects)
            .filter_map(|effect| match effect {
                Effect::Created(created) => Some(&created.0),
                _ => None,
            });
        let made = made.fold(RoaringBitmap::new(), |all, created| all | created);
        let kept = (&workspace.alive & &made) - &past.alive;
        let alive = &past.alive | &kept;
        if !kept.is_empty() {
            past.keep(workspace, &kept);
        }
        past.keep_definitions(workspace, &gone);
        past.keep_versions(workspace, gone.len());
        let fields = past.columns.keys().copied();
        let fields = fields
            .filter(|field| !crate::projection::is_projected(*field))
            // These can't be worked out any more once the change sets are gone.
            .chain(KEPT);
        let set = ChangeSet {
            id,
            at,
            cause: Cause::Baseline,
            what: format!("{} earlier changes, forgotten", grouped(gone.len() as u64)),
            effects: past.definitions(&alive),
        };
        Ok(Forgetting {
            version: workspace.version(),
            moment,
            fields: fields.collect(),
            alive,
            lived: gone.clone().into_iter(),
            runs: past.flows.folded(),
            baseline: Prepared {
                set,
                pages: Vec::new(),
                files: Vec::new(),
            },
            gone,
            past,
        })
    }

    /// Takes the values of one more field along; gives the whole after the last one.
    ///
    /// # Errors
    /// As [`Forgetting::new`].
    pub fn step(&mut self, workspace: &mut Workspace) -> Result<Option<Forgotten>, Refused> {
        if self.version != workspace.version() {
            *self = Forgetting::new(workspace, self.moment)?;
        }
        if let Some(field) = self.fields.pop() {
            let column = self.past.values_of(field);
            let filled = column.filled() & &self.alive;
            if filled.is_empty() {
                return Ok(None);
            }
            let mut groups: Vec<(u32, Rc<Page>)> = Vec::new();
            for (group, part) in crate::column::by_group(&filled) {
                let page = match column.is_number() {
                    true => {
                        let numbers: Vec<i64> = part.iter().map(|contact| column.number(contact)).collect();
                        page_of_numbers(&numbers)
                    }
                    false => {
                        let texts: Vec<&[u8]> = part.iter().map(|contact| column.text(contact)).collect();
                        text_page(texts.iter().copied())
                    }
                };
                groups.push((group as u32, page));
            }
            let (values, pages): (Values, _) = workspace.stored_values(groups);
            self.baseline.pages.extend(pages);
            self.baseline.set.effects.push(Effect::Cells {
                field,
                contacts: Bits(filled),
                values,
            });
            return Ok(None);
        }
        for change in self.lived.by_ref() {
            if take_events(workspace, change, &self.alive, &mut self.baseline, &mut self.runs) {
                return Ok(None);
            }
        }
        let runs = std::mem::take(&mut self.runs).into_iter();
        let effects = &mut self.baseline.set.effects;
        effects.extend(runs.map(|delta| Effect::Run(Box::new(delta))));
        effects.extend(self.past.reacted.map(Effect::Reacted));
        let rest = workspace.journal.iter().skip(self.gone.len());
        let mut named: Vec<PageId> = rest.flat_map(|entry| entry.set.page_ids()).collect();
        // Events stay on their pages.
        named.extend(self.baseline.set.page_ids());
        let named: FxHashSet<PageId> = named.into_iter().collect();
        let gone_pages = self.gone.iter().filter_map(|id| workspace.journal.get(*id));
        let gone_pages = gone_pages.flat_map(|entry| entry.set.page_ids());
        Ok(Some(Forgotten {
            gone_pages: gone_pages.filter(|page| !named.contains(page)).collect(),
            gone: std::mem::take(&mut self.gone),
            baseline: self.baseline.clone(),
        }))
    }
}

/// Takes the events and steps of a change set into a baseline; says whether there were any.
///
/// Rows keep their numbers. Those of contacts for whom the change set does not stand, or who don't live and can't come
/// back, become nobody's.
fn take_events(
    workspace: &mut Workspace,
    change: ChangeId,
    alive: &RoaringBitmap,
    baseline: &mut Prepared,
    runs: &mut [RunDelta],
) -> bool {
    let Some(entry) = workspace.journal.get(change) else {
        return false;
    };
    let standing = &entry.standing;
    let goes = |contact| !alive.contains(contact) || standing.stands == standing.except.contains(contact);
    let mut put = |page: &mut PageRef, new: Rc<Page>| *page = PageRef::Here(new);
    let (mut batches, mut all_steps) = (Vec::new(), Vec::new());
    for effect in &entry.set.effects {
        match effect {
            Effect::Events(batch) => {
                let mut batch = match standing.stands || !standing.except.is_empty() {
                    true => (**batch).clone(),
                    false => batch.blanked(),
                };
                batch.blank(&workspace.pages, &goes, &mut put);
                batch.origin = batch.origin.or_else(|| Some(origin(&entry.set.cause)));
                batches.push(batch);
            }
            Effect::Run(delta) if standing.stands => {
                let mut steps = delta.steps.clone();
                steps::without(&mut steps, &workspace.pages, &goes, &mut put);
                all_steps.push((delta.workflow, steps));
            }
            _ => {}
        }
    }
    let any = !batches.is_empty() || !all_steps.is_empty();
    for mut batch in batches {
        store_large(workspace, &mut batch.chunks, &mut baseline.pages);
        baseline.set.effects.push(Effect::Events(Box::new(batch)));
    }
    for (workflow, mut steps) in all_steps {
        store_large(workspace, &mut steps, &mut baseline.pages);
        if let Some(run) = runs.iter_mut().find(|run| run.workflow == workflow) {
            run.steps.extend(steps);
        }
    }
    any
}

/// Gives large pages that stand in a record a number in the store.
fn store_large(workspace: &mut Workspace, chunks: &mut [ChunkPages], pages: &mut Vec<(PageId, Rc<Page>)>) {
    for column in chunks.iter_mut().flat_map(|chunk| &mut chunk.columns) {
        if let PageRef::Here(page) = column
            && page.bytes().len() as u64 > BULK
        {
            let id = workspace.new_page();
            pages.push((id, page.clone()));
            *column = PageRef::Stored(id);
        }
    }
}

impl Workspace {
    /// The change sets written before a moment; none where there is but a baseline.
    pub fn forgettable(&self, moment: i64) -> Vec<ChangeId> {
        let gone: Vec<ChangeId> = self
            .journal
            .iter()
            .take_while(|entry| entry.set.at < moment)
            .map(|entry| entry.set.id)
            .collect();
        let first = gone.first().and_then(|id| self.journal.get(*id));
        match first.is_some_and(|entry| entry.set.cause == Cause::Baseline) && gone.len() == 1 {
            true => Vec::new(),
            false => gone,
        }
    }

    /// Lets fields and segments exist that exist today only because something later uses them: what made them goes.
    fn keep_definitions(&mut self, today: &Workspace, gone: &[ChangeId]) {
        let made = gone.iter().filter_map(|id| today.journal.get(*id));
        for effect in made.flat_map(|entry| &entry.set.effects) {
            match effect {
                Effect::Field(id, Some(_)) if self.field(*id).is_none() => {
                    if let Some(def) = today.field(*id) {
                        self.define_field(*id, Some(def.clone()));
                    }
                }
                Effect::Segment(id, Some(_)) if self.segment(*id).is_none() => {
                    if let Some(def) = today.segment(*id) {
                        self.segments.entry(*id).or_default().def = Some(def.clone());
                    }
                }
                _ => {}
            }
        }
    }

    /// Forgets the earlier versions of workflows, but for those that somebody waits in, or that a node acted in by a
    /// change set that stays.
    fn keep_versions(&mut self, today: &Workspace, gone: usize) {
        let mut named: FxHashSet<(WorkflowId, u32)> = FxHashSet::default();
        for flows in [&self.flows, &today.flows] {
            for (id, flow) in flows.iter() {
                named.extend(flow.waits.versions().map(|version| (id, version)));
            }
        }
        for entry in today.journal.iter().skip(gone) {
            if let Cause::Workflow(cause) = entry.set.cause.actor() {
                named.insert((cause.workflow, cause.version));
            }
        }
        let kept = today.workflow_versions.iter();
        let kept = kept.filter(|(version, _)| named.contains(*version));
        let made = kept.filter(|(version, _)| self.workflow_versions.contains_key(*version));
        self.workflow_versions = made.map(|(version, def)| (*version, def.clone())).collect();
    }

    /// Lets contacts live with the keys that they have in another state.
    fn keep(&mut self, today: &Workspace, kept: &RoaringBitmap) {
        self.alive |= kept;
        for key in [model::field::EMAIL, model::field::EXTERNAL_ID] {
            let (Some(from), Some(column)) = (today.column(key), self.columns.get_mut(&key)) else {
                continue;
            };
            let column = Rc::make_mut(column);
            for contact in kept {
                if !column.has(contact) {
                    column.set(contact, from.cell(contact));
                }
            }
        }
        *self.caches.borrow_mut() = crate::view::Caches::default();
    }

    /// Everything but values as effects: who lives, what is defined, who is in which segment, and the greatest numbers
    /// that were given.
    fn definitions(&self, alive: &RoaringBitmap) -> Vec<Effect> {
        let mut effects = Vec::new();
        let last_contact = self.next_contact(0).checked_sub(1);
        if let Some(last) = last_contact.filter(|last| !alive.contains(*last)) {
            effects.push(Effect::Deleted(std::iter::once(last).collect()));
        }
        effects.push(Effect::Created(Bits(alive.clone())));
        let last_field = FieldId(self.next_field().0 - 1);
        if last_field.0 >= FIRST_CUSTOM && !self.fields.contains_key(&last_field) {
            effects.push(Effect::Field(last_field, None));
        }
        let fields = self.fields.values().filter(|def| def.id.0 >= FIRST_CUSTOM);
        effects.extend(fields.map(|def| Effect::Field(def.id, Some(def.clone()))));
        let last_segment = SegmentId(self.next_segment().0 - 1);
        if self.segment(last_segment).is_none() && last_segment.0 > 0 {
            effects.push(Effect::Segment(last_segment, None));
        }
        for (id, segment) in &self.segments {
            let Some(def) = &segment.def else { continue };
            effects.push(Effect::Segment(*id, Some(def.clone())));
            if let Some(formula) = self.formulas.get(id) {
                effects.push(Effect::Formula(*id, Some(formula.clone())));
            }
            let members = &*segment.members & alive;
            if !members.is_empty() {
                effects.push(Effect::Members {
                    segment: *id,
                    added: Bits(members),
                    removed: Bits::default(),
                });
            }
        }
        let filters = self.filters.iter();
        effects.extend(filters.map(|(name, saved)| Effect::Filter(name.clone(), Some(saved.clone()))));
        let mappings = self.mappings.iter();
        effects.extend(mappings.map(|(name, saved)| Effect::Mapping(name.clone(), Some(saved.clone()))));
        if self.settings != model::message::Settings::default() {
            effects.push(Effect::Settings(self.settings.clone()));
        }
        // Those that were deleted are named, too, so that their numbers are not given again.
        for (id, def) in &self.workflows {
            // The earlier versions that are kept come before the one that holds.
            let newest = def.as_ref().map(|def| def.version);
            let earlier = self.workflow_versions.iter();
            let earlier = earlier.filter(|((of, version), _)| of == id && Some(*version) != newest);
            let versions = earlier.map(|(_, def)| Some(def.clone())).chain([def.clone()]);
            effects
                .extend(versions.map(|def| Effect::Workflow(*id, def.map(|def| Box::new((*def).clone())))));
        }
        if !self.catalogue.is_empty() {
            effects.push(Effect::Catalogue(self.catalogue.clone()));
        }
        effects
    }

    /// Makes what was forgotten, and stored so, part of the state.
    pub fn forgotten(&mut self, forgotten: Forgotten) {
        let baseline = Entry::new(forgotten.baseline.set);
        let rest = self.journal.iter().skip(forgotten.gone.len()).cloned();
        let entries = std::iter::once(baseline).chain(rest).collect();
        let mut pages = std::mem::take(&mut self.pages);
        forgotten.gone_pages.iter().for_each(|page| pages.remove(*page));
        for (id, page) in forgotten.baseline.pages {
            pages.insert(id, page);
        }
        self.rebuild(self.journal.with(entries), pages);
        // The number of the last commit is the same, but what is seen of the history is not.
        self.first_version += 1;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_projected_that_a_baseline_does_not_keep_or_that_follows_from_columns_and_events() {
        use crate::projection::{Source, is_projected, source};
        for (id, ..) in model::field::SYSTEM {
            let follows = matches!(source(*id), Source::Column(_) | Source::Events(_));
            assert!(!is_projected(*id) || super::KEPT.contains(id) || follows, "{id}");
        }
    }
}
