//! Two to six sets: what their operations take, and their pictures.

pub mod matrix;
pub mod operation;
pub mod share;
mod upset;
mod venn;

pub use upset::UpSet;
pub use venn::Venn;

use crate::ui::format;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// What a picture of sets shows; a handle.
#[derive(Clone, Copy)]
pub struct Picture {
    /// The sets' names.
    pub names: Memo<Vec<String>>,
    /// How many contacts each region has, by its place.
    pub counts: Memo<Vec<u64>>,
    /// The chosen regions: a bit each.
    pub chosen: Memo<u64>,
    /// Takes the place of a region that is chosen, or no longer.
    pub toggle: Callback<usize>,
}

impl Picture {
    /// How many contacts a region has.
    fn count(self, place: usize) -> u64 {
        self.counts.with(|counts| counts.get(place).copied().unwrap_or(0))
    }

    /// A region as a button of the picture, with what it is drawn of.
    fn region(self, place: usize, inside: impl IntoView + 'static) -> AnyView {
        let label = move || {
            let words = self.names.with(|names| operation::region_words(place, names));
            format!("{words}: {}", format::contacts(self.count(place)))
        };
        let keyed = move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                self.toggle.run(place);
            }
        };
        view! {
            <g
                class="region"
                role="button"
                tabindex="0"
                aria-label=label
                aria-pressed=move || (self.chosen.get() >> place & 1 == 1).to_string()
                on:click=move |_| self.toggle.run(place)
                on:keydown=keyed
            >
                {inside}
            </g>
        }
        .into_any()
    }
}

/// The pattern of chosen regions, so that colour alone doesn't tell them.
fn hatch() -> AnyView {
    view! {
        <defs>
            <pattern id="sets-hatch" width="8" height="8" patternUnits="userSpaceOnUse">
                <path class="hatch" d="M-2 2L2 -2M0 8L8 0M6 10L10 6"></path>
            </pattern>
        </defs>
    }
    .into_any()
}

/// A name that fits a picture: cut off after so many letters.
fn short(name: &str, most: usize) -> String {
    match name.chars().count() > most {
        true => name.chars().take(most - 1).chain(['…']).collect(),
        false => name.to_owned(),
    }
}
