//! `cargo xtask dist`: a build as it goes to a static host, and as one file for people without one.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::{Workspace, announce};
use crate::{build, check, files, single, tools};

/// Tells GitHub Pages to serve the files as they are.
const AS_THEY_ARE: &str = ".nojekyll";

/// What a text refers to another host with: addresses that a browser would follow by itself stand in quotes, or in a
/// style sheet's `url()`.
const FOREIGN: [&str; 6] = ["\"http", "'http", "`http", "url(http", "\"ws:", "\"wss:"];

/// Builds `dist/`, and makes sure that it needs nobody but its own host.
///
/// # Errors
/// When the build fails, or it refers to somebody else.
pub fn folder(workspace: &Workspace) -> Result<()> {
    build::release(workspace)?;
    check::size(workspace)?;
    let marker = workspace.dist().join(AS_THEY_ARE);
    files::write(&marker, "")?;
    keeps_to_itself(&workspace.dist())?;
    println!("{} is ready for any static host", workspace.dist().display());
    Ok(())
}

/// Makes one file of the build in `dist/`.
///
/// # Errors
/// When there is no build, or a step fails.
pub fn one_file(workspace: &Workspace) -> Result<()> {
    let id = build::stamped(workspace).context("there is no build in dist/")?;
    let esbuild = tools::esbuild(workspace)?;
    let folder = workspace.root().join("dist-single");
    let file = single::make(workspace, &esbuild, &workspace.dist(), &id, &folder)?;
    println!("{} opens by a double click", file.display());
    Ok(())
}

/// Whether the page's policy names no other host, and no file that a browser reads by itself refers to one.
///
/// # Errors
/// Names what does.
pub fn keeps_to_itself(dist: &Path) -> Result<()> {
    announce("no other host");
    let page = files::read(&dist.join("index.html"))?;
    let policy = page
        .split_once("Content-Security-Policy\" content=\"")
        .and_then(|(_, rest)| rest.split('"').next())
        .context("index.html has no Content-Security-Policy")?;
    for directive in policy.split(';') {
        for source in directive.split_whitespace().skip(1) {
            ensure!(
                source.starts_with('\'') || matches!(source, "data:" | "blob:"),
                "the Content-Security-Policy allows {source}"
            );
        }
    }
    for file in files::listed(dist)? {
        let kind = file.extension().and_then(|extension| extension.to_str());
        if !matches!(kind, Some("html" | "css" | "js" | "webmanifest")) {
            continue;
        }
        let text = files::read(&file)?;
        if let Some(found) = FOREIGN.iter().find_map(|sign| text.split_once(sign)) {
            let at: String = found.1.chars().take(60).collect();
            bail!("{} refers to another host: http{at}", file.display());
        }
    }
    Ok(())
}
