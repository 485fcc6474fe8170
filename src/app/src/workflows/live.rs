//! The live view: what happens at the nodes, and any contact's way.

use super::session::Session;
use super::stats::{COLUMNS, rows, table};
use super::trace::{Steps, Way, way_of};
use crate::simulator::Whom;
use crate::state::unexpected;
use crate::ui::chart::save_table;
use crate::ui::reactive::{effect, memo};
use crate::ui::{Button, Icon, Notice, Tone};
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::workflow::{Graph, NodeStats, Trace, WorkflowState};
use model::{ContactId, NodeId};

/// The numbers of every node, to look at and to download.
#[component]
pub fn NodeTable(
    /// The page.
    session: Session,
    /// What happened.
    stats: Memo<Vec<NodeStats>>,
    /// The graph at whose nodes it happened.
    graph: Memo<Graph>,
) -> impl IntoView {
    let app = session.app;
    let cells = memo(move |_| graph.with(|graph| stats.with(|stats| rows(graph, stats))));
    let save = move |_| {
        let name = session.name.get_untracked();
        let table = graph.with_untracked(|graph| stats.with_untracked(|stats| table(graph, stats)));
        save_table(app, &format!("{name} nodes"), &table);
    };
    let number = |column: usize| column > 0 && column != 3;
    let head = COLUMNS
        .iter()
        .enumerate()
        .map(|(column, name)| view! { <th scope="col" class:number=number(column)>{*name}</th> })
        .collect_view();
    let row = move |(id, cells): (NodeId, Vec<String>)| {
        let mut cells = cells.into_iter();
        let name = cells.next();
        let numbers = cells
            .enumerate()
            .map(|(at, cell)| view! { <td class:number=number(at + 1)>{cell}</td> })
            .collect_view();
        view! {
            <tr class:workflow-row-chosen=move || session.editor.selection.with(|chosen| chosen.contains(&id))>
                <th scope="row">
                    <button
                        type="button"
                        class="link-button"
                        on:click=move |_| session.editor.selection.set(vec![id])
                    >
                        {name}
                    </button>
                </th>
                {numbers}
            </tr>
        }
    };
    view! {
        <div class="list-frame" role="region" aria-label="Numbers of the nodes" tabindex="0">
            <table class="list workflow-numbers">
                <thead><tr>{head}</tr></thead>
                <tbody>{move || cells.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <div class="buttons">
            <Button label="Save table as CSV" icon=Icon::Download small=true on_press=save/>
        </div>
    }
}

/// A search for a contact, and its way through the workflow.
#[component]
pub fn TraceSearch(
    /// The page.
    session: Session,
    /// Asks for the way of a contact.
    #[prop(into)]
    request: Callback<ContactId, Request>,
    /// The graph that is walked.
    graph: Memo<Graph>,
    /// Takes what lights up.
    path: RwSignal<Way>,
) -> impl IntoView {
    let contact = RwSignal::new(None::<(ContactId, String)>);
    let error = RwSignal::new(None::<String>);
    let chosen = memo(move |_| contact.with(|contact| contact.as_ref().map(|(id, _)| *id)));
    let answer = session
        .app
        .live(move || chosen.get().map(|contact| request.run(contact)));
    let trace = memo(move |_| match answer.get() {
        Some(Ok(Reply::Trace(trace))) if chosen.get() == Some(trace.contact) => Some(trace),
        _ => None::<Trace>,
    });
    let problem = move || match answer.get() {
        Some(Ok(Reply::Trace(_))) | None => None,
        Some(Ok(_)) => Some(unexpected().to_string()),
        Some(Err(problem)) => Some(problem.to_string()),
    };
    effect(move || {
        let way = graph.with(|graph| {
            trace.with(|trace| {
                trace
                    .as_ref()
                    .map(|trace| way_of(trace, graph))
                    .unwrap_or_default()
            })
        });
        if path.with_untracked(|now| *now != way) {
            path.set(way);
        }
    });
    view! {
        <Whom contact=contact error=error/>
        {move || problem().filter(|_| contact.with(Option::is_some)).map(|problem| view! {
            <Notice tone=Tone::Danger text=problem/>
        })}
        {move || trace.get().map(|trace| view! {
            <Steps session=session trace=trace graph=graph.get_untracked()/>
        })}
    }
}

/// The live view.
#[component]
pub fn Live(
    /// The page.
    session: Session,
) -> impl IntoView {
    let detail = session.detail;
    let stats = memo(move |_| detail.with(|detail| detail.stats.clone()));
    let graph = memo(move |_| detail.with(|detail| detail.def.graph.clone()));
    let id = session.id;
    let words = move || match session.state.get() {
        WorkflowState::Draft => {
            "Nothing happens before the workflow is active. Activate it, or see in a dry run what would happen"
        }
        WorkflowState::Scheduled(_) => "Nothing happens before the workflow is active",
        WorkflowState::Active => "Updated as it happens",
        WorkflowState::Paused(_) => "The workflow is paused; these numbers stand still",
        WorkflowState::Finalized => "The workflow is over; these numbers stay",
    };
    view! {
        <section class="workflow-section" aria-labelledby="workflow-live">
            <h2 id="workflow-live">"Live view"</h2>
            <p class="soft">{words}</p>
            <NodeTable session=session stats=stats graph=graph/>
        </section>
        <section class="workflow-section" aria-labelledby="workflow-trace">
            <h2 id="workflow-trace">"A contact’s way"</h2>
            <p class="soft">"Each step with its time and exit; for one who did not enter, what kept her out"</p>
            <TraceSearch
                session=session
                request=move |contact| Request::Trace(id, contact)
                graph=graph
                path=session.ways.live
            />
        </section>
    }
}
