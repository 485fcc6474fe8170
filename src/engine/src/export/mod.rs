//! Exports: contacts, activities and files for ad platforms, written some rows at a time from the state the export
//! began on.
//!
//! Each file is a `Sheet`; [`Exporting`] writes one as it is, or several into a ZIP file.

mod activities;
mod ads;
mod contacts;
mod normal;
mod platforms;
#[cfg(test)]
mod tests;
mod zip;

pub use ads::{AdPreviewing, ad_platforms};
pub use contacts::{SEGMENTS_COLUMN, SEGMENTS_SEPARATOR};

use crate::csv::Writer;
use crate::refused::Refused;
use crate::value::Style;
use crate::workspace::Workspace;
use activities::Activities;
use ads::Ads;
use contacts::{Cells, Contacts};
use model::Query;
use model::export::{Audience, DateFormat, ExportOrder, ExportSpec};
use model::ids::SegmentId;
use model::import::Encoding;
use roaring::RoaringBitmap;
use std::rc::Rc;
use zip::Zip;

/// One file of an export.
trait Sheet {
    /// Writes the line of names.
    fn head(&self, writer: &mut Writer);

    /// Goes on by about so many rows; gives how many of its steps were taken and how many rows were written.
    fn rows(&mut self, rows: usize, writer: &mut Writer) -> (usize, usize);

    /// How many steps it takes in all.
    fn steps(&self) -> usize;
}

/// A file with its name, and how many of its steps were taken; none before its first line is written.
struct Part {
    name: String,
    sheet: Box<dyn Sheet>,
    taken: Option<usize>,
}

/// An export that is being written.
///
/// It holds the columns and the log of events as they were when it began (their pages are shared), so later changes do
/// not mix in.
pub struct Exporting {
    parts: Vec<Part>,
    /// The part that is being written.
    at: usize,
    writer: Writer,
    zip: Option<Zip>,
    rows: u64,
    bom: bool,
}

impl Exporting {
    /// Begins an export; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Refused`] where a segment, field, filter or platform does not exist.
    pub fn new(workspace: &Workspace, order: &ExportOrder, now: i64) -> Result<Exporting, Refused> {
        let part = |name: &str, sheet: Box<dyn Sheet>| Part {
            name: format!("{name}.csv"),
            sheet,
            taken: None,
        };
        let contacts = Rc::new(chosen(workspace, order.audience(), order.excluded(), now)?);
        let mut parts: Vec<Part> = Vec::new();
        if let ExportOrder::Contacts(spec) | ExportOrder::Both(spec, _) = order {
            let cells = Cells::new(workspace, spec, &[])?;
            parts.push(part("contacts", Box::new(Contacts::new(contacts.clone(), cells))));
        }
        if let ExportOrder::Activities(spec, activities) | ExportOrder::Both(spec, activities) = order {
            let whose: Rc<RoaringBitmap> = Rc::new(contacts.iter().collect());
            for kind in &activities.kinds {
                let sheet = Activities::new(workspace, spec, activities, *kind, whose.clone(), now)?;
                parts.push(part(kind.word(), Box::new(sheet)));
            }
        }
        if let ExportOrder::Ads(spec) = order {
            parts.push(part("audience", Box::new(Ads::new(workspace, spec, contacts)?)));
        }
        let (writer, bom) = match order {
            // Each file has its own mark, which is written at its beginning.
            ExportOrder::Contacts(spec) | ExportOrder::Activities(spec, _) | ExportOrder::Both(spec, _) => (
                Writer::new(spec.delimiter, spec.encoding, false, spec.guard_formulas),
                spec.bom,
            ),
            // The platforms take UTF-8 and commas, and nothing before a plus.
            ExportOrder::Ads(_) => (Writer::new(b',', Encoding::Utf8, false, false), false),
        };
        let zipped = matches!(order, ExportOrder::Activities(..) | ExportOrder::Both(..));
        Ok(Exporting {
            parts,
            at: 0,
            writer,
            zip: zipped.then(|| Zip::new(workspace.zone.local(now))),
            rows: 0,
            bom,
        })
    }

