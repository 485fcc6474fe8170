//! The activities of an export: which kinds, and of which time.

use crate::behaviour::When;
use crate::ui::reactive::derived;
use crate::ui::{Button, Checkbox, Look, Tick, format};
use leptos::prelude::*;
use model::event::{EVENTS, EventKind, Window};

/// Kinds of activities to tick, each with its number, and when they happened.
#[component]
pub fn Activities(
    /// The kinds that are ticked.
    ticked: RwSignal<Vec<EventKind>>,
    /// When they happened.
    window: RwSignal<Window>,
    /// Whether each has the contact's fields beside it.
    with_fields: RwSignal<bool>,
    /// How many there are of each kind; none while it is counted.
    #[prop(into)]
    counts: Signal<Option<Vec<(EventKind, u64)>>>,
) -> impl IntoView {
    let all = || EVENTS.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>();
    let line = move |kind: EventKind| {
        let label = derived(move || {
            let many = counts.with(|counts| {
                let mut counts = counts.iter().flatten();
                counts.find(|(of, _)| *of == kind).map(|(_, many)| *many)
            });
            match many {
                Some(many) => format!("{} ({})", kind.label(), format::number(many)),
                None => kind.label().to_owned(),
            }
        });
        view! { <Tick key=kind label=label ticked=ticked/> }
    };
    view! {
        <section class="card" aria-label="Activities">
            <div class="card-head">
                <h2>"Activities"</h2>
                <div class="buttons">
                    <Button label="Select all activities" look=Look::Quiet small=true on_press=move |_| ticked.set(all())/>
                    <Button label="Select no activities" look=Look::Quiet small=true on_press=move |_| ticked.set(Vec::new())/>
                </div>
            </div>
            <When window=window/>
            <fieldset class="field">
                <legend class="field-label">"Types"</legend>
                <p class="field-hint">"Each is a CSV file of its own inside a ZIP file; a purchase is a row for each product"</p>
                <div class="tick-grid">{all().into_iter().map(line).collect_view()}</div>
            </fieldset>
            <Checkbox
                label="Contact fields on each activity"
                value=with_fields
                hint="Email and external ID are there in any case"
            />
        </section>
    }
}
