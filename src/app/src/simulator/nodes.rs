//! What happened at the nodes of a workflow.

use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::workflows::{NODE_COLUMNS, node_rows};
use leptos::prelude::*;
use model::WorkflowId;
use model::message::{Reply, Request};
use model::workflow::NodeStats;

/// The nodes of a workflow, each with what happened there.
#[component]
pub fn Nodes(
    /// The workflow, which knows the names of its nodes.
    workflow: WorkflowId,
    /// What happened, node by node.
    stats: Vec<NodeStats>,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(move || Some(Request::Workflow(workflow)));
    // A workflow that was never saved, or is deleted, has only numbers.
    let graph = memo(move |_| match answer.get() {
        Some(Ok(Reply::Workflow(detail))) => Some(detail.def.graph),
        _ => None,
    });
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let name = cells.next();
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells.map(|cell| view! { <td class="number">{cell}</td> }).collect_view()}
            </tr>
        }
    };
    let rows = move || {
        let rows = graph.with(|graph| node_rows(graph.as_ref(), &stats));
        rows.into_iter().map(|(_, cells)| row(cells)).collect_view()
    };
    let [node, counts @ ..] = NODE_COLUMNS;
    view! {
        <details class="simulation-nodes">
            <summary>"Node by node"</summary>
            <div class="list-frame" role="region" aria-label="Counts at the nodes" tabindex="0">
                <table class="list list-narrow">
                    <thead>
                        <tr>
                            <th scope="col">{node}</th>
                            {counts.map(|count| view! { <th scope="col" class="number">{count}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}
