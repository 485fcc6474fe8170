//! One workflow.

use crate::ui::Page;
use leptos::prelude::*;
use model::WorkflowId;

/// One workflow: its canvas, live view and dry run.
#[component]
pub fn Workflow(
    /// The workflow.
    id: WorkflowId,
) -> impl IntoView {
    view! { <Page title="Workflow">{id.to_string()}</Page> }
}
