//! Bars below one another, the longest first: a name, a number, and its share.

use super::plot::{Drawing, Mark, Plot};
use super::scale::along;
use crate::ui::format;
use leptos::prelude::*;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it is about.
    pub name: String,
    /// How long it is.
    pub number: u64,
    /// Its exact value, in words.
    pub words: String,
}

/// The height of a bar's row, and the room for its number.
const ROW: u64 = 28;
const NUMBER: u64 = 76;

/// Bars below one another.
#[component]
pub fn Bars(
    /// The bars, from the top.
    bars: Memo<Vec<Bar>>,
    /// What it shows, in words.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let draw = move |width: u64| bars.with(|bars| drawn(bars, width));
    view! { <Plot label=label draw=Callback::new(draw)/> }
}

/// A name of at most so many characters.
fn short(name: &str, most: usize) -> String {
    match name.chars().count() > most {
        true => format!(
            "{}…",
            name.chars().take(most.saturating_sub(1)).collect::<String>()
        ),
        false => name.to_owned(),
    }
}

fn drawn(bars: &[Bar], width: u64) -> Drawing {
    let names = (width * 2 / 5).min(220);
    let room = width - names - NUMBER;
    let longest = bars.iter().map(|bar| bar.number).max().unwrap_or(0);
    let mut marks = Vec::new();
    let shapes: Vec<AnyView> = bars
        .iter()
        .zip(0u64..)
        .map(|(bar, row)| {
            let y = row * ROW;
            let long = along(bar.number, longest, room).max(u64::from(bar.number > 0));
            marks.push(Mark {
                x: 0,
                y,
                width,
                height: ROW,
                words: bar.words.clone(),
            });
            view! {
                <text class="plot-name" x="4" y=y + 18>{short(&bar.name, (names / 8) as usize)}</text>
                <rect class="plot-part plot-0" x=names y=y + 6 width=long height=ROW - 12></rect>
                <text class="plot-label" x=names + long + 8 y=y + 18>{format::number(bar.number)}</text>
            }
            .into_any()
        })
        .collect();
    Drawing {
        shapes: shapes.into_any(),
        height: (bars.len() as u64 * ROW).max(ROW),
        marks,
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(short("Ángela", 6), "Ángela");
        assert_eq!(short("Ángela María", 6), "Ángel…");
    }
}
