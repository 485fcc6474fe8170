//! One node, one note and one edge of the drawing.

use super::scene::{Item, Look, Marks, State};
use super::stage::Stage;
use super::summary;
use super::text::fit;
use crate::ui::format;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::geometry::{self, EXIT_ROW, NODE_WIDTH, NOTE_LINE, NOTE_PAD, NOTE_WIDTH, Point};
use model::workflow::{Edge, NodeGroup, Note};

/// The room for a line of a node's head, in pixels.
const LINE: u32 = 184;

/// The place of a thing as SVG takes it.
fn translate(at: Point) -> String {
    format!("translate({} {})", at.x, at.y)
}

/// A line of a node's head, shortened; whether something of it is left out.
fn line(class: &'static str, y: i32, size: u32, text: &str) -> (AnyView, bool) {
    let shown = fit(text, LINE, size);
    let cut = shown != text;
    let line = view! { <text class=class x="20" y=y>{shown}</text> };
    (line.into_any(), cut)
}

/// What stands in a node's frame: its head, its exits with the ports that edges are drawn from.
///
/// Hundreds of these are drawn at once: all rules and all dots are one path each. The node's label says what is written
/// here in one sentence; only where something is left out it is shown under the pointer, too.
fn body(look: &Look) -> AnyView {
    let many = look.exits.len();
    let stripe = match look.group {
        NodeGroup::Start => "node-stripe node-start",
        NodeGroup::Trigger => "node-stripe node-trigger",
        NodeGroup::Condition => "node-stripe node-condition",
        NodeGroup::Action => "node-stripe node-action",
    };
    let below = match (look.title == look.kind, look.summary.is_empty()) {
        (true, true) => summary::sort(look.group).to_owned(),
        (true, false) => look.summary.clone(),
        (false, true) => look.kind.to_owned(),
        (false, false) => format!("{} · {}", look.kind, look.summary),
    };
    let (name, cut_name) = line("node-name", 28, 14, &look.title);
    let (below, cut_below) = line("node-line", 48, 12, &below);
    let height = geometry::node_height(many);
    let exits = (0..many).map(|number| geometry::exit(many, number));
    let rules = (many > 1).then(|| {
        let names = look.exits.iter().zip(exits.clone()).map(|(name, at)| {
            view! { <text class="node-exit" x=NODE_WIDTH - 16 y=at.y + 4>{fit(name, LINE, 12)}</text> }
        });
        let rules: String = exits
            .clone()
            .map(|at| format!("M16 {}H{}", at.y - EXIT_ROW / 2, NODE_WIDTH - 16))
            .collect();
        view! {
            <path class="node-rule" d=rules></path>
            {names.collect_view()}
        }
    });
    let dots: String = exits
        .clone()
        .map(|at| format!("M{} {}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0", at.x - 5, at.y))
        .collect();
    let ports = exits.enumerate().map(|(number, at)| {
        view! { <circle class="port" data-port=number cx=at.x cy=at.y r="12"></circle> }
    });
    view! {
        {(cut_name || cut_below).then(|| view! { <title>{look.words()}</title> })}
        <path class=stripe d=format!("M8 12v{}", height - 24)></path>
        {name}
        {below}
        {rules}
        {ports.collect_view()}
        {(many > 0).then(|| view! { <path class="port-dots" d=dots></path> })}
    }
    .into_any()
}

/// What happened at a node: “Entered 1,204 · Inside 12”.
pub fn told(marks: &Marks) -> String {
    let Some(stats) = &marks.stats else {
        return String::new();
    };
    let parts = [
        ("Entered", stats.entered),
        ("Inside", stats.inside),
        ("Armed", stats.armed.unwrap_or(0)),
        ("Failed", stats.failed),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, many)| *many > 0)
        .map(|(name, many)| format!("{name} {}", format::number(many)))
        .collect();
    parts.join(" · ")
}

