//! The in-memory twin: the same promises as IndexedDB, without a browser.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::lease::Lease;
use crate::record::{self, Envelope};
use crate::{Commit, Found, Key, PageId, Rewrite, Step, Store, StoreError, Usage};

/// What outlives a [`MemoryStore`], as a browser's disk outlives a tab.
///
/// Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk(Rc<Disk>);

#[derive(Debug, Default)]
struct Disk {
    /// Records in their envelopes.
    records: RefCell<BTreeMap<Key, Vec<u8>>>,
    room: Cell<Option<u64>>,
}

impl MemoryDisk {
    /// An empty disk without limit.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the bytes that may rest here, envelopes included (`None`: no limit).
    ///
    /// A write that would go beyond is refused with [`StoreError::Full`].
    pub fn limit(&self, bytes: Option<u64>) {
        self.0.room.set(bytes);
    }

    /// Opens the disk; any number of stores may have it open.
    pub fn open(&self) -> MemoryStore {
        MemoryStore {
            disk: self.clone(),
            closed: Cell::new(false),
            owner: RefCell::default(),
        }
    }

    /// Sets the bytes of a record as they rest, envelope included: how a test damages one.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub(crate) fn put_raw(&self, key: Key, record: Vec<u8>) {
        self.0.records.borrow_mut().insert(key, record);
    }

    /// The bytes of a record as they rest, envelope included.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    pub(crate) fn raw(&self, key: &Key) -> Option<Vec<u8>> {
        self.0.records.borrow().get(key).cloned()
    }

    /// Does all steps, or none. Every check comes before the first change.
    fn apply(&self, steps: Vec<Step>) -> Result<(), StoreError> {
        let mut records = self.0.records.borrow_mut();
        let mut after: BTreeMap<Key, Option<Vec<u8>>> = BTreeMap::new();
        let needed = steps.iter().map(Step::bytes).sum();
        for step in steps {
            step.key().check()?;
            match step {
                Step::Add(key, payload) => {
                    let taken = match after.get(&key) {
                        Some(changed) => changed.is_some(),
                        None => records.contains_key(&key),
                    };
                    if taken {
                        return Err(match key {
                            Key::Change(change) => StoreError::Conflict { change },
                            other => StoreError::Other(format!("the {other} exists")),
                        });
                    }
                    let record = sealed(&key, payload);
                    after.insert(key, Some(record));
                }
                Step::Put(key, payload) => {
                    let record = sealed(&key, payload);
                    after.insert(key, Some(record));
                }
                Step::Delete(key) => {
                    after.insert(key, None);
                }
            }
        }
        if let Some(room) = self.0.room.get() {
            let kept = records
                .iter()
                .filter(|(key, _)| !after.contains_key(*key))
                .map(|(_, record)| record);
            let bytes: usize = kept.chain(after.values().flatten()).map(Vec::len).sum();
            if needed > 0 && bytes as u64 > room {
                return Err(StoreError::Full { needed: Some(needed) });
            }
        }
        for (key, record) in after {
            match record {
                Some(record) => records.insert(key, record),
                None => records.remove(&key),
            };
        }
        Ok(())
    }
}

fn sealed(key: &Key, payload: Vec<u8>) -> Vec<u8> {
    let mut record = Vec::with_capacity(record::HEADER + payload.len());
    record.extend(record::seal(key, &payload));
    record.extend(payload);
    record
}

fn unsealed(key: &Key, record: &[u8]) -> Found {
    let envelope = Envelope::read(record)?;
    let payload = record.get(envelope.payload_at..).unwrap_or_default();
    envelope.verify(key, payload)?;
    Ok(payload.to_vec())
}

/// A store whose bytes rest on a [`MemoryDisk`].
#[derive(Debug)]
pub struct MemoryStore {
    disk: MemoryDisk,
    closed: Cell<bool>,
    /// The name by which this store took the lease.
    owner: RefCell<Option<String>>,
}

impl MemoryStore {
    fn disk(&self) -> Result<&MemoryDisk, StoreError> {
        if self.closed.get() {
            Err(StoreError::Closed)
        } else {
            Ok(&self.disk)
        }
    }

    fn find(&self, key: &Key) -> Result<Option<Found>, StoreError> {
        key.check()?;
        let records = self.disk()?.0.records.borrow();
        Ok(records.get(key).map(|record| unsealed(key, record)))
    }

    /// The record of this key, where a damaged one is an error.
    fn get(&self, key: Key) -> Result<Option<Vec<u8>>, StoreError> {
        match self.find(&key)? {
            None => Ok(None),
            Some(Ok(payload)) => Ok(Some(payload)),
            Some(Err(damage)) => Err(StoreError::Damaged { key, damage }),
        }
    }

    fn apply(&self, steps: Vec<Step>) -> Result<(), StoreError> {
        self.check_lease()?;
        self.disk()?.apply(steps)
    }

    fn found_lease(&self) -> Result<Option<Lease>, StoreError> {
        let found = self.find(&Lease::key())?;
        Ok(found.and_then(|found| Lease::from_bytes(&found.ok()?)))
    }

