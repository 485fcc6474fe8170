//! Queries: which contacts a search and a filter find.

use crate::column::{Cell, Column, NONE};
use crate::events::CompiledBehaviour;
use crate::refused::Refused;
use crate::text::fold;
use crate::value::{Parsed, Parser, Rules, date, decimal};
use crate::workspace::Workspace;
use memchr::memmem::Finder;
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME, MOBILE_PHONE};
use model::query::Selection;
use model::{FieldDef, FieldId, FieldType, Group, Mode, Op, Query, Rule};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// The fields that the search box looks into.
const SEARCHED: [FieldId; 5] = [EMAIL, FIRST_NAME, LAST_NAME, MOBILE_PHONE, EXTERNAL_ID];

/// For how long an answer holds: while the day is the same, and no event grows too old or new enough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lasting {
    /// The moment for which it was worked out.
    pub from: i64,
    /// The moment at which it may be another.
    pub until: i64,
    /// The day in the workspace's zone.
    pub today: i64,
}

impl Lasting {
    /// Whether the answer holds for the moment of another.
    pub fn covers(&self, other: Lasting) -> bool {
        self.today == other.today && (self.from..self.until).contains(&other.from)
    }
}

impl Workspace {
    /// The rules by which typed values are read.
    pub(crate) fn typed_rules(&self) -> Rules {
        Rules::typed(&self.settings, self.zone.clone())
    }

    /// The contacts that a query finds; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Refused`] where a rule names what does not exist or a value that is none of its field's.
    pub fn matching(&self, query: &Query, now: i64) -> Result<Rc<RoaringBitmap>, Refused> {
        self.matching_until(query, now).map(|(found, _)| found)
    }

    /// The contacts that a query finds, and for how long, unless something is committed.
    pub(crate) fn matching_until(
        &self,
        query: &Query,
        now: i64,
    ) -> Result<(Rc<RoaringBitmap>, Lasting), Refused> {
        let now = self.clock(now);
        let mut lasting = Lasting {
            from: now,
            until: i64::MAX,
            today: self.zone.day(now),
        };
        if query.search.trim().is_empty() && query.filter.is_empty() {
            let mut caches = self.caches.borrow_mut();
            let alive = caches.alive.get_or_insert_with(|| Rc::new(self.alive.clone()));
            return Ok((alive.clone(), lasting));
        }
        if let Some(kept) = self.caches.borrow().found(query, lasting) {
            return Ok(kept);
        }
        let mut found = self.group_until(&query.filter, now, &mut lasting.until)?;
        if !query.search.trim().is_empty() {
            found &= self.search(&query.search);
        }
        let found = Rc::new(found);
        self.caches.borrow_mut().keep_found(query, lasting, found.clone());
        Ok((found, lasting))
    }

    /// The contacts that a selection names, living ones only.
    ///
    /// # Errors
    /// As [`Workspace::matching`].
    pub fn selected(&self, selection: &Selection, now: i64) -> Result<RoaringBitmap, Refused> {
        Ok(match selection {
            Selection::Contacts(contacts) => {
                contacts
                    .iter()
                    .map(|contact| contact.0)
                    .collect::<RoaringBitmap>()
                    & &self.alive
            }
            Selection::Matching { query, except } => {
                let mut found = (*self.matching(query, now)?).clone();
                except.iter().for_each(|contact| {
                    found.remove(contact.0);
                });
                found
            }
        })
    }

    /// The contacts that a filter finds; `now` is in milliseconds since 1970.
    pub(crate) fn group(&self, group: &Group, now: i64) -> Result<RoaringBitmap, Refused> {
        self.group_until(group, self.clock(now), &mut { i64::MAX })
    }

    /// The contacts that a filter finds at a moment; `until` becomes the moment at which that may be others, if it
    /// comes earlier.
    fn group_until(&self, group: &Group, now: i64, until: &mut i64) -> Result<RoaringBitmap, Refused> {
        let today = self.zone.day(now);
        let mut found: Option<RoaringBitmap> = None;
        for rule in &group.rules {
            let one = match rule {
                Rule::Group(group) => self.group_until(group, now, until)?,
                Rule::Segment { segment, member } => {
                    self.segment(*segment).ok_or(Refused::NoSuchSegment)?;
                    let members = self.members(*segment);
                    if *member { members } else { &self.alive - members }
                }
                Rule::Field { field, op, values } => self.field_rule(*field, *op, values, today)?,
                Rule::SegmentAt { segment, member, at } => {
                    self.segment(*segment).ok_or(Refused::NoSuchSegment)?;
                    self.refuse_forgotten(*at)?;
                    let members = self.members_at(*segment, *at) & &self.alive;
                    if *member { members } else { &self.alive - members }
                }
                Rule::Change { change, part } => self.changed_by(*change, *part)? & &self.alive,
                Rule::Search(text) => self.search(text),
                Rule::Did(behaviour) => {
                    let (found, changes) = CompiledBehaviour::new(self, behaviour)?.found_until(self, now);
                    *until = changes.min(*until);
                    found & &self.alive
                }
            };
            found = Some(match (found, group.mode) {
                (None, _) => one,
                (Some(found), Mode::All) => found & one,
                (Some(found), Mode::Any | Mode::None) => found | one,
            });
        }
        Ok(match (found, group.mode) {
            (None, _) => self.alive.clone(),
            (Some(found), Mode::None) => &self.alive - found,
            (Some(found), _) => found,
        })
    }

