//! What is asked before a workflow's state changes, the same in the list and on the page.

use super::checks::FaultList;
use super::draft;
use super::first::{First, FirstDialog};
use super::head::open_made;
use super::save::Then;
use super::state::{Action, WHILE_OPEN};
use crate::router::here;
use crate::state::{App, once, unexpected, use_app};
use crate::ui::reactive::{derived, effect};
use crate::ui::{Button, Dialog, DialogFoot, Look, TextField, format, open_while};
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::problem::Problem;
use model::route::Route;
use model::workflow::{CheckedGraph, Graph, StateChange, WorkflowState};
use model::{NodeId, WorkflowId};
use std::sync::Arc;

/// Which workflow is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its number.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: WorkflowState,
}

/// An activation that the checks stopped, or that has to be confirmed.
#[derive(Clone, PartialEq)]
struct Activating {
    target: Target,
    change: StateChange,
    graph: Graph,
    checked: CheckedGraph,
}

/// What is being asked; one for each screen, with its [`AskDialogs`].
#[derive(Clone, Copy)]
pub struct Asks {
    app: App,
    activating: RwSignal<Option<Activating>>,
    scheduling: RwSignal<Option<Target>>,
    finalizing: RwSignal<Option<Target>>,
    deleting: RwSignal<Option<Target>>,
    first: RwSignal<Option<First>>,
    /// Whether the state of a workflow is being checked or changed.
    pub busy: RwSignal<bool>,
    /// Tells when what was not saved is saved from here.
    pub kept: Trigger,
}

impl Asks {
    /// Nothing is asked yet.
    pub fn new() -> Asks {
        Asks {
            app: use_app(),
            activating: RwSignal::new(None),
            scheduling: RwSignal::new(None),
            finalizing: RwSignal::new(None),
            deleting: RwSignal::new(None),
            first: RwSignal::new(None),
            busy: RwSignal::new(false),
            kept: Trigger::new(),
        }
    }

    /// Does something to a workflow's state, and asks first where that is due.
    pub fn begin(self, target: Target, action: Action) {
        let change = |change| self.change(target.id, change);
        match action {
            Action::Activate => self.check(target, StateChange::Activate),
            Action::Schedule => self.scheduling.set(Some(target)),
            Action::Unschedule => change(StateChange::Unschedule),
            Action::Pause => change(StateChange::Pause),
            Action::Resume => change(StateChange::Resume),
            Action::Finalize => self.finalizing.set(Some(target)),
        }
    }

    /// Makes a copy of a workflow, and opens it.
    pub fn duplicate(self, id: WorkflowId) {
        self.app
            .write_once(self.busy, Request::DuplicateWorkflow(id), open_made(here()));
    }

    fn change(self, id: WorkflowId, change: StateChange) {
        let request = Request::ChangeWorkflow(id, change);
        self.app.write_once(self.busy, request, |_| {});
    }

    /// Asks whether a workflow is to be deleted.
    pub fn delete(self, target: Target) {
        self.deleting.set(Some(target));
    }

    /// Does something with the saved version of a workflow, and asks first where not all of it is saved.
    pub fn save_first(self, unsaved: bool, first: First) {
        match unsaved {
            true => self.first.set(Some(first)),
            false => (first.go)(),
        }
    }

    /// The same with a workflow whose page is not open.
    pub fn save_kept_first(self, target: &Target, go: Then) {
        let id = target.id;
        let first = First {
            name: target.name.clone(),
            note: match target.state {
                WorkflowState::Active | WorkflowState::Paused(_) => {
                    "Whoever is inside stays on the version from before"
                }
                _ => "",
            },
            save: Arc::new(move |then| self.save_kept(id, then)),
            go,
        };
        self.save_first(draft::kept(id).is_some(), first);
    }

    /// Saves what was left unsaved, and then goes on.
    fn save_kept(self, id: WorkflowId, then: Then) {
        let Some(kept) = draft::kept(id) else {
            return then();
        };
        let request = Request::SaveWorkflow {
            id,
            name: kept.name.trim().to_owned(),
            description: kept.description.trim().to_owned(),
            graph: kept.graph,
            move_inside: false,
        };
        self.app.write_once(self.busy, request, move |_| {
            // What comes next may be such a change itself.
            self.busy.try_set(false);
            draft::forget(id);
            self.kept.notify();
            then();
        });
    }

