//! Which contacts are picked, without listing a million of them.

use model::ContactId;
use model::query::{Query, Selection};
use std::collections::BTreeSet;

/// The contacts picked in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// These.
    These(BTreeSet<ContactId>),
    /// All that match the search and filter, less these.
    Matching(BTreeSet<ContactId>),
}

impl Default for Picked {
    fn default() -> Self {
        Picked::These(BTreeSet::new())
    }
}

impl Picked {
    /// How many contacts are picked of those that match.
    pub fn count(&self, matching: u64) -> u64 {
        match self {
            Picked::These(these) => these.len() as u64,
            Picked::Matching(except) => matching.saturating_sub(except.len() as u64),
        }
    }

    /// Whether a contact is picked.
    pub fn has(&self, contact: ContactId) -> bool {
        match self {
            Picked::These(these) => these.contains(&contact),
            Picked::Matching(except) => !except.contains(&contact),
        }
    }

    /// Picks a contact, or picks it no longer.
    pub fn set(&mut self, contact: ContactId, picked: bool) {
        let (set, insert) = match self {
            Picked::These(these) => (these, picked),
            Picked::Matching(except) => (except, !picked),
        };
        if insert {
            set.insert(contact);
        } else {
            set.remove(&contact);
        }
    }

    /// Picks a contact that is not picked, and the other way round.
    pub fn toggle(&mut self, contact: ContactId) {
        self.set(contact, !self.has(contact));
    }

    /// Whether nothing is picked.
    pub fn is_empty(&self, matching: u64) -> bool {
        self.count(matching) == 0
    }

    /// The contacts, where they are as few as can be made one.
    pub fn mergeable(&self) -> Option<Vec<ContactId>> {
        match self {
            Picked::These(these) if (2..=5).contains(&these.len()) => Some(these.iter().copied().collect()),
            Picked::These(_) | Picked::Matching(_) => None,
        }
    }

    /// The same in the words of the worker.
    pub fn selection(&self, query: &Query) -> Selection {
        match self {
            Picked::These(these) => Selection::Contacts(these.iter().copied().collect()),
            Picked::Matching(except) => Selection::Matching {
                query: Query {
                    sort: None,
                    ..query.clone()
                },
                except: except.iter().copied().collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_picked_one_by_one() {
        let mut picked = Picked::default();
        assert!(picked.is_empty(5));
        picked.toggle(ContactId(3));
        picked.set(ContactId(4), true);
        picked.toggle(ContactId(3));
        assert_eq!(picked.count(5), 1);
        assert_eq!(picked.mergeable(), None, "one contact is one already");
        assert!(picked.has(ContactId(4)) && !picked.has(ContactId(3)));
    }

    #[test]
    fn all_that_match_less_the_unticked() {
        let mut picked = Picked::Matching(BTreeSet::new());
        assert_eq!(picked.count(1_204), 1_204);
        picked.toggle(ContactId(7));
        assert_eq!(picked.count(1_204), 1_203);
        assert!(!picked.has(ContactId(7)) && picked.has(ContactId(8)));
        let Selection::Matching { except, .. } = picked.selection(&Query::default()) else {
            panic!("not matching")
        };
        assert_eq!(except, [ContactId(7)]);
        picked.toggle(ContactId(7));
        assert_eq!(picked.count(1_204), 1_204);
    }
}
