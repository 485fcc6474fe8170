//! History: every change, newest first, with undo and redo.

mod change;

pub use change::Change;

use crate::state::{App, unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Badge, Button, Dialog, DialogFoot, Empty, Icon, Look, Numbers, Page, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::history::{CauseLabel, ChangeSummary, UndoPreview};
use model::message::{Reply, Request};

/// So many changes are shown at first, and so many more each time.
const STEP: u32 = 50;

/// By what a change was made, in words.
fn cause_words(cause: &CauseLabel) -> String {
    match cause {
        CauseLabel::Person => "By hand".to_owned(),
        CauseLabel::Import(file) if file.is_empty() => "Import of pasted rows".to_owned(),
        CauseLabel::Import(file) => format!("Import of {file}"),
        CauseLabel::Demo => "Demo".to_owned(),
        CauseLabel::Undo(change) => format!("Undo of change {change}"),
        CauseLabel::Redo(change) => format!("Redo of change {change}"),
        CauseLabel::SetOperation => "Set operation".to_owned(),
        CauseLabel::Baseline => "Before the history begins".to_owned(),
    }
}

/// What an undo or redo would do, as labelled numbers; what is zero is left out.
fn numbers(preview: &UndoPreview) -> Vec<(String, String, String)> {
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
        ("Fields and segments that go", &preview.definitions_removed),
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

/// History: every change, newest first.
#[component]
pub fn History() -> impl IntoView {
    let app = use_app();
    let count = RwSignal::new(STEP);
    let answer = app.live(move || {
        Some(Request::History {
            scope: model::history::Scope::All,
            filter: model::history::HistoryFilter::default(),
            start: 0,
            count: count.get(),
        })
    });
    let changes = memo(move |_| match answer.get() {
        Some(Ok(Reply::History { total, changes })) => Some((total, changes)),
        _ => None,
    });
    effect(move || match answer.get() {
        Some(Ok(Reply::History { .. })) | None => {}
        Some(Ok(_)) => app.report(&unexpected()),
        Some(Err(problem)) => app.report(&problem),
    });
    let total = memo(move |_| changes.with(|changes| changes.as_ref().map(|(total, _)| *total)));
    let rows = memo(move |_| {
        changes.with(|changes| changes.as_ref().map(|(_, rows)| rows.clone()).unwrap_or_default())
    });
    let asked = RwSignal::new(None::<Asked>);
    view! {
        <Page title="History">
            <Show when=move || total.get().is_some()>
                <Show
                    when=move || { total.get() > Some(0) }
                    fallback=|| view! {
                        <Empty
                            icon=Icon::History
                            title="Nothing has changed yet"
                            text="Every change of your data appears here, by whatever made it, and can be undone"
                        />
                    }
                >
                    <div class="list-frame" role="region" aria-label="Changes" tabindex="0">
                        <table class="list">
                            <thead>
                                <tr>
                                    <th scope="col">"When"</th>
                                    <th scope="col">"What"</th>
                                    <th scope="col" class="list-wide">"By"</th>
                                    <th scope="col"><span class="unseen">"Undo or redo"</span></th>
                                </tr>
                            </thead>
                            <tbody>{move || rows.get().into_iter().map(|change| row(app, change, asked)).collect_view()}</tbody>
                        </table>
                    </div>
                    <Show when=move || { total.get() > Some(rows.with(Vec::len) as u64) }>
                        <div class="buttons">
                            <Button label="Show more" on_press=move |_| count.update(|count| *count += STEP)/>
                            <span class="soft">
                                {move || format!("{} of {}", rows.with(Vec::len), format::number(total.get().unwrap_or(0)))}
                            </span>
                        </div>
                    </Show>
                </Show>
            </Show>
            <Preview asked=asked/>
        </Page>
    }
}

/// A change whose undo or redo was asked for, with what it would do.
#[derive(Clone, PartialEq)]
struct Asked {
    change: ChangeSummary,
    preview: UndoPreview,
}

/// Undoes or redoes a change: at once where it is the newest, else after a look at what it would do.
fn turn(app: App, change: ChangeSummary, asked: RwSignal<Option<Asked>>) {
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

/// One change.
fn row(app: App, change: ChangeSummary, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let zone = app
        .overview
        .with_untracked(|overview| overview.settings.time_zone.clone());
    let verb = if change.undone { "Redo" } else { "Undo" };
    let icon = if change.undone { Icon::Redo } else { Icon::Undo };
    let label = format!("{verb}: {}", change.what);
    let button = change.undoable.then(|| {
        let change = change.clone();
        view! {
            <button type="button" class="button button-quiet button-small" aria-label=label on:click=move |_| turn(app, change.clone(), asked)>
                <crate::ui::Glyph icon=icon/>
                {verb}
            </button>
        }
    });
    view! {
        <tr>
            <td class="soft history-when" title=format::ago(change.at)>{format::moment(change.at, &zone)}</td>
            <th scope="row" class="list-main">
                <span class:undone=change.undone>{change.what}</span>
                {change.undone.then(|| view! { " "<Badge label="Undone"/> })}
            </th>
            <td class="soft list-wide">{cause_words(&change.cause)}</td>
            <td class="list-options">{button}</td>
        </tr>
    }
}

/// The dialog that shows what an undo or redo would do.
#[component]
fn Preview(
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
