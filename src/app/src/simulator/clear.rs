//! **Clear simulation**: everything that simulations did to this workspace is taken back.

use crate::history::undo_numbers;
use crate::state::{unexpected, use_app};
use crate::ui::reactive::memo;
use crate::ui::{Button, Dialog, DialogFoot, Icon, Look, Notice, Numbers, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::ids::ChangeId;
use model::message::{Reply, Request};

/// The button; it says first what would go.
#[component]
pub fn ClearButton(
    /// The change set whose undo clears the simulation.
    change: ChangeId,
) -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    let items = RwSignal::new(Vec::new());
    let ask = move |_| {
        spawn_local(async move {
            match app.ask(Request::PreviewUndo(change)).await {
                Ok(Reply::UndoPreview(preview)) => {
                    items.try_set(undo_numbers(&preview));
                    open.try_set(true);
                }
                Ok(_) => app.report(&unexpected()),
                Err(problem) => app.report(&problem),
            }
        });
    };
    let go = move |_| {
        open.set(false);
        app.undo(change);
    };
    view! {
        <Button label="Clear simulation…" icon=Icon::Undo on_press=ask/>
        <Dialog open=open title="Clear simulation">
            <p>"All simulated events go, and what workflows did because of them: members, fields, waits, counters and statistics"</p>
            <Numbers items=items/>
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button label="Clear simulation" look=Look::Primary on_press=go/>
            </DialogFoot>
        </Dialog>
    }
}

/// Says that simulated data is in this workspace, while it is, and offers to clear it.
#[component]
pub fn SimulatedNotice() -> impl IntoView {
    let app = use_app();
    // A copy is thrown away, not cleared.
    let change = memo(move |_| match app.copy.get() {
        true => None,
        false => app.overview.with(|overview| overview.simulation),
    });
    move || {
        change.get().map(|change| {
            view! {
                <Notice tone=Tone::Warning text="Simulated data is in this workspace: events, and what workflows did because of them">
                    <ClearButton change=change/>
                </Notice>
            }
        })
    }
}