    fn field_rule(
        &self,
        field: FieldId,
        op: Op,
        values: &[String],
        today: i64,
    ) -> Result<RoaringBitmap, Refused> {
        let def = self.field(field).ok_or(Refused::NoSuchField)?;
        let column = self.values_of(field);
        let found = match op {
            Op::Empty => return Ok(&self.alive - column.filled()),
            Op::NotEmpty => column.filled(),
            Op::IsNot => return Ok(&self.alive - self.field_rule(field, Op::Is, values, today)?),
            Op::ContainsNot => return Ok(&self.alive - self.field_rule(field, Op::Contains, values, today)?),
            Op::NotIn => return Ok(&self.alive - self.field_rule(field, Op::In, values, today)?),
            _ if column.is_number() => {
                let test = self.number_test(def, op, values, today)?;
                let mut found = RoaringBitmap::new();
                for group in 0..column.groups() {
                    column.filter_number(group, &mut found, &*test);
                }
                found
            }
            _ => text_rule(&column, def, op, values),
        };
        Ok(found & &self.alive)
    }

    /// A value of a rule in the form the column holds.
    fn operand(&self, def: &FieldDef, text: &str) -> Result<i64, Refused> {
        let parser = Parser::new(def, &self.typed_rules());
        let mut scratch = String::new();
        match parser.parse(text, &mut scratch) {
            Ok(Parsed::Number(number)) => Ok(number),
            Ok(_) => Ok(NONE),
            Err(bad) => {
                let reason = bad.reason(text, def);
                Err(Refused::Value {
                    key: def.key.clone(),
                    field: def.name.clone(),
                    reason,
                })
            }
        }
    }

    /// The test of a number, date or boolean.
    fn number_test(
        &self,
        def: &FieldDef,
        op: Op,
        values: &[String],
        today: i64,
    ) -> Result<Box<dyn Fn(i64) -> bool>, Refused> {
        // Moments are compared by their day in the workspace's zone, as people mean them.
        let zone = self.zone.clone();
        let instant = def.kind == FieldType::Instant;
        let as_day = move |number: i64| if instant { zone.day(number) } else { number };
        let as_decimal = def.kind == FieldType::Decimal;
        let rank = move |number: i64| -> i128 {
            if as_decimal {
                decimal::key(number)
            } else {
                i128::from(as_day(number))
            }
        };
        let day = FieldDef {
            kind: FieldType::Day,
            ..def.clone()
        };
        let read = |text: &String| {
            // A whole moment is asked for by its day too.
            let day_text = if instant {
                text.get(..10).unwrap_or(text)
            } else {
                text
            };
            let number = self.operand(if instant { &day } else { def }, day_text)?;
            Ok(if as_decimal {
                decimal::key(number)
            } else {
                i128::from(number)
            })
        };
        let days = |at: usize| -> i64 {
            values
                .get(at)
                .and_then(|days| days.trim().parse::<i64>().ok())
                .unwrap_or(0)
                .clamp(0, 36_600)
        };
        let operands = match op {
            Op::LastDays | Op::NextDays | Op::AnniversaryInDays | Op::Weekday => Vec::new(),
            _ => values.iter().map(read).collect::<Result<Vec<i128>, Refused>>()?,
        };
        let first = operands.first().copied().unwrap_or(i128::MIN);
        let today = i128::from(today);
        Ok(match op {
            Op::Is | Op::In => Box::new(move |number| operands.contains(&rank(number))),
            Op::Less => Box::new(move |number| rank(number) < first),
            Op::AtMost => Box::new(move |number| rank(number) <= first),
            Op::Greater => Box::new(move |number| rank(number) > first),
            Op::AtLeast => Box::new(move |number| rank(number) >= first),
            Op::Between => {
                let last = operands.get(1).copied().unwrap_or(i128::MAX);
                let (low, high) = (first.min(last), first.max(last));
                Box::new(move |number| (low..=high).contains(&rank(number)))
            }
            Op::LastDays => {
                let since = today - i128::from(days(0));
                Box::new(move |number| (since..=today).contains(&rank(number)))
            }
            Op::NextDays => {
                let until = today + i128::from(days(0));
                Box::new(move |number| (today..=until).contains(&rank(number)))
            }
            Op::AnniversaryInDays => {
                let today = today as i64;
                let coming = (today..=today + days(0).min(366)).flat_map(date::kept_on);
                let coming: Vec<(i8, i8)> = coming.collect();
                let zone = self.zone.clone();
                Box::new(move |number| {
                    let day = if instant { zone.day(number) } else { number };
                    date::date_of(day).is_some_and(|(_, month, day)| coming.contains(&(month, day)))
                })
            }
            Op::Weekday => {
                let days = date::weekdays(values.iter().map(String::as_str));
                let days = days.map_err(|_| Refused::Value {
                    key: def.key.clone(),
                    field: def.name.clone(),
                    reason: "a weekday is missing".to_owned(),
                })?;
                let zone = self.zone.clone();
                Box::new(move |number| {
                    let day = if instant { zone.day(number) } else { number };
                    number != NONE && date::on_weekday(days, day)
                })
            }
            _ => Box::new(|_| false),
        })
    }

