//! *Erase permanently*: what goes for good, after a word is typed.

use crate::confirm::ConfirmDialog;
use crate::ui::format;
use crate::ui::reactive::derived;
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::query::Selection;
use model::route::Route;

/// The dialog that erases contacts permanently.
#[component]
pub fn EraseDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The contacts.
    #[prop(into)]
    selection: Callback<(), Selection>,
    /// How many they are.
    #[prop(into)]
    count: Signal<u64>,
    /// Told when they are gone.
    #[prop(optional_no_strip, into)]
    on_done: Option<Callback<Reply>>,
    /// Where one is led then.
    #[prop(optional_no_strip, into)]
    leads_to: Option<Route>,
) -> impl IntoView {
    let title = derived(move || format!("Erase {} permanently", format::contacts(count.get())));
    let text = derived(move || {
        let values = match count.get() {
            1 => "This contact and all their values go",
            _ => "These contacts and all their values go",
        };
        format!(
            "{values} from the table, the segments, the history, the rejected rows of imports and the exports kept here. Numbers of the past stay true. This can't be undone"
        )
    });
    view! {
        <ConfirmDialog
            open=open
            title=title
            text=text
            word="ERASE"
            button="Erase permanently"
            request=move |()| Some(Request::Erase(selection.run(())))
            on_done=on_done
            leads_to=leads_to
        />
    }
}
