//! A contact's way through a workflow, step by step.

use super::session::{Session, exit_name, node_name};
use crate::ui::format;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::{Graph, Trace, TraceStep};

/// The nodes of a way, in order, each once.
pub fn path_of(trace: &Trace) -> Vec<NodeId> {
    let mut path = Vec::new();
    for step in &trace.steps {
        if !path.contains(&step.node) {
            path.push(step.node);
        }
    }
    path
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
    use model::ContactId;

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
        assert_eq!(
            path_of(&trace(&[1, 2, 1, 3], "")),
            [NodeId(1), NodeId(2), NodeId(3)]
        );
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
