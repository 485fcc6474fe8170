//! The list of exports, and their files while the worker lives.

use crate::backend::Backend;
use crate::error::Error;
use crate::host::Host;
use crate::jobs::Progress;
use crate::progress::{self, Running};
use crate::schedule;
use engine::erase::Private;
use engine::export::Exporting;
use js_sys::{Array, Uint8Array};
use litemap::LiteMap;
use model::JobId;
use model::export::{Audience, ExportEntry, ExportSpec, ExportState};
use model::import::Encoding;
use model::message::{JobKind, JobResult};
use std::cell::RefCell;
use std::rc::Rc;
use store::{IndexedStore, Key, Store};
use web_sys::{Blob, BlobPropertyBag};

/// Where the list rests in the store.
const LIST: &str = "exports";
/// So many exports are listed.
const KEPT: usize = 50;

/// The list of exports, newest first, and their files.
#[derive(Debug, Default)]
pub struct Exports {
    entries: RefCell<Vec<ExportEntry>>,
    files: RefCell<LiteMap<u32, Blob>>,
}

impl Exports {
    /// Reads the list; the files were the last worker's, and are gone.
    ///
    /// # Errors
    /// When the store can't be read; a damaged list is an empty one.
    pub async fn open(store: &IndexedStore) -> Result<Exports, Error> {
        let bytes = match store.meta(LIST).await {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(store::StoreError::Damaged { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let mut entries: Vec<ExportEntry> = postcard::from_bytes(&bytes).unwrap_or_default();
        for entry in &mut entries {
            if matches!(entry.state, ExportState::Running(_) | ExportState::Ready { .. }) {
                entry.state = ExportState::Gone;
            }
        }
        Ok(Exports {
            entries: RefCell::new(entries),
            files: RefCell::default(),
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
        self.entries.borrow_mut().retain(|entry| entry.id != id);
        self.files.borrow_mut().remove(&id);
        self.save(backend).await
    }

    /// The list as it is stored; none where it is empty.
    ///
    /// # Errors
    /// When it can't be written as bytes.
    pub fn stored(&self) -> Result<Option<(Key, Vec<u8>)>, Error> {
        let entries = self.entries.borrow();
        let bytes = postcard::to_allocvec(&*entries).map_err(|error| Error::Browser(error.to_string()))?;
        Ok((!entries.is_empty()).then(|| (Key::Meta(LIST.to_owned()), bytes)))
    }

    /// Takes out what only erased contacts had, and lets go of every file, which may hold them.
    pub fn scrub(&self, private: &Private) {
        self.files.borrow_mut().clear();
        let mut entries = self.entries.borrow_mut();
        entries.iter_mut().for_each(|entry| scrub(entry, private));
    }

    async fn save(&self, backend: &Backend) -> Result<(), Error> {
        let bytes = postcard::to_allocvec(&*self.entries.borrow());
        let bytes = bytes.map_err(|error| Error::Browser(error.to_string()))?;
        backend.store.put_meta(LIST, bytes).await?;
        Ok(())
    }

    fn add(&self, spec: ExportSpec, at: i64) -> ExportEntry {
        let mut entries = self.entries.borrow_mut();
        let id = entries.iter().map(|entry| entry.id).max().unwrap_or(0) + 1;
        let day = js_sys::Date::new(&(at as f64).into()).to_iso_string();
        let day = String::from(day);
        let file = format!("contacts-{}-{id}.csv", day.get(..10).unwrap_or_default());
        let entry = ExportEntry {
            id,
            file,
            at,
            spec,
            rows: 0,
            unencodable: 0,
            state: ExportState::Running(0),
        };
        entries.insert(0, entry.clone());
        entries.truncate(KEPT);
        entry
    }
}

/// Takes out of an export's entry what only erased contacts had; its file may hold them, and is gone.
fn scrub(entry: &mut ExportEntry, private: &Private) {
    if let Audience::Query(query) = &mut entry.spec.audience {
        private.scrub_query(query);
    }
    if matches!(entry.state, ExportState::Ready { .. }) {
        entry.state = ExportState::Gone;
    }
}

/// Starts an export, which goes on by itself.
///
/// # Errors
/// When a segment, field or filter it names does not exist.
pub fn start(host: &Rc<Host>, backend: Rc<Backend>, spec: ExportSpec) -> Result<JobId, Error> {
    let at = schedule::wall_clock();
    let exporting = Exporting::new(&backend.workspace(), &spec, at)?;
    let entry = backend.exports.add(spec, at);
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
        let (rows, all) = exporting.progress();
        let permille = (rows * 1000).checked_div(all).unwrap_or(1000) as u16;
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
    options.set_type(match entry.spec.encoding {
        Encoding::Windows1252 => "text/csv;charset=windows-1252",
        _ => "text/csv;charset=utf-8",
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
