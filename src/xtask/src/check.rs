//! The rules that need no browser: format, lints, who may depend on whom, docs, and the size of the download.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::files;
use crate::parts;
use crate::tools::{self, WASM};
use crate::workspace::{Workspace, announce, read, run};

/// Crates that end up in the browser and nowhere else, besides `store`, which runs in both worlds.
const WASM_PACKAGES: [&str; 4] = ["app", "worker", "store", "probe"];

/// Design budget of the first download: everything, compressed.
const DOWNLOAD_BUDGET: u64 = 700_000;

/// What counts into the first download.
const DOWNLOADED: [&str; 4] = ["html", "js", "css", "wasm"];

/// What one of our crates may know.
struct Rule {
    package: &'static str,
    /// The only packages of ours it may name.
    own: &'static [&'static str],
    /// The only packages of others it may name, where that is limited.
    others: Option<&'static [&'static str]>,
    /// What it may not reach, however indirectly.
    never: &'static [&'static str],
}

const BROWSER: &[&str] = &["web-sys", "js-sys", "wasm-bindgen", "leptos"];

const RULES: [Rule; 5] = [
    Rule {
        package: "model",
        own: &[],
        others: Some(&["serde"]),
        never: BROWSER,
    },
    Rule {
        package: "engine",
        own: &["model"],
        others: None,
        never: BROWSER,
    },
    Rule {
        package: "store",
        own: &["model"],
        others: None,
        never: &["leptos", "engine"],
    },
    Rule {
        package: "worker",
        own: &["engine", "store", "model"],
        others: None,
        never: &["leptos"],
    },
    Rule {
        package: "app",
        own: &["model"],
        others: None,
        never: &["engine", "store", "roaring", "rexie", "idb"],
    },
];

/// Everything of this module but the size, which needs a build.
///
/// # Errors
/// When a rule is broken.
pub fn run_all(workspace: &Workspace) -> Result<()> {
    format(workspace)?;
    lints(workspace)?;
    dependencies(workspace)?;
    docs(workspace)
}

/// `cargo fmt --check`.
///
/// # Errors
/// When a file isn't formatted.
pub fn format(workspace: &Workspace) -> Result<()> {
    announce("format");
    run(&mut workspace.cargo(["fmt", "--all", "--check"]))
}

