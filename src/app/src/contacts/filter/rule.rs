//! One rule of a filter: what it is about, its test, and its values.

use super::draft::{Draft, Kind, NodeId};
use crate::behaviour::BehaviourForm;
use crate::behaviour::test::{choices, takes_choices, takes_list};
use crate::state::{App, use_app};
use crate::ui::reactive::{derived, memo, part};
use crate::ui::{Choice, Combobox, Icon, IconButton, field_choices, segment_choices, unique};
use crate::words;
use leptos::prelude::*;
use model::event::{Behaviour, EventKind};
use model::field::FieldOption;
use model::query::Op;
use model::{FieldDef, FieldId, FieldType, SegmentId};

/// The key under which *Segment* stands among the fields.
const SEGMENT: &str = "segment";

/// The key under which *Activity* stands among the fields.
const ACTIVITY: &str = "activity";

/// What of a rule decides which controls it has; its values change without making them anew.
#[derive(Clone, PartialEq)]
enum Shape {
    Blank,
    Fixed,
    Segment,
    Did,
    Field { field: FieldId, kind: FieldType, op: Op },
}

fn shape(draft: &Draft, id: NodeId) -> Shape {
    match draft.node(id).map(|node| &node.kind) {
        Some(Kind::Segment { .. }) => Shape::Segment,
        Some(Kind::Did(_)) => Shape::Did,
        Some(Kind::Field { field, kind, op, .. }) => Shape::Field {
            field: *field,
            kind: *kind,
            op: *op,
        },
        Some(Kind::Fixed(_)) => Shape::Fixed,
        _ => Shape::Blank,
    }
}

fn field_def(app: App, id: FieldId) -> Option<FieldDef> {
    app.overview.with(|overview| {
        overview
            .fields
            .iter()
            .find(|field| field.def.id == id)
            .map(|field| field.def.clone())
    })
}

/// One rule of a filter.
#[component]
pub fn RuleRow(
    /// The filter.
    draft: RwSignal<Draft>,
    /// The rule.
    id: NodeId,
) -> impl IntoView {
    let app = use_app();
    let shape = memo(move |_| draft.with(|draft| shape(draft, id)));
    let fixed = memo(move |_| {
        draft.with(|draft| match draft.node(id).map(|node| &node.kind) {
            Some(Kind::Fixed(rule)) => Some(rule.clone()),
            _ => None,
        })
    });
    let subjects = memo(move |_| {
        app.overview.with(|overview| {
            let segment = Choice {
                key: SEGMENT.into(),
                label: "Segment".into(),
                detail: "Membership".into(),
            };
            let activity = Choice {
                key: ACTIVITY.into(),
                label: "Activity".into(),
                detail: "Purchases, visits …".into(),
            };
            [segment, activity]
                .into_iter()
                .chain(field_choices(overview, false))
                .collect::<Vec<_>>()
        })
    });
    let subject = derived(move || match shape.get() {
        Shape::Blank | Shape::Fixed => String::new(),
        Shape::Segment => SEGMENT.to_owned(),
        Shape::Did => ACTIVITY.to_owned(),
        Shape::Field { field, .. } => field.to_string(),
    });
    let pick = move |key: String| {
        if key == SEGMENT {
            draft.update(|draft| {
                draft.change(id, |kind| {
                    *kind = Kind::Segment {
                        segment: None,
                        member: true,
                    }
                })
            });
        } else if key == ACTIVITY {
            let behaviour = Behaviour::once(EventKind::Purchase);
            draft.update(|draft| draft.change(id, |kind| *kind = Kind::Did(behaviour)));
        } else if let Some(field) = key
            .parse()
            .ok()
            .and_then(|field| untrack(|| field_def(app, field)))
        {
            draft.update(|draft| draft.set_field(id, &field));
        }
    };
    let controls = move || match shape.get() {
        Shape::Blank => ().into_any(),
        Shape::Fixed => ().into_any(),
        Shape::Did => view! { <Activity draft=draft id=id/> }.into_any(),
        Shape::Segment => view! { <SegmentTest draft=draft id=id/> }.into_any(),
        Shape::Field { field, kind, op } => {
            let options = untrack(|| field_def(app, field))
                .map(|field| field.options)
                .unwrap_or_default();
            view! { <FieldTest draft=draft id=id kind=kind op=op options=options/> }.into_any()
        }
    };
    view! {
        <div class="filter-rule">
            {move || match fixed.get() {
                Some(rule) => view! {
                    <p class="filter-fixed">{move || app.overview.with(|overview| words::rule(&rule, overview))}</p>
                }
                .into_any(),
                None => view! {
                    <Combobox
                        label="Field"
                        choices=subjects
                        value=subject
                        placeholder="Choose a field…"
                        on_pick=pick
                    />
                }
                .into_any(),
            }}
            {controls}
            <IconButton
                icon=Icon::Close
                label="Remove rule"
                on_press=move |_| draft.update(|draft| draft.remove(id))
            />
        </div>
    }
}

/// What a contact did, or did not.
#[component]
fn Activity(
    /// The filter.
    draft: RwSignal<Draft>,
    /// The rule.
    id: NodeId,
) -> impl IntoView {
    let get = move |draft: &Draft| match draft.node(id).map(|node| &node.kind) {
        Some(Kind::Did(behaviour)) => behaviour.clone(),
        _ => Behaviour::once(EventKind::Purchase),
    };
    let set = move |draft: &mut Draft, new: Behaviour| {
        draft.change(id, |kind| {
            if let Kind::Did(behaviour) = kind {
                *behaviour = new;
            }
        });
    };
    let value = part(draft, get, set);
    view! { <BehaviourForm value=value in_workflow=false/> }
}

