//! Building: the pages and the change set of an import.

use super::matching::Matching;
use super::staging::Staging;
use crate::bits::Bits;
use crate::column::{Cell, NONE, by_group};
use crate::edit::contacts;
use crate::journal::{Cause, Effect, ImportCause, PageId, Values};
use crate::page::{GROUP, Page, number_page, page_of_numbers, text_page};
use crate::workspace::{Prepared, Workspace};
use model::field::{CONSENT_AT, CONSENT_SOURCE, NEWSLETTER_STATUS};
use model::import::{NewStatus, SegmentTarget};
use model::{Account, FieldDef, FieldId, SegmentDef, SegmentId, Status};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// A value that every new contact without one gets: a field's default, or the status a person chose.
struct Fill {
    field: FieldId,
    cell: Cell,
    /// Where the value comes from in the file, if it does.
    slot: Option<usize>,
    /// Only contacts for whom this slot of the file is empty.
    where_empty: Option<usize>,
}

/// The pages and the change set of an import, being made.
pub struct Building {
    account: Account,
    base: u32,
    /// The new contacts' row groups: the group's number and which of the new rows are in it.
    spans: Vec<(u32, std::ops::Range<usize>)>,
    /// What is still to be made: a field with a span.
    columns: Vec<Fill>,
    next: (usize, usize),
    made: Vec<Vec<(u32, Rc<Page>)>>,
}

impl Building {
    /// The beginning, after a matching has come to its end on the same state of the workspace.
    pub fn new(staging: &Staging, matching: &Matching, workspace: &Workspace) -> Building {
        let account = matching.account(staging, workspace);
        let count = matching.new_rows.len();
        let base = workspace.next_contact(count as u64);
        let mut spans = Vec::new();
        let mut from = 0;
        while from < count {
            let contact = base + from as u32;
            let room = (GROUP - contact % GROUP) as usize;
            let to = (from + room).min(count);
            spans.push((contact / GROUP, from..to));
            from = to;
        }
        let columns = columns(staging, workspace);
        let made = columns.iter().map(|_| Vec::new()).collect();
        Building {
            account,
            base,
            spans,
            columns,
            next: (0, 0),
            made,
        }
    }

    /// How many pages there are to make, and how many are made.
    pub fn progress(&self) -> (usize, usize) {
        (
            self.columns.len() * self.spans.len(),
            self.next.0 * self.spans.len() + self.next.1,
        )
    }

    /// Makes one page; says whether there are more to make.
    pub fn step(&mut self, staging: &Staging, matching: &Matching) -> bool {
        let (column, span) = self.next;
        let (Some(fill), Some((group, rows))) = (self.columns.get(column), self.spans.get(span)) else {
            if column < self.columns.len() {
                self.next = (column + 1, 0);
                return true;
            }
            return false;
        };
        let page = page(fill, *group, rows.clone(), self.base, staging, matching);
        if !page.is_blank() {
            self.made[column].push((*group, page));
        }
        self.next = (column, span + 1);
        true
    }

