//! The rows of the table that the page holds: some pages around what is seen, and what is still to be asked for.

use litemap::LiteMap;
use model::FieldId;
use model::message::{Row, Rows};
use std::ops::Range;

/// Rows are asked for and kept in pages of so many.
const PAGE: u64 = 64;
/// At most so many rows are asked for at once.
const MOST: u64 = 8 * PAGE;
/// Pages farther than this from what is seen are let go.
const REACH: u64 = 24;

/// What rows were asked of: each change of query or columns begins a new view.
pub type View = u64;

#[derive(Clone, Debug)]
struct Page {
    rows: Vec<Row>,
    /// The state of the data it was read from.
    version: u64,
}

/// The rows that the page holds.
///
/// Rows of an older state, or of the view before, stay until newer ones are there: nothing is ever blank for long.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// The view and columns of the pages held.
    view: View,
    columns: Vec<FieldId>,
    pages: LiteMap<u64, Page>,
    /// How many contacts the query finds, and how many there are; none before the first answer.
    totals: Option<(u64, u64)>,
}

impl Cache {
    /// How many contacts the query finds; none before the first answer.
    pub fn total(&self) -> Option<u64> {
        self.totals.map(|(total, _)| total)
    }

    /// How many contacts there are; none before the first answer.
    pub fn all(&self) -> Option<u64> {
        self.totals.map(|(_, all)| all)
    }

    /// The view whose rows are held.
    pub fn view(&self) -> View {
        self.view
    }

    /// The columns of the rows held.
    pub fn columns(&self) -> &[FieldId] {
        &self.columns
    }

    /// A row, if it is held.
    pub fn row(&self, number: u64) -> Option<&Row> {
        self.pages
            .get(&(number / PAGE))?
            .rows
            .get((number % PAGE) as usize)
    }

    /// Whether rows are held, of whatever state of the data; before the first answer all are as good as held.
    pub fn holds(&self, rows: Range<u64>) -> bool {
        let Some((total, _)) = self.totals else {
            return true;
        };
        let end = rows.end.min(total);
        (rows.start / PAGE..end.div_ceil(PAGE)).all(|page| self.pages.contains_key(&page))
    }

    /// The rows to ask for, so that those of `seen` are there in this view and of this state of the data.
    pub fn missing(&self, seen: Range<u64>, view: View, version: u64) -> Option<Range<u64>> {
        let end = match self.totals {
            Some((total, _)) if view == self.view => seen.end.min(total),
            _ => seen.end,
        };
        let fresh = |page: u64| {
            view == self.view && self.pages.get(&page).is_some_and(|page| page.version >= version)
        };
        // A table without rows has asked once its totals are known.
        if view == self.view
            && self.totals.is_some_and(|(total, _)| total == 0)
            && self.pages.get(&0).is_some_and(|page| page.version >= version)
        {
            return None;
        }
        let mut pages = (seen.start / PAGE)..end.max(seen.start + 1).div_ceil(PAGE);
        let first = pages.clone().find(|&page| !fresh(page))?;
        let last = pages.rfind(|&page| !fresh(page))?;
        let start = first * PAGE;
        Some(start..((last + 1) * PAGE).min(start + MOST))
    }

    /// Takes an answer; rows of an older view than those held are passed over.
    pub fn fill(&mut self, view: View, columns: &[FieldId], rows: Rows) {
        if view < self.view {
            return;
        }
        if view > self.view {
            self.pages.clear();
            self.view = view;
            self.columns = columns.to_vec();
        } else if self.columns.is_empty() {
            self.columns = columns.to_vec();
        }
        self.totals = Some((rows.total, rows.all));
        let first = rows.start / PAGE;
        let version = rows.version;
        let mut rest = rows.rows;
        let mut page = first;
        loop {
            let after = rest.split_off(rest.len().min(PAGE as usize));
            self.pages.insert(page, Page { rows: rest, version });
            if after.is_empty() {
                break;
            }
            rest = after;
            page += 1;
        }
        // What lies beyond the end was deleted or filtered away.
        let end = rows.total.div_ceil(PAGE).max(1);
        self.pages
            .retain(|&at, _| at < end && at + REACH >= first && at <= page + REACH);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ContactId;

    fn rows(start: u64, count: u64, total: u64, version: u64) -> Rows {
        let rows = (start..(start + count).min(total))
            .map(|id| Row {
                id: ContactId(id as u32),
                cells: vec![],
                why: None,
            })
            .collect();
        Rows {
            total,
            all: total,
            start,
            rows,
            version,
        }
    }

    #[test]
    fn rows_are_asked_for_in_whole_pages() {
        let mut cache = Cache::default();
        assert_eq!(cache.missing(0..30, 0, 0), Some(0..64));
        cache.fill(0, &[], rows(0, 64, 1_000, 1));
        assert_eq!(cache.missing(0..30, 0, 1), None);
        assert_eq!(cache.missing(50..100, 0, 1), Some(64..128));
        assert_eq!(cache.missing(990..1_000, 0, 1), Some(960..1024));
        assert_eq!(cache.row(63).map(|row| row.id), Some(ContactId(63)));
        assert!(cache.row(64).is_none());
        assert!(cache.holds(10..64) && !cache.holds(10..65));
    }

    #[test]
    fn old_rows_stay_until_newer_ones_come() {
        let mut cache = Cache::default();
        cache.fill(0, &[], rows(0, 64, 100, 1));
        assert_eq!(cache.missing(0..30, 0, 2), Some(0..64), "a commit makes rows old");
        assert!(cache.row(3).is_some());
        assert_eq!(cache.missing(0..30, 1, 2), Some(0..64), "so does another query");
        cache.fill(1, &[], rows(0, 64, 10, 2));
        assert_eq!(cache.missing(0..30, 1, 2), None);
        assert!(cache.row(10).is_none());
    }

    #[test]
    fn an_answer_to_an_older_question_changes_nothing() {
        let mut cache = Cache::default();
        cache.fill(2, &[], rows(0, 64, 100, 1));
        cache.fill(1, &[], rows(0, 64, 7, 1));
        assert_eq!(cache.total(), Some(100));
    }

    #[test]
    fn nothing_found_is_an_answer() {
        let mut cache = Cache::default();
        cache.fill(0, &[], rows(0, 0, 0, 5));
        assert_eq!(cache.total(), Some(0));
        assert_eq!(cache.missing(0..30, 0, 5), None);
        assert_eq!(cache.missing(0..30, 0, 6), Some(0..64));
    }

    #[test]
    fn pages_far_away_are_let_go() {
        let mut cache = Cache::default();
        cache.fill(0, &[], rows(0, 64, 1_000_000, 1));
        cache.fill(0, &[], rows(640_000, 64, 1_000_000, 1));
        assert!(cache.row(0).is_none());
        assert!(cache.row(640_001).is_some());
    }
}
