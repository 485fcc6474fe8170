//! The past: who was in a segment at any moment, and who came and went since.
//!
//! *As of t* is what the effects up to `t` added up to then: undos that came later have not happened yet.

use crate::bits::Bits;
use crate::journal::{Cause, ChangeSet, Effect, Entry, Standing};
use crate::refused::Refused;
use crate::sort::sort_by_key;
use crate::workspace::Workspace;
use litemap::LiteMap;
use model::analytics::{AsOf, Comparison, Counted};
use model::{ChangeId, SegmentId};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

/// A walk through the journal in the order in which things happened, with the living members of one segment.
pub(crate) struct Walk<'a> {
    segment: SegmentId,
    pieces: Vec<Piece<'a>>,
    next: usize,
    /// The change sets that did not stand for everybody when they were last passed; others do.
    turned: FxHashMap<ChangeId, Standing>,
    /// Everybody that the segment holds, the dead included.
    members: RoaringBitmap,
    alive: RoaringBitmap,
}

/// A change set, or what a workflow did within it on one day: each of its contacts has a moment of her own.
#[derive(Clone)]
struct Piece<'a> {
    entry: &'a Entry,
    when: i64,
    /// The contacts of that day; all where there is one day only.
    part: Option<RoaringBitmap>,
}

impl Piece<'_> {
    /// Whether it happened by the clock on the wall: an undo, or an act of a person.
    fn is_by_hand(&self) -> bool {
        matches!(
            self.entry.set.cause,
            Cause::Undo(_)
                | Cause::Redo(_)
                | Cause::Person
                | Cause::Import(_)
                | Cause::SetOperation(_)
                | Cause::Merge(_)
        )
    }

    /// Whether what is done by hand is about what an earlier change set did, so that it can't have happened before it.
    fn is_about(&self, earlier: &Piece<'_>, segment: SegmentId) -> bool {
        let set = &self.entry.set;
        if earlier.entry.set.is_stand() {
            return true;
        }
        if set.is_stand() {
            return set.turned().any(|turned| turned == earlier.entry.set.id);
        }
        let theirs = earlier.of(&earlier.moved(segment));
        !self.moved(segment).is_disjoint(&theirs)
    }

    /// Whom the change set adds to a segment or removes from it.
    fn moved(&self, segment: SegmentId) -> RoaringBitmap {
        let effects = self.entry.set.effects.iter();
        effects.fold(RoaringBitmap::new(), |all, effect| match effect {
            Effect::Members {
                segment: id,
                added,
                removed,
            } if *id == segment => all | &added.0 | &removed.0,
            _ => all,
        })
    }

    fn of(&self, contacts: &RoaringBitmap) -> RoaringBitmap {
        match &self.part {
            Some(part) => part & contacts,
            None => contacts.clone(),
        }
    }
}

/// Who came and went with one change set.
pub(crate) struct Step<'a> {
    pub set: &'a ChangeSet,
    /// When they did, in milliseconds since 1970.
    pub when: i64,
    pub came: RoaringBitmap,
    pub went: RoaringBitmap,
}

impl<'a> Walk<'a> {
    /// A walk that begins before the first change set.
    pub fn new(workspace: &'a Workspace, segment: SegmentId) -> Self {
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        let mut latest = i64::MIN;
        for entry in workspace.journal.iter() {
            let first = pieces.len();
            workspace.pieces(entry, segment, &mut pieces);
            let (before, own) = pieces.split_at_mut(first);
            for piece in own {
                // A simulation runs ahead of the wall clock: what is then done about its effects comes after them.
                if latest > piece.when && piece.is_by_hand() {
                    let ahead = before.iter().filter(|before| before.when > piece.when);
                    let about = ahead.filter(|before| piece.is_about(before, segment));
                    piece.when = about.map(|before| before.when).fold(piece.when, i64::max);
                }
                latest = latest.max(piece.when);
            }
        }
        // What was replayed or imported as having happened earlier stands where it happened.
        sort_by_key(&mut pieces, |piece| piece.when);
        Walk {
            segment,
            pieces,
            next: 0,
            turned: FxHashMap::default(),
            members: RoaringBitmap::new(),
            alive: RoaringBitmap::new(),
        }
    }

    /// The living members at the point the walk has come to.
    pub fn members(&self) -> RoaringBitmap {
        &self.members & &self.alive
    }

    /// How many living members there are at the point the walk has come to.
    pub fn count(&self) -> u64 {
        self.members.intersection_len(&self.alive)
    }

    /// Goes on over everything that happened up to a moment.
    pub fn until(&mut self, moment: i64) {
        while self.step(moment, false).is_some() {}
    }

