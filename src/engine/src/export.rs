//! Exports: contacts written to a file, some rows at a time, from the state the export began on.

use crate::column::Column;
use crate::csv::Writer;
use crate::refused::Refused;
use crate::value::Style;
use crate::view::printed;
use crate::workspace::Workspace;
use model::export::{Audience, DateFormat, ExportSpec};
use model::{FieldDef, FieldType, Query};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// The name of the column that holds memberships; imports read it back as *Segments*.
pub const SEGMENTS_COLUMN: &str = "segments";
/// What stands between two segments of the column.
pub const SEGMENTS_SEPARATOR: &str = "|";

/// An export that is being written.
///
/// It holds the columns as they were when it began (their pages are shared), so later changes do not mix in.
pub struct Exporting {
    contacts: Rc<Vec<u32>>,
    next: usize,
    columns: Vec<(FieldDef, Rc<Column>)>,
    memberships: Option<Vec<(String, RoaringBitmap)>>,
    style: Style,
    writer: Writer,
}

impl Exporting {
    /// Begins an export; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Refused`] where a segment, field or filter does not exist.
    pub fn new(workspace: &Workspace, spec: &ExportSpec, now: i64) -> Result<Exporting, Refused> {
        let everybody = match &spec.audience {
            Audience::All => workspace.listed(&Query::default(), now)?,
            Audience::Segment(segment) => {
                workspace.segment(*segment).ok_or(Refused::NoSuchSegment)?;
                Rc::new(workspace.members(*segment).iter().collect())
            }
            Audience::Query(query) => workspace.listed(query, now)?,
        };
        let mut excluded = RoaringBitmap::new();
        for segment in &spec.excluded {
            workspace.segment(*segment).ok_or(Refused::NoSuchSegment)?;
            excluded |= workspace.members(*segment);
        }
        let contacts = if excluded.is_empty() {
            everybody
        } else {
            Rc::new(
                everybody
                    .iter()
                    .copied()
                    .filter(|contact| !excluded.contains(*contact))
                    .collect(),
            )
        };
        let columns = spec
            .fields
            .iter()
            .map(|field| {
                let def = workspace.field(*field).ok_or(Refused::NoSuchField)?;
                Ok((def.clone(), workspace.values_of(*field)))
            })
            .collect::<Result<Vec<_>, Refused>>()?;
        let members = || {
            workspace
                .segments()
                .map(|def| (def.name.clone(), workspace.members(def.id)))
                .collect()
        };
        let mut writer = Writer::new(spec.delimiter, spec.encoding, spec.bom, spec.guard_formulas);
        columns.iter().for_each(|(def, _)| writer.cell(&def.key, true));
        if spec.memberships {
            writer.cell(SEGMENTS_COLUMN, true);
        }
        writer.end_row();
        Ok(Exporting {
            contacts,
            next: 0,
            columns,
            memberships: spec.memberships.then(members),
            style: match spec.dates {
                DateFormat::Iso => Style::ISO,
                DateFormat::Local => Style::local(workspace.settings.date_order, workspace.zone.clone()),
            },
            writer,
        })
    }

    /// Writes up to so many rows more; says whether there are any left.
    pub fn step(&mut self, rows: usize) -> bool {
        let end = self.next.saturating_add(rows).min(self.contacts.len());
        let mut text = String::new();
        for contact in &self.contacts[self.next..end] {
            for (def, column) in &self.columns {
                text.clear();
                printed(def, column, *contact, &self.style, &mut text);
                // Phones begin with a plus, numbers with a minus; neither is a formula.
                self.writer
                    .cell(&text, def.kind == FieldType::Phone || def.kind.is_number());
            }
            if let Some(segments) = &self.memberships {
                let names = segments.iter().filter(|(_, members)| members.contains(*contact));
                let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
                self.writer.cell(&names.join(SEGMENTS_SEPARATOR), false);
            }
            self.writer.end_row();
        }
        self.next = end;
        end < self.contacts.len()
    }

    /// The bytes written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        self.writer.take()
    }

    /// Rows written and rows in all.
    pub fn progress(&self) -> (u64, u64) {
        (self.next as u64, self.contacts.len() as u64)
    }

    /// Characters that the encoding could not hold.
    pub fn unencodable(&self) -> u64 {
        self.writer.unencodable()
    }
}
