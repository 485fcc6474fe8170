//! *Erase permanently*: a person and every value that only she had go out of the journal, the pages and the files.
//!
//! Her bare number stays in past sets, so that past counts stay true.

use crate::bits::Bits;
use crate::column::NONE;
use crate::csv::{Reader, Writer};
use crate::edit::contacts;
use crate::journal::{Cause, ChangeSet, Effect, Entry, Journal, PageId, PageRef, Pages, Standing, Values};
use crate::page::{GROUP, Page, number_page, text_page};
use crate::refused::Refused;
use crate::text::folded;
use crate::workspace::{Opening, Prepared, Workspace};
use model::field::{EMAIL, EXTERNAL_ID, MOBILE_PHONE};
use model::import::{Encoding, Format};
use model::{FieldId, FieldType, Group, Rule};
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// Values that nobody has once some contacts are gone, folded.
#[derive(Clone, Debug, Default)]
pub struct Private {
    /// Emails, external IDs and phones: wherever one stands in a text, the text goes.
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

    /// Takes such values out of a filter or formula; says whether there were any.
    pub fn scrub(&self, group: &mut Group) -> bool {
        let mut any = false;
        let mut clear = |text: &mut String| {
            if !text.is_empty() && self.is_in(text) {
                text.clear();
                any = true;
            }
        };
        let mut groups = Vec::new();
        for rule in &mut group.rules {
            match rule {
                Rule::Group(group) => groups.push(group),
                Rule::Field { values, .. } => values.iter_mut().for_each(&mut clear),
                Rule::Search(text) => clear(text),
                Rule::Segment { .. } | Rule::SegmentAt { .. } | Rule::Change { .. } => {}
            }
        }
        groups.into_iter().fold(any, |any, group| self.scrub(group) | any)
    }

    /// A file of rejected rows without those that tell of an erased contact; none where nothing had to go.
    pub fn scrubbed_rejects(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let format = Format {
            encoding: Encoding::Utf8,
            delimiter: b',',
            quote: Some(b'"'),
            header: true,
        };
        let mut writer = Writer::new(b',', Encoding::Utf8, true, false);
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
        for entry in self.journal.iter() {
            for effect in &entry.set.effects {
                let Effect::Cells {
                    contacts: named,
                    values,
                    ..
                } = effect
                else {
                    continue;
                };
                if named.is_disjoint(contacts) {
                    continue;
                }
                let mine = &named.0 & contacts;
                let held =
                    |group: u32| mine.range_cardinality(group * GROUP..=group * GROUP + (GROUP - 1)) > 0;
                ids.extend(values.0.iter().filter_map(|(group, page)| match page {
                    PageRef::Stored(id) if held(*group) && !self.pages.has(*id) => Some(*id),
                    _ => None,
                }));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
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
        let mut erasure = Erasure {
            records: Vec::new(),
            pages: Vec::new(),
            last: Prepared {
                set: self.change(
                    at,
                    Cause::Person,
                    format!("Erased {} permanently", contacts(erased.len())),
                    vec![Effect::Erased(Bits(erased.clone()))],
                ),
                pages: Vec::new(),
                files: Vec::new(),
            },
            private,
        };
        for Entry { set, .. } in self.journal.iter() {
            let mut clean = set.clone();
            if self.scrub(&mut clean, erased, &mut erasure) {
                erasure.records.push(clean);
            }
        }
        Ok(erasure)
    }

    /// Takes everything of erased contacts out of a change set and its pages; says whether its record changed.
    fn scrub(&self, set: &mut ChangeSet, erased: &RoaringBitmap, erasure: &mut Erasure) -> bool {
        let private = erasure.private.clone();
        let mut any = match &mut set.cause {
            Cause::SetOperation(Some(formula)) => private.scrub(formula),
            _ => false,
        };
        for effect in &mut set.effects {
            any |= match effect {
                Effect::Cells { contacts, values, .. } => {
                    self.scrub_values(contacts, values, erased, &mut erasure.pages)
                }
                Effect::Filter(_, Some(saved)) => {
                    let searched = !saved.query.search.is_empty() && private.is_in(&saved.query.search);
                    if searched {
                        saved.query.search.clear();
                    }
                    private.scrub(&mut saved.query.filter) | searched
                }
                Effect::Formula(_, Some(formula)) => private.scrub(formula),
                Effect::Mapping(_, Some(saved)) => {
                    let before = saved.mapping.literals.len();
                    let literals = &mut saved.mapping.literals;
                    literals.retain(|literal| !private.is_in(&literal.value));
                    literals.len() != before
                }
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
                column.filter_text(group, &mut found, &mut |text| {
                    !text.is_empty() && had.contains(&folded(&String::from_utf8_lossy(text)))
                });
                for contact in found & &others {
                    had.remove(&folded(&String::from_utf8_lossy(column.text(contact))));
                }
            }
            match def.id {
                EMAIL | EXTERNAL_ID | MOBILE_PHONE => private.keys.extend(had),
                _ => private.texts.extend(had),
            }
        }
        // Too short to tell a person by it wherever it stands.
        let short: Vec<String> = private.keys.extract_if(.., |key| key.len() < 4).collect();
        private.texts.extend(short);
        private.keys.sort_unstable();
        private
    }

    /// Every text that some contacts ever had in a field, folded; fields kept by Corral have none.
    fn texts_ever(&self, field: FieldId, erased: &RoaringBitmap) -> FxHashSet<String> {
        let mut had = FxHashSet::default();
        for entry in self.journal.iter() {
            for effect in &entry.set.effects {
                let Effect::Cells {
                    field: written,
                    contacts,
                    values,
                } = effect
                else {
                    continue;
                };
                if *written != field || contacts.is_disjoint(erased) {
                    continue;
                }
                for (_, part, page) in values.groups(contacts, &self.pages) {
                    for contact in &part & erased {
                        let text = page.text(part.rank(contact) as usize - 1);
                        if !text.is_empty() {
                            had.insert(folded(&String::from_utf8_lossy(text)));
                        }
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
                entry.set = clean;
            }
        }
        let standing = Standing {
            stands: true,
            except: RoaringBitmap::new(),
        };
        entries.push(Entry {
            set: erasure.last.set,
            standing,
        });
        let mut pages = std::mem::take(&mut self.pages);
        erasure
            .pages
            .into_iter()
            .for_each(|(id, page)| pages.insert(id, page));
        self.rebuild(Journal::of(entries), pages);
    }

    /// Works the state out anew from another journal.
    pub(crate) fn rebuild(&mut self, journal: Journal, pages: Pages) {
        let greatest = self.new_page();
        let opening = Opening::of(journal);
        let mut new = opening.finish(pages);
        new.zone = self.zone.clone();
        new.registered = std::mem::take(&mut self.registered);
        new.first_version = self.first_version;
        new.pages_in_use(greatest);
        *self = new;
    }
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
