//! Every import, with its account, its rejected rows, and its way back.

use super::result::file_name;
use super::turn::{Turn, TurnDialog};
use super::words;
use crate::state::{unexpected, use_app};
use crate::ui::reactive::memo;
use crate::ui::{Badge, Button, Empty, Icon, IconButton, LinkButton, Look, Notice, Page, Tone, format};
use leptos::prelude::*;
use model::import::ImportEntry;
use model::message::{Reply, Request};
use model::problem::Problem;
use model::route::Route;

/// Every import.
#[component]
pub fn Imports() -> impl IntoView {
    let app = use_app();
    let answer = app.live(|| Some(Request::Imports));
    let turn = RwSignal::new(None::<Turn>);
    let entries = memo(move |_| answer.get().map(entries_of));
    let body = move || {
        match entries.get() {
        None => ().into_any(),
        Some(Err(problem)) => view! { <Notice tone=Tone::Danger text=problem.to_string()/> }.into_any(),
        Some(Ok(entries)) if entries.is_empty() => view! {
            <Empty
                icon=Icon::Import
                title="No imports yet"
                text="Every file you import is listed here, with what became of each of its rows, and can be undone"
            >
                <LinkButton label="Import" href=Route::Import(None).to_string() look=Look::Primary/>
            </Empty>
        }
        .into_any(),
        Some(Ok(entries)) => view! { <Table entries=entries turn=turn/> }.into_any(),
    }
    };
    view! {
        <Page
            title="Imports"
            actions=|| view! {
                <LinkButton label="Import" icon=Icon::Import href=Route::Import(None).to_string() look=Look::Primary/>
            }
        >
            {body}
            <TurnDialog turn=turn/>
        </Page>
    }
}

fn entries_of(answer: Result<Reply, Problem>) -> Result<Vec<ImportEntry>, Problem> {
    match answer? {
        Reply::Imports(entries) => Ok(entries),
        _ => Err(unexpected()),
    }
}

/// The table of all imports, newest first.
#[component]
fn Table(entries: Vec<ImportEntry>, turn: RwSignal<Option<Turn>>) -> impl IntoView {
    let heads = [
        "Read",
        "New",
        "Updated",
        "Identical",
        "Skipped",
        "Repeated",
        "Rejected",
    ];
    let rows = entries
        .into_iter()
        .map(|entry| view! { <Line entry=entry turn=turn/> })
        .collect_view();
    view! {
        <div class="list-frame" role="region" aria-label="Imports" tabindex="0">
            <table class="list imports">
                <thead>
                    <tr>
                        <th scope="col">"File"</th>
                        <th scope="col">"When"</th>
                        <th scope="col" class="list-wide">"Options"</th>
                        {heads.map(|head| view! { <th scope="col" class="number">{head}</th> }).collect_view()}
                        <th scope="col"><span class="unseen">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// One import.
#[component]
fn Line(entry: ImportEntry, turn: RwSignal<Option<Turn>>) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let file = file_name(&entry);
    let (change, undone, at) = (entry.change, entry.undone, entry.at);
    let options = words::options(&entry.options, &entry.segment).join(", ");
    let account = &entry.account;
    let numbers = [
        account.read,
        account.new,
        account.updated,
        account.identical,
        account.skipped + account.not_created,
        account.repeated,
    ];
    let numbers = numbers
        .map(|many| view! { <td class="number">{format::number(many)}</td> })
        .collect_view();
    let rejected = format::number(account.rejected);
    let download = (entry.rejected_rows > 0).then(|| {
        let label = format!("Download rejected rows of {file}");
        view! {
            <IconButton
                icon=Icon::Download
                small=true
                label=label
                on_press=move |_| app.save_blob(Request::RejectedRows(change))
            />
        }
    });
    let label = file.clone();
    view! {
        <tr>
            <th scope="row" class="import-name">
                <a href=Route::ImportResult(change).to_string()>{label}</a>
                {undone.then(|| view! { " "<Badge label="Undone" tone=Tone::Warning/> })}
            </th>
            <td class="import-when">{move || zone.with(|zone| format::moment(at, zone))}</td>
            <td class="import-options list-wide">{if options.is_empty() { "–".to_owned() } else { options }}</td>
            {numbers}
            <td class="number"><span class="import-rejected">{rejected}{download}</span></td>
            <td>
                <Button
                    label=if undone { "Redo import" } else { "Undo import" }
                    small=true
                    icon=if undone { Icon::Redo } else { Icon::Undo }
                    on_press=move |_| turn.set(Some(Turn { change, back: !undone, file: file.clone() }))
                />
            </td>
        </tr>
    }
}
