//! What changed a contact.

use super::sheet::name_of;
use crate::history::Changes;
use crate::state::use_app;
use crate::ui::Page;
use crate::ui::reactive::memo;
use leptos::prelude::*;
use model::ContactId;
use model::history::Scope;
use model::message::{Reply, Request};
use model::route::Route;

/// The history of a contact; also of one that was deleted.
#[component]
pub fn ContactHistory(
    /// The contact.
    id: ContactId,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(move || Some(Request::Contact(id)));
    let name = memo(move |_| match answer.get() {
        Some(Ok(Reply::Contact(sheet))) => name_of(&sheet),
        _ => format!("Contact {id}"),
    });
    let back = (format!("Contact {id}"), Route::Contact(id).to_string());
    view! {
        <Page title=crate::ui::reactive::derived(move || format!("History of {}", name.get())) back=back>
            <Changes scope=Scope::Contact(id)/>
        </Page>
    }
}
