//! The dialog that copies the emails of a segment to the clipboard.

use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Dialog, DialogFoot, Look, Notice, TextField, Tone, format, open_while};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use model::SegmentId;
use model::message::{Reply, Request};
use model::segment::SegmentDef;
use wasm_bindgen_futures::JsFuture;

/// The dialog that copies emails.
#[component]
pub fn EmailsDialog(
    /// The segment; none while the dialog is closed.
    segment: RwSignal<Option<SegmentDef>>,
) -> impl IntoView {
    let open = open_while(segment);
    let title = move || {
        segment.with(|segment| {
            segment
                .as_ref()
                .map(|def| format!("Copy emails of {}", def.name))
                .unwrap_or_default()
        })
    };
    view! {
        <Dialog open=open title=derived(title)>
            // Anew for each segment: no answer about another one is there.
            {move || segment.get().map(|def| view! { <Emails id=def.id open=open/> })}
        </Dialog>
    }
}

/// The emails of a segment, and the button that copies them.
#[component]
fn Emails(
    /// The segment.
    id: SegmentId,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let refused = RwSignal::new(false);
    // Asked for when the dialog opens: a browser lets a page copy only right after a press, not after an answer.
    let answer = app.live(move || Some(Request::Emails(id)));
    let found = memo(move |_| match answer.get() {
        Some(Ok(Reply::Emails { text, count, without })) => Some((text, count, without)),
        _ => None,
    });
    let problem = memo(move |_| answer.get().and_then(Result::err));
    let count = memo(move |_| found.with(|found| found.as_ref().map(|(_, count, _)| *count)));
    let words = move || {
        found.with(|found| {
            found.as_ref().map(|(_, count, without)| match without {
                0 => format!("{}, one a line", emails(*count)),
                without => format!(
                    "{}, one a line; {} without an email {} left out",
                    emails(*count),
                    format::contacts(*without),
                    if *without == 1 { "is" } else { "are" },
                ),
            })
        })
    };
    let copy = move |_| {
        let Some((text, count, _)) = found.get_untracked() else {
            return;
        };
        let writing = clipboard().map(|clipboard| clipboard.write_text(&text));
        spawn_local(async move {
            let copied = match writing {
                Some(writing) => JsFuture::from(writing).await.is_ok(),
                None => false,
            };
            if copied {
                app.toasts.say(format!("{} copied", emails(count)), None);
                open.try_set(false);
            } else {
                refused.try_set(true);
            }
        });
    };
    let by_hand = move || {
        let text = RwSignal::new(
            found.with_untracked(|found| found.as_ref().map(|(text, ..)| text.clone()).unwrap_or_default()),
        );
        view! {
            <Notice
                tone=Tone::Warning
                text="The browser does not let Corral write to the clipboard. Select the emails below and copy them yourself"
            />
            <TextField label="Emails" value=text lines=8/>
        }
    };
    view! {
        {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
        <p role="status">{words}</p>
        {move || refused.get().then(by_hand)}
        <DialogFoot>
            <Button label="Cancel" on_press=move |_| open.set(false)/>
            <Button
                label="Copy"
                look=Look::Primary
                disabled=derived(move || count.get().is_none_or(|count| count == 0))
                on_press=copy
            />
        </DialogFoot>
    }
}

fn emails(count: u64) -> String {
    format::count(count, "email", "emails")
}

/// The browser's clipboard; a page that is not from a safe place has none.
fn clipboard() -> Option<web_sys::Clipboard> {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    clipboard.is_object().then(|| clipboard.unchecked_into())
}
