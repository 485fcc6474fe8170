//! The frame around every screen: menu, running jobs, undo and redo, banners, messages.

use crate::offline::{Offline, offline, update};
use crate::router::{belongs, focus_heading};
use crate::stage::Stage;
use crate::state::{App, Connection, use_app};
use crate::theme::Theme;
use crate::ui::part::ever;
use crate::ui::reactive::{derived, memo};
use crate::ui::{
    Button, Glyph, Icon, IconButton, LinkButton, Look, Menu, MenuItem, Notice, Progress, ToastRegion, Tone,
    format, guard_double_clicks,
};
use crate::{data, import, screens, simulator, workspaces};
use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use model::message::{Job, JobKind, JobState, Request};
use model::query::Query;
use model::route::Route;
use std::time::Duration;
use web_sys::HtmlElement;

/// The whole page.
#[component]
pub fn Shell() -> impl IntoView {
    let app = App::provide();
    import::provide(app);
    workspaces::provide(app);
    data::provide_automatic(app);
    shortcuts(app);
    guard_double_clicks();
    // While the values are still being read, the screen is drawn; what it asks for waits.
    let working = move || matches!(app.connection.get(), Connection::Connecting | Connection::Ready);
    let ready = memo(move |_| working() && app.known.get());
    let searching = ever(move || app.palette.get());
    view! {
        <Show when=move || ready.get() fallback=move || view! { <Stage connection=app.connection.get()/> }>
            <Frame/>
        </Show>
        <Show when=move || searching.get()>{screens::palette()}</Show>
        <ToastRegion toasts=app.toasts/>
    }
}

/// Whether a key press belongs to what is being typed.
fn typing(event: &ev::KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| {
        let text_input = target.tag_name() == "INPUT"
            && !matches!(
                target.get_attribute("type").as_deref(),
                Some("checkbox" | "radio" | "button" | "file")
            );
        text_input || target.tag_name() == "TEXTAREA" || target.is_content_editable()
    })
}

/// ⌘ or Ctrl with K, Z and ⇧Z (or Y), wherever one is.
fn shortcuts(app: App) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("k", false) => app.palette.update(|open| *open = !*open),
            ("z", false) if !typing(&event) => app.undo_here(),
            ("z", true) | ("y", false) if !typing(&event) => app.redo_here(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

/// The menu beside the screen.
#[component]
fn Frame() -> impl IntoView {
    let app = use_app();
    let screen = app.router.screen();
    let menu_open = RwSignal::new(false);
    Effect::new(move |before: Option<Route>| {
        let now = screen.get();
        if before.is_some_and(|before| before != now) {
            menu_open.set(false);
            focus_heading();
        }
        now
    });
    view! {
        <button type="button" class="button skip" on:click=|_| focus_heading()>"Skip to content"</button>
        <div class="shell">
            <header class="top">
                <IconButton icon=Icon::Menu label="Menu" on_press=move |_| menu_open.update(|open| *open = !*open)/>
                <a class="brand" href=Route::default().to_string()><Glyph icon=Icon::Brand/>"Corral"</a>
                <JobBadge/>
                <IconButton icon=Icon::Search label="Search and commands" on_press=move |_| app.palette.set(true)/>
            </header>
            <button
                type="button"
                class="shade"
                class:shade-open=menu_open
                aria-label="Close menu"
                on:click=move |_| menu_open.set(false)
            ></button>
            <aside
                class="side"
                class:side-open=menu_open
                on:keydown=move |event: ev::KeyboardEvent| {
                    if event.key() == "Escape" {
                        menu_open.set(false);
                    }
                }
            >
                <a class="brand" href=Route::default().to_string()><Glyph icon=Icon::Brand/>"Corral"</a>
                <button type="button" class="button side-search" on:click=move |_| app.palette.set(true)>
                    <Glyph icon=Icon::Search/>
                    "Search…"
                    <kbd>{if mac() { "⌘ K" } else { "Ctrl K" }}</kbd>
                </button>
                <workspaces::Switcher/>
                <Lines/>
                <Jobs/>
                <Foot/>
            </aside>
            <div class="main">
                <Banners/>
                <simulator::CopyBanner/>
                {move || screens::show(screen.get())}
            </div>
        </div>
    }
}

/// Whether the keyboard has a ⌘ key.
pub fn mac() -> bool {
    window()
        .navigator()
        .platform()
        .is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}

/// The lines of the menu.
#[component]
fn Lines() -> impl IntoView {
    let app = use_app();
    let contacts = memo(move |_| app.overview.with(|overview| overview.contacts));
    let segments = memo(move |_| {
        app.overview.with(|overview| {
            overview
                .segments
                .iter()
                .filter(|segment| !segment.def.archived)
                .count() as u64
        })
    });
    let workflows = memo(move |_| app.overview.with(|overview| overview.workflows.len() as u64));
    let line = move |label: &'static str, icon: Icon, route: Route, count: Option<Memo<u64>>| {
        let href = route.to_string();
        let current = move || app.route.with(|now| belongs(now, &route).then_some("page"));
        view! {
            <a class="side-link" href=href aria-current=current>
                <Glyph icon=icon/>
                {label}
                {count.map(|count| view! { <span class="side-count">{move || format::number(count.get())}</span> })}
            </a>
        }
    };
    view! {
        <nav class="side-group" aria-label="Menu">
            <p class="side-title" id="side-contacts">"Contacts"</p>
            <div class="side-group" role="group" aria-labelledby="side-contacts">
                {line("View all", Icon::Contacts, Route::Contacts(Query::default()), Some(contacts))}
                {line("Segments", Icon::Segments, Route::Segments, Some(segments))}
                {line("Fields", Icon::Fields, Route::Fields, None)}
                {line("Imports", Icon::Import, Route::Imports, None)}
                {line("Exports", Icon::Export, Route::Exports, None)}
            </div>
            <p class="side-title">"Automation"</p>
            {line("Workflows", Icon::Workflow, Route::Workflows, Some(workflows))}
            {line("Simulator", Icon::Simulator, Route::Simulator, None)}
            <p class="side-title">"Workspace"</p>
            {line("History", Icon::History, Route::History, None)}
            {line("Data", Icon::Data, Route::Data, None)}
        </nav>
    }
}

