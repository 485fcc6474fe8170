//! The release build: `trunk build --release`, and one id for everything it makes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xxhash_rust::xxh3::Xxh3;

use crate::tools;
use crate::workspace::{Workspace, announce, run};

/// Everything that decides what `dist/` holds.
const SOURCES: [&str; 12] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "index.html",
    "rust-toolchain.toml",
    "style",
    "src/app",
    "src/engine",
    "src/model",
    "src/store",
    "src/worker",
];

/// The query of an own file's address that names the build.
const QUERY: &str = "?build=";

/// Builds `dist/` from nothing.
///
/// Both programs are compiled with the build's id in `CORRAL_BUILD`, and the addresses in the page carry it, so
/// that no cache can mix the files of two builds.
///
/// # Errors
/// When a tool is missing, a source can't be read, or Trunk fails.
pub fn release(workspace: &Workspace) -> Result<()> {
    announce("release build");
    let tools = tools::for_build(workspace)?;
    let id = id(workspace)?;
    eprintln!("build {id}");
    run(workspace
        .command(&tools.trunk)
        .args(["build", "--release"])
        .env("PATH", &tools.path)
        .env("TRUNK_TOOLS_WASM_OPT", &tools.wasm_opt_version)
        .env("CORRAL_BUILD", &id)
        // Trunk wants a boolean where others are content with any value.
        .env_remove("NO_COLOR"))?;
    stamp(&workspace.dist().join("index.html"), &id)
}

/// The id of the present sources: the same bytes have the same id.
///
/// # Errors
/// When a source can't be read.
pub fn id(workspace: &Workspace) -> Result<String> {
    let mut hash = Xxh3::new();
    for source in SOURCES {
        let path = workspace.root().join(source);
        if path.exists() {
            hash_path(&mut hash, workspace.root(), &path)?;
        }
    }
    Ok(format!("{:016x}", hash.digest()))
}

/// The id of the build that lies in `dist/`, if there is one.
pub fn stamped(workspace: &Workspace) -> Option<String> {
    let page = fs::read_to_string(workspace.dist().join("index.html")).ok()?;
    let (_, rest) = page.split_once(QUERY)?;
    rest.split(['"', '&']).next().map(str::to_owned)
}

fn hash_path(hash: &mut Xxh3, root: &Path, path: &Path) -> Result<()> {
    let unreadable = || format!("{} can't be read", path.display());
    if path.is_dir() {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).with_context(unreadable)? {
            entries.push(entry.with_context(unreadable)?.path());
        }
        entries.sort();
        return entries.iter().try_for_each(|entry| hash_path(hash, root, entry));
    }
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    let bytes = fs::read(path).with_context(unreadable)?;
    // With their lengths, so that no two lists of files look alike.
    for part in [name.as_bytes(), &bytes] {
        hash.update(&part.len().to_le_bytes());
        hash.update(part);
    }
    Ok(())
}

/// Adds the build to the addresses of the page's own scripts and style sheets.
fn stamp(page: &Path, id: &str) -> Result<()> {
    let text = fs::read_to_string(page).with_context(|| format!("{} can't be read", page.display()))?;
    let mut stamped = text;
    for ending in [".js\"", ".css\""] {
        let file = &ending[..ending.len() - 1];
        stamped = stamped.replace(ending, &format!("{file}{QUERY}{id}\""));
    }
    fs::write(page, stamped).with_context(|| format!("{} can't be written", page.display()))
}
