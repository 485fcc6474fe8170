//! Import of events from a file: purchases of a shop's export, say, one row a purchase or a line item.
//!
//! Rows are read as they are pushed (`rows`); when the file has ended it is known which way its dates and amounts are to
//! be read, and they become events (`settle`), which are then a change set (`prepare`).

mod prepare;
mod rows;
mod settle;
#[cfg(test)]
mod tests;

pub use prepare::Creation;

use crate::csv::{NotUtf8, Reader};
use crate::refused::Refused;
use crate::workspace::Workspace;
use model::event::{Amount, EventKind, Product};
use model::simulation::{EventsReport, EventsSpec};
use rows::Rows;
use settle::Settled;
use std::rc::Rc;

/// Whose an imported event is; known contacts come before new ones, as their numbers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// A contact that exists.
    Known(u32),
    /// A contact that the import makes, counted from 0; see [`EventsImport::creation`].
    New(u32),
}

impl Whose {
    /// The contact's number, where new ones are numbered from `base` on.
    pub fn number(self, base: u32) -> u32 {
        match self {
            Whose::Known(contact) => contact,
            Whose::New(place) => base + place,
        }
    }
}

/// One line of an imported purchase or cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedItem {
    /// The product's place in [`EventsImport::products`], if the file names one.
    pub product: Option<u16>,
    /// How many pieces.
    pub quantity: u32,
    /// What one piece cost; [`crate::column::NONE`] where that is not known.
    pub price: Amount,
}

/// An event of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedEvent {
    /// When, in milliseconds since 1970.
    pub when: i64,
    /// Whose.
    pub contact: Whose,
    /// The line of its first row.
    pub line: u64,
    /// What.
    pub kind: EventKind,
    /// The amount of the whole purchase or cart; [`crate::column::NONE`] where there is none.
    pub amount: Amount,
    /// What it is about.
    pub items: Vec<ImportedItem>,
    /// The order's id.
    pub order: Option<Rc<str>>,
    /// Search text, address, form or subject; of a purchase how it was paid.
    pub text: Option<Rc<str>>,
}

/// An import of events, on one state of the workspace: make another one if that changed.
#[derive(Debug)]
pub struct EventsImport {
    reader: Reader,
    rows: Rows,
    settled: Settled,
}

impl EventsImport {
    /// The beginning of an import at the moment `now` (milliseconds since 1970).
    ///
    /// # Errors
    /// [`Refused::Value`] where no column holds the date or a key, or two hold the same.
    pub fn new(workspace: &Workspace, spec: &EventsSpec, now: i64) -> Result<EventsImport, Refused> {
        Ok(EventsImport {
            reader: Reader::new(&spec.format),
            rows: Rows::new(workspace, spec, now)?,
            settled: Settled::default(),
        })
    }

    /// Reads the next bytes of the file.
    ///
    /// # Errors
    /// [`NotUtf8`], as [`Reader::push`].
    pub fn push(&mut self, workspace: &Workspace, bytes: &[u8]) -> Result<(), NotUtf8> {
        let EventsImport { reader, rows, .. } = self;
        reader.push(bytes, &mut |record| rows.record(workspace, &record))
    }

    /// Says that the file has ended, and makes events of its rows.
    ///
    /// # Errors
    /// [`NotUtf8`], as [`Reader::finish`].
    pub fn finish(&mut self, workspace: &Workspace) -> Result<(), NotUtf8> {
        let EventsImport { reader, rows, .. } = self;
        reader.finish(&mut |record| rows.record(workspace, &record))?;
        self.settled = rows.settle();
        Ok(())
    }

    /// What the import gives; whole once the file has ended.
    pub fn report(&self) -> EventsReport {
        self.settled.report(&self.rows)
    }

    /// The events in the order of time, of contacts at the same time, and of rows.
    pub fn events(&self) -> &[ImportedEvent] {
        &self.settled.events
    }

    /// The products that items name by their place: the catalogue as it was when the import began.
    pub fn products(&self) -> &[Product] {
        &self.rows.products
    }
}
