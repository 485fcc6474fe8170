//! Import of events from a file: what its rows are, whose they are, and what would happen.

use super::columns::{self, COLUMNS, Faults, faults, offered, suggest};
use super::fire::kinds;
use super::report::Report;
use crate::import::{
    Choose, FormatFields, JobProgress, Rows, doubt_words, drop_anywhere, job_of, preview_of,
};
use crate::state::{App, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{
    Button, Checkbox, Choice, FieldFrame, Icon, Look, Notice, Page, SelectField, Tone, format, unique,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::event::EventKind;
use model::ids::JobId;
use model::import::{Doubts, Format, Preview};
use model::message::{JobResult, JobState, Request};
use model::problem::Problem;
use model::route::Route;
use model::simulation::{EventColumn, EventsReport, EventsSpec};
use web_sys::File;

/// What is said of dates that could be read otherwise.
const BOTH_WAYS: &str = "Every date in this file reads both ways, as day/month and as month/day, so the workspace’s order was taken; it stands under Data";

/// What was chosen so far. Copied freely.
#[derive(Clone, Copy)]
struct Flow {
    app: App,
    preview: RwSignal<Option<Preview>>,
    pasted: RwSignal<String>,
    opening: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    kind: RwSignal<String>,
    columns: RwSignal<Vec<EventColumn>>,
    create: RwSignal<bool>,
    run_workflows: RwSignal<bool>,
    /// Whether what is missing was asked for in vain.
    tried: RwSignal<bool>,
    check: RwSignal<Option<(JobId, EventsSpec)>>,
    import: RwSignal<Option<JobId>>,
}

impl Flow {
    fn new(app: App) -> Flow {
        Flow {
            app,
            preview: RwSignal::new(None),
            pasted: RwSignal::new(String::new()),
            opening: RwSignal::new(false),
            problem: RwSignal::new(None),
            kind: RwSignal::new(EventKind::Purchase.word().to_owned()),
            columns: RwSignal::new(Vec::new()),
            create: RwSignal::new(false),
            run_workflows: RwSignal::new(false),
            tried: RwSignal::new(false),
            check: RwSignal::new(None),
            import: RwSignal::new(None),
        }
    }

    fn kind_now(self) -> EventKind {
        let kind = self.kind.with(|word| EventKind::parse(word));
        kind.unwrap_or(EventKind::Purchase)
    }

    fn faults(self) -> Faults {
        self.columns.with(|columns| faults(columns))
    }

    /// Everything the import is asked to do; none while no file is open or something is missing.
    fn spec(self) -> Option<EventsSpec> {
        let (source, format) = self.preview.with(|preview| {
            let preview = preview.as_ref()?;
            Some((preview.source, preview.format.clone()))
        })?;
        self.faults().none().then(|| EventsSpec {
            source,
            format,
            columns: self.columns.get(),
            kind: self.kind_now(),
            create: self.create.get(),
            run_workflows: self.run_workflows.get(),
        })
    }

    fn open_file(self, file: File) {
        let (name, text) = (file.name(), String::new());
        self.open(Request::OpenSource { name, text }, Some(file));
    }

    fn open(self, request: Request, file: Option<File>) {
        if self.opening.get_untracked() {
            return;
        }
        self.start_over();
        self.opening.set(true);
        spawn_local(async move {
            let reply = match &file {
                Some(file) => self.app.ask_with_file(request, file).await,
                None => self.app.ask(request).await,
            };
            self.take(reply.and_then(preview_of));
            self.opening.try_set(false);
        });
    }

    fn read_as(self, format: Format) {
        let Some(source) = self.source() else { return };
        spawn_local(async move {
            let reply = self.app.ask(Request::ReadSource(source, format)).await;
            self.take(reply.and_then(preview_of));
        });
    }

    fn take(self, found: Result<Preview, Problem>) {
        // The screen may be gone by now.
        if self.preview.is_disposed() {
            return;
        }
        match found {
            Ok(preview) => {
                let same = self.preview.with_untracked(|before| {
                    let before = before.as_ref().map(|before| &before.columns);
                    before == Some(&preview.columns)
                });
                if !same {
                    self.columns
                        .set(suggest(&preview.columns, untrack(|| self.kind_now())));
                }
                self.problem.set(None);
                self.preview.set(Some(preview));
            }
            Err(problem) => self.problem.set(Some(problem)),
        }
    }

    fn source(self) -> Option<model::ids::SourceId> {
        // It is asked for while the screen goes, too.
        let source = |preview: &Option<Preview>| preview.as_ref().map(|preview| preview.source);
        self.preview.try_with_untracked(source).flatten()
    }

    /// Lets go of the file and forgets what was asked of it.
    fn start_over(self) {
        self.let_go();
        self.preview.set(None);
        self.problem.set(None);
        self.tried.set(false);
        self.check.set(None);
        self.import.set(None);
    }

    fn let_go(self) {
        let Some(source) = self.source() else { return };
        // An import goes on without this screen.
        let import = self.import.try_get_untracked().flatten();
        if import.is_some_and(|import| self.runs(import)) {
            return;
        }
        let check = self.check.try_get_untracked().flatten();
        let check = check.map(|(job, _)| job).filter(|job| self.runs(*job));
        spawn_local(async move {
            if let Some(check) = check {
                // It may have ended by itself meanwhile.
                self.app.ask(Request::Cancel(check)).await.ok();
            }
            // A file that was let go of already needs nothing more.
            self.app.ask(Request::CloseSource(source)).await.ok();
        });
    }

    /// Whether a job runs, or is not heard of yet.
    fn runs(self, id: JobId) -> bool {
        self.app.jobs.with_untracked(|jobs| {
            let job = jobs.iter().find(|job| job.id == id);
            job.is_none_or(|job| matches!(job.state, JobState::Running { .. }))
        })
    }

    fn start(self, write: bool) {
        let Some(spec) = untrack(|| self.spec()) else {
            self.tried.set(true);
            return;
        };
        self.problem.set(None);
        spawn_local(async move {
            let asked = Request::ImportEvents(spec.clone(), write);
            let job = self.app.ask(asked).await.and_then(job_of);
            if self.problem.is_disposed() {
                return;
            }
            match job {
                Ok(job) if write => self.import.set(Some(job)),
                Ok(job) => self.check.set(Some((job, spec))),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

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
                on_text=move |text| flow.open(Request::OpenSource { name: String::new(), text }, None)
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

/// What the rows are, and what each column holds.
#[component]
fn Columns(
    /// What was chosen so far.
    flow: Flow,
) -> impl IntoView {
    let choices: Vec<Choice> = kinds()
        .into_iter()
        .map(|kind| Choice::new(kind.word(), kind.label()))
        .collect();
    let suggest_again = move |_| {
        flow.preview.with_untracked(|preview| {
            if let Some(preview) = preview {
                flow.columns
                    .set(suggest(&preview.columns, untrack(|| flow.kind_now())));
            }
        });
    };
    let names = memo(move |_| {
        flow.preview
            .with(|preview| preview.as_ref().map(|preview| preview.columns.clone()))
            .unwrap_or_default()
    });
    let fields = move || {
        let kind = flow.kind_now();
        names
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, name)| column(flow, kind, at, name))
            .collect_view()
    };
    let missing = memo(move |_| flow.faults().missing);
    view! {
        <section class="card" aria-labelledby="event-columns">
            <h2 id="event-columns">"What the rows are"</h2>
            <div class="form">
                <SelectField label="Each row is" choices=choices value=flow.kind on_change=suggest_again/>
            </div>
            <fieldset class="field">
                <legend class="field-label">"What each column holds"</legend>
                <div class="simulation-many">{fields}</div>
            </fieldset>
            <div role="status">
                {move || missing.get().into_iter().map(|what| {
                    let tone = if flow.tried.get() { Tone::Danger } else { Tone::Neutral };
                    let class = if tone == Tone::Danger { "field-error" } else { "field-hint" };
                    view! { <p class=class>{what}</p> }
                }).collect_view()}
            </div>
        </section>
    }
}

/// The choice of what one column holds, with what is in its first row.
fn column(flow: Flow, kind: EventKind, at: usize, name: String) -> impl IntoView {
    let id = unique("column");
    let described = format!("{id}-about");
    let sample = flow.preview.with_untracked(|preview| {
        let rows = preview.as_ref().map(|preview| preview.rows.as_slice());
        let mut cells = rows.unwrap_or_default().iter().filter_map(|row| row.get(at));
        let cell = cells.find(|cell| !cell.trim().is_empty());
        cell.map_or_else(|| "Empty".to_owned(), |cell| cell.chars().take(60).collect())
    });
    let now = memo(move |_| {
        flow.columns
            .with(|columns| columns::key(columns.get(at).copied().unwrap_or_default()))
    });
    let options = COLUMNS
        .into_iter()
        .filter(|(column, ..)| offered(kind, *column))
        .map(|(column, key, label, _)| {
            let label = match column {
                EventColumn::Text => kind.text_label(),
                _ => label,
            };
            view! { <option value=key prop:selected=move || now.get() == key>{label}</option> }
        })
        .collect_view();
    let twice = memo(move |_| {
        let twice = flow.faults().twice.contains(&at);
        twice.then(|| "Another column holds this already".to_owned())
    });
    let pick = move |event| {
        let column = columns::parse(&event_target_value(&event));
        flow.columns.update(|columns| {
            if let Some(place) = columns.get_mut(at) {
                *place = column;
            }
        });
    };
    view! {
        <FieldFrame id=id.clone() label=name hint=sample error=twice>
            <select
                class="input"
                id=id
                aria-describedby=described
                aria-invalid=move || twice.with(|twice| twice.is_some().then_some("true"))
                on:change=pick
            >
                {options}
            </select>
        </FieldFrame>
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

/// Where a job of this import stands.
#[derive(Clone, PartialEq)]
enum Stand {
    Running,
    Done(EventsReport),
    Cancelled,
    Failed(Problem),
}

/// Where a job stands, as it goes on.
fn stand(app: App, job: JobId) -> Memo<Stand> {
    let job = app.job(job);
    memo(move |_| {
        job.with(|job| match job.as_ref().map(|job| &job.state) {
            Some(JobState::Finished(JobResult::Events(report))) => Stand::Done(report.clone()),
            Some(JobState::Cancelled) => Stand::Cancelled,
            Some(JobState::Failed(problem)) => Stand::Failed(problem.clone()),
            Some(JobState::Running { .. } | JobState::Finished(_)) | None => Stand::Running,
        })
    })
}

/// **Check**, what it found, and **Import**.
#[component]
fn Check(
    /// What was chosen so far.
    flow: Flow,
) -> impl IntoView {
    let checked = memo(move |_| flow.check.get());
    let fresh = memo(move |_| {
        let asked = checked.with(|check| check.as_ref().map(|(_, spec)| spec.clone()));
        asked.is_some() && asked == flow.spec()
    });
    let ready = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let shown = move || {
        let (job, _) = checked.get()?;
        let stand = stand(flow.app, job);
        effect(move || {
            let now = stand.get();
            busy.set(now == Stand::Running);
            ready.set(matches!(now, Stand::Done(report) if report.events > 0));
        });
        Some(move || match stand.get() {
            Stand::Running => view! {
                <section class="card">
                    <JobProgress job=job what="Checking"/>
                    <p class="small soft">"Nothing is written yet"</p>
                </section>
            }
            .into_any(),
            Stand::Done(report) => view! { <Report report=report/> }.into_any(),
            Stand::Cancelled => {
                view! { <Notice text="The check was cancelled; nothing was changed"/> }.into_any()
            }
            Stand::Failed(problem) => {
                view! { <Notice tone=Tone::Danger text=problem.to_string()/> }.into_any()
            }
        })
    };
    let old = move || checked.with(Option::is_some) && !fresh.get();
    view! {
        {shown}
        {move || old().then(|| view! {
            <Notice tone=Tone::Warning text="Something was changed since this check; check again before you import"/>
        })}
        <div class="buttons">
            <Button label="Check" disabled=busy on_press=move |_| flow.start(false)/>
            <Button
                label="Import"
                look=Look::Primary
                icon=Icon::Import
                disabled=derived(move || !(fresh.get() && ready.get()))
                on_press=move |_| flow.start(true)
            />
        </div>
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
