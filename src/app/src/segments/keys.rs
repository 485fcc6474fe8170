//! Members by pasted keys: add, remove or replace, with a preview of what changes.

use super::form::NotFound;
use crate::palette::members;
use crate::state::use_app;
use crate::ui::reactive::{derived, effect};
use crate::ui::{
    Button, Choice, LinkButton, Look, Notice, Numbers, Page, RadioGroup, TextField, Tone, format,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::SegmentId;
use model::message::{KeysReport, Reply, Request};
use model::route::Route;
use model::segment::MemberAction;

/// The page on which keys are pasted.
#[component]
pub fn Keys(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let app = use_app();
    let name = app.overview.with_untracked(|overview| {
        overview
            .segments
            .iter()
            .find(|segment| segment.def.id == id)
            .map(|segment| segment.def.name.clone())
    });
    let title = name.as_ref().map_or("Segment not found".to_owned(), |name| {
        format!("Members of {name} by pasted keys")
    });
    view! {
        <Page title=title back=("Segments".to_owned(), Route::Segments.to_string())>
            {match name {
                Some(_) => view! { <Form id=id/> }.into_any(),
                None => view! { <NotFound/> }.into_any(),
            }}
        </Page>
    }
}

fn action(key: &str) -> MemberAction {
    match key {
        "remove" => MemberAction::Remove,
        "replace" => MemberAction::Replace,
        _ => MemberAction::Add,
    }
}

/// The labelled numbers of a preview.
fn numbers(report: &KeysReport) -> Vec<(String, String, String)> {
    let row = |label: &str, number: u64| (label.to_owned(), format::number(number), String::new());
    vec![
        row("Keys", report.keys),
        row("Found", report.found),
        row("Unknown", report.unknown_count),
        row("Added", report.added),
        row("Removed", report.removed),
        row("Unchanged", report.unchanged),
    ]
}

/// The form, the preview, and the step that does it.
#[component]
fn Form(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let app = use_app();
    let text = RwSignal::new(String::new());
    let chosen = RwSignal::new("add".to_owned());
    let error = RwSignal::new(None::<String>);
    let report = RwSignal::new(None::<KeysReport>);
    // A preview of other keys or another action says nothing any more.
    effect(move || {
        text.track();
        chosen.track();
        report.set(None);
        error.set(None);
    });
    let send = move |preview: bool| {
        let keys = text.get_untracked();
        if keys.trim().is_empty() {
            error.set(Some("Paste at least one email or external ID".to_owned()));
            return;
        }
        let key = chosen.get_untracked();
        let request = Request::MembersByKeys {
            segment: id,
            action: action(&key),
            keys: keys.clone(),
            preview,
        };
        spawn_local(async move {
            let answer = app.ask(request).await;
            // Other keys or another action were chosen meanwhile, or the screen is gone.
            let same = text.try_get_untracked() == Some(keys) && chosen.try_get_untracked() == Some(key);
            match answer {
                Ok(reply) => {
                    app.say_done(&reply);
                    if let Reply::Keys(new) = reply
                        && same
                    {
                        if !preview {
                            text.set(String::new());
                        }
                        report.set(preview.then_some(new));
                    }
                }
                Err(problem) => {
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    };
    let choices = vec![
        Choice {
            key: "add".into(),
            label: "Add".into(),
            detail: "They become members".into(),
        },
        Choice {
            key: "remove".into(),
            label: "Remove".into(),
            detail: "They stop being members".into(),
        },
        Choice {
            key: "replace".into(),
            label: "Replace".into(),
            detail: "They become the only members".into(),
        },
    ];
    let changes =
        move || report.with(|report| report.as_ref().map_or(0, |report| report.added + report.removed));
    let unknown = move || {
        report.with(|report| {
            report
                .as_ref()
                .filter(|report| report.unknown_count > 0)
                .map(|report| {
                    let more = report.unknown_count - report.unknown.len() as u64;
                    let more = if more > 0 {
                        format!(" and {} more", format::number(more))
                    } else {
                        String::new()
                    };
                    format!("Nobody has these keys: {}{more}", report.unknown.join(", "))
                })
        })
    };
    view! {
        <div class="form">
            <TextField
                label="Emails or external IDs"
                value=text
                lines=10
                hint="One a line, or split by commas, semicolons or tabs"
                error=error
            />
            <RadioGroup label="What happens to these contacts" choices=choices value=chosen/>
            <div class="buttons">
                <Button label="Preview" look=Look::Primary on_press=move |_| send(true)/>
                <LinkButton label="View contacts" href=members(id).to_string()/>
            </div>
            <Show when=move || report.with(Option::is_some)>
                <section class="card" aria-label="Preview">
                    <Numbers items=derived(move || report.with(|report| report.as_ref().map(numbers).unwrap_or_default()))/>
                    {move || unknown().map(|text| view! { <Notice tone=Tone::Warning text=text/> })}
                    <div class="buttons">
                        <Button
                            label=derived(move || match changes() {
                                0 => "Nothing to change".to_owned(),
                                many => format!("Change {}", format::contacts(many)),
                            })
                            look=Look::Primary
                            disabled=derived(move || changes() == 0)
                            on_press=move |_| send(false)
                        />
                    </div>
                </section>
            </Show>
        </div>
    }
}
