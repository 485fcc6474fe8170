//! What a pointer does on the canvas, be it a mouse, a finger or a pen: choose, move, connect, pan, pinch, draw around.
//!
//! Pointers are followed at most once a frame. What is pressed is found in the document; what is under a moving pointer,
//! which the box holds captured, by geometry.

use super::frame::Frame;
use super::stage::{Link, Stage};
use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use model::NodeId;
use model::workflow::edit;
use model::workflow::geometry::{self, Point, Rect};
use model::workflow::view::{Spot, View};
use model::workflow::{Edge, GraphChange};
use web_sys::{Element, EventTarget};

/// A pointer that moved less pressed only.
const SLACK: f64 = 4.0;
/// So many pixels of the wheel double the size.
const WHEEL: f64 = 400.0;
/// The same of two fingers on a pad, which browsers tell as a wheel with Ctrl.
const PINCH: f64 = 100.0;
/// The height of a line for wheels that count in lines.
const WHEEL_LINE: f64 = 16.0;

/// What the pointer is doing.
#[derive(Clone, Debug, Default)]
enum Gesture {
    #[default]
    None,
    /// Moves the view; a press without a move chooses nothing any more.
    Pan { view: View, clears: bool },
    /// A node or note is pressed.
    Press { id: NodeId, more: bool },
    /// Nodes and notes are dragged: each with where it was, the pressed one first.
    Move {
        starts: Vec<(NodeId, Point)>,
        by: (i32, i32),
    },
    /// A connection is drawn.
    Link,
    /// A rectangle is drawn around what is to be chosen besides.
    Marquee { from: Point, before: Vec<NodeId> },
    /// Two fingers: how far apart they were, their middle, and the view.
    Pinch { apart: f64, middle: Spot, view: View },
}

#[derive(Default)]
struct State {
    gesture: Gesture,
    /// The pointers that are down, with where they are.
    down: Vec<(i32, Spot)>,
    /// Where the box is in the window.
    origin: Spot,
    /// Where the pointer went down, and where it is.
    from: Spot,
    at: Spot,
    /// Whether it moved since.
    moved: bool,
    /// Whether the space bar is down, and whether the view was moved with it.
    space: bool,
    panned: bool,
    /// By how much the wheel has zoomed since the last frame, and where.
    wheel: Option<(Spot, f64)>,
}

/// The hand on the canvas; copied freely.
#[derive(Clone, Copy)]
pub struct Hand {
    stage: Stage,
    state: StoredValue<State, LocalStorage>,
    frame: Frame,
}

/// The element of these that an event is about.
fn closest(target: Option<EventTarget>, what: &str) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(what).ok().flatten()
}

/// The node or note that an event is about.
pub fn node_of(target: Option<EventTarget>) -> Option<NodeId> {
    let element = closest(target, "[data-node]")?;
    element.get_attribute("data-node")?.parse().ok()
}

/// The exit that an event is about.
fn port_of(target: Option<EventTarget>) -> Option<u8> {
    closest(target, "[data-port]")?
        .get_attribute("data-port")?
        .parse()
        .ok()
}

/// The edge that an event is about.
fn edge_of(target: Option<EventTarget>) -> Option<Edge> {
    let text = closest(target, "[data-edge]")?.get_attribute("data-edge")?;
    let mut parts = text.split('-');
    Some(Edge {
        from: parts.next()?.parse().ok()?,
        exit: parts.next()?.parse().ok()?,
        to: parts.next()?.parse().ok()?,
    })
}

fn apart(one: Spot, other: Spot) -> f64 {
    (one.x - other.x).hypot(one.y - other.y)
}

fn middle(one: Spot, other: Spot) -> Spot {
    Spot {
        x: (one.x + other.x) / 2.0,
        y: (one.y + other.y) / 2.0,
    }
}

impl Hand {
    /// A hand that does nothing yet.
    pub fn new(stage: Stage) -> Hand {
        Hand {
            stage,
            state: StoredValue::new_local(State::default()),
            frame: Frame::new(),
        }
    }

