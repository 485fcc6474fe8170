//! The list of this site's workspaces, as the browser's local storage keeps it: a line each, of id, last opening,
//! contacts and name. No value of any contact stands here.

use crate::prefs;
use crate::site::{DEFAULT, is_id};
use model::backup::WorkspaceInfo;

/// Where the list rests.
const LIST: &str = "workspaces";

/// The longest name of a workspace, in characters.
pub const MAX_NAME: usize = 60;

/// A workspace in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its name; empty where none was given.
    pub name: String,
    /// When it was last opened, in milliseconds since 1970; none where nobody knows.
    pub opened: Option<i64>,
    /// How many contacts it had then.
    pub contacts: u64,
}

impl Entry {
    /// What it is called on the screen.
    pub fn title(&self) -> String {
        match (self.name.as_str(), self.id.as_str()) {
            ("", DEFAULT) => "My workspace".to_owned(),
            ("", id) => format!("Workspace {id}"),
            (name, _) => name.to_owned(),
        }
    }
}

/// A name as it is kept: without what can't be seen, and not too long.
pub fn tidy(name: &str) -> String {
    let visible = name.chars().map(|c| if c.is_control() { ' ' } else { c });
    let short: String = visible
        .collect::<String>()
        .trim()
        .chars()
        .take(MAX_NAME)
        .collect();
    short.trim_end().to_owned()
}

/// Reads the list.
pub fn load() -> Vec<Entry> {
    read(&prefs::get(LIST).unwrap_or_default())
}

/// Keeps the list.
pub fn save(entries: &[Entry]) {
    prefs::set(LIST, &write(entries));
}

fn read(text: &str) -> Vec<Entry> {
    let entry = |line: &str| {
        let mut parts = line.splitn(4, '\t');
        let id = parts.next().filter(|id| is_id(id))?.to_owned();
        let opened = parts.next()?.parse().ok();
        let contacts = parts.next()?.parse().unwrap_or(0);
        let name = tidy(parts.next()?);
        Some(Entry {
            id,
            name,
            opened,
            contacts,
        })
    };
    text.lines().filter_map(entry).collect()
}

fn write(entries: &[Entry]) -> String {
    let line = |entry: &Entry| {
        let opened = entry.opened.map(|at| at.to_string()).unwrap_or_default();
        format!(
            "{}\t{opened}\t{}\t{}",
            entry.id,
            entry.contacts,
            tidy(&entry.name)
        )
    };
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The entry of an id, which is made if there is none.
pub fn entry<'a>(entries: &'a mut Vec<Entry>, id: &str) -> &'a mut Entry {
    let at = match entries.iter().position(|entry| entry.id == id) {
        Some(at) => at,
        None => {
            entries.push(Entry {
                id: id.to_owned(),
                ..Entry::default()
            });
            entries.len() - 1
        }
    };
    &mut entries[at]
}

/// Brings the list up to what the databases say: they know best which workspaces there are and what they are called.
/// The present one may have a name that its database doesn't know yet.
///
/// One that had contacts stays although its database is gone, and keeps their number: the browser has deleted it, and
/// whoever opens it is told.
pub fn merge(entries: &mut Vec<Entry>, found: &[WorkspaceInfo], present: &str) {
    // One that was just made has no database before it is opened.
    entries.retain(|entry| {
        let is_missed = entry.opened.is_none() || entry.contacts > 0;
        entry.id == present || is_missed || found.iter().any(|info| info.id == entry.id)
    });
    for info in found {
        let is_new = entries.iter().all(|entry| entry.id != info.id);
        let entry = entry(entries, &info.id);
        if !info.name.is_empty() {
            entry.name.clone_from(&info.name);
        }
        if is_new {
            entry.contacts = info.contacts.unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(id: &str, name: &str, contacts: u64) -> WorkspaceInfo {
        WorkspaceInfo {
            id: id.into(),
            name: name.into(),
            contacts: Some(contacts),
        }
    }

    #[test]
    fn what_a_database_does_not_tell_stays_as_it_was_noted() {
        let mut entries = read("default\t1\t1\t\nx7k\t1\t5000\tOlmo Shoes");
        let newer = WorkspaceInfo {
            id: "x7k".into(),
            ..WorkspaceInfo::default()
        };
        merge(&mut entries, &[info("default", "", 1), newer], "default");
        assert_eq!(write(&entries), "default\t1\t1\t\nx7k\t1\t5000\tOlmo Shoes");
    }

    #[test]
    fn the_list_is_read_as_it_was_written() {
        let entries = vec![
            Entry {
                id: "default".into(),
                name: String::new(),
                opened: Some(1_795_473_000_000),
                contacts: 5_000,
            },
            Entry {
                id: "x7k".into(),
                name: "Olmo Shoes, spring".into(),
                opened: None,
                contacts: 0,
            },
        ];
        assert_eq!(read(&write(&entries)), entries);
        for broken in ["", "nonsense", "a:b\t1\t1\tName", "x7k\t1"] {
            assert_eq!(read(broken), [], "{broken}");
        }
    }

    #[test]
    fn a_name_has_no_tabs_and_an_end() {
        assert_eq!(tidy("  Olmo\tShoes\n"), "Olmo Shoes");
        assert_eq!(tidy(&"x".repeat(90)).len(), MAX_NAME);
    }

    #[test]
    fn a_lost_list_is_found_again_in_the_databases() {
        let mut entries = Vec::new();
        entry(&mut entries, "default").contacts = 3;
        merge(
            &mut entries,
            &[info("default", "", 2), info("x7k", "Olmo Shoes", 5_000)],
            "default",
        );
        let seen: Vec<(String, u64)> = entries
            .iter()
            .map(|entry| (entry.title(), entry.contacts))
            .collect();
        assert_eq!(seen, [("My workspace".into(), 3), ("Olmo Shoes".into(), 5_000)]);
    }

    #[test]
    fn a_workspace_that_is_gone_leaves_the_list_and_the_present_one_stays() {
        let mut entries = read("default\t1\t1\t\nx7k\t1\t0\tGone\nnew\t1\t0\tJust made");
        merge(&mut entries, &[info("default", "Mine", 1)], "new");
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["Mine", "Just made"]);
    }

    #[test]
    fn a_workspace_whose_contacts_the_browser_deleted_stays_in_the_list_until_that_is_told() {
        let before = "default\t1\t1\t\nx7k\t1\t5000\tOlmo Shoes";
        let mut entries = read(before);
        merge(&mut entries, &[info("default", "", 1)], "default");
        assert_eq!(write(&entries), before);
        // Opened, its database is there again, and empty.
        merge(
            &mut entries,
            &[info("default", "", 1), info("x7k", "", 0)],
            "default",
        );
        assert_eq!(write(&entries), before);
    }
}
