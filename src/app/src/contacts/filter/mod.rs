//! The filter builder: all, any or none of some rules, with groups in groups.

pub mod draft;
mod rule;

use crate::ui::reactive::memo;
use crate::ui::{Button, Icon, IconButton, Look};
use draft::{Draft, Kind, NodeId};
use leptos::prelude::*;
use model::query::Mode;
use rule::RuleRow;

/// The key of a mode in a `<select>`, its words, and itself.
const MODES: [(&str, &str, Mode); 3] = [
    ("all", "All", Mode::All),
    ("any", "Any", Mode::Any),
    ("none", "None", Mode::None),
];

/// A group with its rules.
#[component]
pub fn GroupView(
    /// The filter.
    draft: RwSignal<Draft>,
    /// The group.
    id: NodeId,
    /// How deep it is; the root is at 0.
    depth: usize,
    /// More buttons at its end.
    #[prop(optional, into)]
    more: ViewFnOnce,
) -> AnyView {
    let mode = memo(move |_| {
        draft.with(|draft| match draft.node(id).map(|node| &node.kind) {
            Some(Kind::Group { mode, .. }) => *mode,
            _ => Mode::All,
        })
    });
    let inside = memo(move |_| draft.with(|draft| draft.inside(id)));
    let modes = MODES
        .map(|(key, label, this)| {
            view! { <option value=key prop:selected=move || mode.get() == this>{label}</option> }
        })
        .collect_view();
    let changed = move |event| {
        let key = event_target_value(&event);
        let Some((_, _, new)) = MODES.into_iter().find(|(known, _, _)| *known == key) else {
            return;
        };
        draft.update(|draft| {
            draft.change(id, |kind| {
                if let Kind::Group { mode, .. } = kind {
                    *mode = new;
                }
            });
        });
    };
    view! {
        <div class="filter-group" role="group" aria-label=if depth == 0 { "Filter" } else { "Group" }>
            <div class="filter-head">
                <select class="input" aria-label="How many of these must hold" on:change=changed>{modes}</select>
                <span class="soft">"of these hold"</span>
                {(depth > 0).then(|| view! {
                    <IconButton
                        small=true
                        icon=Icon::Close
                        label="Remove group"
                        on_press=move |_| draft.update(|draft| draft.remove(id))
                    />
                })}
            </div>
            <div class="filter-rules">
                <For each=move || inside.get() key=|node| *node let:node>
                    {
                        let (node, is_group) = node;
                        if is_group {
                            view! { <GroupView draft=draft id=node depth=depth + 1/> }.into_any()
                        } else {
                            view! { <RuleRow draft=draft id=node/> }.into_any()
                        }
                    }
                </For>
            </div>
            <div class="buttons">
                <Button
                    label="Add rule"
                    look=Look::Quiet
                    small=true
                    icon=Icon::Plus
                    on_press=move |_| draft.update(|draft| draft.add_rule(id))
                />
                // The address holds groups at most 16 deep; nobody reads as many.
                {(depth < 5).then(|| view! {
                    <Button
                        label="Add group"
                        look=Look::Quiet
                        small=true
                        icon=Icon::Plus
                        on_press=move |_| draft.update(|draft| draft.add_group(id))
                    />
                })}
                {more.run()}
            </div>
        </div>
    }
    .into_any()
}
