//! Files and folders, with what is wrong said in words.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

/// The text of a file.
///
/// # Errors
/// When it can't be read.
pub fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))
}

/// The bytes of a file.
///
/// # Errors
/// When it can't be read.
pub fn bytes(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} can't be read", file.display()))
}

/// Writes a file anew.
///
/// # Errors
/// When it can't be written.
pub fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("{} can't be written", file.display()))
}

/// Copies a file.
///
/// # Errors
/// When one of the two can't be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("{} can't be copied to {}", from.display(), to.display()))
}

/// What lies in a folder, by name.
///
/// # Errors
/// When it can't be read.
pub fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("{} can't be read", folder.display());
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        entries.push(entry.with_context(unreadable)?.path());
    }
    entries.sort();
    Ok(entries)
}

/// Makes a folder that holds nothing, whatever was there.
///
/// # Errors
/// When it can't be removed or made.
pub fn emptied(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} can't be removed", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))
}

/// Bytes as static hosts send them, as small as they can be.
///
/// # Errors
/// None that memory can have.
pub fn compressed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("compressing in memory failed")?;
    encoder.finish().context("compressing in memory failed")
}
