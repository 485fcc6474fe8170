//! Matching: each staged row, in file order, meets the contact it means, or makes one.

use super::plan::Plan;
use super::staging::{Bad, Staging};
use crate::column::{Cell, Column, NONE};
use crate::keys::{KeyIndex, hash};
use crate::workspace::Workspace;
use hashbrown::HashTable;
use model::field::{EMAIL, EXTERNAL_ID, NEWSLETTER_STATUS, SMS_STATUS};
use model::import::CheckReport;
use model::segment::MemberAction;
use model::{Account, MemberAccount};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Whom a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A contact that existed before the import.
    Known(u32),
    /// The contact that a row of this file makes (that row).
    New(u32),
    /// Nobody: the row was rejected, or makes nobody.
    Nobody,
}

/// In place of a row: the value is cleared.
pub(super) const CLEAR: u32 = u32::MAX;

/// Keys that rows of this file gave to somebody: finds the row by the key's text.
#[derive(Debug, Default)]
struct FileKeys(HashTable<u32>);

impl FileKeys {
    fn find(&self, key: &[u8], staging: &Staging, slot: usize) -> Option<u32> {
        self.0
            .find(hash(key), |row| staging.text(slot, *row) == key)
            .copied()
    }

    fn insert(&mut self, row: u32, staging: &Staging, slot: usize) {
        let rehash = |row: &u32| hash(staging.text(slot, *row));
        self.0.insert_unique(hash(staging.text(slot, row)), row, rehash);
    }

    fn remove(&mut self, key: &[u8], staging: &Staging, slot: usize) {
        if let Ok(entry) = self
            .0
            .find_entry(hash(key), |row| staging.text(slot, *row) == key)
        {
            entry.remove();
        }
    }
}

/// One key of the file: its slot, whom it means before the file, and whom rows of the file gave it to.
#[derive(Debug)]
struct Key {
    slot: usize,
    column: Rc<Column>,
    index: Rc<KeyIndex>,
    file: FileKeys,
    /// Known contacts that lost this key to another value in this file.
    freed: RoaringBitmap,
}

impl Key {
    /// Whom a row's key means now; none where the row has no such key or nobody has it.
    fn owner(&self, row: u32, staging: &Staging, targets: &[Target]) -> Option<Target> {
        let key = staging.text(self.slot, row);
        if key.is_empty() {
            return None;
        }
        if let Some(row) = self.file.find(key, staging, self.slot) {
            return targets.get(row as usize).copied();
        }
        let known = self.index.find(key, &self.column)?;
        (!self.freed.contains(known)).then_some(Target::Known(known))
    }
}

/// The rows of a staging compared with the contacts of a workspace.
///
/// The workspace must not change between the first step and the end.
#[derive(Debug)]
pub struct Matching {
    next: u32,
    email: Option<Key>,
    external: Option<Key>,
    /// Whom each row means.
    pub(super) targets: Vec<Target>,
    /// The rows that make a contact, in order.
    pub(super) new_rows: Vec<u32>,
    /// Known contacts that the file names, and for each the first row.
    pub(super) met: RoaringBitmap,
    pub(super) met_rows: FxHashMap<u32, u32>,
    /// For each slot the known contacts whose value changes, and the row that gives it (or [`CLEAR`]).
    pub(super) updates: Vec<FxHashMap<u32, u32>>,
    /// For each slot the new contacts (by their row) whose value a later row gives.
    pub(super) patches: Vec<FxHashMap<u32, u32>>,
    /// Known contacts that changed.
    pub(super) changed: RoaringBitmap,
    /// Rows rejected here.
    pub(super) rejects: Vec<(u32, Bad)>,
    columns: Vec<Rc<Column>>,
    account: Account,
}

