//! What happened at the nodes of a workflow.

use crate::state::use_app;
use crate::ui::format;
use crate::ui::reactive::memo;
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::workflow::{Graph, Node, NodeStats};
use model::{NodeId, WorkflowId};

/// How a node is called: by the person's name for it, else by what it is.
fn name(graph: Option<&Graph>, id: u32) -> String {
    match node(graph, id) {
        Some(node) if !node.name.is_empty() => node.name.clone(),
        Some(node) => node.kind.label().to_owned(),
        None => format!("Node {id}"),
    }
}

fn node(graph: Option<&Graph>, id: u32) -> Option<&Node> {
    graph?.nodes.iter().find(|node| node.id == NodeId(id))
}

/// How many left by each exit: “YES 12 · NO 3”; of one exit only the number.
fn left(graph: Option<&Graph>, of: &NodeStats) -> String {
    let names = node(graph, of.node)
        .map(|node| node.kind.exits())
        .unwrap_or_default();
    match of.left.as_slice() {
        [] => "0".to_owned(),
        [many] => format::number(*many),
        several => {
            let exit = |(at, many): (usize, &u64)| match names.get(at) {
                Some(name) => format!("{name} {}", format::number(*many)),
                None => format::number(*many),
            };
            let exits: Vec<String> = several.iter().enumerate().map(exit).collect();
            exits.join(" · ")
        }
    }
}

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
    let rows = move || {
        let graph = graph.get();
        stats
            .iter()
            .map(|of| {
                view! {
                    <tr>
                        <th scope="row">{name(graph.as_ref(), of.node)}</th>
                        <td class="number">{format::number(of.entered)}</td>
                        <td class="number">{format::number(of.inside)}</td>
                        <td class="number">{left(graph.as_ref(), of)}</td>
                        <td class="number">{format::number(of.failed)}</td>
                        <td class="number">{format::number(of.ended)}</td>
                        <td class="number">{format::number(of.unique)}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <details class="simulation-nodes">
            <summary>"Node by node"</summary>
            <div class="list-frame" role="region" aria-label="Counts at the nodes" tabindex="0">
                <table class="list list-narrow">
                    <thead>
                        <tr>
                            <th scope="col">"Node"</th>
                            <th scope="col" class="number">"Entered"</th>
                            <th scope="col" class="number">"Inside now"</th>
                            <th scope="col" class="number">"Left by each exit"</th>
                            <th scope="col" class="number">"Failed"</th>
                            <th scope="col" class="number">"Ended"</th>
                            <th scope="col" class="number">"Contacts"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::OFFERS;

    #[test]
    fn a_node_is_called_by_its_name_or_by_what_it_is() {
        let condition = OFFERS.iter().map(|offer| (offer.make)());
        let condition = condition.into_iter().find(|kind| kind.exits().len() == 2);
        let kind = condition.unwrap_or(model::workflow::NodeKind::Finish);
        let (label, exits) = (kind.label(), kind.exits());
        let mut graph = Graph::default();
        graph.nodes.push(Node {
            id: NodeId(7),
            x: 0,
            y: 0,
            name: String::new(),
            kind,
        });
        let stats = NodeStats {
            node: 7,
            left: vec![12, 3],
            ..NodeStats::default()
        };
        assert_eq!(name(Some(&graph), 7), label);
        assert_eq!(name(Some(&graph), 8), "Node 8");
        assert_eq!(
            left(Some(&graph), &stats),
            format!("{} 12 · {} 3", exits[0], exits[1])
        );
        assert_eq!(left(None, &stats), "12 · 3");
        graph.nodes[0].name = "VIP?".into();
        assert_eq!(name(Some(&graph), 7), "VIP?");
    }
}
