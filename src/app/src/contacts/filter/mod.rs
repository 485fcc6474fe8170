//! The filter builder: all, any or none of some rules, with groups in groups.

pub mod draft;
mod rule;

use crate::behaviour::ModeSelect;
use crate::ui::reactive::{memo, part};
use crate::ui::{Button, Icon, IconButton, Look};
use draft::{Draft, Kind, NodeId};
use leptos::prelude::*;
use model::query::Mode;
use rule::RuleRow;

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
    let mode = part(
        draft,
        move |draft| match draft.node(id).map(|node| &node.kind) {
            Some(Kind::Group { mode, .. }) => *mode,
            _ => Mode::All,
        },
        move |draft, new| {
            draft.change(id, |kind| {
                if let Kind::Group { mode, .. } = kind {
                    *mode = new;
                }
            });
        },
    );
    let inside = memo(move |_| draft.with(|draft| draft.inside(id)));
    view! {
        <div class="filter-group" role="group" aria-label=if depth == 0 { "Filter" } else { "Group" }>
            <div class="filter-head">
                <ModeSelect value=mode/>
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
