//! What is drawn, thing by thing: each node and note has signals of its own, so that what changes is drawn anew and
//! nothing else. A drag sets the places of what is dragged, and only its edges follow.

use super::summary;
use crate::state::App;
use crate::ui::reactive::{effect, memo};
use crate::workflows::editor::Editor;
use crate::workflows::trace::Way;
use leptos::prelude::*;
use litemap::LiteMap;
use model::NodeId;
use model::workflow::geometry::Point;
use model::workflow::{Edge, Fault, Graph, Node, NodeGroup, NodeKind, NodeStats};
use std::sync::Arc;

/// How a node is called: by its own name, or by what it is.
pub fn called(node: &Node) -> &str {
    match node.name.trim() {
        "" => node.kind.label(),
        name => name,
    }
}

/// What a node shows of its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its own name, or what it is; of a note its text.
    pub title: String,
    /// What it is, as the palette has it.
    pub kind: &'static str,
    /// Its group of the palette.
    pub group: NodeGroup,
    /// Its settings in a few words.
    pub summary: String,
    /// The names of its exits.
    pub exits: Vec<String>,
}

impl Look {
    fn of(node: &Node, app: App) -> Look {
        Look {
            title: called(node).to_owned(),
            kind: node.kind.label(),
            group: node.kind.group(),
            summary: app
                .overview
                .with_untracked(|overview| summary::summary(&node.kind, overview)),
            exits: node.kind.exits(),
        }
    }

    fn of_note(text: &str) -> Look {
        Look {
            title: text.to_owned(),
            kind: "Note",
            group: NodeGroup::Action,
            summary: String::new(),
            exits: Vec::new(),
        }
    }

    /// Its name for those who don't see it: “On purchase, trigger”.
    pub fn words(&self) -> String {
        let sort = summary::sort(self.group);
        let kind = match self.title == self.kind {
            true => String::new(),
            false => format!("{}, ", self.kind),
        };
        let summary = match self.summary.is_empty() {
            true => String::new(),
            false => format!(": {}", self.summary),
        };
        format!("{}, {kind}{sort}{summary}", self.title)
    }
}

/// What a node shows besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// What happened at it.
    pub stats: Option<NodeStats>,
    /// What is wrong with it, and whether that keeps the workflow from being activated.
    pub fault: Option<(String, bool)>,
}

/// How a node or note stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Whether it is chosen.
    pub chosen: bool,
    /// Whether a contact passed it.
    pub lit: bool,
    /// Whether the connection that is being drawn would end at it.
    pub target: bool,
}

/// The signals of one node or note.
#[derive(Clone)]
pub struct Item {
    /// Its left top, also while it is dragged.
    pub place: ArcRwSignal<Point>,
    /// What it shows of its settings.
    pub look: ArcRwSignal<Look>,
    /// What it shows besides.
    pub marks: ArcRwSignal<Marks>,
    /// How it stands out.
    pub state: ArcRwSignal<State>,
    /// What its look was made from; a note has none.
    from: Option<Arc<(String, NodeKind)>>,
}

/// Everything that is drawn.
#[derive(Clone, Copy)]
pub struct Scene {
    items: StoredValue<LiteMap<NodeId, Item>, LocalStorage>,
    /// The nodes, in the order of the graph.
    pub nodes: RwSignal<Vec<NodeId>>,
    /// The notes.
    pub notes: RwSignal<Vec<NodeId>>,
    /// The edges.
    pub edges: RwSignal<Vec<Edge>>,
    /// Where a contact passed; it lights up.
    pub lit: Memo<Way>,
}

/// Sets a signal where that changes something.
fn put<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}

/// The same for a signal of the page.
fn put_list<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<Vec<T>>, value: Vec<T>) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}

impl Scene {
    /// Draws a graph, and follows it from now on.
    pub fn new(
        app: App,
        editor: Editor,
        stats: Signal<Vec<NodeStats>>,
        faults: Signal<Vec<Fault>>,
        path: Signal<Way>,
    ) -> Scene {
        let scene = Scene {
            items: StoredValue::new_local(LiteMap::new()),
            nodes: RwSignal::new(Vec::new()),
            notes: RwSignal::new(Vec::new()),
            edges: RwSignal::new(Vec::new()),
            lit: memo(move |_| path.get()),
        };
        // Of the overview only names matter here; its counts change with every event.
        let names = memo(move |_| {
            app.overview.with(|overview| {
                let segments = overview.segments.iter();
                let segments: Vec<_> = segments
                    .map(|segment| (segment.def.id, segment.def.name.clone()))
                    .collect();
                let fields: Vec<_> = overview.fields.iter().map(|field| field.def.clone()).collect();
                (segments, fields, overview.settings.time_zone.clone())
            })
        });
        let seen = StoredValue::new(None);
        let follow = move || {
            let now = names.get();
            let renamed = seen.with_value(|seen| seen.as_ref() != Some(&now));
            if renamed {
                seen.set_value(Some(now));
            }
            editor.graph.with(|graph| scene.show(graph, app, renamed));
        };
        // At once, so that what is drawn first is drawn whole; the effect follows.
        untrack(follow);
        effect(follow);
        effect(move || {
            scene.nodes.track();
            scene.notes.track();
            editor.selection.with(|chosen| scene.choose(chosen));
        });
        effect(move || {
            scene.nodes.track();
            scene.lit.with(|path| scene.light(path));
        });
        effect(move || {
            scene.nodes.track();
            stats.with(|stats| faults.with(|faults| scene.mark(stats, faults)));
        });
        scene
    }

