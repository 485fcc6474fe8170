//! The lease: who may write, in browsers without Web Locks (old ones, and pages that came over plain HTTP).
//!
//! It is a small record that its owner renews before it runs out. A clock alone would not do: a worker that a browser
//! froze for a minute believes that the lease is its own until it looks. So a store that took the lease looks at the
//! record inside the transaction of each of its writes, and writes nothing once it is somebody else's.

use crate::{Key, Step};

/// The right to write, as it rests in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lease {
    /// Who has it: the name of a worker.
    owner: String,
    /// Until when, in milliseconds since 1970.
    until: i64,
}

impl Lease {
    /// What gives a lease up: to an heir until a moment, or to whoever comes first.
    pub(crate) fn given_up(heir: Option<(&str, i64)>) -> Step {
        match heir {
            Some((heir, until)) => Step::Put(Lease::key(), Lease::new(heir, until).to_bytes()),
            None => Step::Delete(Lease::key()),
        }
    }

    /// The lease of an owner until a moment.
    pub(crate) fn new(owner: &str, until: i64) -> Self {
        Lease {
            owner: owner.to_owned(),
            until,
        }
    }

    /// Where it rests.
    pub(crate) fn key() -> Key {
        Key::Meta("lease".to_owned())
    }

    /// Its bytes: the moment, little endian, then the owner's name.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.until.to_le_bytes().to_vec();
        bytes.extend_from_slice(self.owner.as_bytes());
        bytes
    }

    /// Reads its bytes; none where they are no lease, which is as good as none being there.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (until, owner) = bytes.split_first_chunk()?;
        Some(Lease {
            owner: std::str::from_utf8(owner).ok()?.to_owned(),
            until: i64::from_le_bytes(*until),
        })
    }

    /// Whether it is this owner's, run out or not.
    pub(crate) fn is_of(&self, owner: &str) -> bool {
        self.owner == owner
    }

    /// Whether somebody may take it at a moment.
    pub(crate) fn is_free_for(&self, owner: &str, now: i64) -> bool {
        self.is_of(owner) || self.until <= now
    }
}
