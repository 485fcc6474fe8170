//! Cuts a compiled program into the parts it is downloaded in: the one that shows the first screen, and files that come
//! when they are first needed.
//!
//! `wasm_split` marks the seams in the sources (`src/app/src/screens.rs`, `src/worker/src/parts.rs`). What can only be
//! reached through a seam goes into that seam's part, what several parts share into a chunk of theirs. Trunk has no place
//! for this between the linker and wasm-bindgen (<https://github.com/trunk-rs/trunk/issues/1022>), so the few steps of a
//! build stand here.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use crate::beside;
use crate::build::address;
use crate::files;
use crate::tools::{BuildTools, WASM};
use crate::workspace::{Workspace, run};

/// A program for browsers.
#[derive(Debug)]
pub struct Program {
    /// The name of its package.
    pub name: &'static str,
    /// How wasm-opt works on it.
    pub optimise: &'static str,
}

/// Functions in the order of their names compress a tenth better than in the linker's order.
const ORDER: &str = "--reorder-functions-by-name";

/// Makes the files of one compiled program in `dist/`.
///
/// `NAME.js` starts it and asks for `NAME_bg.wasm`; `NAME-parts.js` brings `NAME-PART.ID.wasm` when it is asked for. A part
/// fits its own build only, so its file's name holds the build: after an update the old name leads nowhere, and a page of
/// the old build says so instead of running on the wrong part.
///
/// # Errors
/// When a step fails.
pub fn make(workspace: &Workspace, tools: &BuildTools, program: &Program, id: &str) -> Result<()> {
    let name = program.name;
    let target = workspace.root().join("target");
    let compiled = target
        .join(WASM)
        .join("release")
        .join(name)
        .with_extension("wasm");
    let folder = target.join("parts").join(name);
    files::emptied(&folder)?;
    let first = folder.join(name).with_extension("wasm");
    let loader = format!("{name}-parts.js");
    let parts = split(&compiled, &folder, &first, name, id)?;

    let dist = workspace.dist();
    run(workspace
        .command(&tools.wasm_bindgen)
        .args([
            "--target",
            "web",
            "--no-typescript",
            "--keep-lld-exports",
            "--out-dir",
        ])
        .arg(&dist)
        .arg(&first))?;
    let first = dist.join(format!("{name}_bg.wasm"));
    optimise(workspace, tools, program, &first, &first)?;

    let mut loaders = files::read(&folder.join(&loader))?;
    for part in &parts {
        let stem = stem(part);
        let file = format!("{name}-{}.{id}.wasm", stem.trim_start_matches("split_"));
        loaders = loaders.replace(&format!("./{stem}.wasm"), &format!("./{file}"));
        optimise(workspace, tools, program, part, &dist.join(file))?;
    }
    files::write(&dist.join(&loader), &loaders)?;
    let script = dist.join(name).with_extension("js");
    // Only where it is fetched from: the program knows the loader by its plain name.
    let text = files::read(&script)?.replace(
        &format!("from \"./{loader}\""),
        &format!("from \"./{}\"", address(&loader, id)),
    );
    files::write(&script, &text)?;
    // The loader keeps its form, by which others find what it fetches.
    beside::minify(workspace, tools, &script)
}

/// Whether a file of `dist/` comes only when it is needed.
pub fn is_later(file: &Path) -> bool {
    // Only the names of parts hold a build.
    file.extension().is_some_and(|extension| extension == "wasm") && stem(file).contains('.')
}

/// Splits a program; gives the files of its parts.
fn split(compiled: &Path, folder: &Path, first: &Path, name: &str, id: &str) -> Result<Vec<PathBuf>> {
    let input = files::bytes(compiled)?;
    let main_module = format!("./{}", address(&format!("{name}.js"), id));
    let link_name = format!("./{name}-parts.js");
    let mut options = Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = first;
    options.main_module = &main_module;
    options.link_name = &link_name;
    let split = transform(options).map_err(|error| anyhow!("{name} can't be split: {error:#}"))?;
    Ok(split.split_modules)
}

fn optimise(
    workspace: &Workspace,
    tools: &BuildTools,
    program: &Program,
    from: &Path,
    to: &Path,
) -> Result<()> {
    match &tools.wasm_opt {
        Some(wasm_opt) => run(workspace
            .command(wasm_opt)
            .args([program.optimise, ORDER])
            .arg(from)
            .arg("--output")
            .arg(to)),
        None if from == to => Ok(()),
        None => files::copy(from, to),
    }
}

fn stem(file: &Path) -> &str {
    file.file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default()
}
