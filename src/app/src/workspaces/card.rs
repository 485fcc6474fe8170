//! The list of workspaces on the data page.

use super::registry::Entry;
use super::{NameDialog, go, use_workspaces};
use crate::confirm::ConfirmDialog;
use crate::site;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Badge, Button, Icon, Menu, MenuItem, Tone, format};
use leptos::prelude::*;
use model::message::Request;

/// Every workspace of this site, with what can be done with it.
#[component]
pub fn WorkspacesCard() -> impl IntoView {
    let app = use_app();
    let workspaces = use_workspaces();
    let creating = RwSignal::new(false);
    let renaming = RwSignal::new(false);
    let asked = RwSignal::new(None::<Entry>);
    let deleting = RwSignal::new(false);
    let delete = move |entry: Entry| {
        asked.set(Some(entry));
        deleting.set(true);
    };
    let about_to = move || asked.get().unwrap_or_default();
    let done = move |_| {
        let Some(entry) = asked.get_untracked() else {
            return;
        };
        workspaces.forget(&entry.id);
        app.toasts.say(format!("{} is deleted", entry.title()), None);
    };
    view! {
        <section class="card" aria-labelledby="workspaces">
            <h2 id="workspaces">"Workspaces"</h2>
            <p class="soft">"Each keeps contacts, segments, workflows and history of its own; two tabs can show two of them"</p>
            <div class="list-frame" role="region" aria-labelledby="workspaces" tabindex="0">
                <table class="list">
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col" class="number">"Contacts"</th>
                            <th scope="col">"Last opened"</th>
                            <th scope="col"><span class="unseen">"Options"</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || workspaces.all.get() key=|entry| entry.id.clone() let:entry>
                            <Row id=entry.id renaming=renaming on_delete=delete/>
                        </For>
                    </tbody>
                </table>
            </div>
            <div class="buttons">
                <Button label="New workspace…" icon=Icon::Plus on_press=move |_| creating.set(true)/>
            </div>
            <NameDialog
                open=creating
                title="New workspace"
                text="It begins empty, and opens in this tab"
                button="Create workspace"
                on_name=move |name| workspaces.create(name)
            />
            <NameDialog
                open=renaming
                title="Rename workspace"
                button="Rename"
                before=derived(move || workspaces.title())
                on_name=move |name| workspaces.rename(name)
            />
            <ConfirmDialog
                open=deleting
                title="Delete workspace"
                text=derived(move || {
                    let entry = about_to();
                    format!(
                        "{} goes for good, with {} and everything else in it; this can’t be undone",
                        entry.title(),
                        format::contacts(entry.contacts)
                    )
                })
                word=derived(move || about_to().title())
                button="Delete workspace"
                request=move |()| asked.get_untracked().map(|entry| Request::DeleteWorkspace(entry.id))
                on_done=Callback::new(done)
            />
        </section>
    }
}

/// One workspace.
#[component]
fn Row(
    /// Its id.
    id: String,
    /// Whether the present one is being renamed.
    renaming: RwSignal<bool>,
    /// Asks for it to be deleted.
    #[prop(into)]
    on_delete: Callback<Entry>,
) -> impl IntoView {
    let workspaces = use_workspaces();
    let here = id == site::workspace();
    let address = site::address(&id);
    let id = StoredValue::new(id);
    let entry = memo(move |_| {
        let found = workspaces.all.with(|all| {
            all.iter()
                .find(|entry| id.with_value(|id| *id == entry.id))
                .cloned()
        });
        found.unwrap_or_default()
    });
    let title = move || entry.with(Entry::title);
    let items = move |()| match here {
        true => vec![MenuItem::act("Rename…", move || renaming.set(true)).icon(Icon::Edit)],
        false => vec![
            MenuItem::act("Open", move || id.with_value(|id| go(id))).icon(Icon::Data),
            MenuItem::line(),
            MenuItem::act("Delete…", move || on_delete.run(entry.get_untracked()))
                .icon(Icon::Trash)
                .danger(),
        ],
    };
    let name = match here {
        true => view! { {title} " " <Badge label="Open here" tone=Tone::Success/> }.into_any(),
        false => view! { <a class="list-main" href=address>{title}</a> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="number">{move || entry.with(|entry| format::number(entry.contacts))}</td>
            <td>{move || entry.with(|entry| entry.opened.map_or_else(|| "Not yet known".to_owned(), format::ago))}</td>
            <td class="list-options">
                <Menu label=derived(move || format!("Options for {}", title())) items=items/>
            </td>
        </tr>
    }
}
