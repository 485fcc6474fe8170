//! The file of a backup: what its bytes mean, without passphrases or any I/O.
//!
//! All numbers are little-endian.
//!
//! ```text
//! head    8 bytes  C7 "CORRAL" 0A
//!         u16      version of the format, 1
//!         u32      bytes of what follows
//!         …        postcard: none, or how a passphrase becomes the key ([`Lock`])
//!         u64      xxh3-64 of the head up to here
//! frame   u8       1 = about, 2 = records, 3 = end
//!         u8       0 = plain, 1 = packed (raw deflate)
//!         u32      bytes of the payload
//!         u32      the lower half of the xxh3-64 of the 6 bytes before, seeded with the frame's number
//!         …        the payload
//!         u64      xxh3-64 of the payload, seeded with the frame's number
//! ```
//!
//! Frames are numbered from 0: one *about* ([`About`]), any number of *records*, one *end* ([`Total`]), and nothing
//! after it. A frame of records is a sequence of postcard (key, length) and that many bytes; a record is never split, and
//! those that pack alike are in frames of their own, most pages in another form than in the store (`planes.rs`).
//! Records are those of the store, envelopes not included: they have versions of their own.
//!
//! With a passphrase each payload is packed first and then encrypted with AES-256-GCM, whose nonce is the frame's
//! number and whose additional data are number, kind and packing ([`nonce`], [`additional`]): frames can't be swapped,
//! left out or cut off. So nothing that a person typed stands readable in such a file.
//!
//! A file that ends early, one with a changed byte, one that is no backup and one of a newer format are told apart
//! ([`Broken`]). The head of every version to come begins as this one does, checksum included.

mod contents;
mod frame;
mod packing;
mod planes;
#[cfg(test)]
mod tests;

pub use contents::{About, Chunk, Chunks, Contents, Key, RECORDS, Total};
pub use frame::{Broken, FORMAT, Frame, Head, Kind, Lock, Packing, Part, Unpacking, additional, nonce};
pub use packing::{Packer, Texture, unpack};
