//! What people see: rows of the table, one contact, the workspace in numbers, the history.

use crate::bits::Bits;
use crate::column::{Cell, Column, NONE};
use crate::journal::{Cause, ChangeSet};
use crate::merge::Alike;
use crate::order::sorted;
use crate::page::{number_page, text_page};
use crate::projection::{self, Source};
use crate::query::Lasting;
use crate::refused::Refused;
use crate::value::{Parsed, Style, print};
use crate::workspace::Workspace;
use model::history::ContactSheet;
use model::message::{FieldInfo, Overview, Row, Rows, SegmentInfo};
use model::{ChangeId, ContactId, FieldDef, FieldId, Query, SegmentDef, SegmentId, Sort};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// So many events are on a contact's sheet at first.
const RECENT: u32 = 10;

/// An order of all contacts by one field, good until that field or the contacts change.
#[derive(Clone, Debug)]
struct Order {
    column_version: u64,
    contacts: RoaringBitmap,
    order: Rc<Vec<u32>>,
    filled: usize,
}

/// Answers kept until the next commit (orders: until their column changes).
#[derive(Debug, Default)]
pub struct Caches {
    pub(crate) alive: Option<Rc<RoaringBitmap>>,
    found: Option<(Query, Lasting, Rc<RoaringBitmap>)>,
    listed: Option<(Query, Lasting, Rc<Vec<u32>>)>,
    orders: FxHashMap<FieldId, Order>,
    pub(crate) projected: FxHashMap<FieldId, Rc<Column>>,
    /// How many contacts have a value, by field, with the versions of its column and of the contacts.
    filled: FxHashMap<FieldId, ((u64, u64), u64)>,
    /// Who has an email or a phone, with the version of its column.
    pub(crate) having: FxHashMap<FieldId, (u64, Rc<RoaringBitmap>)>,
    growth: FxHashMap<SegmentId, (Vec<u64>, i64, i64)>,
    /// Contacts that are likely the same person.
    pub(crate) alike: Option<Rc<Vec<Alike>>>,
}

impl Caches {
    /// Forgets what a commit made old.
    pub(crate) fn committed(&mut self) {
        let orders = std::mem::take(&mut self.orders);
        *self = Caches {
            orders,
            filled: std::mem::take(&mut self.filled),
            having: std::mem::take(&mut self.having),
            ..Caches::default()
        };
        self.orders.retain(|field, _| !projection::is_projected(*field));
    }

    /// What a query was found to find, if that holds for the moment of `now`.
    pub(crate) fn found(&self, query: &Query, now: Lasting) -> Option<(Rc<RoaringBitmap>, Lasting)> {
        let (of, lasting, found) = self.found.as_ref()?;
        let same = of.search == query.search && of.filter == query.filter && lasting.covers(now);
        same.then(|| (found.clone(), *lasting))
    }

    pub(crate) fn keep_found(&mut self, query: &Query, lasting: Lasting, found: Rc<RoaringBitmap>) {
        self.found = Some((query.clone(), lasting, found));
    }
}

impl Workspace {
    /// The contacts of a query in its order, from row `start` on; with since when and why each is in a segment, if one
    /// is named.
    ///
    /// # Errors
    /// As [`Workspace::matching`].
    pub fn rows(
        &self,
        query: &Query,
        columns: &[FieldId],
        start: u64,
        count: u32,
        why: Option<SegmentId>,
        now: i64,
    ) -> Result<Rows, Refused> {
        let (total, contacts) = self.page_of(query, start, count, now)?;
        let asked: RoaringBitmap = contacts.iter().copied().collect();
        let defs: Vec<(Option<&FieldDef>, Rc<Column>)> = columns
            .iter()
            .map(|field| (self.field(*field), self.values_for(*field, &asked)))
            .collect();
        let whys = why
            .and_then(|segment| self.segment(segment))
            .map(|def| self.memberships(def, &asked))
            .unwrap_or_default();
        let why = |contact: u32| {
            let at = whys.binary_search_by_key(&contact, |(of, _)| *of).ok()?;
            whys.get(at).map(|(_, membership)| membership.clone())
        };
        let rows = contacts
            .into_iter()
            .map(|contact| Row {
                id: ContactId(contact),
                why: why(contact),
                cells: defs
                    .iter()
                    .map(|(def, column)| def.map_or_else(String::new, |def| shown(def, column, contact)))
                    .collect(),
            })
            .collect();
        Ok(Rows {
            total,
            all: self.alive.len(),
            start,
            rows,
            version: self.version(),
        })
    }

