//! What every screen knows: the connection to the worker, the workspace in numbers and names, jobs and messages.

use crate::client::Client;
use crate::router::{Router, here_in};
use crate::theme::Theme;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Toasts, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use model::ids::{ChangeId, JobId};
use model::message::{Done, FromWorker, Job, JobKind, JobResult, JobState, Overview, Reply, Request};
use model::problem::Problem;
use model::route::Route;
use std::time::Duration;
use web_sys::{Blob, File, HtmlAnchorElement, Url};

/// How the page stands with the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The worker is starting, or opens the data.
    Connecting,
    /// Requests are answered.
    Ready,
    /// Another tab holds the data.
    Busy,
    /// A newer build takes over; the page reloads.
    Closing,
    /// The worker is dead, with what it said.
    Fatal(String),
}

/// What every screen knows. Copied freely: each part is a handle.
#[derive(Clone, Copy)]
pub struct App {
    client: StoredValue<Option<Client>, LocalStorage>,
    /// The place one is at.
    pub router: Router,
    /// The same place, as a signal.
    pub route: Signal<Route>,
    /// How the page stands with the worker.
    pub connection: RwSignal<Connection>,
    /// What could not be read when the data was opened.
    pub damage: RwSignal<Vec<String>>,
    /// Contacts, fields, segments, filters and settings in numbers and names; as of the last commit.
    pub overview: RwSignal<Overview>,
    /// Whether `overview` has been read at all.
    pub known: RwSignal<bool>,
    zone: Memo<String>,
    /// The state of the data; grows with every commit of any tab.
    pub version: RwSignal<u64>,
    /// The jobs of this session, also the finished ones.
    pub jobs: RwSignal<Vec<Job>>,
    /// Changes whose undo or redo is on its way.
    turning: StoredValue<Vec<ChangeId>>,
    /// Jobs whose end a card on the screen tells.
    awaited: StoredValue<Vec<JobId>>,
    /// The messages in the corner.
    pub toasts: Toasts,
    /// Light, dark, or as the system has it.
    pub theme: RwSignal<Theme>,
    /// Whether the command palette is open.
    pub palette: RwSignal<bool>,
    /// Whether one looks at the copy of the last simulation: all that is viewed is viewed there.
    pub copy: RwSignal<bool>,
    /// Whether the demo is being loaded.
    pub loading_demo: RwSignal<bool>,
    /// What the keys of undo and redo turn on this page, where that is its draft and not the workspace.
    pub turns: RwSignal<Option<Turns>>,
    /// What the command palette offers besides while this page is open.
    pub deeds: RwSignal<Vec<Deed>>,
}

/// Something that a page lets the command palette do.
#[derive(Clone)]
pub struct Deed {
    /// Its name, as on its button.
    pub label: &'static str,
    /// Does it.
    pub act: Callback<()>,
}

impl Deed {
    /// A deed of this name.
    pub fn new(label: &'static str, act: impl Fn() + Send + Sync + 'static) -> Deed {
        Deed {
            label,
            act: Callback::new(move |()| act()),
        }
    }
}

/// Undo and redo of a draft that is open.
#[derive(Clone, Copy)]
pub struct Turns {
    /// Takes the last step back.
    pub undo: Callback<()>,
    /// Does it again.
    pub redo: Callback<()>,
}

/// What every screen knows.
pub fn use_app() -> App {
    expect_context::<App>()
}

impl App {
    /// Connects to the worker and provides the result to every component below.
    pub fn provide() -> App {
        let router = Router::new();
        let overview = RwSignal::new(Overview::default());
        let app = App {
            client: StoredValue::new_local(None),
            router,
            route: router.route(),
            connection: RwSignal::new(Connection::Connecting),
            damage: RwSignal::new(Vec::new()),
            overview,
            known: RwSignal::new(false),
            zone: memo(move |_| overview.with(|overview| overview.settings.time_zone.clone())),
            version: RwSignal::new(0),
            jobs: RwSignal::new(Vec::new()),
            turning: StoredValue::new(Vec::new()),
            awaited: StoredValue::new(Vec::new()),
            toasts: Toasts::new(),
            theme: RwSignal::new(Theme::load()),
            palette: RwSignal::new(false),
            copy: RwSignal::new(false),
            loading_demo: RwSignal::new(false),
            turns: RwSignal::new(None),
            deeds: RwSignal::new(Vec::new()),
        };
        provide_context(app);
        app.client
            .set_value(Some(Client::start(move |said| app.hear(said))));
        effect(move || app.theme.get().apply());
        effect(move || {
            app.version.track();
            if app.connection.get() == Connection::Ready {
                app.read_overview();
            }
        });
        app
    }

