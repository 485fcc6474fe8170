//! The list of exports, and their files while the worker lives.

use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::progress::{self, Running};
use crate::records;
use crate::schedule::{self, Budget};
use engine::erase::Private;
use engine::export::{AdPreviewing, Exporting};
use js_sys::{Array, Uint8Array};
use litemap::LiteMap;
use model::JobId;
use model::export::{AdPreview, AdSpec, Audience, ExportEntry, ExportOrder, ExportSpec, ExportState};
use model::import::Encoding;
use model::message::{JobKind, JobResult};
use serde::Deserialize;
use std::cell::RefCell;
use std::rc::Rc;
use store::{IndexedStore, Key, Store};
use web_sys::{Blob, BlobPropertyBag};

/// Where the list rests in the store.
const LIST: &str = "exports";
/// What the record begins with; while only contacts were exported it began with their number, which was [`KEPT`] at most.
const MARK: u8 = u8::MAX;
/// So many exports are listed.
const KEPT: usize = 50;

/// The list of exports, newest first, and their files.
#[derive(Debug, Default)]
pub struct Exports {
    entries: RefCell<Vec<ExportEntry>>,
    files: RefCell<LiteMap<u32, Blob>>,
    /// The last one that was deleted, until another one is.
    deleted: RefCell<Option<(ExportEntry, Option<Blob>)>>,
}

/// An export of contacts as it was stored while there was no other.
#[derive(Deserialize)]
struct OldEntry {
    id: u32,
    file: String,
    at: i64,
    spec: ExportSpec,
    rows: u64,
    unencodable: u64,
    state: ExportState,
}

impl From<OldEntry> for ExportEntry {
    fn from(old: OldEntry) -> ExportEntry {
        ExportEntry {
            id: old.id,
            file: old.file,
            at: old.at,
            order: ExportOrder::Contacts(old.spec),
            rows: old.rows,
            unencodable: old.unencodable,
            state: old.state,
        }
    }
}

impl Exports {
    /// Reads the list; the files were the last worker's, and are gone.
    ///
    /// # Errors
    /// When the store can't be read; a damaged list is an empty one, of which `damage` tells.
    pub async fn open(store: &IndexedStore, damage: &mut Vec<String>) -> Result<Exports, Error> {
        let bytes = records::small(store, LIST, "the list of exports is empty", damage).await?;
        let mut entries = read(&bytes.unwrap_or_default());
        for entry in &mut entries {
            if matches!(entry.state, ExportState::Running(_) | ExportState::Ready { .. }) {
                entry.state = ExportState::Gone;
            }
        }
        Ok(Exports {
            entries: RefCell::new(entries),
            ..Exports::default()
        })
    }

    /// The exports, newest first.
    pub fn list(&self) -> Vec<ExportEntry> {
        self.entries.borrow().clone()
    }

    /// Forgets all of them.
    pub fn forget(&self) {
        self.entries.borrow_mut().clear();
        self.files.borrow_mut().clear();
        self.deleted.take();
    }

    /// The file of an export, with its name.
    ///
    /// # Errors
    /// When it is gone.
    pub fn file(&self, id: u32) -> Result<(String, Blob), Error> {
        let entries = self.entries.borrow();
        let name = entries
            .iter()
            .find(|entry| entry.id == id)
            .map(|entry| entry.file.clone());
        let blob = self.files.borrow().get(&id).cloned();
        name.zip(blob).ok_or(Error::ExportGone)
    }

    fn change(&self, id: u32, change: impl FnOnce(&mut ExportEntry)) {
        if let Some(entry) = self.entries.borrow_mut().iter_mut().find(|entry| entry.id == id) {
            change(entry);
        }
    }

    /// Takes an export off the list.
    ///
    /// # Errors
    /// When the list can't be stored.
    pub async fn delete(&self, backend: &Backend, id: u32) -> Result<(), Error> {
        let file = self.files.borrow_mut().remove(&id);
        let mut gone = self
            .entries
            .borrow_mut()
            .extract_if(.., |entry| entry.id == id)
            .collect::<Vec<_>>();
        if let Some(entry) = gone.pop() {
            self.deleted.replace(Some((entry, file)));
        }
        self.save(backend).await
    }

    /// Puts the export that was deleted last back on the list.
    ///
    /// # Errors
    /// When it is gone, or the list can't be stored.
    pub async fn keep(&self, backend: &Backend, id: u32) -> Result<(), Error> {
        let kept = self.deleted.borrow_mut().take_if(|(entry, _)| entry.id == id);
        let (entry, file) = kept.ok_or(Error::ExportGone)?;
        if let Some(file) = file {
            self.files.borrow_mut().insert(id, file);
        }
        {
            let mut entries = self.entries.borrow_mut();
            let place = entries.partition_point(|other| other.id > id);
            entries.insert(place, entry);
        }
        self.save(backend).await
    }

    /// The list as it is stored; none where it is empty.
    ///
    /// # Errors
    /// When it can't be written as bytes.
    pub fn stored(&self) -> Result<Option<(Key, Vec<u8>)>, Error> {
        let entries = self.entries.borrow();
        let bytes = written(&entries)?;
        Ok((!entries.is_empty()).then(|| (Key::Meta(LIST.to_owned()), bytes)))
    }

    /// Takes out what only erased contacts had, and lets go of every file, which may hold them.
    pub fn scrub(&self, private: &Private) {
        self.files.borrow_mut().clear();
        self.deleted.take();
        let mut entries = self.entries.borrow_mut();
        entries.iter_mut().for_each(|entry| scrub(entry, private));
    }

    async fn save(&self, backend: &Backend) -> Result<(), Error> {
        let bytes = written(&self.entries.borrow())?;
        backend.store.put_meta(LIST, bytes).await?;
        Ok(())
    }