    /// Where an event is in the box.
    fn spot(self, event: &MouseEvent) -> Spot {
        let origin = self.state.with_value(|state| state.origin);
        Spot {
            x: f64::from(event.client_x()) - origin.x,
            y: f64::from(event.client_y()) - origin.y,
        }
    }

    fn find_origin(self) {
        if let Some(host) = self.stage.host.get_untracked() {
            let rect = host.get_bounding_client_rect();
            let origin = Spot {
                x: rect.left(),
                y: rect.top(),
            };
            self.state.update_value(|state| state.origin = origin);
        }
    }

    /// A pointer goes down.
    pub fn down(self, event: &PointerEvent) {
        if !matches!(event.button(), 0 | 1) {
            return;
        }
        self.find_origin();
        let at = self.spot(event);
        if let Some(host) = self.stage.host.get_untracked() {
            // A pointer that is gone already can't be captured, and need not be.
            host.set_pointer_capture(event.pointer_id()).ok();
        }
        let pinched = self.state.try_update_value(|state| {
            state.down.retain(|(id, _)| *id != event.pointer_id());
            state.down.push((event.pointer_id(), at));
            match state.down.as_slice() {
                [(_, one), (_, other)] => Some((*one, *other)),
                _ => None,
            }
        });
        let view = self.stage.view.get_untracked();
        let gesture = match pinched.flatten() {
            Some((one, other)) => {
                self.give_up();
                self.stage.moving.set(true);
                Gesture::Pinch {
                    apart: apart(one, other).max(1.0),
                    middle: middle(one, other),
                    view,
                }
            }
            None => self.begin(event, at, view),
        };
        self.state.update_value(|state| {
            state.gesture = gesture;
            (state.from, state.at, state.moved) = (at, at, false);
        });
    }

    fn begin(self, event: &PointerEvent, at: Spot, view: View) -> Gesture {
        let stage = self.stage;
        let pan = Gesture::Pan { view, clears: false };
        if event.button() == 1 || self.state.with_value(|state| state.space) {
            // The middle button would scroll the page by itself.
            event.prevent_default();
            return pan;
        }
        let point = view.point_from_screen(at);
        if stage.link.with_untracked(Option::is_some) {
            self.aim(point);
            let target = stage.link.get_untracked().and_then(|link| link.target);
            stage.connect(target);
            return Gesture::None;
        }
        let more = event.shift_key() || event.ctrl_key() || event.meta_key();
        let (node, port) = (node_of(event.target()), port_of(event.target()));
        match (node, port, edge_of(event.target())) {
            (Some(from), Some(exit), _) if stage.may_build() => {
                let (at, target) = (None, None);
                stage.link.set(Some(Link {
                    from,
                    exit,
                    at,
                    target,
                }));
                Gesture::Link
            }
            (Some(id), ..) => Gesture::Press { id, more },
            (None, _, Some(edge)) => {
                stage.choose(Vec::new());
                stage.edge.set(Some(edge));
                pan
            }
            _ if event.shift_key() => Gesture::Marquee {
                from: point,
                before: stage.editor.selection.get_untracked(),
            },
            _ => Gesture::Pan { view, clears: true },
        }
    }

    /// A pointer moves.
    pub fn moved(self, event: &PointerEvent) {
        let busy = self.state.with_value(|state| !state.down.is_empty());
        if !busy && self.stage.link.with_untracked(Option::is_none) {
            return;
        }
        if !busy {
            self.find_origin();
        }
        self.follow(event);
        self.frame.run(move || self.step());
    }

    /// Notes where a pointer is.
    fn follow(self, event: &PointerEvent) {
        let at = self.spot(event);
        self.state.update_value(|state| {
            state.at = at;
            state.moved |= apart(state.from, at) > SLACK;
            if let Some(down) = state.down.iter_mut().find(|(id, _)| *id == event.pointer_id()) {
                down.1 = at;
            }
        });
    }

