//! One node, one note and one edge of the drawing.

use super::scene::{Item, Look, Marks};
use super::stage::Stage;
use super::summary;
use super::text::fit;
use crate::ui::format;
use crate::ui::reactive::memo;
use crate::workflows::trace::Way;
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

/// The frame of a node.
fn frame(look: &Look) -> AnyView {
    let height = geometry::node_height(look.exits.len());
    let stripe = match look.group {
        NodeGroup::Start => "node-stripe node-start",
        NodeGroup::Trigger => "node-stripe node-trigger",
        NodeGroup::Condition => "node-stripe node-condition",
        NodeGroup::Action => "node-stripe node-action",
    };
    view! {
        <rect class="node-frame" width=NODE_WIDTH height=height rx="8"></rect>
        <path class=stripe d=format!("M8 12v{}", height - 24)></path>
    }
    .into_any()
}

/// What is written on a node's head: beside the button that it looks like, whose name says the same in one sentence.
fn head(look: &Look) -> AnyView {
    let below = match (look.title == look.kind, look.summary.is_empty()) {
        (true, true) => summary::sort(look.group).to_owned(),
        (true, false) => look.summary.clone(),
        (false, true) => look.kind.to_owned(),
        (false, false) => format!("{} · {}", look.kind, look.summary),
    };
    view! {
        <text class="node-name" x="20" y="28">{fit(&look.title, LINE, 14)}</text>
        <text class="node-line" x="20" y="48">{fit(&below, LINE, 12)}</text>
    }
    .into_any()
}

/// The exits of a node, each with the port that an edge is drawn from.
fn exits(look: &Look) -> AnyView {
    let many = look.exits.len();
    let port = |(number, name): (usize, &String)| {
        let at = geometry::exit(many, number);
        let named = many > 1;
        view! {
            {named.then(|| view! {
                <path class="node-rule" d=format!("M16 {}H{}", at.y - EXIT_ROW / 2, NODE_WIDTH - 16)></path>
                <text class="node-exit" x=NODE_WIDTH - 16 y=at.y + 4>{fit(name, LINE, 12)}</text>
            })}
            <g class="port" data-port=number transform=translate(at)>
                <circle class="port-hit" r="12"></circle>
                <circle class="port-dot" r="5"></circle>
            </g>
        }
    };
    look.exits.iter().enumerate().map(port).collect_view().into_any()
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

/// A node of the drawing.
#[component]
pub fn NodeView(
    /// The canvas.
    stage: Stage,
    /// Which.
    id: NodeId,
    /// Its signals.
    item: Item,
) -> impl IntoView {
    let Item {
        place,
        look,
        marks: marked,
        chosen,
        ..
    } = item;
    let target = memo(move |_| {
        stage
            .link
            .with(|link| link.is_some_and(|link| link.target == Some(id)))
    });
    let class = {
        let (chosen, marked) = (chosen.clone(), marked.clone());
        move || {
            let mut class = "node".to_owned();
            for (on, name) in [
                (chosen.get(), " node-chosen"),
                (marked.with(|marks| marks.lit), " node-lit"),
                (target.get(), " node-target"),
            ] {
                class.push_str(if on { name } else { "" });
            }
            class
        }
    };
    let words = {
        let (look, marked) = (look.clone(), marked.clone());
        move || {
            let fault = marked.with(|marks| marks.fault.clone());
            let fault = fault.map(|(what, _)| format!("; {what}")).unwrap_or_default();
            format!("{}{fault}", look.with(Look::words))
        }
    };
    let (framed, written, titled) = (look.clone(), look.clone(), look.clone());
    let ports = look.clone();
    let marked = move || {
        let height = look.with(|look| geometry::node_height(look.exits.len()));
        marked.with(|marked| marks(marked, height))
    };
    view! {
        <g class=class data-node=id.0 transform=move || translate(place.get())>
            <g
                class="node-body"
                role="button"
                tabindex="0"
                aria-label=words
                aria-pressed=move || chosen.get().to_string()
            >
                <title>{move || titled.with(Look::words)}</title>
                {move || framed.with(frame)}
            </g>
            <g class="node-written" aria-hidden="true">{move || written.with(head)}</g>
            {move || ports.with(exits)}
            {marked}
        </g>
    }
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
        place, look, chosen, ..
    } = item;
    let label = {
        let look = look.clone();
        move || look.with(|look| format!("Note: {}", look.title))
    };
    let shown = move || {
        let text = look.with(|look| look.title.clone());
        let height = geometry::note_rect(&Note {
            id,
            x: 0,
            y: 0,
            text: text.clone(),
        })
        .height;
        let lines = (0..).zip(geometry::note_lines(&text)).map(|(line, words)| {
            view! { <text class="note-line" x=NOTE_PAD y=NOTE_PAD + NOTE_LINE * line + 14>{words}</text> }
        });
        view! {
            <rect class="note-frame" width=NOTE_WIDTH height=height rx="4"></rect>
            {lines.collect_view()}
        }
        .into_any()
    };
    let pressed = chosen.clone();
    view! {
        <g
            class=move || if chosen.get() { "note node-chosen" } else { "note" }
            data-node=id.0
            transform=move || translate(place.get())
        >
            <g
                class="node-body"
                role="button"
                tabindex="0"
                aria-label=label
                aria-pressed=move || pressed.get().to_string()
            >
                {shown}
            </g>
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
    /// Where a contact passed.
    path: Signal<Way>,
) -> impl IntoView {
    let exit = usize::from(edge.exit);
    let (place, look, left) = (from.place, from.look, from.marks);
    let many = memo(move |_| look.with(|look| look.exits.len()));
    let way = memo(move |_| {
        let (from, to) = (place.get(), to.place.get());
        let leaves = geometry::exit(many.get(), exit).plus(from.x, from.y);
        let way = geometry::way(leaves, geometry::entry().plus(to.x, to.y));
        (way.path, way.label)
    });
    let count = move || {
        left.with(|marks| {
            let stats = marks.stats.as_ref()?;
            stats.left.get(exit).copied().filter(|many| *many > 0)
        })
    };
    let class = move || {
        let taken = path.with(|path| path.edges.contains(&edge));
        match (stage.edge.get() == Some(edge), taken) {
            (true, _) => "edge edge-chosen",
            (false, true) => "edge edge-lit",
            (false, false) => "edge",
        }
    };
    let label = move || {
        count().map(|many| {
            let at = move || translate(way.with(|(_, label)| *label));
            view! { <text class="edge-count" transform=at y="4">{format::number(many)}</text> }
        })
    };
    view! {
        <g class=class data-edge=format!("{}-{}-{}", edge.from, edge.exit, edge.to)>
            <path class="edge-hit" d=move || way.with(|(path, _)| path.clone())></path>
            <path class="edge-line" d=move || way.with(|(path, _)| path.clone())></path>
            {label}
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