    /// The change set, ready to be stored and applied.
    ///
    /// `file` is the file's name, empty for pasted text.
    pub fn finish(
        mut self,
        at: i64,
        file: &str,
        staging: &Staging,
        matching: &Matching,
        workspace: &mut Workspace,
    ) -> Prepared {
        let mut pages: Vec<(PageId, Rc<Page>)> = Vec::new();
        let mut effects = Vec::new();
        let renumber = renumbering(staging, workspace);
        for slot in staging.plan.slots.iter().filter(|slot| slot.new) {
            let def = FieldDef {
                id: renumber(slot.def.id),
                ..slot.def.clone()
            };
            effects.push(Effect::Field(def.id, Some(def)));
        }
        let new = range(self.base, matching.new_rows.len());
        if !new.is_empty() {
            effects.push(Effect::Created(Bits(new.clone())));
        }
        for (fill, groups) in self.columns.iter().zip(std::mem::take(&mut self.made)) {
            let mut having = RoaringBitmap::new();
            for (group, _) in &groups {
                let start = group * GROUP;
                having |= &new & &range(start, GROUP as usize);
            }
            let updates = fill.slot.map(|slot| &matching.updates[slot]);
            let mut all = groups;
            if let (Some(updates), Some(slot)) = (updates, fill.slot) {
                let changed: RoaringBitmap = updates.keys().copied().collect();
                for (group, part) in by_group(&changed) {
                    let cells: Vec<Cell> = part
                        .iter()
                        .map(|c| Matching::cell(staging, slot, updates[&c]))
                        .collect();
                    merge(&mut all, group as u32, &part, &having, cells);
                }
                having |= changed;
            }
            if having.is_empty() {
                continue;
            }
            having.optimize();
            let (values, stored) = workspace.stored_values(all);
            pages.extend(stored);
            effects.push(Effect::Cells {
                field: renumber(fill.field),
                contacts: Bits(having),
                values,
            });
        }
        let segment = self.members(staging, matching, workspace, &mut effects, &new);
        let (named, lines, line_pages) = lines(&new, staging, matching, workspace);
        pages.extend(line_pages);
        let what = what(file, &self.account);
        let rejected_rows = self.account.rejected;
        let cause = Cause::Import(Box::new(ImportCause {
            file: file.to_owned(),
            options: staging.plan.spec.options.clone(),
            segment,
            account: self.account,
            rejected_rows,
            contacts: Bits(named),
            lines,
        }));
        let mut set = workspace.change(at, cause, what, effects);
        if !staging.plan.spec.run_workflows && workspace.has_active() {
            set.effects.push(Effect::Reacted(set.id));
        }
        let mut files = Vec::new();
        if rejected_rows > 0 {
            files.push((
                format!("rejected/{}", set.id),
                staging.reject_file(&matching.rejects),
            ));
        }
        Prepared { set, pages, files }
    }

    /// Adds the effects on members; gives the chosen segment's name.
    fn members(
        &self,
        staging: &Staging,
        matching: &Matching,
        workspace: &Workspace,
        effects: &mut Vec<Effect>,
        new: &RoaringBitmap,
    ) -> String {
        let mut next = workspace.next_segment().0;
        let mut made: Vec<SegmentDef> = Vec::new();
        let mut make = |name: &str, effects: &mut Vec<Effect>| -> SegmentId {
            let known = workspace.segment_named(name).map(|def| def.id);
            let twin = made
                .iter()
                .find(|def| def.name.to_lowercase() == name.to_lowercase())
                .map(|def| def.id);
            known.or(twin).unwrap_or_else(|| {
                let def = SegmentDef {
                    id: SegmentId(next),
                    ..SegmentDef::named(name.to_owned())
                };
                next += 1;
                effects.push(Effect::Segment(def.id, Some(def.clone())));
                made.push(def.clone());
                def.id
            })
        };
        let mut changes: Vec<(SegmentId, RoaringBitmap, RoaringBitmap)> = Vec::new();
        let mut segment_name = String::new();
        if let (Some((target, _)), Some((_, mut added, removed))) = (
            &staging.plan.spec.options.segment,
            matching.members(&staging.plan, workspace),
        ) {
            let id = match target {
                SegmentTarget::Existing(id) => *id,
                SegmentTarget::New(name) => make(name.trim(), effects),
            };
            segment_name = match target {
                SegmentTarget::Existing(id) => workspace
                    .segment(*id)
                    .map(|def| def.name.clone())
                    .unwrap_or_default(),
                SegmentTarget::New(name) => name.trim().to_owned(),
            };
            if staging.plan.action() != Some(model::segment::MemberAction::Remove) {
                added |= new;
            }
            changes.push((id, added, removed));
        }
        let contact_of = |row: &u32| {
            matching
                .new_rows
                .binary_search(row)
                .ok()
                .map(|place| self.base + place as u32)
        };
        for ((known, rows), name) in matching
            .column_members(staging)
            .into_iter()
            .zip(&staging.segment_names)
        {
            let id = make(name, effects);
            let joined = known | rows.iter().filter_map(contact_of).collect::<RoaringBitmap>();
            match changes.iter_mut().find(|(other, _, _)| *other == id) {
                Some((_, added, removed)) => {
                    *removed -= &joined;
                    *added |= joined;
                }
                None => changes.push((id, joined, RoaringBitmap::new())),
            }
        }
        for (segment, mut added, removed) in changes {
            added -= workspace.members(segment);
            added.optimize();
            if !added.is_empty() || !removed.is_empty() {
                effects.push(Effect::Members {
                    segment,
                    added: Bits(added),
                    removed: Bits(removed),
                });
            }
        }
        segment_name
    }
}

