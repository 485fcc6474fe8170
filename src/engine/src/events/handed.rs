//! The log of a run that goes over to its workspace, which then need not take the rows of the batch in anew.

use super::Log;
use std::cell::RefCell;
use std::rc::Rc;

/// The log that a batch was made on, and what it is with the batch; taken by whoever applies it.
#[derive(Clone, Debug, Default)]
pub struct Handed(RefCell<Option<(Rc<Log>, Rc<Log>)>>);

impl Handed {
    /// What a log is with a batch that was made on it.
    pub fn new(before: Rc<Log>, after: Rc<Log>) -> Handed {
        Handed(RefCell::new(Some((before, after))))
    }

    /// What this log is with the batch, unless the batch was made on another one.
    pub fn take(&self, before: &Rc<Log>) -> Option<Rc<Log>> {
        let (base, after) = self.0.take()?;
        Rc::ptr_eq(&base, before).then_some(after)
    }
}

impl PartialEq for Handed {
    /// A batch is what it is, however it is handed over.
    fn eq(&self, _: &Handed) -> bool {
        true
    }
}
