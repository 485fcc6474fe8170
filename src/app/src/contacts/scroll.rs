//! Which rows a scroll position shows, where a million rows are higher than a browser lets an element be.
//!
//! *scroll* is the scrolling box's `scrollTop`; *offset* is where that is in the full height of all rows, as if no
//! browser had a limit. Both are in CSS pixels. Near both ends one scroll pixel is one row pixel; between, a dragged
//! bar is scaled, and small movements (wheel, keys, fingers) are taken one to one and put right once they rest.

/// The most height an element gets: all browsers agree with it, and whole pixels up to it are exact in the 32-bit
/// floats that they lay out with.
const MOST: f64 = 8_000_000.0;
/// So far from both ends, scroll and offset are the same.
const EDGE: f64 = 200_000.0;
/// Movements up to so many views are taken one to one.
const NEAR: f64 = 2.0;
/// Rows are drawn in steps of so many …
const STEP: u64 = 2;
/// … and so many before and after those seen.
const SPARE: u64 = 6;

/// The sizes that relate scroll and offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// How many rows there are.
    pub rows: u64,
    /// The height of a row.
    pub row: f64,
    /// The height of the part that shows rows.
    pub view: f64,
}

/// Where the box is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    /// The box's `scrollTop`.
    pub scroll: f64,
    /// Where that is in the full height.
    pub offset: f64,
}

impl Scale {
    /// The height of all rows.
    fn full(&self) -> f64 {
        self.rows as f64 * self.row
    }

    /// The height that the scrolled element gets.
    pub fn height(&self) -> f64 {
        self.full().min(MOST)
    }

    /// The greatest offset.
    fn offset_end(&self) -> f64 {
        (self.full() - self.view).max(0.0)
    }

    /// The greatest scroll.
    fn scroll_end(&self) -> f64 {
        (self.height() - self.view).max(0.0)
    }

    /// How many offset pixels a scroll pixel is worth between the ends.
    fn factor(&self) -> f64 {
        (self.offset_end() - 2.0 * EDGE) / (self.scroll_end() - 2.0 * EDGE)
    }

    /// The offset at which a dragged bar is.
    pub fn offset_from_scroll(&self, scroll: f64) -> f64 {
        let scroll = within(scroll, self.scroll_end());
        if self.full() <= MOST || scroll <= EDGE {
            scroll.min(self.offset_end())
        } else if scroll >= self.scroll_end() - EDGE {
            self.offset_end() - (self.scroll_end() - scroll)
        } else {
            EDGE + (scroll - EDGE) * self.factor()
        }
    }

    /// The scroll that shows an offset: [`Scale::offset_from_scroll`] the other way.
    pub fn scroll_from_offset(&self, offset: f64) -> f64 {
        let offset = within(offset, self.offset_end());
        if self.full() <= MOST || offset <= EDGE {
            offset
        } else if offset >= self.offset_end() - EDGE {
            self.scroll_end() - (self.offset_end() - offset)
        } else {
            EDGE + (offset - EDGE) / self.factor()
        }
    }

    /// Where the box is after it scrolled.
    pub fn scrolled(&self, from: Position, scroll: f64) -> Position {
        let moved = scroll - from.scroll;
        let at_an_end = scroll <= 0.0 || scroll >= self.scroll_end();
        let offset = if moved.abs() <= NEAR * self.view && !at_an_end {
            within(from.offset + moved, self.offset_end())
        } else {
            self.offset_from_scroll(scroll)
        };
        Position { scroll, offset }
    }

    /// The same offset with the scroll that belongs to it: what small movements shifted is put right.
    pub fn settled(&self, at: Position) -> Position {
        let offset = within(at.offset, self.offset_end());
        Position {
            scroll: self.scroll_from_offset(offset),
            offset,
        }
    }

    /// Where the box must be so that a row can be seen whole, as near as possible to where it is.
    pub fn revealing(&self, from: Position, row: u64) -> Position {
        let top = row as f64 * self.row;
        let bottom = top + self.row;
        let offset = if top < from.offset {
            top
        } else if bottom > from.offset + self.view {
            bottom - self.view
        } else {
            return from;
        };
        let moved = offset - from.offset;
        let scroll = from.scroll + moved;
        if moved.abs() <= NEAR * self.view && scroll > 0.0 && scroll < self.scroll_end() {
            Position { scroll, offset }
        } else {
            self.settled(Position { scroll, offset })
        }
    }

    /// The first row that can be seen.
    pub fn first(&self, at: Position) -> u64 {
        (at.offset / self.row.max(1.0)) as u64
    }

    /// How many rows can be seen at once, cut ones included.
    pub fn seen(&self) -> u64 {
        (self.view / self.row.max(1.0)).ceil() as u64 + 1
    }

    /// The rows to draw (first, one past the last): those seen and some before and after, in steps of a few rows so
    /// that not every pixel changes them.
    pub fn drawn(&self, at: Position) -> (u64, u64) {
        let first = self.first(at);
        let start = first.saturating_sub(SPARE) / STEP * STEP;
        let end = (first + self.seen() + SPARE).div_ceil(STEP) * STEP;
        (start, end.min(self.rows))
    }

    /// As many rows as are ever drawn at once.
    pub fn most_drawn(&self) -> u64 {
        (self.seen() + 2 * SPARE + 2 * STEP).next_multiple_of(STEP)
    }
}

