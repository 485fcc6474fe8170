//! The workspaces of this site: which there are, and going from one to the other.
//!
//! Each has a database, a worker and locks of its own. [`registry`] is the list that the browser keeps; the databases
//! say themselves what they are called, so that a lost list is found again.

mod card;
mod keep;
mod name;
mod registry;
mod switcher;

pub use card::WorkspacesCard;
pub use keep::KeepCopy;
pub use name::NameDialog;
pub use switcher::Switcher;

use crate::site;
use crate::state::{App, Connection};
use crate::ui::format;
use crate::ui::reactive::{effect, memo};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::{Job, JobResult, JobState, Overview, Reply, Request};
use registry::Entry;

/// The workspaces of this site. Copied freely: each part is a handle.
#[derive(Clone, Copy)]
pub struct Workspaces {
    app: App,
    /// Every one of them, in the order they were made.
    pub all: RwSignal<Vec<Entry>>,
    /// How many contacts the present one had when it was last open, where its database is a new one: the browser has
    /// deleted it.
    pub gone: Memo<Option<u64>>,
}

/// The workspaces of this site.
pub fn use_workspaces() -> Workspaces {
    expect_context::<Workspaces>()
}

/// Provides the workspaces to every component below.
pub fn provide(app: App) {
    let all = RwSignal::new(registry::load());
    let gone = memo(move |_| {
        // Nothing ever happened in this database: a workspace that was emptied goes on counting.
        let is_new = |overview: &Overview| overview.contacts == 0 && overview.version == 0;
        let is_new = app.known.get() && !app.copy.get() && app.overview.with(is_new);
        let before = all.with(|all| present(all).map(|entry| entry.contacts));
        before.filter(|before| is_new && *before > 0)
    });
    provide_context(Workspaces { app, all, gone });
}

impl Workspaces {
    /// Notes that this one is open and what is in it, and looks for others.
    pub fn watch(self) {
        let app = self.app;
        self.change(&site::workspace(), |entry| entry.opened = Some(format::now()));
        effect(move || {
            if app.connection.get() == Connection::Ready {
                self.look();
            }
        });
        let restored = memo(move |_| {
            let done = |job: &Job| matches!(job.state, JobState::Finished(JobResult::Restored(_)));
            app.jobs.with(|jobs| jobs.iter().filter(|job| done(job)).count())
        });
        effect(move || {
            if restored.get() > 0 {
                self.look();
            }
        });
        let contacts = memo(move |_| app.overview.with(|overview| overview.contacts));
        effect(move || {
            let contacts = contacts.get();
            if app.known.get() && !app.copy.get() && self.gone.get().is_none() {
                self.change(&site::workspace(), |entry| entry.contacts = contacts);
            }
        });
    }

    /// Whatever was here, an empty database is no surprise any more.
    pub fn expect_none(self) {
        self.change(&site::workspace(), |entry| entry.contacts = 0);
    }

    /// What the present one is called.
    pub fn title(self) -> String {
        self.all
            .with(|all| present(all).map(Entry::title))
            .unwrap_or_default()
    }

    /// Changes an entry of the list, which is made if there is none.
    pub fn change(self, id: &str, change: impl FnOnce(&mut Entry)) {
        // Another tab may have changed the list since.
        let mut all = registry::load();
        change(registry::entry(&mut all, id));
        self.set(all);
    }

    fn set(self, all: Vec<Entry>) {
        registry::save(&all);
        if self.all.with_untracked(|known| *known != all) {
            self.all.set(all);
        }
    }

    /// Asks the databases which workspaces there are.
    pub fn look(self) {
        spawn_local(async move {
            match self.app.ask(Request::Workspaces).await {
                Ok(Reply::Workspaces(Some(found))) => {
                    let here = site::workspace();
                    let mut all = registry::load();
                    registry::merge(&mut all, &found, &here);
                    let name = registry::entry(&mut all, &here).name.clone();
                    let known = found.iter().any(|info| info.id == here && info.name == name);
                    self.set(all);
                    if !known && !name.is_empty() {
                        self.tell_name(name).await;
                    }
                }
                // A browser that doesn't tell which databases there are leaves the list as it is.
                Ok(_) => {}
                Err(problem) => self.app.report(&problem),
            }
        });
    }

    /// Names the present workspace.
    pub fn rename(self, name: String) {
        self.change(&site::workspace(), |entry| entry.name.clone_from(&name));
        spawn_local(self.tell_name(name));
    }

    async fn tell_name(self, name: String) {
        if let Err(problem) = self.app.ask(Request::NameWorkspace(name)).await {
            self.app.report(&problem);
        }
    }

    /// Makes a workspace of a name, and goes there.
    pub fn create(self, name: String) {
        let id = site::new_id();
        // The list also shows the way back.
        self.change(&site::workspace(), |_| {});
        self.change(&id, |entry| entry.name = name);
        go(&id);
    }

    /// Takes a deleted workspace off the list.
    pub fn forget(self, id: &str) {
        let mut all = registry::load();
        all.retain(|entry| entry.id != id);
        crate::prefs::forget_all(id);
        crate::data::forget_place_of(id);
        self.set(all);
    }
}

/// The entry of the workspace that this page shows.
fn present(all: &[Entry]) -> Option<&Entry> {
    let here = site::workspace();
    all.iter().find(|entry| entry.id == here)
}

/// Goes to another workspace.
pub fn go(id: &str) {
    // A browser refuses it only while the page unloads.
    window().location().assign(&site::address(id)).ok();
}
