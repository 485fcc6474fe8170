//! Sets of contacts that can be written into a record.

use roaring::RoaringBitmap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::{Deref, DerefMut};

/// A Roaring bitmap of contact numbers, serialised in the portable Roaring format.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bits(pub RoaringBitmap);

impl Deref for Bits {
    type Target = RoaringBitmap;
    fn deref(&self) -> &RoaringBitmap {
        &self.0
    }
}

impl DerefMut for Bits {
    fn deref_mut(&mut self) -> &mut RoaringBitmap {
        &mut self.0
    }
}

impl From<RoaringBitmap> for Bits {
    fn from(bitmap: RoaringBitmap) -> Self {
        Bits(bitmap)
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        Bits(numbers.into_iter().collect())
    }
}

/// A set that many numbers are put into one by one: a bit for each, in groups that are made when they are needed.
///
/// Numbers are gathered first and marked many at a time: their bits lie far apart, and where several sets grow at once,
/// each would push those of the others out of the processor's cache.
#[derive(Debug, Default)]
pub struct Marks {
    groups: Vec<Option<Box<[u64; WORDS]>>>,
    gathered: Vec<u32>,
}

/// The words of a group of marks, as many as a container of a Roaring bitmap has.
const WORDS: usize = 1024;

/// So many numbers are marked at a time.
const GATHERED: usize = 4096;

impl Marks {
    /// Puts a number in.
    #[inline]
    pub fn insert(&mut self, number: u32) {
        self.gathered.push(number);
        if self.gathered.len() == GATHERED {
            self.mark();
        }
    }

    /// Marks what was gathered.
    fn mark(&mut self) {
        for number in self.gathered.drain(..) {
            let group = (number >> 16) as usize;
            if self.groups.len() <= group {
                self.groups.resize_with(group + 1, || None);
            }
            if let Some(group) = self.groups.get_mut(group) {
                let words = group.get_or_insert_with(|| Box::new([0; WORDS]));
                if let Some(word) = words.get_mut((number as u16 >> 6) as usize) {
                    *word |= 1 << (number & 63);
                }
            }
        }
    }

    /// How many numbers there are.
    pub fn count(&mut self) -> u64 {
        self.mark();
        let words = self.groups.iter().flatten().flat_map(|words| words.iter());
        words.map(|word| u64::from(word.count_ones())).sum()
    }

    /// The numbers; none are left here.
    pub fn take(&mut self) -> RoaringBitmap {
        self.mark();
        let mut all = RoaringBitmap::new();
        let mut buffer = [0; WORDS * 8];
        for (group, words) in std::mem::take(&mut self.groups).into_iter().enumerate() {
            let Some(words) = words else { continue };
            for (bytes, word) in buffer.as_chunks_mut().0.iter_mut().zip(words.iter()) {
                *bytes = word.to_le_bytes();
            }
            all |= RoaringBitmap::from_lsb0_bytes((group as u32) << 16, &buffer);
        }
        all
    }
}

impl Serialize for Bits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(self.0.serialized_size());
        self.0
            .serialize_into(&mut bytes)
            .map_err(serde::ser::Error::custom)?;
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for Bits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        RoaringBitmap::deserialize_from(bytes)
            .map(Bits)
            .map_err(serde::de::Error::custom)
    }
}
