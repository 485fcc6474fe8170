//! The columns of an export.

use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::ui::{Button, Checkbox, Look, Tick};
use leptos::prelude::*;
use model::field::Status;
use model::ids::FieldId;

/// The fields to tick, and the column of segments.
#[component]
pub fn Fields(
    /// The fields that are ticked.
    ticked: RwSignal<Vec<FieldId>>,
    /// Whether there is a column of segments.
    memberships: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let of = move |kept: bool| {
        app.overview.with(|overview| {
            let fields = overview
                .fields
                .iter()
                .filter(|field| (field.def.status == Status::ReadOnly) == kept);
            fields
                .map(|field| (field.def.id, field.def.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let (own, kept) = (memo(move |_| of(false)), memo(move |_| of(true)));
    let all = move || {
        own.get_untracked()
            .into_iter()
            .chain(kept.get_untracked())
            .map(|(id, _)| id)
            .collect::<Vec<_>>()
    };
    let line = move |(id, name): (FieldId, String)| view! { <Tick key=id label=name ticked=ticked/> };
    view! {
        <section class="card" aria-label="Fields">
            <div class="card-head">
                <h2>"Fields"</h2>
                <div class="buttons">
                    <Button label="Select all" look=Look::Quiet small=true on_press=move |_| ticked.set(all())/>
                    <Button label="Select none" look=Look::Quiet small=true on_press=move |_| ticked.set(Vec::new())/>
                </div>
            </div>
            <fieldset class="field">
                <legend class="unseen">"Fields to export"</legend>
                <div class="tick-grid">
                    <For each=move || own.get() key=|field| field.clone() let:field>{line(field)}</For>
                </div>
            </fieldset>
            <fieldset class="field">
                <legend class="field-label">"Kept by Corral"</legend>
                <p class="field-hint">"Importing ignores these fields"</p>
                <div class="tick-grid">
                    <For each=move || kept.get() key=|field| field.clone() let:field>{line(field)}</For>
                </div>
            </fieldset>
            <Checkbox
                label="Membership column"
                value=memberships
                hint="One column with each contact's segments, split by |; importing maps it back"
            />
        </section>
    }
}
