//! The canvas as a handle: what shows, what is chosen, and what can be done with it.

use super::scene::{Item, Scene};
use super::{clipboard, is_below};
use crate::ui::reactive::{effect, memo};
use crate::workflows::editor::Editor;
use leptos::html;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::edit;
use model::workflow::geometry::{self, GRID, NODE_WIDTH, NOTE_WIDTH, Point, Rect};
use model::workflow::view::{Spot, View};
use model::workflow::{Edge, Graph, GraphChange, Node, NodeKind, Note, layout};

/// A connection that is being drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// From which node.
    pub from: NodeId,
    /// From which of its exits.
    pub exit: u8,
    /// Where its end is; none where the pointer has not been on the canvas since.
    pub at: Option<Point>,
    /// The node it may end at.
    pub target: Option<NodeId>,
}

/// The room between the outermost things and the edge of what shows, after *Fit*.
const MARGIN: i32 = 48;

/// A window of fewer pixels has little room for the canvas; so do the style sheets have it (75rem).
const ROOMY: f64 = 1_200.0;

/// In such a window *Fit* makes nothing smaller.
const SMALL: f64 = 0.5;

/// At a smaller zoom the words of a node are specks a few pixels high.
const READABLE: f64 = 0.25;

/// The canvas; copied freely.
#[derive(Clone, Copy)]
pub struct Stage {
    /// The graph and what is chosen of it.
    pub editor: Editor,
    /// What is drawn.
    pub scene: Scene,
    /// The box in which it shows.
    pub host: NodeRef<html::Div>,
    /// The size of that box.
    pub size: RwSignal<(f64, f64)>,
    /// Which part shows.
    pub view: RwSignal<View>,
    /// Whether the view is being moved.
    pub moving: RwSignal<bool>,
    /// The chosen edge.
    pub edge: RwSignal<Option<Edge>>,
    /// The connection that is being drawn.
    pub link: RwSignal<Option<Link>>,
    /// The rectangle that is being drawn around what is to be chosen.
    pub marquee: RwSignal<Option<Rect>>,
    /// The note whose text is being written.
    pub writing: RwSignal<Option<NodeId>>,
    /// The view that *Fit* made last; none before the first time.
    fitted: StoredValue<Option<View>>,
    /// The number of the next series of changes.
    series: StoredValue<u32>,
}

impl Stage {
    /// A canvas of what is drawn.
    pub fn new(editor: Editor, scene: Scene) -> Stage {
        let link = RwSignal::new(None::<Link>);
        let target = memo(move |_| link.with(|link| link.and_then(|link| link.target)));
        effect(move || scene.aim(target.get()));
        Stage {
            editor,
            scene,
            host: NodeRef::new(),
            size: RwSignal::new((0.0, 0.0)),
            view: RwSignal::new(View::default()),
            moving: RwSignal::new(false),
            edge: RwSignal::new(None),
            link,
            marquee: RwSignal::new(None),
            writing: RwSignal::new(None),
            fitted: StoredValue::new(None),
            series: StoredValue::new(1),
        }
    }

    /// The graph as it is now.
    pub fn graph<T>(self, look: impl FnOnce(&Graph) -> T) -> T {
        self.editor.graph.with_untracked(look)
    }

    /// The signals of a node or note.
    pub fn item(self, id: NodeId) -> Option<Item> {
        self.scene.item(id)
    }

    /// Looks at the box again: shows all of the graph the first time, and again as long as nobody looked elsewhere; and
    /// what is chosen after that.
    pub fn measure(self) {
        let Some(host) = self.host.try_get_untracked().flatten() else {
            return;
        };
        let size = (f64::from(host.client_width()), f64::from(host.client_height()));
        if size == self.size.get_untracked() || size.0 < 1.0 {
            return;
        }
        self.size.set(size);
        let fitted = self.fitted.get_value();
        if fitted.is_none_or(|fitted| fitted == self.view.get_untracked()) {
            self.fit();
        }
        if fitted.is_some()
            && let [one] = self.editor.selection.get_untracked().as_slice()
        {
            self.reveal(&[*one]);
        }
    }

    /// Shows all of the graph; in a window of little room what can still be read of it, about its Start.
    pub fn fit(self) {
        let (width, height) = self.size.get_untracked();
        let Some(bounds) = self.graph(geometry::bounds) else {
            return;
        };
        let all = View::fit(bounds.grown(MARGIN), width, height);
        let start = self.graph(|graph| graph.start().map(geometry::node_rect));
        let view = match is_below(ROOMY) && all.zoom < SMALL {
            true => View::centred(start.unwrap_or(bounds), SMALL, width, height),
            false => all,
        };
        self.fitted.set_value(Some(view));
        self.view.set(view);
    }