    /// How many contacts a query finds, and those of them from place `start` on.
    fn page_of(&self, query: &Query, start: u64, count: u32, now: i64) -> Result<(u64, Vec<u32>), Refused> {
        let found = self.matching(query, now)?;
        if query.sort.is_none() {
            let first = found.select(u32::try_from(start).unwrap_or(u32::MAX));
            let contacts = first.map(|first| found.range(first..).take(count as usize).collect());
            return Ok((found.len(), contacts.unwrap_or_default()));
        }
        let listed = self.listed(query, now)?;
        let from = (start as usize).min(listed.len());
        let to = (from + count as usize).min(listed.len());
        Ok((found.len(), listed[from..to].to_vec()))
    }

    /// All contacts of a query in its order.
    ///
    /// # Errors
    /// As [`Workspace::matching`].
    pub fn listed(&self, query: &Query, now: i64) -> Result<Rc<Vec<u32>>, Refused> {
        let (found, lasting) = self.matching_until(query, now)?;
        let Some(sort) = query.sort else {
            return Ok(Rc::new(found.iter().collect()));
        };
        if let Some((of, kept, listed)) = &self.caches.borrow().listed
            && of == query
            && kept.covers(lasting)
        {
            return Ok(listed.clone());
        }
        let (order, filled) = self.order(sort)?;
        let keep = |part: &[u32]| {
            part.iter()
                .copied()
                .filter(|c| found.contains(*c))
                .collect::<Vec<_>>()
        };
        let (values, empty) = order.split_at(filled);
        let mut listed = keep(values);
        if sort.descending {
            listed.reverse();
        }
        listed.extend(keep(empty));
        let listed = Rc::new(listed);
        self.caches.borrow_mut().listed = Some((query.clone(), lasting, listed.clone()));
        Ok(listed)
    }

    fn order(&self, sort: Sort) -> Result<(Rc<Vec<u32>>, usize), Refused> {
        let kind = self.field(sort.field).ok_or(Refused::NoSuchField)?.kind;
        let column = self.values_of(sort.field);
        if let Some(kept) = self.caches.borrow().orders.get(&sort.field)
            && kept.column_version == column.version()
            && kept.contacts == self.alive
        {
            return Ok((kept.order.clone(), kept.filled));
        }
        let (order, filled) = sorted(&self.alive, &column, kind);
        let order = Rc::new(order);
        let kept = Order {
            column_version: column.version(),
            contacts: self.alive.clone(),
            order: order.clone(),
            filled,
        };
        let mut caches = self.caches.borrow_mut();
        // Two orders are kept: going back to the one before is common, and each takes four bytes a contact.
        if caches.orders.len() >= 2 {
            caches.orders.retain(|field, _| *field == sort.field);
        }
        caches.orders.insert(sort.field, kept);
        Ok((order, filled))
    }

