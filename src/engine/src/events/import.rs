//! Import of events from a file.
