//! Contacts that are likely the same person.

use crate::state::{unexpected, use_app};
use crate::ui::reactive::memo;
use crate::ui::{Badge, Button, Empty, Icon, LinkButton, Look, Notice, Page, Tone, format, unique};
use leptos::prelude::*;
use model::ContactId;
use model::analytics::{Duplicates as Group, Likeness};
use model::message::{Reply, Request};
use model::route::Route;

/// So many groups are shown at first, and so many more each time.
const STEP: u32 = 50;
/// So many contacts at most are made one at a time.
const MOST: usize = 5;

/// What contacts share, in words.
fn likeness(why: Likeness) -> &'static str {
    match why {
        Likeness::Phone => "Same phone",
        Likeness::NameAndBirthdate => "Same name and birthdate",
        Likeness::Email => "Emails that differ by dots or plus-tags only",
    }
}

/// Contacts that are likely the same person, group by group.
#[component]
pub fn Duplicates() -> impl IntoView {
    let app = use_app();
    let count = RwSignal::new(STEP);
    let answer = app.live(move || {
        Some(Request::Duplicates {
            start: 0,
            count: count.get(),
        })
    });
    let found = memo(move |_| match answer.get() {
        Some(Ok(Reply::Duplicates { total, groups })) => Some((total, groups)),
        _ => None,
    });
    let problem = move || match answer.get() {
        Some(Ok(Reply::Duplicates { .. })) | None => None,
        Some(Ok(_)) => Some(unexpected()),
        Some(Err(problem)) => Some(problem),
    };
    let total = memo(move |_| found.with(|found| found.as_ref().map(|(total, _)| *total)));
    let shown = move || found.with(|found| found.as_ref().map_or(0, |(_, groups)| groups.len() as u64));
    let groups = move || {
        found.with(|found| {
            let groups = found.iter().flat_map(|(_, groups)| groups);
            groups.cloned().map(group_view).collect_view()
        })
    };
    view! {
        <Page title="Likely duplicates" back=("Contacts".to_owned(), Route::default().to_string())>
            {move || problem().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
            {move || answer.with(Option::is_none).then(|| view! {
                <p class="soft" role="status">"Comparing all contacts…"</p>
            })}
            <Show when=move || total.get() == Some(0)>
                <Empty
                    icon=Icon::Contacts
                    title="No likely duplicates"
                    text="Contacts with the same phone, the same name and birthdate, or emails that differ by dots or plus-tags only appear here"
                >
                    <LinkButton label="View all contacts" look=Look::Primary href=Route::default().to_string()/>
                </Empty>
            </Show>
            <Show when=move || { total.get() > Some(0) }>
                <p class="page-line">"Look at each group before you merge it: people of one house may share a phone"</p>
                <ul class="duplicates">{groups}</ul>
                <div class="buttons">
                    <Show when=move || { total.get() > Some(shown()) }>
                        <Button label="Show more" on_press=move |_| count.update(|count| *count += STEP)/>
                    </Show>
                    <p class="soft" role="status">
                        {move || {
                            let total = format::count(total.get().unwrap_or(0), "group", "groups");
                            format!("{} of {total}", format::number(shown()))
                        }}
                    </p>
                </div>
            </Show>
        </Page>
    }
}

/// Some contacts that are likely one.
fn group_view(group: Group) -> impl IntoView {
    let Group { contacts, more, why } = group;
    let merged: Vec<ContactId> = contacts.iter().map(|(id, ..)| *id).take(MOST).collect();
    let list = unique("duplicates");
    let left = contacts.len().saturating_sub(merged.len()) as u64 + more;
    let reasons = why
        .into_iter()
        .map(|why| view! { <Badge label=likeness(why)/> })
        .collect_view();
    let contacts = contacts
        .into_iter()
        .map(|(id, name, key)| {
            // Who has no name is called by her key.
            let (name, key) = if name.is_empty() {
                (key, String::new())
            } else {
                (name, key)
            };
            let name = if name.is_empty() {
                format!("Contact {id}")
            } else {
                name
            };
            let key = (!key.is_empty()).then(|| view! { <span class="soft">{key}</span> });
            view! {
                <li class="effect">
                    <a href=Route::Contact(id).to_string()>{name}</a>
                    {key}
                </li>
            }
        })
        .collect_view();
    view! {
        <li class="card duplicate">
            <p class="tags">{reasons}</p>
            <ul id=list.clone()>{contacts}</ul>
            {(more > 0).then(|| view! { <p class="soft">{format!("And {} more", format::number(more))}</p> })}
            <div class="buttons">
                <a class="button" aria-describedby=list href=Route::Merge(merged).to_string()>"Merge…"</a>
                {(left > 0).then(|| view! { <span class="soft small">{format!("The first {MOST} at a time")}</span> })}
            </div>
        </li>
    }
}
