//! A ZIP file that is written as it comes, its files as they are, without compression.
//!
//! The layout is that of [APPNOTE 6.3.9], with sizes behind the data (bit 3) and, where they matter, of 64 bits. Of our
//! own, because the `zip` crate brings a browser's random numbers into the engine.
//!
//! [APPNOTE 6.3.9]: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

use crate::value::date::{DAY, date_of};
use crc32fast::Hasher;

/// Sizes and checksum stand behind the data; names are UTF-8.
const FLAGS: u16 = (1 << 3) | (1 << 11);
/// The version that knows sizes of 64 bits.
const VERSION: u16 = 45;
/// In the place of a number that is given with 64 bits.
const LARGE: u32 = u32::MAX;

/// A file inside.
struct Entry {
    name: String,
    offset: u64,
    size: u64,
    crc: u32,
}

/// A ZIP file being written into bytes that the caller takes whenever it likes.
pub(super) struct Zip {
    out: Vec<u8>,
    /// Bytes written, those that were taken included.
    written: u64,
    time: u16,
    date: u16,
    entries: Vec<Entry>,
    hasher: Hasher,
}

impl Zip {
    /// A file whose entries were made when the clock on the wall showed `local`, in milliseconds since 1970.
    pub fn new(local: i64) -> Zip {
        let (year, month, day) = date_of(local.div_euclid(DAY)).unwrap_or((1980, 1, 1));
        let seconds = local.rem_euclid(DAY) / 1000;
        let time = ((seconds / 3600) << 11) | ((seconds / 60 % 60) << 5) | (seconds % 60 / 2);
        let year = i64::from(year).clamp(1980, 2107) - 1980;
        let date = (year << 9) | (i64::from(month) << 5) | i64::from(day);
        Zip {
            out: Vec::new(),
            written: 0,
            time: time as u16,
            date: date as u16,
            entries: Vec::new(),
            hasher: Hasher::new(),
        }
    }

    /// Begins a file.
    pub fn begin(&mut self, name: &str) {
        let offset = self.written;
        self.number(0x0403_4b50u32.to_le_bytes());
        self.common();
        // The checksum and both sizes come behind the data, with 64 bits, as the extra field says.
        self.number(0u32.to_le_bytes());
        self.number(LARGE.to_le_bytes());
        self.number(LARGE.to_le_bytes());
        self.number((name.len() as u16).to_le_bytes());
        self.number(20u16.to_le_bytes());
        self.bytes(name.as_bytes());
        self.number(1u16.to_le_bytes());
        self.number(16u16.to_le_bytes());
        self.number([0; 16]);
        self.entries.push(Entry {
            name: name.to_owned(),
            offset,
            size: 0,
            crc: 0,
        });
        self.hasher = Hasher::new();
    }

    /// Writes bytes of the file.
    pub fn write(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes(bytes);
        if let Some(entry) = self.entries.last_mut() {
            entry.size += bytes.len() as u64;
        }
    }

    /// Ends the file.
    pub fn end(&mut self) {
        let crc = std::mem::take(&mut self.hasher).finalize();
        let Some(entry) = self.entries.last_mut() else {
            return;
        };
        entry.crc = crc;
        let size = entry.size;
        self.number(0x0807_4b50u32.to_le_bytes());
        self.number(crc.to_le_bytes());
        self.number(size.to_le_bytes());
        self.number(size.to_le_bytes());
    }

    /// Writes the list of files; nothing comes after it.
    pub fn close(&mut self) {
        let start = self.written;
        let entries = std::mem::take(&mut self.entries);
        for entry in &entries {
            self.number(0x0201_4b50u32.to_le_bytes());
            self.number(VERSION.to_le_bytes());
            self.common();
            self.number(entry.crc.to_le_bytes());
            self.number(LARGE.to_le_bytes());
            self.number(LARGE.to_le_bytes());
            self.number((entry.name.len() as u16).to_le_bytes());
            self.number(28u16.to_le_bytes());
            // No comment, the first disk, no attributes.
            self.number([0; 10]);
            self.number(LARGE.to_le_bytes());
            self.bytes(entry.name.as_bytes());
            self.number(1u16.to_le_bytes());
            self.number(24u16.to_le_bytes());
            self.number(entry.size.to_le_bytes());
            self.number(entry.size.to_le_bytes());
            self.number(entry.offset.to_le_bytes());
        }
        let (end, count) = (self.written, entries.len() as u64);
        self.number(0x0606_4b50u32.to_le_bytes());
        self.number(44u64.to_le_bytes());
        self.number(VERSION.to_le_bytes());
        self.number(VERSION.to_le_bytes());
        self.number([0; 8]);
        self.number(count.to_le_bytes());
        self.number(count.to_le_bytes());
        self.number((end - start).to_le_bytes());
        self.number(start.to_le_bytes());
        self.number(0x0706_4b50u32.to_le_bytes());
        self.number([0; 4]);
        self.number(end.to_le_bytes());
        self.number(1u32.to_le_bytes());
        self.number(0x0605_4b50u32.to_le_bytes());
        self.number([0; 4]);
        let count = (count as u16).to_le_bytes();
        self.number(count);
        self.number(count);
        self.number(u32::try_from(end - start).unwrap_or(LARGE).to_le_bytes());
        self.number(u32::try_from(start).unwrap_or(LARGE).to_le_bytes());
        self.number([0; 2]);
    }

    /// The bytes written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// What both headers of a file begin with: version, flags, no compression, when it was made.
    fn common(&mut self) {
        self.number(VERSION.to_le_bytes());
        self.number(FLAGS.to_le_bytes());
        self.number(0u16.to_le_bytes());
        self.number(self.time.to_le_bytes());
        self.number(self.date.to_le_bytes());
    }

    fn number<const N: usize>(&mut self, bytes: [u8; N]) {
        self.bytes(&bytes);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.written += bytes.len() as u64;
    }
}
