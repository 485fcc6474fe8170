//! A picture of the whole graph as a file.

use super::stage::Stage;
use crate::state::App;
use crate::ui::chart::{picture, save};
use crate::ui::{Icon, MenuItem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use model::workflow::geometry;

/// The room around the graph; what happened at a node stands below it.
const MARGIN: i32 = 32;

/// A copy of the drawing with everything in it, wherever the view is; none before there is a drawing.
fn copy(stage: Stage) -> Option<Result<picture::Picture, JsValue>> {
    let host = stage.host.get_untracked()?;
    let drawing = host.query_selector(".canvas-drawing").ok().flatten()?;
    let area = stage.graph(geometry::bounds)?.grown(MARGIN);
    let frame = [area.x, area.y, area.width, area.height].map(|length| length.to_string());
    // What is too small to read on the screen can be read in the file.
    let classes = host.class_list();
    let far = untrack(|| stage.is_far());
    if far {
        classes.remove_1("canvas-far").ok()?;
    }
    let copy = picture::copy_part(&drawing, frame);
    if far {
        classes.add_1("canvas-far").ok()?;
    }
    Some(copy)
}

/// The lines of the menu *Save picture*.
pub fn items(app: App, stage: Stage, title: &'static str) -> Vec<MenuItem> {
    let svg = move || {
        if let Some(copy) = copy(stage) {
            save(app, title, "svg", copy.and_then(|copy| copy.svg()));
        }
    };
    let png = move || {
        // Copied at once: the drawing may be another one by the time the picture is drawn.
        let Some(copy) = copy(stage) else { return };
        spawn_local(async move {
            let file = match copy {
                Ok(copy) => copy.png().await,
                Err(problem) => Err(problem),
            };
            save(app, title, "png", file);
        });
    };
    vec![
        MenuItem::act("Save as SVG", svg).icon(Icon::Download),
        MenuItem::act("Save as PNG", png).icon(Icon::Download),
    ]
}