    fn hear(self, said: FromWorker) {
        match said {
            FromWorker::Opening(overview) => {
                self.overview.set(overview);
                self.known.set(true);
            }
            FromWorker::Ready { damage, .. } => {
                self.damage.set(damage);
                self.connection.set(Connection::Ready);
                // A new worker may know more than the one before, and may count otherwise.
                self.overview.update_untracked(|overview| overview.version = 0);
                self.version.notify();
                spawn_local(async move {
                    if let Ok(Reply::Jobs(jobs)) = self.ask(Request::Jobs).await {
                        self.jobs.set(jobs);
                    }
                });
            }
            FromWorker::Busy => self.connection.set(Connection::Busy),
            FromWorker::Changed { version } => self.version.set(version),
            FromWorker::Job(job) => self.hear_job(job),
            // The client loads the page again.
            FromWorker::Closing => self.connection.set(Connection::Closing),
            FromWorker::Fatal(why) => self.connection.set(Connection::Fatal(why)),
            // The client gives replies to those who asked.
            FromWorker::Reply { .. } => {}
        }
    }

    fn hear_job(self, job: Job) {
        let before = self.jobs.with_untracked(|jobs| {
            jobs.iter()
                .find(|known| known.id == job.id)
                .map(|known| known.state.clone())
        });
        let ended = !matches!(
            before,
            Some(JobState::Finished(_) | JobState::Cancelled | JobState::Failed(_))
        );
        self.jobs
            .update(|jobs| match jobs.iter_mut().find(|known| known.id == job.id) {
                Some(known) => *known = job.clone(),
                None => jobs.push(job.clone()),
            });
        if !ended {
            return;
        }
        // These screens show their jobs themselves.
        let shown = |route: &Route| match job.kind {
            JobKind::Check | JobKind::Import => matches!(route, Route::Import(_)),
            JobKind::Export => false,
            JobKind::Simulation => matches!(route, Route::Simulator | Route::Workflow(_)),
            JobKind::Events => matches!(route, Route::ImportEvents),
            // The data page shows those that were begun since one came there.
            JobKind::Backup | JobKind::Restore | JobKind::Integrity => {
                self.awaited.with_value(|awaited| awaited.contains(&job.id))
            }
        };
        let on_screen = self.route.with_untracked(shown);
        match (job.kind, job.state) {
            (JobKind::Export, JobState::Finished(JobResult::Exported(number))) => {
                let download = Callback::new(move |()| self.save_blob(Request::Download(number)));
                self.toasts.say(
                    format!("{} is ready", job.name),
                    Some(("Download".to_owned(), download)),
                );
            }
            (JobKind::Import, JobState::Finished(JobResult::Imported(entry))) if !on_screen => {
                let show =
                    Callback::new(move |()| crate::router::navigate(&Route::ImportResult(entry.change)));
                self.toasts
                    .say("Import finished", Some(("See result".to_owned(), show)));
            }
            (JobKind::Simulation, JobState::Finished(_)) if !on_screen => {
                let show = Callback::new(move |()| crate::router::navigate(&Route::Simulator));
                self.toasts
                    .say("Simulation finished", Some(("See result".to_owned(), show)));
            }
            (JobKind::Events, JobState::Finished(JobResult::Events(report))) if !on_screen => {
                if let Some(change) = report.change {
                    let show = Callback::new(move |()| crate::router::navigate(&Route::Change(change, None)));
                    self.toasts
                        .say("Import of events finished", Some(("See change".to_owned(), show)));
                }
            }
            (JobKind::Backup, JobState::Finished(JobResult::BackedUp(made)))
                if !on_screen && !made.automatic =>
            {
                let download = Callback::new(move |()| self.save_blob(Request::TakeBackup));
                self.toasts.say(
                    format!("{} is ready", made.file),
                    Some(("Download".to_owned(), download)),
                );
            }
            (JobKind::Restore, JobState::Finished(JobResult::Restored(restored))) if !on_screen => {
                let open = restored.workspace.map(|id| {
                    let open = Callback::new(move |()| crate::workspaces::go(&id));
                    ("Open it".to_owned(), open)
                });
                self.toasts.say(format!("{} is there", restored.name), open);
            }
            (_, JobState::Failed(problem)) if !on_screen => self.report(&problem),
            _ => {}
        }
    }

