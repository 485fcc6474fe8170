//! Data that released versions left behind, which every later version opens (`fixtures/released`).

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::page::Page;
use crate::people::fixture;

/// Screens on which everything that is kept is named.
const SCREENS: [&str; 6] = [
    "#/segments",
    "#/workflows",
    "#/fields",
    "#/imports",
    "#/exports",
    "#/history",
];

/// What a version left in the browser.
#[derive(Debug, Serialize, Deserialize)]
pub struct Released {
    /// Its version.
    pub name: String,
    /// The fingerprint of everything stored, by *Check integrity*.
    pub fingerprint: String,
    /// What the list of contacts says above it.
    pub contacts: String,
    /// The names and numbers on each screen.
    pub screens: Vec<(String, Vec<String>)>,
    /// The database, as [`Page::dump`] gives it.
    pub records: Value,
}

impl Released {
    /// Takes what a version left in the browser; the page leaves Corral.
    ///
    /// # Panics
    /// When a screen was not whole yet when it was looked at.
    pub fn take(name: &str, page: &Page) -> Self {
        let mut taken = Self {
            name: name.to_owned(),
            contacts: page.contacts(),
            screens: SCREENS.map(|route| (route.to_owned(), told(page, route))).into(),
            fingerprint: page.fingerprint(),
            records: Value::Null,
        };
        taken.is_all_there(page);
        page.leave();
        taken.records = page.dump();
        taken
    }

    /// Waits until the page shows all of it.
    pub fn is_all_there(&self, page: &Page) {
        page.see_contacts(&self.contacts);
        for (route, wanted) in &self.screens {
            page.until(|| match told(page, route) {
                told if told == *wanted => Ok(()),
                told => Err(format!("{route} shows {told:?}, not {wanted:?}")),
            });
        }
        assert_eq!(page.fingerprint(), self.fingerprint);
    }

    /// What each version left behind, with the file of a backup it made.
    ///
    /// # Panics
    /// When there is none, or one can't be read.
    pub fn all() -> Vec<(Self, PathBuf)> {
        let files = fs::read_dir(fixture("released")).expect("the fixtures can be read");
        let files = files.map(|file| file.expect("the fixtures can be read").path());
        let mut files: Vec<_> = files
            .filter(|file| file.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        assert!(!files.is_empty(), "a version was released");
        let read = |file: PathBuf| {
            let text = fs::read_to_string(&file).expect("the fixtures can be read");
            let kept = serde_json::from_str(&text).expect("the fixtures are what this program wrote");
            (kept, file.with_extension("corral"))
        };
        files.into_iter().map(read).collect()
    }
}

/// The names and numbers on a screen.
fn told(page: &Page, route: &str) -> Vec<String> {
    page.go(route);
    page.until(|| match page.texts("main tbody th, main tbody td.number") {
        none if none.is_empty() => Err(format!("{route} shows nothing")),
        told => Ok(told),
    })
}
