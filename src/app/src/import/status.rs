//! The question that no column answers: the subscription status of new people.

use super::flow::Flow;
use crate::ui::reactive::memo;
use crate::ui::{Choice, RadioGroup, TextField};
use leptos::prelude::*;

/// Asks for the subscription status of new people, where nothing in the mapping gives it.
#[component]
pub fn StatusQuestion(flow: Flow) -> impl IntoView {
    let form = flow.form;
    let asked = memo(move |_| flow.asks_status());
    let subscribed = memo(move |_| form.status.with(|status| status == "subscribed"));
    let choices = vec![
        Choice {
            key: "unknown".into(),
            label: "Unknown".into(),
            detail: "Nothing is written".into(),
        },
        Choice {
            key: "subscribed".into(),
            label: "All subscribed".into(),
            detail: "Only if they have agreed to get your newsletter".into(),
        },
    ];
    let question = move || {
        let choices = choices.clone();
        asked.get().then(|| view! {
            <section class="card" aria-label="Subscription status of new people">
                <p class="soft">"No column goes to Newsletter status"</p>
                <RadioGroup label="Subscription status of new people" choices=choices value=form.status/>
                <Show when=move || subscribed.get()>
                    <div class="form-row">
                        <TextField label="Consent date" kind="date" value=form.consent_at hint="When they agreed, if you know"/>
                        <TextField
                            label="Consent source"
                            value=form.consent_source
                            max=200
                            hint="Where they agreed: a form, a fair, a shop"
                        />
                    </div>
                </Show>
            </section>
        })
    };
    view! { {question} }
}
