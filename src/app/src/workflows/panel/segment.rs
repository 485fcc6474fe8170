//! Several segments, picked one by one, and the settings of **Add to segment**.

use super::draft::torn;
use super::pick::{NEEDED, Word, choices, keyed};
use crate::contacts::new_segment;
use crate::state::use_app;
use crate::ui::reactive::{derived, field_part, memo, number_part};
use crate::ui::{Combobox, Faults, Icon, IconButton, NumberField, RadioGroup, segment_choices};
use crate::words;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::SegmentId;
use model::message::{Overview, Reply, Request};
use model::workflow::node::AddToSegment;

/// A segment by its name, or that it is none any more; none while nothing is known yet.
fn name(id: SegmentId, overview: &Overview) -> String {
    let mut known = overview.segments.iter();
    let known = known.find(|segment| segment.def.id == id);
    known.map_or_else(
        || "Deleted segment".to_owned(),
        |segment| segment.def.name.clone(),
    )
}

/// Several segments.
#[component]
pub fn SegmentsField(
    /// What they are for.
    label: &'static str,
    /// The segments, both ways.
    value: RwSignal<Vec<SegmentId>>,
    /// Whether there must be one before the workflow can be activated.
    #[prop(optional)]
    needed: bool,
    /// Whether new ones can be made here.
    #[prop(optional)]
    making: bool,
    /// A line below them.
    #[prop(optional)]
    hint: &'static str,
    /// What is wrong with them.
    #[prop(optional, into)]
    wrong: Signal<Option<String>>,
) -> impl IntoView {
    let app = use_app();
    let refused = RwSignal::new(None::<String>);
    let all = memo(move |_| {
        let mut all = app.overview.with(segment_choices);
        value.with(|chosen| all.retain(|choice| !chosen.iter().any(|id| id.to_string() == choice.key)));
        all
    });
    let add = move |id: SegmentId| {
        // The panel may be gone when a new segment is there.
        value.try_update(|chosen| {
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        });
    };
    let pick = move |key: String| {
        refused.set(None);
        if let Ok(id) = key.parse() {
            add(id);
        }
    };
    let create = move |typed: String| {
        if typed.is_empty() {
            refused.set(Some("Type the new segment’s name first".to_owned()));
            return;
        }
        refused.set(None);
        spawn_local(async move {
            match app
                .ask(Request::CreateSegment(new_segment(typed, String::new()), None))
                .await
            {
                Ok(reply) => {
                    app.say_done(&reply);
                    if let Reply::Segment(id, _) = reply {
                        add(id);
                    }
                }
                Err(problem) => {
                    refused.try_set(Some(problem.to_string()));
                }
            }
        });
    };
    // The button that was pressed goes with its row; the focus stays near.
    let list = NodeRef::<html::Ul>::new();
    let remove = move |id: SegmentId| {
        value.update(|chosen| chosen.retain(|one| *one != id));
        if let Some(list) = list.get_untracked() {
            list.focus().ok();
        }
    };
    let row = move |id: SegmentId| {
        let called = memo(move |_| app.overview.with(|overview| name(id, overview)));
        view! {
            <li class="sets-row">
                <span class="option-label">{called}</span>
                <IconButton
                    small=true
                    icon=Icon::Close
                    label=derived(move || format!("Take {} away", called.get()))
                    on_press=move |_| remove(id)
                />
            </li>
        }
    };
    let deleted = move || {
        let chosen = value.get();
        app.overview.with(|overview| {
            let gone = |id: &SegmentId| !overview.segments.iter().any(|known| known.def.id == *id);
            app.known.get() && chosen.iter().any(gone)
        })
    };
    let gone =
        move || deleted().then(|| "A deleted segment is named; take it away or choose another".to_owned());
    let error = derived(move || refused.get().or_else(|| wrong.get()).or_else(gone));
    Faults::watch(wrong);
    let said = derived(move || match needed && value.with(Vec::is_empty) {
        true => NEEDED.to_owned(),
        false => hint.to_owned(),
    });
    let picker = match making {
        true => view! {
            <Combobox label=label framed=true choices=all value=String::new() on_pick=pick hint=said error=error
                placeholder="Choose a segment…" create="Create new segment…" on_create=create/>
        }
        .into_any(),
        false => view! {
            <Combobox label=label framed=true choices=all value=String::new() on_pick=pick hint=said error=error
                placeholder="Choose a segment…"/>
        }
        .into_any(),
    };
    view! {
        <div class="panel-segments">
            {picker}
            <ul class="sets-list" aria-label=format!("{label}: chosen segments") tabindex="-1" node_ref=list>
                <For each=move || value.get() key=|id| *id let:id>{row(id)}</For>
            </ul>
        </div>
    }
}

/// What happens to somebody who is a member already.
const RENEW: &[Word<bool>] = &[
    (
        false,
        "keep",
        "Keep the date",
        "The days run on; who is a member for good stays so",
    ),
    (
        true,
        "renew",
        "Renew the date",
        "The days begin again; that never ends a membership sooner",
    ),
];

/// **Add to segment**
#[component]
pub fn AddForm(
    /// The settings.
    value: RwSignal<AddToSegment>,
) -> impl IntoView {
    let app = use_app();
    let both = derived(move || {
        let both = value.with(|add| torn(&add.segments, &add.remove_from))?;
        let name = app.overview.with(|overview| words::segment(both, overview));
        Some(format!("{name} is also one that contacts are added to"))
    });
    view! {
        <SegmentsField
            label="Add to"
            value=field_part!(value, segments)
            needed=true
            making=true
            hint="For a new segment, type its name and choose Create new segment…"
        />
        <NumberField
            label="For so many days"
            value=number_part!(value, for_days)
            most=36_500
            blank="For good"
            hint="After that time the contact is removed again, from each segment for itself, also when the workflow is finalized or deleted by then"
        />
        <RadioGroup label="Already a member" choices=choices(RENEW) value=keyed(field_part!(value, renew), RENEW)/>
        <SegmentsField
            label="And remove from"
            value=field_part!(value, remove_from)
            making=true
            hint="At the same time, as from Bronze when a contact becomes Silver"
            wrong=both
        />
        <NumberField
            label="At most so many people"
            value=number_part!(value, at_most)
            blank="No limit"
            hint="Nobody is added while a segment has as many members"
        />
    }
}
