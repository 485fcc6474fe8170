//! Columns side by side, each of parts that lie on one another; parts that go lie below the axis.

use super::plot::{Drawing, Mark, Plot};
use super::scale::{along, ticks};
use crate::ui::format;
use leptos::prelude::*;

/// One column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// What it is about, in words, below the axis.
    pub label: String,
    /// The parts above the axis, by the number of their colour, from the axis on.
    pub above: Vec<(usize, u64)>,
    /// The parts below it.
    pub below: Vec<(usize, u64)>,
    /// Its exact values, in words.
    pub words: String,
}

/// The height of the whole, and the room around the columns.
const HEIGHT: u64 = 220;
const LEFT: u64 = 64;
const RIGHT: u64 = 12;
const TOP: u64 = 12;
const BOTTOM: u64 = 24;
/// No column is wider.
const WIDEST: u64 = 56;

/// Columns side by side.
#[component]
pub fn Columns(
    /// The columns, from left to right.
    columns: Memo<Vec<Column>>,
    /// What it shows, in words.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let draw = move |width: u64| columns.with(|columns| drawn(columns, width));
    view! { <Plot label=label draw=Callback::new(draw)/> }
}

fn sum(parts: &[(usize, u64)]) -> u64 {
    parts.iter().map(|(_, number)| number).sum()
}

fn drawn(columns: &[Column], width: u64) -> Drawing {
    let (right, bottom) = (width - RIGHT, HEIGHT - BOTTOM);
    let highest = columns.iter().map(|column| sum(&column.above)).max().unwrap_or(0);
    let lowest = columns.iter().map(|column| sum(&column.below)).max().unwrap_or(0);
    let ticks = ticks(highest.max(lowest));
    let end = ticks.last().copied().unwrap_or(1);
    // Both ways have one scale, and a way that nobody goes has no room.
    let ways = u64::from(highest > 0 || lowest == 0) + u64::from(lowest > 0);
    let length = (bottom - TOP) / ways.max(1);
    let axis = if highest > 0 || lowest == 0 {
        TOP + length
    } else {
        TOP
    };
    let count = columns.len().max(1) as u64;
    let step = |at: usize| LEFT + (right - LEFT) * at as u64 / count;
    let mut marks = Vec::new();
    let mut shapes = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let (x, next) = (step(at), step(at + 1));
        let wide = (next - x).max(1);
        let gap = if wide > 4 { wide / 5 } else { 0 };
        // A column alone is no wall.
        let bar = (wide - gap).min(WIDEST);
        let left = x + (wide - bar) / 2;
        let (mut up, mut down) = (axis, axis);
        for (colour, number) in &column.above {
            let high = along(*number, end, length).max(u64::from(*number > 0));
            up = up.saturating_sub(high);
            shapes.push(part(*colour, left, up, bar, high));
        }
        for (colour, number) in &column.below {
            let high = along(*number, end, length).max(u64::from(*number > 0));
            shapes.push(part(*colour, left, down, bar, high));
            down += high;
        }
        marks.push(Mark {
            x,
            y: TOP,
            width: wide,
            height: bottom - TOP,
            words: column.words.clone(),
        });
    }
    let line = |y: u64, tick: u64| {
        view! {
            <line class="plot-grid" x1=LEFT y1=y x2=right y2=y></line>
            <text class="plot-label" x=LEFT - 8 y=y + 4 text-anchor="end">{format::number(tick)}</text>
        }
    };
    let above = ticks
        .iter()
        .filter(|_| highest > 0 || lowest == 0)
        .map(|tick| line(axis - along(*tick, end, length), *tick));
    let below = ticks
        .iter()
        .skip(usize::from(highest > 0))
        .filter(|_| lowest > 0)
        .map(|tick| line(axis + along(*tick, end, length), *tick));
    let first = columns.first().map(|column| column.label.clone());
    let last = columns
        .get(1..)
        .and_then(<[Column]>::last)
        .map(|column| column.label.clone());
    let shapes = view! {
        {above.collect_view()}
        {below.collect_view()}
        {shapes}
        <line class="plot-axis" x1=LEFT y1=axis x2=right y2=axis></line>
        <text class="plot-label" x=LEFT y=HEIGHT - 6>{first}</text>
        <text class="plot-label" x=right y=HEIGHT - 6 text-anchor="end">{last}</text>
    };
    Drawing {
        shapes: shapes.into_any(),
        height: HEIGHT,
        marks,
    }
}

fn part(colour: usize, x: u64, y: u64, width: u64, height: u64) -> AnyView {
    let class = format!("plot-part plot-{}", colour % 8);
    view! { <rect class=class x=x y=y width=width height=height></rect> }.into_any()
}