    /// How many pixels of the box lie under the settings of a node, on its right.
    pub fn covered(self) -> f64 {
        let rect = |element: web_sys::Element| element.get_bounding_client_rect();
        let sheet = document()
            .query_selector(".workflow-sheet")
            .ok()
            .flatten()
            .map(rect);
        let host = self.host.try_get_untracked().flatten();
        let Some((host, sheet)) = host.map(|host| host.get_bounding_client_rect()).zip(sheet) else {
            return 0.0;
        };
        // In a narrow window it lies over the whole width, and nothing can be brought out beside it.
        let beside = sheet.left() > host.left();
        if beside {
            (host.right() - sheet.left()).max(0.0)
        } else {
            0.0
        }
    }

    /// Whether words would be too small to read; also while nobody knows yet how large they will be.
    pub fn is_far(self) -> bool {
        self.size.with(|(width, _)| *width < 1.0) || self.view.with(|view| view.zoom < READABLE)
    }

    /// Makes everything larger by a factor about a place of the screen, or about the middle.
    pub fn zoom(self, about: Option<Spot>, factor: f64) {
        let (width, height) = self.size.get_untracked();
        let middle = Spot {
            x: width / 2.0,
            y: height / 2.0,
        };
        self.view
            .update(|view| *view = view.zoomed(about.unwrap_or(middle), factor));
    }

    /// Moves the view as far as it takes to see these nodes and notes.
    pub fn reveal(self, ids: &[NodeId]) {
        let area = self.graph(|graph| geometry::bounds(&edit::piece(graph, ids)));
        let (width, height) = self.size.get_untracked();
        if let Some(area) = area.filter(|_| width > 0.0) {
            let free = width - self.covered();
            let seen = self
                .view
                .get_untracked()
                .revealing(area.grown(GRID), free, height);
            if seen != self.view.get_untracked() {
                self.view.set(seen);
            }
        }
    }

    /// The place of the canvas in the middle of what shows.
    pub fn middle(self) -> Point {
        let (width, height) = self.size.get_untracked();
        let middle = Spot {
            x: width / 2.0,
            y: height / 2.0,
        };
        self.view.get_untracked().point_from_screen(middle)
    }

    /// Chooses these nodes and notes, and no edge.
    pub fn choose(self, ids: Vec<NodeId>) {
        self.edge.set(None);
        if self.editor.selection.with_untracked(|now| *now != ids) {
            self.editor.selection.set(ids);
        }
    }

    /// Chooses a node besides the others, or no longer.
    pub fn toggle(self, id: NodeId) {
        let mut ids = self.editor.selection.get_untracked();
        match ids.iter().position(|one| *one == id) {
            Some(at) => {
                ids.remove(at);
            }
            None => ids.push(id),
        }
        self.choose(ids);
    }

    /// Chooses everything.
    pub fn choose_all(self) {
        let ids = self.graph(|graph| {
            let nodes = graph.nodes.iter().map(|node| node.id);
            nodes.chain(graph.notes.iter().map(|note| note.id)).collect()
        });
        self.choose(ids);
    }

    /// Whether nodes and connections may be added and removed.
    pub fn may_build(self) -> bool {
        !self.editor.locked.get_untracked() && !self.editor.fixed.get_untracked()
    }

    /// Whether nodes and notes may be moved.
    pub fn may_move(self) -> bool {
        !self.editor.locked.get_untracked()
    }

    /// A number that no series of changes has had.
    pub fn new_series(self) -> u32 {
        let series = self.series.get_value();
        self.series.set_value(series.wrapping_add(1));
        series
    }

    /// Adds a node at a place of the canvas, and chooses it.
    pub fn add_at(self, kind: NodeKind, at: Point) {
        if !self.may_build() {
            return;
        }
        let at = at.snapped();
        let id = self.graph(Graph::next_id);
        let node = Node {
            id,
            x: at.x,
            y: at.y,
            name: String::new(),
            kind,
        };
        self.editor.change(vec![GraphChange::AddNode(node)]);
        self.choose(vec![id]);
        self.reveal(&[id]);
    }

    /// Adds a node beside the chosen one, connected with its first exit that leads nowhere; without a chosen one, in the
    /// middle of what shows.
    pub fn add(self, kind: NodeKind) {
        let chosen = self.editor.selection.get_untracked();
        let height = geometry::node_height(kind.exits().len());
        let start = matches!(kind, NodeKind::Start(_));
        let middle = self.middle().plus(-NODE_WIDTH / 2, -height / 2);
        let (open, at) = self.graph(|graph| {
            let beside = match chosen.as_slice() {
                [one] => graph.node(*one),
                _ => None,
            };
            let open = beside.filter(|_| !start).and_then(|node| {
                let exits = u8::try_from(node.kind.exits().len()).unwrap_or(u8::MAX);
                let open = |exit: &u8| graph.targets(node.id, *exit).next().is_none();
                (0..exits).find(open).map(|exit| (node.id, exit))
            });
            let wish = beside.map_or(middle, |node| {
                let rect = geometry::node_rect(node);
                Point {
                    x: rect.right(),
                    y: rect.y,
                }
                .plus(6 * GRID, 0)
            });
            (open, geometry::free(graph, wish, (NODE_WIDTH, height)))
        });
        match open {
            Some((from, exit)) => self.add_after(from, exit, kind),
            None => self.add_at(kind, at),
        }
    }

