//! What a person is told when something did not work.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A message about something that did not work: what, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong, and where, in one sentence without a full stop.
    pub what: String,
    /// What the person can do now; empty where there is nothing.
    pub help: String,
    /// The control it belongs to, by its name on the screen or a field's key; empty for the whole page.
    pub at: String,
}

impl Problem {
    /// A problem of the whole page.
    pub fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Problem {
            what: what.into(),
            help: help.into(),
            at: String::new(),
        }
    }

    /// The same problem, said of one control.
    pub fn at(self, control: impl Into<String>) -> Self {
        Problem {
            at: control.into(),
            ..self
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.help.is_empty() {
            write!(f, ". {}", self.help)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
