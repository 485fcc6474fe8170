//! The settings of a node, by its kind.

use super::condition::ConditionForm;
use super::segment::{AddForm, SegmentsField};
use super::set_field::SetFieldForm;
use super::split::SplitForm;
use super::start::StartForm;
use super::trigger::TriggerForm;
use super::wait::WaitForm;
use crate::ui::TextField;
use crate::ui::reactive::{derived, field_part, variant_part};
use crate::workflows::editor::Editor;
use leptos::prelude::*;
use model::workflow::NodeKind;
use model::workflow::node::{Channel, Send};

/// The settings of a node.
#[component]
pub fn NodeForm(
    /// The graph.
    editor: Editor,
    /// The node's settings, both ways; the kind of node stays.
    kind: RwSignal<NodeKind>,
) -> impl IntoView {
    match kind.get_untracked() {
        NodeKind::Start(start) => {
            view! { <StartForm value=variant_part!(kind, NodeKind::Start, start)/> }.into_any()
        }
        NodeKind::Trigger(trigger) => {
            view! { <TriggerForm value=variant_part!(kind, NodeKind::Trigger, trigger)/> }.into_any()
        }
        NodeKind::Condition(condition) => {
            view! { <ConditionForm value=variant_part!(kind, NodeKind::Condition, condition)/> }.into_any()
        }
        NodeKind::AddToSegment(add) => {
            view! { <AddForm value=variant_part!(kind, NodeKind::AddToSegment, add)/> }.into_any()
        }
        NodeKind::RemoveFromSegment(segments) => {
            let value = variant_part!(kind, NodeKind::RemoveFromSegment, segments);
            view! { <SegmentsField label="Remove from" value=value needed=true/> }.into_any()
        }
        NodeKind::SetField(set) => {
            view! { <SetFieldForm value=variant_part!(kind, NodeKind::SetField, set)/> }.into_any()
        }
        NodeKind::Wait(wait) => {
            view! { <WaitForm editor=editor value=variant_part!(kind, NodeKind::Wait, wait)/> }.into_any()
        }
        NodeKind::Split(split) => {
            view! { <SplitForm editor=editor value=variant_part!(kind, NodeKind::Split, split)/> }.into_any()
        }
        NodeKind::Send(send) => {
            view! { <SendForm value=variant_part!(kind, NodeKind::Send, send)/> }.into_any()
        }
        NodeKind::Finish => ().into_any(),
    }
}

/// A message to the outbox.
#[component]
fn SendForm(
    /// The settings.
    value: RwSignal<Send>,
) -> impl IntoView {
    let email = value.with_untracked(|send| send.channel == Channel::Email);
    let subject = field_part!(value, subject);
    let hint = derived(move || match subject.with(|text| text.trim().is_empty()) {
        true => "Needed before the workflow can be activated; nothing is ever sent".to_owned(),
        false => "Goes to the outbox of the simulation; nothing is ever sent".to_owned(),
    });
    let lines = if email { 0 } else { 3 };
    view! { <TextField label=if email { "Subject" } else { "Text" } value=subject lines=lines hint=hint/> }
}
