//! The bar above the canvas.

use super::picture;
use super::stage::Stage;
use crate::state::use_app;
use crate::ui::reactive::derived;
use crate::ui::{Button, Icon, IconButton, Menu, MenuItem};
use leptos::prelude::*;

/// A button of the bar that can't be pressed for a reason, which its tooltip says.
#[component]
fn Tool(
    /// Its icon.
    icon: Icon,
    /// What it does.
    label: &'static str,
    /// Why it can't be pressed now.
    #[prop(into)]
    why: Signal<Option<&'static str>>,
    /// What happens.
    on_press: Callback<()>,
) -> impl IntoView {
    // A button that can't be pressed shows no tooltip in some browsers; what is around it does.
    view! {
        <span class="tool" title=why>
            <IconButton
                icon=icon
                label=label
                disabled=derived(move || why.get().is_some())
                on_press=move |_| on_press.run(())
            />
        </span>
    }
}

/// The bar above the canvas.
#[component]
pub fn Toolbar(
    /// The canvas.
    stage: Stage,
    /// Whether the list shows instead of the canvas.
    list: RwSignal<bool>,
    /// Whether the palette shows.
    palette: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let editor = stage.editor;
    let act = move |act: fn(Stage)| Callback::new(move |()| act(stage));
    let undo = derived(move || {
        let nothing = (!editor.can_undo()).then_some("Nothing to undo on this canvas");
        editor.why_locked().or(nothing)
    });
    let redo = derived(move || {
        let nothing = (!editor.can_redo()).then_some("Nothing to redo on this canvas");
        editor.why_locked().or(nothing)
    });
    let free = derived(move || editor.why_locked());
    let never = derived(|| None);
    let remove = derived(move || {
        if stage.edge.get().is_some() {
            return editor.why_fixed();
        }
        let chosen = editor.selection.get();
        let nothing = chosen.is_empty().then_some("Choose something first");
        let notes = stage
            .scene
            .notes
            .with(|notes| chosen.iter().all(|id| notes.contains(id)));
        nothing.or(if notes {
            editor.why_locked()
        } else {
            editor.why_fixed()
        })
    });
    let chosen = move || !editor.selection.with_untracked(Vec::is_empty);
    let edits = move |()| {
        let may = stage.may_build();
        vec![
            MenuItem::act("Choose all", move || stage.choose_all()).icon(Icon::Check),
            MenuItem::line(),
            MenuItem::act("Copy", move || stage.copy())
                .icon(Icon::Copy)
                .disabled(!chosen()),
            MenuItem::act("Paste", move || stage.paste())
                .icon(Icon::Paste)
                .disabled(!may),
            MenuItem::act("Duplicate", move || stage.duplicate())
                .icon(Icon::Plus)
                .disabled(!may || !chosen()),
        ]
    };
    let shown = move |name: &'static str, is_list: bool| {
        view! {
            <button
                type="button"
                class="button"
                aria-pressed=move || (list.get() == is_list).to_string()
                on:click=move |_| list.set(is_list)
            >
                {name}
            </button>
        }
    };
    let view_tools = move || {
        (!list.get()).then(|| {
            view! {
                <Tool icon=Icon::ZoomOut label="Zoom out" why=never on_press=act(|stage| stage.zoom(None, 0.8))/>
                <output class="canvas-zoom" aria-label="Zoom">
                    {move || format!("{} %", (stage.view.get().zoom * 100.0).round() as u32)}
                </output>
                <Tool icon=Icon::ZoomIn label="Zoom in" why=never on_press=act(|stage| stage.zoom(None, 1.25))/>
                <Tool icon=Icon::Fit label="Fit" why=never on_press=act(Stage::fit)/>
                <Menu
                    label="Save picture"
                    icon=Icon::Download
                    items=move |()| picture::items(app, stage, "Workflow")
                />
            }
        })
    };
    view! {
        <div class="canvas-bar" role="group" aria-label="Tools">
            <Show when=move || !stage.editor.fixed.get() && !stage.editor.locked.get()>
                <Button label="Palette" icon=Icon::Plus expanded=palette on_press=move |_| palette.update(|open| *open = !*open)/>
            </Show>
            <Tool icon=Icon::Undo label="Undo" why=undo on_press=act(|stage| stage.editor.undo())/>
            <Tool icon=Icon::Redo label="Redo" why=redo on_press=act(|stage| stage.editor.redo())/>
            <Tool icon=Icon::Tidy label="Tidy layout" why=free on_press=act(Stage::tidy)/>
            <Tool icon=Icon::Note label="Add note" why=free on_press=act(Stage::add_note)/>
            <Tool icon=Icon::Trash label="Delete" why=remove on_press=act(Stage::remove)/>
            <Menu label="Edit" items=edits/>
            {view_tools}
            <div class="canvas-modes" role="group" aria-label="View">
                {shown("Canvas", false)}
                {shown("List", true)}
            </div>
        </div>
    }
}
