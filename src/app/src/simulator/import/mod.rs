//! Import of events from a file: what its rows are, whose they are, and what would happen.

mod check;
mod columns;
mod flow;
mod map;
mod report;

use crate::import::{Choose, FormatFields, JobProgress, Rows, doubt_words, drop_anywhere};
use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::ui::{Button, Checkbox, Icon, Notice, Page, Tone, format};
use check::Check;
use flow::{Flow, Stand, stand};
use leptos::prelude::*;
use map::Columns;
use model::ids::JobId;
use model::import::Doubts;
use model::route::Route;
use report::Report;

/// What is said of dates that could be read otherwise.
const BOTH_WAYS: &str = "Every date in this file reads both ways, as day/month and as month/day, so the workspace’s order was taken; it stands under Data";

/// Import events.
#[component]
pub fn ImportEvents() -> impl IntoView {
    let flow = Flow::new(use_app());
    on_cleanup(move || flow.let_go());
    drop_anywhere(move |file| {
        if flow.import.get_untracked().is_none() {
            flow.open_file(file);
        }
    });
    let open = memo(move |_| flow.preview.with(Option::is_some));
    let importing = memo(move |_| flow.import.get());
    let body = move || match (importing.get(), open.get()) {
        (Some(job), _) => view! { <Import flow=flow job=job/> }.into_any(),
        (None, true) => view! { <Opened flow=flow/> }.into_any(),
        (None, false) => view! {
            <h2>"Choose a file, or paste rows"</h2>
            <Choose
                pasted=flow.pasted
                opening=flow.opening
                on_file=move |file| flow.open_file(file)
                on_text=move |text| flow.open_text(text)
            />
        }
        .into_any(),
    };
    view! {
        <Page title="Import events" back=("Simulator".to_owned(), Route::Simulator.to_string())>
            <p class="page-line">"Purchases and other things that really happened, a row each, or a row for each line of an order. They become activities of your contacts, marked Imported"</p>
            {move || flow.problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
            {body}
        </Page>
    }
}

/// A file that is open: how it is read, what it holds, and what would happen.
#[component]
fn Opened(
    /// What was chosen so far.
    flow: Flow,
) -> impl IntoView {
    let about = memo(move |_| {
        flow.preview.with(|preview| {
            let preview = preview.as_ref()?;
            let name = match preview.name.as_str() {
                "" => "Pasted rows".to_owned(),
                name => name.to_owned(),
            };
            let mut doubts = doubt_words(&Doubts {
                encoding: preview.doubts.encoding,
                ..Doubts::default()
            });
            if preview.doubts.date_order {
                doubts.push(BOTH_WAYS.to_owned());
            }
            Some((name, format::bytes(preview.bytes), doubts))
        })
    });
    let head = move || {
        let (name, size, doubts) = about.get()?;
        let doubts = doubts
            .into_iter()
            .map(|doubt| view! { <Notice tone=Tone::Warning text=doubt/> })
            .collect_view();
        Some(view! {
            <div class="card-head">
                <p><strong class="import-file">{name}</strong>" "<span class="soft">{size}</span></p>
                <Button label="Choose another file…" on_press=move |_| flow.start_over()/>
            </div>
            {doubts}
        })
    };
    view! {
        <section class="card" aria-label="How the file is read">
            {head}
            <FormatFields preview=flow.preview on_format=move |format| flow.read_as(format)/>
        </section>
        <section class="import-part" aria-label="First rows">
            <h2>"First rows"</h2>
            <Rows preview=flow.preview/>
        </section>
        <Columns flow=flow/>
        <Options flow=flow/>
        <Check flow=flow/>
    }
}

/// What happens to unknown keys, and to workflows.
#[component]
fn Options(
    /// What was chosen so far.
    flow: Flow,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="event-options">
            <h2 id="event-options">"What should happen?"</h2>
            <Checkbox
                label="Create new contacts"
                value=flow.create
                hint="For emails and external IDs that belong to nobody; else their rows are rejected"
            />
            <Checkbox
                label="Run workflows at the events’ own dates"
                value=flow.run_workflows
                hint="Active workflows react as if they had been active then; else the events are only recorded"
            />
        </section>
    }
}

/// The import as it runs, and what it gave.
#[component]
fn Import(
    /// What was chosen so far.
    flow: Flow,
    /// The import.
    job: JobId,
) -> impl IntoView {
    let stand = stand(flow.app, job);
    let again = move || {
        view! {
            <div class="buttons">
                <Button label="Import other events" on_press=move |_| flow.start_over()/>
            </div>
        }
    };
    let back = move |_| flow.import.set(None);
    move || {
        match stand.get() {
        Stand::Running => view! {
            <section class="card">
                <JobProgress job=job what="Importing"/>
                <p class="small soft">"It goes on when you look elsewhere, or close this tab while another one is open"</p>
            </section>
        }
        .into_any(),
        Stand::Done(report) => view! { <Report report=report/>{again()} }.into_any(),
        Stand::Cancelled => view! {
            <Notice text="The import was cancelled; nothing was changed"/>
            <div class="buttons"><Button label="Back to the check" icon=Icon::Back on_press=back/></div>
        }
        .into_any(),
        Stand::Failed(problem) => view! {
            <Notice tone=Tone::Danger text=format!("The import failed. {problem}")/>
            <div class="buttons"><Button label="Back to the check" icon=Icon::Back on_press=back/></div>
        }
        .into_any(),
    }
    }
}
