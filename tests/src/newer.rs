//! Newer builds of Corral: the same program under other ids.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use xtask::offline;

use crate::browser::Profile;
use crate::site::{dist, workspace};

/// Copies of the build with other ids, removed when this is dropped.
#[derive(Default)]
pub(crate) struct Newer(Mutex<Vec<(Profile, String)>>);

impl Newer {
    /// Makes the next one; gives its folder and its id.
    pub(crate) fn next(&self) -> (PathBuf, String) {
        let mut made = self.made();
        let (folder, id) = make(made.len() + 1);
        let next = (folder.path().to_owned(), id.clone());
        made.push((folder, id));
        next
    }

    /// The folders of those that were made.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let made = self.made();
        made.iter().map(|(folder, _)| folder.path().to_owned()).collect()
    }

    fn made(&self) -> MutexGuard<'_, Vec<(Profile, String)>> {
        self.0.lock().expect("no test ended here")
    }
}

fn make(which: usize) -> (Profile, String) {
    let old = id_of(&dist());
    // As long as the old one, so that it fits into programs in its place.
    let (begin, end) = old.split_at(which);
    let new = format!("{end}{begin}");
    assert_ne!(old, new, "a build's id reads another way when it is turned");
    let folder = Profile::new();
    for entry in fs::read_dir(dist()).expect("dist/ holds a build") {
        let from = entry.expect("dist/ can be read").path();
        let name = from
            .file_name()
            .and_then(|name| name.to_str())
            .expect("files have plain names");
        let bytes = fs::read(&from).expect("dist/ holds files only");
        let bytes = replaced(bytes, old.as_bytes(), new.as_bytes());
        fs::write(folder.path().join(name.replace(&old, &new)), bytes).expect("target/ can be written");
    }
    let page = fs::read_to_string(folder.path().join("index.html")).expect("it was just written");
    let script = workspace().root().join("src/app/static").join(offline::SCRIPT);
    offline::fill(folder.path(), &script, &page, &new).expect("the list of files can be made");
    (folder, new)
}

/// The id of a build, as its service worker names it.
pub(crate) fn id_of(build: &Path) -> String {
    let script = fs::read_to_string(build.join(offline::SCRIPT)).expect("dist/ holds a build");
    let (_, rest) = script
        .split_once("const BUILD = '")
        .expect("the service worker names its build");
    let (id, _) = rest.split_once('\'').expect("the service worker names its build");
    id.to_owned()
}

/// The bytes with every occurrence of `old` replaced by `new`, which is as long.
fn replaced(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut at = 0;
    while let Some(rest) = bytes.get(at..)
        && let Some(found) = rest.windows(old.len()).position(|part| part == old)
    {
        let start = at + found;
        bytes[start..start + old.len()].copy_from_slice(new);
        at = start + old.len();
    }
    bytes
}
