//! Set algebra: how segments overlap, and segments made of others by formula, by share or by chance.

use crate::bits::Bits;
use crate::edit::{Act, contacts, grouped, nothing};
use crate::journal::{Cause, Effect};
use crate::refused::Refused;
use crate::sort::sort_by_key;
use crate::workspace::Workspace;
use model::{Group, SegmentDef, SegmentId};
use roaring::RoaringBitmap;

/// So many sets have their regions counted at most: 64 regions are as many as a picture can show.
pub const MAX_SETS: usize = 6;
/// A segment is split into so many parts at most.
pub const MAX_PARTS: usize = 100;
/// The shares of all parts together, in hundredths of a percent.
const WHOLE: u32 = 10_000;

/// Who would come and go by a *Refresh*, and how many would stay.
pub type Refreshed = (RoaringBitmap, RoaringBitmap, u64);

impl Workspace {
    /// For each two of some segments how many members they share, row by row: `n × n` numbers.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`].
    pub fn overlap(&self, segments: &[SegmentId]) -> Result<Vec<u64>, Refused> {
        let mut sets = Vec::with_capacity(segments.len());
        for segment in segments {
            self.segment(*segment).ok_or(Refused::NoSuchSegment)?;
            sets.push(self.members(*segment));
        }
        let count = sets.len();
        let mut shared = vec![0; count * count];
        for (row, one) in sets.iter().enumerate() {
            shared[row * count + row] = one.len();
            for (column, other) in sets.iter().enumerate().skip(row + 1) {
                let both = one.intersection_len(other);
                shared[row * count + column] = both;
                shared[column * count + row] = both;
            }
        }
        Ok(shared)
    }

    /// How many contacts are in exactly which of some sets: `2ⁿ` numbers, bit `i` of the place for set `i`.
    ///
    /// # Errors
    /// [`Refused::TooManySets`] for more than [`MAX_SETS`], and as [`Workspace::matching`].
    pub fn regions(&self, sets: &[Group], now: i64) -> Result<Vec<u64>, Refused> {
        if sets.len() > MAX_SETS {
            return Err(Refused::TooManySets);
        }
        let sets = sets
            .iter()
            .map(|set| self.found(set, now))
            .collect::<Result<Vec<_>, _>>()?;
        let mut counts = vec![0; 1 << sets.len()];
        divide(&self.alive, &sets, 0, &mut counts);
        Ok(counts)
    }

    /// The living contacts that a formula finds; the answer isn't kept.
    pub(crate) fn found(&self, formula: &Group, now: i64) -> Result<RoaringBitmap, Refused> {
        self.group(formula, now)
    }

    /// Prepares a segment of those that a formula finds; it remembers the formula.
    ///
    /// # Errors
    /// As [`Workspace::create_segment`].
    pub fn combine(&self, at: i64, def: &SegmentDef, formula: &Group) -> Result<(SegmentId, Act), Refused> {
        let id = self.next_segment();
        let name = self.free_segment_name(&def.name, None)?;
        let members = self.found(formula, at)?;
        let count = members.len();
        let what = format!("Combined {} into segment {name}", contacts(count));
        let def = SegmentDef {
            id,
            name,
            ..def.clone()
        };
        let mut effects = vec![
            Effect::Segment(id, Some(def)),
            Effect::Formula(id, Some(formula.clone())),
        ];
        effects.extend(joined(id, members));
        let cause = Cause::SetOperation(Some(formula.clone()));
        Ok((id, self.act_of(at, cause, what, effects, Vec::new(), (count, 0))))
    }

    /// Who would come to a segment and go from it, were its formula worked out anew, and how many would stay.
    ///
    /// # Errors
    /// [`Refused::NoFormula`] where it has none, [`Refused::NoSuchSegment`] where the formula names one that was deleted,
    /// and as [`Workspace::matching`].
    pub fn refreshed(&self, segment: SegmentId, now: i64) -> Result<Refreshed, Refused> {
        let def = self.segment(segment).ok_or(Refused::NoSuchSegment)?;
        let Some(formula) = self.formulas.get(&segment) else {
            return Err(Refused::NoFormula(def.name.clone()));
        };
        let wanted = self.found(formula, now)?;
        let members = self.members(segment);
        let stay = wanted.intersection_len(&members);
        Ok((&wanted - &members, members - wanted, stay))
    }

    /// Prepares the *Refresh* of segments with a formula, each worked out on the members that the others have now.
    ///
    /// # Errors
    /// [`Refused::BrokenFormula`] where one can't be worked out; then none is.
    pub fn refresh(&self, at: i64, segments: &[SegmentId]) -> Result<Act, Refused> {
        let (mut come, mut go) = (0, 0);
        let mut effects = Vec::new();
        let mut names = Vec::new();
        for segment in segments {
            let name = self.segment(*segment).ok_or(Refused::NoSuchSegment)?.name.clone();
            let (added, removed, _) = self
                .refreshed(*segment, at)
                .map_err(|why| Refused::BrokenFormula(name.clone(), Box::new(why)))?;
            if added.is_empty() && removed.is_empty() {
                continue;
            }
            come += added.len();
            go += removed.len();
            names.push(name);
            effects.push(Effect::Members {
                segment: *segment,
                added: Bits(added),
                removed: Bits(removed),
            });
        }
        let subject = match names.as_slice() {
            [] => return Ok(nothing("Nothing changed: they are up to date", 0)),
            [name] => format!("segment {name}"),
            many => format!("{} segments", many.len()),
        };
        let what = format!(
            "Refreshed {subject}: {} came, {} went",
            grouped(come),
            grouped(go)
        );
        let formula = match segments {
            [segment] => self.formulas.get(segment).cloned(),
            _ => None,
        };
        let cause = Cause::SetOperation(formula);
        Ok(self.act_of(at, cause, what, effects, Vec::new(), (come + go, 0)))
    }

