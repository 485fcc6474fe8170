//! Whether the browser promises to keep the data when the disk gets full.

use crate::site;
use crate::ui::{Badge, Button, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the browser says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unknown,
    Missing,
    Kept,
    MayGo,
    Refused,
}

/// What the browser answers to such a question.
async fn said(question: &str) -> Option<bool> {
    site::ask_storage(question).await?.as_bool()
}

/// Whether the browser promises to keep the data.
#[component]
pub fn Persistence() -> impl IntoView {
    let state = RwSignal::new(State::Unknown);
    let look = move || {
        spawn_local(async move {
            let new = match said("persisted").await {
                Some(true) => State::Kept,
                Some(false) => State::MayGo,
                None => State::Missing,
            };
            state.try_set(new);
        });
    };
    look();
    let ask = move |_| {
        spawn_local(async move {
            let kept = said("persist").await == Some(true);
            state.try_set(if kept { State::Kept } else { State::Refused });
        });
    };
    let badge = move || match state.get() {
        State::Kept => Some(view! { <Badge label="Protected" tone=Tone::Success/> }),
        State::MayGo | State::Refused => Some(view! { <Badge label="Not protected" tone=Tone::Warning/> }),
        State::Unknown | State::Missing => None,
    };
    let text = move || match state.get() {
        State::Unknown => "Asking the browser…",
        State::Missing => "This browser doesn't say whether it may remove data when the disk gets full",
        State::Kept => "The browser keeps your data even when the disk gets full",
        State::MayGo => {
            "The browser may remove your data when the disk gets full, unless you ask it to keep it"
        }
        State::Refused => {
            "The browser did not agree; it usually does once the page is bookmarked or used for some days"
        }
    };
    view! {
        <section class="card" aria-labelledby="persistence">
            <div class="card-head">
                <h2 id="persistence">"Protection"</h2>
                {badge}
            </div>
            <p class="soft" role="status">{text}</p>
            <Show when=move || matches!(state.get(), State::MayGo | State::Refused)>
                <div class="buttons"><Button label="Ask the browser to keep my data…" on_press=ask/></div>
            </Show>
        </section>
    }
}
