//! The second step: what happens to contacts that exist, to a segment, and to bad values.

use super::flow::{Flow, use_flow};
use super::form::NEW_SEGMENT;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Checkbox, Choice, Combobox, Notice, RadioGroup, TextField, Tone, segment_choices};
use leptos::prelude::*;
use model::field::MAX_NAME;
use model::workflow::WorkflowState;

/// The second step of an import.
#[component]
pub fn OptionsStep() -> impl IntoView {
    let flow = use_flow();
    let form = flow.form;
    let needs_overwrite = derived(move || !form.overwrite.get());
    let bad = vec![
        Choice {
            key: "reject".into(),
            label: "Reject the row".into(),
            detail: "You can download rejected rows afterwards, correct them, and import them again".into(),
        },
        Choice {
            key: "leave".into(),
            label: "Leave the value out".into(),
            detail: "The rest of the row is imported; such values are counted".into(),
        },
    ];
    let nothing = memo(move |_| form.chosen().does_nothing());
    view! {
        <div class="columns">
            <div class="import-stack">
            <section class="card" aria-label="Contacts">
                <h3>"Contacts"</h3>
                <div class="choices">
                    <Checkbox
                        label="Overwrite existing"
                        value=form.overwrite
                        hint="Contacts that exist already take the values of the file"
                    />
                    <div class="import-under">
                        <Checkbox
                            label="Update only empty fields"
                            value=form.only_empty
                            disabled=needs_overwrite
                            hint="Values that a contact has already stay as they are"
                        />
                        <Checkbox
                            label="Overwrite subscription status"
                            value=form.overwrite_subscription
                            disabled=needs_overwrite
                            hint="Otherwise whoever is unsubscribed stays unsubscribed, whatever the file says"
                        />
                    </div>
                    <Checkbox
                        label="Empty cells clear values"
                        value=form.empty_clears
                        hint="Otherwise an empty cell changes nothing"
                    />
                    <Checkbox
                        label="Don't create new contacts"
                        value=form.no_new
                        hint="Rows of people who aren't here yet are counted, and not imported"
                    />
                </div>
                {move || nothing.get().then(|| view! {
                    <Notice
                        tone=Tone::Warning
                        text="With these options nothing can change: existing contacts are not overwritten, and new ones are not created"
                    />
                })}
            </section>
            <section class="card" aria-label="Bad values">
                <h3>"Values that can't be read"</h3>
                <RadioGroup label="When a value is bad" choices=bad value=form.bad/>
            </section>
            </div>
            <section class="card" aria-label="Segment">
                <h3>"Segment"</h3>
                <Checkbox label="Add to segment" value=form.to_segment/>
                <Show when=move || form.to_segment.get()>
                    <SegmentFields flow=flow/>
                </Show>
                <p class="small soft">
                    "A contact that exists already joins the segment only when Overwrite existing is checked, identical rows included. A file in which only Email is mapped adds people without changing them"
                </p>
                <RunWorkflows flow=flow/>
            </section>
        </div>
    }
}

/// Whether active workflows run for the contacts of the file; nothing where none is active.
#[component]
fn RunWorkflows(flow: Flow) -> impl IntoView {
    let app = use_app();
    let active = memo(move |_| {
        app.overview.with(|overview| {
            let active = overview
                .workflows
                .iter()
                .filter(|(.., state)| *state == WorkflowState::Active);
            active.map(|(_, name, _)| name.clone()).collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || active.with(|active| !active.is_empty())>
            <Checkbox
                label="Run workflows for these contacts"
                value=flow.form.run_workflows
                hint=derived(move || {
                    format!(
                        "Otherwise joining a segment or a new value by this import starts nothing in {}. These contacts answer later events in any case",
                        active.get().join(", "),
                    )
                })
            />
        </Show>
    }
}

/// Which segment, and what the file does to its members.
#[component]
fn SegmentFields(flow: Flow) -> impl IntoView {
    let app = use_app();
    let form = flow.form;
    let choices = memo(move |_| {
        let mut choices = app.overview.with(segment_choices);
        if form.segment.with(|key| key == NEW_SEGMENT) {
            choices.insert(0, Choice::new(NEW_SEGMENT, "New segment"));
        }
        choices
    });
    let is_new = memo(move |_| form.segment.with(|key| key == NEW_SEGMENT));
    let fault = memo(move |_| {
        let names: Vec<String> = app.overview.with(|overview| {
            overview
                .segments
                .iter()
                .map(|segment| segment.def.name.clone())
                .collect()
        });
        form.chosen().fault(&names)
    });
    let actions = vec![
        Choice {
            key: "add".into(),
            label: "Add".into(),
            detail: "People in the file become members".into(),
        },
        Choice {
            key: "remove".into(),
            label: "Remove".into(),
            detail: "People in the file stop being members".into(),
        },
        Choice {
            key: "replace".into(),
            label: "Replace".into(),
            detail: "People in the file become the only members".into(),
        },
    ];
    view! {
        <Combobox
            label="Segment"
            framed=true
            choices=choices
            value=form.segment
            on_pick=move |key: String| form.segment.set(key)
            create="Create new segment…"
            on_create=move |typed: String| {
                form.segment.set(NEW_SEGMENT.to_owned());
                if !typed.is_empty() {
                    form.segment_name.set(typed);
                }
            }
            placeholder="Choose a segment"
        />
        <Show when=move || is_new.get()>
            <TextField
                label="Name"
                value=form.segment_name
                max=MAX_NAME
                required=true
                focus=true
                hint="The import makes the segment; undoing the import takes it back"
                error=derived(move || {
                    fault.get().filter(|_| !form.segment_name.with(|name| name.trim().is_empty()))
                })
            />
        </Show>
        <RadioGroup label="What the file does to the segment" choices=actions value=form.action/>
    }
}