/// Undo, redo and the theme.
#[component]
fn Foot() -> impl IntoView {
    let app = use_app();
    let undo = memo(move |_| {
        app.overview
            .with(|overview| overview.undo.clone().map(|(_, what)| what))
    });
    let redo = memo(move |_| {
        app.overview
            .with(|overview| overview.redo.clone().map(|(_, what)| what))
    });
    let words = |verb: &str, what: Option<String>| match what {
        Some(what) => format!("{verb}: {what}"),
        None => format!("{verb} (nothing to {})", verb.to_lowercase()),
    };
    view! {
        <div class="side-foot">
            <IconButton
                icon=Icon::Undo
                label=derived(move || words("Undo", undo.get()))
                disabled=derived(move || undo.get().is_none())
                on_press=move |_| app.undo_last()
            />
            <IconButton
                icon=Icon::Redo
                label=derived(move || words("Redo", redo.get()))
                disabled=derived(move || redo.get().is_none())
                on_press=move |_| app.redo_last()
            />
            <div class="theme">
                <Menu
                    label="Theme"
                    icon=Icon::System
                    items=move |()| {
                        Theme::ALL
                            .into_iter()
                            .map(|theme| {
                                let icon = if app.theme.get_untracked() == theme { Icon::Check } else { theme.icon() };
                                MenuItem::act(theme.label(), move || app.theme.set(theme)).icon(icon)
                            })
                            .collect::<Vec<_>>()
                    }
                />
            </div>
        </div>
    }
}

/// The jobs that run now.
fn running(app: App) -> Vec<Job> {
    app.jobs.with(|jobs| {
        jobs.iter()
            .filter(|job| matches!(job.state, JobState::Running { .. }))
            .cloned()
            .collect()
    })
}

/// What a job does, in words.
fn job_label(job: &Job) -> String {
    let verb = match job.kind {
        JobKind::Check => "Checking",
        JobKind::Import => "Importing",
        JobKind::Export => "Exporting",
        JobKind::Simulation => "Simulating",
        JobKind::Events => "Reading events of",
        JobKind::Backup => "Backing up",
        JobKind::Restore => "Restoring",
        JobKind::Integrity => "Checking what is stored",
    };
    if job.name.is_empty() {
        verb.to_owned()
    } else {
        format!("{verb} {}", job.name)
    }
}

