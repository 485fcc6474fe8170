//! Lists to choose a field or one of a few words from.

use crate::state::{App, use_app};
use crate::ui::reactive::{derived, memo, part};
use crate::ui::{Choice, Combobox, keep_field};
use leptos::prelude::*;
use model::workflow::node::NO_FIELD;
use model::{FieldDef, FieldId};

/// What is said where something has to be chosen.
pub const NEEDED: &str = "Needed before the workflow can be activated";

/// The definition of a field; none where it was deleted or not chosen yet.
pub fn field_def(app: App, id: FieldId) -> Option<FieldDef> {
    app.overview.with(|overview| {
        let mut fields = overview.fields.iter().map(|field| &field.def);
        fields.find(|def| def.id == id).cloned()
    })
}

/// One of the contact's fields.
#[component]
pub fn FieldPick(
    /// What it is for.
    label: &'static str,
    /// The field, both ways.
    value: RwSignal<FieldId>,
    /// Which fields are offered.
    offered: fn(&FieldDef) -> bool,
    /// A line below it, once one was chosen.
    #[prop(optional)]
    hint: &'static str,
) -> impl IntoView {
    let app = use_app();
    let choices = memo(move |_| {
        app.overview.with(|overview| {
            let fields = overview.fields.iter().map(|field| &field.def);
            let choice = |def: &FieldDef| Choice {
                key: def.id.to_string(),
                label: def.name.clone(),
                detail: def.kind.label().to_owned(),
            };
            let mut choices: Vec<Choice> = fields.filter(|def| offered(def)).map(choice).collect();
            keep_field(&mut choices, value.get());
            choices
        })
    });
    let deleted = memo(move |_| {
        let field = value.get();
        field != NO_FIELD && app.known.get() && field_def(app, field).is_none()
    });
    let error = derived(move || {
        deleted
            .get()
            .then(|| "This field was deleted; choose another".to_owned())
    });
    let said = derived(move || match value.get() == NO_FIELD {
        true => NEEDED.to_owned(),
        false => hint.to_owned(),
    });
    let pick = move |key: String| {
        if let Ok(field) = key.parse() {
            value.set(field);
        }
    };
    view! {
        <Combobox
            label=label
            framed=true
            choices=choices
            value=derived(move || value.get().to_string())
            placeholder="Choose a field…"
            on_pick=pick
            hint=said
            error=error
        />
    }
}

/// A word of a table: what it stands for, its key, what it says, and a line about it.
pub type Word<T> = (T, &'static str, &'static str, &'static str);

/// A value as the key of its word.
pub fn keyed<T>(value: RwSignal<T>, words: &'static [Word<T>]) -> RwSignal<String>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let get = move |value: &T| {
        let word = words.iter().find(|(one, ..)| one == value);
        word.map_or_else(String::new, |(_, key, ..)| (*key).to_owned())
    };
    let set = move |value: &mut T, key: String| {
        if let Some((one, ..)) = words.iter().find(|(_, known, ..)| *known == key) {
            *value = one.clone();
        }
    };
    part(value, get, set)
}

/// The words of a table as choices.
pub fn choices<T>(words: &'static [Word<T>]) -> Vec<Choice> {
    let choice = |(_, key, label, detail): &Word<T>| Choice {
        key: (*key).to_owned(),
        label: (*label).to_owned(),
        detail: (*detail).to_owned(),
    };
    words.iter().map(choice).collect()
}
