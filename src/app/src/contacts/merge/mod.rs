//! Several contacts made one: which of them stays, and whose values she gets.

mod plan;

use super::sheet::name_of;
use super::show;
use crate::router::here;
use crate::state::{App, once, unexpected, use_app};
use crate::ui::reactive::memo;
use crate::ui::{Button, Empty, Icon, LinkButton, Look, Notice, Page, Tone, format, unique};
use leptos::prelude::*;
use litemap::LiteMap;
use model::history::ContactSheet;
use model::message::{Reply, Request};
use model::route::Route;
use model::{ContactId, FieldId, Problem, Status};
use plan::{Line, lines, taken};

/// What the page is about: the contacts, and what was chosen.
#[derive(Clone, Copy)]
struct Draft {
    app: App,
    contacts: StoredValue<Vec<ContactId>>,
    /// The contact that stays.
    into: RwSignal<ContactId>,
    /// Whose value is kept, where a person said so.
    chosen: RwSignal<LiteMap<FieldId, ContactId>>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
}

/// The page that makes several contacts one.
#[component]
pub fn Merge(
    /// The contacts.
    of: Vec<ContactId>,
) -> impl IntoView {
    let app = use_app();
    let mut of = of;
    of.sort_unstable();
    of.dedup();
    let back = ("Likely duplicates".to_owned(), Route::Duplicates.to_string());
    let Some(oldest) = of.first().copied().filter(|_| of.len() > 1) else {
        return view! {
            <Page title="Merge contacts" back=back>
                <Empty icon=Icon::Contacts title="Choose at least two contacts" text="Select them in View all, or take a group of likely duplicates">
                    <LinkButton label="View all contacts" look=Look::Primary href=Route::default().to_string()/>
                    <LinkButton label="Find duplicates" href=Route::Duplicates.to_string()/>
                </Empty>
            </Page>
        }
        .into_any();
    };
    let title = format!("Merge {}", format::contacts(of.len() as u64));
    let answers: Vec<_> = of
        .iter()
        .copied()
        .map(|id| app.live(move || Some(Request::Contact(id))))
        .collect();
    let draft = Draft {
        app,
        contacts: StoredValue::new(of),
        into: RwSignal::new(oldest),
        chosen: RwSignal::new(LiteMap::new()),
        problem: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let sheets = memo(
        move |before: Option<&Option<Result<Vec<ContactSheet>, Problem>>>| {
            // Once they are merged, the others are gone.
            if let (true, Some(before)) = (draft.busy.get(), before) {
                return before.clone();
            }
            let mut sheets = Vec::new();
            for answer in &answers {
                match answer.get()? {
                    Ok(Reply::Contact(sheet)) => sheets.push(sheet),
                    Ok(_) => return Some(Err(unexpected())),
                    Err(problem) => return Some(Err(problem)),
                }
            }
            Some(Ok(sheets))
        },
    );
    let body = move || {
        Some(match sheets.get()? {
            Ok(sheets) => form(draft, sheets).into_any(),
            Err(problem) => view! {
                <Empty icon=Icon::Person title=problem.what text=problem.help>
                    <LinkButton label="Find duplicates" look=Look::Primary href=Route::Duplicates.to_string()/>
                </Empty>
            }
            .into_any(),
        })
    };
    view! {
        <Page title=title back=back>
            {move || draft.problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
            {body}
        </Page>
    }
    .into_any()
}

/// The segments of all contacts, each once.
fn segments(sheets: &[ContactSheet]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for membership in sheets.iter().flat_map(|sheet| &sheet.memberships) {
        if !names.contains(&membership.name) {
            names.push(membership.name.clone());
        }
    }
    names
}

/// The choices, field by field, and the button that merges.
fn form(draft: Draft, sheets: Vec<ContactSheet>) -> impl IntoView {
    let fields: Vec<FieldId> = draft.app.overview.with_untracked(|overview| {
        let writable = overview
            .fields
            .iter()
            .filter(|field| field.def.status != Status::ReadOnly);
        writable.map(|field| field.def.id).collect()
    });
    let all = lines(&sheets, &fields);
    let (differ, same): (Vec<Line>, Vec<Line>) = all.into_iter().partition(Line::differs);
    let segments = segments(&sheets);
    let segments = if segments.is_empty() {
        "None of them is in a segment".to_owned()
    } else {
        segments.join(", ")
    };
    let others = format::contacts(sheets.len().saturating_sub(1) as u64);
    let summary = format::count(same.len() as u64, "field is the same", "fields are the same");
    let same = (!same.is_empty()).then(|| {
        let rows = same
            .into_iter()
            .map(|line| {
                let (name, show) = describe(draft.app, line.field);
                let text = line.texts.first().map(|text| show(text)).unwrap_or_default();
                view! {
                    <dt>{name}</dt>
                    <dd>{text}</dd>
                }
            })
            .collect_view();
        view! {
            <details>
                <summary>{summary}</summary>
                <dl class="facts">{rows}</dl>
            </details>
        }
    });
    let names: Vec<String> = sheets.iter().map(name_of).collect();
    let group = unique("stays");
    let heads = sheets
        .iter()
        .zip(&names)
        .map(|(sheet, name)| {
            let id = sheet.id;
            view! {
                <th scope="col">
                    <label class="merge-choice">
                        <input
                            type="radio"
                            class="choice-box"
                            name=group.clone()
                            aria-label=format!("{name} stays (contact {id})")
                            prop:checked=move || draft.into.get() == id
                            on:change=move |_| draft.into.set(id)
                        />
                        <span>{move || if draft.into.get() == id { "Stays" } else { "Goes" }}</span>
                    </label>
                    <a href=Route::Contact(id).to_string()>{name.clone()}</a>
                </th>
            }
        })
        .collect_view();
    let rows = differ
        .iter()
        .map(|line| field_row(draft, line.clone(), &names))
        .collect_view();
    let go = move |_| {
        if !draft.busy.get_untracked() {
            let contacts = draft.contacts.get_value();
            let into = draft.into.get_untracked();
            let values = draft
                .chosen
                .with_untracked(|chosen| taken(&differ, &contacts, into, chosen));
            let others = contacts.into_iter().filter(|contact| *contact != into).collect();
            send(draft, into, others, values);
        }
    };
    view! {
        <p class="page-line">
            {format!("One contact stays, and {others} are deleted; what is chosen below goes over, and so do their segments. This can be undone")}
        </p>
        <div class="list-frame" role="region" aria-label="Values" tabindex="0">
            <table class="list merge">
                <thead>
                    <tr>
                        <th scope="col">"Field"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {same}
        <dl class="facts">
            <dt>"Segments"</dt>
            <dd>{segments}</dd>
        </dl>
        <div class="buttons">
            <Button label="Merge" look=Look::Primary disabled=draft.busy on_press=go/>
            <LinkButton label="Cancel" href=Route::default().to_string()/>
        </div>
    }
}

/// A field's name, and how its values are shown.
fn describe(app: App, id: FieldId) -> (String, impl Fn(&str) -> String) {
    let def = app.overview.with_untracked(|overview| {
        let mut fields = overview.fields.iter();
        fields
            .find(|field| field.def.id == id)
            .map(|field| field.def.clone())
    });
    let name = def.as_ref().map(|def| def.name.clone()).unwrap_or_default();
    let show = move |text: &str| match &def {
        Some(def) => untrack(|| show::value(text, def, app)),
        None => text.to_owned(),
    };
    (name, show)
}

/// One field, with the choice whose value is kept.
fn field_row(draft: Draft, line: Line, names: &[String]) -> impl IntoView + use<> {
    let (name, show) = describe(draft.app, line.field);
    let group = unique("keep");
    let field = line.field;
    let contacts = draft.contacts.get_value();
    let cells: Vec<(ContactId, String, String)> = contacts
        .iter()
        .zip(&line.texts)
        .zip(names)
        .map(|((contact, text), person)| (*contact, show(text), person.clone()))
        .collect();
    let kept = memo(move |_| {
        let into = draft.into.get();
        draft.chosen.with(|chosen| line.keeps(&contacts, into, chosen))
    });
    let cells = cells
        .into_iter()
        .map(|(contact, text, person)| {
            let empty = text.is_empty();
            let label = format!("{name}: {} ({person})", if empty { "no value" } else { &text });
            view! {
                <td>
                    <label class="merge-choice">
                        <input
                            type="radio"
                            class="choice-box"
                            name=group.clone()
                            aria-label=label
                            prop:checked=move || kept.get() == contact
                            disabled=move || empty && draft.into.get() != contact
                            on:change=move |_| draft.chosen.update(|chosen| {
                                chosen.insert(field, contact);
                            })
                        />
                        <span class:soft=empty>{if empty { "–".to_owned() } else { text }}</span>
                    </label>
                </td>
            }
        })
        .collect_view();
    view! {
        <tr>
            <th scope="row">{name}</th>
            {cells}
        </tr>
    }
}

/// Merges, and goes to the contact that stays.
fn send(draft: Draft, into: ContactId, others: Vec<ContactId>, values: Vec<(FieldId, ContactId)>) {
    let Draft {
        app, problem, busy, ..
    } = draft;
    problem.set(None);
    let here = here();
    once(busy, async move {
        let request = Request::Merge { into, others, values };
        match app.ask(request).await {
            Ok(reply) => {
                app.say_done(&reply);
                // The contacts that went are no place to go Back to.
                if here.still() {
                    app.router.replace(Route::Contact(into));
                }
            }
            Err(what) if problem.is_disposed() => app.report(&what),
            Err(what) => problem.set(Some(what)),
        }
    });
}
