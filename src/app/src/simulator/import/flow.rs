//! An import of events on its way: what was chosen so far.

use super::columns::{Faults, faults, suggest};
use crate::import::{job_of, preview_of};
use crate::state::{App, once};
use crate::ui::reactive::memo;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::event::EventKind;
use model::ids::{JobId, SourceId};
use model::import::{Format, Preview};
use model::message::{JobResult, JobState, Request};
use model::problem::Problem;
use model::simulation::{EventColumn, EventsReport, EventsSpec};
use web_sys::File;

/// What was chosen so far. Copied freely.
#[derive(Clone, Copy)]
pub struct Flow {
    /// What every screen knows.
    pub app: App,
    /// What the worker sees in the file; none until one is open.
    pub preview: RwSignal<Option<Preview>>,
    /// The rows in the paste box.
    pub pasted: RwSignal<String>,
    /// Whether a file is being opened.
    pub opening: RwSignal<bool>,
    /// What is wrong.
    pub problem: RwSignal<Option<Problem>>,
    /// The text form of what the rows are.
    pub kind: RwSignal<String>,
    /// What each column holds.
    pub columns: RwSignal<Vec<EventColumn>>,
    /// **Create new contacts**
    pub create: RwSignal<bool>,
    /// **Run workflows**
    pub run_workflows: RwSignal<bool>,
    /// Whether what is missing was asked for in vain.
    pub tried: RwSignal<bool>,
    /// Whether a check or import is being asked for.
    pub asking: RwSignal<bool>,
    /// The check that was asked for last, and of what.
    pub check: RwSignal<Option<(JobId, EventsSpec)>>,
    /// The import.
    pub import: RwSignal<Option<JobId>>,
}

impl Flow {
    /// Nothing is chosen yet.
    pub fn new(app: App) -> Flow {
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
            asking: RwSignal::new(false),
            check: RwSignal::new(None),
            import: RwSignal::new(None),
        }
    }

    /// What the rows are; whoever reads it is told of changes.
    pub fn kind_now(self) -> EventKind {
        let kind = self.kind.with(|word| EventKind::parse(word));
        kind.unwrap_or(EventKind::Purchase)
    }

    /// What is wrong with what the columns hold.
    pub fn faults(self) -> Faults {
        self.columns.with(|columns| faults(columns))
    }

    /// Everything the import is asked to do; none while no file is open or something is missing.
    pub fn spec(self) -> Option<EventsSpec> {
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

    /// Opens a file that was chosen or dropped.
    pub fn open_file(self, file: File) {
        let (name, text) = (file.name(), String::new());
        self.open(Request::OpenSource { name, text }, Some(file));
    }

    /// Opens rows that were pasted.
    pub fn open_text(self, text: String) {
        let name = String::new();
        self.open(Request::OpenSource { name, text }, None);
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

    /// Reads the first rows in another way.
    pub fn read_as(self, format: Format) {
        let Some(source) = self.source() else { return };
        spawn_local(async move {
            let reply = self.app.ask(Request::ReadSource(source, format)).await;
            self.take(reply.and_then(preview_of));
        });
    }

    fn take(self, found: Result<Preview, Problem>) {
        // The screen may be gone by now.
        if self.preview.is_disposed() {
            if let Ok(preview) = found {
                self.close(preview.source, None);
            }
            return;
        }
        match found {
            Ok(preview) => {
                let same = self.preview.with_untracked(|before| {
                    let before = before.as_ref().map(|before| &before.columns);
                    before == Some(&preview.columns)
                });
                self.problem.set(None);
                self.preview.set(Some(preview));
                if !same {
                    self.suggest();
                }
            }
            Err(problem) => self.problem.set(Some(problem)),
        }
    }

    /// Suggests anew what the columns hold.
    pub fn suggest(self) {
        let kind = untrack(|| self.kind_now());
        let found = self.preview.with_untracked(|preview| {
            let names = preview.as_ref().map(|preview| preview.columns.as_slice());
            suggest(names.unwrap_or_default(), kind)
        });
        self.columns.set(found);
    }

    fn source(self) -> Option<SourceId> {
        // It is asked for while the screen goes, too.
        let source = |preview: &Option<Preview>| preview.as_ref().map(|preview| preview.source);
        self.preview.try_with_untracked(source).flatten()
    }

    /// Lets go of the file and forgets what was asked of it.
    pub fn start_over(self) {
        self.let_go();
        self.preview.set(None);
        self.problem.set(None);
        self.tried.set(false);
        self.check.set(None);
        self.import.set(None);
    }

    /// Lets go of the file, and stops a check that nobody waits for any more.
    pub fn let_go(self) {
        let Some(source) = self.source() else { return };
        // An import goes on without this screen.
        let import = self.import.try_get_untracked().flatten();
        if import.is_some_and(|import| self.runs(import)) {
            return;
        }
        let check = self.check.try_get_untracked().flatten();
        let check = check.map(|(job, _)| job).filter(|job| self.runs(*job));
        self.close(source, check);
    }

    fn close(self, source: SourceId, check: Option<JobId>) {
        let app = self.app;
        spawn_local(async move {
            if let Some(check) = check {
                // It may have ended by itself meanwhile.
                app.ask(Request::Cancel(check)).await.ok();
            }
            // A file that was let go of already needs nothing more.
            app.ask(Request::CloseSource(source)).await.ok();
        });
    }

    /// Whether a job runs, or is not heard of yet.
    fn runs(self, id: JobId) -> bool {
        self.app.jobs.with_untracked(|jobs| {
            let job = jobs.iter().find(|job| job.id == id);
            job.is_none_or(|job| matches!(job.state, JobState::Running { .. }))
        })
    }

    /// Checks what is chosen now, or (with `write`) imports it; what is missing is said at its place.
    pub fn start(self, write: bool) {
        let Some(spec) = untrack(|| self.spec()) else {
            self.tried.set(true);
            return;
        };
        self.problem.set(None);
        once(self.asking, async move {
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

/// Where a job of this import stands.
#[derive(Clone, PartialEq)]
pub enum Stand {
    /// It runs, or will.
    Running,
    /// It is done.
    Done(EventsReport),
    /// Somebody cancelled it.
    Cancelled,
    /// It failed.
    Failed(Problem),
}

/// Where a job stands, as it goes on.
pub fn stand(app: App, job: JobId) -> Memo<Stand> {
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
