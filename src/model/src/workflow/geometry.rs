//! Geometry of the canvas: sizes, ports, the way of an edge, snapping, and what a rectangle holds.

use super::graph::{Edge, Graph, Node, Note};
use crate::ids::NodeId;

/// Nodes and notes stand on a grid of so many pixels.
pub const GRID: i32 = 16;
/// The width of a node.
pub const NODE_WIDTH: i32 = 224;
/// The height of a node's head, which is all of it where it has one exit or none.
pub const NODE_HEAD: i32 = 64;
/// The height of each exit's row, where there are several.
pub const EXIT_ROW: i32 = 24;
/// The width of a note.
pub const NOTE_WIDTH: i32 = 224;
/// The height of a line of a note.
pub const NOTE_LINE: i32 = 20;
/// The room around a note's text.
pub const NOTE_PAD: i32 = 12;
/// So many characters fit in a line of a note.
const NOTE_COLUMNS: usize = 28;
/// A note is at least so many lines high.
const NOTE_LINES: usize = 2;

/// A place on the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

impl Point {
    /// The place that is so much further to the right and down.
    pub fn plus(self, x: i32, y: i32) -> Point {
        Point {
            x: self.x.saturating_add(x),
            y: self.y.saturating_add(y),
        }
    }

    /// The place on the grid that is nearest.
    pub fn snapped(self) -> Point {
        Point {
            x: snap(self.x),
            y: snap(self.y),
        }
    }
}

/// A rectangle of the canvas; its right and lower edges don't belong to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// The left edge.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// The width.
    pub width: i32,
    /// The height.
    pub height: i32,
}

impl Rect {
    /// The rectangle between two corners.
    pub fn between(one: Point, other: Point) -> Rect {
        Rect {
            x: one.x.min(other.x),
            y: one.y.min(other.y),
            width: one.x.saturating_sub(other.x).saturating_abs(),
            height: one.y.saturating_sub(other.y).saturating_abs(),
        }
    }

    /// The right edge.
    pub fn right(self) -> i32 {
        self.x.saturating_add(self.width)
    }

    /// The lower edge.
    pub fn bottom(self) -> i32 {
        self.y.saturating_add(self.height)
    }

    /// Whether a place is in it.
    pub fn holds(self, at: Point) -> bool {
        (self.x..self.right()).contains(&at.x) && (self.y..self.bottom()).contains(&at.y)
    }

    /// Whether it has a place in common with another.
    pub fn meets(self, other: Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// The smallest rectangle around both.
    pub fn join(self, other: Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Rect {
            x,
            y,
            width: self.right().max(other.right()).saturating_sub(x),
            height: self.bottom().max(other.bottom()).saturating_sub(y),
        }
    }

    /// The rectangle with a margin around it.
    pub fn grown(self, by: i32) -> Rect {
        Rect {
            x: self.x.saturating_sub(by),
            y: self.y.saturating_sub(by),
            width: self.width.saturating_add(2 * by),
            height: self.height.saturating_add(2 * by),
        }
    }
}

/// The nearest line of the grid.
pub fn snap(length: i32) -> i32 {
    length.saturating_add(GRID / 2).div_euclid(GRID) * GRID
}

/// The height of a node with so many exits.
pub fn node_height(exits: usize) -> i32 {
    let rows = if exits > 1 { exits } else { 0 };
    NODE_HEAD + EXIT_ROW * i32::try_from(rows).unwrap_or(0)
}

/// Where a node with so many exits stands.
pub fn node_box(at: Point, exits: usize) -> Rect {
    Rect {
        x: at.x,
        y: at.y,
        width: NODE_WIDTH,
        height: node_height(exits),
    }
}

/// Where a node of a graph stands.
pub fn node_rect(node: &Node) -> Rect {
    node_box(Point { x: node.x, y: node.y }, node.kind.exits().len())
}

/// Where edges enter a node, seen from its left top.
pub fn entry() -> Point {
    Point {
        x: 0,
        y: NODE_HEAD / 2,
    }
}

/// Where the edge of an exit leaves a node with so many exits, seen from its left top.
pub fn exit(exits: usize, exit: usize) -> Point {
    let row = i32::try_from(exit).unwrap_or(0);
    Point {
        x: NODE_WIDTH,
        y: if exits > 1 {
            NODE_HEAD + EXIT_ROW * row + EXIT_ROW / 2
        } else {
            NODE_HEAD / 2
        },
    }
}

/// The way of an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The curve, as the text of an SVG path.
    pub path: String,
    /// Where its label goes.
    pub label: Point,
}

