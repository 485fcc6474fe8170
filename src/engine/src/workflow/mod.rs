//! Workflows: definitions and their states, the checks before activation, and the runtime.
//!
//! A running workflow's state (who is armed, who waits, what was counted) is what the standing [`RunDelta`]s of the
//! journal add up to ([`state`]). A machine carries events through the active workflows and gives change sets.

mod audience;
mod batch;
mod begins;
mod check;
mod decision;
mod define;
mod due;
mod file;
pub(crate) mod fold;
mod groups;
mod hash;
mod machine;
mod packed;
mod pass;
mod program;
mod react;
mod reaction;
pub mod replay;
pub mod state;
pub(crate) mod steps;
pub(crate) mod templates;
mod trace;
mod uses;
mod value;
mod view;
mod wait_list;
mod waits;

pub use batch::Base;
pub use begins::Begins;
pub use machine::Machine;
pub use program::{Program, called};
pub use reaction::Reaction;
pub use state::{NodeDelta, RunDelta, Waiting};

use crate::workspace::Workspace;
use model::WorkflowId;
use model::workflow::WorkflowDef;
use std::rc::Rc;

impl Workspace {
    /// Workflows that exist now, in the order they were made.
    pub fn workflows(&self) -> impl Iterator<Item = &WorkflowDef> {
        self.workflows.values().filter_map(Option::as_deref)
    }

    /// A workflow that exists now.
    pub fn workflow(&self, id: WorkflowId) -> Option<&WorkflowDef> {
        self.workflows.get(&id)?.as_deref()
    }

    /// An earlier version of a workflow.
    pub(crate) fn workflow_version(&self, id: WorkflowId, version: u32) -> Option<&WorkflowDef> {
        self.workflow_versions.get(&(id, version)).map(Rc::as_ref)
    }

    /// A workflow as it is, or as it was last before it was deleted.
    fn last_workflow(&self, id: WorkflowId) -> Option<&WorkflowDef> {
        let versions = self.workflow_versions.iter().rev();
        let mut own = versions.filter(|((known, _), _)| *known == id);
        self.workflow(id).or_else(|| own.next().map(|(_, def)| &**def))
    }

    /// What a workflow is called, or was called last before it was deleted.
    pub(crate) fn workflow_name(&self, id: WorkflowId) -> &str {
        self.last_workflow(id).map_or("that was deleted", |def| &def.name)
    }
}

#[cfg(test)]
mod cdnow_tests;
#[cfg(test)]
mod history_tests;
#[cfg(test)]
mod promise_tests;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod trace_tests;
#[cfg(test)]
mod trigger_tests;