    /// Does what the pointer has asked for since the last frame.
    fn step(self) {
        let stage = self.stage;
        let wheel = self.state.try_update_value(|state| state.wheel.take()).flatten();
        if let Some((about, factor)) = wheel {
            stage.zoom(Some(about), factor);
        }
        let Some((mut gesture, from, at, moved)) = self
            .state
            .try_with_value(|state| (state.gesture.clone(), state.from, state.at, state.moved))
        else {
            return;
        };
        let view = stage.view.get_untracked();
        let point = view.point_from_screen(at);
        if let (Gesture::Press { id, .. }, true) = (&gesture, moved) {
            gesture = self.begin_move(*id, view);
        }
        match &mut gesture {
            Gesture::None | Gesture::Link => self.aim(point),
            Gesture::Press { .. } => {}
            Gesture::Pan { view, .. } if moved => {
                stage.moving.set(true);
                stage.view.set(view.moved(at.x - from.x, at.y - from.y));
                self.state.update_value(|state| state.panned = true);
            }
            Gesture::Pan { .. } => {}
            Gesture::Move { starts, by } => {
                let start = view.point_from_screen(from);
                if let Some((_, lead)) = starts.first() {
                    // The pressed one goes onto the grid, and the others keep their places beside it.
                    let to = lead
                        .plus(point.x.saturating_sub(start.x), point.y.saturating_sub(start.y))
                        .snapped();
                    *by = (to.x.saturating_sub(lead.x), to.y.saturating_sub(lead.y));
                }
                for (id, start) in starts.iter() {
                    stage.scene.put(*id, start.plus(by.0, by.1));
                }
            }
            Gesture::Marquee { from, before } => {
                let area = Rect::between(*from, point);
                stage.marquee.set(Some(area));
                // Only shown as chosen until the pointer is up: the panel beside the canvas would come and go.
                stage.scene.choose(&self.held(area, before));
            }
            Gesture::Pinch {
                apart: before,
                middle: old,
                view,
            } => {
                let down = self.state.with_value(|state| state.down.clone());
                if let [(_, one), (_, other)] = down.as_slice() {
                    let new = middle(*one, *other);
                    let moved = view.moved(new.x - old.x, new.y - old.y);
                    stage.view.set(moved.zoomed(new, apart(*one, *other) / *before));
                }
            }
        }
        self.state.update_value(|state| state.gesture = gesture);
    }

    fn begin_move(self, id: NodeId, view: View) -> Gesture {
        let stage = self.stage;
        if !stage.may_move() {
            return Gesture::Pan { view, clears: false };
        }
        let mut ids = stage.editor.selection.get_untracked();
        if ids.contains(&id) {
            ids.retain(|one| *one != id);
            ids.insert(0, id);
        } else {
            ids = vec![id];
        }
        let place = |id: NodeId| stage.item(id).map(|item| (id, item.place.get_untracked()));
        Gesture::Move {
            starts: ids.into_iter().filter_map(place).collect(),
            by: (0, 0),
        }
    }

    /// What a rectangle holds, besides what was chosen before.
    fn held(self, area: Rect, before: &[NodeId]) -> Vec<NodeId> {
        let held = self.stage.graph(|graph| geometry::within(graph, area));
        let mut ids = before.to_vec();
        ids.extend(held.into_iter().filter(|id| !before.contains(id)));
        ids
    }

    /// The node or note at an event. What was pressed is the box, which held the pointer.
    pub fn under(self, event: &MouseEvent) -> Option<NodeId> {
        self.find_origin();
        let at = self
            .stage
            .view
            .get_untracked()
            .point_from_screen(self.spot(event));
        self.stage.graph(|graph| geometry::hit(graph, at))
    }

    /// Lets the end of the connection follow the pointer.
    fn aim(self, at: Point) {
        let Some(link) = self.stage.link.get_untracked() else {
            return;
        };
        let target = self.stage.graph(|graph| {
            let to = geometry::hit(graph, at)?;
            let edge = Edge {
                from: link.from,
                exit: link.exit,
                to,
            };
            graph.may_connect(edge).then_some(to)
        });
        self.stage.link.set(Some(Link {
            at: Some(at),
            target,
            ..link
        }));
    }