    /// Goes on over the next change set if it happened up to a moment; with `told` says who came and went.
    pub fn step(&mut self, moment: i64, told: bool) -> Option<Step<'a>> {
        if self.pieces.get(self.next)?.when > moment {
            return None;
        }
        let piece = self.pieces.get(self.next)?.clone();
        self.next += 1;
        let set = &piece.entry.set;
        let (mut came, mut went) = (RoaringBitmap::new(), RoaringBitmap::new());
        let mut move_on = |new: RoaringBitmap, gone: RoaringBitmap| {
            // Who comes and goes within one change set did neither.
            let back = &new & &went;
            went -= &back;
            came |= new - back;
            let back = &gone & &came;
            came -= &back;
            went |= gone - back;
        };
        for effect in &set.effects {
            match effect {
                Effect::Created(created) => {
                    if told {
                        let new = &created.0 & &self.members;
                        move_on(new - &self.alive, RoaringBitmap::new());
                    }
                    self.alive |= &created.0;
                }
                Effect::Deleted(deleted) | Effect::Erased(deleted) => {
                    if told {
                        move_on(RoaringBitmap::new(), &(&deleted.0 & &self.members) & &self.alive);
                    }
                    self.alive -= &deleted.0;
                }
                Effect::Members {
                    segment,
                    added,
                    removed,
                } if *segment == self.segment => {
                    let (added, removed) = (piece.of(&added.0), piece.of(&removed.0));
                    if told {
                        let new = (&added - &self.members) & &self.alive;
                        let gone = (&removed & &self.members) & &self.alive;
                        move_on(new, gone);
                    }
                    self.members |= added;
                    self.members -= removed;
                }
                Effect::Stand {
                    change,
                    stands,
                    except,
                } => {
                    let before = told.then(|| self.members());
                    self.turn(*change, *stands, except);
                    if let Some(before) = before {
                        let after = self.members();
                        move_on(&after - &before, before - after);
                    }
                }
                _ => {}
            }
        }
        Some(Step {
            set,
            when: piece.when,
            came,
            went,
        })
    }

    fn standing(&self, change: ChangeId) -> Standing {
        let turned = self.turned.get(&change).cloned();
        turned.unwrap_or_else(Standing::everybody)
    }

    /// Turns a change set that was passed, and works out anew what it touched.
    fn turn(&mut self, change: ChangeId, stands: bool, except: &Bits) {
        let mut passed = self.pieces.iter().take(self.next);
        let Some(entry) = passed
            .find(|piece| piece.entry.set.id == change)
            .map(|piece| piece.entry)
        else {
            return;
        };
        if entry.set.cause == Cause::Baseline {
            return;
        }
        let mut touched = RoaringBitmap::new();
        let mut moved = RoaringBitmap::new();
        for effect in &entry.set.effects {
            match effect {
                Effect::Created(named) | Effect::Deleted(named) | Effect::Cells { contacts: named, .. } => {
                    touched |= &named.0;
                }
                Effect::Members {
                    segment,
                    added,
                    removed,
                } if *segment == self.segment => moved |= &added.0 | &removed.0,
                _ => {}
            }
        }
        let turned = self.standing(change).turned(stands, except);
        self.turned.insert(change, turned);
        if !touched.is_empty() {
            let alive = self.living(&touched);
            self.alive -= touched;
            self.alive |= alive;
        }
        if !moved.is_empty() {
            let members = self.held(&moved);
            self.members -= moved;
            self.members |= members;
        }
    }

    /// The part of some contacts for whom a change set stands.
    fn of(&self, set: &ChangeSet, contacts: RoaringBitmap) -> RoaringBitmap {
        match self.turned.get(&set.id) {
            Some(standing) => standing.of(&contacts).into_owned(),
            None => contacts,
        }
    }

    /// Which of some contacts live by what was passed; the rules are those of an undo.
    fn living(&self, contacts: &RoaringBitmap) -> RoaringBitmap {
        let (mut alive, mut undone) = (RoaringBitmap::new(), RoaringBitmap::new());
        for Piece { entry, .. } in self.pieces.iter().take(self.next) {
            let set = &entry.set;
            for effect in &set.effects {
                match effect {
                    Effect::Created(created) => {
                        let mine = &created.0 & contacts;
                        let stands = self.of(set, mine.clone());
                        undone |= mine - &stands;
                        alive |= stands;
                    }
                    Effect::Deleted(deleted) => {
                        let gone = self.of(set, &deleted.0 & contacts);
                        alive -= &gone;
                        undone -= gone;
                    }
                    Effect::Erased(erased) => {
                        alive -= &erased.0;
                        undone -= &erased.0;
                    }
                    Effect::Cells {
                        contacts: written, ..
                    } if set.keeps_contacts() && !undone.is_empty() => {
                        let kept = self.of(set, &written.0 & &undone);
                        undone -= &kept;
                        alive |= kept;
                    }
                    _ => {}
                }
            }
        }
        alive
    }

    /// Which of some contacts the segment holds by what was passed.
    fn held(&self, contacts: &RoaringBitmap) -> RoaringBitmap {
        let mut members = RoaringBitmap::new();
        for piece in self.pieces.iter().take(self.next) {
            let set = &piece.entry.set;
            for effect in &set.effects {
                if let Effect::Members {
                    segment,
                    added,
                    removed,
                } = effect
                    && *segment == self.segment
                {
                    members |= self.of(set, piece.of(&added.0) & contacts);
                    members -= self.of(set, piece.of(&removed.0) & contacts);
                }
            }
        }
        members
    }
}

