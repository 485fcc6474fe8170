//! **Dry run**: the whole workflow over the whole audience and a simulated or recorded period, on a copy.

use super::asks::Asks;
use super::dry_result::DryResult;
use super::panel::pick::{Word, choices as word_choices, keyed};
use super::save::Saver;
use super::session::{Dry, Session};
use crate::behaviour::day;
use crate::import::JobProgress;
use crate::state::{once, unexpected};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{
    Button, Checkbox, Choice, Combobox, Look, Notice, RadioGroup, TextField, Tone, format, segment_choices,
};
use leptos::prelude::*;
use model::JobId;
use model::message::{Job, JobResult, JobState, Reply, Request};
use model::problem::Problem;
use model::simulation::{DryRun, SimulateOn, SimulationReport, SimulationSpec};

/// At most so many days are simulated.
const MOST_DAYS: u32 = 3_650;
/// At most so many visits a day.
const MOST_VISITS: u32 = 1_000_000;

/// The form's name in the page.
const FORM: &str = "workflow-dry-form";

/// How a dry run stands.
#[derive(Clone, PartialEq)]
enum Stand {
    /// None was begun.
    None,
    Running,
    /// The worker that ran it is gone.
    Gone,
    Cancelled,
    Failed(Problem),
    Done(Box<SimulationReport>),
}

/// A whole number from 1 to a greatest one, or what is wrong with it.
fn whole(text: &str, most: u32) -> Result<u32, String> {
    match text.trim().parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(format!(
            "A whole number from 1 to {}",
            crate::ui::format::number(u64::from(most))
        )),
    }
}

/// Whether the copy of a simulation gave way to that of a later one.
fn replaced(jobs: &[Job], id: JobId) -> bool {
    let copied = |job: &Job| match &job.state {
        JobState::Finished(JobResult::Simulated(report)) => report.copy,
        _ => false,
    };
    jobs.iter().any(|job| job.id > id && copied(job))
}

/// The form, the progress and the result of a dry run.
#[component]
pub fn DryRunSide(
    /// The page.
    session: Session,
    /// Saves it before it is activated.
    saver: Saver,
    /// What is asked on the page.
    asks: Asks,
) -> impl IntoView {
    let app = session.app;
    let stand = memo(move |_| {
        let begun = |dry: &Dry| (dry.job, dry.worker.clone());
        let Some((job, worker)) = session.dry.with(|dry| dry.as_ref().map(begun)) else {
            return Stand::None;
        };
        // The jobs are read anew from every worker, so what follows is worked out again then.
        app.jobs.track();
        if worker != app.worker() {
            return Stand::Gone;
        }
        let state = app.jobs.with(|jobs| {
            let job = jobs.iter().find(|known| known.id == job);
            job.map(|job| job.state.clone())
        });
        match state {
            None | Some(JobState::Running { .. }) => Stand::Running,
            Some(JobState::Cancelled) => Stand::Cancelled,
            Some(JobState::Failed(problem)) => Stand::Failed(problem),
            Some(JobState::Finished(JobResult::Simulated(mut report))) => {
                report.copy &= !app.jobs.with(|jobs| replaced(jobs, job));
                Stand::Done(report)
            }
            Some(JobState::Finished(_)) => Stand::Failed(unexpected()),
        }
    });
    let running = memo(move |_| stand.get() == Stand::Running);
    effect(move || {
        let stats = match stand.get() {
            Stand::Done(report) => own_stats(&report, session),
            _ => Vec::new(),
        };
        session.dry_stats.set(stats);
    });
    let result = move || {
        match stand.get() {
        Stand::None => ().into_any(),
        Stand::Running => view! {
            {move || session.dry.get().map(|dry| view! { <JobProgress job=dry.job what="Simulating"/> })}
        }
        .into_any(),
        Stand::Gone => view! {
            <Notice
                tone=Tone::Warning
                text="The dry run ended, since the program that keeps the data began anew. Nothing of it is left"
            >
                <button type="submit" class="button" form=FORM>"Run it again"</button>
            </Notice>
        }
        .into_any(),
        Stand::Cancelled => view! { <Notice text="The dry run was cancelled"/> }.into_any(),
        Stand::Failed(problem) => view! {
            <Notice tone=Tone::Danger text=format!("The dry run failed. {problem}")/>
        }
        .into_any(),
        Stand::Done(report) => view! {
            <DryResult session=session saver=saver asks=asks report=*report/>
        }
        .into_any(),
    }
    };
    view! {
        <section class="workflow-section" aria-labelledby="workflow-dry">
            <h2 id="workflow-dry">"Dry run"</h2>
            <p class="soft">
                "The workflow as it is on the canvas runs over a simulated or recorded period on a copy of your contacts. Nothing is saved"
            </p>
            <Form session=session running=running/>
        </section>
        {result}
    }
}

/// What happened at the nodes of the page's workflow.
fn own_stats(report: &SimulationReport, session: Session) -> Vec<model::workflow::NodeStats> {
    let tested = report.tested.unwrap_or(session.id);
    let own = report.workflows.iter().find(|(id, ..)| *id == tested);
    own.map(|(.., stats)| stats.clone()).unwrap_or_default()
}

