//! The wasm program people see: Leptos, and no data of its own.
//!
//! [`state::App`] is what every screen knows; [`router`] says which screen; [`shell`] puts it into the menu's frame.
//! Screens are folders; what they share is in [`ui`].

mod behaviour;
mod client;
mod confirm;
mod contacts;
mod data;
mod export;
mod fields;
mod history;
mod import;
mod leave;
mod offline;
mod palette;
mod prefs;
mod router;
mod screens;
mod segments;
mod shell;
mod simulator;
mod site;
mod stage;
mod state;
mod theme;
mod ui;
mod words;
mod workflows;
mod workspaces;

fn main() {
    // Without this the console says only `unreachable`.
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    leptos::mount::mount_to_body(shell::Shell);
}