    /// Adds a node where an exit leads.
    pub fn add_after(self, from: NodeId, exit: u8, kind: NodeKind) {
        if !self.may_build() {
            return;
        }
        let (changes, id) = self.graph(|graph| edit::add_after(graph, from, exit, kind));
        self.editor.change(changes);
        self.choose(vec![id]);
        self.reveal(&[id]);
    }

    /// Adds a note in the middle of what shows, and asks for its text.
    pub fn add_note(self) {
        if !self.may_move() {
            return;
        }
        let wish = self.middle().plus(-NOTE_WIDTH / 2, -GRID * 2);
        let at = self.graph(|graph| geometry::free(graph, wish, (NOTE_WIDTH, GRID * 4)));
        let id = self.graph(Graph::next_id);
        let text = String::new();
        self.editor.change(vec![GraphChange::Note(Note {
            id,
            x: at.x,
            y: at.y,
            text,
        })]);
        self.choose(vec![id]);
        self.writing.set(Some(id));
    }

    /// Connects what is being drawn with a node, where that may be; it is not being drawn any longer.
    pub fn connect(self, to: Option<NodeId>) {
        let Some(link) = self.link.get_untracked() else {
            return;
        };
        self.link.set(None);
        if let Some(to) = to {
            let edge = Edge {
                from: link.from,
                exit: link.exit,
                to,
            };
            self.editor.change(vec![GraphChange::Connect(edge)]);
        }
    }

    /// Begins a connection from a node without a pointer; once more takes its next exit.
    pub fn begin_link(self, from: NodeId) {
        let exits = self.graph(|graph| graph.node(from).map_or(0, |node| node.kind.exits().len()));
        let Some(last) = u8::try_from(exits).ok().and_then(|exits| exits.checked_sub(1)) else {
            return;
        };
        if self.may_build() {
            let exit = match self.link.get_untracked() {
                Some(link) if link.from == from && link.exit < last => link.exit + 1,
                _ => 0,
            };
            let (at, target) = (None, None);
            self.link.set(Some(Link {
                from,
                exit,
                at,
                target,
            }));
        }
    }

    /// Takes the chosen edge, or the chosen nodes and notes, away.
    pub fn remove(self) {
        let edge = self.edge.get_untracked();
        let edge = edge.filter(|edge| self.graph(|graph| graph.edges.contains(edge)));
        let changes = match edge {
            Some(edge) => vec![GraphChange::Disconnect(edge)],
            None => {
                let ids = self.editor.selection.get_untracked();
                self.graph(|graph| edit::removal(graph, &ids))
            }
        };
        self.editor.change(changes);
        self.edge.set(None);
        self.editor.forget_gone();
    }

    /// Moves what is chosen by pixels; moves that follow each other are undone as one.
    pub fn nudge(self, ids: &[NodeId], by: (i32, i32), series: u32) {
        let changes = self.graph(|graph| edit::moves(graph, ids, by));
        self.editor.change_series(changes, Some(series));
        self.reveal(ids);
    }

    /// Remembers what is chosen.
    pub fn copy(self) {
        let ids = self.editor.selection.get_untracked();
        clipboard::put(self.graph(|graph| edit::piece(graph, &ids)));
    }

    /// Puts what is remembered beside where it was, or, where that does not show, into the middle; and chooses it.
    pub fn paste(self) {
        if let Some((piece, times)) = clipboard::take() {
            self.put(&piece, times.saturating_mul(2 * GRID));
        }
    }

    /// The same with what is chosen, and what is remembered stays.
    pub fn duplicate(self) {
        let ids = self.editor.selection.get_untracked();
        let piece = self.graph(|graph| edit::piece(graph, &ids));
        self.put(&piece, 2 * GRID);
    }

    fn put(self, piece: &Graph, beside: i32) {
        let Some(area) = geometry::bounds(piece).filter(|_| self.may_build()) else {
            return;
        };
        let (width, height) = self.size.get_untracked();
        let shown = self.view.get_untracked().shown(width, height);
        let moved = Rect {
            x: area.x.saturating_add(beside),
            y: area.y.saturating_add(beside),
            ..area
        };
        let middle = self.middle();
        let by = match shown.meets(moved) || width < 1.0 {
            true => (beside, beside),
            false => (
                geometry::snap(middle.x.saturating_sub(area.x).saturating_sub(area.width / 2)),
                geometry::snap(middle.y.saturating_sub(area.y).saturating_sub(area.height / 2)),
            ),
        };
        let (changes, ids) = self.graph(|graph| edit::paste(graph, piece, by));
        self.editor.change(changes);
        self.choose(ids);
    }

    /// Puts every node into its place, and shows all.
    pub fn tidy(self) {
        let moves = self.graph(layout::tidy);
        self.editor.change(moves);
        self.fit();
    }
}
