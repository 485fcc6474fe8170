//! The state of a workflow in words, and what can be done in it.

use crate::state::use_app;
use crate::ui::reactive::derived;
use crate::ui::{Badge, Tone, format};
use leptos::prelude::*;
use model::workflow::WorkflowState;

/// Said wherever a workflow is scheduled or active.
pub const WHILE_OPEN: &str = "Workflows run while Corral is open";

/// What a person can do to a workflow's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// **Activate**
    Activate,
    /// **Schedule…**
    Schedule,
    /// **Unschedule**
    Unschedule,
    /// **Pause**
    Pause,
    /// **Resume**
    Resume,
    /// **Finalize…**
    Finalize,
}

impl Action {
    /// What its button says.
    pub fn label(self) -> &'static str {
        match self {
            Action::Activate => "Activate",
            Action::Schedule => "Schedule…",
            Action::Unschedule => "Unschedule",
            Action::Pause => "Pause",
            Action::Resume => "Resume",
            Action::Finalize => "Finalize…",
        }
    }
}

/// What can be done in a state, the first thing first.
pub fn actions(state: &WorkflowState) -> &'static [Action] {
    match state {
        WorkflowState::Draft => &[Action::Activate, Action::Schedule],
        WorkflowState::Scheduled(_) => &[Action::Activate, Action::Schedule, Action::Unschedule],
        WorkflowState::Active => &[Action::Pause, Action::Finalize],
        WorkflowState::Paused(_) => &[Action::Resume, Action::Finalize],
        WorkflowState::Finalized => &[],
    }
}

/// A state in words: “Scheduled for 2 Oct 2026, 16:13”.
pub fn words(state: &WorkflowState, zone: &str) -> String {
    match state {
        WorkflowState::Scheduled(at) => format!("Scheduled for {}", format::moment(*at, zone)),
        other => other.label().to_owned(),
    }
}

fn tone(state: &WorkflowState) -> Tone {
    match state {
        WorkflowState::Active => Tone::Success,
        WorkflowState::Scheduled(_) | WorkflowState::Paused(_) => Tone::Warning,
        WorkflowState::Draft | WorkflowState::Finalized => Tone::Neutral,
    }
}

/// The state of a workflow.
#[component]
pub fn StateBadge(
    /// The state.
    #[prop(into)]
    state: Signal<WorkflowState>,
) -> impl IntoView {
    let zone = use_app().zone();
    let label = derived(move || state.with(|state| zone.with(|zone| words(state, zone))));
    view! { <Badge label=label tone=derived(move || state.with(tone))/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finalized_workflow_never_resumes() {
        assert!(actions(&WorkflowState::Finalized).is_empty());
        assert!(actions(&WorkflowState::Paused(String::new())).contains(&Action::Resume));
        assert!(!actions(&WorkflowState::Active).contains(&Action::Activate));
    }
}
