//! One contact's page: every field edited in place, and its segments with since when and why.

use super::bulk::MemberDialog;
use super::show;
use super::value::{Control, ValueInput};
use crate::palette::members;
use crate::router::navigate;
use crate::state::{App, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Empty, Glyph, Icon, IconButton, LinkButton, Look, Page, format, unique};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME};
use model::history::{CauseLabel, ContactSheet, Membership};
use model::message::{Reply, Request};
use model::query::Selection;
use model::route::Route;
use model::segment::MemberAction;
use model::{ContactId, FieldDef, FieldId, FieldType, Problem, Status};

/// What a sheet says of one field.
fn text_of(sheet: &ContactSheet, id: FieldId) -> String {
    sheet
        .values
        .iter()
        .find(|(field, _)| *field == id)
        .map(|(_, text)| text.clone())
        .unwrap_or_default()
}

/// How a contact is called: by name, else by a key.
fn name_of(sheet: &ContactSheet) -> String {
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

/// By what a contact became a member, in words.
pub fn cause_words(cause: &CauseLabel, line: u64) -> String {
    match cause {
        CauseLabel::Person => "added by hand".to_owned(),
        CauseLabel::Import(file) => {
            let file = if file.is_empty() { "pasted rows" } else { file };
            if line > 0 {
                format!("by import of {file}, line {}", format::number(line))
            } else {
                format!("by import of {file}")
            }
        }
        CauseLabel::Demo => "by the demo".to_owned(),
        CauseLabel::Undo(_) => "by an undo".to_owned(),
        CauseLabel::Redo(_) => "by a redo".to_owned(),
        CauseLabel::SetOperation => "by a set operation".to_owned(),
        CauseLabel::Baseline => "since before the history begins".to_owned(),
    }
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
        app.write_then(Request::DeleteContacts(Selection::Contacts(vec![id])), |_| {
            navigate(&Route::default())
        });
    };
    let there = memo(move |_| sheet.with(Option::is_some));
    let actions = move || {
        view! {
            <Show when=move || there.get()>
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
            <section class="card" aria-labelledby="kept">
                <h2 id="kept">"Kept by Corral"</h2>
                {of(Status::ReadOnly)}
            </section>
        </div>
    }
}

/// One field with its value, edited in place: saved on leaving or Enter, taken back with Esc.
#[component]
fn Place(
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
    // What another tab or an undo wrote shows here at once.
    effect(move || {
        value.set(saved.get());
        error.set(None);
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
    // Enter saves, and leaving right afterwards must not save the same once more.
    let sent = StoredValue::new(None::<String>);
    let save = move |()| {
        let (Some(text), Some(before)) = (value.try_get_untracked(), saved.try_get_untracked()) else {
            return;
        };
        if text == before || sent.try_get_value().flatten().as_ref() == Some(&text) {
            return;
        }
        sent.set_value(Some(text.clone()));
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
            sent.try_set_value(None);
        });
    };
    // Going elsewhere by Back or a short cut leaves the input, too.
    on_cleanup(move || {
        if error.try_with_untracked(Option::is_none) == Some(true) {
            save(());
        }
    });
    let back = move |()| {
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

/// The contact's segments, with since when and why.
#[component]
fn Segments(
    /// The contact.
    id: ContactId,
    /// Its segments.
    sheet: Memo<Option<ContactSheet>>,
) -> impl IntoView {
    let app = use_app();
    let adding = RwSignal::new(false);
    let memberships = memo(move |_| {
        sheet.with(|sheet| {
            sheet
                .as_ref()
                .map(|sheet| sheet.memberships.clone())
                .unwrap_or_default()
        })
    });
    let remove = move |membership: &Membership| {
        app.write(Request::Members {
            segment: membership.segment,
            action: MemberAction::Remove,
            selection: Selection::Contacts(vec![id]),
        });
    };
    view! {
        <section class="card" aria-labelledby="segments">
            <div class="card-head">
                <h2 id="segments">"Segments"</h2>
                <Button label="Add to segment…" small=true icon=Icon::Plus on_press=move |_| adding.set(true)/>
            </div>
            <Show
                when=move || !memberships.with(Vec::is_empty)
                fallback=|| view! { <p class="soft">"This contact is in no segment yet"</p> }
            >
                <ul>
                    <For each=move || memberships.get() key=|membership| (membership.segment, membership.change) let:membership>
                        <li class="membership">
                            <a href=members(membership.segment).to_string()>{membership.name.clone()}</a>
                            <p class="soft small">{since(&membership, app)}</p>
                            <div class="buttons">
                                <IconButton
                                    small=true
                                    icon=Icon::Close
                                    label=format!("Remove from {}", membership.name)
                                    on_press={
                                        let membership = membership.clone();
                                        move |_| remove(&membership)
                                    }
                                />
                            </div>
                        </li>
                    </For>
                </ul>
            </Show>
            <MemberDialog
                open=adding
                action=MemberAction::Add
                selection=move |()| Selection::Contacts(vec![id])
                count=1u64
            />
        </section>
    }
}

fn since(membership: &Membership, app: App) -> String {
    let zone = app.overview.with(|overview| overview.settings.time_zone.clone());
    format!(
        "Since {}, {}",
        format::moment(membership.since, &zone),
        cause_words(&membership.cause, membership.line)
    )
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
        };
        assert_eq!(name_of(&sheet), "Contact 7");
        sheet.values.push((EMAIL, "ana@example.com".into()));
        assert_eq!(name_of(&sheet), "ana@example.com");
        sheet.values.push((LAST_NAME, "López".into()));
        assert_eq!(name_of(&sheet), "López");
    }

    #[test]
    fn a_cause_names_the_line_of_a_file() {
        assert_eq!(
            cause_words(&CauseLabel::Import("fair.csv".into()), 1204),
            "by import of fair.csv, line 1,204"
        );
        assert_eq!(
            cause_words(&CauseLabel::Import(String::new()), 0),
            "by import of pasted rows"
        );
    }
}
