//! What a simulation gave: numbers, segments that changed, workflows that ran, and what can be done with it.

use super::clear::ClearButton;
use super::copy;
use super::nodes::Nodes;
use super::told::{events, passes, shift, simulated};
use crate::palette::members;
use crate::router::navigate;
use crate::state::{App, use_app};
use crate::ui::reactive::memo;
use crate::ui::{Button, Look, Notice, Numbers, Tone, format};
use crate::workspaces::KeepCopy;
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::route::Route;
use model::simulation::{SegmentShift, SimulationReport};
use model::workflow::NodeStats;
use model::{ChangeId, WorkflowId};

/// What a simulation gave.
#[component]
pub fn ResultCard(
    /// What it gave.
    report: SimulationReport,
) -> impl IntoView {
    let app = use_app();
    let zone = app.zone().get_untracked();
    let numbers = simulated(&report, |at| format::moment(at, &zone));
    let nothing = events(&report) == 0;
    let hash = format!("{:016x}", report.hash);
    view! {
        <section class="card account" aria-labelledby="result">
            <h2 id="result">"Result"</h2>
            {nothing.then(|| view! {
                <Notice text="Nobody did anything; try more days, more visits, or higher chances"/>
            })}
            <Numbers items=numbers/>
            {ways_on(app, &report)}
            <Shifts shifts=report.segments copy=report.copy/>
            <Workflows workflows=report.workflows/>
            <p class="small soft">"State afterwards "<code>{hash}</code>", the same in every browser"</p>
        </section>
    }
}

/// What can be done with the result: look at the copy or throw it away, or clear what was done to the workspace.
fn ways_on(app: App, report: &SimulationReport) -> AnyView {
    if report.copy {
        let look = move |_| {
            copy::look(app, true);
            navigate(&Route::default());
        };
        return view! {
            <div class="buttons">
                <Button label="Look at the copy" look=Look::Primary on_press=look/>
                <KeepCopy/>
                <Button label="Throw the copy away" on_press=move |_| copy::drop(app)/>
            </div>
        }
        .into_any();
    }
    match report.change {
        Some(change) => view! { <Done change=change/> }.into_any(),
        None => view! { <p class="soft">"The copy that this ran on is gone"</p> }.into_any(),
    }
}

/// What was done to the workspace, or that it was taken back.
#[component]
fn Done(
    /// The simulation's first change set.
    change: ChangeId,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(move || Some(Request::Change(change, None)));
    let undone = memo(move |_| match answer.get() {
        Some(Ok(Reply::Change(detail))) => Some(detail.summary.undone),
        _ => None,
    });
    move || {
        Some(match undone.get()? {
            true => view! {
                <Notice text="This simulation was cleared; nothing of it is left in your workspace"/>
            }
            .into_any(),
            false => view! {
                <Notice tone=Tone::Warning text="This was done to your workspace: members, fields and statistics have changed">
                    <ClearButton change=change/>
                </Notice>
            }
            .into_any(),
        })
    }
}

/// The segments that changed.
#[component]
fn Shifts(
    /// How each differs from before.
    shifts: Vec<SegmentShift>,
    /// Whether the members are those of the copy.
    copy: bool,
) -> impl IntoView {
    let app = use_app();
    // The link leads to the contacts; whose they are is decided before.
    let view_copy = move |_| {
        if copy && !app.copy.get_untracked() {
            copy::look(app, true);
        }
    };
    let view = if copy { "View in the copy" } else { "View" };
    let rows = shifts
        .iter()
        .map(|of| {
            view! {
                <li class="effect">
                    <span>{of.name.clone()}</span>
                    <span class="soft number">{shift(of)}</span>
                    <span class="effect-links">
                        <a href=members(of.segment).to_string() aria-label=format!("{view} {}", of.name) on:click=view_copy>
                            {view}
                        </a>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <h3>"Segments"</h3>
        {if shifts.is_empty() {
            view! { <p class="soft">"No segment changed"</p> }.into_any()
        } else {
            view! { <ul>{rows}</ul> }.into_any()
        }}
    }
}

/// The workflows that ran, each with what happened at its nodes.
#[component]
fn Workflows(
    /// By number and name.
    workflows: Vec<(WorkflowId, String, Vec<NodeStats>)>,
) -> impl IntoView {
    if workflows.is_empty() {
        return view! { <h3>"Workflows"</h3><p class="soft">"No workflow ran"</p> }.into_any();
    }
    let rows = workflows
        .into_iter()
        .map(|(id, name, nodes)| {
            view! {
                <li class="effect">
                    <a href=Route::Workflow(id).to_string()>{name}</a>
                    <span class="soft number">{passes(&nodes)}</span>
                    <Nodes workflow=id stats=nodes/>
                </li>
            }
        })
        .collect_view();
    view! { <h3>"Workflows"</h3><ul>{rows}</ul> }.into_any()
}
