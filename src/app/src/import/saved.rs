//! Mappings kept by name: where the suggestion comes from, choosing a saved one, saving the present one.

use super::flow::Flow;
use super::target::{folded, put_on};
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Choice, Dialog, DialogFoot, Icon, Look, SelectField, TextField};
use leptos::prelude::*;
use model::field::MAX_NAME;
use model::import::SavedMapping;
use model::message::Request;

/// The services whose exports map themselves (design, section 6).
const SERVICES: [&str; 4] = ["Mailchimp", "HubSpot", "Klaviyo", "Shopify"];

/// Where a suggestion comes from, in words.
pub fn origin(from: &str) -> String {
    if from.is_empty() {
        "Suggested by the names and values of the columns; change what is not right".to_owned()
    } else if SERVICES.iter().any(|service| from.starts_with(service)) {
        format!("Recognized: a {from} export. Change what is not right")
    } else {
        format!("From your saved mapping {from}, since this file has the same columns")
    }
}

/// Where the suggestion comes from, and the saved mappings.
#[component]
pub fn Saved(flow: Flow) -> impl IntoView {
    let app = use_app();
    let from = memo(move |_| {
        flow.preview.with(|preview| {
            preview
                .as_ref()
                .map(|preview| origin(&preview.mapping_from))
                .unwrap_or_default()
        })
    });
    let chosen = RwSignal::new(String::new());
    let saving = RwSignal::new(false);
    let choices = memo(move |_| {
        let saved = app.overview.with(|overview| {
            overview
                .mappings
                .iter()
                .map(|saved| Choice::new(saved.name.clone(), saved.name.clone()))
                .collect::<Vec<_>>()
        });
        std::iter::once(Choice::new("", "As suggested"))
            .chain(saved)
            .collect::<Vec<_>>()
    });
    let has_any = memo(move |_| app.overview.with(|overview| !overview.mappings.is_empty()));
    let choose = move |name: String| {
        let suggested = flow
            .preview
            .with_untracked(|preview| preview.as_ref().map(|preview| preview.mapping.clone()));
        let Some(suggested) = suggested else { return };
        let put = app.overview.with_untracked(|overview| {
            let saved = overview.mappings.iter().find(|saved| saved.name == name)?;
            Some(put_on(&saved.mapping, &suggested, &overview.fields))
        });
        flow.edit(|mapping| *mapping = put.unwrap_or(suggested));
    };
    view! {
        <div class="map-head">
            <p class="page-line">{from}</p>
            <Show when=move || has_any.get()>
                <SelectField label="Saved mapping" choices=choices value=chosen on_change=choose/>
            </Show>
            <Button label="Save mapping…" icon=Icon::Save on_press=move |_| saving.set(true)/>
        </div>
        <Dialog open=saving title="Save mapping">
            <SaveForm flow=flow open=saving/>
        </Dialog>
    }
}

/// Asks for a name and saves the present mapping by it.
#[component]
fn SaveForm(flow: Flow, open: RwSignal<bool>) -> impl IntoView {
    let app = use_app();
    let name = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let replaces = memo(move |_| {
        let typed = name.with(|name| folded(name));
        app.overview.with(|overview| {
            overview
                .mappings
                .iter()
                .find(|saved| folded(&saved.name) == typed)
                .map(|saved| saved.name.clone())
        })
    });
    let hint = derived(move || match replaces.get() {
        Some(name) => format!("Takes the place of the mapping {name}"),
        None => "Offered again for files with the same columns".to_owned(),
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mapping = flow.mapping.get_untracked();
        let saved = SavedMapping {
            name: name.with_untracked(|name| name.trim().to_owned()),
            mapping,
        };
        app.write_from_dialog(open, busy, problem, Request::SaveMapping(saved), |_| {});
    };
    view! {
        <form class="form" on:submit=save>
            <TextField
                label="Name"
                value=name
                max=MAX_NAME
                required=true
                focus=true
                hint=hint
                error=problem
            />
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button
                    label="Save"
                    look=Look::Primary
                    submit=true
                    disabled=derived(move || busy.get() || name.with(|name| name.trim().is_empty()))
                />
            </DialogFoot>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn services_are_told_from_saved_mappings() {
        assert!(origin("Mailchimp").contains("a Mailchimp export"));
        assert!(origin("Our shop").contains("your saved mapping Our shop"));
        assert!(origin("").starts_with("Suggested"));
    }
}
