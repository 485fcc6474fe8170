//! The floor (design, section 3): what no import can do without.
//!
//! The file is read in slices; csv-core takes it apart, the text is checked to be UTF-8, each column's cells are put
//! end to end, the emails go into a hash index; then the columns' bytes go to IndexedDB as pages of 1 MiB.

use crate::failed;
use csv_core::ReadRecordResult;
use hashbrown::HashTable;
use js_sys::{Float64Array, Uint8Array};
use rexie::{ObjectStore, Rexie, TransactionMode};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, WorkerGlobalScope};
use xxhash_rust::xxh3::xxh3_64;

/// Bytes read from the file at once, and bytes of a page.
const SLICE: usize = 2 << 20;
const PAGE: usize = 1 << 20;

/// Where the pages go; deleted afterwards.
const DATABASE: &str = "corral-bench-floor";

/// Cells of one column, end to end.
#[derive(Default)]
struct Cells {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Cells {
    fn get(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.bytes[start..self.ends[row] as usize]
    }
}

/// Gives rows, milliseconds of parsing, milliseconds of storing, and bytes stored. To be called in a worker.
///
/// # Errors
/// When the file can't be read or the browser stores nothing.
#[wasm_bindgen]
pub async fn floor(file: File) -> Result<Float64Array, JsValue> {
    let (start, mut columns, mut index) = (now(), Vec::<Cells>::new(), HashTable::<u32>::new());
    let mut reader = csv_core::Reader::new();
    let (mut text, mut ends) = (vec![0; 1 << 16], vec![0; 1 << 10]);
    let (mut filled, mut ended) = (0, 0);
    let (mut at, size, mut header) = (0, file.size() as usize, true);
    loop {
        let bytes = read(&file, at, (at + SLICE).min(size)).await?;
        at += bytes.len();
        let mut rest = bytes.as_slice();
        loop {
            let (result, taken, written, cells) =
                reader.read_record(rest, &mut text[filled..], &mut ends[ended..]);
            rest = &rest[taken..];
            (filled, ended) = (filled + written, ended + cells);
            match result {
                ReadRecordResult::InputEmpty | ReadRecordResult::End => break,
                ReadRecordResult::OutputFull => text.resize(text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    simdutf8::basic::from_utf8(&text[..filled]).map_err(failed)?;
                    if header {
                        columns.resize_with(ended, Cells::default);
                    } else {
                        keep(&mut columns, &mut index, &text, &ends[..ended]);
                    }
                    (header, filled, ended) = (false, 0, 0);
                }
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    let parsed = now();
    let bytes = store(&columns).await?;
    let stored = now();
    let rows = index.len() as f64;
    Rexie::delete(DATABASE).await.map_err(failed)?;
    Ok(Float64Array::from(
        [rows, parsed - start, stored - parsed, bytes as f64].as_slice(),
    ))
}

/// Puts a row's cells to their columns and its email, the first cell, into the index.
fn keep(columns: &mut [Cells], index: &mut HashTable<u32>, text: &[u8], ends: &[usize]) {
    let mut start = 0;
    for (column, end) in columns.iter_mut().zip(ends) {
        column.bytes.extend_from_slice(&text[start..*end]);
        column.ends.push(column.bytes.len() as u32);
        start = *end;
    }
    let Some(emails) = columns.first() else { return };
    let row = emails.ends.len() - 1;
    let email = emails.get(row);
    let same = |other: &u32| emails.get(*other as usize) == email;
    let hash = xxh3_64(email);
    if index.find(hash, same).is_none() {
        index.insert_unique(hash, row as u32, |other| xxh3_64(emails.get(*other as usize)));
    }
}

/// Writes the columns' bytes, and gives their number.
async fn store(columns: &[Cells]) -> Result<usize, JsValue> {
    let database = Rexie::builder(DATABASE)
        .version(1)
        .add_object_store(ObjectStore::new("pages"))
        .build()
        .await
        .map_err(failed)?;
    let transaction = database
        .transaction(&["pages"], TransactionMode::ReadWrite)
        .map_err(failed)?;
    let pages = transaction.store("pages").map_err(failed)?;
    let (mut bytes, mut number) = (0, 0_u32);
    for page in columns.iter().flat_map(|column| column.bytes.chunks(PAGE)) {
        bytes += page.len();
        number += 1;
        pages
            .put(&Uint8Array::from(page), Some(&number.into()))
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)?;
    database.close();
    Ok(bytes)
}

async fn read(file: &File, start: usize, end: usize) -> Result<Vec<u8>, JsValue> {
    let slice = file.slice_with_f64_and_f64(start as f64, end as f64)?;
    let buffer = JsFuture::from(slice.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn now() -> f64 {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    scope.performance().map_or(f64::NAN, |clock| clock.now())
}
