//! Analytics of a segment: over time, by cause, by any field, by how its members can be reached.

use crate::column::{Column, NONE};
use crate::history::label;
use crate::past::Walk;
use crate::refused::Refused;
use crate::sort::{sort_by, sort_by_key};
use crate::value::{date, decimal};
use crate::view::option_names;
use crate::workspace::Workspace;
use litemap::LiteMap;
use model::analytics::{Analytics, Bin, Composition, Flow, Point, Reach};
use model::field::{EMAIL, MOBILE_PHONE, NEWSLETTER_STATUS};
use model::history::CauseKind;
use model::{FieldDef, FieldId, FieldType, SegmentId};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

/// So many moments of a segment's growth are given at most.
const POINTS: i64 = 120;
/// So many days are shown one by one; longer histories by week, then by four weeks.
const DAYS: i64 = 120;
/// So many frequent values are given.
const TOP: usize = 12;
/// So many intervals numbers and dates fall into, about.
const BINS: i64 = 12;

impl Workspace {
    /// A segment over time, and who its members are.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`].
    pub fn analytics(&self, segment: SegmentId, now: i64) -> Result<Analytics, Refused> {
        self.segment(segment).ok_or(Refused::NoSuchSegment)?;
        let members = self.members(segment);
        let created = self.created_at(segment).min(now);
        let (growth, mut flow) = self.over_time(segment, created, now);
        let stretch = stretch(&flow);
        gather(&mut flow, stretch);
        let mut overlap: Vec<(SegmentId, u64)> = self
            .segments()
            .filter(|def| def.id != segment)
            .map(|def| (def.id, members.intersection_len(&self.members(def.id))))
            .filter(|(_, shared)| *shared > 0)
            .collect();
        sort_by_key(&mut overlap, |(id, shared)| (std::cmp::Reverse(*shared), *id));
        Ok(Analytics {
            members: members.len(),
            created,
            growth,
            flow,
            stretch: stretch as u32,
            reach: self.reach(&members),
            overlap,
        })
    }

    /// How many members there were at moments, and who came and went day by day.
    fn over_time(&self, segment: SegmentId, created: i64, now: i64) -> (Vec<Point>, Vec<Flow>) {
        let span = (now - created).max(1);
        // A moment for each of the last marks that were passed; a segment made today still shows how it grew.
        let mark = |at: i64| (at - created).max(0) * POINTS / span;
        let mut walk = Walk::new(self, segment);
        let (mut growth, mut flow): (Vec<Point>, Vec<Flow>) = (Vec::new(), Vec::new());
        while let Some(step) = walk.step(i64::MAX, true) {
            let (came, went) = (step.came.len(), step.went.len());
            if came == 0 && went == 0 {
                continue;
            }
            let (at, kind) = (step.when, label(&step.set.cause).kind());
            let point = Point {
                at,
                members: walk.count(),
            };
            match growth.last_mut() {
                Some(last) if mark(last.at) == mark(at) => *last = point,
                _ => growth.push(point),
            }
            let day = self.zone.day(at);
            if flow.last().is_none_or(|last| last.day != day) {
                flow.push(Flow {
                    day,
                    entries: Vec::new(),
                    exits: Vec::new(),
                });
            }
            if let Some(last) = flow.last_mut() {
                add(&mut last.entries, kind, came);
                add(&mut last.exits, kind, went);
            }
        }
        if growth.first().is_none_or(|first| first.at > created) {
            growth.insert(
                0,
                Point {
                    at: created,
                    members: 0,
                },
            );
        }
        if let Some(last) = growth.last().copied().filter(|last| last.at < now) {
            growth.push(Point { at: now, ..last });
        }
        (growth, flow)
    }

    fn reach(&self, members: &RoaringBitmap) -> Reach {
        let with = |field| self.values_of(field).filled().intersection_len(members);
        let status = self.values_of(NEWSLETTER_STATUS);
        let mut subscribed = RoaringBitmap::new();
        for group in 0..status.groups() {
            status.filter_text(group, &mut subscribed, &mut |text| text == b"subscribed");
        }
        Reach {
            subscribed: subscribed.intersection_len(members),
            email: with(EMAIL),
            phone: with(MOBILE_PHONE),
        }
    }

    /// The members of a segment by their values of a field.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`] and [`Refused::NoSuchField`].
    pub fn composition(&self, segment: SegmentId, field: FieldId) -> Result<Composition, Refused> {
        self.segment(segment).ok_or(Refused::NoSuchSegment)?;
        let def = self.field(field).ok_or(Refused::NoSuchField)?;
        let members = self.members(segment);
        let column = self.values_of(field);
        let filled = column.filled().intersection_len(&members);
        let mut composition = if column.is_number() {
            self.of_numbers(def, &column, &members)
        } else {
            of_texts(def, &column, &members)
        };
        composition.filled = filled;
        composition.empty = members.len() - filled;
        Ok(composition)
    }

