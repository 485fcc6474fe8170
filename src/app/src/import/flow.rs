//! An import on its way: what was chosen so far. It outlives the screen, so that one can look elsewhere and come back.

use super::fault::{Fault, faults};
use super::form::{Chosen, Form};
use super::step::Step;
use super::target;
use crate::prefs;
use crate::state::{App, unexpected};
use crate::ui::reactive::{effect, memo};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::ids::{ChangeId, JobId, SegmentId};
use model::import::{CheckReport, ColumnMap, Format, Mapping, Preview, Spec};
use model::message::{Job, JobKind, JobResult, JobState, Reply, Request};
use model::problem::Problem;
use std::rc::Rc;
use std::sync::Arc;
use web_sys::File;

/// What a file was opened from, to open it once more.
#[derive(Clone, Debug)]
enum Origin {
    File(File),
    Text(Rc<str>),
}

/// A check that was asked for, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The check's job.
    pub job: JobId,
    /// What it checks.
    pub spec: Spec,
}

/// Where a job stands, without the numbers that change all the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Nothing was asked for.
    Idle,
    /// It runs, or will.
    Running,
    /// The check is done.
    Checked(Arc<CheckReport>),
    /// The import is done.
    Imported(ChangeId),
    /// Somebody cancelled it.
    Cancelled,
    /// It failed.
    Failed(Problem),
}

/// An import on its way. Copied freely: each part is a handle.
#[derive(Clone, Copy)]
pub struct Flow {
    /// What every screen knows.
    pub app: App,
    /// The step one is at.
    pub step: RwSignal<Step>,
    /// What the worker sees in the file; none until one is open.
    pub preview: RwSignal<Option<Preview>>,
    /// Where the columns go.
    pub mapping: RwSignal<Mapping>,
    /// What is wrong with the mapping.
    pub faults: Memo<Vec<Fault>>,
    /// The options.
    pub form: Form,
    /// The rows in the paste box.
    pub pasted: RwSignal<String>,
    /// Whether a file is being opened.
    pub opening: RwSignal<bool>,
    /// What is wrong with the step one is at.
    pub problem: RwSignal<Option<Problem>>,
    /// The check.
    pub check: RwSignal<Option<Asked>>,
    /// The import.
    pub import: RwSignal<Option<JobId>>,
    /// The import that this flow has done.
    pub finished: RwSignal<Option<ChangeId>>,
    /// The file of an import that this page was closed on; empty where there is none.
    pub cut_off: RwSignal<String>,
    /// Whether the person changed the suggested mapping.
    touched: RwSignal<bool>,
    origin: StoredValue<Option<Origin>, LocalStorage>,
}

/// Makes the one flow of this page; once, above all screens.
pub fn provide(app: App) {
    let mapping = RwSignal::new(Mapping::default());
    let faults = memo(move |_| {
        app.overview
            .with(|overview| mapping.with(|map| faults(map, &overview.fields)))
    });
    let flow = Flow {
        app,
        step: RwSignal::new(Step::Source),
        preview: RwSignal::new(None),
        mapping,
        faults,
        form: Form::new(),
        pasted: RwSignal::new(String::new()),
        opening: RwSignal::new(false),
        problem: RwSignal::new(None),
        check: RwSignal::new(None),
        import: RwSignal::new(None),
        finished: RwSignal::new(None),
        cut_off: RwSignal::new(String::new()),
        touched: RwSignal::new(false),
        origin: StoredValue::new_local(None),
    };
    // Here rather than in the wizard: an import may end while one looks elsewhere.
    effect(move || {
        let ended = |stand| matches!(stand, Stand::Imported(_) | Stand::Cancelled | Stand::Failed(_));
        if ended(flow.stand(flow.import.get())) {
            prefs::forget(RUNNING);
        }
    });
    provide_context(flow);
}

/// The preference that names the file of the import that runs, for the case that the page is closed meanwhile.
const RUNNING: &str = "import-running";

/// The import on its way.
pub fn use_flow() -> Flow {
    expect_context::<Flow>()
}

impl Flow {
    /// Whether nothing was chosen, opened or typed.
    pub fn is_untouched(self) -> bool {
        self.preview.with_untracked(Option::is_none)
            && self.import.get_untracked().is_none()
            && self.pasted.with_untracked(String::is_empty)
            && !self.opening.get_untracked()
    }

    /// Forgets what was chosen, and lets go of the file.
    pub fn start_over(self) {
        self.let_go();
        self.forget_file();
        self.form.set(Chosen::default());
        self.pasted.set(String::new());
        self.import.set(None);
        self.step.set(Step::Source);
    }

    /// Goes back to choosing a file; the options stay.
    pub fn other_file(self) {
        self.let_go();
        self.forget_file();
        self.step.set(Step::Source);
    }

    fn forget_file(self) {
        self.preview.set(None);
        self.mapping.set(Mapping::default());
        self.touched.set(false);
        self.problem.set(None);
        self.check.set(None);
        self.origin.set_value(None);
    }

