//! The minimap: all of the graph in a corner, with the part that shows.

use super::stage::Stage;
use super::text::decimal;
use crate::ui::reactive::memo;
use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;
use model::workflow::geometry::{self, Rect};
use model::workflow::view::{Spot, View};
use std::fmt::Write;

/// The size of the minimap.
const SIZE: (f64, f64) = (160.0, 112.0);

/// The view of a minimap that shows all of an area.
fn small(area: Rect) -> View {
    let (wide, high) = (f64::from(area.width.max(1)), f64::from(area.height.max(1)));
    let zoom = (SIZE.0 / wide).min(SIZE.1 / high);
    View {
        x: (SIZE.0 - wide * zoom) / 2.0 - f64::from(area.x) * zoom,
        y: (SIZE.1 - high * zoom) / 2.0 - f64::from(area.y) * zoom,
        zoom,
    }
}

/// The minimap; what it does is done from the keyboard by *Fit* and the arrow keys.
#[component]
pub fn Minimap(
    /// The canvas.
    stage: Stage,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let bounds = memo(move |_| stage.editor.graph.with(geometry::bounds));
    let shown = memo(move |_| {
        let (width, height) = stage.size.get();
        stage.view.get().shown(width, height)
    });
    // While one drags, the map itself stays.
    let held = RwSignal::new(None::<View>);
    let map = move || {
        held.get().unwrap_or_else(|| {
            let shown = shown.get();
            small(bounds.get().map_or(shown, |bounds| bounds.join(shown)).grown(100))
        })
    };
    let nodes = memo(move |_| {
        stage.editor.graph.with(|graph| {
            let mut path = String::new();
            for node in &graph.nodes {
                let Rect { x, y, width, height } = geometry::node_rect(node);
                // A text takes what is written to it.
                write!(path, "M{x} {y}h{width}v{height}h-{width}z").ok();
            }
            path
        })
    });
    let transform = move || {
        let view = map();
        let [x, y, zoom] = [view.x, view.y, view.zoom * 1_000.0].map(decimal);
        format!("translate({x} {y}) scale(0.001) scale({zoom})")
    };
    let go = move |event: &PointerEvent| {
        let (Some(map), Some(node)) = (held.get_untracked(), node.get_untracked()) else {
            return;
        };
        let rect = node.get_bounding_client_rect();
        let to = map.canvas_from_screen(Spot {
            x: f64::from(event.client_x()) - rect.left(),
            y: f64::from(event.client_y()) - rect.top(),
        });
        let (width, height) = stage.size.get_untracked();
        stage.view.update(|view| {
            view.x = width / 2.0 - to.x * view.zoom;
            view.y = height / 2.0 - to.y * view.zoom;
        });
    };
    let down = move |event: PointerEvent| {
        event.stop_propagation();
        if let Some(node) = node.get_untracked() {
            // A pointer that is gone already can't be captured, and need not be.
            node.set_pointer_capture(event.pointer_id()).ok();
        }
        held.set(Some(untrack(map)));
        go(&event);
    };
    view! {
        <div
            class="minimap"
            aria-hidden="true"
            node_ref=node
            on:pointerdown=down
            on:pointermove=move |event| {
                event.stop_propagation();
                go(&event);
            }
            on:pointerup=move |event| {
                event.stop_propagation();
                held.set(None);
            }
            on:pointercancel=move |_| held.set(None)
        >
            <svg width="160" height="112">
                <g transform=transform>
                    <path class="minimap-nodes" d=nodes></path>
                    <rect
                        class="minimap-shown"
                        x=move || shown.get().x
                        y=move || shown.get().y
                        width=move || shown.get().width
                        height=move || shown.get().height
                    ></rect>
                </g>
            </svg>
        </div>
    }
}
