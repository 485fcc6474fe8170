//! *Erase permanently*: a person and every value that only she had go out of the journal, the pages and the files.
//!
//! Her bare number stays in past sets, so that past counts stay true.

use crate::bits::Bits;
use crate::column::NONE;
use crate::csv::{Reader, Writer};
use crate::edit::contacts;
use crate::journal::{Cause, ChangeSet, Effect, Entry, Journal, PageId, PageRef, Pages, Values};
use crate::page::{GROUP, Page, number_page, text_page};
use crate::refused::Refused;
use crate::scrub::scrub_graph;
use crate::text::folded;
use crate::workspace::{Opening, Prepared, Workspace};
use model::event::Operand;
use model::field::{EMAIL, EXTERNAL_ID, MOBILE_PHONE};
use model::import::{Encoding, Format};
use model::{FieldId, FieldType, Group, Mode, Query, Rule};
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// Values that nobody has once some contacts are gone, folded.
#[derive(Clone, Debug, Default)]
pub struct Private {
    /// Emails and phones: wherever one stands in a text, the text goes.
    keys: Vec<String>,
    /// Other texts: a text that is one of them goes.
    texts: FxHashSet<String>,
}

/// What an erasure replaces, all in one transaction; nothing has changed yet.
#[derive(Debug)]
pub struct Erasure {
    /// Change sets that held something, without it.
    pub records: Vec<ChangeSet>,
    /// Pages that held something, without it, under their numbers.
    pub pages: Vec<(PageId, Rc<Page>)>,
    /// The change set that says so, to be stored last.
    pub last: Prepared,
    /// What only the erased contacts had.
    pub private: Private,
}

impl Private {
    /// Whether a text says something that only an erased contact had.
    pub fn is_in(&self, text: &str) -> bool {
        let text = folded(text);
        self.texts.contains(text.trim()) || self.keys.iter().any(|key| text.contains(key.as_str()))
    }

    /// Whether a text says an email or phone that only an erased contact had.
    pub(crate) fn holds_key(&self, text: &str) -> bool {
        let text = folded(text);
        self.keys.iter().any(|key| text.contains(key.as_str()))
    }

    /// Takes such values out of a query: it finds nobody any more; says whether there were any.
    pub fn scrub_query(&self, query: &mut Query) -> bool {
        let searched = self.is_in(&query.search);
        if searched {
            query.search.clear();
            query.filter.rules.push(nobody());
            query.filter.mode = Mode::All;
        }
        self.scrub(&mut query.filter) | searched
    }

    /// Takes rules with such values out of a filter or formula; says whether there were any.
    ///
    /// A rule without its value would find everybody, so one that finds nobody takes its place.
    pub fn scrub(&self, group: &mut Group) -> bool {
        let mut any = false;
        for rule in &mut group.rules {
            let named = match rule {
                Rule::Group(group) => {
                    any |= self.scrub(group);
                    false
                }
                Rule::Field { values, .. } => values.iter().any(|value| self.is_in(value)),
                Rule::Search(text) => self.is_in(text),
                Rule::Did(behaviour) => behaviour.filter.rules.iter().any(|rule| {
                    let says = |value: &Operand| matches!(value, Operand::Text(text) if self.is_in(text));
                    rule.values.iter().any(says)
                }),
                Rule::Segment { .. } | Rule::SegmentAt { .. } | Rule::Change { .. } => false,
            };
            if named {
                *rule = nobody();
                any = true;
            }
        }
        any
    }

    /// A file of rejected rows without those that tell of an erased contact; none where nothing had to go.
    pub fn scrubbed_rejects(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let format = Format {
            encoding: Encoding::Utf8,
            delimiter: delimiter(bytes),
            quote: Some(b'"'),
            header: true,
        };
        let mut writer = Writer::new(format.delimiter, Encoding::Utf8, true, false);
        let mut gone = false;
        let mut sink = |record: crate::csv::Record<'_>| {
            if record.fields().any(|cell| self.is_in(cell)) {
                gone = true;
                return;
            }
            record.fields().for_each(|cell| writer.cell(cell, true));
            writer.end_row();
        };
        let mut reader = Reader::new(&format).replacing();
        let read = reader
            .push(bytes, &mut sink)
            .and_then(|()| reader.finish(&mut sink));
        // What can't be read can't be searched either, so it goes as a whole.
        match (read, gone) {
            (Err(_), _) => Some(Vec::new()),
            (Ok(()), true) => Some(writer.take()),
            (Ok(()), false) => None,
        }
    }
}

