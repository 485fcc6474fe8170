//! Histories: what changed, when, by what, and why a contact is in a segment.

use crate::edit::{contacts, grouped};
use crate::events::words::happened;
use crate::journal::{Cause, ChangeSet, Effect, Entry};
use crate::past::Walk;
use crate::refused::Refused;
use crate::sort::sort_by_key;
use crate::text::folded;
use crate::value::Style;
use crate::view::{option_names, printed_cell};
use crate::workspace::Workspace;
use model::history::{
    CauseLabel, ChangeDetail, ChangeSummary, ContactChange, Counts, EffectLine, HistoryFilter, Membership,
    Scope,
};
use model::import::ImportEntry;
use model::query::Part;
use model::{ChangeId, ContactId, SegmentDef, SegmentId, WorkflowId};
use roaring::RoaringBitmap;

/// Moments of a segment's growth that a list shows.
const GROWTH_POINTS: usize = 12;

impl Workspace {
    /// Change sets, newest first, from place `start` on; with how many there are.
    pub fn history(
        &self,
        scope: Scope,
        filter: &HistoryFilter,
        start: u64,
        count: u32,
    ) -> (u64, Vec<ChangeSummary>) {
        let words: Vec<String> = folded(&filter.text)
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let happened = match scope {
            Scope::Contact(contact) => self.happened_to(contact),
            _ => Vec::new(),
        };
        let asked = |entry: &&Entry| {
            let set = &entry.set;
            !set.is_books()
                && filter.cause.is_none_or(|kind| label(&set.cause).kind() == kind)
                && filter.undone.is_none_or(|undone| undone != entry.standing.stands)
                && filter.before.is_none_or(|before| set.when() < before)
                && self.touches(set, scope, &happened)
                && (words.is_empty() || {
                    let what = folded(&set.what);
                    words.iter().all(|word| what.contains(word))
                })
        };
        let mut found: Vec<&Entry> = self.journal.iter().rev().filter(asked).collect();
        // The journal is in the order of writing; what is told as having happened earlier stands where it happened.
        sort_by_key(&mut found, |entry| std::cmp::Reverse(entry.set.when()));
        let page = found.iter().skip(start as usize).take(count as usize);
        let page = page.map(|entry| self.summary(entry, scope)).collect();
        (found.len() as u64, page)
    }