/// `count` contacts from `start` on.
fn range(start: u32, count: usize) -> RoaringBitmap {
    let mut contacts = RoaringBitmap::new();
    contacts.insert_range(start..start + count as u32);
    contacts
}

/// The columns that new contacts get values in: those of the file, then what fills them by default or by choice.
fn columns(staging: &Staging, workspace: &Workspace) -> Vec<Fill> {
    let slots = &staging.plan.slots;
    let empty = |def: &FieldDef| {
        if def.kind.is_number() {
            Cell::Number(NONE)
        } else {
            Cell::Text("".into())
        }
    };
    let default = |def: &FieldDef| workspace.typed(def, &def.default).unwrap_or_else(|_| empty(def));
    let mut fills: Vec<Fill> = slots
        .iter()
        .enumerate()
        .map(|(slot, plan)| Fill {
            field: plan.def.id,
            cell: default(&plan.def),
            slot: Some(slot),
            where_empty: None,
        })
        .collect();
    for def in workspace
        .fields()
        .filter(|def| def.status == Status::Custom && !def.default.is_empty())
    {
        if !slots.iter().any(|slot| slot.def.id == def.id) {
            fills.push(Fill {
                field: def.id,
                cell: default(def),
                slot: None,
                where_empty: None,
            });
        }
    }
    if let NewStatus::Subscribed {
        consent_at,
        consent_source,
    } = &staging.plan.spec.options.new_status
    {
        let status = slots.iter().position(|slot| slot.def.id == NEWSLETTER_STATUS);
        let chosen = [
            (NEWSLETTER_STATUS, "subscribed"),
            (CONSENT_AT, consent_at.as_str()),
            (CONSENT_SOURCE, consent_source.as_str()),
        ];
        for (field, text) in chosen {
            let Some(def) = workspace.field(field) else {
                continue;
            };
            let Ok(cell) = workspace.typed(def, text) else {
                continue;
            };
            match fills.iter_mut().find(|fill| fill.field == field) {
                Some(fill) => {
                    fill.cell = cell;
                    fill.where_empty = status.filter(|_| field != NEWSLETTER_STATUS);
                }
                None if !cell.is_empty() => fills.push(Fill {
                    field,
                    cell,
                    slot: None,
                    where_empty: status,
                }),
                None => {}
            }
        }
    }
    fills
}

/// One page of new contacts' values.
fn page(
    fill: &Fill,
    group: u32,
    places: std::ops::Range<usize>,
    base: u32,
    staging: &Staging,
    matching: &Matching,
) -> Rc<Page> {
    let first = matching.new_rows[places.start];
    let rows = &matching.new_rows[places.clone()];
    // Where every staged row makes a contact and the groups fall together, the staged page is the page.
    let straight = base.is_multiple_of(GROUP)
        && first == (places.start as u32)
        && rows.last().is_some_and(|last| *last as usize == places.end - 1)
        && group == (base + first) / GROUP;
    if let Some(slot) = fill.slot
        && fill.cell.is_empty()
        && straight
        && matching.patches[slot].is_empty()
        && let Some(Some(page)) = staging
            .groups
            .get((first / GROUP) as usize)
            .map(|pages| &pages[slot])
        && page.len() == rows.len()
    {
        return page.clone();
    }
    let source = |row: u32| match fill.slot {
        Some(slot) => matching.patches[slot].get(&row).copied().unwrap_or(row),
        None => super::matching::CLEAR,
    };
    let fits = |row: u32| fill.where_empty.is_none_or(|slot| !staging.has(slot, row));
    let given = |row: u32, slot: usize| match source(row) {
        super::matching::CLEAR => None,
        from => Some(from).filter(|from| staging.has(slot, *from)),
    };
    match &fill.cell {
        Cell::Number(default) => number_page(rows.iter().map(|row| {
            match fill.slot.and_then(|slot| Some((slot, given(*row, slot)?))) {
                Some((slot, from)) => staging.number(slot, from),
                None if fits(*row) => *default,
                None => NONE,
            }
        })),
        Cell::Text(default) => {
            text_page(rows.iter().map(
                |row| match fill.slot.and_then(|slot| Some((slot, given(*row, slot)?))) {
                    Some((slot, from)) => staging.text(slot, from),
                    None if fits(*row) => default.as_bytes(),
                    None => &[],
                },
            ))
        }
    }
}