/// The marks of a node: what happened, and what is wrong.
fn marks(marks: &Marks, height: i32) -> AnyView {
    let told = told(marks);
    let fault = marks.fault.as_ref().map(|(what, blocks)| {
        let class = if *blocks {
            "node-fault node-fault-blocks"
        } else {
            "node-fault"
        };
        view! {
            <g class=class transform=translate(Point { x: NODE_WIDTH - 8, y: 0 })>
                <title>{what.clone()}</title>
                <circle r="10"></circle>
                <path d="M0 -5v5M0 4v0.5"></path>
            </g>
        }
    });
    let told = (!told.is_empty()).then(|| {
        view! {
            <text class="node-told" x="8" y=height + 16>{fit(&told, 216, 12)}</text>
        }
    });
    view! { {told}{fault} }.into_any()
}

/// The classes of a node.
fn class(state: State) -> &'static str {
    match state {
        State { target: true, .. } => "node node-target",
        State { chosen: true, .. } => "node node-chosen",
        State { lit: true, .. } => "node node-lit",
        State { .. } => "node",
    }
}

/// A node of the drawing.
#[component]
pub fn NodeView(
    /// Which.
    id: NodeId,
    /// Its signals.
    item: Item,
) -> impl IntoView {
    let Item {
        place,
        look,
        marks: marked,
        state,
        ..
    } = item;
    let pressed = state.clone();
    let (shown, measured, framed, faulty) = (look.clone(), look.clone(), look.clone(), marked.clone());
    let words = move || {
        let fault = faulty.with(|marks| marks.fault.clone());
        let fault = fault.map(|(what, _)| format!("; {what}")).unwrap_or_default();
        format!("{}{fault}", look.with(Look::words))
    };
    let marked = move || {
        marked.with(|marked| {
            // Most nodes have none, and those need not know how high they are.
            (*marked != Marks::default()).then(|| {
                marks(
                    marked,
                    measured.with(|look| geometry::node_height(look.exits.len())),
                )
            })
        })
    };
    view! {
        <g class=move || class(state.get()) data-node=id.0 transform=move || translate(place.get())>
            // The frame is the button, so that what is drawn over it, cut short and in parts, is no part of its name.
            <rect
                class="node-frame"
                role="button"
                tabindex="0"
                aria-label=words
                aria-pressed=move || if pressed.get().chosen { "true" } else { "false" }
                width=NODE_WIDTH
                height=move || framed.with(|look| geometry::node_height(look.exits.len()))
                rx="8"
            ></rect>
            <g aria-hidden="true">{move || shown.with(body)}{marked}</g>
        </g>
    }
}

/// What stands in a note.
fn paper(look: &Look) -> AnyView {
    let height = geometry::note_rect(&Note {
        id: NodeId(0),
        x: 0,
        y: 0,
        text: look.title.clone(),
    })
    .height;
    let lines = (0..).zip(geometry::note_lines(&look.title)).map(|(line, words)| {
        view! { <text class="note-line" x=NOTE_PAD y=NOTE_PAD + NOTE_LINE * line + 14>{words}</text> }
    });
    view! {
        <rect class="note-frame" width=NOTE_WIDTH height=height rx="4"></rect>
        {lines.collect_view()}
    }
    .into_any()
}

/// A note of the drawing.
#[component]
pub fn NoteView(
    /// Which.
    id: NodeId,
    /// Its signals.
    item: Item,
) -> impl IntoView {
    let Item {
        place, look, state, ..
    } = item;
    let (shown, pressed) = (look.clone(), state.clone());
    view! {
        <g
            class=move || if state.get().chosen { "note node-chosen" } else { "note" }
            data-node=id.0
            role="button"
            tabindex="0"
            aria-label=move || look.with(|look| format!("Note: {}", look.title))
            aria-pressed=move || if pressed.get().chosen { "true" } else { "false" }
            transform=move || translate(place.get())
        >
            {move || shown.with(paper)}
        </g>
    }
}

