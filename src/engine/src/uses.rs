//! What uses what: the one place that asks before a segment or field is deleted.
//!
//! Saved mappings, formulas and saved filters are known here, workflows in `workflow/uses.rs`.

use crate::define::mapping_uses;
use crate::sort::sort_by_key;
use crate::workspace::Workspace;
use model::event::Operand;
use model::segment::{Use, User};
use model::{FieldId, Group, Rule, SegmentId};

/// What is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// A segment.
    Segment(SegmentId),
    /// A field.
    Field(FieldId),
}

impl Workspace {
    /// What uses a segment: first what keeps it from being deleted.
    pub fn uses_of_segment(&self, segment: SegmentId) -> Vec<Use> {
        self.uses(Used::Segment(segment), std::iter::empty())
    }

    /// What uses a field: first what keeps it from being deleted.
    pub fn uses_of_field(&self, field: FieldId) -> Vec<Use> {
        let mappings = self.mappings.values().filter(|saved| mapping_uses(saved, field));
        let mappings = mappings.map(|saved| Use {
            blocks: true,
            ..told(User::Mapping, &saved.name)
        });
        self.uses(Used::Field(field), mappings)
    }

    fn uses(&self, used: Used, mappings: impl Iterator<Item = Use>) -> Vec<Use> {
        let formulas = self.formulas.iter().filter(|(_, formula)| names(formula, used));
        let formulas = formulas.filter_map(|(id, _)| Some(told(User::Formula, &self.segment(*id)?.name)));
        let filters = self
            .filters
            .values()
            .filter(|saved| names(&saved.query.filter, used));
        let filters = filters.map(|saved| told(User::Filter, &saved.name));
        let mut uses: Vec<Use> = self
            .workflow_uses(used)
            .chain(mappings)
            .chain(formulas)
            .chain(filters)
            .collect();
        sort_by_key(&mut uses, |one| !one.blocks);
        uses
    }
}

/// A use that the deletion tells of and goes on.
fn told(by: User, name: &str) -> Use {
    Use {
        by,
        name: name.to_owned(),
        blocks: false,
    }
}

/// Whether a filter or formula names something.
pub(crate) fn names(group: &Group, used: Used) -> bool {
    group.rules.iter().any(|rule| match rule {
        Rule::Group(group) => names(group, used),
        Rule::Segment { segment, .. } | Rule::SegmentAt { segment, .. } => used == Used::Segment(*segment),
        Rule::Field { field, .. } => used == Used::Field(*field),
        Rule::Did(behaviour) => {
            let mut values = behaviour.filter.rules.iter().flat_map(|rule| &rule.values);
            values.any(|value| matches!(value, Operand::Field(field) if used == Used::Field(*field)))
        }
        Rule::Change { .. } | Rule::Search(_) => false,
    })
}
