//! The picture of up to six sets as bars: one a region, the largest first, with a matrix of dots that says which it is.

use super::operation::size;
use super::{Picture, hatch, short};
use crate::ui::format;
use leptos::prelude::*;

/// The width of the names and sizes at the left.
const LEFT: u64 = 220;
/// The width of a region.
const STEP: u64 = 28;
/// The height of the numbers over the bars.
const TOP: u64 = 56;
/// The height of the highest bar.
const BAR: u64 = 130;
/// The height of a set.
const ROW: u64 = 28;
/// Where the matrix begins.
const MATRIX: u64 = TOP + BAR + 8;
/// The width of the bar of the largest set.
const SIZE: u64 = 70;

/// The regions that have contacts, those with most first; the one of contacts in no set is none.
pub fn order(counts: &[u64]) -> Vec<(usize, u64)> {
    let counts = counts.iter().copied().enumerate().skip(1);
    let mut order: Vec<(usize, u64)> = counts.filter(|(_, count)| *count > 0).collect();
    order.sort_by_key(|&(place, count)| (std::cmp::Reverse(count), place));
    order
}

/// The picture of up to six sets; regions without contacts are left out.
#[component]
pub fn UpSet(
    /// What it shows.
    picture: Picture,
) -> impl IntoView {
    let drawing = move || {
        let (names, counts) = (picture.names.get(), picture.counts.get());
        let order = order(&counts);
        let width = LEFT + STEP * order.len().max(4) as u64 + 40;
        let height = MATRIX + ROW * names.len() as u64;
        let top = order.first().map_or(1, |(_, count)| *count);
        let sizes: Vec<u64> = (0..names.len()).map(|set| size(set, &counts)).collect();
        let largest = sizes.iter().copied().max().unwrap_or(0).max(1);
        let sets = names.iter().zip(&sizes).zip(0..).map(|((name, size), row)| {
            let y = MATRIX + ROW * row;
            let long = size * SIZE / largest;
            view! {
                <rect class="upset-row" class:upset-odd=row % 2 == 1 x="0" y=y width=width height=ROW></rect>
                <text class="region-name" x="4" y=y + 18>{short(name, 12)}</text>
                <text class="region-count" x=LEFT - SIZE - 16 y=y + 18 text-anchor="end">{format::number(*size)}</text>
                <rect class="upset-bar" x=LEFT - 10 - long y=y + 8 width=long height="12"></rect>
            }
        });
        let sets = sets.collect_view();
        let many = names.len();
        let regions = order.iter().zip(0..).map(|(&(place, count), at)| {
            let x = LEFT + STEP * at;
            let middle = x + STEP / 2;
            // A bar that is there can be seen.
            let high = (count * BAR / top).max(1);
            let y = TOP + BAR - high;
            let row = move |set: usize| MATRIX + ROW * set as u64 + ROW / 2;
            let dots = (0..many).map(|set| {
                let class = match place >> set & 1 == 1 {
                    true => "upset-dot upset-dot-in",
                    false => "upset-dot",
                };
                view! { <circle class=class cx=middle cy=row(set) r="6"></circle> }
            });
            let last = place.ilog2() as usize;
            let line = format!(
                "M{middle} {}V{}",
                row(place.trailing_zeros() as usize),
                row(last)
            );
            let number = format!("rotate(-60 {middle} {})", y - 4);
            let inside = view! {
                <rect class="region-shape upset-column" x=x y=TOP width=STEP height=height - TOP></rect>
                <rect class="region-hatch upset-column" x=x y=TOP width=STEP height=height - TOP fill="url(#sets-hatch)"></rect>
                <rect class="upset-bar" x=x + 6 y=y width=STEP - 12 height=high></rect>
                <text class="region-count" x=middle y=y - 4 transform=number>{format::number(count)}</text>
                <path class="upset-line" d=line></path>
                {dots.collect_view()}
            };
            picture.region(place, inside)
        });
        view! {
            <svg
                class="upset"
                viewBox=format!("0 0 {width} {height}")
                width=width
                height=height
                role="group"
                aria-label="Regions, the largest first"
            >
                {hatch()}
                {sets}
                {regions.collect_view()}
            </svg>
        }
    };
    view! { <div class="upset-frame">{drawing}</div> }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn regions_come_by_size_without_empty_ones() {
        assert_eq!(order(&[900, 3, 0, 7]), [(3, 7), (1, 3)]);
    }
}
