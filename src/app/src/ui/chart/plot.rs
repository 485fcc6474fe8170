//! The ground of a drawing: it is as wide as its place, and tells the exact values at the pointer or by the arrow keys.

use crate::ui::reactive::memo;
use leptos::html::Div;
use leptos::prelude::*;

/// A part of a drawing that can be asked for its value, in pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its left edge.
    pub x: u64,
    /// Its upper edge.
    pub y: u64,
    /// Its width.
    pub width: u64,
    /// Its height.
    pub height: u64,
    /// What is there, in words.
    pub words: String,
}

/// What a chart draws at a width: the shapes, the height, and the parts that can be asked.
pub struct Drawing {
    /// The shapes.
    pub shapes: AnyView,
    /// The height, in pixels.
    pub height: u64,
    /// The parts.
    pub marks: Vec<Mark>,
}

/// The width before the place is measured.
const WIDTH: u64 = 640;
/// No place is narrower.
const LEAST: u64 = 240;

/// The ground of a drawing.
#[component]
pub fn Plot(
    /// What it shows, in words.
    #[prop(into)]
    label: Signal<String>,
    /// Draws it at a width in pixels.
    draw: Callback<u64, Drawing>,
) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    let width = RwSignal::new(WIDTH);
    let at = RwSignal::new(None::<usize>);
    let marks = RwSignal::new(Vec::<Mark>::new());
    let measure = move || {
        // The chart may be gone by the next frame.
        if let Some(place) = place.try_get_untracked().flatten() {
            let now = u64::try_from(place.client_width()).unwrap_or(WIDTH).max(LEAST);
            if width.get_untracked() != now {
                width.set(now);
            }
        }
    };
    place.on_load(move |_| request_animation_frame(measure));
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let mark = memo(move |_| at.get().and_then(|at| marks.with(|marks| marks.get(at).cloned())));
    let step = move |event: leptos::ev::KeyboardEvent| {
        let last = marks.with_untracked(Vec::len).saturating_sub(1);
        let next = match (event.key().as_str(), at.get_untracked()) {
            ("ArrowRight" | "ArrowDown", None) | ("Home", _) => 0,
            ("ArrowRight" | "ArrowDown", Some(at)) => (at + 1).min(last),
            ("ArrowLeft" | "ArrowUp", Some(at)) => at.saturating_sub(1),
            ("ArrowLeft" | "ArrowUp", None) | ("End", _) => last,
            ("Escape", Some(_)) => {
                at.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next));
    };
    let drawing = move || {
        let width = width.get();
        let Drawing {
            shapes,
            height,
            marks: parts,
        } = draw.run(width);
        let hits = parts
            .iter()
            .enumerate()
            .map(|(place, mark)| {
                view! {
                    <rect
                        class="plot-hit"
                        x=mark.x
                        y=mark.y
                        width=mark.width
                        height=mark.height
                        on:pointerenter=move |_| at.set(Some(place))
                    ></rect>
                }
            })
            .collect_view();
        marks.set(parts);
        view! {
            <svg
                class="plot-drawing"
                viewBox=format!("0 0 {width} {height}")
                width=width
                height=height
                role="img"
                aria-label=label
                on:pointerleave=move |_| at.set(None)
            >
                {shapes}
                {move || mark.get().map(|mark| view! {
                    <rect class="plot-at" x=mark.x y=mark.y width=mark.width height=mark.height></rect>
                })}
                {hits}
            </svg>
        }
    };
    view! {
        <div
            class="plot"
            role="group"
            aria-label=move || format!("{}; the arrow keys go from value to value", label.get())
            tabindex="0"
            node_ref=place
            on:keydown=step
            on:blur=move |_| at.set(None)
        >
            {drawing}
        </div>
        <p class="plot-readout soft small" role="status">
            {move || mark.get().map_or_else(
                || "Point at the chart, or use the arrow keys, for exact values".to_owned(),
                |mark| mark.words,
            )}
        </p>
    }
}
