//! Going from one workspace to another, from the menu beside every screen.

use super::{go, use_workspaces};
use crate::site;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Icon, Menu, MenuItem};
use leptos::prelude::*;
use model::route::Route;

/// The present workspace and a menu of the others; nothing while there is only one.
#[component]
pub fn Switcher() -> impl IntoView {
    let workspaces = use_workspaces();
    let several = memo(move |_| workspaces.all.with(|all| all.len() > 1));
    let items = move |()| {
        let here = site::workspace();
        let mut items: Vec<MenuItem> = workspaces.all.with_untracked(|all| {
            all.iter()
                .map(|entry| {
                    let id = entry.id.clone();
                    let icon = if id == here { Icon::Check } else { Icon::Data };
                    MenuItem::act(entry.title(), move || go(&id)).icon(icon)
                })
                .collect()
        });
        items.push(MenuItem::line());
        items.push(MenuItem::go("All workspaces", Route::Data.to_string()));
        items
    };
    view! {
        <Show when=move || several.get()>
            <Menu label=derived(move || workspaces.title()) icon=Icon::Data text=true items=items/>
        </Show>
    }
}
