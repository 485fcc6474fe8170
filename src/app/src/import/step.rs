//! The six steps of an import.

/// One step of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Choose a file, and how it is read.
    Source,
    /// Choose what happens to contacts that exist, to the segment, and to bad values.
    Options,
    /// Choose where each column goes.
    Map,
    /// See what would happen.
    Check,
    /// Let it happen.
    Import,
    /// See what happened.
    Result,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Step; 6] = [
        Step::Source,
        Step::Options,
        Step::Map,
        Step::Check,
        Step::Import,
        Step::Result,
    ];

    /// The step's name.
    pub fn label(self) -> &'static str {
        match self {
            Step::Source => "Source",
            Step::Options => "Options",
            Step::Map => "Map",
            Step::Check => "Check",
            Step::Import => "Import",
            Step::Result => "Result",
        }
    }

    /// What a person does in it; its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Step::Source => "Choose a file, or paste rows",
            Step::Options => "What should happen?",
            Step::Map => "Where does each column go?",
            Step::Check => "What would happen",
            Step::Import => "Import",
            Step::Result => "What happened",
        }
    }

    /// The step after it that **Next** leads to; the import itself is started by a button of its own.
    pub fn next(self) -> Option<Step> {
        match self {
            Step::Source => Some(Step::Options),
            Step::Options => Some(Step::Map),
            Step::Map => Some(Step::Check),
            Step::Check | Step::Import | Step::Result => None,
        }
    }

    /// The step before it that **Back** leads to; nothing leads back out of an import that runs.
    pub fn back(self) -> Option<Step> {
        match self {
            Step::Options => Some(Step::Source),
            Step::Map => Some(Step::Options),
            Step::Check => Some(Step::Map),
            Step::Source | Step::Import | Step::Result => None,
        }
    }

    /// Whether the indicator leads from this step back to another one.
    pub fn leads_to(self, other: Step) -> bool {
        other < self && self < Step::Import
    }
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn back_undoes_next() {
        for step in Step::ALL {
            if let Some(next) = step.next() {
                assert_eq!(next.back(), Some(step));
            }
        }
    }

    #[test]
    fn a_running_import_is_not_left_by_the_indicator() {
        assert!(Step::Check.leads_to(Step::Source));
        assert!(!Step::Source.leads_to(Step::Check));
        assert!(!Step::Import.leads_to(Step::Map));
    }
}
