//! The settings of conditions.

use super::check::CheckForm;
use super::pick::{FieldPick, Word, choices, keyed};
use super::segment::SegmentsField;
use crate::behaviour::BehaviourForm;
use crate::ui::RadioGroup;
use crate::ui::reactive::{part, variant_part};
use leptos::prelude::*;
use model::SegmentId;
use model::workflow::node::Condition;

/// A question about a contact.
#[component]
pub fn ConditionForm(
    /// The question.
    value: RwSignal<Condition>,
) -> impl IntoView {
    match value.get_untracked() {
        Condition::Check { .. } => view! { <CheckForm value=value/> }.into_any(),
        Condition::HasField(field) => {
            let field = variant_part!(value, Condition::HasField, field);
            view! { <FieldPick label="Field" value=field offered=|_| true/> }.into_any()
        }
        Condition::InSegment { .. } => view! { <InSegment value=value/> }.into_any(),
        Condition::Did(behaviour) => {
            let behaviour = variant_part!(value, Condition::Did, behaviour);
            view! { <BehaviourForm value=behaviour in_workflow=true/> }.into_any()
        }
    }
}

const HOW_MANY: &[Word<bool>] = &[
    (false, "any", "To any of them", ""),
    (true, "all", "To all of them", ""),
];

/// **Belongs to segment**
#[component]
fn InSegment(
    /// The question.
    value: RwSignal<Condition>,
) -> impl IntoView {
    let chosen = part(
        value,
        |value| match value {
            Condition::InSegment { segments, .. } => segments.clone(),
            _ => Vec::new(),
        },
        |value, new: Vec<SegmentId>| {
            if let Condition::InSegment { segments, .. } = value {
                *segments = new;
            }
        },
    );
    let every = part(
        value,
        |value| matches!(value, Condition::InSegment { all: true, .. }),
        |value, new| {
            if let Condition::InSegment { all, .. } = value {
                *all = new;
            }
        },
    );
    view! {
        <SegmentsField label="Segments" value=chosen needed=true/>
        <RadioGroup label="Belongs" choices=choices(HOW_MANY) value=keyed(every, HOW_MANY)/>
    }
}