impl Matching {
    /// The beginning of a comparison.
    pub fn new(staging: &Staging, workspace: &Workspace) -> Matching {
        let key = |slot: Option<usize>, field| {
            slot.map(|slot| Key {
                slot,
                column: workspace.values_of(field),
                index: workspace.key_index(field),
                file: FileKeys(HashTable::with_capacity(staging.staged as usize)),
                freed: RoaringBitmap::new(),
            })
        };
        let slots = staging.plan.slots.len();
        Matching {
            next: 0,
            email: key(staging.plan.email, EMAIL),
            external: key(staging.plan.external, EXTERNAL_ID),
            targets: Vec::with_capacity(staging.staged as usize),
            new_rows: Vec::new(),
            met: RoaringBitmap::new(),
            met_rows: FxHashMap::default(),
            updates: vec![FxHashMap::default(); slots],
            patches: vec![FxHashMap::default(); slots],
            changed: RoaringBitmap::new(),
            rejects: Vec::new(),
            columns: staging
                .plan
                .slots
                .iter()
                .map(|slot| {
                    if slot.new {
                        Rc::new(Column::new(slot.def.kind.is_number()))
                    } else {
                        workspace.values_of(slot.def.id)
                    }
                })
                .collect(),
            account: Account {
                read: staging.read,
                blank: staging.blank,
                short: staging.short,
                left_out: staging.left_out,
                rejected: staging.rejected,
                ..Account::default()
            },
        }
    }

    /// Compares up to so many rows more; says whether there are any left.
    pub fn step(&mut self, staging: &Staging, rows: u32) -> bool {
        let end = self.next.saturating_add(rows).min(staging.staged);
        while self.next < end {
            let target = self.row(self.next, staging);
            self.targets.push(target);
            self.next += 1;
        }
        self.next < staging.staged
    }

    /// How many rows were compared.
    pub fn done(&self) -> u32 {
        self.next
    }

    fn row(&mut self, row: u32, staging: &Staging) -> Target {
        let options = &staging.plan.spec.options;
        let by_email = self
            .email
            .as_ref()
            .and_then(|key| key.owner(row, staging, &self.targets));
        let by_external = self
            .external
            .as_ref()
            .and_then(|key| key.owner(row, staging, &self.targets));
        let target = match (by_external, by_email) {
            (Some(target), None) => Some(target),
            (Some(target), Some(owner)) if target == owner => Some(target),
            (Some(target), Some(owner)) => {
                // Nothing would be written to the email, so it is nobody's trouble whose it is.
                let written = options.overwrite && !(options.only_empty && self.has_email(target, staging));
                if written {
                    self.reject(row, staging, target, owner);
                    return Target::Nobody;
                }
                Some(target)
            }
            (None, Some(owner)) => {
                let external = self.external.as_ref().map(|key| key.slot);
                let given = external.is_some_and(|slot| staging.has(slot, row));
                if given && self.has_external(owner, staging) {
                    self.reject(row, staging, owner, owner);
                    return Target::Nobody;
                }
                Some(owner)
            }
            (None, None) => None,
        };
        match target {
            None if options.no_new => {
                self.account.not_created += 1;
                Target::Nobody
            }
            None => {
                self.account.new += 1;
                self.new_rows.push(row);
                for key in [&mut self.email, &mut self.external].into_iter().flatten() {
                    if staging.has(key.slot, row) {
                        key.file.insert(row, staging, key.slot);
                    }
                }
                Target::New(row)
            }
            Some(Target::Known(contact)) => {
                let repeated = !self.met.insert(contact);
                if !repeated {
                    self.met_rows.insert(contact, row);
                }
                let changes = if options.overwrite {
                    self.write(Target::Known(contact), row, staging)
                } else {
                    0
                };
                if changes > 0 {
                    self.changed.insert(contact);
                }
                match (repeated, options.overwrite, changes) {
                    (true, ..) => self.account.repeated += 1,
                    (_, false, _) => self.account.skipped += 1,
                    (_, true, 0) => self.account.identical += 1,
                    _ => self.account.updated += 1,
                }
                Target::Known(contact)
            }
            Some(target) => {
                self.account.repeated += 1;
                if options.overwrite {
                    self.write(target, row, staging);
                }
                target
            }
        }
    }

    fn has_email(&self, target: Target, staging: &Staging) -> bool {
        self.email
            .as_ref()
            .is_some_and(|key| !self.current_text(target, key.slot, staging).is_empty())
    }

    fn has_external(&self, target: Target, staging: &Staging) -> bool {
        self.external
            .as_ref()
            .is_some_and(|key| !self.current_text(target, key.slot, staging).is_empty())
    }

