//! The list of exports: how far each is, and its file.

use super::draft;
use crate::state::{App, once, unexpected, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{
    Badge, Button, Empty, Glyph, Icon, IconButton, LinkButton, Look, Notice, Page, Progress, Tone, format,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::export::{ExportEntry, ExportOrder, ExportState};
use model::ids::JobId;
use model::message::{JobKind, JobState, Reply, Request};
use model::problem::Problem;
use model::query::Query;
use model::route::Route;

/// Every export.
#[component]
pub fn Exports() -> impl IntoView {
    let app = use_app();
    // Exports are no part of the data, so their list is asked for again when one begins or ends, or is deleted.
    let asked = RwSignal::new(0u32);
    // Read below, not only tracked: a memo that nobody reads is never worked out, and tells of nothing.
    let jobs = memo(move |_| {
        app.jobs.with(|jobs| {
            let exports = jobs.iter().filter(|job| job.kind == JobKind::Export);
            exports
                .map(|job| (job.id, matches!(job.state, JobState::Running { .. })))
                .collect::<Vec<_>>()
        })
    });
    let answer = app.live(move || {
        jobs.with(|_| ());
        asked.track();
        Some(Request::Exports)
    });
    let entries = memo(move |_| answer.get().map(entries_of));
    let body = move || {
        match entries.get() {
        None => ().into_any(),
        Some(Err(problem)) => view! { <Notice tone=Tone::Danger text=problem.to_string()/> }.into_any(),
        Some(Ok(entries)) if entries.is_empty() => view! {
            <Empty
                icon=Icon::Export
                title="No exports yet"
                text="Files of contacts, activities and ad audiences are written in the background and wait here for download"
            >
                <LinkButton label="Export" href=Route::Export(Query::default()).to_string() look=Look::Primary/>
            </Empty>
        }
        .into_any(),
        Some(Ok(entries)) => view! { <Table entries=entries asked=asked/> }.into_any(),
    }
    };
    view! {
        <Page
            title="Exports"
            actions=|| view! {
                <LinkButton
                    label="Export"
                    icon=Icon::Export
                    href=Route::Export(Query::default()).to_string()
                    look=Look::Primary
                />
            }
        >
            {body}
        </Page>
    }
}

fn entries_of(answer: Result<Reply, Problem>) -> Result<Vec<ExportEntry>, Problem> {
    match answer? {
        Reply::Exports(entries) => Ok(entries),
        _ => Err(unexpected()),
    }
}

/// The table of all exports, newest first.
#[component]
fn Table(entries: Vec<ExportEntry>, asked: RwSignal<u32>) -> impl IntoView {
    let rows = entries
        .into_iter()
        .map(|entry| view! { <Line entry=entry asked=asked/> })
        .collect_view();
    view! {
        <div class="list-frame" role="region" aria-label="Exports" tabindex="0">
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">"File"</th>
                        <th scope="col" class="list-wide">"Type"</th>
                        <th scope="col">"When"</th>
                        <th scope="col" class="number">"Rows"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col"><span class="unseen">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// One export.
#[component]
fn Line(entry: ExportEntry, asked: RwSignal<u32>) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let (id, at, rows, unencodable) = (entry.id, entry.at, entry.rows, entry.unencodable);
    let order = StoredValue::new(entry.order.clone());
    let busy = RwSignal::new(false);
    let who = memo(move |_| {
        order.with_value(|order| {
            app.overview
                .with(|overview| draft::audience_words(order, overview))
        })
    });
    let kind = draft::type_words(&entry.order);
    let running = matches!(entry.state, ExportState::Running(_));
    let file = entry.file.clone();
    let job = job_of(&entry);
    let shown_rows = memo(move |_| job.get().map_or(rows, |(_, _, rows)| rows));
    let warning = (unencodable > 0).then(|| {
        let text = format!(
            "{} written as ?",
            format::count(unencodable, "character", "characters")
        );
        view! { <p class="export-warning"><Glyph icon=Icon::Warning/>{text}</p> }
    });
    let name = StoredValue::new(entry.file.clone());
    let delete = move |_| {
        let name = name.get_value();
        spawn_local(async move {
            match app.ask(Request::DeleteExport(id)).await {
                Ok(_) => {
                    asked.try_update(|asked| *asked += 1);
                    let keep = Callback::new(move |()| keep(app, id, asked));
                    let said = format!("{name} was deleted");
                    app.toasts.say(said, Some(("Undo".to_owned(), keep)));
                }
                Err(problem) => app.report(&problem),
            }
        });
    };
    let label = entry.file.clone();
    let of = format!(" {file}");
    let action = match entry.state {
        ExportState::Running(_) => view! {
            {move || job.get().map(|(id, ..)| view! {
                <Button label="Cancel" small=true on_press=move |_| app.write(Request::Cancel(id))/>
            })}
        }
        .into_any(),
        ExportState::Ready { .. } => view! {
            <button type="button" class="button button-small button-primary" on:click=move |_| app.save_blob(Request::Download(id))>
                <Glyph icon=Icon::Download/>
                "Download"<span class="unseen">{of.clone()}</span>
            </button>
        }
        .into_any(),
        ExportState::Gone | ExportState::Cancelled | ExportState::Failed(_) => view! {
            <button type="button" class="button button-small" disabled=busy on:click=move |_| again(app, busy, order.get_value())>
                "Export again"<span class="unseen">{of.clone()}</span>
            </button>
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="list-main">{file}<p class="small soft">{who}</p></th>
            <td class="list-wide">{kind}</td>
            <td class="import-when">{move || zone.with(|zone| format::moment(at, zone))}</td>
            <td class="number">{move || format::number(shown_rows.get())}</td>
            <td class="export-state"><Status entry=entry job=job/>{warning}</td>
            <td>
                <div class="import-actions">
                    {action}
                    {(!running).then(|| view! {
                        <IconButton icon=Icon::Trash label=format!("Delete {label}") on_press=delete/>
                    })}
                </div>
            </td>
        </tr>
    }
}

/// The running job of an export: its number, the share done in thousandths, and the rows so far.
fn job_of(entry: &ExportEntry) -> Memo<Option<(JobId, u16, u64)>> {
    let app = use_app();
    let file = matches!(entry.state, ExportState::Running(_)).then(|| entry.file.clone());
    memo(move |_| {
        app.jobs.with(|jobs| {
            jobs.iter().find_map(|job| match &job.state {
                JobState::Running { permille, rows, .. }
                    if job.kind == JobKind::Export && Some(&job.name) == file.as_ref() =>
                {
                    Some((job.id, *permille, *rows))
                }
                _ => None,
            })
        })
    })
}

/// How far an export is.
#[component]
fn Status(entry: ExportEntry, job: Memo<Option<(JobId, u16, u64)>>) -> impl IntoView {
    let words = draft::state_words(&entry.state);
    match entry.state {
        ExportState::Running(percent) => {
            let share = memo(move |_| Some(job.get().map_or(u16::from(percent) * 10, |(_, share, _)| share)));
            let detail = derived(move || share.get().map(|share| format!("{} %", share / 10)).unwrap_or_default());
            view! { <Progress label=words detail=detail permille=share/> }.into_any()
        }
        ExportState::Ready { bytes } => {
            view! { <Badge label=words tone=Tone::Success/>" "<span class="small soft">{format::bytes(bytes)}</span> }.into_any()
        }
        ExportState::Failed(why) => {
            view! { <Badge label=words tone=Tone::Danger/><p class="small">{why}</p> }.into_any()
        }
        ExportState::Gone => view! {
            <Badge label=words/>
            <p class="small soft">"Files last as long as Corral is open"</p>
        }
        .into_any(),
        ExportState::Cancelled => view! { <Badge label=words/> }.into_any(),
    }
}

/// Puts a deleted export back on the list.
fn keep(app: App, id: u32, asked: RwSignal<u32>) {
    spawn_local(async move {
        match app.ask(Request::KeepExport(id)).await {
            // The list may be gone from the screen; it is read anew when it comes back.
            Ok(_) => {
                asked.try_update(|asked| *asked += 1);
            }
            Err(problem) => app.report(&problem),
        }
    });
}

/// Makes an export anew, once at a time.
fn again(app: App, busy: RwSignal<bool>, order: ExportOrder) {
    once(busy, async move {
        if let Err(problem) = app.ask(Request::Export(Box::new(order))).await {
            app.report(&problem);
        }
    });
}
