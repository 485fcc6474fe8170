//! The import wizard, the result of an import, and the history of imports.
//!
//! [`flow`] is what was chosen so far, as signals that outlive the screen; each step is a file that shows a part of it.
//! What can be decided without a browser is in plain functions: [`step`], [`form`], [`target`], [`fault`], [`pace`],
//! [`figures`], [`words`].

mod check;
mod fault;
mod figures;
mod flow;
mod form;
mod history;
mod literals;
mod map;
mod map_row;
mod options;
mod pace;
mod persist;
mod result;
mod run;
mod saved;
mod source;
mod status;
mod step;
mod target;
mod turn;
mod values;
mod wizard;
mod words;

pub use flow::{job_of, preview_of, provide};
pub use history::Imports;
pub use result::{ResultPage, account_view, members_view};
pub use run::JobProgress;
pub use source::{Choose, FormatFields, Rows, doubt_words, drop_anywhere};
pub use wizard::Wizard;
