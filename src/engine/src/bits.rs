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
