//! Data: what is stored and where, backups, the workspaces of this site, settings, the demo, forgetting history, and
//! deleting everything.

mod automatic;
mod backup;
mod danger;
mod forget;
mod integrity;
mod offline;
mod persist;
mod reminder;
mod restore;
mod room;
mod settings;
mod storage;

use crate::simulator::SimulatedNotice;
use crate::state::use_app;
use crate::ui::reactive::memo;
use crate::ui::{Button, Icon, Page};
use crate::workspaces::{WorkspacesCard, use_workspaces};
use automatic::{AutomaticCard, use_automatic};
pub use automatic::{forget_place_of, provide as provide_automatic};
use backup::BackupCard;
use danger::DeleteEverything;
use forget::ForgetHistory;
use integrity::IntegrityCard;
use leptos::prelude::*;
use offline::OfflineCard;
use persist::Persistence;
use reminder::BackupReminder;
use restore::RestoreCard;
use settings::SettingsForm;
use storage::StorageCard;

/// Looks after what is kept outside this page: automatic backups, the other workspaces, and a reminder of backups.
#[component]
pub fn Watch() -> impl IntoView {
    use_automatic().watch();
    use_workspaces().watch();
    view! { <BackupReminder/> }
}

/// Data and settings.
#[component]
pub fn Data() -> impl IntoView {
    view! {
        <Page title="Data">
            <p class="page-line">"Everything stays in this browser, on this device; nothing is sent to anybody"</p>
            <SimulatedNotice/>
            <div class="columns">
                <div class="column">
                    <StorageCard/>
                    <BackupCard/>
                    <AutomaticCard/>
                    <RestoreCard/>
                    <WorkspacesCard/>
                    <Persistence/>
                    <OfflineCard/>
                </div>
                <div class="column">
                    <SettingsForm/>
                    <IntegrityCard/>
                    <Demo/>
                    <ForgetHistory/>
                    <DeleteEverything/>
                </div>
            </div>
        </Page>
    }
}

/// *Load the demo*, or remove it.
#[component]
fn Demo() -> impl IntoView {
    let app = use_app();
    let demo = memo(move |_| app.overview.with(|overview| overview.demo));
    view! {
        <section class="card" aria-labelledby="demo">
            <h2 id="demo">"Demo"</h2>
            <p class="soft">"Olmo Shoes: a made-up shop with contacts, fields and segments to look around in. It is loaded and removed in one step each"</p>
            <div class="buttons">
                {move || match demo.get() {
                    Some(change) => view! {
                        <Button label="Remove the demo" icon=Icon::Undo on_press=move |_| app.undo(change)/>
                    },
                    None => view! {
                        <Button label="Load the demo" icon=Icon::Demo disabled=app.loading_demo on_press=move |_| app.load_demo()/>
                    },
                }}
            </div>
        </section>
    }
}