    /// One contact with every value and membership.
    ///
    /// # Errors
    /// [`Refused::NoSuchContact`].
    pub fn sheet(&self, contact: ContactId) -> Result<ContactSheet, Refused> {
        if !self.alive.contains(contact.0) {
            return Err(Refused::NoSuchContact);
        }
        let asked: RoaringBitmap = std::iter::once(contact.0).collect();
        let mut values = Vec::new();
        for def in self.fields.values() {
            let mut text = String::new();
            printed(
                def,
                &self.values_for(def.id, &asked),
                contact.0,
                &Style::ISO,
                &mut text,
            );
            if !text.is_empty() {
                values.push((def.id, text));
            }
        }
        let memberships = self.segments().flat_map(|def| self.memberships(def, &asked));
        let memberships = memberships.map(|(_, membership)| membership).collect();
        Ok(ContactSheet {
            id: contact,
            values,
            memberships,
            events: self.log.chain(contact.0).count() as u64,
            recent: self.events(contact, None, 0, RECENT).1,
        })
    }

    /// The workspace in numbers and names.
    pub fn overview(&self, now: i64) -> Overview {
        Overview {
            contacts: self.alive.len(),
            fields: self.fields.values().map(|def| self.field_info(def)).collect(),
            segments: self.segments().map(|def| self.segment_info(def, now)).collect(),
            filters: self.filters.values().cloned().collect(),
            mappings: self.mappings.values().cloned().collect(),
            settings: self.settings.clone(),
            workflows: self
                .workflows()
                .map(|def| (def.id, def.name.clone(), def.state.clone()))
                .collect(),
            simulation: self
                .journal
                .iter()
                .rev()
                .find(|entry| entry.standing.stands && matches!(entry.set.cause, Cause::Simulation(_)))
                .map(|entry| entry.set.id),
            undo: self.newest_standing(),
            redo: self.newest_undone(),
            demo: self
                .journal
                .iter()
                .rev()
                .find(|entry| entry.standing.stands && entry.set.demo() == Some(entry.set.id))
                .map(|entry| entry.set.id),
            version: self.version(),
            simulated_until: self
                .journal
                .iter()
                .filter(|entry| entry.standing.stands)
                .filter_map(|entry| match &entry.set.cause {
                    Cause::Simulation(cause) => Some(cause.until),
                    _ => None,
                })
                .max(),
        }
    }

    /// The workspace in numbers and names where nothing happened yet: what [`Workspace::overview`] says then, with far less
    /// code behind it.
    pub fn overview_of_nothing(&self) -> Overview {
        let field = |def: &FieldDef| FieldInfo {
            def: def.clone(),
            used_by: Vec::new(),
        };
        Overview {
            fields: self.fields.values().map(field).collect(),
            settings: self.settings.clone(),
            version: self.version(),
            ..Overview::default()
        }
    }

    /// The newest change that an undo takes back, and what it was.
    pub fn newest_standing(&self) -> Option<(ChangeId, String)> {
        // What a workflow did follows from something else, which is what a person means.
        let own = |set: &ChangeSet| !matches!(set.cause, Cause::Workflow(_));
        self.journal
            .iter()
            .rev()
            .find(|entry| {
                let set = &entry.set;
                entry.standing.stands && own(set) && !set.is_stand() && !set.is_for_good()
            })
            .map(|entry| (entry.set.id, entry.set.what.clone()))
    }

    /// What was undone last and stands not, and what it was; nothing once something new was done after it.
    pub fn newest_undone(&self) -> Option<(ChangeId, String)> {
        let newest = self.journal.iter().next_back()?;
        if !newest.set.is_stand() {
            return None;
        }
        let undone = self
            .journal
            .iter()
            .rev()
            .find_map(|entry| match entry.set.cause {
                Cause::Undo(change) => self.journal.get(change).filter(|undone| !undone.standing.stands),
                _ => None,
            })?;
        Some((undone.set.id, undone.set.what.clone()))
    }

    fn field_info(&self, def: &FieldDef) -> FieldInfo {
        FieldInfo {
            def: def.clone(),
            used_by: self.uses_of_field(def.id),
        }
    }

    /// How many living contacts have a value of each field.
    pub fn filled_counts(&self) -> Vec<(FieldId, u64)> {
        self.fields
            .keys()
            .map(|field| (*field, self.filled(*field)))
            .collect()
    }

