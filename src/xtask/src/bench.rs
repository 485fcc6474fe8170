//! `cargo xtask bench`: measures the release build in a browser.

use anyhow::Result;

use crate::tools::WASM;
use crate::workspace::{self, Workspace, announce};
use crate::{build, tools};

/// Builds the site (unless `--no-build` says that what is there will do) and what the benchmark puts beside it, then
/// runs the benchmark with the other arguments.
///
/// # Errors
/// When a build fails, a browser is missing, or the benchmark fails.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    tools::ensure_browsers(workspace)?;
    let (own, args): (Vec<&String>, Vec<&String>) = args.iter().partition(|arg| *arg == "--no-build");
    if own.is_empty() {
        build::release(workspace)?;
    }
    probe(workspace)?;
    announce("benchmark");
    workspace::run(
        workspace
            .cargo([
                "run",
                "--quiet",
                "--release",
                "--package",
                "tests",
                "--bin",
                "bench",
                "--",
            ])
            .args(args),
    )
}

/// Builds the wasm program of the benchmark, in the way of the worker's, into `target/bench/probe`.
fn probe(workspace: &Workspace) -> Result<()> {
    announce("probe");
    let tools = tools::for_build(workspace)?;
    workspace::run(&mut workspace.cargo([
        "build",
        "--quiet",
        "--release",
        "--package",
        "probe",
        "--target",
        WASM,
    ]))?;
    let target = workspace.root().join("target");
    let folder = target.join("bench").join("probe");
    workspace::run(
        workspace
            .command(&tools.wasm_bindgen)
            .args(["--target", "web", "--no-typescript", "--out-dir"])
            .arg(&folder)
            .arg(target.join(WASM).join("release").join("probe.wasm")),
    )?;
    let program = folder.join("probe_bg.wasm");
    let Some(wasm_opt) = &tools.wasm_opt else {
        return Ok(());
    };
    workspace::run(
        workspace
            .command(wasm_opt)
            .arg("-O3")
            .arg("-o")
            .arg(&program)
            .arg(&program),
    )
}
