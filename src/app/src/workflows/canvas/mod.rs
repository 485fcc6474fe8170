//! The canvas: the graph as a picture that can be edited with the mouse, by touch and from the keyboard.
//!
//! [`stage::Stage`] is the canvas as a handle; [`scene::Scene`] holds the signals of what is drawn; `pointer` and `keys`
//! turn what a person does into what the stage does; `list` is the same graph for those who would rather read.

mod clipboard;
mod frame;
mod keys;
mod list;
mod minimap;
mod node;
mod note;
mod palette;
mod picture;
mod pointer;
mod scene;
mod sign;
mod stage;
mod summary;
mod text;
mod toolbar;

pub use scene::called;

use super::editor::Editor;
use super::trace::Way;
use crate::state::use_app;
use crate::ui::reactive::effect;
use crate::ui::{Button, Empty, Icon, Look};
use frame::Frame;
use keys::Keys;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use list::ListView;
use minimap::Minimap;
use model::NodeId;
use model::workflow::node::Start;
use model::workflow::{Fault, NodeKind, NodeStats};
use node::{Draft, EdgeView, NodeView, NoteView};
use note::NoteDialog;
use palette::Palette;
use pointer::{Hand, node_of};
use scene::Scene;
use stage::Stage;
use text::decimal;
use toolbar::Toolbar;
use web_sys::ResizeObserver;

/// In a narrower window the list shows first, in pixels.
const NARROW: f64 = 700.0;

/// Whether the window is narrower than so many pixels.
fn is_below(pixels: f64) -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width < pixels)
}

/// The canvas of a workflow, with its palette and list view.
#[component]
pub fn Canvas(
    /// The graph.
    editor: Editor,
    /// What happened at the nodes; shown on them where there is any.
    #[prop(into)]
    stats: Signal<Vec<NodeStats>>,
    /// What is wrong; its nodes are marked.
    #[prop(into)]
    faults: Signal<Vec<Fault>>,
    /// Where a contact passed; it lights up.
    #[prop(into)]
    path: Signal<Way>,
) -> impl IntoView {
    let scene = Scene::new(use_app(), editor, stats, faults, path);
    let stage = Stage::new(editor, scene);
    let list = RwSignal::new(is_below(NARROW));
    let palette = RwSignal::new(!is_below(NARROW));
    let empty = move || scene.nodes.with(Vec::is_empty) && scene.notes.with(Vec::is_empty);
    let begin = move || {
        empty().then(|| {
            view! {
                <div class="canvas-empty">
                    <Empty
                        icon=Icon::Workflow
                        title="No nodes yet"
                        text="A workflow begins with Start, which says whom it is for; triggers, conditions and actions follow"
                    >
                        <span title=move || editor.why_fixed()>
                            <Button
                                label="Add Start"
                                look=Look::Primary
                                icon=Icon::Plus
                                disabled=crate::ui::reactive::derived(move || editor.why_fixed().is_some())
                                on_press=move |_| stage.add(NodeKind::Start(Start::default()))
                            />
                        </span>
                    </Empty>
                </div>
            }
        })
    };
    let shown = move || match list.get() {
        true => view! { <ListView stage=stage/> }.into_any(),
        false => view! { <Drawing stage=stage/> }.into_any(),
    };
    view! {
        <section class="canvas" aria-label="Graph of the workflow">
            <Toolbar stage=stage list=list palette=palette/>
            <div class="canvas-body">
                // Where nothing can be added, the palette would only take room.
                {move || (palette.get() && !editor.fixed.get() && !editor.locked.get())
                    .then(|| view! { <Palette stage=stage/> })}
                <div class="canvas-place">
                    {shown}
                    {begin}
                </div>
            </div>
            <NoteDialog stage=stage/>
        </section>
    }
}

