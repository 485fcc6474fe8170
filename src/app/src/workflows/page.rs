//! One workflow.

use super::asks::{AskDialogs, Asks};
use super::canvas::Canvas;
use super::checks::{Checks, summary};
use super::draft;
use super::dry_run::DryRunSide;
use super::head::{About, Head};
use super::live::Live;
use super::panel::Panel;
use super::save::{SaveDialog, Saver};
use super::session::{Session, Tab};
use super::try_one::TryOne;
use crate::router::focus_heading;
use crate::simulator::{FireDialog, look_at_copy};
use crate::state::{Turns, unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Empty, Icon, IconButton, LinkButton, Look, Notice, Page, Tone};
use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::route::Route;
use model::workflow::{WorkflowDetail, WorkflowState};
use model::{NodeId, WorkflowId};

/// The link back to the list.
fn back() -> (String, String) {
    ("Workflows".to_owned(), Route::Workflows.to_string())
}

/// One workflow: its canvas, live view and dry run.
#[component]
pub fn Workflow(
    /// The workflow.
    id: WorkflowId,
) -> impl IntoView {
    let app = use_app();
    // A workflow is edited and runs in the workspace, never in a simulation's copy of it.
    if app.copy.get_untracked() {
        look_at_copy(app, false);
    }
    let answer = app.live(move || Some(Request::Workflow(id)));
    let detail = memo(move |_| match answer.get() {
        Some(Ok(Reply::Workflow(detail))) => Some(*detail),
        _ => None,
    });
    let problem = memo(move |_| match answer.get() {
        Some(Ok(Reply::Workflow(_))) | None => None,
        Some(Ok(_)) => Some(unexpected().to_string()),
        Some(Err(problem)) => Some(problem.to_string()),
    });
    let known = memo(move |_| detail.with(Option::is_some));
    let deleted = memo(move |_| {
        app.overview
            .with(|overview| overview.workflows.iter().all(|(other, ..)| *other != id))
    });
    effect(move || {
        // Nobody can save what was changed in a workflow that is deleted.
        if problem.with(Option::is_some) && deleted.get() {
            draft::forget(id);
        }
    });
    move || match (known.get(), problem.get()) {
        (true, _) => detail
            .get_untracked()
            .map(|first| view! { <Open id=id first=first detail=detail/> })
            .into_any(),
        (false, Some(problem)) => view! {
            <Page title="Workflow not found" back=back()>
                <Empty icon=Icon::Workflow title="There is no such workflow" text=problem>
                    <LinkButton label="Workflows" look=Look::Primary href=Route::Workflows.to_string()/>
                </Empty>
            </Page>
        }
        .into_any(),
        (false, None) => view! { <Page title="Workflow" back=back()>""</Page> }.into_any(),
    }
}

/// The page of a workflow that is there.
#[component]
fn Open(
    /// The workflow.
    id: WorkflowId,
    /// The first answer.
    first: WorkflowDetail,
    /// The newest answer; none where it was none.
    detail: Memo<Option<WorkflowDetail>>,
) -> impl IntoView {
    let newest = memo(move |before: Option<&WorkflowDetail>| {
        detail
            .get()
            .or_else(|| before.cloned())
            .unwrap_or_else(|| first.clone())
    });
    let session = Session::new(id, newest);
    let saver = Saver::new(session);
    let asks = Asks::new();
    let handle = window_event_listener(ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("s")
        {
            event.prevent_default();
            saver.save();
        }
    });
    on_cleanup(move || handle.remove());
    turns(session);
    let stats = derived(move || match session.tab.get() {
        Tab::Live => session.detail.with(|detail| detail.stats.clone()),
        Tab::Dry => session.dry_stats.get(),
        Tab::Build | Tab::Try => Vec::new(),
    });
    let faults = derived(move || session.checked.with(|checked| checked.faults.clone()));
    let path = derived(move || session.ways.of(session.tab.get()));
    let title = derived(move || match session.name.get() {
        name if name.trim().is_empty() => "A workflow without a name".to_owned(),
        name => name,
    });
    // The heading of the screen before had the focus, and is gone.
    let lost = |focus: web_sys::Element| focus.id() == "title" || focus.tag_name() == "BODY";
    if document().active_element().is_none_or(lost) {
        focus_heading();
    }
    let actions = move || view! { <Head session=session saver=saver asks=asks/> };
    view! {
        <Page title=title back=back() actions=actions full=true>
            <About session=session/>
            {move || session.problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <Newer session=session/>
            <Waiting session=session/>
            <Tabs session=session/>
            <div class="workflow">
                <div class="workflow-canvas">
                    <Canvas editor=session.editor stats=stats faults=faults path=path/>
                </div>
                <Side session=session asks=asks saver=saver/>
            </div>
            <SaveDialog saver=saver/>
            <AskDialogs asks=asks on_node=move |(_, node)| session.go_to(node)/>
        </Page>
    }
}

/// While the graph is being built, the keys of undo and redo turn it wherever the focus is, and never the workspace.
fn turns(session: Session) {
    let Session { app, editor, tab, .. } = session;
    let undo = Callback::new(move |()| match untrack(|| editor.can_undo()) {
        true => editor.undo(),
        false => app.toasts.say("There is nothing to undo on this canvas", None),
    });
    let redo = Callback::new(move |()| match untrack(|| editor.can_redo()) {
        true => editor.redo(),
        false => app.toasts.say("There is nothing to redo on this canvas", None),
    });
    effect(move || {
        let building = tab.get() == Tab::Build && !editor.locked.get();
        app.turns.set(building.then_some(Turns { undo, redo }));
    });
    on_cleanup(move || app.turns.set(None));
}