    /// Goes on by about so many rows; says whether there are any left.
    pub fn step(&mut self, rows: usize) -> bool {
        let Some(part) = self.parts.get_mut(self.at) else {
            return false;
        };
        let taken = match part.taken {
            Some(taken) => taken,
            None => {
                if let Some(zip) = &mut self.zip {
                    zip.begin(&part.name);
                }
                if self.bom {
                    self.writer.mark();
                }
                part.sheet.head(&mut self.writer);
                0
            }
        };
        let (more, written) = part.sheet.rows(rows, &mut self.writer);
        part.taken = Some(taken + more);
        self.rows += written as u64;
        let ended = taken + more >= part.sheet.steps();
        if let Some(zip) = &mut self.zip {
            zip.write(&self.writer.take());
            if ended {
                zip.end();
            }
        }
        self.at += usize::from(ended);
        let more = self.at < self.parts.len();
        if let Some(zip) = self.zip.as_mut().filter(|_| !more) {
            zip.close();
        }
        more
    }

    /// The bytes written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.zip {
            Some(zip) => zip.take(),
            None => self.writer.take(),
        }
    }

    /// Steps taken and steps in all.
    pub fn progress(&self) -> (u64, u64) {
        let parts = self.parts.iter();
        parts.fold((0, 0), |(taken, all), part| {
            (
                taken + part.taken.unwrap_or(0) as u64,
                all + part.sheet.steps() as u64,
            )
        })
    }

    /// Rows written, the names of columns apart.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Characters that the encoding could not hold.
    pub fn unencodable(&self) -> u64 {
        self.writer.unencodable()
    }
}

/// The contacts of an audience in its order, less the members of some segments.
///
/// # Errors
/// [`Refused`] where a segment, field or filter does not exist.
fn chosen(
    workspace: &Workspace,
    audience: &Audience,
    excluded: &[SegmentId],
    now: i64,
) -> Result<Vec<u32>, Refused> {
    let everybody = match audience {
        Audience::All => workspace.listed(&Query::default(), now)?,
        Audience::Segment(segment) => {
            workspace.segment(*segment).ok_or(Refused::NoSuchSegment)?;
            Rc::new(workspace.members(*segment).iter().collect())
        }
        Audience::Query(query) => workspace.listed(query, now)?,
    };
    let mut out = RoaringBitmap::new();
    for segment in excluded {
        workspace.segment(*segment).ok_or(Refused::NoSuchSegment)?;
        out |= workspace.members(*segment);
    }
    let mut contacts = Rc::unwrap_or_clone(everybody);
    if !out.is_empty() {
        contacts.retain(|contact| !out.contains(*contact));
    }
    Ok(contacts)
}

/// How values are written.
fn style(workspace: &Workspace, spec: &ExportSpec) -> Style {
    match spec.dates {
        DateFormat::Iso => Style::ISO,
        DateFormat::Local => Style::local(workspace.settings.date_order, workspace.zone.clone()),
    }
}

impl Workspace {
    /// The emails of a segment's members, one a line; with how many members have one, and how many have none.
    ///
    /// # Errors
    /// [`Refused`] where the segment does not exist.
    pub fn emails(&self, segment: SegmentId) -> Result<(String, u64, u64), Refused> {
        self.segment(segment).ok_or(Refused::NoSuchSegment)?;
        let emails = self.values_of(model::field::EMAIL);
        let (mut text, mut count) = (String::new(), 0);
        let members = self.members(segment);
        for contact in &members {
            if let Ok(email) = std::str::from_utf8(emails.text(contact))
                && !email.is_empty()
            {
                if count > 0 {
                    text.push('\n');
                }
                text.push_str(email);
                count += 1;
            }
        }
        Ok((text, count, members.len() - count))
    }
}