/// The way from an exit to an entry: a curve that leaves and arrives level, with a tip.
pub fn way(from: Point, to: Point) -> Way {
    let across = to.x.saturating_sub(from.x);
    // A way back swings out further, so that it is seen beside the nodes it goes around.
    let swing = if across >= 0 {
        (across / 2).max(40)
    } else {
        across.saturating_neg() / 4 + 80
    };
    let (out, back) = (from.x.saturating_add(swing), to.x.saturating_sub(swing));
    let path = format!(
        "M{} {}C{out} {} {back} {} {} {}m-7 -4l7 4l-7 4",
        from.x, from.y, from.y, to.y, to.x, to.y
    );
    // The middle of the curve; where it leaves and arrives level, that is the middle of its height, too.
    let middle = (i64::from(from.x) + 3 * (i64::from(out) + i64::from(back)) + i64::from(to.x)) / 8;
    let height = (i64::from(from.y) + i64::from(to.y)) / 2;
    let label = Point {
        x: i32::try_from(middle).unwrap_or(from.x),
        y: i32::try_from(height).unwrap_or(from.y),
    };
    Way { path, label }
}

/// The way of an edge of a graph; none where one of its nodes is not there.
pub fn edge_way(graph: &Graph, edge: Edge) -> Option<Way> {
    let (from, to) = (graph.node(edge.from)?, graph.node(edge.to)?);
    let leaves = exit(from.kind.exits().len(), usize::from(edge.exit));
    let enters = entry();
    Some(way(leaves.plus(from.x, from.y), enters.plus(to.x, to.y)))
}

/// The lines of a note: words that fit in a line stay whole.
pub fn note_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let together = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && together > NOTE_COLUMNS {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            for letter in word.chars() {
                if line.chars().count() == NOTE_COLUMNS {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(letter);
            }
        }
        lines.push(line);
    }
    lines
}

/// Where a note stands.
pub fn note_rect(note: &Note) -> Rect {
    let lines = note_lines(&note.text).len().max(NOTE_LINES);
    Rect {
        x: note.x,
        y: note.y,
        width: NOTE_WIDTH,
        height: NOTE_LINE * i32::try_from(lines).unwrap_or(0) + 2 * NOTE_PAD,
    }
}

/// Nodes and notes with where they stand, in the order in which they are drawn: notes lie below.
fn rects(graph: &Graph) -> impl DoubleEndedIterator<Item = (NodeId, Rect)> + '_ {
    let notes = graph.notes.iter().map(|note| (note.id, note_rect(note)));
    let nodes = graph.nodes.iter().map(|node| (node.id, node_rect(node)));
    notes.chain(nodes)
}

/// The smallest rectangle around everything; none of an empty graph.
pub fn bounds(graph: &Graph) -> Option<Rect> {
    rects(graph).map(|(_, rect)| rect).reduce(Rect::join)
}

/// The node or note that is seen at a place.
pub fn hit(graph: &Graph, at: Point) -> Option<NodeId> {
    let mut seen = rects(graph).rev();
    seen.find(|(_, rect)| rect.holds(at)).map(|(id, _)| id)
}

/// The nodes and notes that a rectangle holds, wholly or in part.
pub fn within(graph: &Graph, area: Rect) -> Vec<NodeId> {
    let held = rects(graph).filter(|(_, rect)| rect.meets(area));
    held.map(|(id, _)| id).collect()
}

/// A place for a new node or note of so many pixels: the wished one on the grid, or the next below it that is free.
pub fn free(graph: &Graph, wish: Point, size: (i32, i32)) -> Point {
    let mut at = wish.snapped();
    let taken: Vec<Rect> = rects(graph).map(|(_, rect)| rect.grown(GRID)).collect();
    loop {
        let here = Rect {
            x: at.x,
            y: at.y,
            width: size.0,
            height: size.1,
        };
        let below = taken
            .iter()
            .filter(|rect| rect.meets(here))
            .map(|rect| rect.bottom());
        match below.max() {
            Some(below) => at.y = snap(below.saturating_add(GRID / 2)).max(at.y.saturating_add(GRID)),
            None => return at,
        }
    }
}
