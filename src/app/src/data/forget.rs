//! *Forget history*: what changed before a day is folded into one change.

use crate::confirm::ConfirmDialog;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Icon, TextField, format};
use leptos::prelude::*;
use model::message::{Reply, Request};

/// The length of a day in milliseconds.
const DAY: i64 = 86_400_000;

/// The card that forgets the history before a day.
#[component]
pub fn ForgetHistory() -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let open = RwSignal::new(false);
    let day = RwSignal::new(String::new());
    let at = memo(move |_| day.with(|day| zone.with(|zone| format::midnight(day, zone))));
    // The day that begins next is the latest: before it lies everything up to now.
    let future = move || at.get().is_some_and(|at| at > format::now() + DAY);
    let answer = app.live(move || at.get().filter(|_| !future()).map(Request::PreviewForget));
    let count = memo(move |_| match answer.get() {
        Some(Ok(Reply::Count(count))) if at.get().is_some() && !future() => Some(count),
        _ => None,
    });
    let error = move || {
        if future() {
            return Some("This day is still to come".to_owned());
        }
        match answer.get() {
            Some(Err(problem)) if at.get().is_some() => Some(problem.to_string()),
            _ if count.get() == Some(0) => Some("Nothing changed before this day".to_owned()),
            _ => None,
        }
    };
    let text = move || match count.get() {
        None | Some(0) => String::new(),
        Some(count) => format!(
            "{} before {} would be folded into one; nothing of today changes; this can't be undone",
            format::count(count, "change", "changes"),
            day.get()
        ),
    };
    view! {
        <section class="card" aria-labelledby="forget">
            <h2 id="forget">"Forget history"</h2>
            <p class="soft">"What changed before a day can't be looked at or undone any more; contacts, fields and segments stay as they are"</p>
            <TextField
                label="Forget what changed before"
                kind="date"
                value=day
                error=derived(error)
                hint="Tomorrow's date forgets everything up to now"
            />
            <p role="status">{text}</p>
            <div class="buttons">
                <Button
                    label="Forget history…"
                    icon=Icon::History
                    disabled=derived(move || count.get().unwrap_or(0) == 0)
                    on_press=move |_| open.set(true)
                />
            </div>
            <ConfirmDialog
                open=open
                title="Forget history"
                text=derived(text)
                word="FORGET"
                button="Forget history"
                request=move |()| at.get_untracked().map(Request::ForgetHistory)
                on_done=Callback::new(move |_| { day.try_set(String::new()); })
            />
        </section>
    }
}
