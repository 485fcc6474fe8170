//! Undoing and redoing an import: what it would do is told first.

use super::words::{Outlook, outlook};
use crate::router::here_in;
use crate::state::{App, once, unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Dialog, DialogFoot, Look, Notice, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::history::UndoPreview;
use model::ids::ChangeId;
use model::message::{Reply, Request};
use model::problem::Problem;

/// An import that is to be undone or redone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The import.
    pub change: ChangeId,
    /// Whether it is undone, rather than redone.
    pub back: bool,
    /// The file's name, for the heading.
    pub file: String,
}

impl Turn {
    /// What the button says.
    pub fn label(&self) -> &'static str {
        if self.back { "Undo import" } else { "Redo import" }
    }
}

/// What was done, for a screen that wants to show it.
pub type Turned = (Turn, UndoPreview);

/// A dialog that says what an undo or redo would do, and does it; open while `turn` names one.
#[component]
pub fn TurnDialog(
    /// What is to be undone or redone.
    turn: RwSignal<Option<Turn>>,
    /// Told when it was done.
    #[prop(optional, into)]
    on_done: Option<Callback<Turned>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || open.set(turn.with(Option::is_some)));
    effect(move || {
        // A signal that is set is told of, whatever it was: setting it in vain would go round for ever.
        if !open.get() && turn.with_untracked(Option::is_some) {
            turn.set(None);
        }
    });
    let title = memo(move |_| {
        turn.with(|turn| {
            turn.as_ref()
                .map(|turn| format!("{} of {}", turn.label(), turn.file))
                .unwrap_or_default()
        })
    });
    view! {
        <Dialog open=open title=title>
            {move || turn.get().map(|turn| view! { <Ask turn=turn open=open on_done=on_done/> })}
        </Dialog>
    }
}

/// What would happen, and the button that lets it.
#[component]
fn Ask(turn: Turn, open: RwSignal<bool>, on_done: Option<Callback<Turned>>) -> impl IntoView {
    let app = use_app();
    let found = RwSignal::new(None::<Result<Outlook, Problem>>);
    let busy = RwSignal::new(false);
    let (change, back, label) = (turn.change, turn.back, turn.label());
    spawn_local(async move {
        let request = if back {
            Request::PreviewUndo(change)
        } else {
            Request::PreviewRedo(change)
        };
        let answer = app.ask(request).await.and_then(|reply| match reply {
            Reply::UndoPreview(preview) => Ok(outlook(&preview, back)),
            _ => Err(unexpected()),
        });
        found.try_set(Some(answer));
    });
    let list = |lines: Vec<String>| {
        lines
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view()
    };
    let body = move || match found.get() {
        None => view! { <p class="soft" role="status">"Looking at what would happen…"</p> }.into_any(),
        Some(Err(problem)) => view! { <Notice tone=Tone::Danger text=problem.to_string()/> }.into_any(),
        Some(Ok(Outlook { happens, stays })) => view! {
            {if happens.is_empty() {
                view! { <p>"Nothing would change"</p> }.into_any()
            } else {
                view! { <ul class="bullets">{list(happens)}</ul> }.into_any()
            }}
            {(!stays.is_empty()).then(|| view! {
                <h3>"What stays"</h3>
                <ul class="bullets">{list(stays)}</ul>
            })}
        }
        .into_any(),
    };
    let go = move |_| {
        let (here, turn) = (here_in(open), turn.clone());
        once(busy, async move {
            match act(app, change, back).await {
                Ok(preview) => {
                    if here.still() {
                        open.set(false);
                    }
                    if let Some(told) = on_done {
                        // The screen may be gone by now.
                        told.try_run((turn, preview));
                    }
                }
                // In a dialog that is gone nobody would see it.
                Err(problem) if found.is_disposed() => app.report(&problem),
                Err(problem) => found.set(Some(Err(problem))),
            }
        });
    };
    let ready = move || found.with(|found| matches!(found, Some(Ok(_)))) && !busy.get();
    view! {
        {body}
        <DialogFoot>
            <Button label="Cancel" on_press=move |_| open.set(false)/>
            <Button label=label look=Look::Primary disabled=derived(move || !ready()) on_press=go/>
        </DialogFoot>
    }
}

/// Undoes or redoes, and offers the way back in a toast.
async fn act(app: App, change: ChangeId, back: bool) -> Result<UndoPreview, Problem> {
    let request = if back {
        Request::Undo(change)
    } else {
        Request::Redo(change)
    };
    match app.ask(request).await? {
        Reply::Undone(preview, done) => {
            let again = if back { "Redo" } else { "Undo" };
            let act = Callback::new(move |()| if back { app.redo(change) } else { app.undo(change) });
            app.toasts.say(done.what, Some((again.to_owned(), act)));
            Ok(preview)
        }
        _ => Err(unexpected()),
    }
}