/// What the side of the canvas can show.
#[component]
fn Tabs(
    /// The page.
    session: Session,
) -> impl IntoView {
    let tab = move |tab: Tab, label: &'static str| {
        view! {
            <button
                type="button"
                class="workflow-tab"
                aria-pressed=move || (session.tab.get() == tab).to_string()
                on:click=move |_| session.tab.set(tab)
            >
                {label}
                {move || {
                    let faults = session.checked.with(|checked| {
                        checked.faults.iter().filter(|fault| fault.blocks).count()
                    });
                    (tab == Tab::Build && faults > 0).then(|| {
                        let words = session.checked.with(|checked| summary(&checked.faults));
                        view! { <span class="badge badge-danger">{words}</span> }
                    })
                }}
            </button>
        }
    };
    view! {
        <div class="workflow-tabs" role="group" aria-label="Beside the canvas">
            {tab(Tab::Build, "Build")}
            {tab(Tab::Live, "Live view")}
            {tab(Tab::Try, "Try with one contact")}
            {tab(Tab::Dry, "Dry run")}
        </div>
    }
}

/// What stands beside the canvas.
#[component]
fn Side(
    /// The page.
    session: Session,
    /// What is asked on the screen.
    asks: Asks,
    /// Saves the page.
    saver: Saver,
) -> impl IntoView {
    let editor = session.editor;
    // Only a node has a panel: not a note, and not one of several.
    let chosen: Memo<Option<NodeId>> = memo(move |_| {
        editor.selection.with(|chosen| match chosen.as_slice() {
            [one] => editor.graph.with(|graph| graph.node(*one).map(|node| node.id)),
            _ => None,
        })
    });
    let shown = memo(move |_| {
        (
            session.tab.get(),
            chosen.get().filter(|_| session.tab.get() == Tab::Build),
        )
    });
    let here = move || match shown.get() {
        (Tab::Build, Some(node)) => view! {
            <div class="workflow-side workflow-sheet"><Panel editor=editor node=node/></div>
        }
        .into_any(),
        (Tab::Build, None) => view! { <div class="workflow-side"><Checks session=session/></div> }.into_any(),
        (Tab::Live, _) => view! {
            <div class="workflow-side workflow-side-wide"><Live session=session/></div>
        }
        .into_any(),
        (Tab::Try | Tab::Dry, _) => ().into_any(),
    };
    view! {
        {here}
        <Kept session=session tab=Tab::Try><TryOne session=session/></Kept>
        <Kept session=session tab=Tab::Dry><DryRunSide session=session saver=saver asks=asks/></Kept>
    }
}

/// A side that is there from the first look at it, and keeps what was filled in while another one is shown.
#[component]
fn Kept(
    /// The page.
    session: Session,
    /// While which side is shown.
    tab: Tab,
    /// What it shows.
    children: ChildrenFn,
) -> impl IntoView {
    let seen = memo(move |before: Option<&bool>| before == Some(&true) || session.tab.get() == tab);
    view! {
        <Show when=move || seen.get()>
            <div class="workflow-side workflow-side-wide" hidden=move || session.tab.get() != tab>{children()}</div>
        </Show>
    }
}

/// Says that something newer was saved elsewhere than what is being changed here, and lets a person choose.
#[component]
fn Newer(
    /// The page.
    session: Session,
) -> impl IntoView {
    let newer = session.newer;
    view! {
        <Show when=move || newer.get()>
            <Notice
                tone=Tone::Warning
                text="This workflow was changed and saved elsewhere meanwhile. Saving yours puts it in the place of theirs, as a newer version"
            >
                <Button label="Take theirs" on_press=move |_| session.discard()/>
                <Button label="Keep mine" on_press=move |_| newer.set(false)/>
            </Notice>
        </Show>
    }
}

/// Says that an active workflow waits, and how something can happen to it.
#[component]
fn Waiting(
    /// The page.
    session: Session,
) -> impl IntoView {
    let hidden = RwSignal::new(false);
    let by_hand = RwSignal::new(false);
    let active = memo(move |_| session.state.with(|state| *state == WorkflowState::Active));
    // Once somebody came further than Start, the numbers say more.
    let quiet = memo(move |_| {
        session.detail.with(|detail| {
            let start = detail.def.graph.start().map(|node| node.id.0);
            let mut others = detail.stats.iter().filter(|stats| Some(stats.node) != start);
            others.all(|stats| stats.entered == 0)
        })
    });
    effect(move || {
        if !active.get() {
            hidden.set(false);
        }
    });
    view! {
        <Show when=move || active.get() && quiet.get() && !hidden.get()>
            <Notice tone=Tone::Success text="Active. Waiting for activity">
                <LinkButton label="Simulate" href=Route::Simulator.to_string()/>
                <LinkButton label="Import purchases" href=Route::ImportEvents.to_string()/>
                <Button label="Add one by hand" on_press=move |_| by_hand.set(true)/>
                <IconButton icon=Icon::Close label="Close" on_press=move |_| hidden.set(true)/>
            </Notice>
        </Show>
        <FireDialog open=by_hand/>
    }
}
