//! What people do with Corral, in real browsers: a file for each subject.
//!
//! One program, so that a slow file doesn't hold up the others: `cargo test -p tests -- table::` runs one of them.

mod accessibility;
mod backup;
mod bad_input;
mod crash;
mod erase;
mod exports;
mod faults;
mod fields;
mod history;
mod import_files;
mod import_options;
mod large_import;
mod main_job;
mod merge;
mod no_locks;
mod offline;
mod opening;
mod privacy;
mod segments;
mod sets;
mod simulator;
mod table;
mod two_tabs;
mod undo;
mod workflows;
