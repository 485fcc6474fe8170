//! How many members each two of some segments share.

use crate::palette::members;
use crate::ui::format;
use model::route::Route;
use model::{Group, Query, Rule, SegmentId};

/// The segments shown, and how many members each two of them share.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// The segments, in the order of rows and columns.
    pub segments: Vec<(SegmentId, String)>,
    /// The numbers, row by row.
    pub counts: Vec<u64>,
}

impl Matrix {
    /// How many members two of the segments share.
    pub fn shared(&self, row: usize, column: usize) -> u64 {
        let at = row * self.segments.len() + column;
        self.counts.get(at).copied().unwrap_or(0)
    }

    /// The share of a row's members that are in a column, too, in thousandths.
    pub fn share(&self, row: usize, column: usize) -> u64 {
        self.shared(row, column) * 1000 / self.shared(row, row).max(1)
    }

    /// The name of a segment.
    pub fn name(&self, at: usize) -> &str {
        self.segments.get(at).map_or("", |(_, name)| name)
    }

    /// What a cell says of its two segments.
    pub fn words(&self, row: usize, column: usize) -> String {
        let (one, other) = (self.name(row), self.name(column));
        let shared = format::contacts(self.shared(row, column));
        if row == column {
            return format!("{one}: {shared}");
        }
        format!(
            "{one} and {other}: {shared}, {} of {one}, {} of {other}",
            percent(self.share(row, column)),
            percent(self.share(column, row))
        )
    }

    /// Where a cell leads: to the contacts that are in both.
    pub fn href(&self, row: usize, column: usize) -> String {
        let id = |at: usize| self.segments.get(at).map_or(SegmentId(0), |(id, _)| *id);
        if row == column {
            return members(id(row)).to_string();
        }
        let rule = |segment| Rule::Segment {
            segment,
            member: true,
        };
        let both = Group::all(vec![rule(id(row)), rule(id(column))]);
        Route::Contacts(Query::from(both)).to_string()
    }

    /// The text of a cell.
    pub fn text(&self, row: usize, column: usize, shares: bool) -> String {
        match shares {
            true => percent(self.share(row, column)),
            false => format::number(self.shared(row, column)),
        }
    }
}

/// A share in thousandths: `12.5 %`.
fn percent(share: u64) -> String {
    format!("{} %", format::tenths(share))
}

/// The class of a cell's shade: none, or one of five steps.
pub fn shade(share: u64, same: bool) -> &'static str {
    match share {
        _ if same => "number overlap-same",
        0 => "number",
        1..=199 => "number overlap-1",
        200..=399 => "number overlap-2",
        400..=599 => "number overlap-3",
        600..=799 => "number overlap-4",
        _ => "number overlap-5",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix() -> Matrix {
        let segments = vec![(SegmentId(1), "A".to_owned()), (SegmentId(2), "B".to_owned())];
        Matrix {
            segments,
            counts: vec![200, 50, 50, 100],
        }
    }

    #[test]
    fn a_cell_says_its_exact_numbers() {
        assert_eq!(
            matrix().words(0, 1),
            "A and B: 50 contacts, 25.0 % of A, 50.0 % of B"
        );
        assert_eq!(matrix().words(1, 1), "B: 100 contacts");
        assert_eq!(matrix().text(1, 0, true), "50.0 %");
    }

    #[test]
    fn a_cell_leads_to_the_contacts_in_both() {
        assert_eq!(matrix().href(0, 1), "#/contacts?filter=all(in:1,in:2)");
        assert_eq!(matrix().href(1, 1), "#/contacts?filter=all(in:2)");
    }
}
