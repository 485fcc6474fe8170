//! The form for a new contact.

use super::value::{Control, ValueInput};
use crate::router::here;
use crate::state::{App, once, use_app};
use crate::ui::{Button, LinkButton, Look, Notice, Page, Tone};
use leptos::prelude::*;
use model::field::{
    BIRTHDATE, EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME, MOBILE_PHONE, NEWSLETTER_STATUS, SMS_STATUS,
};
use model::message::{Reply, Request};
use model::route::Route;
use model::{FieldDef, FieldId, Status};

/// The system fields the form asks for; the others can be filled on the contact's page.
const ASKED: [FieldId; 8] = [
    EMAIL,
    EXTERNAL_ID,
    FIRST_NAME,
    LAST_NAME,
    MOBILE_PHONE,
    BIRTHDATE,
    NEWSLETTER_STATUS,
    SMS_STATUS,
];

/// One input of the form.
#[derive(Clone)]
struct Input {
    field: FieldDef,
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

fn inputs(app: App) -> Vec<Input> {
    app.overview.with_untracked(|overview| {
        overview
            .fields
            .iter()
            .map(|info| info.def.clone())
            .filter(|field| field.status == Status::Custom || ASKED.contains(&field.id))
            .map(|field| Input {
                value: RwSignal::new(field.default.clone()),
                error: RwSignal::new(None),
                field,
            })
            .collect()
    })
}

/// The form for a new contact.
#[component]
pub fn NewContact() -> impl IntoView {
    let app = use_app();
    let inputs = inputs(app);
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let rows = |custom: bool| {
        inputs
            .iter()
            .filter(|input| (input.field.status == Status::Custom) == custom)
            .map(|input| {
                view! {
                    <ValueInput
                        field=input.field.clone()
                        value=input.value
                        control=Control { error: input.error.into(), ..Control::default() }
                        framed=true
                    />
                }
            })
            .collect_view()
    };
    let general = rows(false);
    let has_custom = inputs.iter().any(|input| input.field.status == Status::Custom);
    let custom = rows(true);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut values = Vec::new();
        for input in &inputs {
            input.error.set(None);
            let text = input.value.with_untracked(|value| value.trim().to_owned());
            if !text.is_empty() {
                values.push((input.field.id, text));
            }
        }
        let has = |id| values.iter().any(|(field, _)| *field == id);
        if !has(EMAIL) && !has(EXTERNAL_ID) {
            if let Some(input) = inputs.iter().find(|input| input.field.id == EMAIL) {
                input.error.set(Some(
                    "Give an email or an external ID; a contact needs one of them".to_owned(),
                ));
            }
            return;
        }
        let errors: Vec<_> = inputs
            .iter()
            .map(|input| (input.field.clone(), input.error))
            .collect();
        problem.set(None);
        let here = here();
        once(busy, async move {
            match app.ask(Request::CreateContact(values)).await {
                Ok(reply) => {
                    app.say_done(&reply);
                    if let Reply::Created(id, _) = reply {
                        here.go(&Route::Contact(id));
                    }
                }
                Err(what) => {
                    let mut errors = errors.into_iter();
                    let place = errors.find(|(field, _)| field.key == what.at || field.name == what.at);
                    app.report_at(place.map_or(problem, |(_, error)| error), &what);
                }
            }
        });
    };
    view! {
        <Page title="Create contact" back=("Contacts".to_owned(), Route::default().to_string())>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <form class="form" on:submit=save>
                <fieldset class="card">
                    <h2>"General"</h2>
                    {general}
                </fieldset>
                {has_custom.then(|| view! {
                    <fieldset class="card">
                        <h2>"Custom fields"</h2>
                        {custom}
                    </fieldset>
                })}
                <div class="buttons">
                    <Button label="Create contact" look=Look::Primary submit=true disabled=busy/>
                    <LinkButton label="Cancel" href=Route::default().to_string()/>
                </div>
            </form>
        </Page>
    }
}
