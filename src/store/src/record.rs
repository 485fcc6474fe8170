//! The envelope around each record: a format version and a checksum.
//!
//! ```text
//! byte 0      0xC7, which begins every record of every version
//! byte 1      version of the envelope, 1
//! bytes 2-9   xxh3-64 of the payload, little endian, seeded with the key (below)
//! bytes 10-   the payload
//! ```
//!
//! The seed is the xxh3-64 of the place's name, a zero byte, and the key: a number as eight little-endian
//! bytes, a name as UTF-8. So a record that got under another key is damaged, too.
//!
//! The version is that of the envelope alone; what is in the payload has versions of its own, of which this
//! crate knows nothing. A new version of the envelope is a new arm in [`Envelope::read`], beside those of
//! the earlier ones; [`seal`] writes the newest.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::{Damage, Key, PageId};

/// The version of the envelopes written now.
pub const VERSION: u8 = 1;

/// Bytes before the payload in the envelopes written now; no version so far has more.
pub const HEADER: usize = 10;

const MAGIC: u8 = 0xC7;

/// The header of the record that holds this payload under this key.
pub fn seal(key: &Key, payload: &[u8]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let (mark, sum) = header.split_at_mut(2);
    mark.copy_from_slice(&[MAGIC, VERSION]);
    sum.copy_from_slice(&checksum(key, payload).to_le_bytes());
    header
}

/// What the first bytes of a record say about the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Where the payload begins.
    pub payload_at: usize,
    checksum: u64,
}

impl Envelope {
    /// Reads the header of a record of any version so far; `start` is its first [`HEADER`] bytes at least,
    /// or all of them if it has fewer.
    ///
    /// # Errors
    /// [`Damage::Short`], [`Damage::Foreign`] or [`Damage::Newer`].
    pub fn read(start: &[u8]) -> Result<Envelope, Damage> {
        match *start {
            [] => Err(Damage::Short),
            [MAGIC, 1, a, b, c, d, e, f, g, h, ..] => Ok(Envelope {
                payload_at: HEADER,
                checksum: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            }),
            [MAGIC] | [MAGIC, 1, ..] => Err(Damage::Short),
            [MAGIC, 0, ..] => Err(Damage::Foreign),
            [MAGIC, found, ..] => Err(Damage::Newer { found }),
            _ => Err(Damage::Foreign),
        }
    }

    /// Whether this is the payload that was sealed under this key.
    ///
    /// # Errors
    /// [`Damage::Checksum`].
    pub fn verify(&self, key: &Key, payload: &[u8]) -> Result<(), Damage> {
        if checksum(key, payload) == self.checksum {
            Ok(())
        } else {
            Err(Damage::Checksum)
        }
    }
}

fn checksum(key: &Key, payload: &[u8]) -> u64 {
    let mut name = key.place().as_bytes().to_vec();
    name.push(0);
    match key {
        Key::Change(number) | Key::Page(PageId(number)) => name.extend(number.to_le_bytes()),
        Key::File(text) | Key::Meta(text) => name.extend(text.as_bytes()),
    }
    xxh3_64_with_seed(payload, xxh3_64(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn record(key: &Key, payload: &[u8]) -> Vec<u8> {
        [&seal(key, payload), payload].concat()
    }

    fn open(key: &Key, record: &[u8]) -> Result<Vec<u8>, Damage> {
        let envelope = Envelope::read(record)?;
        let payload = record.get(envelope.payload_at..).unwrap_or_default();
        envelope.verify(key, payload)?;
        Ok(payload.to_vec())
    }

    const ANA: Key = Key::Page(PageId(7));

    #[test]
    fn a_record_of_version_1_has_these_bytes_for_ever() {
        let bytes = record(&ANA, b"Ana");
        assert_eq!(
            bytes,
            [0xC7, 1, 92, 61, 163, 115, 220, 8, 182, 141, b'A', b'n', b'a']
        );
        assert_eq!(open(&ANA, &bytes), Ok(b"Ana".to_vec()));
    }

    #[test]
    fn an_empty_payload_is_a_payload() {
        assert_eq!(open(&ANA, &record(&ANA, b"")), Ok(vec![]));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let good = record(&ANA, b"Ana Lopez");
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            if let Some(byte) = bad.get_mut(bit / 8) {
                *byte ^= 1 << (bit % 8);
            }
            assert!(open(&ANA, &bad).is_err(), "bit {bit} flipped");
        }
        for length in 0..good.len() {
            assert!(
                open(&ANA, good.get(..length).unwrap_or_default()).is_err(),
                "cut to {length}"
            );
        }
    }

    #[test]
    fn a_record_under_another_key_is_damaged() {
        let bytes = record(&ANA, b"Ana");
        for other in [Key::Page(PageId(8)), Key::Change(7), Key::Meta("7".into())] {
            assert_eq!(open(&other, &bytes), Err(Damage::Checksum), "{other}");
        }
    }

    #[test]
    fn each_damage_has_its_name() {
        assert_eq!(Envelope::read(b""), Err(Damage::Short));
        assert_eq!(Envelope::read(&[0xC7]), Err(Damage::Short));
        assert_eq!(Envelope::read(&[0xC7, 1, 2, 3]), Err(Damage::Short));
        assert_eq!(Envelope::read(&[0xC7, 0, 2, 3]), Err(Damage::Foreign));
        assert_eq!(Envelope::read(b"{\"json\": true}"), Err(Damage::Foreign));
        assert_eq!(Envelope::read(&[0xC7, 2, 2, 3]), Err(Damage::Newer { found: 2 }));
    }
}
