//! Undo and redo of one change: at once where it is the newest, else after a look at what it would do.

use crate::state::{App, unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Dialog, DialogFoot, Glyph, Icon, Look, Numbers, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::history::{ChangeSummary, UndoPreview};
use model::message::{Reply, Request};

/// What an undo or redo would do, as labelled numbers; what is zero is left out.
pub fn numbers(preview: &UndoPreview) -> Vec<(String, String, String)> {
    let rows = [
        ("Contacts that go", preview.contacts_removed, ""),
        ("Contacts that come back", preview.contacts_restored, ""),
        (
            "Contacts that stay",
            preview.contacts_kept,
            "A person or another import wrote to them since",
        ),
        ("Values that go back", preview.cells_restored, ""),
        (
            "Values that stay",
            preview.cells_kept,
            "Something newer wrote them",
        ),
        ("Memberships that change", preview.members_changed, ""),
        (
            "Memberships that stay",
            preview.members_kept,
            "Something newer decided them",
        ),
        (
            "Contacts left out",
            preview.key_conflicts,
            "Their key belongs to somebody else now",
        ),
    ];
    let mut rows: Vec<(String, String, String)> = rows
        .into_iter()
        .filter(|(_, number, _)| *number > 0)
        .map(|(label, number, detail)| (label.to_owned(), format::number(number), detail.to_owned()))
        .collect();
    for (label, names) in [
        (
            "Fields, segments and workflows that go",
            &preview.definitions_removed,
        ),
        ("Fields and segments that stay", &preview.definitions_kept),
    ] {
        if !names.is_empty() {
            rows.push((
                label.to_owned(),
                format::number(names.len() as u64),
                names.join(", "),
            ));
        }
    }
    rows
}

/// A change whose undo or redo was asked for, with what it would do.
#[derive(Clone, PartialEq)]
pub struct Asked {
    change: ChangeSummary,
    preview: UndoPreview,
}

/// Undoes or redoes a change: at once where it is the newest, else after a look at what it would do.
pub fn turn(app: App, change: ChangeSummary, asked: RwSignal<Option<Asked>>) {
    let newest = app.overview.with_untracked(|overview| {
        let newest = if change.undone {
            &overview.redo
        } else {
            &overview.undo
        };
        newest.as_ref().is_some_and(|(id, _)| *id == change.id)
    });
    if newest {
        if change.undone {
            app.redo(change.id)
        } else {
            app.undo(change.id)
        }
        return;
    }
    let request = if change.undone {
        Request::PreviewRedo(change.id)
    } else {
        Request::PreviewUndo(change.id)
    };
    spawn_local(async move {
        match app.ask(request).await {
            Ok(Reply::UndoPreview(preview)) => {
                asked.try_set(Some(Asked { change, preview }));
            }
            Ok(_) => app.report(&unexpected()),
            Err(problem) => app.report(&problem),
        }
    });
}

/// The button that undoes or redoes a change; nothing for one that can't be.
pub fn button(
    app: App,
    change: &ChangeSummary,
    asked: RwSignal<Option<Asked>>,
    small: bool,
) -> Option<impl IntoView + use<>> {
    let (verb, icon) = if change.undone {
        ("Redo", Icon::Redo)
    } else {
        ("Undo", Icon::Undo)
    };
    let class = if small {
        "button button-quiet button-small"
    } else {
        "button"
    };
    change.undoable.then(|| {
        // In a list, each says what it is about.
        let label = small.then(|| format!("{verb}: {}", change.what));
        let change = change.clone();
        view! {
            <button type="button" class=class aria-label=label on:click=move |_| turn(app, change.clone(), asked)>
                <Glyph icon=icon/>
                {verb}
            </button>
        }
    })
}

/// The dialog that shows what an undo or redo would do.
#[component]
pub fn Preview(
    /// The change; none while the dialog is closed.
    asked: RwSignal<Option<Asked>>,
) -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    effect(move || {
        if asked.with(Option::is_some) {
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            asked.set(None);
        }
    });
    let verb = memo(move |_| {
        let undone = asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.change.undone));
        if undone { "Redo" } else { "Undo" }
    });
    let items = memo(move |_| {
        asked.with(|asked| {
            asked
                .as_ref()
                .map(|asked| numbers(&asked.preview))
                .unwrap_or_default()
        })
    });
    let go = move |_| {
        let Some(Asked { change, .. }) = asked.get_untracked() else {
            return;
        };
        open.set(false);
        if change.undone {
            app.redo(change.id)
        } else {
            app.undo(change.id)
        }
    };
    view! {
        <Dialog open=open title=derived(move || format!("{} this change", verb.get()))>
            <p>{move || asked.with(|asked| asked.as_ref().map(|asked| asked.change.what.clone()))}</p>
            <Numbers items=items/>
            {move || items.with(Vec::is_empty).then(|| view! { <p class="soft">"It would change nothing that still stands"</p> })}
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button label=derived(move || verb.get().to_owned()) look=Look::Primary on_press=go/>
            </DialogFoot>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_shows_only_what_happens() {
        let preview = UndoPreview {
            contacts_removed: 1_204,
            contacts_kept: 3,
            definitions_kept: vec!["City".into()],
            ..UndoPreview::default()
        };
        let labels: Vec<String> = numbers(&preview)
            .into_iter()
            .map(|(label, number, _)| format!("{label}: {number}"))
            .collect();
        assert_eq!(
            labels,
            [
                "Contacts that go: 1,204",
                "Contacts that stay: 3",
                "Fields and segments that stay: 1"
            ]
        );
    }
}
