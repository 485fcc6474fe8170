//! The checks: what keeps a workflow from being activated, and hints.

use super::session::{Session, node_name};
use crate::ui::reactive::memo;
use crate::ui::{Badge, Button, Icon, Look, Tone, format};
use leptos::prelude::*;
use model::NodeId;
use model::workflow::{Fault, Graph};

/// Some faults, each with a way to its node.
#[component]
pub fn FaultList(
    /// The faults.
    faults: Vec<Fault>,
    /// The graph that they are about.
    graph: Graph,
    /// Shows a node.
    #[prop(into)]
    on_node: Callback<NodeId>,
) -> impl IntoView {
    let line = move |fault: Fault| {
        let name = fault.node.map(|node| node_name(&graph, node));
        let (label, tone) = if fault.blocks {
            ("Fault", Tone::Danger)
        } else {
            ("Hint", Tone::Neutral)
        };
        let go = fault.node.zip(name.clone()).map(|(node, name)| {
            view! {
                <button type="button" class="button button-small" on:click=move |_| on_node.run(node)>
                    "Go to node"<span class="unseen">{format!(" {name}")}</span>
                </button>
            }
        });
        view! {
            <li class="workflow-fault">
                <Badge label=label tone=tone/>
                <div class="workflow-fault-what">
                    {name.map(|name| view! { <strong>{name}</strong> })}
                    <p>{fault.what}</p>
                </div>
                {go}
            </li>
        }
    };
    view! { <ul class="workflow-faults">{faults.into_iter().map(line).collect_view()}</ul> }
}

/// How many faults and hints there are: “2 faults, 1 hint”.
pub fn summary(faults: &[Fault]) -> String {
    let blocking = faults.iter().filter(|fault| fault.blocks).count();
    let hints = faults.len() - blocking;
    let blocking = format::count(blocking as u64, "fault", "faults");
    match hints {
        0 => blocking,
        hints => format!("{blocking}, {}", format::count(hints as u64, "hint", "hints")),
    }
}

/// What is wrong with the graph on the canvas, as it is edited.
#[component]
pub fn Checks(
    /// The page.
    session: Session,
) -> impl IntoView {
    let faults = memo(move |_| session.checked.with(|checked| checked.faults.clone()));
    let audience = memo(move |_| {
        session
            .checked
            .with(|checked| (checked.audience, checked.acts_on))
    });
    let about = move || {
        let (audience, acts_on) = audience.get();
        let who = format!("{} in the audience now", format::contacts(audience));
        match acts_on {
            Some(many) => format!("{who}; activating acts on {} at once", format::contacts(many)),
            None => who,
        }
    };
    view! {
        <section class="workflow-section" aria-labelledby="workflow-checks">
            <h2 id="workflow-checks">"Checks"</h2>
            <p role="status">
                {move || faults.with(|faults| if faults.is_empty() {
                    "Nothing is wrong".to_owned()
                } else {
                    summary(faults)
                })}
            </p>
            {move || {
                let graph = session.editor.graph.get_untracked();
                let shown = move |node| session.go_to(node);
                view! { <FaultList faults=faults.get() graph=graph on_node=shown/> }
            }}
            <p class="soft">{about}</p>
            <p class="soft small">"Choose a node on the canvas to set it up"</p>
            <Button
                label="Try with one contact"
                look=Look::Quiet
                icon=Icon::Person
                on_press=move |_| session.tab.set(super::session::Tab::Try)
            />
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_and_hints_are_counted_apart() {
        let fault = |blocks| Fault {
            node: None,
            what: String::new(),
            blocks,
        };
        assert_eq!(summary(&[fault(true), fault(true)]), "2 faults");
        assert_eq!(summary(&[fault(true), fault(false)]), "1 fault, 1 hint");
        assert_eq!(summary(&[]), "0 faults");
    }
}
