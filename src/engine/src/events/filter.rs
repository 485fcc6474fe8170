//! Tests of an event's attributes.

use super::log::Log;
use crate::column::Cell;
use crate::refused::Refused;
use crate::workspace::Workspace;
use model::FieldId;
use model::event::EventFilter;

/// A filter of events, ready to be asked often.
#[derive(Clone, Debug, Default)]
pub struct CompiledFilter {}

/// Gives a contact's value of a field.
pub type FieldOf<'a> = &'a dyn Fn(FieldId) -> Cell;

impl CompiledFilter {
    /// Makes a filter ready.
    ///
    /// # Errors
    /// [`Refused`] where a value is none of its attribute's, or a field does not exist.
    pub fn new(_workspace: &Workspace, _filter: &EventFilter) -> Result<CompiledFilter, Refused> {
        Ok(CompiledFilter::default())
    }

    /// Whether the event of a row passes; `trigger` is the row of the event that started the pass.
    pub fn passes(&self, _log: &Log, _row: u32, _trigger: Option<u32>, _field: FieldOf<'_>) -> bool {
        true
    }
}
