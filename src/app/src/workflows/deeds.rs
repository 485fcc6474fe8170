//! What the command palette offers on the page of a workflow: the same as its buttons.

use super::asks::Asks;
use super::save::Then;
use super::session::{Session, Tab};
use super::state::{Action, actions};
use crate::state::Deed;
use crate::ui::reactive::effect;
use leptos::prelude::*;
use std::sync::Arc;

/// Offers this workflow's commands for as long as its page is open: `begin` starts an action, `save_first` asks where not
/// everything is saved.
pub fn offer(session: Session, asks: Asks, begin: Callback<Action>, save_first: Callback<Then>) {
    let Session {
        app, id, state, tab, ..
    } = session;
    effect(move || {
        let mut deeds: Vec<Deed> = state
            .with(|state| actions(state).iter().copied())
            .map(|action| Deed::new(action.label(), move || begin.run(action)))
            .collect();
        deeds.push(Deed::new("Duplicate", move || {
            save_first.run(Arc::new(move || asks.duplicate(id)));
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
