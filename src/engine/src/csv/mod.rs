//! Delimited text: what a file is, its rows, and writing rows.
//!
//! [`sniff()`] looks at the beginning of a file and says how to read it, [`Reader`] is pushed its bytes and gives
//! [`Record`]s, [`Writer`] makes a file of cells.

pub mod decode;
mod read;
mod sniff;
mod write;

pub use read::{Kind, MAX_CELLS, MAX_RECORD, NotUtf8, Reader, Record};
pub use sniff::{MAX_COLUMNS, NotCsv, SAMPLE, Sniffed, sniff};
pub use write::Writer;

#[cfg(test)]
mod tests;
