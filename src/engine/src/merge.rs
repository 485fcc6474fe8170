//! Contacts that are likely the same person, and several contacts made one.

use crate::bits::Bits;
use crate::column::NONE;
use crate::edit::{Act, cells, contacts};
use crate::journal::{Cause, Effect};
use crate::page::GROUP;
use crate::refused::Refused;
use crate::sort::sort_by_key;
use crate::text::fold;
use crate::workspace::Workspace;
use model::analytics::{Duplicates, Likeness};
use model::field::{BIRTHDATE, EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME, MOBILE_PHONE};
use model::{ContactId, FieldId, Status};
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;
use std::rc::Rc;

/// So many contacts of one group are listed; a value that more share (a shop's phone) says little of a person.
const LISTED: usize = 10;

/// Contacts that share something, and what.
#[derive(Clone, Debug)]
pub struct Alike {
    contacts: Vec<u32>,
    more: u64,
    why: Vec<Likeness>,
}

/// A search for likely duplicates, in steps of one row group each.
#[derive(Debug, Default)]
pub struct DuplicateSearch {
    version: u64,
    likeness: usize,
    group: u32,
    hashes: Vec<(u64, u32)>,
    found: Vec<(Likeness, Vec<u32>)>,
}

const LIKENESSES: [Likeness; 3] = [Likeness::Phone, Likeness::NameAndBirthdate, Likeness::Email];

impl DuplicateSearch {
    /// A search through a workspace as it is now.
    pub fn new(workspace: &Workspace) -> Self {
        DuplicateSearch {
            version: workspace.version(),
            ..DuplicateSearch::default()
        }
    }

    /// Does the next step; gives the groups, those with most in common first, when it was the last one.
    pub fn step(&mut self, workspace: &Workspace) -> Option<Rc<Vec<Alike>>> {
        if self.version != workspace.version() {
            *self = DuplicateSearch::new(workspace);
        }
        let Some(likeness) = LIKENESSES.get(self.likeness).copied() else {
            let alike = Rc::new(together(&self.found));
            workspace.caches.borrow_mut().alike = Some(alike.clone());
            return Some(alike);
        };
        let last = workspace.alive.max().map_or(0, |max| max / GROUP);
        if self.group <= last {
            self.hash(workspace, likeness);
            self.group += 1;
            return None;
        }
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.sort_unstable();
        for run in hashes.chunk_by(|one, other| one.0 == other.0) {
            if run.len() > 1 {
                let contacts = run.iter().map(|(_, contact)| *contact).collect();
                self.found.push((likeness, contacts));
            }
        }
        hashes.clear();
        self.hashes = hashes;
        self.likeness += 1;
        self.group = 0;
        None
    }

    /// Takes in one row group's hashes of what a likeness compares; contacts without it have none.
    fn hash(&mut self, workspace: &Workspace, likeness: Likeness) {
        let column = |field| workspace.values_of(field);
        let base = self.group * GROUP;
        let group = workspace.alive.range(base..=base + (GROUP - 1));
        let mut put = |contact: u32, parts: &[&[u8]]| {
            let mut hasher = FxHasher::default();
            for part in parts {
                hasher.write(part);
                hasher.write_u8(0xff);
            }
            self.hashes.push((hasher.finish(), contact));
        };
        match likeness {
            Likeness::Phone => {
                let phones = column(MOBILE_PHONE);
                for contact in group {
                    let phone = phones.text(contact);
                    if !phone.is_empty() {
                        put(contact, &[phone]);
                    }
                }
            }
            Likeness::NameAndBirthdate => {
                let (first, last, born) = (column(FIRST_NAME), column(LAST_NAME), column(BIRTHDATE));
                let (mut one, mut other) = (String::new(), String::new());
                for contact in group {
                    let day = born.number(contact);
                    if day == NONE {
                        continue;
                    }
                    one.clear();
                    other.clear();
                    fold(&String::from_utf8_lossy(first.text(contact)), &mut one);
                    fold(&String::from_utf8_lossy(last.text(contact)), &mut other);
                    if !one.trim().is_empty() && !other.trim().is_empty() {
                        put(
                            contact,
                            &[one.trim().as_bytes(), other.trim().as_bytes(), &day.to_le_bytes()],
                        );
                    }
                }
            }
            Likeness::Email => {
                let emails = column(EMAIL);
                let mut plain = Vec::new();
                for contact in group {
                    let email = emails.text(contact);
                    let Some(at) = email.iter().rposition(|byte| *byte == b'@') else {
                        continue;
                    };
                    let (local, domain) = email.split_at(at);
                    let local = local.split(|byte| *byte == b'+').next().unwrap_or_default();
                    plain.clear();
                    plain.extend(local.iter().filter(|byte| **byte != b'.'));
                    if !plain.is_empty() {
                        put(contact, &[&plain, domain]);
                    }
                }
            }
        }
    }
}

