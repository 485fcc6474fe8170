//! Forms for conditions on what contacts did, the same in filters of contacts and in workflows.

pub mod day;
mod filter;
mod form;
mod mode;
mod operand;
pub mod rules;
pub mod test;

pub use filter::EventFilterForm;
pub use form::{BehaviourForm, When};
pub use mode::ModeSelect;
pub use operand::{Offered, OpSelect, OperandInputs};
