//! The list of workflows.

use super::asks::{AskDialogs, Asks, Target};
use super::create::{ImportFile, TemplateDialog, create_once};
use super::draft;
use super::head::shared_items;
use super::listing::{Column, Listing, pressed};
use super::state::{Action, StateBadge, WHILE_OPEN};
use crate::router::navigate;
use crate::state::{unexpected, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{Badge, Button, Empty, Glyph, Icon, Look, Menu, MenuItem, Notice, Page, Tone, format};
use leptos::prelude::*;
use model::WorkflowId;
use model::message::{Reply, Request};
use model::route::Route;
use model::workflow::{WorkflowInfo, WorkflowState};
use std::sync::Arc;

/// The list of workflows.
#[component]
pub fn Workflows() -> impl IntoView {
    let app = use_app();
    let templates = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let answer = app.live(|| Some(Request::Workflows));
    let all = memo(
        move |before: Option<&Option<Vec<WorkflowInfo>>>| match answer.get() {
            Some(Ok(Reply::Workflows(all))) => Some(all),
            _ => before.cloned().flatten(),
        },
    );
    let problem = memo(move |_| match answer.get() {
        Some(Ok(Reply::Workflows(_))) | None => None,
        Some(Ok(_)) => Some(unexpected().to_string()),
        Some(Err(problem)) => Some(problem.to_string()),
    });
    // None until the first answer.
    let some = memo(move |_| all.with(|all| all.as_ref().map(|all| !all.is_empty())));
    let actions = move || {
        view! {
            <ImportFile/>
            <Button label="Start from a template…" on_press=move |_| templates.set(true)/>
            <Button
                label="Create new workflow"
                icon=Icon::Plus
                look=Look::Primary
                disabled=busy
                on_press=move |_| create_once(app, busy)
            />
        }
    };
    let body = move || match some.get() {
        None => ().into_any(),
        Some(false) => view! { <Nothing templates=templates busy=busy/> }.into_any(),
        Some(true) => view! { <List all=all/> }.into_any(),
    };
    view! {
        <Page title="Workflows" actions=actions>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            {body}
            <TemplateDialog open=templates/>
        </Page>
    }
}

/// What is shown while there is no workflow.
#[component]
fn Nothing(
    /// Whether the templates are open.
    templates: RwSignal<bool>,
    /// Whether a workflow is being made.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let can_load = memo(move |_| {
        app.overview
            .with(|overview| overview.contacts == 0 && overview.demo.is_none())
    });
    view! {
        <Empty
            icon=Icon::Workflow
            title="No workflows yet"
            text="A workflow does something by itself whenever something happens: whoever purchases is added to a segment, whoever abandons a cart gets an email. Here it runs on simulated or imported events; nothing is ever sent"
        >
            <Button label="Create new workflow" look=Look::Primary disabled=busy on_press=move |_| create_once(app, busy)/>
            <Button label="Start from a template…" on_press=move |_| templates.set(true)/>
            <Show when=move || can_load.get()>
                <Button label="Load the demo" disabled=app.loading_demo on_press=move |_| app.load_demo()/>
            </Show>
        </Empty>
    }
}

/// The table, with its search.
#[component]
fn List(
    /// Every workflow; none until the first answer.
    all: Memo<Option<Vec<WorkflowInfo>>>,
) -> impl IntoView {
    let asks = Asks::new();
    let search = RwSignal::new(String::new());
    let sort = RwSignal::new(Listing::default().sort);
    let shown = memo(move |_| {
        let listing = Listing {
            search: search.get(),
            sort: sort.get(),
        };
        all.with(|all| listing.of(all.as_deref().unwrap_or_default()))
    });
    let running = memo(move |_| {
        all.with(|all| {
            let mut all = all.iter().flatten();
            all.any(|info| matches!(info.state, WorkflowState::Active | WorkflowState::Scheduled(_)))
        })
    });
    let heading = move |label: &'static str, column: Column, number: bool, wide: bool| {
        let state = move || match sort.get() {
            (now, true) if now == column => "descending",
            (now, false) if now == column => "ascending",
            _ => "none",
        };
        view! {
            <th scope="col" class:number=number class:list-wide=wide aria-sort=state>
                <button
                    type="button"
                    class="list-sort"
                    on:click=move |_| sort.update(|sort| *sort = pressed(*sort, column))
                >
                    {label}
                    {move || match state() {
                        "ascending" => Some(view! { <Glyph icon=Icon::Up/> }),
                        "descending" => Some(view! { <Glyph icon=Icon::Down/> }),
                        _ => None,
                    }}
                </button>
            </th>
        }
    };
    let to_node = move |(id, node)| {
        draft::aim(id, node);
        navigate(&Route::Workflow(id));
    };
    view! {
        <div class="toolbar">
            <div class="input-search" role="search">
                <Glyph icon=Icon::Search/>
                <input
                    class="input"
                    type="search"
                    aria-label="Search workflows"
                    placeholder="Name, description or state"
                    autocomplete="off"
                    prop:value=search
                    on:input=move |event| search.set(event_target_value(&event))
                />
            </div>
            <p class="toolbar-count" role="status">
                {move || format::count(shown.with(Vec::len) as u64, "workflow", "workflows")}
            </p>
        </div>
        {move || running.get().then(|| view! { <p class="page-line">{WHILE_OPEN}</p> })}
        <div class="list-frame" role="region" aria-label="Workflows" tabindex="0">
            <table class="list">
                <thead>
                    <tr>
                        {heading("Name", Column::Name, false, false)}
                        {heading("State", Column::State, false, false)}
                        {heading("Nodes", Column::Nodes, true, true)}
                        {heading("Inside", Column::Inside, true, false)}
                        {heading("Entered today", Column::Entered, true, true)}
                        {heading("Last activity", Column::Activity, false, true)}
                        {heading("Faults", Column::Faults, true, true)}
                        <th scope="col"><span class="unseen">"Options"</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || shown.get() key=|info| info.id let:info>
                        <Row id=info.id shown=shown asks=asks/>
                    </For>
                </tbody>
            </table>
            {move || shown.with(Vec::is_empty).then(|| view! {
                <p class="popup-empty">"No workflow matches"</p>
            })}
        </div>
        <AskDialogs asks=asks on_node=to_node/>
    }
}

