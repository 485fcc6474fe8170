//! A search for one contact.

use crate::state::use_app;
use crate::ui::reactive::{effect, memo};
use crate::ui::{Button, Later, Look, TextField};
use leptos::prelude::*;
use model::ContactId;
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME};
use model::message::{Reply, Request, Row};
use model::query::Query;

/// So many contacts are offered.
const OFFERED: u32 = 6;

/// How a found contact is called, and its key beside the name.
fn named(row: &Row) -> (String, String) {
    let cell = |at: usize| row.cells.get(at).map(String::as_str).unwrap_or_default();
    let name = format!("{} {}", cell(0), cell(1)).trim().to_owned();
    let key = [cell(2), cell(3)].into_iter().find(|key| !key.is_empty());
    let key = key.unwrap_or_default().to_owned();
    match (name.is_empty(), key.is_empty()) {
        (false, _) => (name, key),
        (true, false) => (key, String::new()),
        (true, true) => (format!("Contact {}", row.id), String::new()),
    }
}

/// The contact chosen, or the search for one.
#[component]
pub fn Whom(
    /// The contact and its name.
    contact: RwSignal<Option<(ContactId, String)>>,
    /// What is missing, where nobody was chosen.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let picked = move |picked: (ContactId, String)| {
        contact.set(Some(picked));
        error.set(None);
    };
    move || match contact.get() {
        Some((_, name)) => view! {
            <div class="field">
                <span class="field-label">"Contact"</span>
                <div class="buttons">
                    <strong>{name}</strong>
                    <Button label="Choose another" small=true on_press=move |_| contact.set(None)/>
                </div>
            </div>
        }
        .into_any(),
        None => view! { <FindContact on_pick=picked error=error/> }.into_any(),
    }
}

/// A search for one contact; what is found can be taken.
#[component]
fn FindContact(
    /// Takes the contact and its name.
    #[prop(into)]
    on_pick: Callback<(ContactId, String)>,
    /// What is missing, where nobody was chosen.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let app = use_app();
    let typed = RwSignal::new(String::new());
    let words = RwSignal::new(String::new());
    let later = Later::new();
    effect(move || {
        typed.track();
        later.run(move || words.set(typed.with_untracked(|typed| typed.trim().to_owned())));
    });
    let answer = app.live(move || {
        let query = Query {
            search: words.get(),
            ..Query::default()
        };
        Some(Request::Rows {
            query,
            columns: vec![FIRST_NAME, LAST_NAME, EMAIL, EXTERNAL_ID],
            start: 0,
            count: OFFERED,
            why: None,
        })
    });
    let rows = memo(move |_| match answer.get() {
        Some(Ok(Reply::Rows(rows))) => Some(rows.rows),
        _ => None,
    });
    let list = move || {
        rows.with(|rows| {
            let rows = rows.as_ref()?;
            if rows.is_empty() {
                return Some(view! { <p class="soft">"No contact matches"</p> }.into_any());
            }
            let rows = rows
                .iter()
                .map(|row| {
                    let (id, (name, key)) = (row.id, named(row));
                    let pick = {
                        let name = name.clone();
                        move |_| on_pick.run((id, name.clone()))
                    };
                    view! {
                        <li class="found">
                            <Button label=name look=Look::Quiet small=true on_press=pick/>
                            <span class="soft small">{key}</span>
                        </li>
                    }
                })
                .collect_view();
            Some(view! { <ul aria-label="Contacts found">{rows}</ul> }.into_any())
        })
    };
    view! {
        <div class="field">
            <TextField
                label="Contact"
                kind="search"
                value=typed
                error=error
                hint="Look for a name, email, phone or external ID, and choose one below"
            />
            {list}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_found_contact_has_a_name_and_a_key() {
        let row = |cells: [&str; 4]| Row {
            id: ContactId(7),
            cells: cells.map(str::to_owned).to_vec(),
            why: None,
        };
        let pair = |name: &str, key: &str| (name.to_owned(), key.to_owned());
        assert_eq!(
            named(&row(["Ana", "López", "ana@example.com", "1"])),
            pair("Ana López", "ana@example.com")
        );
        assert_eq!(named(&row(["", "", "", "1"])), pair("1", ""));
        assert_eq!(named(&row(["", "", "", ""])), pair("Contact 7", ""));
    }
}
