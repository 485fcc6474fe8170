//! Records as the store gives them: what is damaged is passed over and told of, what a newer version wrote is not touched.
//!
//! A record whose checksum holds but that can't be read was written by another version: reading on without it would
//! take what it names for leftovers.

use crate::error::Error;
use crate::parts;
use engine::journal::PageId;
use engine::page::Page;
use engine::{Opening, Workspace};
use model::ChangeId;
use store::{Damage, Found, IndexedStore, Store, StoreError};

/// Hands a record of the journal on.
///
/// # Errors
/// [`Error::Newer`]
pub fn take(opening: &mut Opening, change: u64, found: &Found) -> Result<(), Error> {
    match found {
        Ok(bytes) => opening.record(bytes).map_err(|_| Error::Newer),
        Err(Damage::Newer { .. }) => Err(Error::Newer),
        Err(damage) => {
            opening.lose(change, damage.to_string());
            Ok(())
        }
    }
}

/// The page that a record holds, or why it can't be had.
///
/// # Errors
/// [`Error::Newer`]
pub fn page(found: Option<Found>) -> Result<Result<Page, String>, Error> {
    match found {
        Some(Ok(bytes)) => Page::from_bytes(bytes).map(Ok).map_err(|_| Error::Newer),
        Some(Err(Damage::Newer { .. })) => Err(Error::Newer),
        Some(Err(damage)) => Ok(Err(damage.to_string())),
        None => Ok(Err("it is missing".to_owned())),
    }
}

/// What is missing because of change sets and pages that can't be read, a sentence for each.
pub async fn told(
    workspace: &Workspace,
    changes: &[(ChangeId, String)],
    pages: &[(PageId, String)],
) -> Vec<String> {
    let lost = changes.len() + pages.len();
    if lost == 0 {
        return Vec::new();
    }
    // Where the words can't be fetched, *Check integrity* has them later.
    let told = parts::damage(workspace, changes, pages).await;
    told.unwrap_or_else(|_| vec![format!("{lost} records")])
}

/// A small record that can be done without; when it is damaged, `damage` tells so and what is `lost` with it.
///
/// # Errors
/// When the store can't be read, and [`Error::Newer`].
pub async fn small(
    store: &IndexedStore,
    name: &str,
    lost: &str,
    damage: &mut Vec<String>,
) -> Result<Option<Vec<u8>>, Error> {
    match store.meta(name).await {
        Ok(bytes) => Ok(bytes),
        Err(StoreError::Damaged {
            damage: Damage::Newer { .. },
            ..
        }) => Err(Error::Newer),
        Err(error @ StoreError::Damaged { .. }) => {
            damage.push(format!("{error}, so {lost}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
