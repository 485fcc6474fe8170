//! The file of contacts: a row each.

use super::{Sheet, style};
use crate::column::Column;
use crate::csv::Writer;
use crate::refused::Refused;
use crate::value::Style;
use crate::view::printed;
use crate::workspace::Workspace;
use model::export::ExportSpec;
use model::{FieldDef, FieldId, FieldType};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// The name of the column that holds memberships; imports read it back as *Segments*.
pub const SEGMENTS_COLUMN: &str = "segments";
/// What stands between two segments of the column.
pub const SEGMENTS_SEPARATOR: &str = "|";

/// The cells of a contact: fields, and perhaps memberships.
pub(super) struct Cells {
    columns: Vec<(FieldDef, Rc<Column>)>,
    memberships: Option<Vec<(String, RoaringBitmap)>>,
    style: Style,
    text: String,
}

impl Cells {
    /// The cells that an export asks for, without some fields.
    ///
    /// # Errors
    /// [`Refused`] where a field does not exist.
    pub fn new(workspace: &Workspace, spec: &ExportSpec, without: &[FieldId]) -> Result<Cells, Refused> {
        let columns = spec.fields.iter().filter(|field| !without.contains(field));
        let members = || {
            workspace
                .segments()
                .map(|def| (def.name.clone(), workspace.members(def.id)))
                .collect()
        };
        Ok(Cells {
            columns: columns
                .map(|field| column(workspace, *field))
                .collect::<Result<_, _>>()?,
            memberships: spec.memberships.then(members),
            style: style(workspace, spec),
            text: String::new(),
        })
    }

    /// No more than some fields.
    ///
    /// # Errors
    /// [`Refused`] where one does not exist.
    pub fn of(workspace: &Workspace, fields: &[FieldId]) -> Result<Cells, Refused> {
        let columns = fields.iter().map(|field| column(workspace, *field));
        Ok(Cells {
            columns: columns.collect::<Result<_, _>>()?,
            memberships: None,
            style: Style::ISO,
            text: String::new(),
        })
    }

    /// Writes the names.
    pub fn head(&self, writer: &mut Writer) {
        for (def, _) in &self.columns {
            writer.cell(&def.key, true);
        }
        if self.memberships.is_some() {
            writer.cell(SEGMENTS_COLUMN, true);
        }
    }

    /// Writes a contact.
    pub fn write(&mut self, contact: u32, writer: &mut Writer) {
        for (def, column) in &self.columns {
            self.text.clear();
            printed(def, column, contact, &self.style, &mut self.text);
            // Phones begin with a plus, numbers with a minus; neither is a formula.
            writer.cell(&self.text, def.kind == FieldType::Phone || def.kind.is_number());
        }
        if let Some(segments) = &self.memberships {
            self.text.clear();
            for (name, _) in segments.iter().filter(|(_, members)| members.contains(contact)) {
                if !self.text.is_empty() {
                    self.text.push_str(SEGMENTS_SEPARATOR);
                }
                self.text.push_str(name);
            }
            writer.cell(&self.text, false);
        }
    }
}

/// A field with its values.
///
/// # Errors
/// [`Refused`] where it does not exist.
pub(super) fn column(workspace: &Workspace, field: FieldId) -> Result<(FieldDef, Rc<Column>), Refused> {
    let def = workspace.field(field).ok_or(Refused::NoSuchField)?;
    Ok((def.clone(), workspace.values_of(field)))
}

/// The contacts of an export.
pub(super) struct Contacts {
    contacts: Rc<Vec<u32>>,
    next: usize,
    cells: Cells,
}

impl Contacts {
    /// These contacts, in this order.
    pub fn new(contacts: Rc<Vec<u32>>, cells: Cells) -> Contacts {
        Contacts {
            contacts,
            next: 0,
            cells,
        }
    }
}

impl Sheet for Contacts {
    fn head(&self, writer: &mut Writer) {
        self.cells.head(writer);
        writer.end_row();
    }

    fn rows(&mut self, rows: usize, writer: &mut Writer) -> (usize, usize) {
        let part = self.contacts.iter().skip(self.next).take(rows);
        let mut written = 0;
        for contact in part {
            self.cells.write(*contact, writer);
            writer.end_row();
            written += 1;
        }
        self.next += written;
        (written, written)
    }

    fn steps(&self) -> usize {
        self.contacts.len()
    }
}
