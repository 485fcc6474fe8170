//! One workflow while its page is open: what is saved, what is on the screen, and what is said about it.

use super::canvas::called;
use super::draft::{self, Draft};
use super::editor::Editor;
use super::seen::{self, Seen};
use super::trace::Way;
use crate::router::navigate;
use crate::state::{App, unexpected, use_app};
use crate::ui::Later;
use crate::ui::reactive::{effect, memo};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::{Reply, Request};
use model::route::Route;
use model::workflow::{CheckedGraph, Graph, NodeStats, WorkflowDetail, WorkflowState};
use model::{JobId, NodeId, WorkflowId};
use std::cell::Cell;

/// What the side of the canvas shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The chosen node, or the checks.
    #[default]
    Build,
    /// What happens at the nodes.
    Live,
    /// *Try with one contact*
    Try,
    /// **Dry run**
    Dry,
}

/// The nodes that a contact passed, for each side that shows a way. Copied freely.
#[derive(Clone, Copy, Default)]
pub struct Ways {
    /// In the workspace.
    pub live: RwSignal<Way>,
    /// In a try.
    pub tried: RwSignal<Way>,
    /// In the dry run.
    pub dry: RwSignal<Way>,
}

impl Ways {
    /// The way that a side shows.
    pub fn of(self, tab: Tab) -> Way {
        match tab {
            Tab::Build => Way::default(),
            Tab::Live => self.live.get(),
            Tab::Try => self.tried.get(),
            Tab::Dry => self.dry.get(),
        }
    }
}

/// A dry run that was begun on this page.
#[derive(Clone, PartialEq)]
pub struct Dry {
    /// Its job.
    pub job: JobId,
    /// The worker that runs it: another one numbers its jobs anew.
    pub worker: String,
    /// The graph that runs.
    pub graph: Graph,
}

/// One workflow while its page is open. Copied freely: each part is a handle.
#[derive(Clone, Copy)]
pub struct Session {
    /// What every screen knows.
    pub app: App,
    /// The workflow.
    pub id: WorkflowId,
    /// Its graph on the canvas.
    pub editor: Editor,
    /// Its name on the screen.
    pub name: RwSignal<String>,
    /// Its description on the screen.
    pub description: RwSignal<String>,
    /// The saved name and description.
    texts: RwSignal<(String, String)>,
    /// What the worker knows of it.
    pub detail: Memo<WorkflowDetail>,
    /// Whether it runs.
    pub state: Memo<WorkflowState>,
    /// What is wrong with the graph on the canvas.
    pub checked: RwSignal<CheckedGraph>,
    /// What the side shows.
    pub tab: RwSignal<Tab>,
    /// The ways that light up on the canvas.
    pub ways: Ways,
    /// The dry run.
    pub dry: RwSignal<Option<Dry>>,
    /// What happened at the nodes in the dry run.
    pub dry_stats: RwSignal<Vec<NodeStats>>,
    /// Whether there is something to save.
    pub dirty: Memo<bool>,
    /// Whether something else was saved elsewhere than what this draft began with.
    pub newer: RwSignal<bool>,
    /// What this page asked to be saved last: news of that is no surprise.
    sent: StoredValue<Option<Draft>>,
    /// What could not be saved.
    pub problem: RwSignal<Option<String>>,
}

thread_local! {
    /// The page that is open now.
    static OPEN: Cell<Option<Session>> = const { Cell::new(None) };
}

impl Session {
    /// Begins with what is saved, and with what was changed before and not saved.
    pub fn new(id: WorkflowId, detail: Memo<WorkflowDetail>) -> Session {
        let def = detail.with_untracked(|detail| detail.def.clone());
        let texts = (def.name.clone(), def.description.clone());
        let saved = Draft::of(&def);
        let begun = draft::kept(id).unwrap_or_else(|| saved.clone());
        let newer = draft::base(id).is_some_and(|base| begun.parts_from(&base, &saved));
        let editor = Editor::new(begun.graph);
        editor.base(def.graph);
        let (name, description) = (RwSignal::new(begun.name), RwSignal::new(begun.description));
        let texts = RwSignal::new(texts);
        let dirty = memo(move |_| {
            let same = |(one, other): &(String, String)| {
                name.with(|name| name == one) && description.with(|text| text == other)
            };
            editor.dirty.get() || editor.unapplied.with(Option::is_some) || !texts.with(same)
        });
        let seen = seen::last(id);
        let session = Session {
            app: use_app(),
            id,
            editor,
            name,
            description,
            texts,
            detail,
            state: memo(move |_| detail.with(|detail| detail.def.state.clone())),
            checked: RwSignal::new(CheckedGraph {
                faults: detail.with_untracked(|detail| detail.faults.clone()),
                ..CheckedGraph::default()
            }),
            tab: RwSignal::new(seen.tab),
            ways: Ways::default(),
            dry: RwSignal::new(seen.dry),
            dry_stats: RwSignal::new(Vec::new()),
            dirty,
            newer: RwSignal::new(newer),
            sent: StoredValue::new(None),
            problem: RwSignal::new(None),
        };
        if let Some(node) = draft::aimed(id) {
            session.go_to(node);
        }
        session.follow();
        session.check();
        session
    }

