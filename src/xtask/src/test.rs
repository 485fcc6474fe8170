//! `cargo xtask test`: everything CI checks, the quick things first.

use anyhow::Result;

use crate::workspace::{Workspace, announce, run};
use crate::{check, dist, tools};

/// Runs every check and every test. The last lines of output are those of the browser journeys.
///
/// # Errors
/// At the first thing that fails.
pub fn run_all(workspace: &Workspace) -> Result<()> {
    check::format(workspace)?;
    check::lints(workspace)?;
    check::dependencies(workspace)?;
    announce("native tests");
    run(&mut workspace.cargo(["test"]))?;
    // Of the two programs for browsers, what needs none.
    run(&mut workspace.cargo(["test", "--package", "app", "--package", "worker"]))?;
    dist::folder(workspace)?;
    dist::one_file(workspace)?;
    check::docs(workspace)?;
    let browsers = tools::ensure_browsers(workspace)?;
    tools::axe(workspace)?;
    store(workspace, &browsers)?;
    announce("browser journeys");
    // A journey that fails says itself at which step.
    run(workspace
        .cargo(["test", "--package", "tests"])
        .env("RUST_BACKTRACE", "0"))
}

/// The tests of the IndexedDB store, inside Chromium.
fn store(workspace: &Workspace, browsers: &tools::Browsers) -> Result<()> {
    announce("store, in a browser");
    run(workspace
        .cargo([
            "test",
            "--package",
            "store",
            "--target",
            "wasm32-unknown-unknown",
            "--tests",
        ])
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            tools::wasm_test_runner(workspace)?,
        )
        .env("CHROMEDRIVER", &browsers.chromedriver)
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            workspace.root().join(".ci").join("webdriver.json"),
        )
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120"))
}