    /// The row whose value of a slot somebody has by now, if the file gave one.
    fn given(&self, target: Target, slot: usize) -> Option<u32> {
        match target {
            Target::Known(contact) => self.updates[slot].get(&contact).copied(),
            Target::New(first) => Some(self.patches[slot].get(&first).copied().unwrap_or(first)),
            Target::Nobody => None,
        }
    }

    fn current_text<'a>(&'a self, target: Target, slot: usize, staging: &'a Staging) -> &'a [u8] {
        match (self.given(target, slot), target) {
            (Some(CLEAR), _) => &[],
            (Some(row), _) => staging.text(slot, row),
            (None, Target::Known(contact)) => self.columns[slot].text(contact),
            _ => &[],
        }
    }

    fn current_number(&self, target: Target, slot: usize, staging: &Staging) -> i64 {
        match (self.given(target, slot), target) {
            (Some(CLEAR), _) => NONE,
            (Some(row), _) => staging.number(slot, row),
            (None, Target::Known(contact)) => self.columns[slot].number(contact),
            _ => NONE,
        }
    }

    /// Writes a row's values over somebody by the options; gives how many changed.
    fn write(&mut self, target: Target, row: u32, staging: &Staging) -> u32 {
        let options = &staging.plan.spec.options;
        let mut changes = 0;
        for (slot, plan) in staging.plan.slots.iter().enumerate() {
            let gives = staging.has(slot, row);
            if !gives && (!options.empty_clears || plan.def.required || plan.literal.is_some()) {
                continue;
            }
            let (same, empty, unsubscribed) = if plan.def.kind.is_number() {
                let current = self.current_number(target, slot, staging);
                (current == staging.number(slot, row), current == NONE, false)
            } else {
                let current = self.current_text(target, slot, staging);
                (
                    current == staging.text(slot, row),
                    current.is_empty(),
                    current == b"unsubscribed",
                )
            };
            if same || (options.only_empty && !empty) {
                continue;
            }
            let status = plan.def.id == NEWSLETTER_STATUS || plan.def.id == SMS_STATUS;
            if status && unsubscribed && !options.overwrite_subscription {
                self.account.kept_unsubscribed += 1;
                continue;
            }
            let key = plan.def.id == EMAIL || plan.def.id == EXTERNAL_ID;
            if key && !gives {
                // A key is what the contact was found by, or her only other one; an empty cell does not take it away.
                continue;
            }
            if key {
                self.rekey(target, slot, row, staging);
            }
            let value = if gives { row } else { CLEAR };
            match target {
                Target::Known(contact) => self.updates[slot].insert(contact, value),
                Target::New(first) => self.patches[slot].insert(first, value),
                Target::Nobody => None,
            };
            changes += 1;
        }
        changes
    }

    /// Gives somebody a new key: the old one is free from here on.
    fn rekey(&mut self, target: Target, slot: usize, row: u32, staging: &Staging) {
        let old = self.current_text(target, slot, staging).to_vec();
        let by_file = self.given(target, slot).is_some();
        for key in [&mut self.email, &mut self.external]
            .into_iter()
            .flatten()
            .filter(|key| key.slot == slot)
        {
            if by_file && !old.is_empty() {
                key.file.remove(&old, staging, slot);
            } else if let Target::Known(contact) = target {
                key.freed.insert(contact);
            }
            key.file.insert(row, staging, slot);
        }
    }

    fn reject(&mut self, row: u32, staging: &Staging, target: Target, owner: Target) {
        let text = |slot: Option<usize>| {
            slot.map(|slot| String::from_utf8_lossy(staging.text(slot, row)).into_owned())
                .unwrap_or_default()
        };
        let (email, external) = (text(staging.plan.email), text(staging.plan.external));
        let reason = if target == owner {
            let own = staging
                .plan
                .external
                .map_or(&[][..], |slot| self.current_text(owner, slot, staging));
            format!(
                "{email} belongs to the contact with external ID {}, not {external}",
                String::from_utf8_lossy(own)
            )
        } else {
            format!("External ID {external} is one contact, and {email} belongs to another")
        };
        let column = staging
            .plan
            .email
            .map_or("", |slot| staging.plan.slots[slot].def.name.as_str());
        self.account.rejected += 1;
        let bad = Bad {
            column: column.to_owned(),
            kind: "key of another contact".to_owned(),
            reason,
            value: email,
        };
        self.rejects.push((row, bad));
    }