/// One workflow.
#[component]
fn Row(
    /// The workflow.
    id: WorkflowId,
    /// All that are shown; this row finds itself in it, so that it changes without being made anew.
    shown: Memo<Vec<WorkflowInfo>>,
    /// What is asked on the screen.
    asks: Asks,
) -> impl IntoView {
    let app = use_app();
    let info = memo(move |_| shown.with(|shown| shown.iter().find(|info| info.id == id).cloned()));
    let name =
        derived(move || info.with(|info| info.as_ref().map(|info| info.name.clone()).unwrap_or_default()));
    let open = Route::Workflow(id).to_string();
    let unsaved = move || {
        asks.kept.track();
        draft::kept(id).is_some()
    };
    let items = {
        let open = open.clone();
        move |()| {
            let Some(info) = info.get_untracked() else {
                return Vec::new();
            };
            let target = Target {
                id,
                name: info.name,
                state: info.state,
            };
            let first = Callback::new({
                let target = target.clone();
                move |go| asks.save_kept_first(&target, go)
            });
            let begin = {
                let target = target.clone();
                Callback::new(move |action| {
                    let target = target.clone();
                    match action {
                        // What is checked and becomes active is what is saved.
                        Action::Activate | Action::Schedule => {
                            first.run(Arc::new(move || asks.begin(target.clone(), action)));
                        }
                        _ => asks.begin(target, action),
                    }
                })
            };
            let mut items = vec![MenuItem::go("Open", open.clone()).icon(Icon::Workflow)];
            items.extend(shared_items(app, asks, target, None, begin, first));
            items
        }
    };
    let cells = move || {
        info.get().map(|info| {
            let WorkflowInfo { name, description, state, nodes, inside, entered_today, last_activity, faults, .. } = info;
            let why = match &state {
                WorkflowState::Paused(why) if !why.is_empty() => Some(why.clone()),
                _ => None,
            };
            let zone = app.overview.with(|overview| overview.settings.time_zone.clone());
            let activity = last_activity.map(|at| view! { <span title=format::moment(at, &zone)>{format::ago(at)}</span> });
            view! {
                <th scope="row" class="list-main">
                    <div class="segment-name">
                        <a href=open.clone()>{name}</a>
                        {unsaved().then(|| view! { <Badge label="Not saved" tone=Tone::Warning/> })}
                    </div>
                    {(!description.is_empty()).then(|| view! { <p class="soft small">{description}</p> })}
                </th>
                <td>
                    <StateBadge state=derived(move || state.clone())/>
                    {why.map(|why| view! { <p class="small">{why}</p> })}
                </td>
                <td class="number list-wide">{format::number(u64::from(nodes))}</td>
                <td class="number">{format::number(inside)}</td>
                <td class="number list-wide">{format::number(entered_today)}</td>
                <td class="soft clip list-wide">{activity}</td>
                <td class="number list-wide">
                    {(faults > 0).then(|| view! { <Badge label=format::number(u64::from(faults)) tone=Tone::Danger/> })}
                </td>
            }
        })
    };
    view! {
        <tr>
            {cells}
            <td class="list-options">
                <Menu label=derived(move || format!("Options for {}", name.get())) items=items/>
            </td>
        </tr>
    }
}
