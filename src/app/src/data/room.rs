//! How much the browser lets this site store.

use crate::site;
use js_sys::Reflect;

/// How much the browser lets this site store, in bytes; it rounds both, or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// What everything of this site takes up, all workspaces and the program itself included.
    pub used: u64,
    /// What it may take up.
    pub quota: u64,
}

impl Room {
    /// Asks the browser; none where it doesn't say.
    pub async fn ask() -> Option<Room> {
        let said = site::ask_storage("estimate").await?;
        let number = |name: &str| Some(Reflect::get(&said, &name.into()).ok()?.as_f64()? as u64);
        Some(Room {
            used: number("usage")?,
            quota: number("quota")?,
        })
    }
}
