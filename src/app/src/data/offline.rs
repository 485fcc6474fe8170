//! Whether Corral opens without its host.

use crate::offline::{Offline, offline};
use crate::site;
use crate::ui::{Badge, Tone};
use leptos::prelude::*;

/// Whether Corral opens without its host; for a page that is a file, where its data is.
#[component]
pub fn OfflineCard() -> impl IntoView {
    let state = offline();
    let badge = move || match state.get() {
        Offline::Yes | Offline::Update | Offline::File => {
            Some(view! { <Badge label="Yes" tone=Tone::Success/> })
        }
        Offline::NotYet => Some(view! { <Badge label="Not yet" tone=Tone::Neutral/> }),
        Offline::No => Some(view! { <Badge label="No" tone=Tone::Warning/> }),
    };
    let text = move || {
        match state.get() {
        Offline::NotYet => "The browser is still fetching what Corral needs to open without a connection".to_owned(),
        Offline::Yes => "Corral opens without a connection too; your browser’s menu may offer to install it".to_owned(),
        Offline::Update => "Corral opens without a connection too; a new version is here and waits to be used".to_owned(),
        Offline::No => {
            "This browser can’t keep Corral for use without a connection here: it needs HTTPS and a window that isn’t private".to_owned()
        }
        Offline::File => format!(
            "Corral is a file on this device and needs no connection. Its data is not in the file but in this browser’s storage for {}: keep the file where it is, or take a backup along",
            site::folder()
        ),
    }
    };
    view! {
        <section class="card" aria-labelledby="offline">
            <div class="card-head">
                <h2 id="offline">"Works offline"</h2>
                {badge}
            </div>
            <p class="soft" role="status">{text}</p>
        </section>
    }
}
