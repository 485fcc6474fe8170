//! Conditions on what contacts did, for one contact in a workflow and for all of them in a filter.

use super::filter::{CompiledFilter, FieldOf};
use super::log::Log;
use crate::refused::Refused;
use crate::value::Zone;
use crate::workspace::Workspace;
use model::event::Behaviour;
use roaring::RoaringBitmap;

/// The pass in which a condition is asked.
#[derive(Clone, Copy, Debug)]
pub struct PassContext {
    /// When the pass began, in milliseconds since 1970.
    pub began: i64,
    /// The row of the event that started it.
    pub trigger: Option<u32>,
}

/// A condition, ready to be asked often.
#[derive(Clone, Debug)]
pub struct CompiledBehaviour {
    _filter: CompiledFilter,
}

impl CompiledBehaviour {
    /// Makes a condition ready.
    ///
    /// # Errors
    /// [`Refused`] where a value is none of its attribute's, or a field does not exist.
    pub fn new(workspace: &Workspace, behaviour: &Behaviour) -> Result<CompiledBehaviour, Refused> {
        Ok(CompiledBehaviour {
            _filter: CompiledFilter::new(workspace, &behaviour.filter)?,
        })
    }

    /// Whether it holds for one contact at a moment.
    pub fn holds(
        &self,
        _log: &Log,
        _contact: u32,
        _now: i64,
        _zone: &Zone,
        _pass: Option<PassContext>,
        _field: FieldOf<'_>,
    ) -> bool {
        false
    }

    /// What was counted, for a trace.
    pub fn count(
        &self,
        _log: &Log,
        _contact: u32,
        _now: i64,
        _zone: &Zone,
        _pass: Option<PassContext>,
        _field: FieldOf<'_>,
    ) -> i128 {
        0
    }

    /// The contacts for whom it holds, the dead included.
    pub fn found(&self, _workspace: &Workspace, _now: i64) -> RoaringBitmap {
        RoaringBitmap::new()
    }
}
