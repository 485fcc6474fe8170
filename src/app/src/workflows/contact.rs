//! Choosing one contact by a search.

use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::ui::{Button, Later, Look, Notice, TextField, Tone, format};
use leptos::prelude::*;
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME};
use model::message::{Reply, Request, Row};
use model::{ContactId, Query};

/// So many contacts are offered at once.
const OFFERED: u32 = 6;

/// A contact with the words that people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The contact.
    pub id: ContactId,
    /// Its name, else its key.
    pub name: String,
    /// Its key, where the name isn't that.
    pub key: String,
}

/// What people know a contact by, from its first and last name, email and external ID.
fn chosen(row: Row) -> Chosen {
    let cell = |at: usize| row.cells.get(at).map(|cell| cell.trim()).unwrap_or_default();
    let name = format!("{} {}", cell(0), cell(1)).trim().to_owned();
    let key = [cell(2), cell(3)].into_iter().find(|key| !key.is_empty());
    let key = key.map_or_else(|| format!("Contact {}", row.id), str::to_owned);
    match name.is_empty() {
        true => Chosen {
            id: row.id,
            name: key,
            key: String::new(),
        },
        false => Chosen {
            id: row.id,
            name,
            key,
        },
    }
}

/// A search for contacts, and those found to choose from.
#[component]
pub fn ContactPicker(
    /// The contact that is chosen.
    value: RwSignal<Option<Chosen>>,
) -> impl IntoView {
    let app = use_app();
    let typed = RwSignal::new(String::new());
    let search = RwSignal::new(String::new());
    let later = Later::new();
    crate::ui::reactive::effect(move || {
        typed.track();
        later.run(move || {
            let words = typed.with_untracked(|typed| typed.trim().to_owned());
            if search.with_untracked(|search| *search != words) {
                search.set(words);
            }
        });
    });
    let answer = app.live(move || {
        let wanted = value.with(Option::is_none);
        wanted.then(|| Request::Rows {
            query: Query {
                search: search.get(),
                ..Query::default()
            },
            columns: vec![FIRST_NAME, LAST_NAME, EMAIL, EXTERNAL_ID],
            start: 0,
            count: OFFERED,
            why: None,
        })
    });
    let found = memo(move |_| match answer.get() {
        Some(Ok(Reply::Rows(rows))) => {
            Some((rows.total, rows.rows.into_iter().map(chosen).collect::<Vec<_>>()))
        }
        _ => None,
    });
    let problem = move || match answer.get() {
        Some(Err(problem)) => Some(view! { <Notice tone=Tone::Danger text=problem.to_string()/> }),
        _ => None,
    };
    let line = move |contact: Chosen| {
        let Chosen { name, key, .. } = contact.clone();
        view! {
            <li>
                <button type="button" class="workflow-contact" on:click=move |_| value.set(Some(contact.clone()))>
                    <span>{name}</span>
                    <span class="soft small">{key}</span>
                </button>
            </li>
        }
    };
    let list = move || {
        found.get().map(|(total, contacts)| {
            let more = total.saturating_sub(contacts.len() as u64);
            let words = match (total, more) {
                (0, _) => "Nobody found".to_owned(),
                (_, 0) => String::new(),
                (_, more) => format!("{} more; type to find them", format::number(more)),
            };
            view! {
                <ul class="workflow-contacts">{contacts.into_iter().map(line).collect_view()}</ul>
                <p class="soft small" role="status">{words}</p>
            }
        })
    };
    move || {
        match value.get() {
        Some(Chosen { name, key, .. }) => view! {
            <div class="field">
                <p class="field-label">"Contact"</p>
                <div class="workflow-chosen">
                    <span><strong>{name}</strong>" "<span class="soft small">{key}</span></span>
                    <Button label="Choose another" small=true look=Look::Quiet on_press=move |_| value.set(None)/>
                </div>
            </div>
        }
        .into_any(),
        None => view! {
            <div>
                <TextField label="Find a contact" value=typed kind="search" placeholder="Name, email, phone or ID"/>
                {problem}
                {list}
            </div>
        }
        .into_any(),
    }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_without_a_name_is_known_by_its_key() {
        let row = |cells: [&str; 4]| Row {
            id: ContactId(7),
            cells: cells.map(str::to_owned).to_vec(),
            why: None,
        };
        for (cells, name, key) in [
            (
                ["Ana", "Ruiz", "ana@example.com", ""],
                "Ana Ruiz",
                "ana@example.com",
            ),
            (["", "", "ana@example.com", "A1"], "ana@example.com", ""),
            (["", "", "", "A1"], "A1", ""),
            (["Ana", "", "", "A1"], "Ana", "A1"),
            (["", "", "", ""], "Contact 7", ""),
        ] {
            let found = chosen(row(cells));
            assert_eq!((found.name.as_str(), found.key.as_str()), (name, key));
        }
    }
}
