//! The store in a browser: IndexedDB.
//!
//! The database has version 1 for ever, with the four places as its object stores; keys are out of line
//! (numbers in `journal` and `pages`, strings in `files` and `meta`), values are `Uint8Array`s with the
//! envelope of [`record`](crate::record). rexie opens and makes the database and does the reading; writing is
//! done in [`strict`](crate::strict), which says why.
//!
//! A transaction ends by itself as soon as it has nothing left to do, so nothing but its own requests may be
//! awaited inside one; reads here use a transaction for each request, and nothing relies on two of them
//! seeing the same state.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use rexie::{KeyRange, ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbTransaction;

use crate::lease::Lease;
use crate::record::{Envelope, HEADER};
use crate::strict::{self, Link, Loss};
use crate::{
    Commit, Damage, FILES, Found, JOURNAL, Key, META, PAGES, PageId, Rewrite, Step, Store, StoreError, Usage,
};

const VERSION: u32 = 1;
const PLACES: [&str; 4] = [META, PAGES, JOURNAL, FILES];

/// Bytes of pages written in one transaction, about.
const WRITE_BYTES: u64 = 32 << 20;
/// Pages read in one request: with pages of 1 MiB, what a request costs is no longer seen.
const READ_PAGES: usize = 16;
/// Change sets read in one request; most of them are small.
const READ_CHANGES: usize = 256;

/// A store whose bytes rest in an IndexedDB database.
pub struct IndexedStore {
    name: String,
    state: RefCell<State>,
    /// The name by which this store took the lease.
    owner: RefCell<Option<String>>,
}

enum State {
    Open(Rc<Connection>),
    Closed,
}

struct Connection {
    /// `None` only while being dropped.
    reader: Option<Rexie>,
    link: Link,
}

impl Drop for Connection {
    /// Transactions under way still finish.
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.close();
        }
    }
}

impl Connection {
    /// Opens the database, and makes it if it doesn't exist.
    async fn open(name: &str) -> Result<Connection, StoreError> {
        let reader = match build(name).await {
            Ok(reader) => reader,
            Err(error) if is_named(&error, "VersionError") => {
                let found = Link::open(name).await?.version();
                return Err(StoreError::Version { found });
            }
            Err(error) if is_named(&error, "InvalidStateError") => {
                // What browsers say whose private mode has no IndexedDB.
                return Err(StoreError::Unavailable(error.to_string()));
            }
            Err(error) => return Err(explain(&error)),
        };
        Connection {
            reader: Some(reader),
            link: Link::open(name).await?,
        }
        .checked()
    }

    /// Opens the database again, which must still exist: an empty one in its place would be taken for the
    /// data that was lost.
    async fn reopen(name: &str) -> Result<Connection, StoreError> {
        let link = Link::open(name).await?;
        if link.version() != VERSION {
            return Err(StoreError::Version {
                found: link.version(),
            });
        }
        let reader = build(name).await.map_err(|error| explain(&error))?;
        Connection {
            reader: Some(reader),
            link,
        }
        .checked()
    }

    fn checked(self) -> Result<Connection, StoreError> {
        let stores = self.reader.as_ref().map(Rexie::store_names).unwrap_or_default();
        match PLACES
            .iter()
            .find(|place| !stores.iter().any(|store| store == *place))
        {
            None => Ok(self),
            Some(missing) => Err(StoreError::Other(format!("the database has no “{missing}”"))),
        }
    }
}

async fn build(name: &str) -> rexie::Result<Rexie> {
    let builder = Rexie::builder(name).version(VERSION);
    PLACES
        .iter()
        .fold(builder, |builder, place| {
            builder.add_object_store(ObjectStore::new(place))
        })
        .build()
        .await
}

impl IndexedStore {
    /// Opens the database of this name, and makes it if it doesn't exist.
    ///
    /// Where the browser closes the connection later on, it is opened again with the next call; where another
    /// page deletes or upgrades the database, this store makes way and is closed from then on.
    ///
    /// # Errors
    /// [`StoreError::Version`] if a newer version of Corral made the database, which is left as it is;
    /// [`StoreError::Unavailable`]; [`StoreError::Other`] if the database is not one of Corral's.
    pub async fn open(name: &str) -> Result<IndexedStore, StoreError> {
        let connection = Connection::open(name).await?;
        let state = RefCell::new(State::Open(Rc::new(connection)));
        Ok(IndexedStore {
            name: name.to_owned(),
            state,
            owner: RefCell::default(),
        })
    }

