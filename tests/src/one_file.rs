//! Corral as one file on disk, with the script of the tests inside.

use std::fs;
use std::path::PathBuf;

use xtask::offline::checksum;
use xtask::single::FILE;

use crate::browser::Profile;
use crate::site::{WATCH, dist, with_script};

/// A copy of `corral.html` in a folder of its own; it is removed when this is dropped.
#[derive(Debug)]
pub struct OneFile {
    folder: Profile,
}

impl OneFile {
    /// A copy of the file that lies beside `dist/` (or beside what `CORRAL_DIST` names), in `dist-single/`.
    ///
    /// # Panics
    /// When there is none.
    #[expect(
        clippy::new_without_default,
        reason = "it makes a file, which nobody expects of a default"
    )]
    pub fn new() -> Self {
        let made = dist().with_file_name("dist-single").join(FILE);
        let page = fs::read_to_string(made)
            .expect("dist-single/ holds a build: `cargo xtask dist --single` makes it");
        // The policy knows each script by its checksum.
        let allowed = page.replacen(
            "script-src ",
            &format!("script-src '{}' ", checksum(WATCH.as_bytes())),
            1,
        );
        let file = Self {
            folder: Profile::new(),
        };
        fs::write(
            file.path(),
            with_script(&allowed, &format!("<script>{WATCH}</script>")),
        )
        .expect("target/ can be written");
        file
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("file://{}", self.path().display())
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }
}
