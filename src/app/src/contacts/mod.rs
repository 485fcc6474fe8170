//! Contacts: the table of all of them, one contact's page and history, the form for a new one, likely duplicates and
//! their merge, and erasing for good.
//!
//! What can be worked out without a browser stands in files of its own, tested natively: `scroll` (which rows a scroll
//! position shows), `rows` (which rows are held and which to ask for), `selection`, `columns`, `filter::draft`,
//! `merge::plan`.

mod bulk;
mod columns;
mod duplicates;
mod erase;
mod filter;
mod grid;
mod history;
mod merge;
mod new;
mod rows;
mod saved;
mod scroll;
mod selection;
mod sheet;
mod show;
mod value;
mod view_all;
mod why;

pub use bulk::{Bulk, new_segment};
pub use duplicates::Duplicates;
pub use filter::draft::Draft;
pub use grid::Table;
pub use history::ContactHistory;
pub use merge::Merge;
pub use new::NewContact;
pub use saved::SaveAsSegment;
pub use sheet::{Sheet, name_of};
pub use show::value as shown;
pub use value::{Control, ValueInput};
pub use view_all::{Dialogs, FilterBuilder, ViewAll};