    /// Deletes the database of this name for good; one that doesn't exist is no error.
    ///
    /// Stores that have it open make way.
    ///
    /// # Errors
    /// [`StoreError::Blocked`] if somebody doesn't make way; it is deleted as soon as they close it.
    pub async fn delete(name: &str) -> Result<(), StoreError> {
        strict::delete_database(name).await
    }

    /// The names of all databases of this host; none where the browser doesn't tell.
    pub async fn databases() -> Option<Vec<String>> {
        strict::databases().await
    }

    async fn connection(&self) -> Result<Rc<Connection>, StoreError> {
        let connection = self.current()?;
        match connection.link.loss() {
            None => Ok(connection),
            Some(Loss::Version) => {
                self.close();
                Err(StoreError::Closed)
            }
            Some(Loss::Browser) => {
                let fresh = Rc::new(Connection::reopen(&self.name).await?);
                self.current()?; // It may have been closed meanwhile.
                *self.state.borrow_mut() = State::Open(Rc::clone(&fresh));
                Ok(fresh)
            }
        }
    }

    fn current(&self) -> Result<Rc<Connection>, StoreError> {
        match &*self.state.borrow() {
            State::Open(connection) => Ok(Rc::clone(connection)),
            State::Closed => Err(StoreError::Closed),
        }
    }

    /// Begins a transaction. A connection found closed is opened again, once; events tell of most, but the
    /// exception can be faster than they are.
    async fn begin<T, E>(
        &self,
        begin: impl Fn(&Connection) -> Result<T, E>,
        is_closed: impl Fn(&E) -> bool,
        explain: impl Fn(&E) -> StoreError,
    ) -> Result<T, StoreError> {
        let connection = self.connection().await?;
        match begin(&connection) {
            Err(error) if is_closed(&error) => connection.link.lose(),
            begun => return begun.map_err(|error| explain(&error)),
        }
        let connection = self.connection().await?;
        begin(&connection).map_err(|error| {
            if is_closed(&error) {
                StoreError::Closed
            } else {
                explain(&error)
            }
        })
    }

    async fn begin_write(&self, places: &[&str]) -> Result<IdbTransaction, StoreError> {
        self.begin(
            |connection| connection.link.begin(places),
            |exception| strict::is_named(exception, "InvalidStateError"),
            strict::failure,
        )
        .await
    }

    /// One place, for one request.
    async fn begin_read(&self, place: &str) -> Result<rexie::Store, StoreError> {
        self.begin(
            |connection| match &connection.reader {
                Some(reader) => reader
                    .transaction(&[place], TransactionMode::ReadOnly)?
                    .store(place)
                    .map(Some),
                None => Ok(None),
            },
            |error| is_named(error, "InvalidStateError"),
            explain,
        )
        .await?
        .ok_or(StoreError::Closed)
    }

    /// Does all steps, or none.
    async fn apply(&self, steps: Vec<Step>) -> Result<(), StoreError> {
        steps.iter().try_for_each(|step| step.key().check())?;
        let mut places: BTreeSet<&str> = steps.iter().map(|step| step.key().place()).collect();
        if places.is_empty() {
            return self.connection().await.map(drop);
        }
        places.extend(self.owner.borrow().is_some().then_some(META));
        let transaction = self.begin_write(&places.into_iter().collect::<Vec<_>>()).await?;
        self.check_lease(&transaction).await?;
        strict::write(transaction, steps).await
    }

    /// Refuses a write once the lease that this store took is somebody else's; else the record of the lease, if this
    /// store has one.
    async fn check_lease(&self, transaction: &IdbTransaction) -> Result<Option<JsValue>, StoreError> {
        let Some(owner) = self.owner.borrow().clone() else {
            return Ok(None);
        };
        let record = strict::value(transaction, &Lease::key()).await?;
        if record
            .clone()
            .and_then(lease)
            .is_some_and(|lease| lease.is_of(&owner))
        {
            return Ok(record);
        }
        strict::abort(transaction).await;
        Err(StoreError::Lost)
    }

