//! What is asked of the data as a whole: what a page held, and whether the journal adds up to the state.

use crate::column::by_group;
use crate::edit::{contacts, grouped};
use crate::journal::{Cause, ChangeSet, Effect, Entry, PageId, PageRef, Pages};
use crate::workspace::{Opening, Workspace};
use model::ChangeId;

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

    /// Says of a change set, which can't be read for a reason, between which others it was.
    pub fn lost_change(&self, id: ChangeId, reason: &str) -> String {
        let change = |entry: &Entry| format!("change {} ({})", entry.set.id, entry.set.what);
        let before = self.journal.iter().rev().find(|entry| entry.set.id < id);
        let after = self.journal.iter().find(|entry| entry.set.id > id);
        let place = match (before.map(change), after.map(change)) {
            (Some(before), Some(after)) => format!("it came after {before} and before {after}"),
            (Some(before), None) => format!("it came after {before}"),
            (None, Some(after)) => format!("it came before {after}"),
            (None, None) => "there is no other".to_owned(),
        };
        format!("Change {id} can't be read ({reason}), so what it did is missing; {place}")
    }

    /// Says of a page of the store, which can't be read for a reason, what is missing with it.
    pub fn lost_page(&self, page: PageId, reason: &str) -> String {
        let held = self.held(page);
        format!("Page {} can't be read ({reason}); it held {held}", page.0)
    }

    /// What a page of the store holds, in a few words for a person.
    fn held(&self, page: PageId) -> String {
        let named = |entry: &&Entry| entry.set.page_ids().contains(&page);
        let Some(entry) = self.journal.iter().find(named) else {
            return "nothing that is used".to_owned();
        };
        let ChangeSet {
            id, what, effects, ..
        } = &*entry.set;
        let is_here = |named: &PageRef| matches!(named, PageRef::Stored(id) if *id == page);
        let held = effects.iter().find_map(|effect| match effect {
            Effect::Cells {
                field,
                contacts: written,
                values,
            } => {
                let (group, _) = values.0.iter().find(|(_, named)| is_here(named))?;
                let mut groups = by_group(written);
                let (_, part) = groups.find(|(of, _)| *of == *group as usize)?;
                let name = self.field(*field).map_or("a deleted field", |def| &def.name);
                Some(format!("the values of {name} of {}", contacts(part.len())))
            }
            Effect::Events(batch) => {
                let chunk = batch
                    .chunks
                    .iter()
                    .find(|chunk| chunk.columns.iter().any(is_here))?;
                Some(format!("a part of {} events", grouped(u64::from(chunk.rows))))
            }
            Effect::Run(delta) => {
                let chunk = delta
                    .steps
                    .iter()
                    .find(|chunk| chunk.columns.iter().any(is_here))?;
                let steps = grouped(u64::from(chunk.rows));
                Some(format!("a part of {steps} steps of contacts through a workflow"))
            }
            _ => None,
        });
        let held = held.unwrap_or_else(|| match entry.set.cause.actor() {
            Cause::Import(_) => "in which lines of the file contacts stand".to_owned(),
            _ => "when and by which events contacts came through a workflow".to_owned(),
        });
        format!("{held}, written by change {id} ({what})")
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
    use crate::workspace::Prepared;
    use model::field::{EMAIL, FIRST_NAME};

    #[test]
    fn the_journal_read_again_adds_up_and_one_that_lacks_a_change_does_not() {
        let (workspace, _) = loaded();
        let read = |skip: u64| {
            let mut opening = Opening::default();
            for entry in workspace.journal().iter().filter(|entry| entry.set.id.0 != skip) {
                opening.record(&entry.set.to_bytes()).unwrap();
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
            assert!(held.contains(", written by change "), "{held}");
        }
        assert_eq!(workspace.held(PageId(u64::MAX)), "nothing that is used");
        let held = |page: &PageId| workspace.held(*page);
        for what in ["the values of ", "events, "] {
            assert!(named.iter().map(held).any(|held| held.contains(what)), "{what}");
        }
    }

    /// What is left when one record of the journal is damaged.
    fn without(records: &[ChangeSet], lost: u64) -> Opening {
        let mut opening = Opening::default();
        for set in records {
            match set.id.0 == lost {
                true => opening.lose(lost, "it is cut off".to_owned()),
                false => opening.record(&set.to_bytes()).unwrap(),
            }
        }
        opening
    }

    #[test]
    fn a_change_that_is_lost_is_told_by_its_neighbours_and_its_numbers_are_not_given_again() {
        let mut workspace = Workspace::new();
        let mut records = Vec::new();
        let mut store = |workspace: &mut Workspace, prepared: Option<Prepared>| {
            let prepared = prepared.unwrap();
            records.push(prepared.set.clone());
            workspace.apply(prepared);
        };
        let create = |workspace: &Workspace, email: &str| {
            let (contact, (_, prepared)) = workspace.create_contact(0, &[(EMAIL, email.to_owned())]).unwrap();
            (contact, prepared)
        };
        let (ana, prepared) = create(&workspace, "ana@example.com");
        store(&mut workspace, prepared);
        let (eva, prepared) = create(&workspace, "eva@example.com");
        store(&mut workspace, prepared);
        let (_, prepared) = workspace.edit_contact(0, eva, FIRST_NAME, "Eva").unwrap();
        store(&mut workspace, prepared);
        assert!(without(&records, 0).lost().is_empty());

        let middle = without(&records, 2);
        let cut_off = "it is cut off".to_owned();
        assert_eq!(middle.lost(), [(ChangeId(2), cut_off.clone())]);
        let middle = middle.finish(Pages::default());
        assert_eq!(
            middle.lost_change(ChangeId(2), &cut_off),
            "Change 2 can't be read (it is cut off), so what it did is missing; it came after change 1 (Created 1 contact) and before change 3 (Set First name of 1 contact)"
        );
        assert!(!middle.journal().is_whole());
        assert_eq!(middle.alive().iter().collect::<Vec<_>>(), [ana.0]);
        let (luis, _) = create(&middle, "luis@example.com");
        assert!(luis.0 > eva.0, "what is known of Eva isn't Luis's");

        let end = without(&records, 3).finish(Pages::default());
        assert_eq!(
            end.lost_change(ChangeId(3), &cut_off),
            "Change 3 can't be read (it is cut off), so what it did is missing; it came after change 2 (Created 1 contact)"
        );
        assert_eq!(end.journal().next_id(), ChangeId(4));
        let (_, prepared) = create(&end, "luis@example.com");
        assert_eq!(prepared.unwrap().set.id, ChangeId(4));
    }

    #[test]
    fn a_record_of_a_newer_version_is_refused() {
        let mut record = ChangeSet {
            id: ChangeId(1),
            at: 0,
            cause: Cause::Person,
            what: String::new(),
            effects: Vec::new(),
        }
        .to_bytes();
        assert_eq!(Opening::default().record(&record), Ok(()));
        record[0] += 1;
        assert!(Opening::default().record(&record).is_err());
    }
}
