//! The list of fields.

use super::form::FieldDialog;
use crate::state::{unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Badge, Button, Empty, Icon, Look, Menu, MenuItem, Page, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use litemap::LiteMap;
use model::field::MAX_CUSTOM_FIELDS;
use model::message::{FieldInfo, Reply, Request};
use model::segment::Use;
use model::{FieldDef, FieldId, Status};

/// How many contacts have a value of each field; empty until the worker has counted.
type Filled = LiteMap<FieldId, u64>;

/// Which field the form is open for.
#[derive(Clone, PartialEq)]
pub enum Editing {
    /// None.
    Closed,
    /// A new one.
    New,
    /// One that exists.
    Field(FieldDef),
}

/// The list of fields.
#[component]
pub fn Fields() -> impl IntoView {
    let app = use_app();
    let editing = RwSignal::new(Editing::Closed);
    let fields = move |custom: bool| {
        memo(move |_| {
            app.overview.with(|overview| {
                let wanted = |field: &&FieldInfo| (field.def.status == Status::Custom) == custom;
                overview.fields.iter().filter(wanted).cloned().collect::<Vec<_>>()
            })
        })
    };
    let (custom, system) = (fields(true), fields(false));
    let filled = RwSignal::new(Filled::new());
    effect(move || {
        app.version.track();
        spawn_local(async move {
            match app.ask(Request::Filled).await {
                // The screen may be gone by then.
                Ok(Reply::Filled(counts)) => drop(filled.try_set(counts.into_iter().collect())),
                Ok(_) => app.report(&unexpected()),
                Err(problem) => app.report(&problem),
            }
        });
    });
    let full = move || custom.with(Vec::len) >= MAX_CUSTOM_FIELDS;
    let actions = move || {
        view! {
            <Button
                label="Create field"
                icon=Icon::Plus
                look=Look::Primary
                disabled=derived(full)
                on_press=move |_| editing.set(Editing::New)
            />
        }
    };
    view! {
        <Page title="Fields" actions=actions>
            <section class="field-section" aria-labelledby="custom-fields">
                <h2 id="custom-fields">
                    {move || format!("Custom fields ({} of {MAX_CUSTOM_FIELDS})", custom.with(Vec::len))}
                </h2>
                <Show
                    when=move || !custom.with(Vec::is_empty)
                    fallback=move || view! {
                        <div class="list-frame">
                            <Empty
                                icon=Icon::Fields
                                title="No custom fields yet"
                                text="What you know of your contacts beyond the system fields goes into fields of your own: a city, a size, a level. Imports can make them, too"
                            >
                                <Button label="Create field" on_press=move |_| editing.set(Editing::New)/>
                            </Empty>
                        </div>
                    }
                >
                    <FieldTable label="Table of custom fields" fields=custom filled=filled editing=editing/>
                </Show>
            </section>
            <section class="field-section" aria-labelledby="system-fields">
                <h2 id="system-fields">"System fields"</h2>
                <FieldTable label="Table of system fields" fields=system filled=filled editing=editing/>
            </section>
            <FieldDialog editing=editing/>
        </Page>
    }
}

/// A table of fields.
#[component]
fn FieldTable(
    /// What the fields are, for who scrolls the table by keys.
    label: &'static str,
    /// The fields.
    fields: Memo<Vec<FieldInfo>>,
    /// How many contacts have a value of each.
    filled: RwSignal<Filled>,
    /// Opens the form.
    editing: RwSignal<Editing>,
) -> impl IntoView {
    let app = use_app();
    let row = move |field: FieldInfo| {
        let FieldInfo { def, used_by } = field;
        let id = def.id;
        let count = move || filled.with(|filled| filled.get(&id).copied());
        let custom = def.status == Status::Custom;
        let share = move || {
            let all = app.overview.with(|overview| overview.contacts);
            let share = (count()? * 100).checked_div(all)?;
            Some(format!("{share} %"))
        };
        let options = custom.then(|| {
            let edit = def.clone();
            let used = used_by.clone();
            let items = move |()| {
                let edit = edit.clone();
                let used = used.clone();
                let name = edit.name.clone();
                vec![
                    MenuItem::act("Edit", move || editing.set(Editing::Field(edit.clone()))).icon(Icon::Edit),
                    MenuItem::line(),
                    MenuItem::act("Delete", move || {
                        let blocking: Vec<String> = used
                            .iter()
                            .filter(|used| used.blocks)
                            .map(Use::to_string)
                            .collect();
                        if blocking.is_empty() {
                            app.write(Request::DeleteField(id));
                        } else {
                            app.toasts.warn(format!(
                                "{name} can't be deleted while {} uses it",
                                blocking.join(", ")
                            ));
                        }
                    })
                    .icon(Icon::Trash)
                    .danger(),
                ]
            };
            view! { <Menu label=format!("Options for {}", def.name) items=items/> }
        });
        view! {
            <tr>
                <th scope="row" class="list-main">
                    <div class="segment-name">
                        {def.name}
                        {(def.status == Status::ReadOnly).then(|| view! { <Badge label="Kept by Corral"/> })}
                        {def.required.then(|| view! { <Badge label="Required"/> })}
                    </div>
                    {(!def.options.is_empty()).then(|| {
                        let names: Vec<String> = def.options.into_iter().map(|option| option.name).collect();
                        view! { <p class="soft small">{names.join(", ")}</p> }
                    })}
                </th>
                <td class="soft"><code>{def.key}</code></td>
                <td>{def.kind.label()}</td>
                <td class="number">{move || count().map(format::number)}</td>
                <td class="number soft">{share}</td>
                <td class="soft">{used_by.iter().map(Use::to_string).collect::<Vec<_>>().join(", ")}</td>
                <td class="list-options">{options}</td>
            </tr>
        }
    };
    view! {
        <div class="list-frame" role="region" aria-label=label tabindex="0">
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Id"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col" class="number">"Filled"</th>
                        <th scope="col" class="number">"Share"</th>
                        <th scope="col">"Used by"</th>
                        <th scope="col"><span class="unseen">"Options"</span></th>
                    </tr>
                </thead>
                <tbody>{move || fields.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