    /// Runs the checks; activates or schedules where nothing is wrong and nothing has to be confirmed.
    fn check(self, target: Target, change: StateChange) {
        once(self.busy, async move {
            let answer = checked(self.app, target.id).await;
            // The screen may be gone by now: then nobody can confirm it either.
            if self.busy.is_disposed() {
                return;
            }
            match answer {
                Ok((graph, checked)) => {
                    let faulty = checked.faults.iter().any(|fault| fault.blocks);
                    let asks =
                        change == StateChange::Activate && checked.acts_on.is_some_and(|many| many > 0);
                    if faulty || asks {
                        self.activating.try_set(Some(Activating {
                            target,
                            change,
                            graph,
                            checked,
                        }));
                    } else {
                        let request = Request::ChangeWorkflow(target.id, change);
                        self.app.written(request, |_| {}).await;
                    }
                }
                Err(problem) => self.app.report(&problem),
            }
        });
    }
}

/// The saved graph of a workflow, and what the checks say of it.
async fn checked(app: App, id: WorkflowId) -> Result<(Graph, CheckedGraph), Problem> {
    let Reply::Workflow(detail) = app.ask(Request::Workflow(id)).await? else {
        return Err(unexpected());
    };
    let graph = detail.def.graph;
    match app.ask(Request::CheckGraph(graph.clone())).await? {
        Reply::Checked(checked) => Ok((graph, checked)),
        _ => Err(unexpected()),
    }
}

/// A dialog with a sentence, and a button that goes ahead.
#[component]
fn Confirm(
    /// What is asked about; none while the dialog is closed.
    asked: RwSignal<Option<Target>>,
    /// What goes ahead; also the heading's first word.
    verb: &'static str,
    /// What is said of it.
    text: fn(&Target) -> String,
    /// What is asked of the worker then.
    request: fn(WorkflowId) -> Request,
    /// Where one is led then.
    #[prop(optional)]
    leads_to: Option<Route>,
) -> impl IntoView {
    let app = use_app();
    let open = open_while(asked);
    let leads_to = StoredValue::new(leads_to);
    let of =
        move |read: fn(&Target) -> String| asked.with(|asked| asked.as_ref().map(read).unwrap_or_default());
    let title = derived(move || format!("{verb} {}", of(|target| target.name.clone())));
    let go = move |_| {
        if let Some(Target { id, .. }) = asked.get_untracked() {
            let (here, leads_to) = (here(), leads_to.get_value());
            app.write_then(request(id), move |_| {
                leads_to.iter().for_each(|route| here.go(route))
            });
        }
        open.set(false);
    };
    view! {
        <Dialog open=open title=title>
            <p>{move || of(text)}</p>
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button label=verb look=Look::Danger on_press=go/>
            </DialogFoot>
        </Dialog>
    }
}

fn finalize_words(target: &Target) -> String {
    format!(
        "{} ends for good and never resumes; to run it again, duplicate it. Whoever waits inside goes no further; memberships for some days still end when they are over",
        target.name
    )
}

fn delete_words(target: &Target) -> String {
    if target.state.blocks() {
        format!(
            "{} is {} now. It ends for good, whoever waits inside goes no further, and then it is deleted; undoing that brings it back finalized. Memberships for some days still end when they are over",
            target.name,
            target.state.label().to_lowercase()
        )
    } else {
        "The workflow is deleted; this can be undone".to_owned()
    }
}

