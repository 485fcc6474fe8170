//! *Automatic backup*: after changes a backup is written to a file or folder that the person chose.
//!
//! Choosing and asking live in the page, so it is the page that writes: every tab looks now and then whether a backup is
//! due, and one of them makes it.

mod card;
mod files;
mod kept;

pub use card::AutomaticCard;
pub use kept::forget as forget_place_of;

use crate::import::job_of;
use crate::prefs;
use crate::state::{App, Connection};
use crate::ui::format;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use model::backup::LastBackup;
use model::message::{JobState, Reply, Request};
use model::problem::Problem;
use std::time::Duration;

/// How often is looked whether a backup is due, in milliseconds.
const LOOK: u64 = 20_000;
/// How often is looked whether a backup that is being made is ready, in milliseconds.
const SOON: u64 = 250;

/// Where it rests how often a backup is written, in minutes.
const EVERY: &str = "backup-every";
/// Where it rests when a tab last began to write one.
const BEGUN: &str = "backup-begun";

/// How it stands with the automatic backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was chosen.
    Off,
    /// It is written to the file or folder of this name.
    On(String),
    /// The browser wants the person to allow it again.
    Asks(String),
    /// The last one could not be written.
    Failed(String, String),
}

/// The automatic backup. Copied freely: each part is a handle.
#[derive(Clone, Copy)]
pub struct Automatic {
    app: App,
    place: StoredValue<Option<JsValue>, LocalStorage>,
    /// How it stands.
    pub state: RwSignal<State>,
    /// How often it is written at most, in minutes, as text.
    pub every: RwSignal<String>,
}

/// The automatic backup.
pub fn use_automatic() -> Automatic {
    expect_context::<Automatic>()
}

/// Whether a backup is due: something changed, and neither the last one nor the last try was just now.
fn is_due(last: LastBackup, failed: bool, begun: Option<i64>, minutes: i64, now: i64) -> bool {
    let rested = |at: Option<i64>| at.is_none_or(|at| !(0..minutes * 60_000).contains(&(now - at)));
    (last.changes > 0 && rested(last.at) || failed) && rested(begun)
}

/// Provides it to every component below; it does nothing before [`Automatic::watch`].
pub fn provide(app: App) {
    provide_context(Automatic {
        app,
        place: StoredValue::new_local(None),
        state: RwSignal::new(State::Off),
        every: RwSignal::new(prefs::get(EVERY).unwrap_or_else(|| "15".to_owned())),
    });
}

impl Automatic {
    /// Writes backups as long as the component lives that calls it.
    pub fn watch(self) {
        if files::available() {
            spawn_local(async move {
                if let Some(place) = kept::read().await {
                    self.stand(&place).await;
                    self.place.set_value(Some(place));
                }
            });
            let look = move || spawn_local(async move { self.look().await });
            if let Ok(interval) = set_interval_with_handle(look, Duration::from_millis(LOOK)) {
                // The frame comes again after another tab had the data.
                on_cleanup(move || interval.clear());
            }
        }
    }

    /// Notes whether the page may write there now.
    async fn stand(self, place: &JsValue) {
        let name = files::name(place);
        self.state.set(match files::allowed(place, false).await {
            true => State::On(name),
            false => State::Asks(name),
        });
    }

    /// Writes to this file or folder from now on, or (none) to nothing any more.
    async fn choose(self, place: Option<JsValue>) {
        if kept::keep(place.as_ref()).await.is_err() {
            self.app
                .toasts
                .warn("The browser did not keep your choice; it holds until this page is closed");
        }
        self.state.set(State::Off);
        if let Some(place) = &place {
            self.stand(place).await;
        }
        self.place.set_value(place);
        prefs::forget(BEGUN);
        self.look().await;
    }

    /// Has the browser ask the person again, and goes on; only while a click is answered.
    async fn allow(self) {
        let Some(place) = self.place.get_value() else {
            return;
        };
        if files::allowed(&place, true).await {
            self.state.set(State::On(files::name(&place)));
            self.look().await;
        }
    }

    /// Tries once more after a failure.
    async fn again(self) {
        prefs::forget(BEGUN);
        self.look().await;
    }