impl Workspace {
    /// The pages that an erasure of some contacts reads and that are not in memory.
    pub fn missing_pages_of(&self, contacts: &RoaringBitmap) -> Vec<PageId> {
        let mut ids = Vec::new();
        for (_, named, values) in self.journal.cells() {
            if named.is_disjoint(contacts) {
                continue;
            }
            let mine = &named.0 & contacts;
            let held = |group: u32| mine.range_cardinality(group * GROUP..=group * GROUP + (GROUP - 1)) > 0;
            ids.extend(values.0.iter().filter_map(|(group, page)| match page {
                PageRef::Stored(id) if held(*group) && !self.pages.has(*id) => Some(*id),
                _ => None,
            }));
        }
        self.missing_event_pages(&mut ids);
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The pages with keys of contacts that don't live any more and that are not in memory.
    pub fn missing_keys_of_the_dead(&self) -> Vec<PageId> {
        let mut ids = Vec::new();
        self.keys_of_the_dead(&mut |_, _, values| {
            ids.extend(values.stored().filter(|id| !self.pages.has(*id)));
        });
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Visits the emails and external IDs that were ever written to contacts that don't live any more.
    fn keys_of_the_dead(&self, visit: &mut dyn FnMut(&Bits, RoaringBitmap, &Values)) {
        for (field, contacts, values) in self.journal.cells() {
            let dead = &contacts.0 - &self.alive;
            if matches!(field, EMAIL | EXTERNAL_ID) && !dead.is_empty() {
                visit(contacts, dead, values);
            }
        }
    }

    /// Some contacts with all that are the same person and don't live any more: those that were merged into them, and
    /// those that had one of their emails or external IDs (made by an import that was undone, say).
    ///
    /// The pages of [`Workspace::missing_keys_of_the_dead`] must be in memory.
    pub fn with_the_dead(&self, contacts: &RoaringBitmap) -> RoaringBitmap {
        let mut all = contacts.clone();
        for entry in self.journal.iter().rev() {
            if let Cause::Merge(into) = entry.set.cause
                && all.contains(into.0)
            {
                for effect in &entry.set.effects {
                    if let Effect::Deleted(gone) = effect {
                        all |= &gone.0 - &self.alive;
                    }
                }
            }
        }
        let mut keys = self.texts_ever(EMAIL, &all);
        keys.extend(self.texts_ever(EXTERNAL_ID, &all));
        self.keys_of_the_dead(&mut |contacts, dead, values| {
            for (_, part, page) in values.groups(contacts, &self.pages) {
                for contact in &part & &dead {
                    if keys.contains(page.text(part.rank(contact) as usize - 1)) {
                        all.insert(contact);
                    }
                }
            }
        });
        all
    }

    /// Prepares the erasure of contacts; the pages of [`Workspace::missing_pages_of`] must be in memory.
    ///
    /// Contacts deleted before can be erased too, by their numbers.
    ///
    /// # Errors
    /// [`Refused::NoSuchContact`] where the selection names nobody, and as [`Workspace::selected`].
    pub fn erase(&self, at: i64, erased: &RoaringBitmap) -> Result<Erasure, Refused> {
        if erased.is_empty() {
            return Err(Refused::NoSuchContact);
        }
        let private = self.private(erased);
        let (mut records, mut pages) = (Vec::new(), Vec::new());
        for Entry { set, .. } in self.journal.iter() {
            let mut clean = ChangeSet::clone(set);
            if self.scrub(&mut clean, erased, &private, &mut pages) {
                records.push(clean);
            }
        }
        Ok(Erasure {
            records,
            pages,
            last: Prepared {
                set: self.change(
                    at,
                    Cause::Person,
                    format!(
                        "Erased {} permanently",
                        contacts(erased.intersection_len(&self.alive))
                    ),
                    vec![Effect::Erased(Bits(erased.clone()))],
                ),
                pages: Vec::new(),
                files: Vec::new(),
            },
            private,
        })
    }

    /// Takes everything of erased contacts out of a change set and its pages; says whether its record changed.
    fn scrub(
        &self,
        set: &mut ChangeSet,
        erased: &RoaringBitmap,
        private: &Private,
        pages: &mut Vec<(PageId, Rc<Page>)>,
    ) -> bool {
        let cause = match &mut set.cause {
            Cause::Demo(demo) => demo.by.as_mut(),
            cause => Some(cause),
        };
        let mut any = match cause {
            Some(Cause::SetOperation(Some(formula))) => private.scrub(formula),
            Some(Cause::Events(events)) => {
                let before = events.report.problems.len();
                let problems = &mut events.report.problems;
                problems.retain(|(_, _, reason)| !private.is_in(reason));
                problems.len() != before
            }
            _ => false,
        };
        for effect in &mut set.effects {
            any |= match effect {
                Effect::Cells { contacts, values, .. } => self.scrub_values(contacts, values, erased, pages),
                Effect::Filter(_, Some(saved)) => private.scrub_query(&mut saved.query),
                Effect::Formula(_, Some(formula)) => private.scrub(formula),
                Effect::Mapping(_, Some(saved)) => {
                    let before = saved.mapping.literals.len();
                    let literals = &mut saved.mapping.literals;
                    literals.retain(|literal| !private.is_in(&literal.value));
                    literals.len() != before
                }
                Effect::Events(batch) => self.scrub_events(batch, erased, private, pages),
                Effect::Run(delta) => self.scrub_run(delta, erased, pages),
                Effect::Workflow(_, Some(def)) => scrub_graph(&mut def.graph, private),
                _ => false,
            };
        }
        any
    }

    /// Blanks the values of erased contacts; says whether one stood in the record itself.
    fn scrub_values(
        &self,
        contacts: &RoaringBitmap,
        values: &mut Values,
        erased: &RoaringBitmap,
        pages: &mut Vec<(PageId, Rc<Page>)>,
    ) -> bool {
        if contacts.is_disjoint(erased) {
            return false;
        }
        let mut any = false;
        for (group, page) in &mut values.0 {
            let base = *group * GROUP;
            let part: RoaringBitmap = contacts.range(base..=base + (GROUP - 1)).collect();
            if part.is_disjoint(erased) {
                continue;
            }
            let Some(old) = self.pages.get(page) else { continue };
            let new = blanked(&old, &part, erased);
            match page {
                PageRef::Here(here) => {
                    *here = new;
                    any = true;
                }
                PageRef::Stored(id) => pages.push((*id, new)),
            }
        }
        any
    }

    /// What some contacts had at any time and nobody else has now.
    fn private(&self, erased: &RoaringBitmap) -> Private {
        let mut private = Private::default();
        for def in self.fields() {
            if def.kind.is_number() || matches!(def.kind, FieldType::Checkbox | FieldType::Radio) {
                continue;
            }
            let mut had = self.texts_ever(def.id, erased);
            if had.is_empty() {
                continue;
            }
            let column = self.values_of(def.id);
            let others = &self.alive - erased;
            for group in 0..column.groups() {
                let mut found = RoaringBitmap::new();
                column.filter_text(group, &mut found, &mut |text| had.contains(text));
                for contact in found & &others {
                    had.remove(column.text(contact));
                }
            }
            let had = had.iter().map(|text| folded(&String::from_utf8_lossy(text)));
            match def.id {
                EMAIL | MOBILE_PHONE => private.keys.extend(had),
                _ => private.texts.extend(had),
            }
        }
        private.texts.extend(self.private_orders(erased));
        // Too short to tell a person by it wherever it stands.
        let short: Vec<String> = private.keys.extract_if(.., |key| key.len() < 4).collect();
        private.texts.extend(short);
        private.keys.sort_unstable();
        private
    }

    /// Every text that some contacts ever had in a field; fields kept by Corral have none.
    fn texts_ever(&self, field: FieldId, erased: &RoaringBitmap) -> FxHashSet<Vec<u8>> {
        let mut had = FxHashSet::default();
        for (written, contacts, values) in self.journal.cells() {
            if written != field || contacts.is_disjoint(erased) {
                continue;
            }
            for (_, part, page) in values.groups(contacts, &self.pages) {
                for contact in &part & erased {
                    let text = page.text(part.rank(contact) as usize - 1);
                    if !text.is_empty() {
                        had.insert(text.to_vec());
                    }
                }
            }
        }
        had
    }

    /// Makes an erasure that was stored part of the state: nothing of the old pages stays in memory.
    pub fn erased(&mut self, erasure: Erasure) {
        let mut entries: Vec<Entry> = self.journal.iter().cloned().collect();
        for clean in erasure.records {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.set.id == clean.id) {
                entry.set = Rc::new(clean);
            }
        }
        entries.push(Entry::new(erasure.last.set));
        let mut pages = std::mem::take(&mut self.pages);
        erasure
            .pages
            .into_iter()
            .for_each(|(id, page)| pages.insert(id, page));
        self.rebuild(self.journal.with(entries), pages);
    }

    /// Works the state out anew from another journal.
    pub(crate) fn rebuild(&mut self, journal: Journal, pages: Pages) {
        let greatest = self.new_page();
        let opening = Opening::of(journal);
        let mut new = opening.finish(pages);
        new.zone = self.zone.clone();
        new.first_version = self.first_version;
        new.pages_in_use(greatest);
        *self = new;
    }
}

/// A rule that holds for nobody.
fn nobody() -> Rule {
    Rule::Group(Group {
        mode: Mode::None,
        rules: vec![Rule::Group(Group::default())],
    })
}

/// What stands between two cells of a file of rejected rows: its head ends with `line`, `column`, `reason`.
fn delimiter(bytes: &[u8]) -> u8 {
    let head = bytes
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .next()
        .unwrap_or_default();
    let before = head.strip_suffix(b"reason").and_then(<[u8]>::last).copied();
    before.filter(|byte| b",;\t|".contains(byte)).unwrap_or(b',')
}

/// A page without the values of erased contacts; `part` are the contacts of its places.
fn blanked(page: &Page, part: &RoaringBitmap, erased: &RoaringBitmap) -> Rc<Page> {
    let gone: Vec<bool> = part.iter().map(|contact| erased.contains(contact)).collect();
    if page.is_number() {
        let numbers = gone
            .iter()
            .enumerate()
            .map(|(at, gone)| if *gone { NONE } else { page.number(at) });
        return number_page(numbers);
    }
    let texts = gone
        .iter()
        .enumerate()
        .map(|(at, gone)| if *gone { &[][..] } else { page.text(at) });
    text_page(texts)
}
