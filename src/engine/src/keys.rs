//! The key index: which contact has an email or external ID.

use crate::column::Column;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use roaring::RoaringBitmap;
use xxhash_rust::xxh3::xxh3_64;

/// Finds a contact by the text of one key field; the texts themselves stay in the column.
#[derive(Clone, Debug, Default)]
pub struct KeyIndex {
    table: HashTable<u32>,
}

/// The hash of a key; 64 bits, so that equal hashes are almost always equal keys.
pub fn hash(key: &[u8]) -> u64 {
    xxh3_64(key)
}

impl KeyIndex {
    /// The index of all living contacts that have the key.
    pub fn build(alive: &RoaringBitmap, column: &Column) -> KeyIndex {
        let mut index = KeyIndex {
            table: HashTable::with_capacity(alive.len() as usize),
        };
        index.extend(alive.iter(), column);
        index
    }

    /// Adds contacts that have the key and are not in it yet.
    pub fn extend(&mut self, contacts: impl Iterator<Item = u32>, column: &Column) {
        for contact in contacts {
            let key = column.text(contact);
            if !key.is_empty() {
                let rehash = |other: &u32| hash(column.text(*other));
                if let Entry::Vacant(place) =
                    self.table
                        .entry(hash(key), |other| column.text(*other) == key, rehash)
                {
                    place.insert(contact);
                }
            }
        }
    }

    /// The contact with a key.
    pub fn find(&self, key: &[u8], column: &Column) -> Option<u32> {
        self.table
            .find(hash(key), |contact| column.text(*contact) == key)
            .copied()
    }

    /// The contact with a key whose hash is known.
    pub fn find_hashed(&self, hash: u64, key: &[u8], column: &Column) -> Option<u32> {
        self.table
            .find(hash, |contact| column.text(*contact) == key)
            .copied()
    }

    /// Takes a contact out, while its key is still in the column.
    pub fn remove(&mut self, contact: u32, column: &Column) {
        let key = column.text(contact);
        if let Ok(entry) = self.table.find_entry(hash(key), |other| *other == contact) {
            entry.remove();
        }
    }
}
