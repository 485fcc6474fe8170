//! Pages in a form that packs better: like bytes beside each other.
//!
//! Most of a page is a row of whole numbers of one width ([`crate::page`]). The bytes of a number are little alike, those
//! of one weight in all numbers often are; so they are put together, a *plane* for each weight. That is the shuffle filter
//! of HDF5. A row that only grows, as moments and the ends of texts do, is told by its steps.

use super::packing::Texture;
use crate::page::row_of;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How the row of a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// In planes.
    Planes,
    /// Each number as what it has more than the one before, these in planes.
    Steps,
}

/// Numbers of at least so many bytes are left where they are when they come again soon: deflate finds them whole.
const FOUND_WHOLE: usize = 3;

/// A page in the form in which it packs best, none being that of the store, and what it is like then.
pub fn formed(page: &[u8]) -> (Option<Form>, Texture, Cow<'_, [u8]>) {
    let Some(row) = row_of(page) else {
        return (None, Texture::Texts, page.into());
    };
    let numbers = page.get(row.place.clone()).unwrap_or_default();
    let (width, texture) = match row.ends {
        true => (row.width, Texture::Texts),
        false => (row.width, Texture::Numbers),
    };
    if width < 2 {
        return (None, texture, page.into());
    }
    let form = if grows(numbers, width) {
        Form::Steps
    } else if width >= FOUND_WHOLE && recurs(numbers, width) {
        return (None, Texture::Texts, page.into());
    } else {
        Form::Planes
    };
    let mut formed = page.to_vec();
    if let Some(into) = formed.get_mut(row.place) {
        match form {
            Form::Planes => to_planes(numbers, width, into),
            Form::Steps => to_planes(&steps(numbers, width), width, into),
        }
    }
    (Some(form), texture, formed.into())
}

/// Brings a page back into the form of the store; none where it can't have been in the other one.
pub fn unform(form: Form, page: &mut [u8]) -> Option<()> {
    let row = row_of(page).filter(|row| row.width >= 2)?;
    let numbers = page.get_mut(row.place)?;
    let planes = numbers.to_vec();
    let many = planes.len() / row.width;
    for (weight, plane) in planes.chunks_exact(many.max(1)).enumerate() {
        let into = numbers.iter_mut().skip(weight).step_by(row.width);
        into.zip(plane).for_each(|(into, byte)| *into = *byte);
    }
    if form == Form::Steps {
        let mut sum = 0;
        for bytes in numbers.chunks_exact_mut(row.width) {
            sum = number(bytes).wrapping_add(sum);
            write(sum, bytes);
        }
    }
    Some(())
}

fn to_planes(numbers: &[u8], width: usize, into: &mut [u8]) {
    let many = numbers.len() / width;
    for (weight, plane) in into.chunks_exact_mut(many.max(1)).enumerate() {
        let bytes = numbers.iter().skip(weight).step_by(width);
        plane.iter_mut().zip(bytes).for_each(|(into, byte)| *into = *byte);
    }
}

fn steps(numbers: &[u8], width: usize) -> Vec<u8> {
    let (mut steps, mut before) = (numbers.to_vec(), 0);
    for bytes in steps.chunks_exact_mut(width) {
        let now = number(bytes);
        write(now.wrapping_sub(before), bytes);
        before = now;
    }
    steps
}

fn grows(numbers: &[u8], width: usize) -> bool {
    numbers.chunks_exact(width).map(number).is_sorted()
}

/// Whether one number in four was met a little before.
fn recurs(numbers: &[u8], width: usize) -> bool {
    let (mut latest, mut met, mut many) = ([u64::MAX; 256], 0, 0);
    for number in numbers.chunks_exact(width).map(number) {
        // Fibonacci hashing (Knuth, TAOCP 3, 6.4): 2⁶⁴ by the golden ratio scatters into the highest bits.
        let place = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize;
        if let Some(latest) = latest.get_mut(place) {
            met += usize::from(*latest == number);
            *latest = number;
        }
        many += 1;
    }
    met * 4 >= many
}

/// A little-endian number of at most eight bytes.
#[inline]
fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The lower bytes of a number.
#[inline]
fn write(number: u64, bytes: &mut [u8]) {
    bytes
        .iter_mut()
        .zip(number.to_le_bytes())
        .for_each(|(into, byte)| *into = byte);
}