/// Puts groups that share a contact together; groups of many stay on their own.
fn together(found: &[(Likeness, Vec<u32>)]) -> Vec<Alike> {
    let mut group_of: FxHashMap<u32, usize> = FxHashMap::default();
    let mut groups: Vec<Alike> = Vec::new();
    for (likeness, contacts) in found {
        if contacts.len() > LISTED {
            groups.push(Alike {
                contacts: contacts.iter().copied().take(LISTED).collect(),
                more: (contacts.len() - LISTED) as u64,
                why: vec![*likeness],
            });
            continue;
        }
        let mut all = contacts.clone();
        let mut why = vec![*likeness];
        let mut known: Vec<usize> = contacts.iter().filter_map(|c| group_of.get(c).copied()).collect();
        known.sort_unstable();
        known.dedup();
        for at in known {
            all.append(&mut groups[at].contacts);
            why.append(&mut groups[at].why);
        }
        all.sort_unstable();
        all.dedup();
        sort_by_key(&mut why, |why| *why);
        why.dedup();
        all.iter().for_each(|contact| {
            group_of.insert(*contact, groups.len());
        });
        groups.push(Alike {
            contacts: all,
            more: 0,
            why,
        });
    }
    groups.retain(|group| !group.contacts.is_empty());
    sort_by_key(&mut groups, |group| {
        (
            group.more > 0,
            std::cmp::Reverse(group.why.len()),
            group.contacts.first().copied(),
        )
    });
    groups
}

impl Workspace {
    /// The groups of likely duplicates that a search found in this state of the data, if one did.
    pub fn alike(&self) -> Option<Rc<Vec<Alike>>> {
        self.caches.borrow().alike.clone()
    }

    /// A part of the groups of likely duplicates, with how each contact is called.
    pub fn duplicates(&self, alike: &[Alike], start: u64, count: u32) -> Vec<Duplicates> {
        let text = |field: FieldId, contact: u32| {
            self.column(field)
                .map(|column| String::from_utf8_lossy(column.text(contact)).into_owned())
                .unwrap_or_default()
        };
        let told = |contact: u32| {
            let name = format!("{} {}", text(FIRST_NAME, contact), text(LAST_NAME, contact));
            let key = Some(text(EMAIL, contact)).filter(|email| !email.is_empty());
            let key = key.unwrap_or_else(|| text(EXTERNAL_ID, contact));
            (ContactId(contact), name.trim().to_owned(), key)
        };
        let page = alike.iter().skip(start as usize).take(count as usize);
        page.map(|group| Duplicates {
            contacts: group.contacts.iter().map(|contact| told(*contact)).collect(),
            more: group.more,
            why: group.why.clone(),
        })
        .collect()
    }

    /// Prepares the merge of contacts into one that stays: it takes the values chosen and every membership of theirs.
    ///
    /// # Errors
    /// [`Refused::NothingToMerge`], [`Refused::NoSuchContact`], and [`Refused::ReadOnly`] for a field kept by Corral.
    pub fn merge(
        &self,
        at: i64,
        into: ContactId,
        others: &[ContactId],
        values: &[(FieldId, ContactId)],
    ) -> Result<Act, Refused> {
        let mut gone: RoaringBitmap = others.iter().map(|other| other.0).collect();
        gone.remove(into.0);
        if gone.is_empty() {
            return Err(Refused::NothingToMerge);
        }
        if !self.alive.contains(into.0) || !gone.is_subset(&self.alive) {
            return Err(Refused::NoSuchContact);
        }
        // The others' keys are free before one of them becomes that of the contact that stays.
        let mut effects = vec![Effect::Deleted(Bits(gone.clone()))];
        for (field, from) in values {
            let def = self.field(*field).ok_or(Refused::NoSuchField)?;
            if def.status == Status::ReadOnly {
                return Err(Refused::ReadOnly(def.name.clone()));
            }
            if !gone.contains(from.0) {
                return Err(Refused::NoSuchContact);
            }
            let cell = self.cell(*field, *from);
            if cell != self.cell(*field, into) {
                effects.push(cells(*field, into.0, &cell));
            }
        }
        for def in self.segments() {
            let members = self.members(def.id);
            if !members.contains(into.0) && !members.is_disjoint(&gone) {
                effects.push(Effect::Members {
                    segment: def.id,
                    added: std::iter::once(into.0).collect(),
                    removed: Bits::default(),
                });
            }
        }
        let count = gone.len();
        let what = format!("Merged {} into one", contacts(count + 1));
        Ok(self.act_of(at, Cause::Merge(into), what, effects, Vec::new(), (count + 1, 0)))
    }
}
