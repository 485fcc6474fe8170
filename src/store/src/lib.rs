//! Where bytes rest: a trait, its IndexedDB form and its in-memory twin.
//!
//! This crate deals in bytes only; what they mean is the engine's business. A [`Store`] holds four kinds
//! of records, each in a place of its own:
//!
//! | place | key | what rests there |
//! |---|---|---|
//! | `journal` | number of the change set | one change set, written once |
//! | `pages` | [`PageId`] | one immutable page of values |
//! | `files` | name | what a person may download again |
//! | `meta` | name | small things about the whole: the checkpoint, settings, the lease |
//!
//! What holds, whichever form is behind the trait:
//! - A write is all or nothing, and durable when its future is ready: it survives a killed tab, and (where
//!   the browser honours strict durability) a power cut.
//! - Each record rests in an envelope of its own ([`record`]): a format version and a checksum bound to the
//!   record's key. A record that can't be read is reported with its key, as [`Damage`], and never keeps the
//!   others from being read.
//! - Nothing here retries, merges or decides; callers get an error they can act on.
//!
//! `IndexedStore` is the form a browser has; [`MemoryStore`] is its twin, for tests and for runs whose
//! result is thrown away. Both pass the same suite (`suite.rs`).

mod error;
#[cfg(target_arch = "wasm32")]
mod indexed;
mod lease;
mod memory;
pub mod record;
#[cfg(target_arch = "wasm32")]
mod strict;
#[cfg(test)]
mod suite;

use std::fmt;

pub use error::{Damage, StoreError};
#[cfg(target_arch = "wasm32")]
pub use indexed::IndexedStore;
pub use memory::{MemoryDisk, MemoryStore};

/// The largest number a change set or a page may have: 2⁵³ − 1.
///
/// A key of IndexedDB is a double, which counts exactly up to here.
pub const MAX_NUMBER: u64 = (1 << 53) - 1;

/// The number of a page, given once and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u64);

/// Where a record rests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A change set, in `journal`.
    Change(u64),
    /// A page, in `pages`.
    Page(PageId),
    /// A file, in `files`.
    File(String),
    /// A small record about the whole, in `meta`.
    Meta(String),
}

impl Key {
    /// The name of the place, which is that of the IndexedDB store.
    pub(crate) fn place(&self) -> &'static str {
        match self {
            Key::Change(_) => JOURNAL,
            Key::Page(_) => PAGES,
            Key::File(_) => FILES,
            Key::Meta(_) => META,
        }
    }

    /// Refuses a number beyond [`MAX_NUMBER`].
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match *self {
            Key::Change(number) | Key::Page(PageId(number)) if number > MAX_NUMBER => {
                Err(StoreError::Number { number })
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Change(number) => write!(f, "change set {number}"),
            Key::Page(PageId(number)) => write!(f, "page {number}"),
            Key::File(name) => write!(f, "file “{name}”"),
            Key::Meta(name) => write!(f, "record “{name}”"),
        }
    }
}

pub(crate) const JOURNAL: &str = "journal";
pub(crate) const PAGES: &str = "pages";
pub(crate) const FILES: &str = "files";
pub(crate) const META: &str = "meta";

/// A change set on its way to the journal, with everything that must become visible together with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// The number of the change set; one that is in the journal already is a [`StoreError::Conflict`].
    pub change: u64,
    /// The change set, encoded.
    pub record: Vec<u8>,
    /// Pages that it names; those written earlier by [`Store::write_pages`] need not be here.
    pub pages: Vec<(PageId, Vec<u8>)>,
    /// Files that it names, by name; one of the same name is replaced.
    pub files: Vec<(String, Vec<u8>)>,
    /// Small records to set with it, by key.
    pub meta: Vec<(String, Vec<u8>)>,
}

/// Records to be replaced and deleted in one go: what erasing a person and forgetting history need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// Records deleted; one that doesn't exist is no error.
    pub delete: Vec<Key>,
    /// Records set, replacing what is there; after the deletions.
    pub put: Vec<(Key, Vec<u8>)>,
    /// The change set that says so, last; with its own rules.
    pub commit: Option<Commit>,
}

/// How many records rest in a store, and how many bytes: envelopes included, the browser's own overhead not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Number of change sets in the journal.
    pub changes: u64,
    /// Bytes of the journal.
    pub journal_bytes: u64,
    /// Number of pages, those that no change set names yet included.
    pub pages: u64,
    /// Bytes of the pages.
    pub page_bytes: u64,
    /// Number of files.
    pub files: u64,
    /// Bytes of the files.
    pub file_bytes: u64,
    /// Number of small records.
    pub meta: u64,
    /// Bytes of the small records.
    pub meta_bytes: u64,
}

impl Usage {
    /// Bytes of all records.
    pub fn bytes(&self) -> u64 {
        self.journal_bytes + self.page_bytes + self.file_bytes + self.meta_bytes
    }
}

/// A record as it was found: its bytes, or why they can't be had.
pub type Found = Result<Vec<u8>, Damage>;

/// A place where the bytes of one workspace rest.
///
/// Every method may fail with [`StoreError::Closed`], [`StoreError::Gone`] or [`StoreError::Other`], and with
/// [`StoreError::Number`] for a number beyond [`MAX_NUMBER`]; what else can go wrong is said at each.
/// Methods may be called while others are under way; writes take effect in the order they were called.
#[allow(async_fn_in_trait)] // One thread owns the data, here and in the worker: no future needs to be `Send`.
pub trait Store {
    /// The change sets numbered `from` and above, in order, each with its number.
    ///
    /// # Errors
    /// A damaged change set is in the list, as damaged; it is no error of the call.
    async fn journal(&self, from: u64) -> Result<Vec<(u64, Found)>, StoreError>;