    /// How many living contacts have a value; counted again only when the field or the contacts changed.
    fn filled(&self, field: FieldId) -> u64 {
        let (sources, events) = match projection::source(field) {
            Source::Column(source) => (&[source][..], 0),
            Source::Events(sources) => (sources, self.log_version),
            Source::Everybody => return self.alive.len(),
        };
        // Versions only grow, and so does their sum.
        let versions = sources.iter().filter_map(|source| self.column(*source));
        let state = (
            versions.map(Column::version).sum::<u64>() + events,
            self.alive_version,
        );
        if let Some((of, count)) = self.caches.borrow().filled.get(&field)
            && *of == state
        {
            return *count;
        }
        let count = self.values_of(field).filled().intersection_len(&self.alive);
        self.caches.borrow_mut().filled.insert(field, (state, count));
        count
    }

    fn segment_info(&self, def: &SegmentDef, now: i64) -> SegmentInfo {
        let kept = self.caches.borrow().growth.get(&def.id).cloned();
        let (growth, created, updated) = kept.unwrap_or_else(|| {
            let fresh = self.growth(def.id, now);
            self.caches.borrow_mut().growth.insert(def.id, fresh.clone());
            fresh
        });
        SegmentInfo {
            def: def.clone(),
            members: self.members(def.id).len(),
            created,
            updated,
            growth,
            formula: self.formulas.get(&def.id).cloned(),
            used_by: self.uses_of_segment(def.id),
        }
    }
}

/// Writes a contact's value in its text form.
pub(crate) fn printed(def: &FieldDef, column: &Column, contact: u32, style: &Style, out: &mut String) {
    if column.is_number() {
        print_number(def, column.number(contact), style, out);
    } else {
        print_text(def, column.text(contact), style, out);
    }
}

/// Writes a value in its text form.
pub(crate) fn printed_cell(def: &FieldDef, cell: &Cell, style: &Style, out: &mut String) {
    match cell {
        Cell::Number(number) => print_number(def, *number, style, out),
        Cell::Text(text) => print_text(def, text.as_bytes(), style, out),
    }
}

fn print_number(def: &FieldDef, number: i64, style: &Style, out: &mut String) {
    let parsed = match number {
        NONE => Parsed::Empty,
        number => Parsed::Number(number),
    };
    print(def.kind, parsed, style, out);
}

fn print_text(def: &FieldDef, text: &[u8], style: &Style, out: &mut String) {
    let parsed = match std::str::from_utf8(text) {
        Ok("") | Err(_) => Parsed::Empty,
        Ok(text) => Parsed::Text(text),
    };
    print(def.kind, parsed, style, out);
}

/// A contact's value as the table shows it: options by their names.
fn shown(def: &FieldDef, column: &Column, contact: u32) -> String {
    let mut text = String::new();
    printed(def, column, contact, &Style::ISO, &mut text);
    option_names(def, text)
}

/// A text form with options by their names instead of their ids.
pub(crate) fn option_names(def: &FieldDef, text: String) -> String {
    if !def.kind.has_options() || text.is_empty() {
        return text;
    }
    let name = |id: &str| {
        let option = def.options.iter().find(|option| option.id == id);
        option.map_or_else(|| id.to_owned(), |option| option.name.clone())
    };
    text.split('|').map(name).collect::<Vec<_>>().join(", ")
}

/// A page that holds one cell.
pub(crate) fn page_of_cell(cell: &Cell) -> Rc<crate::page::Page> {
    match cell {
        Cell::Number(number) => number_page(std::iter::once(*number)),
        Cell::Text(text) => text_page(std::iter::once(text.as_bytes())),
    }
}

/// The set of one contact.
pub(crate) fn one(contact: u32) -> Bits {
    Bits(std::iter::once(contact).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nothing_happened_the_short_overview_is_the_whole_one() {
        let workspace = Workspace::new();
        assert_eq!(workspace.overview_of_nothing(), workspace.overview(0));
    }
}