    /// The living contacts in which each word of a search is found in email, name, phone or external ID.
    pub fn search(&self, search: &str) -> RoaringBitmap {
        let mut folded = String::new();
        fold(search, &mut folded);
        let mut found = self.alive.clone();
        for word in folded.split_whitespace() {
            let finder = Finder::new(word.as_bytes());
            let mut hits = RoaringBitmap::new();
            for column in SEARCHED.iter().filter_map(|field| self.column(*field)) {
                contains(column, &finder, &mut hits);
            }
            found &= hits;
        }
        found
    }
}

/// Adds the contacts whose text holds a folded needle, whatever the case and accents.
fn contains(column: &Column, finder: &Finder, hits: &mut RoaringBitmap) {
    // Every text holds the empty one.
    if finder.needle().is_empty() {
        *hits |= column.filled();
        return;
    }
    let mut scratch = String::new();
    let mut holds = |text: &[u8]| {
        scratch.clear();
        fold(&String::from_utf8_lossy(text), &mut scratch);
        finder.find(scratch.as_bytes()).is_some()
    };
    for group in 0..column.groups() {
        let base = group as u32 * crate::page::GROUP;
        let (page, edits) = column.group(group);
        let mut edits = edits.peekable();
        let heap = page
            .filter(|page| page.is_folded())
            .and_then(|page| page.heap().map(|heap| (page, heap)));
        let Some((page, heap)) = heap else {
            let mut found = RoaringBitmap::new();
            column.filter_text(group, &mut found, &mut holds);
            *hits |= found;
            continue;
        };
        // One scan over all texts end to end; a hit across the border of two texts is none.
        let mut found = Vec::new();
        let (mut from, mut row) = (0, 0);
        while let Some(at) = heap.bytes.get(from..).and_then(|rest| finder.find(rest)) {
            let at = from + at;
            row = row_at(&heap, row, page.len(), at);
            if at + finder.needle().len() <= heap.start(row + 1) {
                found.push(base + row as u32);
                from = heap.start(row + 1);
            } else {
                from = at + 1;
            }
        }
        if edits.peek().is_none() {
            hits.extend(found);
            continue;
        }
        let mut found: RoaringBitmap = found.into_iter().collect();
        for (row, cell) in edits {
            let Cell::Text(text) = cell else { continue };
            if holds(text.as_bytes()) {
                found.insert(base + u32::from(row));
            } else {
                found.remove(base + u32::from(row));
            }
        }
        *hits |= found;
    }
}

/// The text that holds byte `at`, searched from text `from` on in growing steps.
fn row_at(heap: &crate::page::Heap, from: usize, rows: usize, at: usize) -> usize {
    let (mut low, mut step) = (from, 1);
    while low + step < rows && heap.start(low + step) <= at {
        low += step;
        step *= 2;
    }
    let mut high = (low + step).min(rows);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if heap.start(middle) <= at {
            low = middle
        } else {
            high = middle
        }
    }
    low
}

fn text_rule(column: &Column, def: &FieldDef, op: Op, values: &[String]) -> RoaringBitmap {
    let mut wanted: Vec<String> = values
        .iter()
        .map(|value| crate::text::folded(value.trim()))
        .collect();
    if op == Op::Is || op == Op::In {
        wanted.retain(|value| !value.is_empty());
    }
    let first = wanted.first().cloned().unwrap_or_default();
    let mut found = RoaringBitmap::new();
    if op == Op::Contains {
        contains(column, &Finder::new(first.as_bytes()), &mut found);
        return found & column.filled();
    }
    let mut scratch = String::new();
    let options = def.kind.has_options();
    let mut test = |text: &[u8]| {
        if text.is_empty() {
            return false;
        }
        scratch.clear();
        fold(&String::from_utf8_lossy(text), &mut scratch);
        match op {
            Op::Is if !options => scratch == first,
            Op::Is | Op::In if options => scratch
                .split('|')
                .any(|id| wanted.iter().any(|wanted| wanted == id)),
            Op::In => wanted.contains(&scratch),
            Op::StartsWith => scratch.starts_with(&first),
            Op::EndsWith => scratch.ends_with(&first),
            _ => false,
        }
    };
    for group in 0..column.groups() {
        column.filter_text(group, &mut found, &mut test);
    }
    found
}