/// Puts changed values of known contacts among the pages of new ones, group by group.
fn merge(
    pages: &mut Vec<(u32, Rc<Page>)>,
    group: u32,
    changed: &RoaringBitmap,
    new: &RoaringBitmap,
    cells: Vec<Cell>,
) {
    let at = pages.binary_search_by_key(&group, |(group, _)| *group);
    let mut cells = cells;
    if let Ok(at) = at {
        let page = pages[at].1.clone();
        let start = group * GROUP;
        let here = new.range(start..=start + (GROUP - 1));
        // Known contacts of a group have smaller numbers than new ones, so their values come first.
        debug_assert!(changed.max() < new.range(start..=start + (GROUP - 1)).next());
        cells.extend(here.enumerate().map(|(rank, _)| page.cell(rank)));
    }
    let merged = page_of(&cells);
    match at {
        Ok(at) => pages[at].1 = merged,
        Err(at) => pages.insert(at, (group, merged)),
    }
}

fn page_of(cells: &[Cell]) -> Rc<Page> {
    if matches!(cells.first(), Some(Cell::Number(_))) {
        number_page(cells.iter().map(|cell| {
            if let Cell::Number(number) = cell {
                *number
            } else {
                NONE
            }
        }))
    } else {
        text_page(cells.iter().map(|cell| {
            if let Cell::Text(text) = cell {
                text.as_bytes()
            } else {
                &[]
            }
        }))
    }
}

/// The contacts that the file made or changed, with the line of each.
#[allow(
    clippy::type_complexity,
    reason = "three things that belong together only here"
)]
fn lines(
    new: &RoaringBitmap,
    staging: &Staging,
    matching: &Matching,
    workspace: &mut Workspace,
) -> (RoaringBitmap, Values, Vec<(PageId, Rc<Page>)>) {
    let joined = if staging.plan.spec.options.overwrite {
        &matching.met
    } else {
        &matching.changed
    };
    let mut named = new | joined;
    let base = new.min().unwrap_or_default();
    let groups = by_group(&named)
        .map(|(group, part)| {
            let line = |contact: u32| {
                let row = if new.contains(contact) {
                    matching.new_rows.get((contact - base) as usize)
                } else {
                    matching.met_rows.get(&contact)
                };
                row.map_or(0, |row| staging.line(*row) as i64)
            };
            let numbers: Vec<i64> = part.iter().map(line).collect();
            (group as u32, page_of_numbers(&numbers))
        })
        .collect();
    named.optimize();
    let (values, pages) = workspace.stored_values(groups);
    (named, values, pages)
}

/// Gives new fields the numbers that are free now, whatever was free when the plan was made.
fn renumbering(staging: &Staging, workspace: &Workspace) -> impl Fn(FieldId) -> FieldId + use<> {
    let planned = staging.plan.first_new_field;
    let free = workspace.next_field();
    let made: Vec<FieldId> = staging
        .plan
        .slots
        .iter()
        .filter(|slot| slot.new)
        .map(|slot| slot.def.id)
        .collect();
    move |id| {
        if made.contains(&id) {
            FieldId(id.0 - planned.0 + free.0)
        } else {
            id
        }
    }
}

fn what(file: &str, account: &Account) -> String {
    let mut parts = Vec::new();
    if account.new > 0 {
        parts.push(format!("{} new", contacts(account.new)));
    }
    if account.updated > 0 {
        parts.push(format!("{} updated", contacts(account.updated)));
    }
    if parts.is_empty() {
        parts.push("nobody changed".to_owned());
    }
    let from = if file.is_empty() {
        "pasted rows".to_owned()
    } else {
        file.to_owned()
    };
    format!("Imported {from}: {}", parts.join(", "))
}