    /// A pointer goes up.
    pub fn up(self, event: &PointerEvent) {
        let known = self
            .state
            .with_value(|state| state.down.iter().any(|(id, _)| *id == event.pointer_id()));
        if !known {
            return;
        }
        self.follow(event);
        self.step();
        let stage = self.stage;
        let ended = self.state.try_update_value(|state| {
            state.down.retain(|(id, _)| *id != event.pointer_id());
            (std::mem::take(&mut state.gesture), state.moved)
        });
        stage.moving.set(false);
        stage.marquee.set(None);
        let Some((gesture, moved)) = ended else { return };
        match gesture {
            Gesture::Press { id, more: true } => stage.toggle(id),
            Gesture::Press { id, more: false } => stage.choose(vec![id]),
            Gesture::Pan { clears: true, .. } if !moved => stage.choose(Vec::new()),
            Gesture::Marquee { from, before } => {
                let to = self.state.with_value(|state| state.at);
                let to = stage.view.get_untracked().point_from_screen(to);
                stage.choose(self.held(Rect::between(from, to), &before));
            }
            Gesture::Move { starts, by } => {
                let ids: Vec<NodeId> = starts.iter().map(|(id, _)| *id).collect();
                let changes: Vec<GraphChange> = stage.graph(|graph| edit::moves(graph, &ids, by));
                stage.editor.change(changes);
            }
            // A port that was only pressed waits for its node.
            Gesture::Link if moved => {
                let target = stage.link.get_untracked().and_then(|link| link.target);
                stage.connect(target);
            }
            _ => {}
        }
    }

    /// The browser took the pointer, or Esc was pressed: everything is as it was before.
    pub fn give_up(self) {
        let stage = self.stage;
        let gesture = self
            .state
            .try_update_value(|state| std::mem::take(&mut state.gesture));
        match gesture {
            Some(Gesture::Move { starts, .. }) => {
                for (id, start) in starts {
                    stage.scene.put(id, start);
                }
            }
            Some(Gesture::Marquee { before, .. }) => stage.scene.choose(&before),
            Some(Gesture::Pan { view, .. }) => stage.view.set(view),
            _ => {}
        }
        stage.link.set(None);
        stage.marquee.set(None);
        stage.moving.set(false);
    }

    /// The browser took a pointer.
    pub fn lost(self, event: &PointerEvent) {
        self.give_up();
        self.state
            .update_value(|state| state.down.retain(|(id, _)| *id != event.pointer_id()));
    }

    /// Whether something is being done.
    pub fn busy(self) -> bool {
        let idle = self
            .state
            .with_value(|state| matches!(state.gesture, Gesture::None));
        !idle || self.stage.link.with_untracked(Option::is_some)
    }

    /// The wheel turns.
    pub fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        self.find_origin();
        let at = self.spot(event);
        let lines = event.delta_mode() == WheelEvent::DOM_DELTA_LINE;
        let turned = event.delta_y() * if lines { WHEEL_LINE } else { 1.0 };
        let doubled = -turned / if event.ctrl_key() { PINCH } else { WHEEL };
        let factor = js_sys::Math::pow(2.0, doubled);
        self.state.update_value(|state| {
            let before = state.wheel.map_or(1.0, |(_, factor)| factor);
            state.wheel = Some((at, before * factor));
        });
        self.frame.run(move || self.step());
    }

    /// The space bar goes down.
    pub fn hold_space(self) {
        self.state.update_value(|state| {
            state.panned &= state.space;
            state.space = true;
        });
    }

    /// The space bar goes up; says whether the view was not moved with it.
    pub fn release_space(self) -> bool {
        self.state
            .try_update_value(|state| std::mem::take(&mut state.space) && !state.panned)
            .unwrap_or(false)
    }
}
