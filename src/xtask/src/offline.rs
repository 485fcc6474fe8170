//! What makes a build work without its host: the service worker's list of files.

use std::path::Path;

use anyhow::{Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::build::address;
use crate::files;
use crate::parts;

/// The service worker's script, in the sources and in a build.
pub const SCRIPT: &str = "sw.js";

/// The address of the page, as one asks for it.
pub const PAGE: &str = "./";

/// What the build fills in.
const BUILD: &str = "const BUILD = '';";
const FILES: &str = "const FILES = [\n];";

/// Fills the service worker's script in: the build's id, and every file of the folder with its checksum.
///
/// `page` is the text of `index.html`, whether or not it lies there already.
///
/// # Errors
/// When a file can't be read, or the script has no place for the list.
pub fn fill(folder: &Path, script: &Path, page: &str, id: &str) -> Result<()> {
    let mut list = line(PAGE, page.as_bytes());
    for file in files::listed(folder)? {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name == SCRIPT || name == "index.html" {
            continue;
        }
        list.push_str(&line(&asked_for(&file, &name, id), &files::bytes(&file)?));
    }
    let text = files::read(script)?;
    for place in [BUILD, FILES] {
        ensure!(text.contains(place), "{} has no `{place}`", script.display());
    }
    let text = text
        .replace(BUILD, &format!("const BUILD = '{id}';"))
        .replace(FILES, &format!("const FILES = [\n{list}];"));
    files::write(&folder.join(SCRIPT), &text)
}

/// A file in the service worker's list.
pub fn line(address: &str, bytes: &[u8]) -> String {
    format!("  ['{address}', '{}'],\n", checksum(bytes))
}

/// The checksum of a file as browsers compare it.
pub fn checksum(bytes: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes)))
}

/// The address by which a page asks for a file: with the build, unless the name holds it or nothing depends on it.
fn asked_for(file: &Path, name: &str, id: &str) -> String {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match extension {
        Some("js" | "css" | "wasm") if !parts::is_later(file) => address(&format!("./{name}"), id),
        _ => format!("./{name}"),
    }
}
