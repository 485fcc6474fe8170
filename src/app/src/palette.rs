//! The command palette (Ctrl/⌘ K): every page and every action, by typing a part of its name.

use crate::router::navigate;
use crate::state::{App, use_app};
use crate::theme::Theme;
use crate::ui::reactive::{effect, memo};
use crate::ui::{Glyph, Icon, popup};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use model::message::Request;
use model::query::{Group, Query, Rule};
use model::route::Route;
use model::workflow::{StateChange, WorkflowState};

/// What a line of the palette does.
#[derive(Clone, Debug, PartialEq)]
enum Act {
    Go(Route),
    NewWorkflow,
    /// What the page offers, by its place among that.
    Deed(usize),
    Write(Request),
    Undo,
    Redo,
    Demo,
    Theme(Theme),
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq)]
struct Command {
    label: String,
    detail: &'static str,
    icon: Icon,
    act: Act,
}

fn command(label: impl Into<String>, detail: &'static str, icon: Icon, act: Act) -> Command {
    Command {
        label: label.into(),
        detail,
        icon,
        act,
    }
}

/// The members of one segment, as a route.
pub fn members(segment: model::SegmentId) -> Route {
    let filter = Group::all(vec![Rule::Segment {
        segment,
        member: true,
    }]);
    Route::Contacts(Query {
        filter,
        ..Query::default()
    })
}

/// What is done on another page, found by the name of its button there.
fn places() -> impl Iterator<Item = Command> {
    [
        ("Simulate…", "Simulator", Icon::Simulator, Route::Simulator),
        (
            "Export activities…",
            "Exports",
            Icon::Export,
            Route::ExportActivities,
        ),
        ("Back up…", "Data and settings", Icon::Save, Route::Data),
        ("Restore…", "Data and settings", Icon::Data, Route::Data),
        ("Check integrity", "Data and settings", Icon::Check, Route::Data),
        ("Workspaces", "Data and settings", Icon::Data, Route::Data),
    ]
    .into_iter()
    .map(|(label, page, icon, route)| command(label, page, icon, Act::Go(route)))
}