    fn of_numbers(&self, def: &FieldDef, column: &Column, members: &RoaringBitmap) -> Composition {
        let date = matches!(def.kind, FieldType::Day | FieldType::Instant);
        let mut counts: FxHashMap<i64, u64> = FxHashMap::default();
        for contact in members {
            let number = match column.number(contact) {
                NONE => continue,
                // Moments are told by their day, as people mean them.
                number if def.kind == FieldType::Instant => self.zone.day(number),
                number => number,
            };
            *counts.entry(number).or_default() += 1;
        }
        let print = |number: i64| {
            let mut text = String::new();
            match def.kind {
                _ if date => date::print_day(number, None, &mut text),
                FieldType::Boolean => text.push_str(if number == 0 { "No" } else { "Yes" }),
                FieldType::Decimal => {
                    decimal::print_decimal(number, model::import::DecimalMark::Point, &mut text)
                }
                _ => decimal::print_integer(number, &mut text),
            }
            text
        };
        let bins = match def.kind {
            FieldType::Boolean => Vec::new(),
            _ if date => day_bins(&counts),
            _ => number_bins(&counts, def.kind == FieldType::Decimal),
        };
        let rank = |number: &i64| match def.kind {
            FieldType::Decimal => decimal::key(*number),
            _ => i128::from(*number),
        };
        let mut values: Vec<(i64, u64)> = counts.into_iter().collect();
        sort_by_key(&mut values, |(number, count)| {
            (std::cmp::Reverse(*count), rank(number))
        });
        let (top, rest) = values.split_at(values.len().min(TOP));
        Composition {
            top: top
                .iter()
                .map(|(number, count)| (print(*number), *count))
                .collect(),
            other_values: rest.len() as u64,
            others: rest.iter().map(|(_, count)| count).sum(),
            bins,
            ..Composition::default()
        }
    }
}

fn of_texts(def: &FieldDef, column: &Column, members: &RoaringBitmap) -> Composition {
    let mut counts: FxHashMap<&[u8], u64> = FxHashMap::default();
    let many = def.kind == FieldType::Checkbox;
    for contact in members {
        let text = column.text(contact);
        if text.is_empty() {
            continue;
        }
        if many {
            for option in text.split(|byte| *byte == b'|') {
                *counts.entry(option).or_default() += 1;
            }
        } else {
            *counts.entry(text).or_default() += 1;
        }
    }
    let mut values: Vec<(&[u8], u64)> = counts.into_iter().collect();
    let order = |one: &(&[u8], u64), other: &(&[u8], u64)| other.1.cmp(&one.1).then(one.0.cmp(other.0));
    let rest = if values.len() > TOP {
        // A million different emails need no sorting to find the most frequent ones.
        values.select_nth_unstable_by(TOP, order);
        values.split_off(TOP)
    } else {
        Vec::new()
    };
    sort_by(&mut values, order);
    let name = |text: &[u8]| option_names(def, String::from_utf8_lossy(text).into_owned());
    Composition {
        top: values.iter().map(|(text, count)| (name(text), *count)).collect(),
        other_values: rest.len() as u64,
        others: rest.iter().map(|(_, count)| count).sum(),
        ..Composition::default()
    }
}

fn add(counts: &mut Vec<(CauseKind, u64)>, kind: CauseKind, count: u64) {
    if count == 0 {
        return;
    }
    match counts.iter_mut().find(|(known, _)| *known == kind) {
        Some((_, known)) => *known += count,
        None => {
            counts.push((kind, count));
            sort_by_key(counts, |(kind, _)| *kind);
        }
    }
}

/// How many days one stretch is long.
fn stretch(flow: &[Flow]) -> i64 {
    let first = flow.first().map_or(0, |first| first.day);
    let days = flow.last().map_or(0, |last| last.day - first);
    match days {
        days if days <= DAYS => 1,
        days if days <= DAYS * 7 => 7,
        _ => 28,
    }
}

/// Puts days together into stretches, which begin on Mondays.
fn gather(flow: &mut Vec<Flow>, stretch: i64) {
    // Day 0 was a Thursday.
    let first = |day: i64| day - (day + 3).rem_euclid(stretch);
    let mut gathered: Vec<Flow> = Vec::new();
    for one in flow.drain(..) {
        let day = if stretch == 1 { one.day } else { first(one.day) };
        match gathered.last_mut().filter(|last| last.day == day) {
            None => gathered.push(Flow { day, ..one }),
            Some(last) => {
                one.entries
                    .iter()
                    .for_each(|(kind, count)| add(&mut last.entries, *kind, *count));
                one.exits
                    .iter()
                    .for_each(|(kind, count)| add(&mut last.exits, *kind, *count));
            }
        }
    }
    *flow = gathered;
}

/// The least of 1, 2 or 5 times a power of ten that is not below a number.
fn nice(least: i128) -> i128 {
    let mut power = 1;
    loop {
        for step in [1, 2, 5] {
            if step * power >= least {
                return step * power;
            }
        }
        power *= 10;
    }
}

