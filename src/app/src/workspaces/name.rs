//! The dialog that asks for the name of a workspace.

use super::registry::{MAX_NAME, tidy};
use crate::ui::reactive::effect;
use crate::ui::{Button, Dialog, DialogFoot, Look, TextField};
use leptos::prelude::*;

/// Asks for the name of a workspace.
#[component]
pub fn NameDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// A line above the name; may be empty.
    #[prop(optional, into)]
    text: Signal<String>,
    /// What the button says.
    button: &'static str,
    /// The name that it begins with.
    #[prop(optional, into)]
    before: Signal<String>,
    /// Takes the name.
    #[prop(into)]
    on_name: Callback<String>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    effect(move || {
        if open.get() {
            name.set(before.get_untracked());
            error.set(None);
        }
    });
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let tidied = name.with_untracked(|name| tidy(name));
        if tidied.is_empty() {
            error.set(Some("Give the workspace a name".to_owned()));
            return;
        }
        open.set(false);
        on_name.run(tidied);
    };
    view! {
        <Dialog open=open title=title>
            <form class="form" on:submit=go>
                {move || text.with(|text| (!text.is_empty()).then(|| view! { <p>{text.clone()}</p> }))}
                <TextField label="Name" value=name error=error required=true max=MAX_NAME focus=true/>
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button label=button look=Look::Primary submit=true/>
                </DialogFoot>
            </form>
        </Dialog>
    }
}
