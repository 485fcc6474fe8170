//! One column of the file: its name, its first values, where it goes, and what is done to its values on the way.

use super::fault::Place;
use super::flow::Flow;
use super::target::{self, IGNORE, NEW, SEGMENTS};
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Choice, Combobox, Glyph, Icon, Look, format, unique};
use leptos::prelude::*;
use model::field::{FIRST_NAME, FieldType, MAX_NAME};
use model::import::{ColumnMap, Target};

/// One line of the mapping.
#[component]
pub fn Row(
    flow: Flow,
    /// The column's place in the file.
    at: usize,
    /// The column's name.
    name: String,
    /// Its first values.
    samples: Vec<String>,
    /// The fields that can be chosen.
    fields: Memo<Vec<Choice>>,
    /// Opens the table that translates the column's values.
    #[prop(into)]
    on_translate: Callback<usize>,
) -> impl IntoView {
    let app = use_app();
    let map = memo(move |_| flow.mapping.with(|mapping| mapping.columns.get(at).cloned()));
    let fault = memo(move |_| {
        flow.faults.with(|faults| {
            faults
                .iter()
                .find(|fault| fault.place == Place::Column(at))
                .map(|fault| fault.what.clone())
        })
    });
    let key = memo(move |_| {
        map.with(|map| {
            map.as_ref()
                .map_or(IGNORE.to_owned(), |map| target::key_of(&map.target))
        })
    });
    let choices = memo(move |_| {
        let mut choices = vec![Choice::new(IGNORE, "Ignore"), Choice::new(SEGMENTS, "Segments")];
        if let Some(Target::NewField { name, .. }) =
            map.with(|map| map.as_ref().map(|map| map.target.clone()))
        {
            choices.insert(
                0,
                Choice {
                    key: NEW.to_owned(),
                    label: name,
                    detail: "New field".to_owned(),
                },
            );
        }
        fields.with(|fields| choices.extend(fields.iter().cloned()));
        choices
    });
    let pick = move |key: String| {
        flow.edit_column(at, |map| {
            map.target = target::target_of(&key, &map.target);
            if map.target != Target::Field(FIRST_NAME) {
                map.split_name = false;
            }
        });
    };
    let create = {
        let name = name.clone();
        move |typed: String| {
            let taken = app.overview.with_untracked(|overview| {
                flow.mapping
                    .with_untracked(|mapping| target::taken_ids(mapping, &overview.fields, at))
            });
            let made = target::new_field(&typed, &name, &taken);
            flow.edit_column(at, |map| {
                map.target = made;
                map.split_name = false;
            });
        }
    };
    let about = unique("fault");
    let label = format!("Goes to: {name}");
    let group = name.clone();
    let details = {
        let name = name.clone();
        move || match key.get().as_str() {
            NEW => view! { <NewField flow=flow at=at name=name.clone() map=map/> }.into_any(),
            SEGMENTS => view! { <Separator flow=flow at=at name=name.clone() map=map/> }.into_any(),
            _ => ().into_any(),
        }
    };
    let changes = move || {
        (key.get() != IGNORE).then(
            || view! { <Changes flow=flow at=at name=group.clone() map=map on_translate=on_translate/> },
        )
    };
    view! {
        <tr role="row" class:map-ignored=move || key.with(|key| key == IGNORE)>
            <th scope="row" role="rowheader" class="map-name">{name.clone()}</th>
            <td role="cell" class="map-samples">
                {if samples.is_empty() {
                    view! { <span class="soft">"No values in the first rows"</span> }.into_any()
                } else {
                    samples.into_iter().map(|sample| view! { <span class="map-sample">{sample}</span> }).collect_view().into_any()
                }}
            </td>
            <td role="cell" class="map-target">
                <Combobox
                    label=label
                    choices=choices
                    value=key
                    on_pick=pick
                    create="New custom field…"
                    on_create=create
                    error=fault
                    about=about.clone()
                />
                <div id=about aria-live="polite">
                    {move || fault.get().map(|fault| view! { <p class="field-error"><Glyph icon=Icon::Warning/>{fault}</p> })}
                </div>
                {details}
            </td>
            <td role="cell" class="map-changes">{changes}</td>
        </tr>
    }
}

/// A small labelled text input inside the table.
#[component]
fn Cell(
    /// Its label.
    label: &'static str,
    /// Of which column, for its accessible name.
    of: String,
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Takes what is typed.
    #[prop(into)]
    on_type: Callback<String>,
    /// At most so many characters.
    max: usize,
) -> impl IntoView {
    view! {
        <label class="map-cell">
            <span class="small soft">{label}<span class="unseen">" of " {of}</span></span>
            <input
                class="input"
                type="text"
                autocomplete="off"
                maxlength=max.to_string()
                prop:value=value
                on:input=move |event| on_type.run(event_target_value(&event))
            />
        </label>
    }
}

