//! Files and pasted texts that are held open for an import, and read in slices.

use crate::error::Error;
use crate::inbox::PortId;
use crate::transport::describe;
use js_sys::{Promise, Reflect, Uint8Array};
use litemap::LiteMap;
use model::SourceId;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Every file that is held open. A job that reads one keeps it open beyond its tab.
#[derive(Debug, Default)]
pub struct Sources {
    open: LiteMap<SourceId, (PortId, Rc<Source>)>,
    opened: u32,
}

impl Sources {
    /// Holds a file or text open for a tab.
    pub fn open(&mut self, port: PortId, source: Source) -> (SourceId, Rc<Source>) {
        self.opened += 1;
        let (id, source) = (SourceId(self.opened), Rc::new(source));
        self.open.insert(id, (port, source.clone()));
        (id, source)
    }

    /// A file or text that is held open.
    ///
    /// # Errors
    /// When it was let go of.
    pub fn get(&self, id: SourceId) -> Result<Rc<Source>, Error> {
        self.open
            .get(&id)
            .map(|(_, source)| source.clone())
            .ok_or(Error::NoSuchSource)
    }

    /// Lets go of one.
    pub fn close(&mut self, id: SourceId) {
        self.open.remove(&id);
    }

    /// Lets go of all that a closed tab opened.
    pub fn forget(&mut self, port: PortId) {
        self.open.retain(|_, (owner, _)| *owner != port);
    }
}

/// A file or a pasted text.
#[derive(Debug)]
pub struct Source {
    /// The file's name; empty for pasted text.
    pub name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    File(Blob),
    Text(Vec<u8>),
}

impl Source {
    /// A file that a person chose.
    pub fn file(name: String, file: Blob) -> Self {
        Source {
            name,
            content: Content::File(file),
        }
    }

    /// A text that a person pasted.
    pub fn text(text: String) -> Self {
        Source {
            name: String::new(),
            content: Content::Text(text.into_bytes()),
        }
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        match &self.content {
            // A double that holds an integer; sizes stay far below 2^53.
            Content::File(file) => file.size() as u64,
            Content::Text(text) => text.len() as u64,
        }
    }

    /// The bytes from `start` up to `end`, or up to the end of the file.
    ///
    /// # Errors
    /// [`Error::FileGone`] when the file was moved, changed or deleted since it was chosen.
    pub async fn read(&self, start: u64, end: u64) -> Result<Vec<u8>, Error> {
        self.ask(start, end)?.bytes().await
    }

    /// Begins to read the bytes from `start` up to `end`, so that they arrive while something else is done.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn ask(&self, start: u64, end: u64) -> Result<Slice<'_>, Error> {
        let content = match &self.content {
            Content::Text(text) => {
                let clamp = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(text.len());
                Part::Text(text.get(clamp(start)..clamp(end)).unwrap_or_default())
            }
            Content::File(file) => {
                let slice = file.slice_with_f64_and_f64(start as f64, end as f64);
                Part::File(slice.map_err(|error| self.gone(&error))?.array_buffer())
            }
        };
        Ok(Slice {
            source: self,
            content,
        })
    }

    fn gone(&self, error: &JsValue) -> Error {
        let reason = Reflect::get(error, &"name".into())
            .ok()
            .and_then(|name| name.as_string());
        Error::FileGone {
            name: self.name.clone(),
            reason: reason.unwrap_or_else(|| describe(error)),
        }
    }
}

/// A part of a file or text that is being read.
#[derive(Debug)]
pub struct Slice<'a> {
    source: &'a Source,
    content: Part<'a>,
}

#[derive(Debug)]
enum Part<'a> {
    File(Promise),
    Text(&'a [u8]),
}

impl Slice<'_> {
    /// Waits for the bytes.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub async fn bytes(self) -> Result<Vec<u8>, Error> {
        match self.content {
            Part::Text(text) => Ok(text.to_vec()),
            Part::File(buffer) => {
                let buffer = JsFuture::from(buffer).await;
                let buffer = buffer.map_err(|error| self.source.gone(&error))?;
                Ok(Uint8Array::new(&buffer).to_vec())
            }
        }
    }
}