/// Intervals of numbers, each as wide as a round number.
fn number_bins(counts: &FxHashMap<i64, u64>, decimals: bool) -> Vec<Bin> {
    let key = |number: i64| {
        if decimals {
            decimal::key(number)
        } else {
            i128::from(number)
        }
    };
    let (Some(low), Some(high)) = (
        counts.keys().map(|number| key(*number)).min(),
        counts.keys().map(|number| key(*number)).max(),
    ) else {
        return Vec::new();
    };
    let width = nice(((high - low) / i128::from(BINS)).max(1));
    let first = low.div_euclid(width);
    let many = (high.div_euclid(width) - first + 1) as usize;
    let mut bins = vec![0u64; many];
    for (number, count) in counts {
        bins[(key(*number).div_euclid(width) - first) as usize] += count;
    }
    let print = |at: i128| {
        let mut text = String::new();
        match decimals {
            true => match decimal::from_key(at) {
                Some(packed) => decimal::print_decimal(packed, model::import::DecimalMark::Point, &mut text),
                None => text.push('…'),
            },
            false => decimal::print_integer(i64::try_from(at).unwrap_or(i64::MAX), &mut text),
        }
        text
    };
    let bins = bins.into_iter().enumerate().map(|(at, count)| {
        let from = (first + at as i128) * width;
        Bin {
            from: print(from),
            to: print(from + width),
            count,
        }
    });
    bins.collect()
}

/// Intervals of days: days, months, years, or several years.
fn day_bins(counts: &FxHashMap<i64, u64>) -> Vec<Bin> {
    let (Some(low), Some(high)) = (counts.keys().min(), counts.keys().max()) else {
        return Vec::new();
    };
    let days = high - low;
    let part = |day: i64| {
        date::date_of(day).map_or((1970, 1), |(year, month, _)| (i64::from(year), i64::from(month)))
    };
    // Months since the year 0, in steps; none where days are shown one by one.
    let step = match days {
        days if days <= 31 => None,
        days if days <= 31 * 24 => Some(1),
        days => Some(nice(i128::from((days / 366 / BINS).max(1))) as i64 * 12),
    };
    let place = |day: i64| match step {
        None => day,
        Some(step) => {
            let (year, month) = part(day);
            (year * 12 + month - 1).div_euclid(step)
        }
    };
    let start = |place: i64| match step {
        None => place,
        Some(step) => {
            let months = place * step;
            date::day_of(months.div_euclid(12), months.rem_euclid(12) + 1, 1).unwrap_or(0)
        }
    };
    let (first, last) = (place(*low), place(*high));
    let mut bins: LiteMap<i64, u64> = (first..=last).map(|place| (place, 0)).collect();
    for (day, count) in counts {
        *bins.entry(place(*day)).or_default() += count;
    }
    let print = |day: i64| {
        let mut text = String::new();
        date::print_day(day, None, &mut text);
        text
    };
    let bins = bins.iter().map(|(place, count)| Bin {
        from: print(start(*place)),
        to: print(start(*place + 1)),
        count: *count,
    });
    bins.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_round() {
        for (least, width) in [(1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (51, 100)] {
            assert_eq!(nice(least), width);
        }
    }

    #[test]
    fn numbers_fall_into_round_intervals_and_none_is_lost() {
        let counts: FxHashMap<i64, u64> = [(-7, 1), (0, 2), (95, 3)].into_iter().collect();
        let bins = number_bins(&counts, false);
        assert_eq!((bins[0].from.as_str(), bins[0].to.as_str()), ("-10", "0"));
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), 6);
        assert_eq!(bins.last().map(|bin| bin.count), Some(3));
    }

    #[test]
    fn dates_fall_into_days_months_or_years() {
        let bins = |days: &[i64]| day_bins(&days.iter().map(|day| (*day, 1)).collect());
        let of = |bin: &Bin| format!("{} {}", bin.from, bin.to);
        assert_eq!(of(&bins(&[0, 3])[1]), "1970-01-02 1970-01-03");
        assert_eq!(of(&bins(&[0, 100])[1]), "1970-02-01 1970-03-01");
        assert_eq!(of(&bins(&[0, 9000])[0]), "1970-01-01 1972-01-01");
        assert!(bins(&[]).is_empty());
    }

    #[test]
    fn long_histories_are_told_by_stretches_that_begin_on_mondays() {
        let day = |day, count| Flow {
            day,
            entries: vec![(CauseKind::Person, count)],
            exits: Vec::new(),
        };
        // 1970-01-05 was a Monday.
        let mut flow = vec![day(4, 1), day(10, 2), day(11, 4)];
        gather(&mut flow, 7);
        let told: Vec<(i64, u64)> = flow.iter().map(|one| (one.day, one.entries[0].1)).collect();
        assert_eq!(told, [(4, 3), (11, 4)]);
    }
}
