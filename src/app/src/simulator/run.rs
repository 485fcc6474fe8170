//! A simulation that runs: how far it is, and what can be done with it meanwhile.

use super::spec::SPEEDS;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Choice, Progress, SelectField, format};
use leptos::prelude::*;
use model::ids::JobId;
use model::message::{JobState, Request};
use model::simulation::Steer;

/// What a running simulation says of itself: the phase, events so far, and milliseconds so far.
fn words(phase: &str, rows: u64, elapsed: u64) -> String {
    let events = format!("{} so far", format::count(rows, "event", "events"));
    let time = match elapsed / 1000 {
        0 => String::new(),
        seconds => format::duration(seconds * 1000),
    };
    let parts = [phase, &events, &time];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(" · ")
}

/// How far a simulation is; **Pause**, **Resume**, **Step**, its speed, and **Cancel**.
#[component]
pub fn Running(
    /// The job.
    job: JobId,
) -> impl IntoView {
    let app = use_app();
    let now = app.job(job);
    let with = move |read: fn(&JobState) -> Option<String>| {
        memo(move |_| {
            now.with(|job| job.as_ref().and_then(|job| read(&job.state)))
                .unwrap_or_default()
        })
    };
    let numbers = with(|state| match state {
        JobState::Running {
            phase, rows, elapsed, ..
        } => Some(words(phase, *rows, *elapsed)),
        _ => None,
    });
    let phase = with(|state| match state {
        JobState::Running { phase, .. } => Some(phase.clone()),
        _ => None,
    });
    let share = memo(move |_| {
        now.with(|job| match job.as_ref().map(|job| &job.state) {
            Some(JobState::Running { permille, .. }) => Some(*permille),
            _ => None,
        })
    });
    let can_cancel = memo(move |_| {
        now.with(|job| {
            let state = job.as_ref().map(|job| &job.state);
            matches!(state, Some(JobState::Running { can_cancel: true, .. }))
        })
    });
    // What was asked for last; before, what the job says.
    let asked = RwSignal::new(None::<bool>);
    let paused = memo(move |_| {
        asked
            .get()
            .unwrap_or_else(|| phase.with(|phase| phase.starts_with("Paused")))
    });
    let steer = move |to: Steer| {
        match to {
            Steer::Pause | Steer::Step => asked.set(Some(true)),
            Steer::Resume => asked.set(Some(false)),
            Steer::Speed(_) => {}
        }
        app.write(Request::Steer(job, to));
    };
    let speed = RwSignal::new(String::new());
    let mut speeds = vec![Choice::new("", "As it was started")];
    speeds.extend(
        SPEEDS
            .iter()
            .map(|(speed, name)| Choice::new(speed.to_string(), *name)),
    );
    let faster = move |speed: String| {
        if let Ok(speed) = speed.parse() {
            steer(Steer::Speed(speed));
        }
    };
    let percent = derived(move || {
        share
            .get()
            .map(|share| format!("{} %", share / 10))
            .unwrap_or_default()
    });
    view! {
        <section class="card simulation" aria-labelledby="running">
            <h2 id="running">"Simulation"</h2>
            <Progress
                label=derived(move || if paused.get() { "Paused" } else { "Simulating" }.to_owned())
                detail=percent
                permille=share
            />
            <p class="number-line">{numbers}</p>
            <SelectField label="Speed" choices=speeds value=speed on_change=faster/>
            <div class="buttons">
                <Button
                    label=derived(move || if paused.get() { "Resume" } else { "Pause" }.to_owned())
                    on_press=move |_| steer(if paused.get_untracked() { Steer::Resume } else { Steer::Pause })
                />
                <Button label="Step" on_press=move |_| steer(Steer::Step)/>
                <Button
                    label="Cancel"
                    disabled=derived(move || !can_cancel.get())
                    on_press=move |_| app.write(Request::Cancel(job))
                />
            </div>
            <p class="small soft">"Step goes on for a day, or for an hour at less speed, and stands still again. The simulation goes on when you look elsewhere"</p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_simulation_says_how_far_it_is() {
        assert_eq!(
            words("3 Jan 2027", 1_204, 2_345),
            "3 Jan 2027 · 1,204 events so far · 2.0 s"
        );
        assert_eq!(words("", 1, 500), "1 event so far");
    }
}
