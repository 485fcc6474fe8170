//! What a page about one segment knows of it.

use crate::state::App;
use crate::ui::reactive::memo;
use crate::words;
use leptos::prelude::*;
use model::SegmentId;

/// The name of a segment, and whether it exists (any more).
pub fn known(app: App, id: SegmentId) -> (Memo<String>, Memo<bool>) {
    let name = memo(move |_| app.overview.with(|overview| words::segment(id, overview)));
    let there = memo(move |_| {
        app.overview
            .with(|overview| overview.segments.iter().any(|segment| segment.def.id == id))
    });
    (name, there)
}
