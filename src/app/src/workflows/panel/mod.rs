//! The side panel: the configuration of one node.
//!
//! What is typed is a draft until **Apply**. Nothing of it is lost when another node is chosen: what was not applied is
//! applied then, as one group that *Undo* takes back, and what still has to be put right is said.

mod check;
mod condition;
mod date;
mod draft;
mod form;
mod pending;
pub(super) mod pick;
mod segment;
mod set_field;
mod split;
mod start;
mod subject;
mod time;
mod trigger;
mod units;
mod wait;

use super::editor::Editor;
use crate::state::use_app;
use crate::ui::reactive::derived;
use crate::ui::{Button, Icon, IconButton, Look, TextField, unique};
use form::NodeForm;
use leptos::context::Provider;
use leptos::prelude::*;
use model::NodeId;
use model::field::MAX_NAME;
use model::workflow::NodeKind;
use pending::Pending;

/// The configuration of the node; **Apply** puts it into the graph.
#[component]
pub fn Panel(
    /// The graph.
    editor: Editor,
    /// The node.
    node: NodeId,
) -> impl IntoView {
    let begin = editor.graph.with_untracked(|graph| {
        let node = graph.node(node)?;
        Some((node.name.clone(), node.kind.clone()))
    });
    begin.map(|begin| view! { <Settings editor=editor node=node begin=begin/> })
}

/// The panel of a node that is there.
#[component]
fn Settings(
    /// The graph.
    editor: Editor,
    /// The node.
    node: NodeId,
    /// Its name and settings as they are in the graph.
    begin: (String, NodeKind),
) -> impl IntoView {
    let app = use_app();
    let pending = Pending::new(editor, node, begin);
    let Pending {
        name,
        kind,
        faults,
        changed,
        made,
        ..
    } = pending;
    on_cleanup(move || {
        if let Some(wrong) = pending.leave() {
            app.toasts.warn(wrong);
        }
    });
    let heading = StoredValue::new(unique("panel"));
    let sent = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if changed.get_untracked() && untrack(|| faults.first()).is_none() {
            pending.apply();
        }
    };
    let state = move || match faults.first() {
        Some(wrong) => format!("Put this right to apply: {wrong}"),
        None if changed.get() => "Not applied yet".to_owned(),
        None => String::new(),
    };
    let form = move || {
        made.track();
        view! { <NodeForm editor=editor kind=kind/> }
    };
    view! {
        <aside class="panel" aria-labelledby=heading.get_value()>
            <div class="panel-head">
                <h2 id=heading.get_value() tabindex="-1">{move || kind.with(NodeKind::label)}</h2>
                <IconButton icon=Icon::Close label="Close" on_press=move |_| editor.selection.set(Vec::new())/>
            </div>
            <form class="panel-form" on:submit=sent on:input=move |_| pending.touched.set_value(true)>
                <fieldset class="panel-fields" disabled=editor.locked>
                    <p class="soft">{move || kind.with(draft::help)}</p>
                    <TextField
                        label="Name"
                        value=name
                        max=MAX_NAME
                        placeholder=derived(move || kind.with(NodeKind::label).to_owned())
                        hint="Your own name for it on the canvas"
                    />
                    <Provider value=faults>{form}</Provider>
                </fieldset>
                <Show when=move || !editor.locked.get()>
                    <div class="panel-foot">
                        <p class="soft small" role="status">{state}</p>
                        <div class="buttons">
                            <Button
                                label="Apply"
                                look=Look::Primary
                                submit=true
                                disabled=derived(move || !changed.get() || faults.first().is_some())
                            />
                            <Button
                                label="Discard changes"
                                disabled=derived(move || !changed.get() && faults.first().is_none())
                                on_press=move |_| pending.discard()
                            />
                        </div>
                    </div>
                </Show>
            </form>
        </aside>
    }
}