    /// Refuses a write once the lease that this store took is somebody else's.
    fn check_lease(&self) -> Result<(), StoreError> {
        match &*self.owner.borrow() {
            Some(owner) if !self.found_lease()?.is_some_and(|lease| lease.is_of(owner)) => {
                Err(StoreError::Lost)
            }
            _ => Ok(()),
        }
    }
}

impl Store for MemoryStore {
    async fn journal(&self, from: u64) -> Result<Vec<(u64, Found)>, StoreError> {
        let from = Key::Change(from);
        from.check()?;
        let records = self.disk()?.0.records.borrow();
        let changes = records.range(from..).map_while(|(key, record)| match key {
            Key::Change(number) => Some((*number, unsealed(key, record))),
            _ => None,
        });
        Ok(changes.collect())
    }

    async fn pages(&self, ids: &[PageId]) -> Result<Vec<Option<Found>>, StoreError> {
        ids.iter().map(|id| self.find(&Key::Page(*id))).collect()
    }

    async fn write_pages(&self, pages: Vec<(PageId, Vec<u8>)>) -> Result<(), StoreError> {
        let steps: Vec<Step> = pages
            .into_iter()
            .map(|(id, bytes)| Step::Put(Key::Page(id), bytes))
            .collect();
        let mut left: u64 = steps.iter().map(Step::bytes).sum();
        for step in steps {
            let bytes = step.bytes();
            self.apply(vec![step]).map_err(|error| match error {
                StoreError::Full { .. } => StoreError::Full { needed: Some(left) },
                other => other,
            })?;
            left -= bytes;
        }
        Ok(())
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.apply(commit.into_steps())
    }

    async fn rewrite(&self, rewrite: Rewrite) -> Result<(), StoreError> {
        self.apply(rewrite.into_steps())
    }

    async fn page_ids(&self) -> Result<Vec<PageId>, StoreError> {
        let records = self.disk()?.0.records.borrow();
        let ids = records.keys().filter_map(|key| match key {
            Key::Page(id) => Some(*id),
            _ => None,
        });
        Ok(ids.collect())
    }

    async fn delete_pages(&self, ids: &[PageId]) -> Result<(), StoreError> {
        self.apply(ids.iter().map(|id| Step::Delete(Key::Page(*id))).collect())
    }

    async fn file_names(&self) -> Result<Vec<String>, StoreError> {
        let records = self.disk()?.0.records.borrow();
        let names = records.keys().filter_map(|key| match key {
            Key::File(name) => Some(name.clone()),
            _ => None,
        });
        Ok(names.collect())
    }

    async fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(Key::File(name.to_owned()))
    }

    async fn put_file(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.apply(vec![Step::Put(Key::File(name.to_owned()), bytes)])
    }

    async fn delete_file(&self, name: &str) -> Result<(), StoreError> {
        self.apply(vec![Step::Delete(Key::File(name.to_owned()))])
    }

    async fn meta_names(&self) -> Result<Vec<String>, StoreError> {
        let records = self.disk()?.0.records.borrow();
        let names = records.keys().filter_map(|key| match key {
            Key::Meta(name) if *key != Lease::key() => Some(name.clone()),
            _ => None,
        });
        Ok(names.collect())
    }

    async fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(Key::Meta(key.to_owned()))
    }

    async fn put_meta(&self, key: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.apply(vec![Step::Put(Key::Meta(key.to_owned()), bytes)])
    }

    async fn delete_meta(&self, key: &str) -> Result<(), StoreError> {
        self.apply(vec![Step::Delete(Key::Meta(key.to_owned()))])
    }

    async fn usage(&self) -> Result<Usage, StoreError> {
        let mut usage = Usage::default();
        for (key, record) in self.disk()?.0.records.borrow().iter() {
            let (count, bytes) = match key {
                Key::Change(_) => (&mut usage.changes, &mut usage.journal_bytes),
                Key::Page(_) => (&mut usage.pages, &mut usage.page_bytes),
                Key::File(_) => (&mut usage.files, &mut usage.file_bytes),
                Key::Meta(_) => (&mut usage.meta, &mut usage.meta_bytes),
            };
            *count += 1;
            *bytes += record.len() as u64;
        }
        Ok(usage)
    }

    async fn lease(&self, owner: &str, now: i64, until: i64) -> Result<bool, StoreError> {
        if self
            .found_lease()?
            .is_some_and(|lease| !lease.is_free_for(owner, now))
        {
            return Ok(false);
        }
        let bytes = Lease::new(owner, until).to_bytes();
        self.disk()?.apply(vec![Step::Put(Lease::key(), bytes)])?;
        *self.owner.borrow_mut() = Some(owner.to_owned());
        Ok(true)
    }

    async fn release(&self, heir: Option<(&str, i64)>) -> Result<(), StoreError> {
        let released = match *self.owner.borrow() {
            Some(_) => self.apply(vec![Lease::given_up(heir)]),
            None => Ok(()),
        };
        *self.owner.borrow_mut() = None;
        match released {
            Err(StoreError::Lost) => Ok(()),
            released => released,
        }
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.check_lease()?;
        let owned = self.owner.borrow().is_some();
        let lease = Lease::key();
        self.disk()?
            .0
            .records
            .borrow_mut()
            .retain(|key, _| owned && *key == lease);
        Ok(())
    }

    fn close(&self) {
        self.closed.set(true);
    }
}