/// Clippy, once for what runs natively and once for what runs in the browser.
///
/// # Errors
/// When a lint speaks up.
pub fn lints(workspace: &Workspace) -> Result<()> {
    announce("lints, native");
    // Without --workspace these are the default members, to which the browser tests don't belong.
    run(&mut workspace.cargo(["clippy", "--all-targets", "--", "--deny", "warnings"]))?;
    run(&mut workspace.cargo([
        "clippy",
        "--package",
        "tests",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))?;
    announce("lints, wasm");
    tools::wasm_target(workspace)?;
    run(workspace
        .cargo(["clippy", "--target", WASM])
        .args(WASM_PACKAGES.iter().flat_map(|package| ["--package", package]))
        .args(["--", "--deny", "warnings"])
        .env(
            "CLIPPY_CONF_DIR",
            workspace.root().join(".ci").join("clippy-wasm"),
        ))
}

/// Who may depend on whom, as `cargo tree` sees it for wasm and without the dependencies of tests.
///
/// # Errors
/// Lists every broken rule with the path that breaks it.
pub fn dependencies(workspace: &Workspace) -> Result<()> {
    announce("dependencies");
    let own: BTreeSet<_> = RULES.iter().map(|rule| rule.package).collect();
    let mut broken = Vec::new();
    for rule in &RULES {
        let direct = reached(workspace, rule.package, &["--depth", "1"])?;
        for name in &direct {
            let allowed = match own.contains(name.as_str()) {
                true => rule.own.contains(&name.as_str()),
                false => rule.others.is_none_or(|others| others.contains(&name.as_str())),
            };
            if !allowed {
                broken.push(format!("{} must not depend on {name}", rule.package));
            }
        }
        let all = reached(workspace, rule.package, &[])?;
        for name in rule.never.iter().filter(|name| all.contains(**name)) {
            let why = read(&mut tree(workspace, rule.package, &["--invert", name]))?;
            broken.push(format!("{} must not reach {name}:\n{why}", rule.package));
        }
    }
    ensure!(broken.is_empty(), "{}", broken.join("\n"));
    eprintln!("{} packages keep to their rules", RULES.len());
    Ok(())
}

/// `cargo doc` with every warning an error.
///
/// # Errors
/// When an item lacks docs or a link leads nowhere.
pub fn docs(workspace: &Workspace) -> Result<()> {
    announce("docs");
    run(workspace
        .cargo(["doc", "--no-deps"])
        .env("RUSTDOCFLAGS", "--deny warnings"))?;
    run(workspace
        .cargo(["doc", "--no-deps", "--package", "tests"])
        .env("RUSTDOCFLAGS", "--deny warnings"))?;
    run(workspace
        .cargo(["doc", "--no-deps", "--target", WASM])
        .args(WASM_PACKAGES.iter().flat_map(|package| ["--package", package]))
        .env("RUSTDOCFLAGS", "--deny warnings"))
}

/// A file that a first visit downloads.
#[derive(Debug)]
pub struct Download {
    /// Its path inside `dist/`.
    pub name: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its size as it travels.
    pub compressed: u64,
}

/// The files of `dist/` that a first visit downloads.
///
/// # Errors
/// When there is no build.
pub fn downloads(workspace: &Workspace) -> Result<Vec<Download>> {
    let mut files = built(workspace)?;
    files.retain(|file| !parts::is_later(&file.name));
    Ok(files)
}

/// Every file of `dist/` that a browser reads.
fn built(workspace: &Workspace) -> Result<Vec<Download>> {
    let dist = workspace.dist();
    let mut files = Vec::new();
    collect(&dist, &mut files)?;
    files.sort();
    let download = |file: PathBuf| {
        let bytes = files::bytes(&file)?;
        Ok(Download {
            name: file.strip_prefix(&dist).unwrap_or(&file).to_owned(),
            bytes: bytes.len() as u64,
            compressed: files::compressed(&bytes)?.len() as u64,
        })
    };
    files.into_iter().map(download).collect()
}

/// The first download, compressed, against its budget; what comes later is listed apart.
///
/// # Errors
/// When there is no build, or it is too large.
pub fn size(workspace: &Workspace) -> Result<()> {
    announce("size of the first download");
    println!("{:>12} {:>12}  file", "bytes", "compressed");
    let (mut total, mut total_compressed) = (0, 0);
    let (later, first): (Vec<_>, Vec<_>) = built(workspace)?
        .into_iter()
        .partition(|file| parts::is_later(&file.name));
    for file in &later {
        println!(
            "{:>12} {:>12}  {} (later)",
            file.bytes,
            file.compressed,
            file.name.display()
        );
    }
    for file in &first {
        println!(
            "{:>12} {:>12}  {}",
            file.bytes,
            file.compressed,
            file.name.display()
        );
        total += file.bytes;
        total_compressed += file.compressed;
    }
    println!(
        "{total:>12} {total_compressed:>12}  in all; {:.2} of the budget of {DOWNLOAD_BUDGET} compressed",
        total_compressed as f64 / DOWNLOAD_BUDGET as f64
    );
    if total_compressed > DOWNLOAD_BUDGET {
        bail!(
            "the first download is {} bytes over its budget of {DOWNLOAD_BUDGET}",
            total_compressed - DOWNLOAD_BUDGET
        );
    }
    Ok(())
}

fn tree(workspace: &Workspace, package: &str, args: &[&str]) -> std::process::Command {
    let mut command = workspace.cargo([
        "tree",
        "--quiet",
        "--edges",
        "normal",
        "--target",
        WASM,
        "--package",
        package,
    ]);
    command.args(args);
    command
}

/// The names of the packages that `package` reaches, without itself.
fn reached(workspace: &Workspace, package: &str, args: &[&str]) -> Result<BTreeSet<String>> {
    let list = read(tree(workspace, package, args).args(["--prefix", "none", "--format", "{p}"]))?;
    // The first line is the package itself.
    let names = list
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next());
    Ok(names.map(str::to_owned).collect())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = || format!("{} can't be read; `cargo xtask build` makes it", folder.display());
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| DOWNLOADED.iter().any(|known| extension == *known))
        {
            files.push(path);
        }
    }
    Ok(())
}
