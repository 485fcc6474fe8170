//! The side panel: the configuration of one node.

use super::editor::Editor;
use leptos::prelude::*;
use model::NodeId;

/// The configuration of the node; **Apply** puts it into the graph.
#[component]
pub fn Panel(
    /// The graph.
    editor: Editor,
    /// The node.
    node: NodeId,
) -> impl IntoView {
    let _ = (editor, node);
    view! { <aside class="panel"></aside> }
}
