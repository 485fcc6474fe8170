//! Backups, named workspaces, and what is asked of the store as a whole.

use crate::ids::SourceId;
use serde::{Deserialize, Serialize};

/// A workspace that is to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWorkspace {
    /// Its id, which no other has: letters and digits.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A workspace of this site, as its own database tells: of one that a newer version wrote, only that it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceInfo {
    /// Its id.
    pub id: String,
    /// Its name; empty where none was given.
    pub name: String,
    /// How many contacts it had when it was last open; none where that can't be read.
    pub contacts: Option<u64>,
}

/// A backup that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupMade {
    /// The file's name.
    pub file: String,
    /// Its bytes.
    pub bytes: u64,
    /// Records that could not be read, so that they are not in it.
    pub missing: u64,
    /// Whether it was an automatic one.
    pub automatic: bool,
}

/// The last backup of a workspace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// When it was made, in milliseconds since 1970; none where none was.
    pub at: Option<i64>,
    /// Changes since then.
    pub changes: u64,
    /// When the first of those changes was made.
    pub since: Option<i64>,
}

/// What is in a file that is to be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPreview {
    /// The file, held open for the restoring.
    pub source: SourceId,
    /// Its name.
    pub file: String,
    /// Its bytes.
    pub bytes: u64,
    /// The version of its format.
    pub format: u16,
    /// Whether a passphrase is needed.
    pub locked: bool,
    /// Whether the present workspace is empty, so that it can be restored into it.
    pub fits: bool,
    /// What it is of; none as long as the passphrase is missing.
    pub about: Option<BackupAbout>,
}

/// What a backup is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupAbout {
    /// The name of the workspace; empty where none was given.
    pub name: String,
    /// When it was made, in milliseconds since 1970.
    pub at: i64,
    /// Contacts.
    pub contacts: u64,
    /// Segments.
    pub segments: u64,
    /// Workflows.
    pub workflows: u64,
    /// Events.
    pub events: u64,
    /// Changes in the history.
    pub changes: u64,
    /// Records that were damaged when it was made, so that they are not in it.
    pub missing: u64,
}

/// How a backup is to be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreSpec {
    /// The file.
    pub source: SourceId,
    /// Its passphrase; empty where it has none.
    pub passphrase: String,
    /// The workspace that is made of it; none restores into the present one, which must be empty.
    pub into: Option<NewWorkspace>,
}

/// A workspace that was restored, or kept of a simulation's copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// The new workspace's id; none where it was restored into the present one.
    pub workspace: Option<String>,
    /// Its name.
    pub name: String,
    /// Its contacts.
    pub contacts: u64,
}

/// What *Check integrity* found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrityReport {
    /// Change sets that were read.
    pub changes: u64,
    /// Pages that were read.
    pub pages: u64,
    /// Files that were read.
    pub files: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// What is damaged, and what it held, a sentence each.
    pub damage: Vec<String>,
    /// Whether the journal adds up to what is on the screen.
    pub adds_up: bool,
    /// A hash of everything stored and of what it adds up to, in hexadecimal digits: the same for the same workspace.
    pub fingerprint: String,
}

/// What *Compact* took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compacted {
    /// Pages that no change named.
    pub pages: u64,
    /// Files that no change named.
    pub files: u64,
    /// Bytes of both.
    pub bytes: u64,
}
