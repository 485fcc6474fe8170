//! The simulator's page.

use super::catalogue::Catalogue;
use super::clear::SimulatedNotice;
use super::fire::FireDialog;
use super::form::SimulationForm;
use super::result::ResultCard;
use super::run::Running;
use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::ui::{Button, Empty, Icon, LinkButton, Look, Notice, Page, Tone};
use leptos::prelude::*;
use model::message::{Job, JobKind, JobResult, JobState};
use model::route::Route;
use model::workflow::WorkflowState;

/// The newest simulation among jobs, if it runs.
fn running(jobs: &[Job]) -> Option<&Job> {
    let mut simulations = jobs.iter().rev().filter(|job| job.kind == JobKind::Simulation);
    simulations.find(|job| matches!(job.state, JobState::Running { .. }))
}

/// The newest simulation that is over.
fn over(jobs: &[Job]) -> Option<&Job> {
    let mut simulations = jobs.iter().rev().filter(|job| job.kind == JobKind::Simulation);
    simulations.find(|job| !matches!(job.state, JobState::Running { .. }))
}

/// The simulated shop.
#[component]
pub fn Simulator() -> impl IntoView {
    let app = use_app();
    let empty = memo(move |_| app.overview.with(|overview| overview.contacts == 0));
    let firing = RwSignal::new(false);
    let actions = move || {
        view! {
            <LinkButton label="Import events" icon=Icon::Import href=Route::ImportEvents.to_string()/>
            <Show when=move || !empty.get()>
                <Button label="Fire event…" icon=Icon::Plus on_press=move |_| firing.set(true)/>
            </Show>
        }
    };
    view! {
        <Page title="Simulator" actions=actions>
            <p class="page-line">"A made-up shop for your contacts: they visit, search and buy, and workflows react. Nothing is ever sent to anybody"</p>
            <SimulatedNotice/>
            <Show when=move || !empty.get() fallback=|| view! { <Nobody/> }>
                <Shop/>
                <Catalogue/>
            </Show>
            <FireDialog open=firing/>
        </Page>
    }
}

/// What a workspace without contacts shows.
#[component]
fn Nobody() -> impl IntoView {
    let app = use_app();
    view! {
        <Empty
            icon=Icon::Simulator
            title="Nobody to simulate yet"
            text="Here contacts visit a made-up shop, so that you see what workflows do. Bring some contacts first"
        >
            <LinkButton label="Import contacts" look=Look::Primary href=Route::Import(None).to_string()/>
            <Button label="Load the demo" icon=Icon::Demo disabled=app.loading_demo on_press=move |_| app.load_demo()/>
        </Empty>
    }
}

/// The form, or the simulation that runs, and the last result.
#[component]
fn Shop() -> impl IntoView {
    let app = use_app();
    let job = memo(move |_| app.jobs.with(|jobs| running(jobs).map(|job| job.id)));
    let last = memo(move |_| app.jobs.with(|jobs| over(jobs).map(|job| job.state.clone())));
    let result = move || {
        Some(match last.get()? {
            JobState::Finished(JobResult::Simulated(report)) => {
                view! { <ResultCard report=*report/> }.into_any()
            }
            JobState::Cancelled => {
                view! { <Notice text="The simulation was cancelled before anything was kept"/> }.into_any()
            }
            JobState::Failed(problem) => view! {
                <Notice tone=Tone::Danger text=format!("The simulation failed. {problem}")/>
            }
            .into_any(),
            JobState::Running { .. } | JobState::Finished(_) => return None,
        })
    };
    view! {
        <NoWorkflow/>
        {move || match job.get() {
            Some(job) => view! { <Running job=job/> }.into_any(),
            None => view! { <SimulationForm/> }.into_any(),
        }}
        {move || job.get().is_none().then(result)}
    }
}

/// Says that no workflow would react.
#[component]
fn NoWorkflow() -> impl IntoView {
    let app = use_app();
    let none = memo(move |_| {
        app.overview.with(|overview| {
            let mut workflows = overview.workflows.iter();
            !workflows.any(|(_, _, state)| *state == WorkflowState::Active)
        })
    });
    view! {
        <Show when=move || none.get()>
            <Notice text="No workflow is active: events happen all the same, and nothing reacts to them">
                <LinkButton label="Workflows" href=Route::Workflows.to_string()/>
            </Notice>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::JobId;

    #[test]
    fn the_newest_simulation_is_shown() {
        let job = |id: u32, kind: JobKind, state: JobState| Job {
            id: JobId(id),
            kind,
            name: String::new(),
            state,
        };
        let runs = JobState::Running {
            phase: String::new(),
            permille: 0,
            rows: 0,
            elapsed: 0,
            can_cancel: true,
        };
        let jobs = [
            job(1, JobKind::Simulation, JobState::Cancelled),
            job(2, JobKind::Simulation, JobState::Cancelled),
            job(3, JobKind::Import, runs.clone()),
        ];
        assert_eq!(over(&jobs).map(|job| job.id), Some(JobId(2)));
        assert_eq!(running(&jobs), None);
        assert!(running(&[job(4, JobKind::Simulation, runs)]).is_some());
    }
}
