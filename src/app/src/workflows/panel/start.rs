//! The settings of Start: whom the workflow is for.

use super::pick::{NEEDED, Word, choices, keyed};
use super::segment::SegmentsField;
use crate::state::use_app;
use crate::ui::reactive::{derived, field_part, memo, part};
use crate::ui::{Choice, Combobox, RadioGroup, SelectField, keep_segment, segment_choices};
use leptos::prelude::*;
use model::SegmentId;
use model::workflow::node::{Audience, Source, Start};

const SOURCES: &[Word<Source>] = &[
    (
        Source::Existing,
        "existing",
        "All existing",
        "Who is in the audience when the workflow is activated",
    ),
    (
        Source::New,
        "new",
        "Only new",
        "Who enters the audience later, by creation or by joining",
    ),
    (Source::Both, "both", "Existing and new", ""),
];

/// A segment before one was chosen.
const NO_SEGMENT: SegmentId = SegmentId(u32::MAX);

/// The key of an audience in a `<select>`.
fn audience_key(audience: &Audience) -> String {
    match audience {
        Audience::All => "all",
        Audience::WithEmail => "email",
        Audience::WithoutEmail => "no-email",
        Audience::WithPhone => "phone",
        Audience::Segment(_) => "segment",
    }
    .to_owned()
}

/// Whom the workflow is for.
#[component]
pub fn StartForm(
    /// The settings.
    value: RwSignal<Start>,
) -> impl IntoView {
    let audience = field_part!(value, audience);
    let key = part(audience, audience_key, |audience, key| {
        *audience = match key.as_str() {
            "email" => Audience::WithEmail,
            "no-email" => Audience::WithoutEmail,
            "phone" => Audience::WithPhone,
            "segment" => Audience::Segment(NO_SEGMENT),
            _ => Audience::All,
        };
    });
    let audiences = vec![
        Choice::new("all", "All contacts"),
        Choice::new("email", "With email"),
        Choice::new("no-email", "Without email"),
        Choice::new("phone", "With mobile phone"),
        Choice::new("segment", "Belonging to segment"),
    ];
    let of_segment = memo(move |_| matches!(audience.get(), Audience::Segment(_)));
    view! {
        <SelectField label="Audience" choices=audiences value=key/>
        <Show when=move || of_segment.get()><AudienceSegment audience=audience/></Show>
        <SegmentsField
            label="Excluded segments"
            value=field_part!(value, excluded)
            hint="Their members are left out"
        />
        <RadioGroup label="Source" choices=choices(SOURCES) value=keyed(field_part!(value, source), SOURCES)/>
    }
}

/// The segment whose members are the audience.
#[component]
fn AudienceSegment(
    /// The audience.
    audience: RwSignal<Audience>,
) -> impl IntoView {
    let app = use_app();
    let segment = memo(move |_| match audience.get() {
        Audience::Segment(segment) => segment,
        _ => NO_SEGMENT,
    });
    let choices = memo(move |_| {
        app.overview.with(|overview| {
            let mut choices = segment_choices(overview);
            if segment.get() != NO_SEGMENT {
                keep_segment(&mut choices, segment.get(), overview);
            }
            choices
        })
    });
    let known = move || {
        let segment = segment.get();
        app.overview
            .with(|overview| overview.segments.iter().any(|known| known.def.id == segment))
    };
    let error = derived(move || {
        let deleted = segment.get() != NO_SEGMENT && app.known.get() && !known();
        deleted.then(|| "This segment was deleted; choose another".to_owned())
    });
    let hint = derived(move || match segment.get() == NO_SEGMENT {
        true => NEEDED.to_owned(),
        false => String::new(),
    });
    let pick = move |key: String| {
        if let Ok(segment) = key.parse() {
            audience.set(Audience::Segment(segment));
        }
    };
    view! {
        <Combobox
            label="Segment"
            framed=true
            choices=choices
            value=derived(move || segment.get().to_string())
            placeholder="Choose a segment…"
            on_pick=pick
            hint=hint
            error=error
        />
    }
}
