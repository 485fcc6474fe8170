//! What uses a segment.

use crate::ui::Dialog;
use crate::ui::reactive::{derived, effect};
use leptos::prelude::*;
use model::message::SegmentInfo;
use model::segment::Use;

/// What uses a segment, in groups: what keeps it from being deleted, and what doesn't.
fn uses(used_by: Vec<Use>) -> AnyView {
    if used_by.is_empty() {
        return view! { <p>"Nothing uses this segment"</p> }.into_any();
    }
    let (blocking, others): (Vec<Use>, Vec<Use>) = used_by.into_iter().partition(|used| used.blocks);
    [
        (blocking, "The segment can't be deleted while these use it"),
        (others, "These would be left with an empty reference"),
    ]
    .map(|(uses, words)| use_list(uses, words))
    .collect_view()
    .into_any()
}

/// Some uses under what is to be said of them; nothing where there are none.
pub fn use_list(uses: Vec<Use>, words: &'static str) -> Option<AnyView> {
    let some = !uses.is_empty();
    some.then(|| {
        let lines = uses.into_iter().map(|used| view! { <li>{used.to_string()}</li> });
        view! {
            <div class="uses">
                <p>{words}</p>
                <ul>{lines.collect_view()}</ul>
            </div>
        }
        .into_any()
    })
}

/// What uses a segment.
#[component]
pub fn UsesDialog(
    /// The segment; none while the dialog is closed.
    segment: RwSignal<Option<SegmentInfo>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || {
        if segment.with(Option::is_some) {
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            segment.set(None);
        }
    });
    let title = move || {
        segment.with(|segment| {
            segment
                .as_ref()
                .map(|segment| format!("Uses of {}", segment.def.name))
                .unwrap_or_default()
        })
    };
    view! {
        <Dialog open=open title=derived(title)>
            {move || segment.get().map(|segment| uses(segment.used_by))}
        </Dialog>
    }
}
