//! The release build: both programs, cut into the parts they are downloaded in, and one id for everything.

use std::fs;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use anyhow::Result;
use xxhash_rust::xxh3::Xxh3;

use crate::beside;
use crate::files;
use crate::offline;
use crate::parts::{self, Program};
use crate::tools;
use crate::workspace::{Workspace, announce, run};

/// The programs of the page and of its worker.
///
/// The page's program is downloaded before anything shows, so it is built small; what computes over a million contacts
/// is built fast.
const PROGRAMS: [Program; 2] = [
    Program {
        name: "app",
        optimise: "-Oz",
    },
    Program {
        name: "worker",
        optimise: "-O3",
    },
];

/// Everything that decides what `dist/` holds.
const SOURCES: [&str; 14] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "index.html",
    "rust-toolchain.toml",
    "style",
    "src/app",
    "src/engine",
    "src/model",
    "src/store",
    "src/worker",
    "src/xtask/src/beside.rs",
    "src/xtask/src/offline.rs",
    "src/xtask/src/parts.rs",
];

/// The parts are cut along the relocations that the linker leaves in the programs.
const RELOCATIONS: &str = r#"target.wasm32-unknown-unknown.rustflags=["-C", "link-args=--emit-relocs"]"#;

/// The query of an own file's address that names the build.
const QUERY: &str = "?build=";

/// Builds `dist/` from nothing.
///
/// Both programs are compiled with the build's id in `CORRAL_BUILD`, and the addresses of all files carry it, so that no
/// cache can mix the files of two builds.
///
/// # Errors
/// When a tool is missing, a source can't be read, or a step fails.
pub fn release(workspace: &Workspace) -> Result<()> {
    announce("release build");
    let tools = tools::for_build(workspace)?;
    let id = id(workspace)?;
    eprintln!("build {id}");
    let mut compile = workspace.cargo([
        "build",
        "--release",
        "--target",
        tools::WASM,
        "--config",
        RELOCATIONS,
    ]);
    for program in &PROGRAMS {
        compile.args(["--package", program.name]);
    }
    run(compile.env("CORRAL_BUILD", &id))?;

    let dist = workspace.dist();
    files::emptied(&dist)?;
    // Side by side: most of the time goes to wasm-opt, which has one thread.
    thread::scope(|scope| {
        let (tools, id) = (&tools, &id);
        let make = |program| scope.spawn(move || parts::make(workspace, tools, program, id));
        let made: Vec<_> = PROGRAMS.iter().map(make).collect();
        made.into_iter().try_for_each(|made| match made.join() {
            Ok(made) => made,
            Err(panic) => resume_unwind(panic),
        })
    })?;
    beside::copy(workspace, &tools)?;
    let page = files::read(&workspace.root().join("index.html"))?;
    // Last, so that a folder with a page holds a whole build.
    let text = stamped_page(&beside::style(workspace, &tools, &page)?, &id);
    offline::fill(&dist, &dist.join(offline::SCRIPT), &text, &id)?;
    files::write(&dist.join("index.html"), &text)
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

/// An own file's address with the build in it.
pub fn address(file: &str, id: &str) -> String {
    format!("{file}{QUERY}{id}")
}

fn hash_path(hash: &mut Xxh3, root: &Path, path: &Path) -> Result<()> {
    if path.is_dir() {
        let mut entries = files::listed(path)?.into_iter();
        return entries.try_for_each(|entry| hash_path(hash, root, &entry));
    }
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    let bytes = files::bytes(path)?;
    // With their lengths, so that no two lists of files look alike.
    for part in [name.as_bytes(), &bytes] {
        hash.update(&part.len().to_le_bytes());
        hash.update(part);
    }
    Ok(())
}

/// The page with the build in the addresses of its scripts and style sheets.
pub fn stamped_page(page: &str, id: &str) -> String {
    let mut stamped = page.to_owned();
    for ending in [".js\"", ".css\""] {
        let file = &ending[..ending.len() - 1];
        stamped = stamped.replace(ending, &format!("{}\"", address(file, id)));
    }
    stamped
}
