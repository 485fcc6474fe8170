//! Workflows: definitions and their states, the checks before activation, and the runtime.
//!
//! A running workflow's state (who is armed, who waits, what was counted) is what the standing [`RunDelta`]s of the
//! journal add up to ([`state`]). A machine carries events through the active workflows and gives change sets.

pub(crate) mod fold;
pub mod state;

pub use state::{NodeDelta, RunDelta, Waiting};

use crate::workspace::Workspace;
use model::WorkflowId;
use model::workflow::WorkflowDef;

impl Workspace {
    /// Workflows that exist now, in the order they were made.
    pub fn workflows(&self) -> impl Iterator<Item = &WorkflowDef> {
        self.workflows.values().filter_map(Option::as_deref)
    }

    /// A workflow that exists now.
    pub fn workflow(&self, id: WorkflowId) -> Option<&WorkflowDef> {
        self.workflows.get(&id)?.as_deref()
    }

    /// What a workflow is called, deleted or not.
    pub(crate) fn workflow_name(&self, id: u32) -> String {
        match self.workflow(WorkflowId(id)) {
            Some(def) => def.name.clone(),
            None => "that was deleted".to_owned(),
        }
    }
}
