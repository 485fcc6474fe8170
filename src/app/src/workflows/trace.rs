//! A contact's way through a workflow, step by step.

use super::session::{Session, exit_name, node_name};
use crate::ui::format;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::{Edge, Graph, Trace, TraceStep};

/// What of a graph lights up: where a contact passed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// The nodes, in order, each once.
    pub nodes: Vec<NodeId>,
    /// The edges that one of her passes took.
    pub edges: Vec<Edge>,
}

/// What lights up of the graph that was walked.
///
/// Several passes mix in time, so an edge lights up only where a pass left by its exit and the same pass, which carries
/// the same event, came to its other end later.
pub fn way_of(trace: &Trace, graph: &Graph) -> Way {
    let mut nodes = Vec::new();
    for step in &trace.steps {
        if !nodes.contains(&step.node) {
            nodes.push(step.node);
        }
    }
    let took = |edge: &Edge| {
        trace.steps.iter().enumerate().any(|(at, step)| {
            let mut later = trace.steps.iter().skip(at + 1);
            step.node == edge.from
                && step.exit == Some(edge.exit)
                && later.any(|next| next.node == edge.to && next.event == step.event)
        })
    };
    let edges = graph.edges.iter().filter(|edge| took(edge)).copied().collect();
    Way { nodes, edges }
}

/// What is said of a way as a whole.
pub fn outcome(trace: &Trace) -> String {
    match (trace.steps.len(), trace.not_entered.is_empty()) {
        (0, true) => format!("{} did not enter", trace.name),
        (0, false) => format!("{} did not enter: {}", trace.name, trace.not_entered),
        (steps, true) => format!("{}: {}", trace.name, format::count(steps as u64, "step", "steps")),
        (steps, false) => format!(
            "{}: {}; {}",
            trace.name,
            format::count(steps as u64, "step", "steps"),
            trace.not_entered
        ),
    }
}

/// A contact's way, step by step.
#[component]
pub fn Steps(
    /// The page.
    session: Session,
    /// The way.
    trace: Trace,
    /// The graph that was walked.
    graph: Graph,
) -> impl IntoView {
    let zone = session.app.zone();
    let words = outcome(&trace);
    let step = move |TraceStep {
                         when,
                         node,
                         exit,
                         why,
                         ..
                     }: TraceStep| {
        let exit = exit.map(|exit| exit_name(&graph, node, exit)).unwrap_or_default();
        view! {
            <li class="workflow-step">
                <p class="workflow-step-head">
                    <button
                        type="button"
                        class="link-button"
                        on:click=move |_| session.editor.selection.set(vec![node])
                    >
                        {node_name(&graph, node)}
                    </button>
                    {(!exit.is_empty()).then(|| view! { <span class="badge">{exit}</span> })}
                </p>
                {(!why.is_empty()).then(|| view! { <p>{why}</p> })}
                <p class="soft small">{move || zone.with(|zone| format::moment(when, zone))}</p>
            </li>
        }
    };
    view! {
        <p role="status"><strong>{words}</strong></p>
        <ol class="workflow-steps">{trace.steps.into_iter().map(step).collect_view()}</ol>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ContactId, EventId};

    fn trace(nodes: &[u32], not_entered: &str) -> Trace {
        let step = |id: &u32| TraceStep {
            when: 0,
            node: NodeId(*id),
            exit: None,
            why: String::new(),
            event: None,
        };
        Trace {
            contact: ContactId(1),
            name: "Ana".to_owned(),
            steps: nodes.iter().map(step).collect(),
            not_entered: not_entered.to_owned(),
        }
    }

    #[test]
    fn each_node_of_a_way_lights_up_once() {
        let way = way_of(&trace(&[1, 2, 1, 3], ""), &Graph::default());
        assert_eq!(way.nodes, [NodeId(1), NodeId(2), NodeId(3)]);
    }

    #[test]
    fn an_edge_between_two_passes_stays_dark() {
        let edge = |from, exit, to| Edge {
            from: NodeId(from),
            exit,
            to: NodeId(to),
        };
        let graph = Graph {
            edges: vec![edge(1, 0, 2), edge(1, 1, 3), edge(2, 0, 3)],
            ..Graph::default()
        };
        let mut passes = trace(&[1, 2, 1, 3], "");
        let of = [(Some(0), 7), (Some(0), 7), (Some(1), 8), (None, 8)];
        for (step, (exit, event)) in passes.steps.iter_mut().zip(of) {
            (step.exit, step.event) = (exit, Some(EventId(event)));
        }
        assert_eq!(way_of(&passes, &graph).edges, [edge(1, 0, 2), edge(1, 1, 3)]);
    }

    #[test]
    fn who_did_not_enter_is_told_why() {
        assert_eq!(
            outcome(&trace(&[], "She is not in the audience")),
            "Ana did not enter: She is not in the audience"
        );
        assert_eq!(outcome(&trace(&[1], "")), "Ana: 1 step");
    }
}