    /// Prepares new segments that divide the contacts of a formula: part `i` gets `shares[i]` hundredths of a percent of
    /// them; what is left by rounding goes, one each, to the largest remainders.
    ///
    /// # Errors
    /// [`Refused::BadShares`] where the shares don't add up, and as [`Workspace::create_segment`].
    pub fn split(
        &self,
        at: i64,
        source: &Group,
        parts: &[(String, u32)],
        seed: u64,
    ) -> Result<(Vec<SegmentId>, Act), Refused> {
        let total = parts
            .iter()
            .fold(0u32, |total, (_, share)| total.saturating_add(*share));
        if parts.len() < 2 || parts.len() > MAX_PARTS || total != WHOLE {
            return Err(Refused::BadShares(total));
        }
        let drawn = drawn(&self.found(source, at)?, seed);
        let sizes = sizes(drawn.len(), parts);
        let (mut ids, mut effects, mut from) = (Vec::new(), Vec::new(), 0);
        let mut taken: Vec<String> = Vec::new();
        for ((name, _), size) in parts.iter().zip(sizes) {
            let id = SegmentId(self.next_segment().0 + ids.len() as u32);
            let name = self.free_segment_name(name, None)?;
            if taken.contains(&name.to_lowercase()) {
                return Err(Refused::NameTaken(name));
            }
            taken.push(name.to_lowercase());
            effects.push(segment_effect(id, name));
            let part: RoaringBitmap = drawn[from..from + size].iter().copied().collect();
            effects.extend(joined(id, part));
            from += size;
            ids.push(id);
        }
        let what = format!(
            "Split {} into {} segments",
            contacts(drawn.len() as u64),
            ids.len()
        );
        let cause = Cause::SetOperation(Some(source.clone()));
        let counts = (drawn.len() as u64, 0);
        Ok((ids, self.act_of(at, cause, what, effects, Vec::new(), counts)))
    }

    /// Prepares a segment of contacts drawn at random from those of a formula.
    ///
    /// # Errors
    /// [`Refused::BadSample`] where there are not so many, or none is asked for, and as [`Workspace::create_segment`].
    pub fn sample(
        &self,
        at: i64,
        source: &Group,
        name: &str,
        count: u64,
        seed: u64,
    ) -> Result<(SegmentId, Act), Refused> {
        let all = self.found(source, at)?;
        if count == 0 || count > all.len() {
            return Err(Refused::BadSample(all.len()));
        }
        let id = self.next_segment();
        let name = self.free_segment_name(name, None)?;
        let what = format!(
            "Drew {} of {} into segment {name}",
            grouped(count),
            contacts(all.len())
        );
        let drawn: RoaringBitmap = drawn(&all, seed).into_iter().take(count as usize).collect();
        let mut effects = vec![segment_effect(id, name)];
        effects.extend(joined(id, drawn));
        let cause = Cause::SetOperation(Some(source.clone()));
        Ok((id, self.act_of(at, cause, what, effects, Vec::new(), (count, 0))))
    }

    /// The formula of a segment.
    pub fn formula(&self, segment: SegmentId) -> Option<&Group> {
        self.formulas.get(&segment)
    }
}

/// Counts the part of some contacts in each region of the sets from `at` on.
fn divide(part: &RoaringBitmap, sets: &[RoaringBitmap], region: usize, counts: &mut [u64]) {
    let Some((set, before)) = sets.split_last() else {
        counts[region] = part.len();
        return;
    };
    let at = before.len();
    if part.is_empty() {
        return;
    }
    let inside = part & set;
    let outside = part - set;
    divide(&inside, before, region | (1 << at), counts);
    divide(&outside, before, region, counts);
}

/// Contacts in an order that a seed decides and nothing else: by a mix of the seed and their number.
///
/// The mix is SplitMix64 (Steele, Lea, Flood, *Fast Splittable Pseudorandom Number Generators*, 2014), which gives no two
/// contacts the same place.
fn drawn(contacts: &RoaringBitmap, seed: u64) -> Vec<u32> {
    let mix = |contact: u32| {
        let mut z = seed ^ u64::from(contact).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let mut drawn: Vec<(u64, u32)> = contacts.iter().map(|contact| (mix(contact), contact)).collect();
    drawn.sort_unstable();
    drawn.into_iter().map(|(_, contact)| contact).collect()
}

/// How many of `count` each part gets by its share.
fn sizes(count: usize, parts: &[(String, u32)]) -> Vec<usize> {
    let exact = |share: u32| count as u64 * u64::from(share);
    let mut sizes: Vec<usize> = parts
        .iter()
        .map(|(_, share)| (exact(*share) / u64::from(WHOLE)) as usize)
        .collect();
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    sort_by_key(&mut by_remainder, |at| {
        std::cmp::Reverse(exact(parts[*at].1) % u64::from(WHOLE))
    });
    let left = count - sizes.iter().sum::<usize>();
    by_remainder.iter().take(left).for_each(|at| sizes[*at] += 1);
    sizes
}

/// The effect that makes a segment with a name and nothing else.
fn segment_effect(id: SegmentId, name: String) -> Effect {
    let def = SegmentDef::named(name);
    Effect::Segment(id, Some(SegmentDef { id, ..def }))
}

/// The effect that fills a new segment; none where nobody comes.
pub(crate) fn joined(segment: SegmentId, members: RoaringBitmap) -> Option<Effect> {
    (!members.is_empty()).then(|| Effect::Members {
        segment,
        added: Bits(members),
        removed: Bits::default(),
    })
}
