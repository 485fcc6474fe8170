//! What is asked of the data as a whole: what a page held, and whether the journal adds up to the state.

use crate::journal::{Effect, PageId, Pages};
use crate::workspace::{Opening, Workspace};

impl Workspace {
    /// How many events stand.
    pub fn event_count(&self) -> u64 {
        let mut count = 0;
        self.log.each_standing(&mut |_, _| count += 1);
        count
    }

    /// The pages that are in memory; shared, not copied.
    pub fn pages(&self) -> Pages {
        self.pages.clone()
    }

    /// Every page that a change set names, standing or not, in order: the others are left over.
    pub fn named_pages(&self) -> Vec<PageId> {
        let changes = self.journal.iter();
        let mut ids: Vec<PageId> = changes.flat_map(|entry| entry.set.page_ids()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// What a page of the store holds, in a few words for a person.
    pub fn held(&self, page: PageId) -> String {
        for entry in self.journal.iter() {
            if !entry.set.page_ids().contains(&page) {
                continue;
            }
            let cells = entry.set.effects.iter().find_map(|effect| match effect {
                Effect::Cells { field, values, .. } if values.stored().any(|id| id == page) => Some(*field),
                _ => None,
            });
            let what = match cells {
                Some(field) => match self.field(field) {
                    Some(def) => format!("values of {}", def.name),
                    None => "values of a deleted field".to_owned(),
                },
                None => "events, or what is known about them".to_owned(),
            };
            return format!("{what}, written by change {} ({})", entry.set.id, entry.set.what);
        }
        "nothing that is used".to_owned()
    }

    /// The hash of the state that a journal adds up to with the pages that are here: that of this very state, where both are
    /// whole.
    pub fn hash_of(&self, journal: Opening) -> u64 {
        journal.finish(self.pages()).state_hash()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::tests::loaded;

    #[test]
    fn the_journal_read_again_adds_up_and_one_that_lacks_a_change_does_not() {
        let (workspace, _) = loaded();
        let read = |skip: u64| {
            let mut opening = Opening::default();
            for entry in workspace.journal().iter().filter(|entry| entry.set.id.0 != skip) {
                opening.record(entry.set.id.0, &entry.set.to_bytes());
            }
            opening
        };
        assert_eq!(workspace.hash_of(read(0)), workspace.state_hash());
        let members = workspace.journal().iter().find(|entry| {
            let mut effects = entry.set.effects.iter();
            effects.any(|effect| matches!(effect, Effect::Members { .. }))
        });
        let lacking = workspace.hash_of(read(members.unwrap().set.id.0));
        assert_ne!(lacking, workspace.state_hash());
    }

    #[test]
    fn a_page_is_told_by_what_it_held() {
        let (workspace, _) = loaded();
        let named = workspace.named_pages();
        for page in &named {
            let held = workspace.held(*page);
            assert!(held.contains("written by change "), "{held}");
        }
        assert_eq!(workspace.held(PageId(u64::MAX)), "nothing that is used");
    }
}
