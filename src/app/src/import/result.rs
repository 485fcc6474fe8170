//! The sixth step: what an import did, and how to take it back. It has an address of its own.

use super::check::Beside;
use super::figures;
use super::flow::use_flow;
use super::persist::{self, Answer};
use super::step::Step;
use super::turn::{Turn, TurnDialog, Turned};
use super::wizard::Steps;
use super::words::{self, outlook};
use crate::state::{unexpected, use_app};
use crate::ui::reactive::memo;
use crate::ui::{Badge, Button, Empty, Icon, LinkButton, Look, Notice, Numbers, Page, Tone, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::account::{Account, MemberAccount};
use model::ids::{ChangeId, SegmentId};
use model::import::{ImportEntry, SegmentTarget};
use model::message::{Reply, Request};
use model::query::{Group, Query, Rule};
use model::route::Route;

/// What one import did.
#[component]
pub fn ResultPage(
    /// The import.
    change: ChangeId,
) -> impl IntoView {
    let flow = use_flow();
    let app = use_app();
    let answer = app.live(|| Some(Request::Imports));
    let entry = memo(move |_| match answer.get() {
        None => None,
        Some(Ok(Reply::Imports(entries))) => {
            Some(Ok(entries.into_iter().find(|entry| entry.change == change)))
        }
        Some(Ok(_)) => Some(Err(unexpected())),
        Some(Err(problem)) => Some(Err(problem)),
    });
    let fresh = flow.finished.get_untracked() == Some(change);
    let kept = RwSignal::new(None::<Answer>);
    if fresh {
        spawn_local(async move {
            kept.try_set(persist::ask_once().await);
        });
    }
    // They outlive the entry, which is shown anew when its import is undone.
    let turn = RwSignal::new(None::<Turn>);
    let turned = RwSignal::new(None::<Turned>);
    let body = move || {
        match entry.get() {
        None => ().into_any(),
        Some(Err(problem)) => view! { <Notice tone=Tone::Danger text=problem.to_string()/> }.into_any(),
        Some(Ok(None)) => view! {
            <Empty icon=Icon::Import title="This import is not here" text="Its history was forgotten, or the link is from another browser">
                <LinkButton label="Imports" href=Route::Imports.to_string() look=Look::Primary/>
            </Empty>
        }
        .into_any(),
        Some(Ok(Some(entry))) => view! { <Entry entry=entry turn=turn/> }.into_any(),
    }
    };
    view! {
        <Page title="Import result" back=("Imports".to_owned(), Route::Imports.to_string())>
            {fresh.then(|| view! { <Steps now=Step::Result on_go=|_| {}/> })}
            {body}
            <Told turned=turned/>
            <TurnDialog turn=turn on_done=move |done| turned.set(Some(done))/>
            {move || kept.get().map(|answer| {
                let tone = if answer == Answer::Keeps { Tone::Success } else { Tone::Warning };
                view! { <Notice tone=tone text=answer.words()/> }
            })}
        </Page>
    }
}

/// The file's name, or what stands for it.
pub fn file_name(entry: &ImportEntry) -> String {
    if entry.file.is_empty() {
        "Pasted rows".to_owned()
    } else {
        entry.file.clone()
    }
}

/// The list of a segment's contacts.
fn members_of(segment: SegmentId) -> Route {
    let rules = vec![Rule::Segment {
        segment,
        member: true,
    }];
    Route::Contacts(Query::from(Group::all(rules)))
}

/// What an import did, in numbers, and what can be done now.
#[component]
fn Entry(entry: ImportEntry, turn: RwSignal<Option<Turn>>) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let (change, undone, at, rejected) = (entry.change, entry.undone, entry.at, entry.rejected_rows);
    let file = file_name(&entry);
    let title = file.clone();
    let account = entry.account.clone();
    let options = words::options(&entry.options, &entry.segment).join(", ");
    let options = if options.is_empty() {
        "No options".to_owned()
    } else {
        options
    };
    let segment = segment_id(&entry);
    let segment_name = entry.segment.clone();
    let members = account.members.clone();
    view! {
        <section class="card account" aria-label="Account">
            <div class="card-head">
                <p>
                    <strong class="import-file">{title}</strong>
                    " "
                    <span class="soft">{move || zone.with(|zone| format::moment(at, zone))}" · "{options}</span>
                    " "
                    {undone.then(|| view! { <Badge label="Undone" tone=Tone::Warning/> })}
                </p>
            </div>
            {account_view(&account)}
        </section>
        {members.map(|members| members_view(&members, &entry.segment))}
        <div class="buttons">
            <LinkButton label="View all" href=Route::default().to_string() look=Look::Primary/>
            {move || segment.get().filter(|_| !undone).map(|id| view! {
                <LinkButton label=format!("View contacts of {segment_name}") href=members_of(id).to_string()/>
            })}
            {(rejected > 0).then(|| view! {
                <Button
                    label="Download rejected rows"
                    icon=Icon::Download
                    on_press=move |_| app.save_blob(Request::RejectedRows(change))
                />
            })}
            <Button
                label=if undone { "Redo import" } else { "Undo import" }
                icon=if undone { Icon::Redo } else { Icon::Undo }
                on_press=move |_| turn.set(Some(Turn { change, back: !undone, file: file.clone() }))
            />
        </div>
        {(rejected > 0).then(|| view! {
            <p class="small soft">"The file of rejected rows has the original columns and line, column and reason; corrected, it can be imported as it is"</p>
        })}
    }
}

/// Where every row of an import went.
pub fn account_view(account: &Account) -> impl IntoView + use<> {
    view! {
        <Numbers items=figures::numbers(account)/>
        <p class="soft import-sum">{figures::sum(account)}</p>
        <Beside lines=figures::beside(account)/>
    }
}

/// What an import did to the members of its segment.
pub fn members_view(members: &MemberAccount, name: &str) -> impl IntoView + use<> {
    view! {
        <section class="card account" aria-label="Segment">
            <h3>{format!("Segment {name}")}</h3>
            <Numbers items=figures::members(members)/>
            {(members.not_added > 0).then(|| view! {
                <p class="small soft">"Contacts that existed already did not join, because Overwrite existing was not checked"</p>
            })}
        </section>
    }
}

/// The segment an import wrote to, while it exists.
fn segment_id(entry: &ImportEntry) -> Memo<Option<SegmentId>> {
    let app = use_app();
    let target = entry.options.segment.as_ref().map(|(target, _)| target.clone());
    let name = entry.segment.clone();
    memo(move |_| {
        app.overview.with(|overview| {
            let mut segments = overview.segments.iter().map(|segment| &segment.def);
            match &target {
                Some(SegmentTarget::Existing(id)) => segments.find(|def| def.id == *id),
                Some(SegmentTarget::New(_)) => segments.find(|def| def.name == name),
                None => None,
            }
            .map(|def| def.id)
        })
    })
}

/// What the undo or redo of a moment ago did.
#[component]
fn Told(turned: RwSignal<Option<Turned>>) -> impl IntoView {
    move || {
        turned.get().map(|(turn, preview)| {
            let what = outlook(&preview, turn.back);
            let verb = if turn.back { "Undone" } else { "Redone" };
            let lines: Vec<String> = what.happens.into_iter().chain(what.stays).collect();
            let text = if lines.is_empty() {
                verb.to_owned()
            } else {
                format!("{verb}: {}", lines.join("; "))
            };
            view! { <Notice tone=Tone::Success text=text/> }
        })
    }
}
