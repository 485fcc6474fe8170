//! What keys do on the canvas.

use super::pointer::{Hand, node_of};
use super::stage::Stage;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use model::NodeId;
use model::workflow::geometry::GRID;

/// So many pixels an arrow key moves the view where nothing is chosen.
const PAN: f64 = 64.0;

/// The keys of the canvas; copied freely.
#[derive(Clone, Copy)]
pub struct Keys {
    stage: Stage,
    hand: Hand,
    /// What the arrow keys move, and the series of their changes.
    nudged: StoredValue<(Vec<NodeId>, u32)>,
}

impl Keys {
    /// The keys of a canvas.
    pub fn new(stage: Stage, hand: Hand) -> Keys {
        Keys {
            stage,
            hand,
            nudged: StoredValue::new((Vec::new(), 0)),
        }
    }

    /// Puts the focus onto the canvas, since what had it is gone.
    fn refocus(self) {
        if let Some(host) = self.stage.host.get_untracked() {
            host.focus().ok();
        }
    }

    /// A key goes down.
    pub fn down(self, event: &KeyboardEvent) {
        let key = event.key();
        let focused = node_of(event.target());
        let done = if (event.ctrl_key() || event.meta_key()) && !event.alt_key() {
            self.command(&key.to_lowercase(), event.shift_key())
        } else if event.alt_key() {
            false
        } else {
            self.plain(&key, event.shift_key(), focused)
        };
        if !key.starts_with("Arrow") {
            self.nudged.set_value((Vec::new(), 0));
        }
        if done {
            event.prevent_default();
            // The page has shortcuts of its own: what is undone here is not undone there.
            event.stop_propagation();
        }
    }

    /// A key goes up: space presses a node, unless it held the canvas.
    pub fn up(self, event: &KeyboardEvent) {
        if event.key() == " " && self.hand.release_space() {
            self.press(node_of(event.target()), event.shift_key());
        }
    }

    /// The focus goes elsewhere, and what is done with the space bar there is none of the canvas's business.
    pub fn left(self) {
        self.hand.release_space();
    }

    /// Ctrl or ⌘ and a key; says whether that does something.
    fn command(self, key: &str, shift: bool) -> bool {
        let stage = self.stage;
        match (key, shift) {
            ("a", false) => stage.choose_all(),
            ("c", false) => stage.copy(),
            ("x", false) => {
                if stage.may_build() {
                    stage.copy();
                    stage.remove();
                    self.refocus();
                }
            }
            ("v", false) => stage.paste(),
            ("d", false) => stage.duplicate(),
            ("z", false) => stage.editor.undo(),
            ("z", true) | ("y", false) => stage.editor.redo(),
            _ => return false,
        }
        true
    }

    /// A key alone; says whether that does something.
    fn plain(self, key: &str, shift: bool, focused: Option<NodeId>) -> bool {
        let stage = self.stage;
        match key {
            "ArrowLeft" => self.arrow(focused, (-1, 0), shift),
            "ArrowRight" => self.arrow(focused, (1, 0), shift),
            "ArrowUp" => self.arrow(focused, (0, -1), shift),
            "ArrowDown" => self.arrow(focused, (0, 1), shift),
            "Enter" if focused.is_some() => self.press(focused, shift),
            " " => self.hand.hold_space(),
            "c" | "C" => {
                if let Some(id) = focused {
                    stage.begin_link(id);
                }
            }
            "+" | "=" => stage.zoom(None, 1.25),
            "-" => stage.zoom(None, 0.8),
            "Escape" if self.hand.busy() => self.hand.give_up(),
            "Escape" if stage.edge.with_untracked(Option::is_some) => stage.edge.set(None),
            "Escape" => stage.choose(Vec::new()),
            "Delete" | "Backspace" => {
                let chosen = stage.editor.selection.with_untracked(Vec::len);
                if let (Some(id), 0, None) = (focused, chosen, stage.edge.get_untracked()) {
                    stage.choose(vec![id]);
                }
                stage.remove();
                self.refocus();
            }
            _ => return false,
        }
        true
    }

    /// Presses a node: ends a connection at it, opens a note, or chooses it.
    fn press(self, focused: Option<NodeId>, more: bool) {
        let stage = self.stage;
        let Some(id) = focused else { return };
        let note = stage.graph(|graph| graph.notes.iter().any(|note| note.id == id));
        if stage.link.with_untracked(Option::is_some) {
            stage.connect(Some(id));
        } else if note && stage.may_move() {
            stage.choose(vec![id]);
            stage.writing.set(Some(id));
        } else if more {
            stage.toggle(id);
        } else {
            stage.choose(vec![id]);
        }
    }

    /// Moves what is chosen, or what has the focus; the view where there is nothing.
    fn arrow(self, focused: Option<NodeId>, (x, y): (i32, i32), far: bool) {
        let stage = self.stage;
        let chosen = stage.editor.selection.get_untracked();
        let ids = match focused {
            Some(id) if !chosen.contains(&id) => vec![id],
            _ => chosen,
        };
        if ids.is_empty() || !stage.may_move() {
            let by = |steps: i32| -f64::from(steps) * PAN;
            stage.view.update(|view| *view = view.moved(by(x), by(y)));
            return;
        }
        let (before, series) = self.nudged.get_value();
        let series = if before == ids { series } else { stage.new_series() };
        self.nudged.set_value((ids.clone(), series));
        let step = if far { 4 * GRID } else { GRID };
        stage.nudge(&ids, (x * step, y * step), series);
    }
}