    fn let_go(self) {
        self.stop_check();
        let Some(source) = self
            .preview
            .with_untracked(|preview| preview.as_ref().map(|preview| preview.source))
        else {
            return;
        };
        spawn_local(async move {
            // A file that was let go of already needs nothing more.
            self.app.ask(Request::CloseSource(source)).await.ok();
        });
    }

    /// A check that nobody waits for any more must not keep others waiting.
    fn stop_check(self) {
        let Some(asked) = self.check.get_untracked() else {
            return;
        };
        if self.running(asked.job) {
            spawn_local(async move {
                // It may have ended by itself meanwhile.
                self.app.ask(Request::Cancel(asked.job)).await.ok();
            });
        }
    }

    fn running(self, id: JobId) -> bool {
        let is = |job: &Job| job.id == id && matches!(job.state, JobState::Running { .. });
        self.app.jobs.with_untracked(|jobs| jobs.iter().any(is))
    }

    /// Opens a file that was chosen or dropped.
    pub fn open_file(self, file: File) {
        self.open(Origin::File(file));
    }

    /// Opens rows that were pasted.
    pub fn open_text(self, text: String) {
        self.open(Origin::Text(text.into()));
    }

    fn open(self, origin: Origin) {
        if self.opening.get_untracked() {
            return;
        }
        self.let_go();
        self.forget_file();
        self.opening.set(true);
        spawn_local(async move {
            match self.read(&origin).await {
                Ok(preview) => {
                    self.origin.set_value(Some(origin));
                    self.mapping.set(preview.mapping.clone());
                    self.preview.set(Some(preview));
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
            self.opening.set(false);
        });
    }

    async fn read(self, origin: &Origin) -> Result<Preview, Problem> {
        let reply = match origin {
            Origin::File(file) => {
                let request = Request::OpenSource {
                    name: file.name(),
                    text: String::new(),
                };
                self.app.ask_with_file(request, file).await?
            }
            Origin::Text(text) => {
                let request = Request::OpenSource {
                    name: String::new(),
                    text: text.to_string(),
                };
                self.app.ask(request).await?
            }
        };
        preview_of(reply)
    }

    /// Reads the first rows in another way; a mapping the person worked on stays where the columns do.
    pub fn read_as(self, format: Format) {
        let Some(source) = self
            .preview
            .with_untracked(|preview| preview.as_ref().map(|preview| preview.source))
        else {
            return;
        };
        self.problem.set(None);
        spawn_local(async move {
            match self
                .app
                .ask(Request::ReadSource(source, format))
                .await
                .and_then(preview_of)
            {
                Ok(preview) => self.take(preview),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    fn take(self, preview: Preview) {
        let same = self.preview.with_untracked(|before| {
            before
                .as_ref()
                .is_some_and(|before| before.columns == preview.columns)
        });
        if !(same && self.touched.get_untracked()) {
            self.mapping.set(preview.mapping.clone());
            self.touched.set(false);
        }
        self.preview.set(Some(preview));
    }

    /// Changes the mapping by the person's hand.
    pub fn edit(self, change: impl FnOnce(&mut Mapping)) {
        self.touched.set(true);
        self.mapping.update(change);
    }

    /// Changes where one column goes.
    pub fn edit_column(self, at: usize, change: impl FnOnce(&mut ColumnMap)) {
        self.edit(|mapping| {
            if let Some(map) = mapping.columns.get_mut(at) {
                change(map);
            }
        });
    }

    /// Whether the status of new people is asked for; whoever reads it is told of changes.
    pub fn asks_status(self) -> bool {
        self.mapping
            .with(|mapping| target::asks_status(mapping, self.form.no_new.get()))
    }

    /// Why the step one is at can't be left forwards; whoever reads it is told of changes.
    pub fn obstacle(self) -> Option<String> {
        match self.step.get() {
            Step::Source => {
                let open = self.preview.with(Option::is_some);
                (!open).then(|| "Choose a file or paste rows first".to_owned())
            }
            Step::Options => {
                let names: Vec<String> = self.app.overview.with(|overview| {
                    overview
                        .segments
                        .iter()
                        .map(|segment| segment.def.name.clone())
                        .collect()
                });
                self.form.chosen().fault(&names)
            }
            Step::Map => self.faults.with(|faults| super::fault::summary(faults)),
            Step::Check | Step::Import | Step::Result => None,
        }
    }

    /// Everything the import is asked to do; none while no file is open.
    pub fn spec(self) -> Option<Spec> {
        untrack(|| {
            let (source, format) = self.preview.with(|preview| {
                preview
                    .as_ref()
                    .map(|preview| (preview.source, preview.format.clone()))
            })?;
            let options = self.form.chosen().options(self.asks_status());
            Some(Spec {
                source,
                format,
                options,
                run_workflows: self.form.run_workflows.get(),
                mapping: self.mapping.get(),
            })
        })
    }

    /// Goes to a step; a check begins by itself where there is none of what is chosen now.
    pub fn go(self, step: Step) {
        self.problem.set(None);
        if step < Step::Check {
            self.stop_check();
        }
        self.step.set(step);
        if step == Step::Check {
            let known = self.check.get_untracked().filter(|asked| {
                Some(&asked.spec) == self.spec().as_ref()
                    && matches!(self.stand(Some(asked.job)), Stand::Running | Stand::Checked(_))
            });
            if known.is_none() {
                self.start_check();
            }
        }
    }

    /// Checks what is chosen now.
    pub fn start_check(self) {
        let Some(spec) = self.spec() else { return };
        self.check.set(None);
        self.problem.set(None);
        spawn_local(async move {
            match self.app.ask(Request::Check(spec.clone())).await.and_then(job_of) {
                Ok(job) => self.check.set(Some(Asked { job, spec })),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Opens the file once more, since the worker may have lost it, and checks it.
    pub fn check_again(self) {
        let Some(origin) = self.origin.get_value() else {
            return;
        };
        let Some(format) = self
            .preview
            .with_untracked(|preview| preview.as_ref().map(|it| it.format.clone()))
        else {
            return;
        };
        self.let_go();
        self.check.set(None);
        self.problem.set(None);
        spawn_local(async move {
            match self.read(&origin).await {
                Ok(preview) => {
                    self.preview.update(|known| {
                        if let Some(known) = known {
                            known.source = preview.source;
                            known.format = format;
                        }
                    });
                    self.start_check();
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Imports what was checked.
    pub fn start_import(self) {
        let Some(Asked { job, spec }) = self.check.get_untracked() else {
            return;
        };
        self.problem.set(None);
        self.import.set(None);
        self.cut_off.set(String::new());
        self.step.set(Step::Import);
        let name = self
            .preview
            .with_untracked(|preview| preview.as_ref().map(|it| it.name.clone()));
        prefs::set(RUNNING, &name.unwrap_or_default());
        spawn_local(async move {
            match self
                .app
                .ask(Request::Import(spec, Some(job)))
                .await
                .and_then(job_of)
            {
                Ok(job) => self.import.set(Some(job)),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Takes over an import that runs already: that of this tab before it was loaded again.
    ///
    /// Where the worker was closed with the page, nobody runs it any more, and the person is told.
    pub fn adopt(self) {
        spawn_local(async move {
            let Ok(Reply::Jobs(jobs)) = self.app.ask(Request::Jobs).await else {
                return;
            };
            let running =
                |job: &&Job| job.kind == JobKind::Import && matches!(job.state, JobState::Running { .. });
            match jobs.iter().find(running) {
                Some(job) if self.is_untouched() => {
                    self.import.set(Some(job.id));
                    self.step.set(Step::Import);
                }
                Some(_) => {}
                None => {
                    if let Some(name) = prefs::get(RUNNING) {
                        self.cut_off.set(if name.is_empty() {
                            "the pasted rows".to_owned()
                        } else {
                            name
                        });
                        prefs::forget(RUNNING);
                    }
                }
            }
        });
    }

    /// Leaves a running import to itself, and begins another one.
    pub fn leave_running(self) {
        self.import.set(None);
        self.start_over();
    }

    /// The import is done: its file is let go of, and its result is shown.
    pub fn finish(self, change: ChangeId) {
        self.start_over();
        self.finished.set(Some(change));
    }

    /// Forgets an import whose end was seen elsewhere, as when one comes back to begin another one.
    pub fn forget_ended(self) {
        let job = self.import.get_untracked();
        if let (Some(_), Stand::Imported(_)) = (job, untrack(|| self.stand(job))) {
            self.start_over();
        }
    }

    /// Chooses the segment that a link names.
    pub fn choose_segment(self, segment: SegmentId) {
        self.form.to_segment.set(true);
        self.form.segment.set(segment.to_string());
    }

    /// Where a job stands; whoever reads it is told of changes.
    pub fn stand(self, job: Option<JobId>) -> Stand {
        let Some(id) = job else { return Stand::Idle };
        self.app.jobs.with(
            |jobs| match jobs.iter().find(|job| job.id == id).map(|job| &job.state) {
                None | Some(JobState::Running { .. }) => Stand::Running,
                Some(JobState::Finished(JobResult::Checked(report))) => {
                    Stand::Checked(Arc::new(report.clone()))
                }
                Some(JobState::Finished(JobResult::Imported(entry))) => Stand::Imported(entry.change),
                // The others have screens of their own.
                Some(JobState::Finished(_)) => Stand::Idle,
                Some(JobState::Cancelled) => Stand::Cancelled,
                Some(JobState::Failed(problem)) => Stand::Failed(problem.clone()),
            },
        )
    }
}

/// What the worker sees in a file that it was asked to open.
///
/// # Errors
/// Another answer.
pub fn preview_of(reply: Reply) -> Result<Preview, Problem> {
    match reply {
        Reply::Preview(preview) => Ok(preview),
        _ => Err(unexpected()),
    }
}

/// The job that a request started.
///
/// # Errors
/// Another answer.
pub fn job_of(reply: Reply) -> Result<JobId, Problem> {
    match reply {
        Reply::Job(job) => Ok(job),
        _ => Err(unexpected()),
    }
}
