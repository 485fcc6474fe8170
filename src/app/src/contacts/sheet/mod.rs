//! One contact's page: every field edited in place, its segments with since when and why, what it did, and its last
//! changes.

mod activity;
mod event;
mod place;
mod segments;

pub use segments::why_words;

use super::erase::EraseDialog;
use crate::router::here;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Empty, Icon, LinkButton, Look, Page};
use activity::{Activity, Recent};
use leptos::prelude::*;
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME};
use model::history::ContactSheet;
use model::message::{Reply, Request};
use model::query::Selection;
use model::route::Route;
use model::{ContactId, FieldId, Problem, Status};
use place::Place;
use segments::Segments;

/// What a sheet says of one field.
pub fn text_of(sheet: &ContactSheet, id: FieldId) -> String {
    sheet
        .values
        .iter()
        .find(|(field, _)| *field == id)
        .map(|(_, text)| text.clone())
        .unwrap_or_default()
}

/// How a contact is called: by name, else by a key.
pub fn name_of(sheet: &ContactSheet) -> String {
    let name = format!("{} {}", text_of(sheet, FIRST_NAME), text_of(sheet, LAST_NAME));
    let ways = [
        name.trim().to_owned(),
        text_of(sheet, EMAIL),
        text_of(sheet, EXTERNAL_ID),
    ];
    ways.into_iter()
        .find(|way| !way.is_empty())
        .unwrap_or_else(|| format!("Contact {}", sheet.id))
}

/// One contact's page.
#[component]
pub fn Sheet(
    /// The contact.
    id: ContactId,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(move || Some(Request::Contact(id)));
    let sheet = memo(move |_| match answer.get() {
        Some(Ok(Reply::Contact(sheet))) => Some(sheet),
        _ => None,
    });
    let problem = memo(move |_| match answer.get() {
        Some(Err(problem)) => Some(problem),
        _ => None,
    });
    let title = derived(move || match (sheet.get(), problem.get()) {
        (Some(sheet), _) => name_of(&sheet),
        (None, Some(_)) => "Contact not found".to_owned(),
        (None, None) => format!("Contact {id}"),
    });
    let delete = move |_| {
        let here = here();
        app.write_then(
            Request::DeleteContacts(Selection::Contacts(vec![id])),
            move |_| {
                here.go(&Route::default());
            },
        );
    };
    let there = memo(move |_| sheet.with(Option::is_some));
    let erasing = RwSignal::new(false);
    let actions = move || {
        view! {
            <LinkButton label="History" icon=Icon::History href=Route::ContactHistory(id).to_string()/>
            <Show when=move || there.get()>
                <Button label="Erase permanently…" on_press=move |_| erasing.set(true)/>
                <Button label="Delete" icon=Icon::Trash on_press=delete/>
            </Show>
        }
    };
    view! {
        <Page title=title back=("Contacts".to_owned(), Route::default().to_string()) actions=actions>
            {move || problem.get().map(|problem| view! { <Gone problem=problem/> })}
            <Show when=move || there.get()>
                <Body id=id sheet=sheet/>
            </Show>
            <EraseDialog
                open=erasing
                selection=move |()| Selection::Contacts(vec![id])
                count=1u64
                leads_to=Route::default()
            />
        </Page>
    }
}

/// What is shown where a contact was.
#[component]
fn Gone(
    /// What the worker said.
    problem: Problem,
) -> impl IntoView {
    view! {
        <Empty icon=Icon::Person title=problem.what text=problem.help>
            <LinkButton label="View all contacts" look=Look::Primary href=Route::default().to_string()/>
        </Empty>
    }
}

/// The cards of a contact that exists.
#[component]
fn Body(
    /// The contact.
    id: ContactId,
    /// Its values and segments.
    sheet: Memo<Option<ContactSheet>>,
) -> impl IntoView {
    let app = use_app();
    let fields = memo(move |_| {
        app.overview.with(|overview| {
            overview
                .fields
                .iter()
                .map(|field| field.def.clone())
                .collect::<Vec<_>>()
        })
    });
    let of = move |status: Status| {
        let wanted = move || {
            fields.with(|fields| {
                fields
                    .iter()
                    .filter(|field| field.status == status)
                    .cloned()
                    .collect::<Vec<_>>()
            })
        };
        view! {
            <div class="places">
                <For each=wanted key=|field| (field.id, field.name.clone(), field.options.len()) let:field>
                    <Place id=id field=field sheet=sheet/>
                </For>
            </div>
        }
    };
    let has_custom =
        memo(move |_| fields.with(|fields| fields.iter().any(|field| field.status == Status::Custom)));
    view! {
        <div class="columns">
            <section class="card" aria-labelledby="general">
                <h2 id="general">"General"</h2>
                {of(Status::System)}
                <Recent sheet=sheet/>
            </section>
            <section class="card" aria-labelledby="custom">
                <div class="card-head">
                    <h2 id="custom">"Custom fields"</h2>
                    <a href=Route::Fields.to_string()>"Fields"</a>
                </div>
                <Show
                    when=move || has_custom.get()
                    fallback=|| view! { <p class="soft">"Fields of your own appear here once you create them"</p> }
                >
                    {of(Status::Custom)}
                </Show>
            </section>
            <Segments id=id sheet=sheet/>
            <Activity id=id name=derived(move || sheet.with(|sheet| sheet.as_ref().map(name_of).unwrap_or_default()))/>
            <section class="card" aria-labelledby="kept">
                <h2 id="kept">"Kept by Corral"</h2>
                {of(Status::ReadOnly)}
            </section>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_called_by_its_name_or_a_key() {
        let mut sheet = ContactSheet {
            id: ContactId(7),
            values: vec![],
            memberships: vec![],
            events: 0,
            recent: vec![],
        };
        assert_eq!(name_of(&sheet), "Contact 7");
        sheet.values.push((EMAIL, "ana@example.com".into()));
        assert_eq!(name_of(&sheet), "ana@example.com");
        sheet.values.push((LAST_NAME, "López".into()));
        assert_eq!(name_of(&sheet), "López");
    }
}
