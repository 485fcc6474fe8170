//! Whom an export is about: an audience, less segments.

use super::draft::{self, Who};
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Choice, Combobox, Icon, IconButton, RadioGroup, segment_choices};
use crate::words;
use leptos::prelude::*;
use model::ids::SegmentId;
use model::query::{Query, Rule};

/// The audience that a query means: one segment, where that is all it asks for.
fn start(query: &Query) -> (&'static str, String) {
    match query.filter.rules.as_slice() {
        [
            Rule::Segment {
                segment,
                member: true,
            },
        ] if query.search.is_empty() => ("segment", segment.to_string()),
        _ if draft::is_filter(query) => ("filter", String::new()),
        _ => ("all", String::new()),
    }
}

/// Whom an export is about, as it is chosen on the screen. Copied freely: each part is a handle.
#[derive(Clone, Copy)]
pub struct Whom {
    audience: RwSignal<String>,
    segment: RwSignal<String>,
    excluded: RwSignal<Vec<SegmentId>>,
    /// What is chosen.
    pub who: Memo<Who>,
}

impl Whom {
    /// Begins with the contacts that a query means.
    pub fn new(query: &Query) -> Whom {
        let (audience, segment) = start(query);
        let audience = RwSignal::new(audience.to_owned());
        let segment = RwSignal::new(segment);
        let excluded = RwSignal::new(Vec::new());
        let query = query.clone();
        let who = memo(move |_| Who {
            audience: audience.get(),
            segment: segment.get(),
            query: query.clone(),
            excluded: excluded.get(),
        });
        Whom {
            audience,
            segment,
            excluded,
            who,
        }
    }
}

/// Chooses whom an export is about.
#[component]
pub fn WhomFields(
    /// What is chosen.
    whom: Whom,
    /// The filter that the screen was opened with.
    query: Query,
) -> impl IntoView {
    view! {
        <Audience audience=whom.audience segment=whom.segment query=query/>
        <Excluded excluded=whom.excluded/>
    }
}

/// All contacts, a segment, or the current filter.
#[component]
fn Audience(
    /// `all`, `segment` or `filter`
    audience: RwSignal<String>,
    /// The id of the segment; empty while none is chosen.
    segment: RwSignal<String>,
    /// The filter that the screen was opened with.
    query: Query,
) -> impl IntoView {
    let app = use_app();
    let mut choices = vec![
        Choice::new("all", "All contacts"),
        Choice::new("segment", "A segment"),
    ];
    if draft::is_filter(&query) {
        let detail = draft::query_words(&query);
        choices.push(Choice {
            key: "filter".into(),
            label: "The current filter".into(),
            detail,
        });
    }
    let segments = memo(move |_| app.overview.with(segment_choices));
    view! {
        <RadioGroup label="Which contacts" choices=choices value=audience/>
        <Show when=move || audience.with(|audience| audience == "segment")>
            <Combobox
                label="Segment"
                framed=true
                choices=segments
                value=segment
                on_pick=move |key: String| segment.set(key)
                placeholder="Choose a segment"
            />
        </Show>
    }
}

/// Segments whose members are left out.
#[component]
fn Excluded(
    /// The segments.
    excluded: RwSignal<Vec<SegmentId>>,
) -> impl IntoView {
    let app = use_app();
    let choices = memo(move |_| {
        let mut choices = app.overview.with(segment_choices);
        excluded.with(|out| choices.retain(|choice| !out.iter().any(|id| id.to_string() == choice.key)));
        choices
    });
    let any = memo(move |_| app.overview.with(|overview| !overview.segments.is_empty()));
    let name = move |id: SegmentId| app.overview.with(|overview| words::segment(id, overview));
    let chips = move |id: SegmentId| {
        view! {
            <li class="chip">
                <span>{move || name(id)}</span>
                <IconButton
                    icon=Icon::Close
                    small=true
                    label=derived(move || format!("Don't leave out {}", name(id)))
                    on_press=move |_| excluded.update(|out| out.retain(|other| *other != id))
                />
            </li>
        }
    };
    view! {
        <Show when=move || any.get()>
            <Combobox
                label="Leave out members of"
                framed=true
                choices=choices
                value=String::new()
                on_pick=move |key: String| {
                    if let Ok(id) = key.parse() {
                        excluded.update(|out| out.push(id));
                    }
                }
                placeholder="Choose segments to leave out"
            />
            <ul class="chips" aria-label="Segments left out">
                <For each=move || excluded.get() key=|id| *id let:id>{chips(id)}</For>
            </ul>
        </Show>
    }
}