/// The dialogs of a screen's [`Asks`].
#[component]
pub fn AskDialogs(
    /// What is being asked.
    asks: Asks,
    /// Shows a node of a workflow.
    #[prop(into)]
    on_node: Callback<(WorkflowId, NodeId)>,
) -> impl IntoView {
    view! {
        <ActivateDialog asks=asks on_node=on_node/>
        <ScheduleDialog asks=asks/>
        <FirstDialog asked=asks.first/>
        <Confirm
            asked=asks.finalizing
            verb="Finalize"
            text=finalize_words
            request=|id| Request::ChangeWorkflow(id, StateChange::Finalize)
        />
        <Confirm asked=asks.deleting verb="Delete" text=delete_words request=Request::DeleteWorkflow leads_to=Route::Workflows/>
    }
}

/// What keeps a workflow from being activated, or on how many contacts it would act at once.
#[component]
fn ActivateDialog(
    /// What is asked on the screen.
    asks: Asks,
    /// Shows a node of a workflow.
    on_node: Callback<(WorkflowId, NodeId)>,
) -> impl IntoView {
    let asked = asks.activating;
    let open = open_while(asked);
    let title = derived(move || {
        asked.with(|asked| {
            let name = asked
                .as_ref()
                .map(|asked| asked.target.name.as_str())
                .unwrap_or_default();
            format!("Activate {name}")
        })
    });
    let go = move |_| {
        if let Some(asked) = asked.get_untracked() {
            asks.change(asked.target.id, asked.change);
        }
        open.set(false);
    };
    let body = move |asked: Activating| {
        let faults: Vec<_> = asked
            .checked
            .faults
            .into_iter()
            .filter(|fault| fault.blocks)
            .collect();
        let id = asked.target.id;
        if faults.is_empty() {
            let many = format::contacts(asked.checked.acts_on.unwrap_or(0));
            view! {
                <p>{format!("This acts on {many} now")}</p>
                <p class="soft">{WHILE_OPEN}</p>
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button label="Activate" look=Look::Primary on_press=go/>
                </DialogFoot>
            }
            .into_any()
        } else {
            let words = format!(
                "{} can’t be activated yet: {}",
                asked.target.name,
                format::count(faults.len() as u64, "fault", "faults")
            );
            let shown = move |node| {
                open.set(false);
                on_node.run((id, node));
            };
            view! {
                <p>{words}</p>
                <FaultList faults=faults graph=asked.graph on_node=shown/>
                <DialogFoot>
                    <Button label="Close" on_press=move |_| open.set(false)/>
                </DialogFoot>
            }
            .into_any()
        }
    };
    view! {
        <Dialog open=open title=title>
            {move || asked.get().map(body)}
        </Dialog>
    }
}

/// From when on a workflow is to be active.
#[component]
fn ScheduleDialog(
    /// What is asked on the screen.
    asks: Asks,
) -> impl IntoView {
    let asked = asks.scheduling;
    let open = open_while(asked);
    let zone = use_app().zone();
    let moment = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    effect(move || {
        if open.get() {
            moment.set(String::new());
            error.set(None);
        }
    });
    let title = derived(move || {
        let name = asked.with(|asked| asked.as_ref().map(|target| target.name.clone()));
        format!("Schedule {}", name.unwrap_or_default())
    });
    let hint = derived(move || {
        let zone = zone.get();
        let zone = if zone.is_empty() { "UTC" } else { &zone };
        format!(
            "In the time zone {zone}. {WHILE_OPEN}: if it is closed then, the workflow becomes active when it is opened"
        )
    });
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let at = zone.with_untracked(|zone| moment.with_untracked(|moment| format::instant(moment, zone)));
        match (at, asked.get_untracked()) {
            (None, _) => error.set(Some("Choose a date and a time".to_owned())),
            (Some(at), _) if at <= format::now() => {
                error.set(Some("This moment has passed; choose a later one".to_owned()));
            }
            (Some(at), Some(target)) => {
                open.set(false);
                asks.check(target, StateChange::Schedule(at));
            }
            (Some(_), None) => open.set(false),
        }
    };
    view! {
        <Dialog open=open title=title>
            <form class="form" on:submit=go>
                <TextField
                    label="Active from"
                    value=moment
                    kind="datetime-local"
                    hint=hint
                    error=error
                    required=true
                    focus=true
                />
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button label="Schedule" look=Look::Primary submit=true/>
                </DialogFoot>
            </form>
        </Dialog>
    }
}
