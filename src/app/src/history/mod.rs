//! History: what changed, when and by what, with undo and redo.

mod change;
mod did;
mod list;
mod turn;

pub use change::Change;
pub use list::Changes;
pub use turn::numbers as undo_numbers;

use crate::simulator::SimulatedNotice;
use crate::ui::Page;
use leptos::prelude::*;
use model::history::Scope;

/// The history of the whole workspace.
#[component]
pub fn History() -> impl IntoView {
    view! {
        <Page title="History">
            <SimulatedNotice/>
            <Changes scope=Scope::All/>
        </Page>
    }
}
