//! Making a workflow: a new one, one from a template, or one from a file.

use super::checks::FaultList;
use super::draft;
use super::head::open_made;
use crate::router::{here, here_in, navigate};
use crate::state::{App, unexpected, use_app};
use crate::ui::{Button, Dialog, DialogFoot, Icon, Look, Notice, Tone, format, open_while};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::{Overview, Reply, Request};
use model::problem::Problem;
use model::route::Route;
use model::workflow::node::Start;
use model::workflow::{Fault, Graph, Node, NodeKind, TEMPLATES, Template};
use model::{NodeId, WorkflowId};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// A name that no workflow has: “New workflow”, “New workflow 2” …
fn free_name(overview: &Overview) -> String {
    let taken = |name: &str| {
        let name = name.to_lowercase();
        let mut known = overview.workflows.iter();
        known.any(|(_, known, _)| known.to_lowercase() == name)
    };
    let later = (2u32..).map(|number| format!("New workflow {number}"));
    let mut names = std::iter::once("New workflow".to_owned()).chain(later);
    names.find(|name| !taken(name)).unwrap_or_default()
}

/// A graph with nothing but its Start.
fn start_only() -> Graph {
    Graph {
        nodes: vec![Node {
            id: NodeId(1),
            x: 80,
            y: 120,
            name: String::new(),
            kind: NodeKind::Start(Start::default()),
        }],
        ..Graph::default()
    }
}

/// **Create new workflow**: makes a draft and opens it.
pub fn create(app: App) {
    create_once(app, RwSignal::new(false));
}

/// The same once at a time.
pub fn create_once(app: App, busy: RwSignal<bool>) {
    let name = app.overview.with_untracked(free_name);
    let request = Request::CreateWorkflow(name, String::new(), start_only());
    app.write_once(busy, request, open_made(here()));
}

/// The templates to start from.
#[component]
pub fn TemplateDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let busy = RwSignal::new(false);
    let make = move |template: Template| {
        let here = here_in(open);
        app.write_once(busy, Request::FromTemplate(template), move |reply| {
            if here.still() {
                open_made(here)(reply);
                open.set(false);
            }
        });
    };
    let lines = move || {
        TEMPLATES
            .iter()
            .map(|(template, name, what)| {
                view! {
                    <li>
                        <button type="button" class="workflow-template" disabled=busy on:click=move |_| make(*template)>
                            <strong>{*name}</strong>
                            <span class="soft">{*what}</span>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Dialog open=open title="Start from a template">
            <p class="soft">"A draft is made, with the segments that it needs; change it as you like before you activate it"</p>
            <ul class="workflow-templates">{lines}</ul>
        </Dialog>
    }
}

/// A workflow that was read from a file, and what of it was not understood.
#[derive(Clone, PartialEq)]
struct Read {
    id: WorkflowId,
    faults: Vec<Fault>,
    graph: Graph,
}

/// **Import file…**, and what of the file was not understood.
#[component]
pub fn ImportFile() -> impl IntoView {
    let app = use_app();
    let input = NodeRef::<html::Input>::new();
    let read = RwSignal::new(None::<Read>);
    let chosen = move |_| {
        let Some(input) = input.get() else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file chosen again is a choice, too.
        input.set_value("");
        let Some(file) = file else { return };
        let here = here();
        spawn_local(async move {
            match import(app, &file).await {
                Ok(made) if made.faults.is_empty() => here.go(&Route::Workflow(made.id)),
                Ok(made) => drop(read.try_set(Some(made))),
                Err(problem) => app.report(&problem),
            }
        });
    };
    view! {
        <input
            type="file"
            class="unseen"
            tabindex="-1"
            aria-label="Workflow file"
            accept=".json,application/json"
            node_ref=input
            on:change=chosen
        />
        <Button
            label="Import file…"
            on_press=move |_| {
                if let Some(input) = input.get() {
                    input.click();
                }
            }
        />
        <ReadDialog read=read/>
    }
}

/// Makes a workflow of a file.
async fn import(app: App, file: &File) -> Result<Read, Problem> {
    let unread = || {
        Problem::new(
            format!("The browser could not read {}", file.name()),
            "Choose the file again",
        )
    };
    let text = JsFuture::from(file.text()).await.map_err(|_| unread())?;
    let text = text.as_string().ok_or_else(unread)?;
    let reply = app.ask(Request::ReadWorkflow(text)).await?;
    app.say_done(&reply);
    let Reply::WorkflowRead(id, faults, _) = reply else {
        return Err(unexpected());
    };
    // Its nodes are named beside what was not understood.
    let graph = match app.ask(Request::Workflow(id)).await {
        Ok(Reply::Workflow(detail)) => detail.def.graph,
        _ => Graph::default(),
    };
    Ok(Read { id, faults, graph })
}

/// What of a file was not understood.
#[component]
fn ReadDialog(
    /// What was read; none while the dialog is closed.
    read: RwSignal<Option<Read>>,
) -> impl IntoView {
    let open = open_while(read);
    let body = move |made: Read| {
        let Read { id, faults, graph } = made;
        let many = faults.len() as u64;
        let words = format!(
            "The workflow was imported as a draft, but {} not understood, or not here",
            format::count(many, "part was", "parts were")
        );
        view! {
            <Notice tone=Tone::Warning text=words/>
            <FaultList
                faults=faults
                graph=graph
                on_node=move |node| {
                    open.set(false);
                    draft::aim(id, node);
                    navigate(&Route::Workflow(id));
                }
            />
            <DialogFoot>
                <Button label="Close" on_press=move |_| open.set(false)/>
                <Button
                    label="Open workflow"
                    icon=Icon::Workflow
                    look=Look::Primary
                    on_press=move |_| {
                        open.set(false);
                        navigate(&Route::Workflow(id));
                    }
                />
            </DialogFoot>
        }
    };
    view! {
        <Dialog open=open title="Imported workflow">{move || read.get().map(body)}</Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::WorkflowState;

    #[test]
    fn a_new_workflow_has_a_name_of_its_own() {
        let overview = |names: &[&str]| Overview {
            workflows: names
                .iter()
                .map(|name| (WorkflowId(1), (*name).to_owned(), WorkflowState::Draft))
                .collect(),
            ..Overview::default()
        };
        for (taken, name) in [
            (&[][..], "New workflow"),
            (&["new WORKFLOW"][..], "New workflow 2"),
            (&["New workflow", "New workflow 2", "VIP"][..], "New workflow 3"),
        ] {
            assert_eq!(free_name(&overview(taken)), name);
        }
    }
}
