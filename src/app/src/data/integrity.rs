//! *Check integrity* and *Compact*: whether everything stored can be read, and what nobody needs any more.

use crate::import::{JobProgress, job_of};
use crate::state::use_app;
use crate::ui::reactive::derived;
use crate::ui::{Button, Icon, Notice, Numbers, Tone, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::JobId;
use model::backup::{Compacted, IntegrityReport};
use model::message::{JobResult, JobState, Reply, Request};

fn verdict(report: &IntegrityReport) -> (Tone, String) {
    match (report.damage.len() as u64, report.adds_up) {
        (0, true) => (
            Tone::Success,
            "Everything stored can be read, and the history adds up to what you see".to_owned(),
        ),
        (0, false) => (
            Tone::Danger,
            "Everything stored can be read, but the history doesn’t add up to what you see. Load this page again and check once more; if it says the same, restore your last backup".to_owned(),
        ),
        (damaged, _) => (
            Tone::Danger,
            format!(
                "{} can’t be read. Everything else is here; restore your last backup as a new workspace to compare",
                format::count(damaged, "record", "records")
            ),
        ),
    }
}

fn numbers(report: &IntegrityReport) -> Vec<(String, String, String)> {
    let row = |label: &str, number: String| (label.to_owned(), number, String::new());
    vec![
        row("Changes read", format::number(report.changes)),
        row("Pages read", format::number(report.pages)),
        row("Files read", format::number(report.files)),
        row("Bytes read", format::bytes(report.bytes)),
        row("Fingerprint", report.fingerprint.clone()),
    ]
}

fn freed(what: Compacted) -> String {
    match (what.pages, what.files) {
        (0, 0) => "There was nothing to take away".to_owned(),
        (pages, files) => format!(
            "{} freed: {} and {} that no change used",
            format::bytes(what.bytes),
            format::count(pages, "page", "pages"),
            format::count(files, "file", "files")
        ),
    }
}

/// The card that checks and compacts.
#[component]
pub fn IntegrityCard() -> impl IntoView {
    let app = use_app();
    let job = RwSignal::new(None::<JobId>);
    let report = RwSignal::new(None::<IntegrityReport>);
    let said = RwSignal::new(None::<(Tone, String)>);
    let check = move |_| {
        report.set(None);
        said.set(None);
        spawn_local(async move {
            match app.ask(Request::CheckIntegrity).await.and_then(job_of) {
                Ok(id) => {
                    job.try_set(Some(id));
                }
                Err(problem) => app.report(&problem),
            }
        });
    };
    let compact = move |_| {
        said.set(None);
        spawn_local(async move {
            let text = match app.ask(Request::Compact).await {
                Ok(Reply::Compacted(what)) => (Tone::Neutral, freed(what)),
                Ok(_) => return,
                Err(problem) => (Tone::Danger, problem.to_string()),
            };
            said.try_set(Some(text));
        });
    };
    app.when_ended(job, move |state| match state {
        JobState::Finished(JobResult::Integrity(found)) => {
            said.set(Some(verdict(&found)));
            report.set(Some(*found));
        }
        JobState::Failed(problem) => said.set(Some((Tone::Danger, problem.to_string()))),
        _ => said.set(Some((Tone::Neutral, "The check was cancelled".to_owned()))),
    });
    let busy = derived(move || job.get().is_some());
    view! {
        <section class="card" aria-labelledby="integrity">
            <h2 id="integrity">"Integrity"</h2>
            <p class="soft">"Reads everything stored, verifies each checksum, and works the whole history out anew"</p>
            {move || said.get().map(|(tone, text)| view! { <Notice tone=tone text=text/> })}
            {move || report.get().map(|report| view! {
                {(!report.damage.is_empty()).then(|| view! {
                    <ul>{report.damage.iter().map(|damage| view! { <li>{damage.clone()}</li> }).collect_view()}</ul>
                })}
                <Numbers items=derived(move || numbers(&report))/>
            })}
            {move || job.get().map(|job| view! { <JobProgress job=job what="Checking what is stored"/> })}
            <div class="buttons">
                <Button label="Check integrity" icon=Icon::Check disabled=busy on_press=check/>
                <Button label="Compact" icon=Icon::Tidy disabled=busy on_press=compact/>
            </div>
            <p class="small soft">"Compact takes away only what nothing in the history uses; undo and redo lose nothing"</p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_freed_is_said_in_words() {
        assert_eq!(freed(Compacted::default()), "There was nothing to take away");
        let what = Compacted {
            pages: 1,
            files: 2,
            bytes: 1_200_000,
        };
        assert_eq!(
            freed(what),
            "1.2 MB freed: 1 page and 2 files that no change used"
        );
    }

    #[test]
    fn damage_counts_more_than_a_sum_that_is_off() {
        let whole = IntegrityReport {
            adds_up: true,
            ..IntegrityReport::default()
        };
        assert_eq!(verdict(&whole).0, Tone::Success);
        let damaged = IntegrityReport {
            damage: vec!["Page 3 can't be read".into()],
            ..IntegrityReport::default()
        };
        assert!(verdict(&damaged).1.starts_with("1 record can’t be read"));
    }
}