/// An edge of the drawing.
#[component]
pub fn EdgeView(
    /// The canvas.
    stage: Stage,
    /// Which.
    edge: Edge,
    /// The signals of the node it comes from.
    from: Item,
    /// The signals of the node it goes to.
    to: Item,
) -> impl IntoView {
    let exit = usize::from(edge.exit);
    let lit = stage.scene.lit;
    let class = move || {
        let taken = lit.with(|path| path.edges.contains(&edge));
        match (stage.edge.get() == Some(edge), taken) {
            (true, _) => "edge edge-chosen",
            (false, true) => "edge edge-lit",
            (false, false) => "edge",
        }
    };
    let line = move || {
        let (at, end) = (from.place.get(), to.place.get());
        let many = from.look.with(|look| look.exits.len());
        let leaves = geometry::exit(many, exit).plus(at.x, at.y);
        let way = geometry::way(leaves, geometry::entry().plus(end.x, end.y));
        let left = from.marks.with(|marks| {
            let stats = marks.stats.as_ref()?;
            stats.left.get(exit).copied().filter(|many| *many > 0)
        });
        let count = left.map(|many| {
            view! { <text class="edge-count" transform=translate(way.label) y="4">{format::number(many)}</text> }
        });
        view! {
            <path class="edge-hit" d=way.path.clone()></path>
            <path class="edge-line" d=way.path></path>
            {count}
        }
        .into_any()
    };
    view! {
        <g class=class data-edge=format!("{}-{}-{}", edge.from, edge.exit, edge.to)>
            {line}
        </g>
    }
}

/// The connection that is being drawn.
#[component]
pub fn Draft(
    /// The canvas.
    stage: Stage,
) -> impl IntoView {
    let path = move || {
        let link = stage.link.get()?;
        let item = stage.item(link.from)?;
        let from = item.place.get();
        let many = item.look.with(|look| look.exits.len());
        let leaves = geometry::exit(many, usize::from(link.exit)).plus(from.x, from.y);
        let target = link.target.and_then(|id| stage.item(id));
        let to = match target {
            Some(target) => {
                let at = target.place.get();
                geometry::entry().plus(at.x, at.y)
            }
            None => link.at.unwrap_or(leaves.plus(24, 0)),
        };
        Some(geometry::way(leaves, to).path)
    };
    view! { {move || path().map(|path| view! { <path class="edge-draft" d=path></path> })} }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::NodeStats;

    #[test]
    fn a_node_tells_what_happened_at_it_and_nothing_else() {
        let stats = |stats: NodeStats| Marks {
            stats: Some(stats),
            ..Marks::default()
        };
        let waiting = NodeStats {
            entered: 1_204,
            inside: 12,
            ..NodeStats::default()
        };
        let armed = NodeStats {
            armed: Some(4_812),
            ..NodeStats::default()
        };
        for (marks, words) in [
            (Marks::default(), ""),
            (stats(NodeStats::default()), ""),
            (stats(waiting), "Entered 1,204 · Inside 12"),
            (stats(armed), "Armed 4,812"),
        ] {
            assert_eq!(told(&marks), words);
        }
    }

    #[test]
    fn a_node_is_read_out_by_its_name_and_what_it_is() {
        let look = |title: &str, summary: &str| Look {
            title: title.to_owned(),
            kind: "On purchase",
            group: NodeGroup::Trigger,
            summary: summary.to_owned(),
            exits: Vec::new(),
        };
        for (title, summary, words) in [
            ("On purchase", "", "On purchase, trigger"),
            (
                "On purchase",
                "Brand is Volta",
                "On purchase, trigger: Brand is Volta",
            ),
            ("Buyers", "", "Buyers, On purchase, trigger"),
        ] {
            assert_eq!(look(title, summary).words(), words);
        }
    }
}