    /// Forgets the chosen file or folder of this workspace.
    pub fn forget(self) {
        if self.place.with_value(Option::is_some) {
            spawn_local(self.choose(None));
        }
    }

    fn set_every(self, minutes: String) {
        prefs::set(EVERY, &minutes);
        self.every.set(minutes);
    }

    /// Writes a backup if one is due.
    async fn look(self) {
        let Some(place) = self.place.get_value() else {
            return;
        };
        if self.app.connection.get_untracked() != Connection::Ready || self.app.copy.get_untracked() {
            return;
        }
        let Ok(Reply::LastBackup(last)) = self.app.ask(Request::LastBackup).await else {
            return;
        };
        let failed = matches!(self.state.get_untracked(), State::Failed(..));
        let begun = prefs::get(BEGUN).and_then(|at| at.parse().ok());
        let minutes = self.every.with_untracked(|every| every.parse().unwrap_or(15));
        if !is_due(last, failed, begun, minutes, format::now()) {
            return;
        }
        let name = files::name(&place);
        if !files::allowed(&place, false).await {
            self.state.set(State::Asks(name));
            return;
        }
        // Other tabs leave it to this one.
        prefs::set(BEGUN, &format::now().to_string());
        match self.write(&place).await {
            Ok(()) => self.state.set(State::On(name)),
            Err(problem) => self.state.set(State::Failed(name, problem.to_string())),
        }
    }

    async fn write(self, place: &JsValue) -> Result<(), Problem> {
        let request = Request::Backup {
            passphrase: String::new(),
            automatic: true,
        };
        let job = self.app.ask(request).await.and_then(job_of)?;
        let worker = self.app.worker();
        loop {
            // The numbers of jobs begin anew with each worker.
            if self.app.worker() != worker {
                return Err(Problem::new("Corral had to start again while it backed up", ""));
            }
            let state = self.app.jobs.with_untracked(|jobs| {
                let found = jobs.iter().find(|known| known.id == job);
                found.map(|job| job.state.clone())
            });
            match state {
                None | Some(JobState::Running { .. }) => pause(SOON).await,
                Some(JobState::Finished(_)) => break,
                Some(JobState::Failed(problem)) => return Err(problem),
                Some(JobState::Cancelled) => return Err(Problem::new("It was cancelled", "")),
            }
        }
        let (file, blob) = self.app.ask_blob(Request::TakeBackup).await?;
        let written = files::write(place, &file, &blob).await;
        written.map_err(|reason| {
            let problem = Problem::new(
                format!("The automatic backup could not be written: {reason}"),
                "See on the data page whether its folder is still there, or choose another",
            );
            // What went wrong before is told as with every job.
            self.app.report(&problem);
            problem
        })
    }
}

async fn pause(milliseconds: u64) {
    let timer = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                // A promise's own resolve function throws nothing.
                resolve.call0(&JsValue::UNDEFINED).ok();
            },
            Duration::from_millis(milliseconds),
        );
    });
    // Nobody rejects this promise.
    wasm_bindgen_futures::JsFuture::from(timer).await.ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_after_a_change_and_not_more_often_than_asked() {
        const MINUTE: i64 = 60_000;
        let now = 1_000 * MINUTE;
        let last = |at: Option<i64>, changes| LastBackup {
            at,
            changes,
            since: None,
        };
        for (last, failed, begun, due) in [
            (last(None, 1), false, None, true),
            (last(None, 0), false, None, false),
            (last(Some(now - 20 * MINUTE), 1), false, None, true),
            (last(Some(now - 5 * MINUTE), 1), false, None, false),
            (last(Some(now - 20 * MINUTE), 1), false, Some(now - MINUTE), false),
            (last(Some(now - MINUTE), 0), true, Some(now - 20 * MINUTE), true),
            (last(Some(now - MINUTE), 0), true, Some(now - MINUTE), false),
            // A clock that was set back keeps nothing from being written.
            (last(Some(now + 60 * MINUTE), 1), false, None, true),
        ] {
            assert_eq!(
                is_due(last, failed, begun, 15, now),
                due,
                "{last:?} {failed} {begun:?}"
            );
        }
    }
}
