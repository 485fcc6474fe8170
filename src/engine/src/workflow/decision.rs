//! How conditions decide, and what they decide by.

use super::program::ConditionStep;
use super::value::Asked;
use crate::events::behaviour::PassContext;
use model::{Mode, SegmentId};

/// What a condition is decided by: a contact as she is at a moment of a pass.
pub struct Decision<'a> {
    /// Who.
    pub contact: u32,
    /// When the pass began, in milliseconds since 1970.
    pub began: i64,
    /// What tests are asked about.
    pub asked: Asked<'a>,
    /// Whether she is a member of a segment.
    pub member: &'a dyn Fn(SegmentId) -> bool,
}

impl Decision<'_> {
    fn context(&self) -> Option<PassContext> {
        Some(PassContext {
            began: self.began,
            trigger: self.asked.trigger,
        })
    }
}

impl ConditionStep {
    /// Whether it holds.
    pub fn holds(&self, by: &Decision<'_>) -> bool {
        let asked = &by.asked;
        match self {
            ConditionStep::Has(field) => !(asked.field)(*field).is_empty(),
            ConditionStep::In(segments, true) => segments.iter().all(|segment| (by.member)(*segment)),
            ConditionStep::In(segments, false) => segments.iter().any(|segment| (by.member)(*segment)),
            ConditionStep::Did(did) => did.holds(
                asked.log,
                by.contact,
                asked.now,
                asked.zone,
                by.context(),
                asked.field,
            ),
            ConditionStep::Check(mode, tests) => match mode {
                Mode::All => tests.iter().all(|test| test.holds(asked)),
                Mode::Any => tests.iter().any(|test| test.holds(asked)),
                Mode::None => !tests.iter().any(|test| test.holds(asked)),
            },
        }
    }

    /// The values that decide it, in words: “Points is 4200, City is empty”.
    pub fn told(&self, by: &Decision<'_>) -> String {
        let asked = &by.asked;
        match self {
            ConditionStep::Has(field) => match (asked.field)(*field).is_empty() {
                true => "It is empty".to_owned(),
                false => "It has a value".to_owned(),
            },
            ConditionStep::In(segments, _) => {
                let member = segments.iter().filter(|segment| (by.member)(**segment)).count();
                match (member, segments.len()) {
                    (0, _) => "Is not a member".to_owned(),
                    (1, 1) => "Is a member".to_owned(),
                    (member, all) => format!("Is a member of {member} of {all}"),
                }
            }
            ConditionStep::Did(did) => did.explain(did.count(
                asked.log,
                by.contact,
                asked.now,
                asked.zone,
                by.context(),
                asked.field,
            )),
            ConditionStep::Check(_, tests) => {
                let told: Vec<String> = tests.iter().map(|test| test.told(asked)).collect();
                told.join(", ")
            }
        }
    }
}
