//! Literals: a field and one value that every row gets.

use super::fault::Place;
use super::flow::Flow;
use crate::contacts::{Control, ValueInput};
use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::ui::{Combobox, Glyph, Icon, IconButton, field_choices, unique};
use leptos::prelude::*;
use model::field::{EMAIL, EXTERNAL_ID};
use model::ids::FieldId;
use model::import::Literal;

/// Literals, and a list of fields that adds one.
#[component]
pub fn Literals(flow: Flow) -> impl IntoView {
    let app = use_app();
    let ids = memo(move |_| {
        flow.mapping.with(|mapping| {
            mapping
                .literals
                .iter()
                .map(|literal| literal.field)
                .collect::<Vec<_>>()
        })
    });
    let choices = memo(move |_| {
        let taken = ids.get();
        // Email and External ID differ from contact to contact.
        let free = |key: &str| {
            key.parse()
                .is_ok_and(|id| !taken.contains(&id) && id != EMAIL && id != EXTERNAL_ID)
        };
        app.overview
            .with(|overview| field_choices(overview, true))
            .into_iter()
            .filter(|choice| free(&choice.key))
            .collect::<Vec<_>>()
    });
    let add = move |key: String| {
        if let Ok(field) = key.parse() {
            flow.edit(|mapping| {
                mapping.literals.push(Literal {
                    field,
                    value: String::new(),
                })
            });
        }
    };
    view! {
        <section class="card" aria-label="Literal">
            <h3>"Literal"</h3>
            <p class="soft">"One value for every row"</p>
            <For each=move || ids.get() key=|id| *id let:id>
                <Line flow=flow id=id/>
            </For>
            <Combobox
                label="Add a literal"
                framed=true
                choices=choices
                value=String::new()
                on_pick=add
                placeholder="Choose a field"
            />
        </section>
    }
}

/// One literal: its field, its value, and a button that takes it away.
#[component]
fn Line(flow: Flow, id: FieldId) -> impl IntoView {
    let app = use_app();
    let field = app.overview.with_untracked(|overview| {
        overview
            .fields
            .iter()
            .find(|field| field.def.id == id)
            .map(|field| field.def.clone())
    });
    let place = move |mapping: &model::import::Mapping| {
        mapping.literals.iter().position(|literal| literal.field == id)
    };
    let start = flow.mapping.with_untracked(|mapping| {
        place(mapping)
            .and_then(|at| mapping.literals.get(at))
            .map(|literal| literal.value.clone())
            .unwrap_or_default()
    });
    let value = RwSignal::new(start);
    Effect::new(move |before: Option<String>| {
        let now = value.get();
        if before.is_some_and(|before| before != now) {
            let new = now.clone();
            flow.edit(|mapping| {
                if let Some(literal) = mapping.literals.iter_mut().find(|literal| literal.field == id) {
                    literal.value = new;
                }
            });
        }
        now
    });
    let fault = memo(move |_| {
        let at = flow.mapping.with(place)?;
        flow.faults.with(|faults| {
            faults
                .iter()
                .find(|fault| fault.place == Place::Literal(at))
                .map(|fault| fault.what.clone())
        })
    });
    let name = field
        .as_ref()
        .map_or_else(|| "A field that is gone".to_owned(), |field| field.name.clone());
    let control_id = unique("literal");
    let control = Control {
        error: fault.into(),
        id: control_id.clone(),
        ..Control::default()
    };
    let remove = format!("Remove the literal for {name}");
    view! {
        <div class="literal">
            <label class="field-label" for=control_id.clone()>{name}</label>
            <div class="literal-value">{field.map(|field| view! { <ValueInput field=field value=value control=control/> })}</div>
            <IconButton
                icon=Icon::Close
                label=remove
                on_press=move |_| flow.edit(|mapping| mapping.literals.retain(|literal| literal.field != id))
            />
            <div class="literal-fault" id=format!("{control_id}-about")>
                {move || fault.get().map(|fault| view! { <p class="field-error"><Glyph icon=Icon::Warning/>{fault}</p> })}
            </div>
        </div>
    }
}