    /// The keys of a place, ascending.
    async fn keys(&self, place: &str, range: Option<KeyRange>) -> Result<Vec<JsValue>, StoreError> {
        self.begin_read(place)
            .await?
            .get_all_keys(range, None)
            .await
            .map_err(|error| explain(&error))
    }

    /// The names in a place whose keys are names.
    async fn names_in(&self, place: &str) -> Result<Vec<String>, StoreError> {
        let keys = self.keys(place, None).await?;
        let mut names: Vec<String> = keys.iter().filter_map(JsValue::as_string).collect();
        names.sort_unstable(); // IndexedDB orders by UTF-16.
        Ok(names)
    }

    /// The values of keys that follow one another in a place, with none between them.
    async fn values(
        &self,
        place: &str,
        keys: &[JsValue],
    ) -> Result<Vec<Option<Result<JsValue, Damage>>>, StoreError> {
        if let [first, .., last] = keys {
            let range = KeyRange::bound(first, last, None, None).map_err(|error| explain(&error.into()))?;
            match self.begin_read(place).await?.get_all(Some(range), None).await {
                Ok(values) if values.len() == keys.len() => {
                    return Ok(values.into_iter().map(|value| Some(Ok(value))).collect());
                }
                // One of them can't be read, or one came or went meanwhile: each by itself, then.
                Ok(_) | Err(_) => {}
            }
        }
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            values.push(match self.begin_read(place).await?.get(key.clone()).await {
                Ok(value) => value.map(Ok),
                // That says nothing about the record.
                Err(error) if is_cut_off(&error) => return Err(explain(&error)),
                Err(error) => Some(Err(Damage::Unreadable(match explain(&error) {
                    StoreError::Other(reason) => reason,
                    other => other.to_string(),
                }))),
            });
        }
        Ok(values)
    }

    /// The record of this key, where a damaged one is an error.
    async fn get(&self, key: Key) -> Result<Option<Vec<u8>>, StoreError> {
        let mut values = self.values(key.place(), &[strict::key_value(&key)]).await?;
        match values
            .pop()
            .flatten()
            .map(|value| value.and_then(|value| unsealed(&key, value)))
        {
            None => Ok(None),
            Some(Ok(payload)) => Ok(Some(payload)),
            Some(Err(damage)) => Err(StoreError::Damaged { key, damage }),
        }
    }

    /// Number and bytes of the records of a place. A record that can't be read counts no bytes.
    async fn size(&self, place: &str) -> Result<(u64, u64), StoreError> {
        let keys = self.keys(place, None).await?;
        let many = if place == JOURNAL {
            READ_CHANGES
        } else {
            READ_PAGES
        };
        let mut bytes = 0;
        for keys in keys.chunks(many) {
            let values = self.values(place, keys).await?;
            let arrays = values.into_iter().flatten().flatten().filter_map(array);
            bytes += arrays.map(|array| u64::from(array.length())).sum::<u64>();
        }
        Ok((keys.len() as u64, bytes))
    }
}

impl Store for IndexedStore {
    async fn journal(&self, from: u64) -> Result<Vec<(u64, Found)>, StoreError> {
        let from = Key::Change(from);
        from.check()?;
        let range = KeyRange::lower_bound(&strict::key_value(&from), None);
        let keys = self
            .keys(JOURNAL, Some(range.map_err(|error| explain(&error.into()))?))
            .await?;
        let mut changes = Vec::with_capacity(keys.len());
        for keys in keys.chunks(READ_CHANGES) {
            let values = self.values(JOURNAL, keys).await?;
            for (key, value) in keys.iter().zip(values) {
                if let (Some(change), Some(value)) = (number(key), value) {
                    let found = value.and_then(|value| unsealed(&Key::Change(change), value));
                    changes.push((change, found));
                }
            }
        }
        Ok(changes)
    }

