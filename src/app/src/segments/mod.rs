//! Segments: the list, the form, deletion, members by pasted keys, and what is made out of segments.

mod analytics;
mod combine;
mod delete;
mod emails;
mod form;
mod history;
mod keys;
mod known;
mod list;
mod moment;
mod overlap;
mod refresh;
mod sets;
mod sort;
mod split;
mod uses;

pub use analytics::Analytics;
pub use combine::Combine;
pub use form::{EditSegment, NewSegment};
pub use history::SegmentHistory;
pub use keys::Keys;
pub use list::Segments;
pub use overlap::Overlap;
pub use refresh::Refresh;
pub use split::{Sample, Split};
