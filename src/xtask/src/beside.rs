//! What lies beside the programs in a build: one style sheet, scripts, icons.

use std::path::Path;

use anyhow::{Context, Result};

use crate::files;
use crate::offline;
use crate::tools::BuildTools;
use crate::workspace::{Workspace, run};

/// The folder of the style sheets, which become one.
const STYLES: &str = "style";

/// The folder of what goes into a build as it is; scripts lose what only people read.
pub const STATIC: &str = "src/app/static";

/// The one style sheet of a build.
const SHEET: &str = "corral.css";

/// Puts the static files into `dist/`.
///
/// # Errors
/// When a file can't be read or written, or a script is none.
pub fn copy(workspace: &Workspace, tools: &BuildTools) -> Result<()> {
    for file in files::listed(&workspace.root().join(STATIC))? {
        let to = workspace.dist().join(file.file_name().unwrap_or_default());
        files::copy(&file, &to)?;
        // The service worker's script is still to be filled in.
        if to.extension().is_some_and(|extension| extension == "js") && !to.ends_with(offline::SCRIPT) {
            minify(workspace, tools, &to)?;
        }
    }
    Ok(())
}

/// Makes one style sheet in `dist/` of those that a page names, in their order; gives the page that names this one only.
///
/// Ten small files travel worse than one: each begins compressing anew.
///
/// # Errors
/// When a style sheet can't be read or is none, or the page names none.
pub fn style(workspace: &Workspace, tools: &BuildTools, page: &str) -> Result<String> {
    let (page, names) = with_one_sheet(page).context("index.html names no style sheet")?;
    let mut styles = String::new();
    for name in names {
        styles.push_str(&files::read(&workspace.root().join(STYLES).join(name))?);
    }
    let sheet = workspace.dist().join(SHEET);
    files::write(&sheet, &styles)?;
    minify(workspace, tools, &sheet)?;
    Ok(page)
}

/// Takes out of a script or style sheet what only people read, where there is a tool for it.
///
/// # Errors
/// When it is no script or style sheet.
pub fn minify(workspace: &Workspace, tools: &BuildTools, file: &Path) -> Result<()> {
    let Some(esbuild) = &tools.esbuild else {
        return Ok(());
    };
    run(workspace
        .command(esbuild)
        .arg(file)
        .args([
            "--minify",
            "--charset=utf8",
            "--log-level=error",
            "--allow-overwrite",
        ])
        .arg(format!("--outfile={}", file.display())))
}

/// A page that names one style sheet in the place of its own, and the names of those.
fn with_one_sheet(page: &str) -> Option<(String, Vec<&str>)> {
    let mut names = Vec::new();
    let mut text = String::new();
    for line in page.split_inclusive('\n') {
        let sheet = line
            .split_once("rel=\"stylesheet\" href=\"./")
            .and_then(|(_, rest)| rest.split_once('"'));
        match sheet {
            Some((name, _)) => {
                if names.is_empty() {
                    text.push_str(&line.replace(name, SHEET));
                }
                names.push(name);
            }
            None => text.push_str(line),
        }
    }
    (!names.is_empty()).then_some((text, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_names_one_style_sheet_in_the_place_of_all() {
        let page = "<head>\n  <link rel=\"stylesheet\" href=\"./a.css\">\n  <link rel=\"stylesheet\" href=\"./b.css\">\n</head>\n";
        let one = "<head>\n  <link rel=\"stylesheet\" href=\"./corral.css\">\n</head>\n".to_owned();
        assert_eq!(with_one_sheet(page), Some((one, vec!["a.css", "b.css"])));
        assert_eq!(with_one_sheet("<head>\n</head>\n"), None);
    }
}
