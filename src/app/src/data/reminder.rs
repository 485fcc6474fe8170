//! A quiet line above every screen once the last backup is old.

use super::backup::age;
use crate::prefs;
use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::ui::{Button, LinkButton, Look, Notice, format};
use leptos::prelude::*;
use model::backup::LastBackup;
use model::message::{Reply, Request};
use model::route::Route;

/// A backup is old, and a dismissed reminder comes back, after so many milliseconds: a week.
const WEEK: i64 = 7 * 86_400_000;

/// Where it rests when the reminder was dismissed.
const DISMISSED: &str = "backup-reminder";

/// Whether the person wants to hear nothing of it for now.
fn is_quiet(dismissed: Option<i64>, now: i64) -> bool {
    dismissed.is_some_and(|at| (0..WEEK).contains(&(now - at)))
}

/// Whether it is time to remind.
fn is_due(last: LastBackup, dismissed: Option<i64>, now: i64) -> bool {
    let old = |at: Option<i64>| at.is_some_and(|at| now - at >= WEEK);
    let quiet = is_quiet(dismissed, now);
    // Without a backup, what counts is since when there is something to lose.
    last.changes > 0 && !quiet && old(last.at.or(last.since))
}

/// Reminds of a backup that is old, until it is dismissed.
#[component]
pub fn BackupReminder() -> impl IntoView {
    let app = use_app();
    let dismissed = RwSignal::new(prefs::get(DISMISSED).and_then(|at| at.parse::<i64>().ok()));
    let answer = app.live(move || (!is_quiet(dismissed.get(), format::now())).then_some(Request::LastBackup));
    let text = memo(move |_| match answer.get() {
        Some(Ok(Reply::LastBackup(last))) if is_due(last, dismissed.get(), format::now()) => Some(age(last)),
        _ => None,
    });
    let dismiss = move |_| {
        let now = format::now();
        prefs::set(DISMISSED, &now.to_string());
        dismissed.set(Some(now));
    };
    move || {
        text.get().map(|text| {
            view! {
                <Notice text=text>
                    <LinkButton label="Back up…" href=Route::Data.to_string()/>
                    <Button label="Not now" look=Look::Quiet on_press=dismiss/>
                </Notice>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_comes_after_a_week_with_changes_and_rests_a_week_when_dismissed() {
        const DAY: i64 = WEEK / 7;
        let last = |at, changes, since| LastBackup { at, changes, since };
        let now = 100 * DAY;
        for (last, dismissed, due) in [
            (last(Some(now - 12 * DAY), 3, Some(now - DAY)), None, true),
            (last(Some(now - 12 * DAY), 0, None), None, false),
            (last(Some(now - 2 * DAY), 3, Some(now - DAY)), None, false),
            (last(None, 3, Some(now - 8 * DAY)), None, true),
            (last(None, 3, Some(now - DAY)), None, false),
            (last(None, 3, Some(now - 8 * DAY)), Some(now - 6 * DAY), false),
            (last(None, 3, Some(now - 8 * DAY)), Some(now - 7 * DAY), true),
            (last(None, 0, None), None, false),
        ] {
            assert_eq!(is_due(last, dismissed, now), due, "{last:?} {dismissed:?}");
        }
    }
}
