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
    /// Takes what rests in the browser now; the page leaves Corral.
    pub fn take(page: &Page) -> Self {
        let contacts = page.contacts();
        let screens = screens(page);
        let fingerprint = page.fingerprint();
        page.leave();
        Self {
            fingerprint,
            contacts,
            screens,
            records: page.dump(),
        }
    }

    /// Fails unless the page shows all of it.
    ///
    /// # Panics
    /// Then.
    pub fn is_all_there(&self, page: &Page) {
        assert_eq!(page.contacts(), self.contacts);
        assert_eq!(screens(page), self.screens);
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

fn screens(page: &Page) -> Vec<(String, Vec<String>)> {
    let told = |route: &str| {
        page.go(route);
        page.until(|| match page.texts("main tbody th, main tbody td.number") {
            none if none.is_empty() => Err(format!("{route} shows nothing")),
            told => Ok((route.to_owned(), told)),
        })
    };
    SCREENS.map(told).into()
}
