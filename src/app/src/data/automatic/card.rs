//! The card of the automatic backup.

use super::{State, files, use_automatic};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Badge, Button, Choice, Notice, SelectField, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Chooses where backups are written by themselves, and how often.
#[component]
pub fn AutomaticCard() -> impl IntoView {
    let automatic = use_automatic();
    let state = automatic.state;
    let on = memo(move |_| state.with(|state| *state != State::Off));
    let every = RwSignal::new(automatic.every.get_untracked());
    effect(move || {
        let minutes = every.get();
        if automatic.every.get_untracked() != minutes {
            automatic.set_every(minutes);
        }
    });
    let choices = vec![
        Choice::new("5", "5 minutes"),
        Choice::new("15", "15 minutes"),
        Choice::new("60", "Hour"),
    ];
    let text = move || {
        match state.get() {
        State::Off => "Choose a file or folder of this device, and Corral writes a backup there after changes. It has no passphrase, so choose a place that only you can reach".to_owned(),
        State::On(name) => format!("Backups are written to {name} after changes, while a tab of Corral is open"),
        State::Asks(name) => format!("The browser wants you to allow once more that backups are written to {name}"),
        State::Failed(name, _) => format!("The last backup could not be written to {name}"),
    }
    };
    let folder = move |_| {
        spawn_local(async move {
            if let Some(place) = files::choose_folder().await {
                automatic.choose(Some(place)).await;
            }
        });
    };
    let file = move |_| {
        spawn_local(async move {
            if let Some(place) = files::choose_file().await {
                automatic.choose(Some(place)).await;
            }
        });
    };
    let badge = move || match state.get() {
        State::On(_) => Some(view! { <Badge label="On" tone=Tone::Success/> }),
        State::Asks(_) | State::Failed(..) => Some(view! { <Badge label="Waiting" tone=Tone::Warning/> }),
        State::Off => None,
    };
    files::available().then(|| {
        view! {
            <section class="card" aria-labelledby="automatic">
                <div class="card-head">
                    <h2 id="automatic">"Automatic backup"</h2>
                    {badge}
                </div>
                <p class="soft" role="status">{text}</p>
                {move || match state.get() {
                    State::Failed(_, why) => Some(view! { <Notice tone=Tone::Danger text=why/> }),
                    _ => None,
                }}
                <Show when=move || on.get()>
                    <SelectField label="At most once every" choices=choices.clone() value=every/>
                </Show>
                <div class="buttons">
                    <Show when=move || matches!(state.get(), State::Asks(_))>
                        <Button label="Allow again…" on_press=move |_| spawn_local(async move { automatic.allow().await })/>
                    </Show>
                    <Show when=move || matches!(state.get(), State::Failed(..))>
                        <Button label="Try again" on_press=move |_| spawn_local(async move { automatic.again().await })/>
                    </Show>
                    <Button label=derived(move || if on.get() { "Choose another folder…" } else { "Choose a folder…" }.to_owned()) on_press=folder/>
                    <Button label=derived(move || if on.get() { "Choose another file…" } else { "Choose one file…" }.to_owned()) on_press=file/>
                    <Show when=move || on.get()>
                        <Button label="Turn off" on_press=move |_| spawn_local(async move { automatic.choose(None).await })/>
                    </Show>
                </div>
            </section>
        }
    })
}