/// The drawing in its box.
#[component]
fn Drawing(
    /// The canvas.
    stage: Stage,
) -> impl IntoView {
    let hand = Hand::new(stage);
    let keys = Keys::new(stage, hand);
    watch_size(stage);
    uncover(stage);
    let transform = move || {
        let view = stage.view.get();
        let [x, y, zoom] = [view.x, view.y, view.zoom].map(decimal);
        format!("translate({x}px, {y}px) scale({zoom})")
    };
    let scene = stage.scene;
    let marquee = move || {
        let area = stage.marquee.get()?;
        Some(view! {
            <rect class="canvas-marquee" x=area.x y=area.y width=area.width height=area.height></rect>
        })
    };
    let hint = move || {
        let link = stage.link.get()?;
        let look = stage.item(link.from)?.look.get();
        let exit = look.exits.get(usize::from(link.exit))?;
        let from = format!("{exit} of {}", look.title);
        Some(format!("Choose the node that {from} leads to, or press Esc"))
    };
    // Readers of the screen press without a pointer.
    let pressed = move |event: leptos::ev::MouseEvent| {
        if let (0, Some(id)) = (event.detail(), node_of(event.target())) {
            stage.choose(vec![id]);
        }
    };
    let opened = move |event: leptos::ev::MouseEvent| {
        let is_note = |id: &NodeId| scene.notes.with_untracked(|notes| notes.contains(id));
        let note = hand.under(&event).filter(is_note);
        if note.is_some() && stage.may_move() {
            stage.writing.set(note);
        }
    };
    let node = move |id| stage.item(id).map(|item| view! { <NodeView id=id item=item/> });
    let note = move |id| stage.item(id).map(|item| view! { <NoteView id=id item=item/> });
    let edge = move |edge: model::workflow::Edge| {
        let ends = stage.item(edge.from).zip(stage.item(edge.to));
        ends.map(|(from, to)| view! { <EdgeView stage=stage edge=edge from=from to=to/> })
    };
    view! {
        <div
            class="canvas-view"
            class:canvas-moving=stage.moving
            class:canvas-far=move || stage.is_far()
            class:canvas-linking=move || stage.link.with(Option::is_some)
            node_ref=stage.host
            tabindex="0"
            role="group"
            aria-label="Canvas; arrow keys move what is chosen, Delete takes it away, C at a node begins a connection that Enter at another one ends"
            on:pointerdown=move |event| hand.down(&event)
            on:pointermove=move |event| hand.moved(&event)
            on:pointerup=move |event| hand.up(&event)
            on:pointercancel=move |event| hand.lost(&event)
            on:wheel=move |event| hand.wheel(&event)
            on:click=pressed
            on:dblclick=opened
            on:keydown=move |event| keys.down(&event)
            on:keyup=move |event| keys.up(&event)
            on:focusout=move |_| keys.left()
        >
            <div class="canvas-world" style:transform=transform>
                <svg class="canvas-drawing" width="1" height="1" role="group" aria-label="Nodes">
                    <For each=move || scene.notes.get() key=|id| *id let:id>{note(id)}</For>
                    <For each=move || scene.edges.get() key=|edge| (edge.from, edge.exit, edge.to) let:one>{edge(one)}</For>
                    <For each=move || scene.nodes.get() key=|id| *id let:id>{node(id)}</For>
                    <Draft stage=stage/>
                    {marquee}
                </svg>
            </div>
            <Minimap stage=stage/>
            <p class="canvas-hint" role="status" hidden=move || stage.link.with(Option::is_none)>{hint}</p>
        </div>
    }
}

/// Brings a node out from under its settings, where these lie over the canvas, once they are there.
fn uncover(stage: Stage) {
    let frame = Frame::new();
    effect(move || {
        if let [one] = stage.editor.selection.get().as_slice() {
            let one = *one;
            frame.run(move || {
                if stage.covered() > 0.0 {
                    stage.reveal(&[one]);
                }
            });
        }
    });
}

/// Measures the box of the drawing now and whenever its size changes.
fn watch_size(stage: Stage) {
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    let forget = move || {
        observer.update_value(|observer| {
            if let Some((watch, _)) = observer.take() {
                watch.disconnect();
            }
        });
    };
    effect(move || {
        // The box of the drawing before this one may come first.
        forget();
        let Some(host) = stage.host.get() else { return };
        stage.measure();
        let told = Closure::<dyn FnMut()>::new(move || stage.measure());
        if let Ok(watch) = ResizeObserver::new(told.as_ref().unchecked_ref()) {
            watch.observe(&host);
            observer.set_value(Some((watch, told)));
        }
    });
    on_cleanup(forget);
}