    /// The change sets that brought a contact's events, in the order of their numbers.
    fn happened_to(&self, contact: ContactId) -> Vec<ChangeId> {
        let rows = self.log.chain(contact.0);
        let mut changes: Vec<ChangeId> = rows
            .filter_map(|row| self.log.batch(row).map(|(change, _)| change))
            .collect();
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    /// Whether a change set, or one that it turns, touches what a scope is about; `happened` are those that brought
    /// events of it.
    fn touches(&self, set: &ChangeSet, scope: Scope, happened: &[ChangeId]) -> bool {
        let brought = |change: &ChangeId| happened.binary_search(change).is_ok();
        let direct = |effect: &Effect| match (scope, effect) {
            (Scope::All, _) => true,
            (Scope::Segment(id), effect) => touches_segment(effect, id),
            (Scope::Contact(id), Effect::Created(named) | Effect::Deleted(named) | Effect::Erased(named)) => {
                named.contains(id.0)
            }
            (Scope::Contact(id), Effect::Cells { contacts, .. }) => contacts.contains(id.0),
            (Scope::Contact(id), Effect::Members { added, removed, .. }) => {
                added.contains(id.0) || removed.contains(id.0)
            }
            _ => false,
        };
        let touched = set.effects.iter().any(|effect| match effect {
            Effect::Stand { change, .. } => {
                let turned = self.journal.get(*change);
                brought(change) || turned.is_some_and(|turned| turned.set.effects.iter().any(direct))
            }
            effect => direct(effect),
        });
        touched || brought(&set.id) || (scope == Scope::All && set.effects.is_empty())
    }

    fn summary(&self, entry: &Entry, scope: Scope) -> ChangeSummary {
        let set = &entry.set;
        ChangeSummary {
            id: set.id,
            at: set.when(),
            cause: label(&set.cause),
            what: set.what.clone(),
            undone: !entry.standing.stands,
            undoable: !set.is_stand() && !set.is_for_good(),
            counts: counts(set, scope),
            contact: match scope {
                Scope::Contact(contact) => Some(self.contact_change(set, contact)),
                _ => None,
            },
        }
    }

    /// What a change set did to one contact.
    fn contact_change(&self, set: &ChangeSet, contact: ContactId) -> ContactChange {
        let mut change = ContactChange {
            line: self.line(set, contact),
            ..ContactChange::default()
        };
        for effect in &set.effects {
            match effect {
                Effect::Created(named) => change.created |= named.contains(contact.0),
                Effect::Deleted(named) | Effect::Erased(named) => change.deleted |= named.contains(contact.0),
                Effect::Cells {
                    field,
                    contacts,
                    values,
                } if contacts.contains(contact.0) => {
                    let Some(cell) = values.cell(contacts, contact.0, &self.pages) else {
                        continue;
                    };
                    let def = self.field(*field);
                    let text = def.map_or_else(String::new, |def| {
                        let mut text = String::new();
                        printed_cell(def, &cell, &Style::ISO, &mut text);
                        option_names(def, text)
                    });
                    change.values.push((*field, text));
                }
                Effect::Members {
                    segment,
                    added,
                    removed,
                } => {
                    if added.contains(contact.0) {
                        change.joined.push(*segment);
                    }
                    if removed.contains(contact.0) {
                        change.left.push(*segment);
                    }
                }
                _ => {}
            }
        }
        change
    }

    /// The line of an import's file that a contact came from; else 0.
    fn line(&self, set: &ChangeSet, contact: ContactId) -> u64 {
        let Cause::Import(import) = set.cause.actor() else {
            return 0;
        };
        let line = import.lines.number(&import.contacts, contact.0, &self.pages);
        line.unwrap_or(0).max(0) as u64
    }

    /// One change set, whole; with what it did to a contact, if one is named.
    ///
    /// # Errors
    /// [`Refused::NoSuchChange`].
    pub fn change_detail(
        &self,
        change: ChangeId,
        contact: Option<ContactId>,
    ) -> Result<ChangeDetail, Refused> {
        let entry = self.journal.get(change).ok_or(Refused::NoSuchChange)?;
        let set = &entry.set;
        let turns = self.journal.iter().filter_map(|other| {
            let mut stands = other.set.effects.iter().filter_map(|effect| match effect {
                Effect::Stand {
                    change: turned,
                    stands,
                    ..
                } if *turned == change => Some(*stands),
                _ => None,
            });
            Some((other.set.id, other.set.when(), stands.next()?))
        });
        let mut summary = self.summary(entry, Scope::All);
        summary.contact = contact.map(|contact| self.contact_change(set, contact));
        Ok(ChangeDetail {
            summary,
            written: set.at,
            import: match set.cause.actor() {
                Cause::Import(import) => Some((import.account.clone(), import.segment.clone())),
                _ => None,
            },
            formula: match set.cause.actor() {
                Cause::SetOperation(formula) => formula.clone(),
                _ => None,
            },
            effects: self.effect_lines(set),
            turns: turns.collect(),
        })
    }

    fn effect_lines(&self, set: &ChangeSet) -> Vec<EffectLine> {
        let segment_name = |id: &SegmentId| {
            self.segment(*id)
                .map_or_else(|| "a deleted segment".to_owned(), |def| def.name.clone())
        };
        let about = |what: String, part: Part, segment: Option<SegmentId>, count: u64| EffectLine {
            what,
            contacts: Some(part),
            segment,
            count,
        };
        let plain = |what: String| EffectLine {
            what,
            contacts: None,
            segment: None,
            count: 0,
        };
        let mut lines = Vec::new();
        let mut batches = Vec::new();
        for effect in &set.effects {
            match effect {
                Effect::Created(named) => {
                    let what = format!("{} created", contacts(named.len()));
                    lines.push(about(what, Part::Created, None, named.len()));
                }
                Effect::Deleted(named) => {
                    let what = format!("{} deleted", contacts(named.len()));
                    lines.push(about(what, Part::Deleted, None, named.len()));
                }
                Effect::Erased(named) => {
                    lines.push(plain(format!("{} erased permanently", contacts(named.len()))));
                }
                Effect::Cells {
                    field,
                    contacts: named,
                    ..
                } => {
                    let name = self
                        .field(*field)
                        .map_or_else(|| "A deleted field".to_owned(), |def| def.name.clone());
                    let what = format!("{name} of {} written", contacts(named.len()));
                    lines.push(about(what, Part::Written, None, named.len()));
                }
                Effect::Members {
                    segment,
                    added,
                    removed,
                } => {
                    for (moved, did, part) in [(added, "joined", Part::Joined), (removed, "left", Part::Left)]
                    {
                        if !moved.is_empty() {
                            let what = format!("{} {did} {}", contacts(moved.len()), segment_name(segment));
                            lines.push(about(what, part, Some(*segment), moved.len()));
                        }
                    }
                }
                Effect::Field(id, def) => lines.push(plain(match def {
                    Some(def) => format!("Field {} defined", def.name),
                    None => format!("Field {} deleted", id.0),
                })),
                Effect::Segment(id, def) => lines.push(EffectLine {
                    segment: Some(*id),
                    ..plain(match def {
                        Some(def) => format!("Segment {} defined", def.name),
                        None => format!("Segment {} deleted", segment_name(id)),
                    })
                }),
                Effect::Formula(id, _) => lines.push(EffectLine {
                    segment: Some(*id),
                    ..plain(format!("Formula of {} remembered", segment_name(id)))
                }),
                Effect::Filter(name, filter) => lines.push(plain(format!(
                    "Saved filter {name} {}",
                    if filter.is_some() { "saved" } else { "deleted" }
                ))),
                Effect::Mapping(name, mapping) => lines.push(plain(format!(
                    "Saved mapping {name} {}",
                    if mapping.is_some() { "saved" } else { "deleted" }
                ))),
                Effect::Settings(_) => lines.push(plain("Settings changed".to_owned())),
                Effect::Workflow(id, def) => lines.push(plain(match def {
                    Some(def) => format!("Workflow {} saved", def.name),
                    None => format!("Workflow {} deleted", self.workflow_name(*id)),
                })),
                Effect::Catalogue(products) => {
                    lines.push(plain(format!("Catalogue of {} products set", products.len())));
                }
                Effect::Events(batch) => batches.push(&**batch),
                Effect::Run(delta) => {
                    let name = self.workflow_name(WorkflowId(delta.workflow));
                    let entered: u64 = delta.nodes.iter().map(|node| node.entered).sum();
                    lines.push(plain(format!("{} steps in workflow {name}", grouped(entered))));
                }
                Effect::Reacted(_) => {}
                Effect::Stand {
                    change,
                    stands,
                    except,
                } => {
                    let turned = self
                        .journal
                        .get(*change)
                        .map_or("", |entry| entry.set.what.as_str());
                    let did = if *stands { "stands again" } else { "stands no more" };
                    let but = match except.len() {
                        0 => String::new(),
                        count => format!(", but for {}", contacts(count)),
                    };
                    lines.push(plain(format!("Change {change} ({turned}) {did}{but}")));
                }
            }
        }
        if !batches.is_empty() {
            lines.push(plain(happened(batches.into_iter(), &self.pages)));
        }
        lines
    }

    /// The contacts that a change set concerns in one way, living or not.
    pub(crate) fn changed_by(&self, change: ChangeId, part: Part) -> Result<RoaringBitmap, Refused> {
        // A baseline has the number of a change set that was forgotten.
        let entry = self
            .journal
            .get(change)
            .filter(|entry| entry.set.cause != Cause::Baseline);
        let entry = entry.ok_or(Refused::NoSuchChange)?;
        let mut found = RoaringBitmap::new();
        for effect in &entry.set.effects {
            match (effect, part) {
                (Effect::Created(named), Part::Created)
                | (Effect::Deleted(named), Part::Deleted)
                | (Effect::Cells { contacts: named, .. }, Part::Written)
                | (Effect::Members { added: named, .. }, Part::Joined)
                | (Effect::Members { removed: named, .. }, Part::Left) => found |= &named.0,
                _ => {}
            }
        }
        Ok(found)
    }

    /// Since when and by what some contacts are in a segment, in the order of their numbers: the latest standing change
    /// set that added each.
    pub(crate) fn memberships(&self, def: &SegmentDef, contacts: &RoaringBitmap) -> Vec<(u32, Membership)> {
        let mut remaining = match self.segments.get(&def.id) {
            Some(segment) => contacts & &*segment.members,
            None => RoaringBitmap::new(),
        };
        let mut found = Vec::with_capacity(remaining.len() as usize);
        for entry in self.journal.iter().rev() {
            if remaining.is_empty() {
                break;
            }
            for effect in &entry.set.effects {
                let Effect::Members { segment, added, .. } = effect else {
                    continue;
                };
                if *segment != def.id || added.is_disjoint(&remaining) {
                    continue;
                }
                let mine = entry.standing.of(&(&added.0 & &remaining)).into_owned();
                remaining -= &mine;
                found.extend(mine.iter().map(|contact| {
                    let membership = Membership {
                        segment: def.id,
                        name: def.name.clone(),
                        since: self.when_of(&entry.set, contact),
                        change: entry.set.id,
                        cause: label(&entry.set.cause),
                        line: self.line(&entry.set, ContactId(contact)),
                        event: self.event_of(&entry.set, contact),
                    };
                    (contact, membership)
                }));
            }
        }
        sort_by_key(&mut found, |(contact, _)| *contact);
        found
    }

    /// Members of a segment at evenly spaced moments from its making to now, when it was made, and last changed.
    pub(crate) fn growth(&self, segment: SegmentId, now: i64) -> (Vec<u64>, i64, i64) {
        let touches = |entry: &&Entry| {
            let mut effects = entry.set.effects.iter();
            entry.standing.stands && effects.any(|effect| touches_segment(effect, segment))
        };
        let moments = || self.journal.iter().filter(touches).map(|entry| entry.set.when());
        let now = self.clock(now);
        let created = moments().min().unwrap_or(now);
        let updated = moments().max().unwrap_or(now);
        let span = (now - created).max(1);
        let mut walk = Walk::new(self, segment);
        let points = (1..=GROWTH_POINTS).map(|point| {
            let until = created + span * point as i64 / GROWTH_POINTS as i64;
            walk.until(if point == GROWTH_POINTS { i64::MAX } else { until });
            walk.count()
        });
        (points.collect(), created, updated)
    }

    /// Imports, newest first.
    pub fn imports(&self) -> Vec<ImportEntry> {
        self.journal.iter().rev().filter_map(import_entry).collect()
    }

    /// One import.
    pub fn import(&self, change: ChangeId) -> Option<ImportEntry> {
        self.journal.get(change).and_then(import_entry)
    }
}

fn import_entry(entry: &Entry) -> Option<ImportEntry> {
    let Cause::Import(import) = entry.set.cause.actor() else {
        return None;
    };
    Some(ImportEntry {
        change: entry.set.id,
        at: entry.set.when(),
        file: import.file.clone(),
        options: import.options.clone(),
        segment: import.segment.clone(),
        account: import.account.clone(),
        rejected_rows: import.rejected_rows,
        undone: !entry.standing.stands,
    })
}

/// Whether an effect is about a segment.
fn touches_segment(effect: &Effect, segment: SegmentId) -> bool {
    match effect {
        Effect::Segment(id, _) | Effect::Formula(id, _) | Effect::Members { segment: id, .. } => {
            *id == segment
        }
        _ => false,
    }
}

/// How much a change set changed, in a scope.
fn counts(set: &ChangeSet, scope: Scope) -> Counts {
    let mut counts = Counts::default();
    let many = |named: &RoaringBitmap| match scope {
        Scope::Contact(contact) => u64::from(named.contains(contact.0)),
        _ => named.len(),
    };
    for effect in &set.effects {
        match effect {
            Effect::Members {
                segment,
                added,
                removed,
            } => {
                if matches!(scope, Scope::Segment(only) if only != *segment) {
                    continue;
                }
                counts.joined += many(added);
                counts.left += many(removed);
            }
            _ if matches!(scope, Scope::Segment(_)) => {}
            Effect::Created(named) => counts.created += many(named),
            Effect::Deleted(named) | Effect::Erased(named) => counts.deleted += many(named),
            Effect::Cells { contacts, .. } => counts.values += many(contacts),
            _ => {}
        }
    }
    counts
}

/// Who or what made a change set, as it is shown.
pub(crate) fn label(cause: &Cause) -> CauseLabel {
    match cause.actor() {
        Cause::Person | Cause::Merge(_) => CauseLabel::Person,
        Cause::Import(import) => CauseLabel::Import(import.file.clone()),
        Cause::Demo(_) => CauseLabel::Demo,
        Cause::Undo(change) => CauseLabel::Undo(*change),
        Cause::Redo(change) => CauseLabel::Redo(*change),
        Cause::SetOperation(_) => CauseLabel::SetOperation,
        Cause::Workflow(cause) => {
            CauseLabel::Workflow(cause.workflow, cause.name.clone(), cause.node_name.clone())
        }
        Cause::Simulation(_) => CauseLabel::Simulation,
        Cause::Events(cause) => CauseLabel::Events(cause.file.clone()),
        Cause::Fired => CauseLabel::Fired,
        Cause::Baseline => CauseLabel::Baseline,
    }
}
