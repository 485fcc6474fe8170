//! The form that makes or changes a custom field.

use super::list::Editing;
use super::options::{fault, slug};
use crate::contacts::{Control, ValueInput};
use crate::router::here_in;
use crate::state::{once, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{
    Button, Checkbox, Choice, Dialog, DialogFoot, Icon, IconButton, Look, Notice, SelectField, TextField,
    Tone,
};
use leptos::prelude::*;
use model::field::{FieldOption, MAX_NAME, MAX_OPTIONS, is_key};
use model::message::Request;
use model::{FieldDef, FieldId, FieldType, Status};

/// The dialog around the form.
#[component]
pub fn FieldDialog(
    /// Which field it is open for.
    editing: RwSignal<Editing>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || {
        if editing.with(|editing| *editing != Editing::Closed) {
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            editing.set(Editing::Closed);
        }
    });
    let title = move || match editing.get() {
        Editing::Field(def) => format!("Edit {}", def.name),
        Editing::New | Editing::Closed => "Create field".to_owned(),
    };
    view! {
        <Dialog open=open title=derived(title)>
            {move || match editing.get() {
                Editing::Closed => ().into_any(),
                Editing::New => view! { <Form def=None open=open/> }.into_any(),
                Editing::Field(def) => view! { <Form def=Some(def) open=open/> }.into_any(),
            }}
        </Dialog>
    }
}

/// One option while it is edited.
#[derive(Clone, Copy, PartialEq)]
struct OptionRow {
    number: u32,
    /// Stored values name it, so its id stays.
    fixed: bool,
    id: RwSignal<String>,
    name: RwSignal<String>,
}

impl OptionRow {
    fn read(self) -> FieldOption {
        let name = self.name.with(|name| name.trim().to_owned());
        let id = self.id.with(|id| id.trim().to_owned());
        FieldOption {
            id: if id.is_empty() { slug(&name) } else { id },
            name,
        }
    }
}

