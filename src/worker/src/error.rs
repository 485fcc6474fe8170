//! Everything that can go wrong while a request is answered; [`crate::border`] puts it into words.

use crate::border;
use engine::Refused;
use engine::backup::Broken;
use engine::csv::{NotCsv, NotUtf8};
use engine::import::PlanError;
use model::Problem;
use std::fmt;
use store::StoreError;

/// Why a request or a job has no result.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// Something the person can put right, already in words: a bad value, a name in use, …
    Problem(Problem),
    /// The engine refuses it.
    Refused(Refused),
    /// An import can't be as asked.
    Plan(PlanError),
    /// A file is no list of contacts.
    NotCsv(NotCsv),
    /// A file that was to be read as UTF-8 is not.
    NotUtf8(NotUtf8),
    /// The first line of a file is longer than any header.
    LongLine,
    /// The file of an export is gone.
    ExportGone,
    /// A page that is needed can't be read.
    Damage(String),
    /// A newer version of Corral wrote some of the data.
    Newer,
    /// Some of the history can't be read, so that nobody knows which pages it needs.
    HistoryDamaged,
    /// Somebody cancelled the job.
    Cancelled,
    /// The commit of the job began, so it can't be cancelled any more.
    TooLateToCancel,
    /// There is no such job, or it was forgotten.
    NoSuchJob,
    /// The file isn't held open: it was let go of, or the worker was replaced since.
    NoSuchSource,
    /// The file was moved, deleted, changed or locked since it was chosen.
    FileGone {
        /// The file's name.
        name: String,
        /// The browser's name for it, `NotFoundError` or `NotReadableError`.
        reason: String,
    },
    /// The worker gives way to another and changes nothing any more.
    Closing,
    /// The database refused or lost something.
    Store(StoreError),
    /// The browser refused something that ought to work.
    Browser(String),
    /// A copy can only be looked at.
    OnCopy,
    /// There is no copy (any more).
    NoCopy,
    /// A part of the program could not be fetched.
    PartMissing,
    /// A file is no whole backup.
    Backup(Broken),
    /// The passphrase doesn't open a backup.
    WrongPassphrase,
    /// The browser encrypts nothing here.
    NoCrypto,
    /// No backup was made since the worker began.
    NoBackup,
    /// A backup can't be restored over data.
    NotEmpty,
    /// A tab shows that workspace.
    OpenElsewhere,
    /// There is no such workspace.
    NoSuchWorkspace,
    /// Nothing answers this yet.
    NotAvailable(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A log says what a person is told: the derived form would bring a printer for every type along.
        write!(f, "{}", border::problem(self.clone()))
    }
}

impl std::error::Error for Error {}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::Problem(problem)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Error::Refused(refused)
    }
}

impl From<PlanError> for Error {
    fn from(error: PlanError) -> Self {
        Error::Plan(error)
    }
}

impl From<Broken> for Error {
    fn from(broken: Broken) -> Self {
        Error::Backup(broken)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::Store(error)
    }
}

#[cfg(target_arch = "wasm32")]
impl From<wasm_split_helpers::SplitLoaderError> for Error {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Error::PartMissing
    }
}
