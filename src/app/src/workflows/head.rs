//! The head of a workflow's page: name, description, state, and what can be done with it.

use super::asks::{Asks, Target};
use super::deeds;
use super::first::First;
use super::save::{Saver, Then};
use super::session::Session;
use super::state::{Action, StateBadge, WHILE_OPEN, actions};
use crate::router::Here;
use crate::state::App;
use crate::ui::reactive::memo;
use crate::ui::{Badge, Glyph, Icon, Menu, MenuItem, Tone};
use leptos::prelude::*;
use model::field::MAX_NAME;
use model::message::{Reply, Request};
use model::route::Route;
use model::workflow::WorkflowState;
use std::sync::Arc;

/// Opens what was made.
pub fn open_made(here: Here) -> impl FnOnce(Reply) {
    move |reply| {
        if let Reply::WorkflowMade(id, _) = reply {
            here.go(&Route::Workflow(id));
        }
    }
}

/// The lines that the menus of the list and of the page share; `first` saves before what goes by the saved version.
pub fn shared_items(
    app: App,
    asks: Asks,
    target: Target,
    skip: Option<Action>,
    begin: Callback<Action>,
    first: Callback<Then>,
) -> Vec<MenuItem> {
    let id = target.id;
    let change = |action: &Action| {
        let action = *action;
        MenuItem::act(action.label(), move || begin.run(action)).disabled(asks.busy.get_untracked())
    };
    let mut items = vec![
        MenuItem::act("Duplicate", move || {
            first.run(Arc::new(move || asks.duplicate(id)));
        })
        .icon(Icon::Copy),
        MenuItem::act("Export as file", move || {
            first.run(Arc::new(move || app.save_blob(Request::WriteWorkflow(id))));
        })
        .icon(Icon::Export),
        MenuItem::line(),
    ];
    let changes: Vec<_> = actions(&target.state)
        .iter()
        .filter(|action| Some(**action) != skip)
        .map(change)
        .collect();
    if !changes.is_empty() {
        items.extend(changes);
        items.push(MenuItem::line());
    }
    items.push(
        MenuItem::act("Delete…", move || asks.delete(target.clone()))
            .icon(Icon::Trash)
            .danger(),
    );
    items
}

/// The name, the state and the buttons beside them.
#[component]
pub fn Head(
    /// The page.
    session: Session,
    /// Saves it.
    saver: Saver,
    /// What is asked on the page.
    asks: Asks,
) -> impl IntoView {
    let app = session.app;
    let Session {
        id,
        name,
        state,
        dirty,
        editor,
        ..
    } = session;
    let target = move || Target {
        id,
        name: name.get_untracked(),
        state: state.get_untracked(),
    };
    let begin = Callback::new(move |action: Action| match action {
        // What is checked and becomes active is what is saved.
        Action::Activate | Action::Schedule => {
            saver.save_then(Some(Arc::new(move || asks.begin(target(), action))));
        }
        _ => asks.begin(target(), action),
    });
    let save_first = Callback::new(move |go: Then| {
        let first = First {
            name: name.get_untracked(),
            note: "",
            save: Arc::new(move |then| saver.save_then(Some(then))),
            go,
        };
        asks.save_first(dirty.get_untracked(), first);
    });
    deeds::offer(session, asks, begin, save_first);
    let first = memo(move |_| state.with(|state| actions(state).first().copied()));
    let items = move |()| {
        let mut items = shared_items(app, asks, target(), first.get_untracked(), begin, save_first);
        if dirty.get_untracked() {
            items.insert(
                0,
                MenuItem::act("Discard changes", move || session.discard()).icon(Icon::Undo),
            );
        }
        items
    };
    let locked = editor.locked;
    view! {
        <input
            class="input workflow-name"
            type="text"
            aria-label="Name of the workflow"
            autocomplete="off"
            maxlength=MAX_NAME.to_string()
            readonly=locked
            prop:value=name
            on:input=move |event| name.set(event_target_value(&event))
        />
        <StateBadge state=state/>
        {move || dirty.get().then(|| view! { <Badge label="Not saved" tone=Tone::Warning/> })}
        <div class="buttons workflow-buttons">
            <button
                type="button"
                class="button"
                class:button-primary=dirty
                disabled=move || !dirty.get() || saver.busy.get()
                title="Ctrl or ⌘ S"
                on:click=move |_| saver.save()
            >
                <Glyph icon=Icon::Save/>
                "Save"
            </button>
            {move || first.get().map(|action| view! {
                <button
                    type="button"
                    class="button"
                    class:button-primary=move || action == Action::Activate && !dirty.get()
                    disabled=move || saver.busy.get() || asks.busy.get()
                    on:click=move |_| begin.run(action)
                >
                    {action.label()}
                </button>
            })}
            {move || locked.get().then(|| view! {
                <button
                    type="button"
                    class="button"
                    disabled=asks.busy
                    on:click=move |_| asks.duplicate(id)
                >
                    "Duplicate"
                </button>
            })}
            <Menu label="Options" items=items/>
        </div>
    }
}

/// The description, and what is to be said of the state.
#[component]
pub fn About(
    /// The page.
    session: Session,
) -> impl IntoView {
    let Session {
        description,
        state,
        editor,
        ..
    } = session;
    let words = memo(move |_| {
        state.with(|state| match state {
            WorkflowState::Scheduled(_) | WorkflowState::Active => WHILE_OPEN.to_owned(),
            WorkflowState::Paused(why) if why.is_empty() => {
                "Paused: nobody goes further until it is resumed; what is due by then happens at once"
                    .to_owned()
            }
            WorkflowState::Paused(why) => format!("Paused: {why}"),
            WorkflowState::Finalized => {
                "Finalized: it never resumes; duplicate it to run it again".to_owned()
            }
            WorkflowState::Draft => String::new(),
        })
    });
    view! {
        <div class="workflow-about">
            <input
                class="input workflow-description"
                type="text"
                aria-label="Description"
                placeholder="What it is for"
                autocomplete="off"
                readonly=editor.locked
                prop:value=description
                on:input=move |event| description.set(event_target_value(&event))
            />
            {move || words.with(|words| (!words.is_empty()).then(|| view! {
                <p class="workflow-words" role="status">{words.clone()}</p>
            }))}
        </div>
    }
}
