//! A number over time, as a line of steps: it keeps its value until it changes.

use super::plot::{Drawing, Mark, Plot};
use super::scale::{along, ticks};
use crate::ui::format;
use leptos::prelude::*;

/// The number at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The moment, in milliseconds since 1970.
    pub at: i64,
    /// The number from then on.
    pub number: u64,
    /// The moment in words.
    pub when: String,
}

/// The height of the whole, and the room around the line.
const HEIGHT: u64 = 220;
const LEFT: u64 = 64;
const RIGHT: u64 = 12;
const TOP: u64 = 12;
const BOTTOM: u64 = 24;

/// Where moments lie between the first and the last, along a length.
fn places(spots: &[Spot], length: u64) -> Vec<u64> {
    let first = spots.first().map_or(0, |spot| spot.at);
    let span = spots.last().map_or(0, |spot| spot.at - first).max(1);
    let place = |spot: &Spot| i128::from(spot.at - first) * i128::from(length) / i128::from(span);
    spots.iter().map(|spot| place(spot).max(0) as u64).collect()
}

/// A number over time.
#[component]
pub fn Line(
    /// The numbers, oldest first.
    spots: Memo<Vec<Spot>>,
    /// What is counted (“member”, “members”).
    noun: (&'static str, &'static str),
    /// What it shows, in words.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let draw = move |width: u64| spots.with(|spots| drawn(spots, width, noun));
    view! { <Plot label=label draw=Callback::new(draw)/> }
}

fn drawn(spots: &[Spot], width: u64, noun: (&str, &str)) -> Drawing {
    let (right, bottom) = (width - RIGHT, HEIGHT - BOTTOM);
    let top = spots.iter().map(|spot| spot.number).max().unwrap_or(0);
    let ticks = ticks(top);
    let end = ticks.last().copied().unwrap_or(1);
    let height = |number: u64| bottom - along(number, end, bottom - TOP);
    let places = places(spots, right - LEFT);
    let mut path = String::new();
    let mut marks = Vec::new();
    for (at, (spot, place)) in spots.iter().zip(&places).enumerate() {
        let (x, y) = (LEFT + place, height(spot.number));
        path.push_str(&match at {
            0 => format!("M{x} {y}"),
            _ => format!("H{x}V{y}"),
        });
        let next = places.get(at + 1).map_or(right, |place| LEFT + place);
        marks.push(Mark {
            x,
            y: TOP,
            width: next.saturating_sub(x).max(2),
            height: bottom - TOP,
            words: format!("{}: {}", spot.when, format::count(spot.number, noun.0, noun.1)),
        });
    }
    let area = format!("{path}V{bottom}H{LEFT}Z");
    let lines = ticks.iter().map(|tick| {
        let y = height(*tick);
        view! {
            <line class="plot-grid" x1=LEFT y1=y x2=right y2=y></line>
            <text class="plot-label" x=LEFT - 8 y=y + 4 text-anchor="end">{format::number(*tick)}</text>
        }
    });
    let day =
        |spot: Option<&Spot>| spot.map(|spot| spot.when.split(',').next().unwrap_or_default().to_owned());
    let shapes = view! {
        {lines.collect_view()}
        <path class="plot-area" d=area></path>
        <path class="plot-line" d=path></path>
        <text class="plot-label" x=LEFT y=HEIGHT - 6>{day(spots.first())}</text>
        <text class="plot-label" x=right y=HEIGHT - 6 text-anchor="end">{day(spots.last())}</text>
    };
    Drawing {
        shapes: shapes.into_any(),
        height: HEIGHT,
        marks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_lie_between_the_first_and_the_last() {
        let spot = |at| Spot {
            at,
            number: 1,
            when: String::new(),
        };
        assert_eq!(places(&[spot(100), spot(150), spot(200)], 80), [0, 40, 80]);
        assert_eq!(places(&[spot(7)], 80), [0]);
    }
}
