//! The account of an import: where every line of a file went.

use serde::{Deserialize, Serialize};

/// Where the rows of an import went; each row is counted once (design, section 6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Rows of the file, the header and blank lines aside.
    pub read: u64,
    /// Rows that made a contact.
    pub new: u64,
    /// Rows that changed a contact.
    pub updated: u64,
    /// Rows of a known contact that had nothing to change.
    pub identical: u64,
    /// Rows of a known contact, not touched because **Overwrite existing** is off.
    pub skipped: u64,
    /// Rows of an unknown contact, not made because **Don't create new contacts** is on.
    pub not_created: u64,
    /// Rows whose key an earlier row of the same file has.
    pub repeated: u64,
    /// Rows that could not be read or kept, each with a reason.
    pub rejected: u64,
    /// Blank lines and lines of only empty cells; not rows.
    pub blank: u64,
    /// Rows with fewer cells than the header, read with the rest empty; counted beside the sum.
    pub short: u64,
    /// Bad values left out of rows that were kept; counted beside the sum.
    pub left_out: u64,
    /// Contacts whose `unsubscribed` was kept against the file; counted beside the sum.
    pub kept_unsubscribed: u64,
    /// What became of the members of the chosen segment, where one was chosen.
    pub members: Option<MemberAccount>,
    /// Memberships added by a *Segments* column, over all its segments.
    pub column_members: u64,
}

/// What an import did to the members of a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAccount {
    /// Contacts that became members.
    pub added: u64,
    /// Contacts of the file that were members already.
    pub already: u64,
    /// Contacts that stopped being members.
    pub removed: u64,
    /// Contacts of the file that did not join (known, and **Overwrite existing** is off).
    pub not_added: u64,
}

impl Account {
    /// Whether every row is accounted for: read = the sum of the ways it can go.
    pub fn adds_up(&self) -> bool {
        self.read
            == self.new
                + self.updated
                + self.identical
                + self.skipped
                + self.not_created
                + self.repeated
                + self.rejected
    }
}