    fn add(&self, order: ExportOrder, at: i64) -> ExportEntry {
        let mut entries = self.entries.borrow_mut();
        let deleted = self.deleted.borrow();
        let known = entries.iter().chain(deleted.as_ref().map(|(entry, _)| entry));
        let id = known.map(|entry| entry.id).max().unwrap_or(0) + 1;
        let (name, ending) = match &order {
            ExportOrder::Contacts(_) => ("contacts", "csv"),
            ExportOrder::Activities(..) => ("activities", "zip"),
            ExportOrder::Both(..) => ("contacts-and-activities", "zip"),
            ExportOrder::Ads(spec) => (spec.platform.as_str(), "csv"),
        };
        let file = format!("{name}-{}-{id}.{ending}", schedule::day(at));
        let entry = ExportEntry {
            id,
            file,
            at,
            order,
            rows: 0,
            unencodable: 0,
            state: ExportState::Running(0),
        };
        entries.insert(0, entry.clone());
        entries.truncate(KEPT);
        entry
    }
}

/// The list in a record; a damaged one is an empty one.
fn read(bytes: &[u8]) -> Vec<ExportEntry> {
    match bytes.strip_prefix(&[MARK]) {
        Some(bytes) => postcard::from_bytes(bytes).unwrap_or_default(),
        None => {
            let old: Vec<OldEntry> = postcard::from_bytes(bytes).unwrap_or_default();
            old.into_iter().map(ExportEntry::from).collect()
        }
    }
}

/// The list as a record.
///
/// # Errors
/// When it can't be written as bytes.
fn written(entries: &[ExportEntry]) -> Result<Vec<u8>, Error> {
    postcard::to_allocvec(&(MARK, entries)).map_err(|error| Error::Browser(error.to_string()))
}

/// Takes out of an export's entry what only erased contacts had; its file may hold them, and is gone.
fn scrub(entry: &mut ExportEntry, private: &Private) {
    if let Audience::Query(query) = entry.order.audience_mut() {
        private.scrub_query(query);
    }
    if matches!(entry.state, ExportState::Ready { .. }) {
        entry.state = ExportState::Gone;
    }
}

/// Starts an export, which goes on by itself.
///
/// # Errors
/// When a segment, field, filter or platform it names does not exist.
pub fn start(host: &Rc<Host>, backend: Rc<Backend>, order: ExportOrder) -> Result<JobId, Error> {
    let at = schedule::wall_clock();
    let exporting = Exporting::new(&backend.workspace(), &order, at)?;
    let entry = backend.exports.add(order, at);
    let file = entry.file.clone();
    let work = async move |job: &Running| -> Result<JobResult, Error> {
        let id = entry.id;
        let result = write(job, &backend, &entry, exporting).await;
        if let Err(error) = &result {
            let state = match error {
                Error::Cancelled => ExportState::Cancelled,
                error => ExportState::Failed(crate::border::problem(error.clone()).what),
            };
            backend.exports.change(id, |entry| entry.state = state);
        }
        backend.exports.save(&backend).await?;
        result
    };
    Ok(progress::start(host, JobKind::Export, &file, work))
}

async fn write(
    job: &Running,
    backend: &Backend,
    entry: &ExportEntry,
    mut exporting: Exporting,
) -> Result<JobResult, Error> {
    // Rows of a piece of work that fits into a few milliseconds.
    const ROWS: usize = 2_000;
    // The file is handed to the browser in parts, so that it does not stand in the worker's memory as a whole.
    const PART: usize = 4 << 20;
    let parts = Array::new();
    let mut part = Vec::new();
    let mut bytes = 0u64;
    let mut more = true;
    while more {
        more = exporting.step(ROWS);
        part.append(&mut exporting.take());
        if part.len() >= PART || !more {
            bytes += part.len() as u64;
            parts.push(&Uint8Array::from(part.as_slice()));
            part.clear();
        }
        let (steps, all) = exporting.progress();
        let permille = (steps * 1000).checked_div(all).unwrap_or(1000) as u16;
        let rows = exporting.rows();
        backend.exports.change(entry.id, |entry| {
            (entry.rows, entry.state) = (rows, ExportState::Running((permille / 10) as u8));
        });
        job.pause(Progress {
            phase: "Writing",
            permille,
            rows,
        })
        .await?;
    }
    let options = BlobPropertyBag::new();
    options.set_type(match &entry.order {
        ExportOrder::Activities(..) | ExportOrder::Both(..) => "application/zip",
        ExportOrder::Contacts(spec) if spec.encoding == Encoding::Windows1252 => {
            "text/csv;charset=windows-1252"
        }
        ExportOrder::Contacts(_) | ExportOrder::Ads(_) => "text/csv;charset=utf-8",
    });
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)
        .map_err(|error| Error::Browser(crate::transport::describe(&error)))?;
    backend.exports.files.borrow_mut().insert(entry.id, blob);
    backend.exports.change(entry.id, |entry| {
        entry.unencodable = exporting.unencodable();
        entry.state = ExportState::Ready { bytes };
    });
    Ok(JobResult::Exported(entry.id))
}

/// What a file for an ad platform will hold.
///
/// # Errors
/// When a segment, field, filter or platform it names does not exist.
pub async fn preview_ads(backend: &Backend, spec: &AdSpec) -> Result<AdPreview, Error> {
    // Contacts of a piece of work that fits into a few milliseconds.
    const CONTACTS: usize = 1_000;
    let budget = Budget::new();
    let mut previewing = AdPreviewing::new(&backend.workspace(), spec, schedule::wall_clock())?;
    while previewing.step(CONTACTS) {
        budget.pause().await;
    }
    Ok(previewing.preview())
}