    /// The pages of these numbers, in the order asked for; `None` where there is no such page.
    ///
    /// Checksums are verified here, on each read (a few per cent of the time reading takes), so that a page in
    /// memory is a page that was written. Neighbouring pages come in few large requests.
    ///
    /// # Errors
    /// A damaged page is in the list, as damaged; it is no error of the call.
    async fn pages(&self, ids: &[PageId]) -> Result<Vec<Option<Found>>, StoreError>;

    /// Writes pages that nobody sees until a change set names them.
    ///
    /// Not one transaction but as many as keep each within about 32 MiB: after an error some of the pages may
    /// be there. They are leftovers like those of a killed tab, for the caller to sweep ([`Store::page_ids`],
    /// [`Store::delete_pages`]).
    ///
    /// # Errors
    /// [`StoreError::Full`] with the bytes of the pages that were not written.
    async fn write_pages(&self, pages: Vec<(PageId, Vec<u8>)>) -> Result<(), StoreError>;

    /// Writes a change set and what belongs to it, wholly or not at all.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if its number is taken, [`StoreError::Full`]; nothing is changed then.
    async fn commit(&self, commit: Commit) -> Result<(), StoreError>;

    /// Replaces and deletes records, wholly or not at all.
    ///
    /// # Errors
    /// Those of [`Store::commit`]; nothing is changed then.
    async fn rewrite(&self, rewrite: Rewrite) -> Result<(), StoreError>;

    /// The numbers of all pages there are, ascending; those that no change set names included.
    async fn page_ids(&self) -> Result<Vec<PageId>, StoreError>;

    /// Deletes pages for good, all or none; one that doesn't exist is no error.
    async fn delete_pages(&self, ids: &[PageId]) -> Result<(), StoreError>;

    /// The names of all files, ascending by their UTF-8 bytes.
    async fn file_names(&self) -> Result<Vec<String>, StoreError>;

    /// The file of this name, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    async fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Writes a file, replacing one of the same name.
    ///
    /// # Errors
    /// [`StoreError::Full`]; the earlier file stays then.
    async fn put_file(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError>;

    /// Deletes a file for good; one that doesn't exist is no error.
    async fn delete_file(&self, name: &str) -> Result<(), StoreError>;

    /// The keys of all small records but the lease, ascending by their UTF-8 bytes.
    async fn meta_names(&self) -> Result<Vec<String>, StoreError>;

    /// The small record of this key, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Writes a small record, replacing the one of the same key.
    ///
    /// # Errors
    /// [`StoreError::Full`]; the earlier record stays then.
    async fn put_meta(&self, key: &str, bytes: Vec<u8>) -> Result<(), StoreError>;

    /// Deletes a small record for good; one that doesn't exist is no error.
    async fn delete_meta(&self, key: &str) -> Result<(), StoreError>;

    /// Takes or renews the lease on the right to write, for browsers without Web Locks; says whether `owner` has it.
    ///
    /// `now` and `until`, up to when it is to hold, are milliseconds since 1970. Once this store had the lease, each of
    /// its writes is refused with [`StoreError::Lost`] as soon as somebody else took it.
    async fn lease(&self, owner: &str, now: i64, until: i64) -> Result<bool, StoreError>;

    /// Gives the lease up, if this store has it: to an heir, who has until a moment (milliseconds since 1970) to take it
    /// over, or to whoever comes first.
    async fn release(&self, heir: Option<(&str, i64)>) -> Result<(), StoreError>;

    /// How many records and bytes rest here. Reads everything once: not for every second.
    async fn usage(&self) -> Result<Usage, StoreError>;

    /// Deletes every record but a lease of this store's for good, wholly or not at all.
    async fn clear(&self) -> Result<(), StoreError>;

    /// Closes the store: writes under way still finish, later calls get [`StoreError::Closed`].
    fn close(&self);
}

/// One step of a write; the steps of one write are done in order, wholly or not at all.
pub(crate) enum Step {
    /// Sets a record that must not exist.
    Add(Key, Vec<u8>),
    /// Sets a record.
    Put(Key, Vec<u8>),
    /// Deletes a record if it exists.
    Delete(Key),
}

impl Step {
    pub(crate) fn key(&self) -> &Key {
        match self {
            Step::Add(key, _) | Step::Put(key, _) | Step::Delete(key) => key,
        }
    }

    /// Bytes this step writes.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Step::Add(_, bytes) | Step::Put(_, bytes) => (record::HEADER + bytes.len()) as u64,
            Step::Delete(_) => 0,
        }
    }
}

impl Commit {
    /// The change set goes first: where it is refused, nothing else need be tried.
    pub(crate) fn into_steps(self) -> Vec<Step> {
        let mut steps = vec![Step::Add(Key::Change(self.change), self.record)];
        steps.extend(
            self.pages
                .into_iter()
                .map(|(id, bytes)| Step::Put(Key::Page(id), bytes)),
        );
        steps.extend(
            self.files
                .into_iter()
                .map(|(name, bytes)| Step::Put(Key::File(name), bytes)),
        );
        steps.extend(
            self.meta
                .into_iter()
                .map(|(key, bytes)| Step::Put(Key::Meta(key), bytes)),
        );
        steps
    }
}

impl Rewrite {
    pub(crate) fn into_steps(self) -> Vec<Step> {
        let mut steps: Vec<Step> = self.delete.into_iter().map(Step::Delete).collect();
        steps.extend(self.put.into_iter().map(|(key, bytes)| Step::Put(key, bytes)));
        steps.extend(self.commit.into_iter().flat_map(Commit::into_steps));
        steps
    }
}