    async fn pages(&self, ids: &[PageId]) -> Result<Vec<Option<Found>>, StoreError> {
        ids.iter().try_for_each(|id| Key::Page(*id).check())?;
        let wanted: BTreeSet<PageId> = ids.iter().copied().collect();
        let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
            return self.connection().await.map(|_| Vec::new());
        };
        let [first, last] = [first, last].map(|id| strict::key_value(&Key::Page(*id)));
        let range = KeyRange::bound(&first, &last, None, None).map_err(|error| explain(&error.into()))?;
        let keys = self.keys(PAGES, Some(range)).await?;
        let is_wanted = |key: &JsValue| number(key).is_some_and(|id| wanted.contains(&PageId(id)));
        let mut pages = BTreeMap::new();
        for run in keys
            .chunk_by(|a, b| is_wanted(a) && is_wanted(b))
            .filter(|run| run.iter().all(is_wanted))
        {
            for keys in run.chunks(READ_PAGES) {
                let values = self.values(PAGES, keys).await?;
                for (key, value) in keys.iter().zip(values) {
                    if let (Some(id), Some(value)) = (number(key).map(PageId), value) {
                        pages.insert(id, value.and_then(|value| unsealed(&Key::Page(id), value)));
                    }
                }
            }
        }
        if wanted.len() == ids.len() {
            Ok(ids.iter().map(|id| pages.remove(id)).collect())
        } else {
            Ok(ids.iter().map(|id| pages.get(id).cloned()).collect())
        }
    }

    async fn write_pages(&self, pages: Vec<(PageId, Vec<u8>)>) -> Result<(), StoreError> {
        let mut steps = pages
            .into_iter()
            .map(|(id, bytes)| Step::Put(Key::Page(id), bytes))
            .peekable();
        let mut batches: Vec<(Vec<Step>, u64)> = Vec::new();
        while let Some(step) = steps.next() {
            let (mut bytes, mut batch) = (step.bytes(), vec![step]);
            while let Some(step) = steps.next_if(|step| bytes + step.bytes() <= WRITE_BYTES) {
                bytes += step.bytes();
                batch.push(step);
            }
            batches.push((batch, bytes));
        }
        let mut left: u64 = batches.iter().map(|(_, bytes)| bytes).sum();
        for (batch, bytes) in batches {
            self.apply(batch).await.map_err(|error| match error {
                StoreError::Full { .. } => StoreError::Full { needed: Some(left) },
                other => other,
            })?;
            left -= bytes;
        }
        Ok(())
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.apply(commit.into_steps()).await
    }

    async fn rewrite(&self, rewrite: Rewrite) -> Result<(), StoreError> {
        self.apply(rewrite.into_steps()).await
    }

    async fn page_ids(&self) -> Result<Vec<PageId>, StoreError> {
        Ok(self
            .keys(PAGES, None)
            .await?
            .iter()
            .filter_map(number)
            .map(PageId)
            .collect())
    }

    async fn delete_pages(&self, ids: &[PageId]) -> Result<(), StoreError> {
        self.apply(ids.iter().map(|id| Step::Delete(Key::Page(*id))).collect())
            .await
    }

    async fn file_names(&self) -> Result<Vec<String>, StoreError> {
        self.names_in(FILES).await
    }

    async fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(Key::File(name.to_owned())).await
    }

    async fn put_file(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.apply(vec![Step::Put(Key::File(name.to_owned()), bytes)])
            .await
    }

    async fn delete_file(&self, name: &str) -> Result<(), StoreError> {
        self.apply(vec![Step::Delete(Key::File(name.to_owned()))]).await
    }

    async fn meta_names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = self.names_in(META).await?;
        names.retain(|name| Key::Meta(name.clone()) != Lease::key());
        Ok(names)
    }

    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(Key::Meta(key.to_owned())).await
    }

    async fn put_meta(&self, key: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.apply(vec![Step::Put(Key::Meta(key.to_owned()), bytes)])
            .await
    }

    async fn delete_meta(&self, key: &str) -> Result<(), StoreError> {
        self.apply(vec![Step::Delete(Key::Meta(key.to_owned()))]).await
    }

    async fn usage(&self) -> Result<Usage, StoreError> {
        let (changes, journal_bytes) = self.size(JOURNAL).await?;
        let (pages, page_bytes) = self.size(PAGES).await?;
        let (files, file_bytes) = self.size(FILES).await?;
        let (meta, meta_bytes) = self.size(META).await?;
        Ok(Usage {
            changes,
            journal_bytes,
            pages,
            page_bytes,
            files,
            file_bytes,
            meta,
            meta_bytes,
        })
    }

    async fn lease(&self, owner: &str, now: i64, until: i64) -> Result<bool, StoreError> {
        let transaction = self.begin_write(&[META]).await?;
        let found = strict::value(&transaction, &Lease::key()).await?.and_then(lease);
        if found.is_some_and(|lease| !lease.is_free_for(owner, now)) {
            strict::abort(&transaction).await;
            return Ok(false);
        }
        let bytes = Lease::new(owner, until).to_bytes();
        strict::write(transaction, vec![Step::Put(Lease::key(), bytes)]).await?;
        *self.owner.borrow_mut() = Some(owner.to_owned());
        Ok(true)
    }

    async fn release(&self, heir: Option<(&str, i64)>) -> Result<(), StoreError> {
        let owned = self.owner.borrow().is_some();
        let released = match owned {
            true => self.apply(vec![Lease::given_up(heir)]).await,
            false => Ok(()),
        };
        *self.owner.borrow_mut() = None;
        match released {
            Err(StoreError::Lost) => Ok(()),
            released => released,
        }
    }

    async fn clear(&self) -> Result<(), StoreError> {
        let transaction = self.begin_write(&PLACES).await?;
        let kept = self.check_lease(&transaction).await?;
        strict::clear(transaction, &PLACES, kept.map(|record| (Lease::key(), record))).await
    }

    fn close(&self) {
        *self.state.borrow_mut() = State::Closed;
    }
}