fn commands(app: App) -> Vec<Command> {
    let mut all = vec![
        command(
            "View all contacts",
            "Page",
            Icon::Contacts,
            Act::Go(Route::default()),
        ),
        command("Segments", "Page", Icon::Segments, Act::Go(Route::Segments)),
        command("Fields", "Page", Icon::Fields, Act::Go(Route::Fields)),
        command("Imports", "Page", Icon::Import, Act::Go(Route::Imports)),
        command("Exports", "Page", Icon::Export, Act::Go(Route::Exports)),
        command("Workflows", "Page", Icon::Workflow, Act::Go(Route::Workflows)),
        command("Create new workflow…", "Action", Icon::Workflow, Act::NewWorkflow),
        command("Simulator", "Page", Icon::Simulator, Act::Go(Route::Simulator)),
        command(
            "Import events…",
            "Action",
            Icon::Import,
            Act::Go(Route::ImportEvents),
        ),
        command("History", "Page", Icon::History, Act::Go(Route::History)),
        command("Data and settings", "Page", Icon::Data, Act::Go(Route::Data)),
        command(
            "Find duplicates",
            "Page",
            Icon::Contacts,
            Act::Go(Route::Duplicates),
        ),
        command(
            "Import contacts…",
            "Action",
            Icon::Import,
            Act::Go(Route::Import(None)),
        ),
        command(
            "Export contacts…",
            "Action",
            Icon::Export,
            Act::Go(Route::Export(Query::default())),
        ),
        command(
            "Export for ads…",
            "Action",
            Icon::Export,
            Act::Go(Route::ExportAds(Query::default())),
        ),
        command(
            "Create contact…",
            "Action",
            Icon::Person,
            Act::Go(Route::NewContact),
        ),
        command(
            "Create new segment…",
            "Action",
            Icon::Segments,
            Act::Go(Route::NewSegment),
        ),
        command(
            "Combine segments…",
            "Action",
            Icon::Segments,
            Act::Go(Route::Combine(Vec::new())),
        ),
        command(
            "Overlap of segments",
            "Page",
            Icon::Segments,
            Act::Go(Route::Overlap),
        ),
        command("Refresh segments…", "Action", Icon::Redo, Act::Go(Route::Refresh)),
        command("Create field…", "Action", Icon::Fields, Act::Go(Route::Fields)),
    ];
    all.extend(places());
    // What the page offers comes first.
    app.deeds.with(|deeds| {
        let deeds = deeds.iter().enumerate();
        let deeds = deeds.map(|(at, deed)| command(deed.label, "This page", Icon::Workflow, Act::Deed(at)));
        all.splice(0..0, deeds);
    });
    // On the page of a workflow, *Pause* stands among what the page offers.
    let open = app.route.with(|route| match route {
        Route::Workflow(id) => Some(*id),
        _ => None,
    });
    app.overview.with(|overview| {
        if overview.simulation.is_some() && !app.copy.get() {
            let clear = Act::Go(Route::Simulator);
            all.push(command("Clear simulation…", "Simulator", Icon::Undo, clear));
        }
        if let Some((_, what)) = &overview.undo {
            all.push(command(format!("Undo: {what}"), "Action", Icon::Undo, Act::Undo));
        }
        if let Some((_, what)) = &overview.redo {
            all.push(command(format!("Redo: {what}"), "Action", Icon::Redo, Act::Redo));
        }
        let demo = if overview.demo.is_some() {
            "Remove the demo"
        } else {
            "Load the demo"
        };
        all.push(command(demo, "Action", Icon::Demo, Act::Demo));
        for theme in Theme::ALL {
            all.push(command(theme.label(), "Theme", theme.icon(), Act::Theme(theme)));
        }
        for segment in &overview.segments {
            all.push(command(
                &segment.def.name,
                "View contacts",
                Icon::Segments,
                Act::Go(members(segment.def.id)),
            ));
            let edit = Act::Go(Route::EditSegment(segment.def.id));
            all.push(command(
                format!("Edit {}", segment.def.name),
                "Segment",
                Icon::Edit,
                edit,
            ));
            let keys = Act::Go(Route::SegmentKeys(segment.def.id));
            all.push(command(
                format!("Members of {} by pasted keys…", segment.def.name),
                "Segment",
                Icon::Paste,
                keys,
            ));
            let import = Act::Go(Route::Import(Some(segment.def.id)));
            all.push(command(
                format!("Import into {}…", segment.def.name),
                "Segment",
                Icon::Import,
                import,
            ));
        }
        for (id, name, state) in &overview.workflows {
            let route = Route::Workflow(*id);
            all.push(command(name, "Workflow", Icon::Workflow, Act::Go(route)));
            if *state == WorkflowState::Active && open != Some(*id) {
                let act = Act::Write(Request::ChangeWorkflow(*id, StateChange::Pause));
                all.push(command(format!("Pause {name}"), "Workflow", Icon::Workflow, act));
            }
        }
        for filter in &overview.filters {
            let route = Route::Contacts(filter.query.clone());
            all.push(command(
                &filter.name,
                "Saved filter",
                Icon::Filter,
                Act::Go(route),
            ));
        }
    });
    all
}

/// How well a label fits a typed text: each word must occur; starts of words are worth more. None: not at all.
fn fit(label: &str, text: &str) -> Option<u32> {
    let label = label.to_lowercase();
    let mut score = 0;
    for word in text.to_lowercase().split_whitespace() {
        let at = label.find(word)?;
        let starts = label[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric());
        score += if at == 0 {
            3
        } else if starts {
            2
        } else {
            1
        };
    }
    Some(score)
}

/// The commands that fit a text, the best first, at most 50.
fn find(mut all: Vec<Command>, text: &str) -> Vec<Command> {
    let mut found: Vec<(u32, Command)> = all
        .drain(..)
        .filter_map(|command| Some((fit(&command.label, text)?, command)))
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, command)| command).take(50).collect()
}