/// The rows that are drawn, each in a slot of the screen that it keeps as long as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The first row.
    pub start: u64,
    /// One past the last row.
    pub end: u64,
    /// How many slots there are, at least as many as rows.
    pub slots: u64,
}

impl Drawn {
    /// The row in a slot; none in one that is to spare.
    pub fn number(&self, slot: u64) -> Option<u64> {
        let before = self.start % self.slots;
        let ahead = (slot + self.slots - before) % self.slots;
        Some(self.start + ahead).filter(|number| *number < self.end)
    }

    /// Whether a row is drawn.
    pub fn holds(&self, number: u64) -> bool {
        (self.start..self.end).contains(&number)
    }

    /// The row from which tops are counted: near enough for whole pixels, and seldom another one.
    pub fn base(&self) -> u64 {
        self.start / 1024 * 1024
    }
}

impl Position {
    /// Where a row stands in the scrolled element.
    pub fn top_of(&self, row: u64, scale: &Scale) -> f64 {
        row as f64 * scale.row + (self.scroll - self.offset)
    }
}

/// A number held between 0 and an end. `f64::clamp` brings everything that prints a number along, for its panic: 18 KB.
fn within(number: f64, end: f64) -> f64 {
    number.max(0.0).min(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLION: Scale = Scale {
        rows: 1_000_000,
        row: 36.0,
        view: 720.0,
    };
    const FEW: Scale = Scale {
        rows: 10,
        row: 36.0,
        view: 720.0,
    };
    const SOME: Scale = Scale {
        rows: 5_000,
        row: 36.0,
        view: 720.0,
    };

    #[test]
    fn a_table_that_fits_is_not_scaled() {
        assert_eq!(SOME.height(), 180_000.0);
        assert_eq!(SOME.offset_from_scroll(1234.0), 1234.0);
        assert_eq!(FEW.offset_from_scroll(100.0), 0.0);
        assert_eq!(FEW.drawn(Position::default()), (0, 10));
    }

    #[test]
    fn a_row_keeps_its_slot_while_it_is_drawn() {
        let mut before = Vec::new();
        for step in 0..2_000 {
            let offset = f64::from(step) * 50.0;
            let (start, end) = MILLION.drawn(Position {
                scroll: offset,
                offset,
            });
            let drawn = Drawn {
                start,
                end,
                slots: MILLION.most_drawn(),
            };
            assert!(end - start <= drawn.slots);
            let rows: Vec<Option<u64>> = (0..drawn.slots).map(|slot| drawn.number(slot)).collect();
            for number in start..end {
                assert!(drawn.holds(number) && rows.contains(&Some(number)));
            }
            let shown = rows.iter().flatten().count() as u64;
            assert_eq!((shown, drawn.holds(end)), (end - start, false));
            let kept = |(old, new): &(&Option<u64>, &Option<u64>)| old == new;
            let changed = rows.len() - before.iter().zip(&rows).filter(kept).count();
            assert!(
                step == 0 || changed <= 2 * STEP as usize,
                "{changed} rows changed"
            );
            before = rows;
        }
    }

    #[test]
    fn both_ends_of_a_million_rows_can_be_reached() {
        assert_eq!(MILLION.height(), MOST);
        let end = MILLION.scrolled(Position::default(), MOST - 720.0);
        assert_eq!(end.offset, 36_000_000.0 - 720.0);
        assert_eq!(MILLION.drawn(end).1, 1_000_000);
        assert_eq!(MILLION.scrolled(end, 0.0).offset, 0.0);
    }

    #[test]
    fn scroll_and_offset_map_onto_each_other() {
        for scroll in [
            0.0,
            1.0,
            199_999.0,
            200_001.0,
            4_000_000.0,
            7_799_000.0,
            7_900_000.0,
            MOST - 720.0,
        ] {
            let back = MILLION.scroll_from_offset(MILLION.offset_from_scroll(scroll));
            assert!((back - scroll).abs() < 0.01, "{scroll} came back as {back}");
        }
    }

    #[test]
    fn offsets_grow_with_the_scroll() {
        let offsets: Vec<f64> = (0..8_000)
            .map(|step| MILLION.offset_from_scroll(f64::from(step) * 1000.0))
            .collect();
        assert!(offsets.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_turn_of_the_wheel_moves_few_rows_in_the_middle_of_a_million() {
        let middle = MILLION.scrolled(Position::default(), 4_000_000.0);
        let turned = MILLION.scrolled(middle, 4_000_100.0);
        assert_eq!(turned.offset - middle.offset, 100.0);
        assert_eq!(
            turned.top_of(500_000, &MILLION),
            middle.top_of(500_000, &MILLION),
            "rows move with the box"
        );
        let settled = MILLION.settled(turned);
        assert_eq!(
            settled.offset, turned.offset,
            "putting it right moves nothing that is seen"
        );
        assert!(settled.scroll < turned.scroll);
    }

    #[test]
    fn revealing_a_row_moves_no_more_than_needed() {
        let start = Position::default();
        assert_eq!(MILLION.revealing(start, 3), start);
        assert_eq!(MILLION.revealing(start, 20).offset, 36.0);
        let last = MILLION.revealing(start, 999_999);
        assert_eq!(last.offset, 36_000_000.0 - 720.0);
        assert_eq!(last.scroll, MOST - 720.0);
        assert_eq!(MILLION.revealing(last, 999_970).offset, 999_970.0 * 36.0);
    }
}
