//! A modal dialog on the browser's own `<dialog>`: Esc closes it, focus stays in it and goes back afterwards.

use super::{Icon, IconButton, popup, unique};
use crate::router;
use crate::ui::reactive::effect;
use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlDialogElement;

/// Whether a dialog is open: while something is asked; closing it asks nothing any more.
pub fn open_while<T: Clone + Send + Sync + 'static>(asked: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || {
        if asked.with(Option::is_some) != open.get_untracked() {
            open.set(asked.with_untracked(Option::is_some));
        }
    });
    effect(move || {
        if !open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    open
}

/// A modal dialog; its content exists only while it is open.
#[component]
pub fn Dialog(
    /// Whether it is open; Esc and the close button set it to false.
    open: RwSignal<bool>,
    /// Its heading and accessible name.
    #[prop(into)]
    title: Signal<String>,
    /// Room for a table.
    #[prop(optional)]
    wide: bool,
    /// What it shows.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let heading = StoredValue::new(unique("dialog"));
    // The content leaves only after the dialog closed, so that the browser can give the focus back first.
    let shown = RwSignal::new(false);
    effect(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() {
            shown.set(true);
            if !dialog.open() {
                router::moved();
                if dialog.show_modal().is_err() {
                    open.set(false);
                }
            }
            // The content comes after the dialog opened, so the browser found nothing in it to focus.
            request_animation_frame(move || focus_first(&dialog));
        } else {
            if dialog.open() {
                dialog.close();
            }
            shown.set(false);
        }
    });
    view! {
        <dialog
            node_ref=node
            class=if wide { "dialog dialog-wide" } else { "dialog" }
            aria-labelledby=heading.get_value()
            on:close=move |_| open.set(false)
        >
            <Show when=move || shown.get()>
                <div class="dialog-head">
                    <h2 id=heading.get_value()>{title}</h2>
                    <IconButton icon=Icon::Close label="Close" on_press=move |_| open.set(false)/>
                </div>
                <div class="dialog-body">{children()}</div>
            </Show>
        </dialog>
    }
}

/// Puts the focus on a dialog's first control, unless one of them has taken it.
fn focus_first(dialog: &HtmlDialogElement) {
    let taken = document()
        .active_element()
        .is_some_and(|focus| !focus.is_same_node(Some(dialog)) && dialog.contains(Some(&focus)));
    let controls = popup::inside(dialog, CONTROLS);
    if let Some(first) = controls.first().filter(|_| !taken) {
        // A control that can't take the focus leaves it to the dialog.
        first.focus().ok();
    }
}

/// What can take the focus in a dialog's body.
const CONTROLS: &str = ".dialog-body :is(input, select, textarea, button, a):not(:disabled, [tabindex='-1'])";

/// The row of buttons at the end of a dialog.
#[component]
pub fn DialogFoot(
    /// The buttons, the one that goes ahead last.
    children: Children,
) -> impl IntoView {
    view! { <div class="buttons dialog-buttons">{children()}</div> }
}