    fn read_overview(self) {
        let copy = self.copy.get_untracked();
        spawn_local(async move {
            match self.ask(Request::Overview).await {
                // It is of a copy that one doesn't look at any more, or of what one looked at before.
                Ok(Reply::Overview(_)) if copy != self.copy.get_untracked() => {}
                Ok(Reply::Overview(overview)) => {
                    // An answer that was overtaken by a newer one says nothing new.
                    if !self.known.get_untracked()
                        || overview.version >= self.overview.with_untracked(|known| known.version)
                    {
                        self.overview.set(overview);
                    }
                    self.known.set(true);
                }
                Ok(_) => self.report(&unexpected()),
                Err(problem) => self.report(&problem),
            }
        });
    }

    /// Asks the worker at once, whenever its answer is awaited. The future of a view request that a newer one replaced
    /// never ends.
    ///
    /// # Errors
    /// What the worker says is wrong.
    pub fn ask(self, request: Request) -> impl Future<Output = Result<Reply, Problem>> {
        let client = self.client.try_get_value().flatten();
        let answer = self.guarded(request).and_then(|request| match client {
            Some(client) => Ok(client.ask(request)),
            None => Err(unconnected()),
        });
        async move { answer?.await }
    }

    /// What is asked while one looks at the copy of a simulation; elsewhere the request itself.
    fn guarded(self, request: Request) -> Result<Request, Problem> {
        match self.copy.get_untracked() {
            true => crate::simulator::asked_in_copy(request),
            false => Ok(request),
        }
    }

    /// Asks the worker with a file beside the request.
    ///
    /// # Errors
    /// What the worker says is wrong.
    pub async fn ask_with_file(self, request: Request, file: &File) -> Result<Reply, Problem> {
        let request = self.guarded(request)?;
        match self.client.try_get_value().flatten() {
            Some(client) => client.ask_with_file(request, file).await,
            None => Err(unconnected()),
        }
    }

    /// The name of the worker that answers, or answered last. What it made is unknown to any other.
    pub fn worker(self) -> String {
        let client = self.client.try_get_value().flatten();
        client.map(|client| client.worker()).unwrap_or_default()
    }

    /// Asks for a file: its name and content.
    ///
    /// # Errors
    /// What the worker says is wrong.
    pub async fn ask_blob(self, request: Request) -> Result<(String, Blob), Problem> {
        match self.client.try_get_value().flatten() {
            Some(client) => client.ask_blob(request).await,
            None => Err(unconnected()),
        }
    }

    /// Asks for a file and hands it to the browser's downloads.
    pub fn save_blob(self, request: Request) {
        let request = match self.guarded(request) {
            Ok(request) => request,
            Err(problem) => return self.report(&problem),
        };
        spawn_local(async move {
            match self.ask_blob(request).await {
                Ok((file, blob)) => self.save_file(&file, &blob),
                Err(problem) => self.report(&problem),
            }
        });
    }

    /// Hands a file that was made in this tab to the browser's downloads.
    pub fn save_file(self, file: &str, blob: &Blob) {
        if save(file, blob).is_err() {
            self.toasts.warn("The browser did not take the file");
        }
    }

