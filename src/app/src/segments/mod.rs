//! Segments: the list, the form, deletion, and members by pasted keys.

mod analytics;
mod combine;
mod delete;
mod form;
mod history;
mod keys;
mod list;
mod moment;
mod overlap;
mod refresh;
mod sort;
mod split;

pub use analytics::Analytics;
pub use combine::Combine;
pub use form::{EditSegment, NewSegment};
pub use history::SegmentHistory;
pub use keys::Keys;
pub use list::Segments;
pub use overlap::Overlap;
pub use refresh::Refresh;
pub use split::{Sample, Split};
