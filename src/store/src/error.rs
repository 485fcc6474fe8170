//! What can go wrong, in words for a person.

use std::error::Error;
use std::fmt;

use crate::Key;

/// Why a call to a store failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The browser gives no more room, or the disk has none.
    Full {
        /// Bytes that could not be written, where known; what they replace is not deducted.
        needed: Option<u64>,
    },
    /// A change set of this number is in the journal already: somebody else wrote it.
    Conflict {
        /// The number of the change set.
        change: u64,
    },
    /// The store was closed: by its owner, or because another page deletes or upgrades the database.
    Closed,
    /// Somebody else took the lease on the right to write.
    Lost,
    /// The browser deleted the database while it was in use.
    Gone,
    /// Another page or worker still has the database open; it is deleted as soon as they close it.
    Blocked,
    /// The database was made by a newer version of Corral; nothing in it was touched.
    Version {
        /// The version of the database.
        found: u32,
    },
    /// The record that was asked for can't be read.
    Damaged {
        /// Which record.
        key: Key,
        /// What is wrong with it.
        damage: Damage,
    },
    /// The number of a change set or page is beyond [`MAX_NUMBER`](crate::MAX_NUMBER).
    Number {
        /// The number.
        number: u64,
    },
    /// The browser offers no database here: private mode, blocked storage, or a very old browser.
    Unavailable(String),
    /// Anything else, in the browser's words.
    Other(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Full { needed: Some(bytes) } => {
                write!(f, "The browser has no room left for {} more", Size(*bytes))
            }
            StoreError::Full { needed: None } => f.write_str("The browser has no room left"),
            StoreError::Conflict { change } => {
                write!(f, "Change set {change} was already written by somebody else")
            }
            StoreError::Closed => f.write_str("The database is closed"),
            StoreError::Lost => f.write_str("Another page took the data over"),
            StoreError::Gone => f.write_str("The browser deleted the database while it was in use"),
            StoreError::Blocked => f.write_str("The database is still open in another tab"),
            StoreError::Version { found } => write!(
                f,
                "The database was made by a newer version of Corral (database version {found}, this one knows 1)"
            ),
            StoreError::Damaged { key, damage } => write!(f, "The {key} can't be read: {damage}"),
            StoreError::Number { number } => write!(f, "The number {number} is too large to be stored"),
            StoreError::Unavailable(reason) => write!(f, "The browser offers no database here: {reason}"),
            StoreError::Other(reason) => write!(f, "The database failed: {reason}"),
        }
    }
}

impl Error for StoreError {}

/// Why the bytes of one record can't be had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// Fewer bytes than an envelope has.
    Short,
    /// The bytes don't begin as a record of Corral does.
    Foreign,
    /// A newer version of Corral wrote it.
    Newer {
        /// The version of its envelope.
        found: u8,
    },
    /// Its bytes aren't those that were written under this key.
    Checksum,
    /// The browser couldn't read it, in its own words.
    Unreadable(String),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::Short => f.write_str("it is cut off"),
            Damage::Foreign => f.write_str("it isn't a record of Corral"),
            Damage::Newer { found } => write!(
                f,
                "a newer version of Corral wrote it (record version {found}, this one knows up to {})",
                crate::record::VERSION
            ),
            Damage::Checksum => f.write_str("its checksum doesn't match"),
            Damage::Unreadable(reason) => write!(f, "the browser couldn't read it ({reason})"),
        }
    }
}

impl Error for Damage {}

/// A number of bytes in the unit a person would choose.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes @ 0..1_000 => write!(f, "{bytes} bytes"),
            bytes @ 1_000..1_000_000 => write!(f, "{} KB", bytes.div_ceil(1_000)),
            bytes => write!(f, "{} MB", bytes.div_ceil(1_000_000)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn check(error: StoreError, expected: &str) {
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn errors_speak_to_a_person() {
        check(
            StoreError::Full {
                needed: Some(1_048_586),
            },
            "The browser has no room left for 2 MB more",
        );
        check(
            StoreError::Full { needed: Some(999) },
            "The browser has no room left for 999 bytes more",
        );
        check(
            StoreError::Damaged {
                key: Key::File("Clients.csv".into()),
                damage: Damage::Newer { found: 9 },
            },
            "The file “Clients.csv” can't be read: a newer version of Corral wrote it \
             (record version 9, this one knows up to 1)",
        );
        check(
            StoreError::Version { found: 2 },
            "The database was made by a newer version of Corral (database version 2, this one knows 1)",
        );
    }
}