    /// Takes the data over from the tab that holds it.
    pub fn use_here(self) {
        self.connection.set(Connection::Connecting);
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.use_here();
            }
        });
    }

    /// Asks for a change, and says in a toast what was done or what is wrong.
    pub fn write(self, request: Request) {
        self.write_then(request, |_| {});
    }

    /// The same, and then goes on with the answer where it was done.
    pub fn write_then(self, request: Request, then: impl FnOnce(Reply) + 'static) {
        spawn_local(self.written(request, then));
    }

    /// The same within what is awaited.
    pub async fn written(self, request: Request, then: impl FnOnce(Reply)) {
        match self.ask(request).await {
            Ok(reply) => {
                self.say_done(&reply);
                then(reply);
            }
            Err(problem) => self.report(&problem),
        }
    }

    /// The same [once] at a time.
    pub fn write_once(self, busy: RwSignal<bool>, request: Request, then: impl FnOnce(Reply) + 'static) {
        once(busy, self.written(request, then));
    }

    /// Asks for a change from a dialog, [once] at a time: closes it and goes on with the answer, or says in it what is
    /// wrong. Whoever closed it meanwhile, or went elsewhere, gets a toast and nothing else.
    pub fn write_from_dialog(
        self,
        open: RwSignal<bool>,
        busy: RwSignal<bool>,
        problem: RwSignal<Option<String>>,
        request: Request,
        then: impl FnOnce(Reply) + 'static,
    ) {
        let here = here_in(open);
        once(busy, async move {
            match self.ask(request).await {
                Ok(reply) => {
                    self.say_done(&reply);
                    if here.still() {
                        open.set(false);
                        then(reply);
                    }
                }
                Err(what) if here.still() => problem.set(Some(what.to_string())),
                Err(what) => self.report(&what),
            }
        });
    }

    /// *Load the demo*, once at a time.
    pub fn load_demo(self) {
        self.write_once(self.loading_demo, Request::LoadDemo, |_| {});
    }

    /// Says in a toast what a change did, with **Undo** where there is something to undo.
    pub fn say_done(self, reply: &Reply) {
        let done = match reply {
            Reply::Created(_, done)
            | Reply::Segment(_, done)
            | Reply::WorkflowMade(_, done)
            | Reply::WorkflowRead(_, _, done)
            | Reply::Done(done) => done,
            Reply::Keys(report) => match &report.done {
                Some(done) => done,
                None => return,
            },
            _ => return,
        };
        match done.change {
            Some(change) => {
                let undo = Callback::new(move |()| self.undo(change));
                self.toasts
                    .say_change(sentence(done), change, ("Undo".to_owned(), undo));
            }
            None => self.toasts.say(sentence(done), None),
        }
    }

    /// Says what went wrong; it stays until it is closed.
    pub fn report(self, problem: &Problem) {
        self.toasts.warn(problem.to_string());
    }

    /// Says what went wrong where it was asked for, or, where that is gone, as any other problem.
    pub fn report_at(self, place: RwSignal<Option<String>>, problem: &Problem) {
        if place.try_set(Some(problem.to_string())).is_some() {
            self.report(problem);
        }
    }

    /// Undoes a change set, and offers to redo it.
    pub fn undo(self, change: ChangeId) {
        self.turn_one(change, Request::Undo(change));
    }

    /// Redoes a change set, and offers to undo it.
    pub fn redo(self, change: ChangeId) {
        self.turn_one(change, Request::Redo(change));
    }

    /// Undoes or redoes one change, once at a time.
    fn turn_one(self, change: ChangeId, request: Request) {
        if self.turning.with_value(|turning| turning.contains(&change)) {
            return;
        }
        self.turning.update_value(|turning| turning.push(change));
        let turned = self.turned(request);
        spawn_local(async move {
            turned.await;
            self.turning
                .update_value(|turning| turning.retain(|other| *other != change));
        });
    }

    fn turn(self, request: Request) {
        spawn_local(self.turned(request));
    }

    /// Undoes or redoes, and offers the way back.
    async fn turned(self, request: Request) {
        let undoes = matches!(request, Request::Undo(_) | Request::UndoNewest);
        match self.ask(request).await {
            Ok(Reply::Undone(what, done)) => {
                let kept = what.contacts_kept + what.cells_kept + what.members_kept + what.key_conflicts;
                let kept = match kept {
                    0 => String::new(),
                    kept => format!(
                        "; {} kept, because something newer decided them",
                        format::number(kept)
                    ),
                };
                let text = format!("{}{kept}", done.what);
                match done.change {
                    Some(change) => {
                        let back = match undoes {
                            true => ("Redo".to_owned(), Callback::new(move |()| self.redo(change))),
                            false => ("Undo".to_owned(), Callback::new(move |()| self.undo(change))),
                        };
                        self.toasts.say_change(text, change, back);
                    }
                    None => self.toasts.say(text, None),
                }
            }
            Ok(Reply::Nothing) if undoes => self.toasts.say("There is nothing to undo", None),
            Ok(Reply::Nothing) => self.toasts.say("There is nothing to redo", None),
            Ok(_) => self.report(&unexpected()),
            Err(problem) => self.report(&problem),
        }
    }

    /// What the keys of undo do: to the draft that is open, else to the workspace.
    pub fn undo_here(self) {
        match self.turns.get_untracked() {
            Some(turns) => turns.undo.run(()),
            None => self.undo_last(),
        }
    }

    /// What the keys of redo do: to the draft that is open, else to the workspace.
    pub fn redo_here(self) {
        match self.turns.get_untracked() {
            Some(turns) => turns.redo.run(()),
            None => self.redo_last(),
        }
    }

    /// Undoes the newest change that stands: which one that is, the worker knows when the turn comes to this.
    pub fn undo_last(self) {
        self.turn(Request::UndoNewest);
    }

    /// Redoes the newest change that was undone.
    pub fn redo_last(self) {
        self.turn(Request::RedoNewest);
    }

    /// The answer to a request, asked again when the request or the data changes; none until the first answer.
    ///
    /// An older answer stays until the newer one is there, so that nothing flickers.
    pub fn live(
        self,
        request: impl Fn() -> Option<Request> + 'static,
    ) -> ReadSignal<Option<Result<Reply, Problem>>> {
        let (answer, set_answer) = signal(None);
        let newest = StoredValue::new(0u64);
        effect(move || {
            self.version.track();
            let (true, Some(request)) = (self.connection.get() == Connection::Ready, request()) else {
                return;
            };
            newest.update_value(|number| *number += 1);
            let number = newest.get_value();
            let answer = self.ask(request);
            spawn_local(async move {
                let result = answer.await;
                // The screen may be gone by now, or have asked something else.
                if newest.try_get_value() == Some(number) {
                    set_answer.try_set(Some(result));
                }
            });
        });
        answer
    }

    /// One job of this session, as it goes on.
    pub fn job(self, id: JobId) -> Signal<Option<Job>> {
        derived(move || {
            self.jobs
                .with(|jobs| jobs.iter().find(|job| job.id == id).cloned())
        })
    }

    /// Goes on with how a job ended, and waits for it no more.
    pub fn when_ended(self, waited: RwSignal<Option<JobId>>, then: impl Fn(JobState) + 'static) {
        let forget = move |id: JobId| {
            self.awaited
                .update_value(|awaited| awaited.retain(|other| *other != id))
        };
        on_cleanup(move || {
            if let Some(id) = waited.try_get_untracked().flatten() {
                forget(id);
            }
        });
        effect(move || {
            let Some(id) = waited.get() else { return };
            self.awaited.update_value(|awaited| {
                if !awaited.contains(&id) {
                    awaited.push(id);
                }
            });
            let state = self.job(id).with(|job| job.as_ref().map(|job| job.state.clone()));
            match state {
                None | Some(JobState::Running { .. }) => {}
                Some(ended) => {
                    forget(id);
                    waited.set(None);
                    then(ended);
                }
            }
        });
    }

    /// The workspace's time zone.
    pub fn zone(self) -> Memo<String> {
        self.zone
    }
}

/// What a change did, with what already was as asked.
fn sentence(done: &Done) -> String {
    match done.unchanged {
        0 => done.what.clone(),
        already => format!("{} · {} unchanged", done.what, format::number(already)),
    }
}

/// Does something once at a time: `busy` is on meanwhile, and nothing is begun while it is.
pub fn once(busy: RwSignal<bool>, work: impl Future<Output = ()> + 'static) {
    // A screen that is gone asks nothing any more.
    if busy.try_get_untracked() != Some(false) {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        work.await;
        // The screen may be gone by now.
        busy.try_set(false);
    });
}

/// A reply that does not belong to its request: a fault of the program, said rather than swallowed.
pub fn unexpected() -> Problem {
    Problem::new("The worker answered something else", "Reload the page")
}

fn unconnected() -> Problem {
    Problem::new("Corral is not connected to its data", "Reload the page")
}

/// Hands a file to the browser's downloads.
fn save(file: &str, blob: &Blob) -> Result<(), leptos::wasm_bindgen::JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(file);
    link.click();
    // The download has its own hold on the file by then.
    set_timeout(
        move || {
            Url::revoke_object_url(&address).ok();
        },
        Duration::from_secs(60),
    );
    Ok(())
}