    /// The members that the chosen segment would get and lose (new contacts counted), and the account of it.
    pub(super) fn members(
        &self,
        plan: &Plan,
        workspace: &Workspace,
    ) -> Option<(MemberAccount, RoaringBitmap, RoaringBitmap)> {
        let action = plan.action()?;
        let members = plan
            .existing_segment()
            .map(|id| workspace.members(id))
            .unwrap_or_default();
        let already = &self.met & &members;
        let mut account = MemberAccount {
            already: already.len(),
            ..MemberAccount::default()
        };
        let (mut added, mut removed) = (RoaringBitmap::new(), RoaringBitmap::new());
        match action {
            MemberAction::Remove => {
                removed = already;
                account.already = 0;
                account.not_added = 0;
            }
            MemberAction::Add | MemberAction::Replace => {
                let strangers = &self.met - &members;
                if plan.spec.options.overwrite {
                    added = strangers;
                } else {
                    account.not_added = strangers.len();
                }
                if action == MemberAction::Replace {
                    removed = members - &self.met;
                }
                account.added = added.len() + self.new_rows.len() as u64;
            }
        }
        account.removed = removed.len();
        Some((account, added, removed))
    }

    /// Memberships that a *Segments* column gives, by the name's place: known contacts, and rows that make one.
    pub(super) fn column_members(&self, staging: &Staging) -> Vec<(RoaringBitmap, Vec<u32>)> {
        let mut found = vec![(RoaringBitmap::new(), Vec::new()); staging.segment_names.len()];
        for (row, name) in &staging.memberships {
            let Some((known, rows)) = found.get_mut(*name as usize) else {
                continue;
            };
            match self.targets.get(*row as usize) {
                Some(Target::Known(contact)) if staging.plan.spec.options.overwrite => {
                    known.insert(*contact);
                }
                Some(Target::New(first)) if first == row || staging.plan.spec.options.overwrite => {
                    rows.push(*first)
                }
                _ => {}
            }
        }
        found
    }

    /// Where every row goes.
    pub fn account(&self, staging: &Staging, workspace: &Workspace) -> Account {
        let mut account = self.account.clone();
        account.members = self
            .members(&staging.plan, workspace)
            .map(|(account, _, _)| account);
        account.column_members = self
            .column_members(staging)
            .into_iter()
            .zip(&staging.segment_names)
            .map(|((known, mut rows), name)| {
                rows.sort_unstable();
                rows.dedup();
                let members = workspace
                    .segment_named(name)
                    .map(|def| workspace.members(def.id))
                    .unwrap_or_default();
                (known - members).len() + rows.len() as u64
            })
            .sum();
        account
    }

    /// What an import now would do.
    pub fn report(&self, staging: &Staging, workspace: &Workspace) -> CheckReport {
        let account = self.account(staging, workspace);
        let mut new_segments: Vec<String> = staging
            .segment_names
            .iter()
            .filter(|name| workspace.segment_named(name).is_none())
            .cloned()
            .collect();
        if let Some((model::import::SegmentTarget::New(name), _)) = &staging.plan.spec.options.segment {
            new_segments.insert(0, name.trim().to_owned());
        }
        new_segments.dedup_by_key(|name| name.to_lowercase());
        CheckReport {
            not_joining: account.members.as_ref().map_or(0, |members| members.not_added),
            problems: staging.all_problems(&self.rejects),
            new_fields: staging
                .plan
                .slots
                .iter()
                .filter(|slot| slot.new)
                .map(|slot| slot.def.name.clone())
                .collect(),
            new_segments,
            account,
        }
    }

    /// A value that a row gives, as a cell.
    pub(super) fn cell(staging: &Staging, slot: usize, row: u32) -> Cell {
        let number = staging.plan.slots[slot].def.kind.is_number();
        match (number, row) {
            (true, CLEAR) => Cell::Number(NONE),
            (false, CLEAR) => Cell::Text("".into()),
            (true, row) => Cell::Number(staging.number(slot, row)),
            (false, row) => Cell::Text(String::from_utf8_lossy(staging.text(slot, row)).into()),
        }
    }
}
