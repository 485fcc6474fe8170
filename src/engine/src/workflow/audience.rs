//! Whom a workflow is for: the audience of its Start node.

use super::program::Program;
use crate::workspace::Workspace;
use model::field::{EMAIL, MOBILE_PHONE};
use model::workflow::node::{Audience, Source, Start};
use model::{FieldId, SegmentId};
use roaring::RoaringBitmap;
use std::rc::Rc;

impl Workspace {
    /// The contacts in the audience of a Start node now, whatever its source.
    pub fn audience(&self, start: &Start) -> RoaringBitmap {
        let mut found = match start.audience {
            Audience::All => self.alive().clone(),
            Audience::WithEmail => self.filled_with(EMAIL),
            Audience::WithoutEmail => self.alive() - self.filled_with(EMAIL),
            Audience::WithPhone => self.filled_with(MOBILE_PHONE),
            Audience::Segment(segment) => self.members(segment),
        };
        for excluded in &start.excluded {
            found -= self.members(*excluded);
        }
        found
    }

    /// The living who have an email or a phone; looked for again only when that column changed.
    fn filled_with(&self, field: FieldId) -> RoaringBitmap {
        let column = self.values_of(field);
        let known = self.caches.borrow().having.get(&field).cloned();
        let known = known.filter(|(version, _)| *version == column.version());
        let (_, filled) = known.unwrap_or_else(|| {
            let found = (column.version(), Rc::new(column.filled()));
            self.caches.borrow_mut().having.insert(field, found.clone());
            found
        });
        &*filled & self.alive()
    }
}

/// Whether a segment decides who is in the audience.
pub fn names(start: &Start, segment: SegmentId) -> bool {
    start.audience == Audience::Segment(segment) || start.excluded.contains(&segment)
}

/// Whether the source lets a contact in who is in the audience.
pub fn source_lets_in(program: &Program, existing: &RoaringBitmap, contact: u32) -> bool {
    match program.start.source {
        Source::Both => true,
        Source::Existing => existing.contains(contact),
        Source::New => !existing.contains(contact),
    }
}
