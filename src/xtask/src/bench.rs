//! `cargo xtask bench`: measures the release build in a browser.

use anyhow::Result;

use crate::workspace::{self, Workspace, announce};
use crate::{build, tools};

/// Builds, then runs the benchmark with the given arguments.
///
/// # Errors
/// When the build fails, a browser is missing, or the benchmark fails.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    tools::ensure_browsers(workspace)?;
    build::release(workspace)?;
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