fn run(app: App, act: &Act) {
    match act {
        Act::Go(route) => navigate(route),
        Act::Deed(at) => {
            if let Some(deed) = app.deeds.with_untracked(|deeds| deeds.get(*at).cloned()) {
                deed.act.run(());
            }
        }
        Act::NewWorkflow => crate::workflows::create(app),
        Act::Write(request) => app.write(request.clone()),
        Act::Undo => app.undo_last(),
        Act::Redo => app.redo_last(),
        Act::Demo => match app.overview.with_untracked(|overview| overview.demo) {
            Some(change) => app.undo(change),
            None => app.load_demo(),
        },
        Act::Theme(theme) => app.theme.set(*theme),
    }
}

/// The command palette; open while `app.palette` is true.
#[component]
pub fn Palette() -> impl IntoView {
    let app = use_app();
    let node = NodeRef::<html::Dialog>::new();
    let typed = RwSignal::new(String::new());
    let active = RwSignal::new(0usize);
    let found = memo(move |_| {
        if app.palette.get() {
            find(commands(app), &typed.get())
        } else {
            Vec::new()
        }
    });
    effect(move || {
        let Some(dialog) = node.get() else { return };
        if app.palette.get() {
            typed.set(String::new());
            active.set(0);
            if !dialog.open() && dialog.show_modal().is_err() {
                app.palette.set(false);
            }
        } else if dialog.open() {
            dialog.close();
        }
    });
    let take = move |at: usize| {
        if let Some(command) = found.with_untracked(|found| found.get(at).cloned()) {
            app.palette.set(false);
            run(app, &command.act);
        }
    };
    let keyed = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        let at = active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => active.set(if at >= last { 0 } else { at + 1 }),
            "ArrowUp" => active.set(if at == 0 { last } else { at - 1 }),
            "Enter" => take(at),
            _ => return,
        }
        event.prevent_default();
        if let Some(row) = document().get_element_by_id(&format!("command-{}", active.get_untracked())) {
            popup::reveal(&row);
        }
    };
    view! {
        <dialog
            class="dialog palette"
            node_ref=node
            aria-label="Search and commands"
            on:close=move |_| app.palette.set(false)
            on:click=move |event| {
                // A click beside the dialog's content is a click on its backdrop.
                let on_backdrop = node.get_untracked().is_some_and(|dialog| {
                    event.target().is_some_and(|target| target == *web_sys::EventTarget::from(dialog).as_ref())
                });
                if on_backdrop {
                    app.palette.set(false);
                }
            }
        >
            <input
                class="palette-input"
                type="text"
                role="combobox"
                autocomplete="off"
                aria-label="Search pages and actions"
                placeholder="Search pages and actions"
                aria-expanded="true"
                aria-controls="commands"
                aria-autocomplete="list"
                aria-activedescendant=move || format!("command-{}", active.get())
                prop:value=typed
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    active.set(0);
                }
                on:keydown=keyed
            />
            <div class="palette-list" role="listbox" id="commands" aria-label="Pages and actions">
                {move || {
                    found
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(at, command)| view! {
                            <div
                                class="option"
                                class:option-active=move || active.get() == at
                                role="option"
                                id=format!("command-{at}")
                                aria-selected=move || (active.get() == at).to_string()
                                on:click=move |_| take(at)
                            >
                                <Glyph icon=command.icon/>
                                <span class="option-label">{command.label}</span>
                                <span class="option-detail">{command.detail}</span>
                            </div>
                        })
                        .collect_view()
                }}
                {move || found.with(Vec::is_empty).then(|| view! {
                    <div class="popup-empty" role="option" aria-disabled="true" aria-selected="false">"Nothing found"</div>
                })}
            </div>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_of_words_come_first() {
        let all = vec![
            command("Reimport", "", Icon::Import, Act::Undo),
            command("See imports", "", Icon::Import, Act::Undo),
            command("Import contacts…", "", Icon::Import, Act::Undo),
            command("Fields", "", Icon::Fields, Act::Undo),
        ];
        let found: Vec<String> = find(all, "import")
            .into_iter()
            .map(|command| command.label)
            .collect();
        assert_eq!(found, ["Import contacts…", "See imports", "Reimport"]);
    }

    #[test]
    fn every_word_must_occur() {
        assert!(fit("Import into VIP…", "vip imp").is_some());
        assert!(fit("Import into VIP…", "vip exp").is_none());
    }
}
