//! The side panel: the configuration of one node.
//!
//! What is typed is a draft until **Apply**. Nothing of it is lost when another node is chosen: what was not applied is
//! applied then, as one group that *Undo* takes back, and what still has to be put right is said.

mod check;
mod condition;
mod date;
mod draft;
mod form;
mod pick;
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
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Faults, Icon, IconButton, Look, TextField, unique};
use form::NodeForm;
use leptos::context::Provider;
use leptos::prelude::*;
use model::NodeId;
use model::field::MAX_NAME;
use model::workflow::NodeKind;

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
    let (name, kind) = (RwSignal::new(begin.0.clone()), RwSignal::new(begin.1.clone()));
    let faults = Faults::new();
    let before = begin.clone();
    let saved = memo(move |_| {
        editor.graph.with(|graph| {
            let node = graph.node(node);
            node.map_or(before.clone(), |node| (node.name.clone(), node.kind.clone()))
        })
    });
    let now = memo(move |_| {
        let name = name.with(|name| name.trim().to_owned());
        (name, kind.with(draft::settled))
    });
    let changed = memo(move |_| saved.with(|saved| now.with(|now| saved != now)));
    let (wrong, touched) = (StoredValue::new(None::<String>), StoredValue::new(false));
    // The inputs are made anew when their values come from elsewhere, so none keeps a text that can't be read.
    let made = RwSignal::new(0u32);
    let take = move |from: (String, NodeKind)| {
        name.set(from.0);
        kind.set(from.1);
        made.update(|made| *made += 1);
        touched.set_value(false);
    };
    let known = StoredValue::new(begin);
    effect(move || {
        let saved = saved.get();
        let before = known.get_value();
        known.set_value(saved.clone());
        // After an undo the panel shows what is there now, unless something else was typed since.
        if before != saved && now.get_untracked() == before {
            take(saved);
        }
    });
    let apply = move || {
        let changes =
            saved.with_untracked(|saved| now.with_untracked(|now| draft::changes(node, saved, now)));
        editor.change(changes);
    };
    effect(move || {
        let apply = Callback::new(move |()| apply());
        editor.unapplied.set(changed.get().then_some(apply));
    });
    effect(move || wrong.set_value(faults.first()));
    on_cleanup(move || {
        editor.unapplied.try_set(None);
        if editor.locked.get_untracked() {
            return;
        }
        apply();
        // What can't be read is in no draft, so it is said, too.
        if let Some(wrong) = wrong.get_value()
            && (changed.get_untracked() || touched.get_value())
        {
            let label = kind.with_untracked(NodeKind::label);
            app.toasts
                .warn(format!("{label} was left with something to put right: {wrong}"));
        }
    });
    let heading = StoredValue::new(unique("panel"));
    let sent = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if changed.get_untracked() && faults.first().is_none() {
            apply();
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
            <form class="panel-form" on:submit=sent on:input=move |_| touched.set_value(true)>
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
                                on_press=move |_| take(saved.get_untracked())
                            />
                        </div>
                    </div>
                </Show>
            </form>
        </aside>
    }
}