/// The jobs that run now, with their progress.
#[component]
fn Jobs() -> impl IntoView {
    let app = use_app();
    let ids = memo(move |_| running(app).into_iter().map(|job| job.id).collect::<Vec<_>>());
    view! {
        <div class="jobs">
            <For each=move || ids.get() key=|id| *id let:id>
                {
                    let job = app.job(id);
                    let label = memo(move |_| job.with(|job| job.as_ref().map(job_label).unwrap_or_default()));
                    let share = memo(move |_| job.with(|job| match job.as_ref().map(|job| &job.state) {
                        Some(JobState::Running { permille, .. }) => Some(*permille),
                        _ => None,
                    }));
                    let can_cancel = memo(move |_| job.with(|job| {
                        matches!(job.as_ref().map(|job| &job.state), Some(JobState::Running { can_cancel: true, .. }))
                    }));
                    view! {
                        <div class="job">
                            <Progress
                                label=label
                                detail=derived(move || share.get().map(|share| format!("{} %", share / 10)).unwrap_or_default())
                                permille=share
                            />
                            <Show when=move || can_cancel.get()>
                                <Button label="Cancel" look=Look::Quiet small=true on_press=move |_| app.write(Request::Cancel(id))/>
                            </Show>
                        </div>
                    }
                }
            </For>
        </div>
    }
}

/// A word in the narrow top bar while something runs.
#[component]
fn JobBadge() -> impl IntoView {
    let app = use_app();
    let text = memo(move |_| {
        running(app).first().map(|job| match &job.state {
            JobState::Running { permille, .. } => format!("{} %", permille / 10),
            _ => String::new(),
        })
    });
    move || {
        text.get()
            .map(|text| view! { <span class="badge badge-accent" aria-label="Running">{text}</span> })
    }
}

/// The first screen comes first: only then is looked after backups and other workspaces.
const REST: Duration = Duration::from_secs(3);

/// Offers the new version once all of it is here; while something runs it waits, since it ends what runs.
#[component]
fn NewVersion() -> impl IntoView {
    let app = use_app();
    let state = offline();
    let busy = memo(move |_| !running(app).is_empty());
    view! {
        <Show when=move || state.get() == Offline::Update>
            <Notice text=derived(move || match busy.get() {
                true => "A new version of Corral is ready; it can be used as soon as nothing runs any more".to_owned(),
                false => "A new version of Corral is ready".to_owned(),
            })>
                <Button label="Update" disabled=busy on_press=|_| update()/>
            </Notice>
        </Show>
    }
}

/// So many records that can't be read are told of on every screen; the page of the data tells of all.
const TOLD: usize = 3;

/// The first of what could not be read, and how many there are beside.
fn first_of(damage: &[String]) -> String {
    let told: Vec<&str> = damage.iter().take(TOLD).map(String::as_str).collect();
    match damage.len().saturating_sub(TOLD) {
        0 => told.join("; "),
        more => format!("{}; and {more} more", told.join("; ")),
    }
}

/// What concerns every screen: a new version, a database that is gone, damage, and a backup that is old.
#[component]
fn Banners() -> impl IntoView {
    let app = use_app();
    let workspaces = workspaces::use_workspaces();
    let hidden = RwSignal::new(false);
    let damage = memo(move |_| app.damage.with(|damage| first_of(damage)));
    let rested = RwSignal::new(false);
    set_timeout(
        move || {
            rested.try_set(true);
        },
        REST,
    );
    // Who sees the data page sees what is kept there, whenever that is.
    let keeping = ever(move || {
        let something = app.overview.with(|overview| overview.contacts > 0);
        app.route.with(|route| *route == Route::Data) || rested.get() && something
    });
    view! {
        <div class="banners">
            <NewVersion/>
            <Show when=move || workspaces.gone.get().is_some()>
                <Notice
                    tone=Tone::Warning
                    text=derived(move || format!(
                        "The browser has deleted what was in this workspace: {} when it was last open. If you have a backup, restore it",
                        format::contacts(workspaces.gone.get().unwrap_or_default()),
                    ))
                >
                    <LinkButton label="Restore a backup" href=Route::Data.to_string()/>
                    <Button label="Close" look=Look::Quiet on_press=move |_| workspaces.expect_none()/>
                </Notice>
            </Show>
            <Show when=move || !damage.get().is_empty() && !hidden.get()>
                <Notice
                    tone=Tone::Warning
                    text=derived(move || format!("Some of your data could not be read: {}. Everything else is here", damage.get()))
                >
                    <LinkButton label="See Data" href=Route::Data.to_string()/>
                    <Button label="Close" look=Look::Quiet on_press=move |_| hidden.set(true)/>
                </Notice>
            </Show>
            <Show when=move || keeping.get()>{screens::keep_watch()}</Show>
        </div>
    }
}
