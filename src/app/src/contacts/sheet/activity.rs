//! What happened to a contact last.

use crate::history::Changes;
use leptos::prelude::*;
use model::ContactId;
use model::history::Scope;
use model::route::Route;

/// The last changes of a contact.
#[component]
pub fn Activity(
    /// The contact.
    id: ContactId,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="activity">
            <div class="card-head">
                <h2 id="activity">"Activity"</h2>
                <a href=Route::ContactHistory(id).to_string()>"All changes"</a>
            </div>
            <Changes scope=Scope::Contact(id) few=true/>
        </section>
    }
}
