//! The settings of Split and A/B test.

use super::units::{equal_shares, shares_fault};
use crate::ui::reactive::{derived, field_part, memo, part};
use crate::ui::{Button, Faults, Icon, IconButton, Look, NumberField};
use crate::workflows::editor::Editor;
use leptos::prelude::*;
use model::workflow::node::Split;

/// A split has at most so many branches.
const MOST: usize = 5;

/// The name of a branch.
fn letter(at: usize) -> char {
    ('A'..='E').nth(at).unwrap_or('E')
}

/// The shares of the branches.
#[component]
pub fn SplitForm(
    /// The graph.
    editor: Editor,
    /// The settings.
    value: RwSignal<Split>,
) -> impl IntoView {
    let shares = field_part!(value, shares);
    let many = memo(move |_| shares.with(Vec::len));
    let wrong = memo(move |_| shares.with(|shares| shares_fault(shares)));
    Faults::watch(derived(move || wrong.get()));
    let fixed = editor.fixed;
    let add = move |_| shares.update(|shares| shares.push(0));
    let level = move |_| shares.update(|shares| *shares = equal_shares(shares.len()));
    let rows = move || {
        let many = many.get();
        // Exits go by their numbers: only behind the last one is nothing that would change its way.
        let removable = |at| many > 2 && at + 1 == many && !fixed.get();
        let row = |at| view! { <Share shares=shares at=at removable=removable(at)/> };
        (0..many).map(row).collect_view()
    };
    let sum = move || {
        wrong
            .get()
            .unwrap_or_else(|| "The shares add up to 100 %".to_owned())
    };
    view! {
        <fieldset class="panel-group">
            <legend>"Branches"</legend>
            {rows}
            <p class=move || if wrong.with(Option::is_some) { "field-error" } else { "soft small" } role="status">{sum}</p>
            <div class="buttons">
                <Button
                    label="Add branch"
                    look=Look::Quiet
                    small=true
                    icon=Icon::Plus
                    disabled=derived(move || many.get() >= MOST || fixed.get())
                    on_press=add
                />
                <Button label="Share equally" look=Look::Quiet small=true on_press=level/>
            </div>
            <p class="field-hint">
                {move || match fixed.get() {
                    true => "While the workflow is active its branches stay; shares may change",
                    false => "Two to five; the last one can be taken away, and its connection goes with it",
                }}
            </p>
        </fieldset>
    }
}

/// The share of one branch.
#[component]
fn Share(
    /// The shares.
    shares: RwSignal<Vec<u8>>,
    /// Its place among them.
    at: usize,
    /// Whether it can be taken away.
    removable: bool,
) -> impl IntoView {
    let get = move |shares: &Vec<u8>| shares.get(at).copied().map_or(0, i64::from);
    let set = move |shares: &mut Vec<u8>, new: i64| {
        if let (Some(share), Ok(new)) = (shares.get_mut(at), new.try_into()) {
            *share = new;
        }
    };
    let share = part(shares, get, set);
    let remove = move |_| {
        shares.update(|shares| {
            if at < shares.len() {
                shares.remove(at);
            }
        });
    };
    view! {
        <div class="panel-share">
            <NumberField label=format!("Branch {} (%)", letter(at)) value=share most=100/>
            {removable.then(|| view! {
                <IconButton icon=Icon::Close label=format!("Remove branch {}", letter(at)) on_press=remove/>
            })}
        </div>
    }
}