/// Is, or is not, a member of a segment.
#[component]
fn SegmentTest(
    /// The filter.
    draft: RwSignal<Draft>,
    /// The rule.
    id: NodeId,
) -> impl IntoView {
    let app = use_app();
    let rule = memo(move |_| {
        draft.with(|draft| match draft.node(id).map(|node| &node.kind) {
            Some(Kind::Segment { segment, member }) => (*segment, *member),
            _ => (None, true),
        })
    });
    let choices = memo(move |_| app.overview.with(segment_choices));
    let set = move |segment: Option<SegmentId>, member: bool| {
        draft.update(|draft| draft.change(id, |kind| *kind = Kind::Segment { segment, member }));
    };
    view! {
        <select
            class="input filter-op"
            aria-label="Test"
            on:change=move |event| set(rule.get_untracked().0, event_target_value(&event) == "in")
        >
            <option value="in" prop:selected=move || rule.get().1>"is a member of"</option>
            <option value="out" prop:selected=move || !rule.get().1>"is not a member of"</option>
        </select>
        <Combobox
            label="Segment"
            choices=choices
            value=derived(move || rule.get().0.map(|segment| segment.to_string()).unwrap_or_default())
            placeholder="Choose a segment…"
            on_pick=move |key: String| set(key.parse().ok(), rule.get_untracked().1)
        />
    }
}

/// A test of a field's value, with its values.
#[component]
fn FieldTest(
    /// The filter.
    draft: RwSignal<Draft>,
    /// The rule.
    id: NodeId,
    /// What the field's values are.
    kind: FieldType,
    /// The test.
    op: Op,
    /// The field's options.
    options: Vec<FieldOption>,
) -> impl IntoView {
    let ops = Op::of(kind);
    let tests = ops
        .iter()
        .enumerate()
        .map(|(at, test)| {
            view! { <option value=at.to_string() prop:selected=*test == op>{test.label(kind)}</option> }
        })
        .collect_view();
    let changed = move |event| {
        let test = event_target_value(&event)
            .parse()
            .ok()
            .and_then(|at: usize| ops.get(at));
        if let Some(test) = test {
            draft.update(|draft| draft.set_op(id, *test));
        }
    };
    let values = memo(move |_| {
        draft.with(|draft| match draft.node(id).map(|node| &node.kind) {
            Some(Kind::Field { values, .. }) => values.clone(),
            _ => Vec::new(),
        })
    });
    let inputs = if takes_choices(kind, op) {
        let boxes = choices(op, options)
            .into_iter()
            .map(|option| {
                let control = unique("option");
                let chosen = {
                    let key = option.id.clone();
                    move || values.with(|values| values.contains(&key))
                };
                view! {
                    <div class="choice">
                        <input
                            type="checkbox"
                            class="choice-box"
                            id=control.clone()
                            prop:checked=chosen
                            on:change=move |event| {
                                let checked = event_target_checked(&event);
                                draft.update(|draft| draft.choose(id, &option.id, checked));
                            }
                        />
                        <label class="choice-label" for=control>{option.name}</label>
                    </div>
                }
            })
            .collect_view();
        view! { <div class="filter-options" role="group" aria-label="Options">{boxes}</div> }.into_any()
    } else if kind == FieldType::Boolean && op.arity() == 1 {
        view! {
            <select
                class="input"
                aria-label="Value"
                on:change=move |event| draft.update(|draft| draft.set_value(id, 0, event_target_value(&event)))
            >
                <option value="true" prop:selected=move || values.with(|values| values.first().is_some_and(|value| value == "true"))>"Yes"</option>
                <option value="false" prop:selected=move || values.with(|values| values.first().is_some_and(|value| value == "false"))>"No"</option>
            </select>
        }
        .into_any()
    } else {
        let days = matches!(op, Op::LastDays | Op::NextDays | Op::AnniversaryInDays);
        let input = match kind {
            _ if days => "number",
            FieldType::Day | FieldType::Instant => "date",
            _ => "text",
        };
        let list = takes_list(kind, op);
        let many = if list { 1 } else { op.arity() };
        (0..many)
            .map(|at| {
                let label = match (days, list, many, at) {
                    (true, ..) => "Days",
                    (_, true, ..) => "Values, split by commas",
                    (_, _, 2, 0) => "From",
                    (_, _, 2, _) => "To",
                    _ => "Value",
                };
                view! {
                    {(at == 1).then(|| view! { <span class="soft">"and"</span> })}
                    <input
                        class="input"
                        type=input
                        min=days.then_some("0")
                        aria-label=label
                        placeholder=if list { "One, two, three" } else { "" }
                        autocomplete="off"
                        prop:value=move || values.with(|values| values.get(at).cloned().unwrap_or_default())
                        on:input=move |event| draft.update(|draft| draft.set_value(id, at, event_target_value(&event)))
                    />
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <select class="input filter-op" aria-label="Test" on:change=changed>{tests}</select>
        <div class="filter-value">{inputs}</div>
    }
}
