//! Saved filters, and **Save as segment**.

use super::bulk::new_segment;
use crate::router::navigate;
use crate::state::use_app;
use crate::ui::reactive::{derived, effect};
use crate::ui::{Button, Dialog, DialogFoot, Icon, IconButton, Look, Menu, MenuItem, TextField};
use leptos::prelude::*;
use model::field::MAX_NAME;
use model::message::Request;
use model::query::{Query, SavedFilter, Selection};
use model::route::Route;

/// The menu of saved filters.
#[component]
pub fn SavedFilters(
    /// What is asked for now.
    query: Memo<Query>,
    /// Opens the dialog that saves it.
    saving: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let managing = RwSignal::new(false);
    let items = move |()| {
        let filters = app.overview.with_untracked(|overview| overview.filters.clone());
        let some = !filters.is_empty();
        let asked = query.with_untracked(|query| {
            !query.search.is_empty() || !query.filter.is_empty() || query.sort.is_some()
        });
        let mut items: Vec<MenuItem> = filters
            .into_iter()
            .map(|filter| {
                MenuItem::go(filter.name, Route::Contacts(filter.query).to_string()).icon(Icon::Filter)
            })
            .collect();
        if some {
            items.push(MenuItem::line());
        }
        items.push(
            MenuItem::act("Save filter…", move || saving.set(true))
                .icon(Icon::Save)
                .disabled(!asked),
        );
        items.push(
            MenuItem::act("Delete a saved filter…", move || managing.set(true))
                .icon(Icon::Trash)
                .disabled(!some),
        );
        items
    };
    let rows = move || {
        app.overview.with(|overview| {
            overview
                .filters
                .iter()
                .map(|filter| {
                    let name = filter.name.clone();
                    let label = format!("Delete {name}");
                    view! {
                        <li class="column-row">
                            <span class="option-label">{filter.name.clone()}</span>
                            <IconButton
                                icon=Icon::Trash
                                label=label
                                on_press=move |_| app.write(Request::DeleteFilter(name.clone()))
                            />
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Menu label="Saved filters" text=true icon=Icon::Save items=items/>
        <Dialog open=managing title="Saved filters">
            <ul class="column-list">{rows}</ul>
            {move || app.overview.with(|overview| overview.filters.is_empty())
                .then(|| view! { <p class="soft">"There are no saved filters"</p> })}
        </Dialog>
    }
}

/// The dialog that saves a search and filter by name.
#[component]
pub fn SaveFilter(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What is saved.
    query: Memo<Query>,
) -> impl IntoView {
    let app = use_app();
    let name = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let replaces = move || {
        let name = name.with(|name| name.trim().to_lowercase());
        let known = app.overview.with(|overview| {
            overview
                .filters
                .iter()
                .any(|filter| filter.name.to_lowercase() == name)
        });
        if known {
            "Replaces the filter of this name".to_owned()
        } else {
            String::new()
        }
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = name.with_untracked(|name| name.trim().to_owned());
        if name.is_empty() {
            error.set(Some("Give the filter a name".to_owned()));
            return;
        }
        let filter = SavedFilter {
            name,
            query: query.get_untracked(),
        };
        app.write_from_dialog(open, busy, error, Request::SaveFilter(filter), |_| {});
    };
    view! {
        <Dialog open=open title="Save filter">
            <form class="form" on:submit=save>
                <TextField label="Name" value=name error=error hint=derived(replaces) required=true max=MAX_NAME focus=true/>
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button label="Save" look=Look::Primary submit=true disabled=busy/>
                </DialogFoot>
            </form>
        </Dialog>
    }
}

/// The dialog that makes a segment of all that match.
#[component]
pub fn SaveAsSegment(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What the members match.
    query: Memo<Query>,
    /// Its heading.
    #[prop(default = "Save as segment")]
    title: &'static str,
    /// What its button says.
    #[prop(default = "Save as segment")]
    button: &'static str,
    /// The name it begins with.
    #[prop(optional, into)]
    suggested: Signal<String>,
) -> impl IntoView {
    let app = use_app();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    effect(move || {
        if open.get() {
            name.set(suggested.get_untracked());
            error.set(None);
        }
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name_now = name.with_untracked(|name| name.trim().to_owned());
        if name_now.is_empty() {
            error.set(Some("Give the segment a name".to_owned()));
            return;
        }
        let def = new_segment(name_now, description.get_untracked());
        let members = Selection::Matching {
            query: Query {
                sort: None,
                ..query.get_untracked()
            },
            except: Vec::new(),
        };
        let request = Request::CreateSegment(def, Some(members));
        app.write_from_dialog(open, busy, error, request, move |_| {
            name.set(String::new());
            description.set(String::new());
            navigate(&Route::Segments);
        });
    };
    view! {
        <Dialog open=open title=title>
            <form class="form" on:submit=save>
                <p class="soft">"The contacts that match now become members; later changes of contacts change nothing in the segment"</p>
                <TextField label="Name" value=name error=error required=true max=MAX_NAME focus=true/>
                <TextField label="Description" value=description lines=2/>
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button label=button look=Look::Primary submit=true disabled=busy/>
                </DialogFoot>
            </form>
        </Dialog>
    }
}
