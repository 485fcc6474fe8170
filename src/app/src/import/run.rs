//! The fifth step: the import runs, and so does its progress.

use super::flow::{Stand, use_flow};
use super::pace::pace;
use super::step::Step;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Icon, Look, Notice, Progress, Tone};
use leptos::prelude::*;
use model::ids::JobId;
use model::message::{JobState, Request};

/// The fifth step of an import.
#[component]
pub fn ImportStep() -> impl IntoView {
    let flow = use_flow();
    let stand = memo(move |_| flow.stand(flow.import.get()));
    let has_file = memo(move |_| flow.preview.with(Option::is_some));
    let refused = memo(move |_| flow.problem.with(Option::is_some));
    let away = move || {
        if has_file.get() {
            view! { <Button label="Back to the check" icon=Icon::Back on_press=move |_| flow.go(Step::Check)/> }.into_any()
        } else {
            view! { <Button label="Import a file" look=Look::Primary on_press=move |_| flow.start_over()/> }
                .into_any()
        }
    };
    move || {
        match stand.get() {
        Stand::Running => view! {
            <section class="card">
                {move || flow.import.get().map(|job| view! { <JobProgress job=job what="Importing"/> })}
                <p class="small soft">"It goes on when you look elsewhere, or close this tab while another one is open"</p>
            </section>
            {move || (!has_file.get()).then(|| view! {
                <div class="wizard-foot">
                    <Button label="Import another file" on_press=move |_| flow.leave_running()/>
                </div>
            })}
        }
        .into_any(),
        Stand::Cancelled => view! {
            <Notice text="The import was cancelled; nothing was changed"/>
            <div class="wizard-foot">{away}</div>
        }
        .into_any(),
        Stand::Failed(problem) => view! {
            <Notice tone=Tone::Danger text=format!("The import failed. {problem}")/>
            <div class="wizard-foot">{away}</div>
        }
        .into_any(),
        Stand::Idle | Stand::Checked(_) | Stand::Imported(_) => view! {
            {move || refused.get().then(|| view! { <div class="wizard-foot">{away}</div> })}
        }
        .into_any(),
    }
    }
}

/// How far a job is: rows, rows a second, time left, and **Cancel** as long as it can be.
#[component]
pub fn JobProgress(
    /// The job.
    job: JobId,
    /// What it does (“Checking”).
    what: &'static str,
) -> impl IntoView {
    let app = use_app();
    let job_now = app.job(job);
    let state =
        memo(move |_| job_now.with(|job| job.as_ref().map(|job| (job.name.clone(), job.state.clone()))));
    let label = memo(move |_| {
        state.with(|state| match state {
            Some((name, _)) if !name.is_empty() => format!("{what} {name}"),
            _ => what.to_owned(),
        })
    });
    let share = memo(move |_| {
        state.with(|state| match state {
            Some((_, JobState::Running { permille, .. })) => Some(*permille),
            _ => None,
        })
    });
    let numbers = memo(move |_| {
        state.with(|state| match state {
            Some((
                _,
                JobState::Running {
                    phase,
                    permille,
                    rows,
                    elapsed,
                    ..
                },
            )) => {
                let words = pace(*permille, *rows, *elapsed).words();
                if phase.is_empty() {
                    words
                } else {
                    format!("{phase} · {words}")
                }
            }
            _ => String::new(),
        })
    });
    let can_cancel = memo(move |_| {
        state.with(|state| matches!(state, Some((_, JobState::Running { can_cancel: true, .. }))))
    });
    let percent = derived(move || {
        share
            .get()
            .map(|share| format!("{} %", share / 10))
            .unwrap_or_default()
    });
    view! {
        <Progress label=label detail=percent permille=share/>
        <p class="number-line">{numbers}</p>
        <div class="buttons">
            <Button
                label="Cancel"
                disabled=derived(move || !can_cancel.get())
                on_press=move |_| app.write(Request::Cancel(job))
            />
        </div>
    }
}
