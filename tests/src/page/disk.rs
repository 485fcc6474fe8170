//! What rests in the browser, as seen from an empty page beside Corral, with nobody at work on it.

use serde_json::{Value, json};

use super::Page;
use crate::site::EMPTY_NAME;

/// Speaks to Corral's database; the head of every script here.
const DISK: &str = include_str!("../disk.js");

/// What happens to the bytes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// One bit in the middle is another.
    Flip,
    /// The second half is missing.
    Cut,
    /// All of it is missing.
    Lose,
    /// It is one of a newer version of Corral …
    Newer,
    /// … and again one of this version.
    Older,
}

impl Page {
    /// Leaves Corral for an empty page of the same site, and waits until none of its workers lives.
    pub fn leave(&self) {
        // In the place of Corral's page: one that is kept for a way back keeps its worker, too.
        let script = "
            const [empty] = arguments;
            if (location.href !== empty) location.replace(empty);
            return location.href === empty && document.readyState === 'complete'";
        let empty = format!("{}{EMPTY_NAME}", self.url);
        self.until(|| match self.script(script, &[json!(empty)]).as_bool() {
            Some(true) => Ok(()),
            _ => Err("the empty page isn't there".to_owned()),
        });
        let free = "
            const done = arguments[arguments.length - 1];
            navigator.locks.query().then(({ held }) => done(held.map((lock) => lock.name)));";
        self.until(|| {
            let held = self.script_async(free, &[]);
            match held.as_array().is_some_and(Vec::is_empty) {
                true => Ok(()),
                false => Err(format!("locks are held: {held}")),
            }
        });
    }

    /// The keys of the records in a place of the database: `journal`, `pages`, `files` or `meta`.
    pub fn keys(&self, place: &str) -> Vec<Value> {
        let keys = self.on_disk(
            "inside(1, (store) => settled(store(arguments[0]).getAllKeys()))",
            &[json!(place)],
        );
        keys.as_array().cloned().unwrap_or_default()
    }

    /// Harms a record.
    pub fn harm(&self, place: &str, key: &Value, harm: Harm) {
        let act = "inside(1, async (store) => {
            const [place, key, harm] = arguments;
            const record = await settled(store(place).get(key));
            switch (harm) {
              case 'Flip': record[(10 + record.length) >> 1] ^= 1; break;
              case 'Newer': record[1] += 1; break;
              case 'Older': record[1] -= 1; break;
            }
            if (harm === 'Lose') await settled(store(place).delete(key));
            else await settled(store(place).put(harm === 'Cut' ? record.slice(0, record.length >> 1) : record, key));
          })";
        self.on_disk(act, &[json!(place), key.clone(), json!(format!("{harm:?}"))]);
    }

    /// Makes the database one of this version.
    pub fn raise_database(&self, version: u32) {
        self.on_disk("inside(arguments[0], async () => null)", &[json!(version)]);
    }

    /// All records of the database: for each place its keys and bytes, which are written in base 64.
    pub fn dump(&self) -> Value {
        let act = "inside(1, async (store) => {
            const dump = {};
            for (const place of PLACES) {
              const keys = await settled(store(place).getAllKeys());
              const records = await settled(store(place).getAll());
              dump[place] = keys.map((key, at) => [key, text(records[at])]);
            }
            return dump;
          })";
        self.on_disk(act, &[])
    }

    /// Puts a database with these records in the place of the one that is there.
    pub fn load_dump(&self, dump: &Value) {
        let act = "(async () => {
            await settled(indexedDB.deleteDatabase(name));
            await inside(1, async (store) => {
              for (const place of PLACES) {
                for (const [key, record] of arguments[0][place]) store(place).put(bytes(record), key);
              }
            });
          })()";
        self.on_disk(act, std::slice::from_ref(dump));
    }

    /// Deletes the database, as a browser does that needs room.
    pub fn delete_database(&self) {
        self.on_disk("settled(indexedDB.deleteDatabase(name))", &[]);
    }

    /// Does something with the database, which an expression of `disk.js` says.
    fn on_disk(&self, act: &str, args: &[Value]) -> Value {
        let script = format!(
            "{DISK}\nconst given = arguments;\nrun(() => (function () {{ return {act}; }}).apply(null, given));"
        );
        let given = self.script_async(&script, args);
        match given.get("problem") {
            Some(problem) => self.fail(&format!("the database is at hand: {problem}")),
            None => given["value"].clone(),
        }
    }
}
