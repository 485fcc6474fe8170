//! The other workspaces of this site: which there are, and deleting one.

use crate::about::About;
use crate::error::Error;
use crate::host::Host;
use crate::locks::{self, LockManager};
use crate::names::{WORKSPACE, database_lock, tabs};
use crate::{holder, schedule};
use model::backup::WorkspaceInfo;
use model::message::Reply;
use store::{IndexedStore, Store};

/// How long a worker whose last tab was just closed may live on, in milliseconds, and how often it is asked to go.
const LINGERS: i64 = 3_000;
const LOOK: i32 = 150;

/// Every workspace of this site; what a cut-off restore left behind is swept.
///
/// # Errors
/// When this worker gives way to another.
pub async fn list(host: &Host) -> Result<Reply, Error> {
    let Some(databases) = IndexedStore::databases().await else {
        return Ok(Reply::Workspaces(None));
    };
    let mut found = Vec::new();
    for database in databases {
        let Some(id) = host.name.sibling(&database) else {
            continue;
        };
        let about = match database == host.name.database() {
            true => Ok(Some(host.backend()?.about())),
            false => about_of(&database, id == WORKSPACE).await,
        };
        let (name, contacts) = match about {
            Ok(Some(about)) => (about.name, Some(about.contacts)),
            // Whatever is wrong with one, the others are there all the same.
            Err(Error::Newer) => (String::new(), None),
            Ok(None) | Err(_) => continue,
        };
        found.push(WorkspaceInfo {
            id: id.to_owned(),
            name,
            contacts,
        });
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Reply::Workspaces(Some(found)))
}

/// What another database says of itself; none where it is no workspace.
async fn about_of(database: &str, default: bool) -> Result<Option<About>, Error> {
    let store = IndexedStore::open(database).await?;
    let about = About::read(&store, &mut Vec::new()).await?;
    store.close();
    if about.is_some() || default {
        // The default workspace is older than this record.
        return Ok(Some(about.unwrap_or_default()));
    }
    // Only a lock tells what is left over from what is being made this very moment.
    if let Some(locks) = locks::manager()
        && let Some(_held) = locks.try_hold(&database_lock(database)).await?
        && let Err(error) = IndexedStore::delete(database).await
    {
        web_sys::console::error_1(&error.to_string().into());
    }
    Ok(None)
}

/// Deletes another workspace for good.
///
/// # Errors
/// [`Error::OpenElsewhere`] while a tab shows it.
pub async fn delete(host: &Host, id: &str) -> Result<Reply, Error> {
    let database = host.name.beside(id).ok_or(Error::NoSuchWorkspace)?;
    let held = match locks::manager() {
        Some(locks) => {
            if locks.any_held(&tabs(&database)).await? {
                return Err(Error::OpenElsewhere);
            }
            Some(hold(&locks, &database).await?)
        }
        None => {
            let store = IndexedStore::open(&database).await?;
            let now = schedule::wall_clock();
            let free = store
                .lease(&host.name.liveness_lock(), now, now + LINGERS)
                .await?;
            store.close();
            if !free {
                return Err(Error::OpenElsewhere);
            }
            None
        }
    };
    IndexedStore::delete(&database).await?;
    drop(held);
    Ok(Reply::Nothing)
}

/// Holds the lock of a workspace that no tab shows; a worker that outlives its last tab is asked to go.
async fn hold(locks: &LockManager, database: &str) -> Result<locks::Held, Error> {
    let until = schedule::wall_clock() + LINGERS;
    loop {
        match locks.try_hold(&database_lock(database)).await? {
            Some(held) => return Ok(held),
            None if schedule::wall_clock() > until => return Err(Error::OpenElsewhere),
            None => holder::evict(database)?,
        }
        schedule::sleep(LOOK).await;
    }
}