    /// Takes over what is saved elsewhere, keeps what is not saved, and lets the editor change only what may be changed.
    fn follow(self) {
        let Session { editor, detail, .. } = self;
        let saved = memo(move |_| detail.with(|detail| Draft::of(&detail.def)));
        effect(move || {
            let theirs = saved.get();
            let known = self.sent.with_value(|sent| sent.as_ref() == Some(&theirs));
            if !known && self.draft().parts_from(&self.base(), &theirs) {
                self.newer.set(true);
            }
            let Draft {
                name,
                description,
                graph,
            } = theirs;
            if editor.dirty.get_untracked() || editor.graph.with_untracked(|now| *now == graph) {
                editor.base(graph);
            } else {
                editor.restart(graph);
            }
            let (old_name, old_description) = self.texts.get_untracked();
            take(self.name, &old_name, &name);
            take(self.description, &old_description, &description);
            self.texts.set((name, description));
        });
        effect(move || {
            if !self.dirty.get() {
                self.newer.set(false);
            }
        });
        effect(move || {
            let (fixed, locked) = self
                .state
                .with(|state| (state.blocks(), *state == WorkflowState::Finalized));
            editor.fixed.set(fixed);
            editor.locked.set(locked);
        });
        effect(move || {
            let (tab, dry) = (self.tab.get(), self.dry.get());
            seen::remember(self.id, Seen { tab, dry });
        });
        effect(move || {
            self.name.track();
            self.description.track();
            editor.graph.track();
            self.dirty.track();
            self.keep();
        });
        // Once more when the page goes: the side panel applies what it has only then.
        OPEN.set(Some(self));
        on_cleanup(move || {
            self.keep();
            // The next page may be there already.
            if OPEN.get().is_some_and(|open| open.name == self.name) {
                OPEN.set(None);
            }
        });
    }

    /// This page asks for it to be saved.
    pub fn sends(self, draft: Draft) {
        self.sent.set_value(Some(draft));
    }

    /// The saved version that the changes on the screen go from.
    fn base(self) -> Draft {
        let (name, description) = self.texts.get_untracked();
        Draft {
            name,
            description,
            graph: self.editor.saved(),
        }
    }

    /// Keeps what is not saved for when one comes back.
    fn keep(self) {
        match self.dirty.try_get_untracked() {
            Some(true) => draft::keep(self.id, self.draft(), self.base()),
            Some(false) => draft::forget(self.id),
            None => {}
        }
    }

    /// Checks the graph on the canvas whenever its editing rests, and whenever the data changes.
    fn check(self) {
        let Session { app, editor, .. } = self;
        let later = Later::new();
        let newest = StoredValue::new(0u32);
        effect(move || {
            app.version.track();
            editor.graph.track();
            later.run(move || {
                let Some(graph) = editor.graph.try_get_untracked() else {
                    return;
                };
                newest.update_value(|number| *number = number.wrapping_add(1));
                let number = newest.get_value();
                spawn_local(async move {
                    let answer = app.ask(Request::CheckGraph(graph)).await;
                    // The page may be gone by now, or have asked about a newer graph.
                    if newest.try_get_value() != Some(number) {
                        return;
                    }
                    match answer {
                        Ok(Reply::Checked(checked)) => drop(self.checked.try_set(checked)),
                        Ok(_) => app.report(&unexpected()),
                        Err(problem) => app.report(&problem),
                    }
                });
            });
        });
    }

    /// What was asked to be saved is saved.
    pub fn saved(self, name: String, description: String, graph: Graph) {
        if let Some((old_name, old_description)) = self.texts.try_get_untracked() {
            self.newer.set(false);
            self.editor.base(graph);
            take(self.name, &old_name, &name);
            take(self.description, &old_description, &description);
            self.texts.set((name, description));
            return;
        }
        // The page is gone: what it left behind is saved by now, unless more was changed since.
        let same = |kept: Draft| kept.name.trim() == name && kept.graph == graph;
        if draft::kept(self.id).is_some_and(same) {
            draft::forget(self.id);
        }
    }

    /// *Discard changes*: throws away what is not saved, also in the side panel, and offers to bring it back.
    pub fn discard(self) {
        self.editor.flush();
        let (app, id, draft) = (self.app, self.id, self.draft());
        let saved = self.detail.with_untracked(|detail| Draft::of(&detail.def));
        self.show(saved.clone());
        let back = move || bring_back(id, draft.clone(), saved.clone());
        app.toasts.offer("Changes discarded", "Undo", back);
    }

    /// What is on the screen now.
    fn draft(self) -> Draft {
        Draft {
            name: self.name.get_untracked(),
            description: self.description.get_untracked(),
            graph: self.editor.graph.get_untracked(),
        }
    }

    /// Puts something else on the screen; the graph can be undone.
    fn show(self, draft: Draft) {
        self.editor.flush();
        self.editor.replace(draft.graph);
        self.name.set(draft.name);
        self.description.set(draft.description);
        self.problem.set(None);
    }

    /// Chooses a node, so that canvas and side show it.
    pub fn go_to(self, node: NodeId) {
        self.tab.set(Tab::Build);
        self.editor.selection.set(vec![node]);
    }
}

/// Brings back what was thrown away: on the workflow's page where that is open, else it is opened with it.
fn bring_back(id: WorkflowId, draft: Draft, base: Draft) {
    match OPEN.get().filter(|session| session.id == id) {
        Some(session) => session.show(draft),
        None => {
            draft::keep(id, draft, base);
            navigate(&Route::Workflow(id));
        }
    }
}

/// A text on the screen that was as saved follows what is saved now.
fn take(text: RwSignal<String>, old: &str, new: &str) {
    let follows = |now: &String| now != new && (now == old || now.trim() == new);
    if text.with_untracked(follows) {
        text.set(new.to_owned());
    }
}

/// A node by the person's name for it, else by what it is.
pub fn node_name(graph: &Graph, id: NodeId) -> String {
    graph.node(id).map_or("A node that is gone", called).to_owned()
}

/// An exit of a node by its name; empty where there is none.
pub fn exit_name(graph: &Graph, id: NodeId, exit: u8) -> String {
    let exits = graph.node(id).map(|node| node.kind.exits());
    exits
        .and_then(|exits| exits.get(usize::from(exit)).cloned())
        .unwrap_or_default()
}