/// Closes the connections of a store as a browser does that has trouble: with or without telling.
#[cfg(test)]
pub(crate) fn lose(store: &IndexedStore, with_event: bool) {
    if let State::Open(connection) = &*store.state.borrow() {
        let database = connection.link.database();
        database.close();
        if with_event {
            let event = web_sys::Event::new("close");
            assert!(event.is_ok_and(|event| database.dispatch_event(&event).is_ok()));
        }
    }
}

/// The lease that a record is; none where it can't be read, which is as good as none being there.
fn lease(record: JsValue) -> Option<Lease> {
    Lease::from_bytes(&unsealed(&Lease::key(), record).ok()?)
}

/// The payload of a record as IndexedDB has it; copied once.
fn unsealed(key: &Key, value: JsValue) -> Found {
    let record = array(value).ok_or(Damage::Foreign)?;
    let start = record.subarray(0, record.length().min(HEADER as u32)).to_vec();
    let envelope = Envelope::read(&start)?;
    let payload = record
        .subarray(envelope.payload_at as u32, record.length())
        .to_vec();
    envelope.verify(key, &payload)?;
    Ok(payload)
}

fn array(value: JsValue) -> Option<Uint8Array> {
    match value.dyn_into::<Uint8Array>() {
        Ok(array) => Some(array),
        Err(value) => value
            .dyn_ref::<ArrayBuffer>()
            .map(|buffer| Uint8Array::new(buffer)),
    }
}

/// The number that a key of `journal` or `pages` is.
fn number(key: &JsValue) -> Option<u64> {
    key.as_f64().map(|number| number as u64)
}

/// The browser's exception inside an error of rexie.
fn exception(error: &rexie::Error) -> Option<JsValue> {
    use idb::Error as E;
    let rexie::Error::IdbError(error) = error else {
        return None;
    };
    match error {
        E::DomException(exception) => Some(exception.clone().into()),
        E::TransactionOpenFailed(value)
        | E::ObjectStoreNotFound(value)
        | E::IndexedDbNotFound(value)
        | E::IndexedDbOpenFailed(value)
        | E::KeyRangeCreateFailed(value)
        | E::GetFailed(value)
        | E::GetAllFailed(value)
        | E::GetAllKeysFailed(value) => Some(value.clone()),
        _ => None,
    }
}

fn is_named(error: &rexie::Error, name: &str) -> bool {
    exception(error).is_some_and(|exception| strict::is_named(&exception, name))
}

/// Whether the connection was lost under a request.
fn is_cut_off(error: &rexie::Error) -> bool {
    exception(error).is_some_and(|exception| strict::is_cut_off(&exception))
}

fn explain(error: &rexie::Error) -> StoreError {
    match (error, exception(error)) {
        (rexie::Error::IdbError(idb::Error::IndexedDbNotFound(_)), _) => {
            StoreError::Unavailable("IndexedDB is missing".to_owned())
        }
        (_, Some(exception)) => strict::failure(&exception),
        (rexie::Error::IdbError(error), None) => StoreError::Other(error.to_string()),
        (other, None) => StoreError::Other(other.to_string()),
    }
}
