//! What the command palette offers on the page of a workflow: the same as its buttons.

use super::asks::{Asks, Target};
use super::head::open_made;
use super::save::Saver;
use super::session::{Session, Tab};
use super::state::{Action, actions};
use crate::state::Deed;
use crate::ui::reactive::effect;
use leptos::prelude::*;
use model::message::Request;

/// Offers this workflow's commands for as long as its page is open.
pub fn offer(session: Session, saver: Saver, asks: Asks) {
    let Session {
        app,
        id,
        name,
        state,
        tab,
        ..
    } = session;
    let begin = move |action: Action| {
        let go = move || {
            let target = Target {
                id,
                name: name.get_untracked(),
                state: state.get_untracked(),
            };
            asks.begin(target, action);
        };
        match action {
            // What is checked and becomes active is what is saved.
            Action::Activate | Action::Schedule => saver.save_then(Some(Callback::new(move |()| go()))),
            _ => go(),
        }
    };
    effect(move || {
        let mut deeds: Vec<Deed> = state
            .with(|state| actions(state).iter().copied())
            .map(|action| Deed::new(action.label(), move || begin(action)))
            .collect();
        deeds.push(Deed::new("Duplicate", move || {
            app.write_then(Request::DuplicateWorkflow(id), open_made);
        }));
        for (label, to) in [
            ("Build", Tab::Build),
            ("Live view", Tab::Live),
            ("Try with one contact…", Tab::Try),
            ("Dry run…", Tab::Dry),
        ] {
            deeds.push(Deed::new(label, move || tab.set(to)));
        }
        app.deeds.set(deeds);
    });
    on_cleanup(move || app.deeds.set(Vec::new()));
}
