//! The fourth step: a dry run over every row, and what it says.

use super::figures;
use super::flow::{Flow, Stand, use_flow};
use super::run::JobProgress;
use super::step::Step;
use super::target::cut;
use crate::ui::reactive::memo;
use crate::ui::{Button, Icon, Look, Notice, Numbers, Tone, format};
use leptos::prelude::*;
use model::import::{CheckReport, ProblemCount};
use std::sync::Arc;

/// The fourth step of an import.
#[component]
pub fn CheckStep() -> impl IntoView {
    let flow = use_flow();
    let job = memo(move |_| flow.check.with(|asked| asked.as_ref().map(|asked| asked.job)));
    let stand = memo(move |_| flow.stand(job.get()));
    let failed = memo(move |_| flow.problem.with(Option::is_some));
    let back = move || view! { <Button label="Back" icon=Icon::Back on_press=move |_| flow.go(Step::Map)/> };
    move || match (stand.get(), job.get()) {
        (Stand::Checked(report), _) => view! { <Report flow=flow report=report/> }.into_any(),
        (Stand::Running, Some(job)) => view! {
            <section class="card">
                <JobProgress job=job what="Checking"/>
                <p class="small soft">"Nothing is written yet"</p>
            </section>
            <div class="wizard-foot">{back()}</div>
        }
        .into_any(),
        (Stand::Failed(problem), _) => view! {
            <Notice tone=Tone::Danger text=problem.to_string()/>
            <div class="wizard-foot">
                {back()}
                <Button label="Check again" look=Look::Primary on_press=move |_| flow.check_again()/>
            </div>
        }
        .into_any(),
        (Stand::Cancelled, _) => view! {
            <Notice text="The check was cancelled; nothing was changed"/>
            <div class="wizard-foot">
                {back()}
                <Button label="Check again" look=Look::Primary on_press=move |_| flow.start_check()/>
            </div>
        }
        .into_any(),
        _ => view! {
            <div class="wizard-foot">
                {back()}
                {move || failed.get().then(|| view! {
                    <Button label="Check again" look=Look::Primary on_press=move |_| flow.check_again()/>
                })}
            </div>
        }
        .into_any(),
    }
}

/// What the check says, and the button that imports.
#[component]
fn Report(flow: Flow, report: Arc<CheckReport>) -> impl IntoView {
    let account = report.account.clone();
    let label = figures::import_label(&account);
    let members = account.members.clone();
    let nothing = figures::changes_nothing(&account);
    let segment = segment_name(flow);
    view! {
        <div class="check">
            <section class="card account" aria-label="Rows">
                <Numbers items=figures::numbers(&account)/>
                <p class="soft import-sum">{figures::sum(&account)}</p>
                <Beside lines=figures::beside(&account)/>
            </section>
            {members.map(|members| view! {
                <section class="card account" aria-label="Segment">
                    <h3>{format!("Members of {segment}")}</h3>
                    <Numbers items=figures::members(&members)/>
                    <NotJoining many=report.not_joining/>
                </section>
            })}
            <Made report=report.clone()/>
            <Problems problems=report.problems.clone()/>
            {nothing.then(|| view! {
                <Notice tone=Tone::Warning text="With these options the file changes nothing; importing it only keeps its account, and its rejected rows for download"/>
            })}
        </div>
        <div class="wizard-foot">
            <Button label="Back" icon=Icon::Back on_press=move |_| flow.go(Step::Map)/>
            <Button label=label look=Look::Primary on_press=move |_| flow.start_import()/>
        </div>
    }
}

/// The name of the chosen segment.
fn segment_name(flow: Flow) -> String {
    let chosen = untrack(|| flow.form.chosen());
    let id = chosen.segment.parse().ok();
    let known = flow.app.overview.with_untracked(|overview| {
        overview
            .segments
            .iter()
            .find(|segment| Some(segment.def.id) == id)
            .map(|segment| segment.def.name.clone())
    });
    known.unwrap_or(chosen.segment_name)
}

/// What is counted beside the sum.
#[component]
pub fn Beside(
    /// One sentence each.
    lines: Vec<String>,
) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let lines = lines
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view();
        view! { <ul class="import-beside soft">{lines}</ul> }
    })
}

/// Why some contacts don't join the segment.
#[component]
pub fn NotJoining(
    /// How many.
    many: u64,
) -> impl IntoView {
    (many > 0).then(|| {
        let text = format!(
            "{} exist already and would not join the segment, because Overwrite existing is not checked",
            format::contacts(many)
        );
        view! { <Notice tone=Tone::Warning text=text/> }
    })
}

/// Fields and segments that the import makes.
#[component]
fn Made(report: Arc<CheckReport>) -> impl IntoView {
    let line = |label: &'static str, names: &[String]| {
        let names = names.join(", ");
        (!names.is_empty()).then(|| view! { <dt>{label}</dt><dd>{names}</dd> })
    };
    let any = !(report.new_fields.is_empty() && report.new_segments.is_empty());
    any.then(|| {
        view! {
            <section class="card" aria-label="New fields and segments">
                <dl class="facts">
                    {line("New fields", &report.new_fields)}
                    {line("New segments", &report.new_segments)}
                </dl>
            </section>
        }
    })
}

/// The kinds of problems, with the first of each.
#[component]
fn Problems(problems: Vec<ProblemCount>) -> impl IntoView {
    (!problems.is_empty()).then(|| {
        let rows = problems
            .into_iter()
            .map(|ProblemCount { rows, first, left_out }| {
                let column = if first.column.is_empty() { "Whole row".to_owned() } else { first.column };
                view! {
                    <tr>
                        <th scope="row">{first.reason}</th>
                        <td class="number">{format::number(rows)}</td>
                        <td>{if left_out { "Value left out" } else { "Row rejected" }}</td>
                        <td class="number">{format::number(first.line)}</td>
                        <td>{cut(&column, 60)}</td>
                        <td><span class="map-sample">{cut(&first.value, 60)}</span></td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <section class="import-part" aria-label="Problems">
                <h3>"Problems"</h3>
                <p class="soft">"Each kind once, with the first line it is on; rejected rows can be downloaded after the import, corrected, and imported again"</p>
                <div class="list-frame" role="region" aria-label="Kinds of problems" tabindex="0">
                    <table class="list">
                        <thead>
                            <tr>
                                <th scope="col">"Problem"</th>
                                <th scope="col" class="number">"Rows"</th>
                                <th scope="col">"What becomes of it"</th>
                                <th scope="col" class="number">"First line"</th>
                                <th scope="col">"Column"</th>
                                <th scope="col">"Value"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}
