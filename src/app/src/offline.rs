//! Whether Corral opens without its host, and the new version that waits to be used.
//!
//! `offline.js` has the browser keep the program; it writes how that stands on the document's element and tells of
//! every change. What it writes is read here, so that neither has to be there before the other.

use crate::site;
use crate::ui::reactive::memo;
use leptos::ev::Custom;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::web_sys::Event;

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offline {
    /// The files are on their way, or wait until the first screen is shown.
    NotYet,
    /// Everything is kept.
    Yes,
    /// Everything is kept, and a new version too.
    Update,
    /// This browser can't, or not for this page.
    No,
    /// The page is a file on this device, and needs no host.
    File,
}

impl Offline {
    fn now() -> Self {
        if site::is_file() {
            return Offline::File;
        }
        let said = document()
            .document_element()
            .and_then(|element| element.get_attribute("data-offline"));
        match said.as_deref() {
            Some("yes") => Offline::Yes,
            Some("update") => Offline::Update,
            Some("no") => Offline::No,
            _ => Offline::NotYet,
        }
    }
}

/// How it stands, as long as the component lives that asks.
pub fn offline() -> Memo<Offline> {
    let state = RwSignal::new(Offline::now());
    let told = Custom::<Event>::new("corral-offline");
    let handle = window_event_listener(told, move |_| state.set(Offline::now()));
    on_cleanup(move || handle.remove());
    memo(move |_| state.get())
}

/// Lets the new version take over: every tab of this folder loads again.
pub fn update() {
    // An event made from a plain name is one that any target takes.
    if let Ok(event) = Event::new("corral-update") {
        window().dispatch_event(&event).ok();
    }
}