impl Workspace {
    /// The pieces of a change set as a walk along a segment passes them.
    fn pieces<'a>(&self, entry: &'a Entry, segment: SegmentId, pieces: &mut Vec<Piece<'a>>) {
        let whole = |when| Piece {
            entry,
            when,
            part: None,
        };
        let cause = match entry.set.cause.actor() {
            // Whoever an import of events made was there when the first of them happened.
            Cause::Events(cause) => return pieces.push(whole(cause.report.from.min(entry.set.at))),
            Cause::Workflow(cause) => cause,
            _ => return pieces.push(whole(entry.set.when())),
        };
        let moves = |effect: &Effect| matches!(effect, Effect::Members { segment: id, .. } if *id == segment);
        let mut days: LiteMap<i64, (i64, RoaringBitmap)> = LiteMap::new();
        if entry.set.effects.iter().any(moves) {
            for (_, part, page) in cause.whens.groups(&cause.contacts, &self.pages) {
                for (rank, contact) in part.iter().enumerate() {
                    let when = page.number(rank);
                    let (last, contacts) = days.entry(self.zone.day(when)).or_default();
                    *last = when.max(*last);
                    contacts.insert(contact);
                }
            }
        }
        if days.len() < 2 {
            return pieces.push(whole(entry.set.when()));
        }
        pieces.extend(days.into_iter().map(|(_, (when, part))| Piece {
            entry,
            when,
            part: Some(part),
        }));
    }

    /// The members of a segment at a moment, those deleted since included.
    pub fn members_at(&self, segment: SegmentId, moment: i64) -> RoaringBitmap {
        let mut walk = Walk::new(self, segment);
        walk.until(moment);
        walk.members()
    }

    /// Refuses a moment whose history was forgotten.
    pub(crate) fn refuse_forgotten(&self, moment: i64) -> Result<(), Refused> {
        let first = self.journal.iter().next();
        match first.is_some_and(|entry| entry.set.cause == Cause::Baseline && entry.set.when() > moment) {
            true => Err(Refused::Forgotten),
            false => Ok(()),
        }
    }

    /// When a segment was made, in milliseconds since 1970.
    pub(crate) fn created_at(&self, segment: SegmentId) -> i64 {
        let makes = |entry: &&Entry| {
            let mut effects = entry.set.effects.iter();
            effects.any(|effect| matches!(effect, Effect::Segment(id, Some(_)) if *id == segment))
        };
        self.journal
            .iter()
            .find(makes)
            .map_or(i64::MIN, |entry| entry.set.when())
    }

    fn counted(&self, contacts: &RoaringBitmap) -> Counted {
        Counted {
            all: contacts.len(),
            living: contacts.intersection_len(&self.alive),
        }
    }

    /// A segment at a moment.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`].
    pub fn as_of(&self, segment: SegmentId, moment: i64) -> Result<AsOf, Refused> {
        self.segment(segment).ok_or(Refused::NoSuchSegment)?;
        self.refuse_forgotten(moment)?;
        Ok(self.told_of(segment, moment, &self.members_at(segment, moment)))
    }

    fn told_of(&self, segment: SegmentId, at: i64, members: &RoaringBitmap) -> AsOf {
        let Counted { all, living } = self.counted(members);
        AsOf {
            at,
            members: all,
            living,
            created: self.created_at(segment),
        }
    }

    /// How a segment differs between two moments, whichever is the earlier one.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`].
    pub fn compare(&self, segment: SegmentId, one: i64, other: i64) -> Result<Comparison, Refused> {
        self.segment(segment).ok_or(Refused::NoSuchSegment)?;
        let (from, to) = (one.min(other), one.max(other));
        self.refuse_forgotten(from)?;
        let mut walk = Walk::new(self, segment);
        walk.until(from);
        let before = walk.members();
        walk.until(to);
        let after = walk.members();
        Ok(Comparison {
            came: self.counted(&(&after - &before)),
            went: self.counted(&(&before - &after)),
            stayed: self.counted(&(&before & &after)),
            from: self.told_of(segment, from, &before),
            to: self.told_of(segment, to, &after),
        })
    }
}