    /// The signals of a node or note.
    pub fn item(self, id: NodeId) -> Option<Item> {
        self.items.with_value(|items| items.get(&id).cloned())
    }

    /// Moves a node or note for as long as it is dragged.
    pub fn put(self, id: NodeId, at: Point) {
        self.items.with_value(|items| {
            if let Some(item) = items.get(&id) {
                put(&item.place, at);
            }
        });
    }

    fn show(self, graph: &Graph, app: App, renamed: bool) {
        self.items.update_value(|items| {
            let mut next = LiteMap::with_capacity(items.len());
            for node in &graph.nodes {
                let at = Point { x: node.x, y: node.y };
                let known = items.get(&node.id).cloned();
                let same = known.as_ref().is_some_and(|item| {
                    let from = item.from.as_deref();
                    !renamed && from.is_some_and(|(name, kind)| *name == node.name && *kind == node.kind)
                });
                let item = match known {
                    Some(item) if same => {
                        put(&item.place, at);
                        item
                    }
                    known => {
                        let from = Some(Arc::new((node.name.clone(), node.kind.clone())));
                        shown(known, at, Look::of(node, app), from)
                    }
                };
                next.insert(node.id, item);
            }
            for note in &graph.notes {
                let at = Point { x: note.x, y: note.y };
                let known = items.get(&note.id).cloned();
                next.insert(note.id, shown(known, at, Look::of_note(&note.text), None));
            }
            *items = next;
        });
        // Only now: what is new in these lists looks its item up.
        put_list(self.nodes, graph.nodes.iter().map(|node| node.id).collect());
        put_list(self.notes, graph.notes.iter().map(|note| note.id).collect());
        put_list(self.edges, graph.edges.clone());
    }

    /// Shows these as chosen, also while a rectangle is drawn around them.
    pub fn choose(self, chosen: &[NodeId]) {
        self.stand(|id, state| State {
            chosen: chosen.contains(&id),
            ..state
        });
    }

    /// Shows which node a connection that is being drawn would end at.
    pub fn aim(self, target: Option<NodeId>) {
        self.stand(|id, state| State {
            target: target == Some(id),
            ..state
        });
    }

    fn light(self, path: &Way) {
        self.stand(|id, state| State {
            lit: path.nodes.contains(&id),
            ..state
        });
    }

    /// Tells each node and note how it stands out, if that changes.
    fn stand(self, now: impl Fn(NodeId, State) -> State) {
        self.items.with_value(|items| {
            for (id, item) in items.iter() {
                let before = item.state.get_untracked();
                put(&item.state, now(*id, before));
            }
        });
    }

    fn mark(self, stats: &[NodeStats], faults: &[Fault]) {
        self.items.with_value(|items| {
            for (id, item) in items.iter() {
                let mut mine = faults.iter().filter(|fault| fault.node == Some(*id));
                // What blocks is told before a hint.
                let fault = mine.clone().find(|fault| fault.blocks).or_else(|| mine.next());
                let marks = Marks {
                    stats: stats.iter().find(|stats| stats.node == id.0).cloned(),
                    fault: fault.map(|fault| (fault.what.clone(), fault.blocks)),
                };
                put(&item.marks, marks);
            }
        });
    }
}

/// An item as it is now.
fn shown(known: Option<Item>, at: Point, look: Look, from: Option<Arc<(String, NodeKind)>>) -> Item {
    match known {
        Some(item) => {
            put(&item.place, at);
            put(&item.look, look);
            Item { from, ..item }
        }
        None => Item {
            place: ArcRwSignal::new(at),
            look: ArcRwSignal::new(look),
            marks: ArcRwSignal::new(Marks::default()),
            state: ArcRwSignal::new(State::default()),
            from,
        },
    }
}
