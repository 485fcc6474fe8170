//! What a workspace's database says of itself: its name, how many contacts it had, and its last backup.
//!
//! It is no part of the data: a backup does not hold it, and it changes without a change set.

use crate::error::Error;
use crate::records;
use serde::{Deserialize, Serialize};
use store::IndexedStore;

/// Where it rests. A database without it is what a cut-off restore left behind.
pub const ABOUT: &str = "workspace";

/// What a workspace's database says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The workspace's name; empty where none was given.
    pub name: String,
    /// How many contacts it had when this was last written.
    pub contacts: u64,
    /// When the last backup was made, and up to which change set it goes.
    pub backup: Option<(i64, u64)>,
}

impl About {
    /// Reads it; none where there is none. A damaged one is as good as an empty one, since the workspace itself is there;
    /// `damage` tells of it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn read(store: &IndexedStore, damage: &mut Vec<String>) -> Result<Option<About>, Error> {
        let before = damage.len();
        let lost = "this workspace's name and when it was last backed up are missing";
        let bytes = records::small(store, ABOUT, lost, damage).await?;
        if damage.len() > before {
            return Ok(Some(About::default()));
        }
        Ok(bytes.map(|bytes| postcard::from_bytes(&bytes).unwrap_or_default()))
    }

    /// Its record.
    ///
    /// # Errors
    /// When it can't be written as bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|error| Error::Browser(error.to_string()))
    }
}