/// What happens during a dry run.
const EVENTS: &[Word<bool>] = &[
    (
        false,
        "simulated",
        "Simulated visits",
        "A shop makes up what your contacts do from now on",
    ),
    (
        true,
        "recorded",
        "Recorded events",
        "What your contacts did happens again. Segments begin as they were on the first day; values of contacts are those of today",
    ),
];

/// What happens, and when.
#[component]
fn Form(
    /// The page.
    session: Session,
    /// Whether a dry run is under way.
    running: Memo<bool>,
) -> impl IntoView {
    let app = session.app;
    let usual = SimulationSpec::default();
    let text = |number: u32| RwSignal::new(number.to_string());
    let (days, visits) = (text(30), text(usual.visits_per_day));
    let seed = RwSignal::new(usual.seed.to_string());
    let (days_error, visits_error) = (RwSignal::new(None), RwSignal::new(None));
    let seed_error = RwSignal::new(None::<String>);
    let population = RwSignal::new(String::new());
    let recorded = RwSignal::new(false);
    let zone = app.zone();
    // The last thirty days, unless a person says otherwise.
    let first = RwSignal::new(day::text(format::now().div_euclid(86_400_000) - 30));
    let first_error = RwSignal::new(None::<String>);
    let others = RwSignal::new(true);
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let choices = derived(move || {
        let mut choices = vec![Choice::new("", "Everybody")];
        choices.extend(app.overview.with(segment_choices));
        choices
    });
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        let read = |value: RwSignal<String>, most, error: RwSignal<Option<String>>| {
            let read = value.with_untracked(|text| whole(text, most));
            error.set(read.clone().err());
            read.ok()
        };
        let again = recorded.get_untracked();
        let days = read(days, MOST_DAYS, days_error);
        let (visits, number, from) = match again {
            true => {
                let from =
                    first.with_untracked(|day| zone.with_untracked(|zone| format::midnight(day, zone)));
                first_error.set(from.is_none().then(|| "Choose a day".to_owned()));
                (Some(usual.visits_per_day), Some(usual.seed), from.map(Some))
            }
            false => {
                let number = seed.with_untracked(|seed| seed.trim().parse::<u64>().ok());
                seed_error.set(number.is_none().then(|| "The seed is a whole number".to_owned()));
                (read(visits, MOST_VISITS, visits_error), number, Some(None))
            }
        };
        let (Some(days), Some(visits_per_day), Some(seed), Some(from)) = (days, visits, number, from) else {
            return;
        };
        session.editor.flush();
        let graph = session.editor.graph.get_untracked();
        let spec = SimulationSpec {
            population: population.with_untracked(|key| key.parse().ok()),
            days,
            visits_per_day,
            seed,
            on: SimulateOn::Copy,
            speed: 0,
            from,
            workflow: Some(DryRun {
                id: Some(session.id),
                name: session.name.get_untracked(),
                graph: graph.clone(),
                others: others.get_untracked(),
                recorded: again,
            }),
            ..SimulationSpec::default()
        };
        once(busy, async move {
            match app.ask(Request::Simulate(Box::new(spec))).await {
                Ok(Reply::Job(job)) => {
                    let worker = app.worker();
                    session.dry.try_set(Some(Dry { job, worker, graph }));
                }
                Ok(_) => drop(problem.try_set(Some(unexpected().to_string()))),
                Err(what) => drop(problem.try_set(Some(what.to_string()))),
            }
        });
    };
    view! {
        <form id=FORM class="form" on:submit=go>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <RadioGroup label="What happens" choices=word_choices(EVENTS) value=keyed(recorded, EVENTS)/>
            {move || match recorded.get() {
                true => view! {
                    <div class="form-row">
                        <TextField label="First day" value=first kind="date" error=first_error/>
                        <TextField label="Days" value=days kind="number" error=days_error/>
                    </div>
                }
                .into_any(),
                false => view! {
                    <div class="form-row">
                        <TextField label="Days" value=days kind="number" error=days_error/>
                        <TextField label="Visits a day" value=visits kind="number" error=visits_error/>
                        <TextField
                            label="Seed"
                            value=seed
                            error=seed_error
                            hint="The same seed gives the same events"
                        />
                    </div>
                }
                .into_any(),
            }}
            <Combobox
                label="Population"
                framed=true
                choices=choices
                value=population
                on_pick=move |key| population.set(key)
                hint="Whose visits or events these are"
            />
            <Checkbox label="And other active workflows, too" value=others/>
            <div class="buttons">
                <Button
                    label="Start dry run"
                    look=Look::Primary
                    submit=true
                    disabled=derived(move || busy.get() || running.get())
                />
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::message::JobKind;

    #[test]
    fn a_later_simulation_on_a_copy_replaces_the_copy() {
        let job = |id, copy| Job {
            id: JobId(id),
            kind: JobKind::Simulation,
            name: String::new(),
            state: JobState::Finished(JobResult::Simulated(Box::new(SimulationReport {
                copy,
                ..SimulationReport::default()
            }))),
        };
        let jobs = [job(1, true), job(2, true), job(3, false)];
        assert!(replaced(&jobs, JobId(1)));
        assert!(!replaced(&jobs, JobId(2)));
    }

    #[test]
    fn numbers_are_whole_and_within_bounds() {
        assert_eq!(whole(" 30 ", 100), Ok(30));
        for text in ["0", "101", "", "1.5", "-1"] {
            assert_eq!(whole(text, 100), Err("A whole number from 1 to 100".to_owned()));
        }
    }
}
