//! What a state shares with those who work on it, until one of them writes.

use roaring::RoaringBitmap;
use std::ops::{BitOrAssign, Deref, DerefMut, SubAssign};
use std::rc::Rc;

/// A value whose clones are the same one until they are written to: the first write copies it, unless nobody else has
/// it.
#[derive(Debug, Default)]
pub struct Shared<T>(Rc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T> From<T> for Shared<T> {
    fn from(value: T) -> Self {
        Shared(Rc::new(value))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Rc::make_mut(&mut self.0)
    }
}

impl BitOrAssign<&RoaringBitmap> for Shared<RoaringBitmap> {
    /// Nothing is copied where nothing comes.
    fn bitor_assign(&mut self, other: &RoaringBitmap) {
        if !other.is_empty() {
            **self |= other;
        }
    }
}

impl SubAssign<&RoaringBitmap> for Shared<RoaringBitmap> {
    /// Nothing is copied where nothing goes.
    fn sub_assign(&mut self, other: &RoaringBitmap) {
        if !other.is_empty() {
            **self -= other;
        }
    }
}
