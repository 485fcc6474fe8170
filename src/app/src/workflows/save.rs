//! Saving a workflow, and the question what becomes of those inside.

use super::compare::act_alike;
use super::draft::Draft;
use super::session::Session;
use crate::state::once;
use crate::ui::reactive::effect;
use crate::ui::{Button, Choice, Dialog, DialogFoot, Look, RadioGroup, format};
use leptos::prelude::*;
use model::message::Request;
use model::workflow::WorkflowState;
use std::sync::Arc;

/// What is done after something else. No callback: those that a menu makes are gone as soon as it closes.
pub type Then = Arc<dyn Fn() + Send + Sync>;

/// Saves one workflow; copied freely.
#[derive(Clone, Copy)]
pub struct Saver {
    session: Session,
    /// Whether those inside are asked about.
    asking: RwSignal<bool>,
    /// What is done after a save.
    then: StoredValue<Option<Then>>,
    /// Whether a save is under way.
    pub busy: RwSignal<bool>,
}

impl Saver {
    /// Nothing is being saved yet.
    pub fn new(session: Session) -> Saver {
        Saver {
            session,
            asking: RwSignal::new(false),
            then: StoredValue::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Saves what is not saved, and asks first what becomes of those inside where that is to be known.
    pub fn save(self) {
        self.save_then(None);
    }

    /// The same, and then goes on; at once where there is nothing to save.
    pub fn save_then(self, then: Option<Then>) {
        let session = self.session;
        if self.busy.get_untracked() {
            return;
        }
        session.editor.flush();
        if !session.dirty.get_untracked() {
            if let Some(then) = then {
                then();
            }
            return;
        }
        session.problem.set(None);
        if session.name.with_untracked(|name| name.trim().is_empty()) {
            session.problem.set(Some("Give the workflow a name".to_owned()));
            return;
        }
        self.then.set_value(then);
        let runs = session
            .state
            .with_untracked(|state| matches!(state, WorkflowState::Active | WorkflowState::Paused(_)));
        let alike = session.editor.graph.with_untracked(|now| {
            session
                .detail
                .with_untracked(|detail| act_alike(&detail.def.graph, now))
        });
        if runs && !alike {
            self.asking.set(true);
        } else {
            self.send(false);
        }
    }

    fn send(self, move_inside: bool) {
        let Session {
            app,
            id,
            editor,
            name,
            description,
            ..
        } = self.session;
        let name = name.with_untracked(|name| name.trim().to_owned());
        let description = description.with_untracked(|text| text.trim().to_owned());
        let graph = editor.graph.get_untracked();
        self.session.sends(Draft {
            name: name.clone(),
            description: description.clone(),
            graph: graph.clone(),
        });
        once(self.busy, async move {
            let request = Request::SaveWorkflow {
                id,
                name: name.clone(),
                description: description.clone(),
                graph: graph.clone(),
                move_inside,
            };
            match app.ask(request).await {
                Ok(reply) => {
                    app.say_done(&reply);
                    self.session.saved(name, description, graph);
                    if let Some(then) = self.then.try_get_value().flatten() {
                        then();
                    }
                }
                Err(problem) => app.report_at(self.session.problem, &problem),
            }
        });
    }
}

/// Asks what becomes of those inside a running workflow whose settings changed.
#[component]
pub fn SaveDialog(
    /// Saves then.
    saver: Saver,
) -> impl IntoView {
    let open = saver.asking;
    let choice = RwSignal::new("stay".to_owned());
    effect(move || {
        if open.get() {
            choice.set("stay".to_owned());
        }
    });
    let inside = move || {
        let stats = saver.session.detail.with(|detail| {
            let inside = detail.stats.iter().map(|stats| stats.inside);
            inside.sum::<u64>()
        });
        format!("{} inside now", format::contacts(stats))
    };
    let choices = vec![
        Choice {
            key: "stay".to_owned(),
            label: "Stay on the old version".to_owned(),
            detail: "They go on as it was when they came in".to_owned(),
        },
        Choice {
            key: "move".to_owned(),
            label: "Move to the new version".to_owned(),
            detail: "Waits are worked out anew from when they began; what would be past is due now"
                .to_owned(),
        },
    ];
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        open.set(false);
        saver.send(choice.with_untracked(|choice| choice == "move"));
    };
    let choices = StoredValue::new(choices);
    view! {
        <Dialog open=open title="Save a new version">
            <form class="form" on:submit=go>
                <p>{inside}</p>
                <RadioGroup label="Those inside" choices=choices.get_value() value=choice/>
                <DialogFoot>
                    <Button label="Cancel" on_press=move |_| open.set(false)/>
                    <Button label="Save" look=Look::Primary submit=true/>
                </DialogFoot>
            </form>
        </Dialog>
    }
}
