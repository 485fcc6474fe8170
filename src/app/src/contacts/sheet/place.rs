//! One field of a contact, edited in place.

use super::text_of;
use crate::contacts::show;
use crate::contacts::value::{Control, ValueInput};
use crate::state::use_app;
use crate::ui::reactive::{effect, memo};
use crate::ui::{Glyph, Icon, unique};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::history::ContactSheet;
use model::message::Request;
use model::{ContactId, FieldDef, FieldType, Status};

/// One field with its value, edited in place: saved on leaving or Enter, taken back with Esc.
#[component]
pub fn Place(
    /// The contact.
    id: ContactId,
    /// The field.
    field: FieldDef,
    /// The contact's values.
    sheet: Memo<Option<ContactSheet>>,
) -> impl IntoView {
    let app = use_app();
    let field_id = field.id;
    let saved = memo(move |_| {
        sheet.with(|sheet| {
            sheet
                .as_ref()
                .map(|sheet| text_of(sheet, field_id))
                .unwrap_or_default()
        })
    });
    let value = RwSignal::new(saved.get_untracked());
    let error = RwSignal::new(None::<String>);
    // What was put into the box last, by the data or by sending what was typed; and how many answers are awaited.
    let put = StoredValue::new(saved.get_untracked());
    let awaited = StoredValue::new(0u32);
    // What another tab or an undo wrote shows here at once; what is being typed, or on its way, stays.
    effect(move || {
        let now = saved.get();
        let rests = value.with_untracked(|value| put.with_value(|put| value == put));
        if rests && awaited.get_value() == 0 {
            put.set_value(now.clone());
            value.set(now);
            error.set(None);
        }
    });
    let control_id = unique("place");
    let label = field.name.clone();
    if field.status == Status::ReadOnly {
        let shown = {
            let field = field.clone();
            move || match saved.get() {
                text if text.is_empty() => "–".to_owned(),
                text => show::value(&text, &field, app),
            }
        };
        return view! {
            <div class="place">
                <span class="place-label" id=control_id.clone()>{label}</span>
                <span class="place-fixed" aria-labelledby=control_id>{shown}</span>
            </div>
        }
        .into_any();
    }
    let save = move |()| {
        let (Some(text), Some(before)) = (value.try_get_untracked(), saved.try_get_untracked()) else {
            return;
        };
        // Enter saves, and leaving right afterwards must not save the same once more.
        let before = match (awaited.try_get_value(), put.try_get_value()) {
            (Some(1..), Some(sent)) => sent,
            _ => before,
        };
        if text == before {
            return;
        }
        put.try_set_value(text.clone());
        awaited.try_update_value(|awaited| *awaited += 1);
        spawn_local(async move {
            let request = Request::EditContact {
                contact: id,
                field: field_id,
                value: text,
            };
            match app.ask(request).await {
                Ok(reply) => {
                    app.say_done(&reply);
                    error.try_set(None);
                }
                // On a screen that is gone nobody would see it at its field.
                Err(problem) if error.is_disposed() => app.report(&problem),
                Err(problem) => {
                    error.try_set(Some(problem.to_string()));
                }
            }
            awaited.try_update_value(|awaited| *awaited -= 1);
        });
    };
    // Going elsewhere by Back or a short cut leaves the input, too.
    on_cleanup(move || {
        if error.try_with_untracked(Option::is_none) == Some(true) {
            save(());
        }
    });
    let back = move |()| {
        put.set_value(saved.get_untracked());
        value.set(saved.get_untracked());
        error.set(None);
    };
    let control = Control {
        error: error.into(),
        id: control_id.clone(),
        placeholder: "–",
        on_done: Some(Callback::new(save)),
        on_back: Some(Callback::new(back)),
        ..Control::default()
    };
    let described = format!("{control_id}-about");
    let labelled = if field.kind == FieldType::Checkbox {
        view! { <span class="place-label">{label}</span> }.into_any()
    } else {
        view! { <label for=control_id>{label}</label> }.into_any()
    };
    view! {
        <div class="place">
            {labelled}
            <ValueInput field=field value=value control=control/>
            <p class="field-error" id=described hidden=move || error.with(Option::is_none)>
                <Glyph icon=Icon::Warning/>
                {error}
            </p>
        </div>
    }
    .into_any()
}