/// The name, id and type of a field that the import makes.
#[component]
fn NewField(flow: Flow, at: usize, name: String, map: Memo<Option<ColumnMap>>) -> impl IntoView {
    let app = use_app();
    let with = move |read: fn(&str, &str, FieldType) -> String| {
        memo(move |_| {
            map.with(|map| match map.as_ref().map(|map| &map.target) {
                Some(Target::NewField { key, name, kind, .. }) => read(key, name, *kind),
                _ => String::new(),
            })
        })
    };
    let field_name = with(|_, name, _| name.to_owned());
    let key = with(|key, _, _| key.to_owned());
    let kind = with(|_, _, kind| kind.label().to_owned());
    let options = memo(move |_| {
        map.with(|map| matches!(map.as_ref().map(|map| &map.target), Some(Target::NewField { kind, .. }) if kind.has_options()))
    });
    let rename = move |typed: String| {
        let taken = app.overview.with_untracked(|overview| {
            flow.mapping
                .with_untracked(|mapping| target::taken_ids(mapping, &overview.fields, at))
        });
        flow.edit_column(at, |map| {
            if let Target::NewField { key, name, .. } = &mut map.target {
                // The id follows the name until somebody gives it one of its own.
                if *key == target::free_id(&target::id_of(name), &taken) {
                    *key = target::free_id(&target::id_of(&typed), &taken);
                }
                *name = typed;
            }
        });
    };
    let kinds = FieldType::ALL
        .into_iter()
        .map(|of| {
            let label = of.label();
            view! { <option value=label prop:selected=move || kind.with(|kind| kind == label)>{label}</option> }
        })
        .collect_view();
    let choose = move |event| {
        let label = event_target_value(&event);
        let Some(chosen) = FieldType::ALL.into_iter().find(|of| of.label() == label) else {
            return;
        };
        flow.edit_column(at, |map| {
            if let Target::NewField {
                kind,
                collect_options,
                ..
            } = &mut map.target
            {
                *kind = chosen;
                *collect_options = chosen.has_options();
            }
        });
    };
    view! {
        <div class="map-new">
            <Cell label="Name" of=name.clone() value=field_name on_type=rename max=MAX_NAME/>
            <Cell
                label="ID"
                of=name.clone()
                value=key
                on_type=move |typed: String| flow.edit_column(at, |map| {
                    if let Target::NewField { key, .. } = &mut map.target {
                        *key = typed;
                    }
                })
                max=MAX_NAME
            />
            <label class="map-cell">
                <span class="small soft">"Type"<span class="unseen">" of " {name}</span></span>
                <select class="input" on:change=choose>{kinds}</select>
            </label>
        </div>
        {move || options.get().then(|| view! { <p class="field-hint">"Each different value becomes an option"</p> })}
    }
}

/// What stands between the names of segments.
#[component]
fn Separator(flow: Flow, at: usize, name: String, map: Memo<Option<ColumnMap>>) -> impl IntoView {
    let separator = memo(move |_| {
        map.with(|map| match map.as_ref().map(|map| &map.target) {
            Some(Target::Segments { separator }) => separator.clone(),
            _ => String::new(),
        })
    });
    view! {
        <div class="map-new">
            <Cell
                label="Separator between names"
                of=name
                value=separator
                on_type=move |typed: String| flow.edit_column(at, |map| {
                    if let Target::Segments { separator } = &mut map.target {
                        *separator = typed;
                    }
                })
                max=5
            />
        </div>
        <p class="field-hint">"The contact becomes a member of each segment named; segments that don't exist are made"</p>
    }
}

/// The type of what a column goes into; none where it goes into no field.
fn kind_of(map: &ColumnMap, kinds: impl Fn(model::ids::FieldId) -> Option<FieldType>) -> Option<FieldType> {
    match &map.target {
        Target::Field(field) => kinds(*field),
        Target::NewField { kind, .. } => Some(*kind),
        Target::Ignore | Target::Segments { .. } => None,
    }
}

/// What is done to the values on the way: translate, trim, fix capitals, split a full name.
#[component]
fn Changes(
    flow: Flow,
    at: usize,
    name: String,
    map: Memo<Option<ColumnMap>>,
    on_translate: Callback<usize>,
) -> impl IntoView {
    let app = use_app();
    let kind = memo(move |_| {
        app.overview.with(|overview| {
            let of = |id| {
                overview
                    .fields
                    .iter()
                    .find(|field| field.def.id == id)
                    .map(|field| field.def.kind)
            };
            map.with(|map| map.as_ref().and_then(|map| kind_of(map, of)))
        })
    });
    let is_text = move || kind.get() == Some(FieldType::Text);
    let first_name = memo(move |_| {
        map.with(|map| {
            map.as_ref()
                .is_some_and(|map| map.target == Target::Field(FIRST_NAME))
        })
    });
    let translated = memo(move |_| map.with(|map| map.as_ref().map_or(0, |map| map.values.len())));
    let is =
        move |read: fn(&ColumnMap) -> bool| derived(move || map.with(|map| map.as_ref().is_some_and(read)));
    let tick = move |label: &'static str, value: Signal<bool>, set: fn(&mut ColumnMap, bool)| {
        let id = unique("change");
        view! {
            <div class="choice">
                <input
                    type="checkbox"
                    class="choice-box"
                    id=id.clone()
                    prop:checked=value
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        flow.edit_column(at, |map| set(map, on));
                    }
                />
                <label class="choice-label" for=id>{label}</label>
            </div>
        }
    };
    let button = move || match translated.get() {
        0 => "Translate values…".to_owned(),
        many => format!("Translate values… ({})", format::number(many as u64)),
    };
    view! {
        <div class="map-ticks" role="group" aria-label=format!("Changes to {name}")>
            <Button label=derived(button) look=Look::Quiet small=true on_press=move |_| on_translate.run(at)/>
            {move || kind.get().is_some().then(|| tick("Trim", is(|map| map.trim), |map, on| map.trim = on))}
            {move || is_text().then(|| tick("Fix capitals", is(|map| map.fix_capitals), |map, on| map.fix_capitals = on))}
            {move || first_name.get().then(|| {
                tick("Split full name", is(|map| map.split_name), |map, on| map.split_name = on)
            })}
        </div>
    }
}