/// The form.
#[component]
fn Form(
    /// The field; none for a new one.
    def: Option<FieldDef>,
    /// Whether the dialog around it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let new = def.is_none();
    let def = def.unwrap_or_else(|| FieldDef {
        id: FieldId(0),
        key: String::new(),
        name: String::new(),
        kind: FieldType::Text,
        status: Status::Custom,
        required: false,
        default: String::new(),
        options: Vec::new(),
    });
    let from = def.clone();
    let field_id = def.id;
    let kinds: Vec<Choice> = FieldType::ALL
        .iter()
        .enumerate()
        .map(|(at, kind)| Choice::new(at.to_string(), kind.label()))
        .collect();
    let at = FieldType::ALL
        .iter()
        .position(|kind| *kind == def.kind)
        .unwrap_or(0);
    let kind_key = RwSignal::new(at.to_string());
    let kind = memo(move |_| {
        let at: usize = kind_key.get().parse().unwrap_or(0);
        FieldType::ALL.get(at).copied().unwrap_or(FieldType::Text)
    });
    let name = RwSignal::new(def.name);
    let key = RwSignal::new(def.key);
    let required = RwSignal::new(def.required);
    let default = RwSignal::new(def.default);
    let row = |number: u32, fixed: bool, option: FieldOption| OptionRow {
        number,
        fixed,
        id: RwSignal::new(option.id),
        name: RwSignal::new(option.name),
    };
    let rows: Vec<OptionRow> = def
        .options
        .into_iter()
        .zip(0..)
        .map(|(option, at)| row(at, !new, option))
        .collect();
    let next = StoredValue::new(rows.len() as u32);
    let rows = RwSignal::new(rows);
    let add_option = move || {
        let number = next.get_value();
        next.set_value(number + 1);
        let blank = FieldOption {
            id: String::new(),
            name: String::new(),
        };
        rows.update(|rows| rows.push(row(number, false, blank)));
    };
    // A field of options begins with room for the first.
    effect(move || {
        if kind.get().has_options() && rows.with_untracked(Vec::is_empty) {
            add_option();
        }
    });
    let options = move || rows.with(|rows| rows.iter().map(|row| row.read()).collect::<Vec<_>>());
    let (name_error, key_error, option_error, default_error, problem) = (
        RwSignal::new(None::<String>),
        RwSignal::new(None::<String>),
        RwSignal::new(None::<String>),
        RwSignal::new(None::<String>),
        RwSignal::new(None::<String>),
    );
    let busy = RwSignal::new(false);
    let effective_key = move || key.with(|key| key.trim().to_owned());
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        for error in [name_error, key_error, option_error, default_error, problem] {
            error.set(None);
        }
        let name = name.with_untracked(|name| name.trim().to_owned());
        let typed = untrack(effective_key);
        let key = if typed.is_empty() { slug(&name) } else { typed };
        let kind = kind.get_untracked();
        let options = if kind.has_options() {
            untrack(options)
        } else {
            Vec::new()
        };
        if name.is_empty() {
            name_error.set(Some("Give the field a name".to_owned()));
        }
        if !is_key(&key) {
            key_error.set(Some("Use letters, digits, - and _".to_owned()));
        }
        if kind.has_options() {
            option_error.set(fault(&options));
        }
        let default = default.with_untracked(|default| default.trim().to_owned());
        if required.get_untracked() && default.is_empty() {
            default_error.set(Some(
                "A required field needs a default, which fills everyone".to_owned(),
            ));
        }
        if [name_error, key_error, option_error, default_error]
            .iter()
            .any(|error| error.with_untracked(Option::is_some))
        {
            return;
        }
        let to = FieldDef {
            id: field_id,
            key,
            name,
            kind,
            status: Status::Custom,
            required: required.get_untracked(),
            default,
            options,
        };
        let request = if new {
            Request::CreateField(to)
        } else {
            Request::EditField {
                from: from.clone(),
                to,
            }
        };
        let here = here_in(open);
        once(busy, async move {
            match app.ask(request).await {
                Ok(reply) => {
                    app.say_done(&reply);
                    if here.still() {
                        open.set(false);
                    }
                }
                Err(what) => {
                    let place = match what.at.as_str() {
                        "Name" | "name" => name_error,
                        "Id" | "id" | "key" => key_error,
                        "Default" | "default" => default_error,
                        "Options" | "options" => option_error,
                        _ => problem,
                    };
                    app.report_at(place, &what);
                }
            }
        });
    };
    let default_input = move || {
        let field = FieldDef {
            id: field_id,
            key: String::new(),
            name: "Default".to_owned(),
            kind: kind.get(),
            status: Status::Custom,
            required: required.get(),
            default: String::new(),
            options: if kind.get().has_options() {
                options()
                    .into_iter()
                    .filter(|option| !option.name.is_empty())
                    .collect()
            } else {
                Vec::new()
            },
        };
        view! {
            <ValueInput
                field=field
                value=default
                control=Control { error: default_error.into(), ..Control::default() }
                framed=true
            />
        }
    };
    let hint = if new {
        "The type can't be changed later"
    } else {
        "The type of a field can't be changed"
    };
    let key_hint = move || {
        if !new {
            return "Files and saved mappings name the field by this".to_owned();
        }
        let made = name.with(|name| slug(name));
        if effective_key().is_empty() && !made.is_empty() {
            format!("Left empty, it becomes {made}")
        } else {
            String::new()
        }
    };
    view! {
        <form class="form" on:submit=save>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <SelectField
                label="Type"
                choices=kinds
                value=kind_key
                hint=hint
                disabled=!new
                on_change=move |_| default.set(String::new())
            />
            <TextField label="Name" value=name error=name_error required=true max=MAX_NAME focus=true/>
            <TextField label="Id" value=key error=key_error hint=derived(key_hint) disabled=!new max=MAX_NAME/>
            <Show when=move || kind.get().has_options()>
                <fieldset class="field">
                    <legend class="field-label">"Options"</legend>
                    <div class="option-rows">
                        <For each=move || rows.get() key=|row| row.number let:row>
                            <OptionInputs row=row rows=rows/>
                        </For>
                    </div>
                    {move || option_error.get().map(|error| view! { <p class="field-error" role="alert">{error}</p> })}
                    <div class="buttons">
                        <Button
                            label="Add option"
                            look=Look::Quiet
                            small=true
                            icon=Icon::Plus
                            disabled=derived(move || rows.with(Vec::len) >= MAX_OPTIONS)
                            on_press=move |_| add_option()
                        />
                    </div>
                </fieldset>
            </Show>
            <Checkbox label="Required" value=required hint="Every contact has a value; the default fills those without"/>
            {default_input}
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button label="Save" look=Look::Primary submit=true disabled=busy/>
            </DialogFoot>
        </form>
    }
}

/// The two inputs of one option.
#[component]
fn OptionInputs(
    /// The option.
    row: OptionRow,
    /// All options.
    rows: RwSignal<Vec<OptionRow>>,
) -> impl IntoView {
    let place = move || {
        rows.with(|rows| {
            rows.iter()
                .position(|other| other.number == row.number)
                .map_or(0, |at| at + 1)
        })
    };
    view! {
        <div class="option-row">
            <input
                class="input"
                aria-label=move || format!("Name of option {}", place())
                placeholder="Name"
                autocomplete="off"
                prop:value=row.name
                on:input=move |event| row.name.set(event_target_value(&event))
            />
            <input
                class="input"
                aria-label=move || format!("Id of option {}", place())
                placeholder=move || match row.name.with(|name| slug(name)) {
                    made if made.is_empty() => "Id".to_owned(),
                    made => made,
                }
                autocomplete="off"
                disabled=row.fixed
                prop:value=row.id
                on:input=move |event| row.id.set(event_target_value(&event))
            />
            <IconButton
                icon=Icon::Close
                label=derived(move || format!("Remove option {}", place()))
                disabled=row.fixed
                on_press=move |_| rows.update(|rows| rows.retain(|other| other.number != row.number))
            />
        </div>
    }
}
