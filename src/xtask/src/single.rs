//! `cargo xtask dist --single`: a build as one file, `corral.html`, that opens from disk.
//!
//! Scripts, styles and programs lie inside it. The scripts are those of the build: what they fetch is asked of
//! `src/xtask/single/inside.js` instead, and the worker starts from a text in the page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::beside;
use crate::files;
use crate::offline::checksum;
use crate::workspace::{Workspace, announce, run};

/// The file that is made.
pub const FILE: &str = "corral.html";

/// What stands in the page's scripts, and what does in those of the file.
const PAGE: [(&str, &str, &str); 3] = [
    (
        "start.js",
        "fetch(file('./app_bg.wasm'))",
        "inside('app_bg.wasm')",
    ),
    ("start.js", "import(file('./app.js'))", "import('./app.js')"),
    // There is nothing to be kept: it is all here.
    ("start.js", "    keep().catch(() => {});\n", ""),
];

/// The same for the worker.
const WORKER: [(&str, &str, &str); 2] = [
    (
        "worker-loader.js",
        "fetch(file('./worker_bg.wasm'))",
        "inside('worker_bg.wasm')",
    ),
    (
        "worker-loader.js",
        "import(file('./worker.js'))",
        "import('./worker.js')",
    ),
];

/// Makes the file of the build in `dist`, beside nothing else, in `folder`.
///
/// # Errors
/// When a file of the build is missing or not as expected, or esbuild fails.
pub fn make(workspace: &Workspace, esbuild: &Path, dist: &Path, id: &str, folder: &Path) -> Result<PathBuf> {
    announce("one file");
    let work = workspace.root().join("target").join("single");
    files::emptied(&work)?;
    let page = script(workspace, esbuild, dist, id, &work, "app", "start.js", &PAGE)?;
    let worker = script(
        workspace,
        esbuild,
        dist,
        id,
        &work,
        "worker",
        "worker-loader.js",
        &WORKER,
    )?;
    let text = assemble(dist, &page, &worker)?;
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let file = folder.join(FILE);
    files::write(&file, &text)?;
    eprintln!("{}: {} bytes", file.display(), text.len());
    Ok(file)
}

/// The script of a program, with all that it imports.
#[expect(clippy::too_many_arguments, reason = "it is one step of one function")]
fn script(
    workspace: &Workspace,
    esbuild: &Path,
    dist: &Path,
    id: &str,
    work: &Path,
    program: &str,
    entry: &str,
    changes: &[(&str, &str, &str)],
) -> Result<String> {
    // What is changed in the entry is found in its sources only.
    let sources = workspace.root().join(beside::STATIC);
    for (name, folder) in [
        (format!("{program}.js"), dist),
        (format!("{program}-parts.js"), dist),
        (entry.to_owned(), &sources),
    ] {
        let mut text = files::read(&folder.join(&name))?.replace(&format!("?build={id}"), "");
        text = without_fetches(&text)?;
        for (_, before, after) in changes.iter().filter(|(file, ..)| *file == name) {
            ensure!(text.contains(before), "{name} doesn't hold `{before}`");
            text = text.replace(before, after);
        }
        files::write(&work.join(&name), &text)?;
    }
    let bundle = work.join(format!("{program}.bundle.js"));
    let inside = workspace.root().join("src/xtask/single");
    run(workspace
        .command(esbuild)
        .arg(work.join(entry))
        .arg(format!("--inject:{}", inside.join("inside.js").display()))
        .args(["--bundle", "--minify", "--charset=utf8", "--log-level=error"])
        .arg(format!(
            "--format={}",
            if program == "app" { "esm" } else { "iife" }
        ))
        .arg(format!("--outfile={}", bundle.display())))?;
    // Inside a page a script ends at the first sign of its end.
    Ok(files::read(&bundle)?.replace("</script", "<\\/script"))
}

/// A loader of parts that asks for them inside the file.
fn without_fetches(text: &str) -> Result<String> {
    let (begin, end) = ("fetch(new URL(\"./", "\", import.meta.url))");
    let mut pieces = text.split(begin);
    let mut changed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece
            .split_once(end)
            .with_context(|| format!("a part is fetched in a way unknown here: {piece:.80}"))?;
        changed.push_str(&format!("inside(\"{name}\"){rest}"));
    }
    Ok(changed)
}

/// Puts everything into the page.
fn assemble(dist: &Path, page: &str, worker: &str) -> Result<String> {
    let text = files::read(&dist.join("index.html"))?;
    let mut styles = String::new();
    let mut kept = String::new();
    let mut icon = String::new();
    for line in text.lines() {
        let href = |line: &str| {
            let (_, rest) = line.split_once("href=\"./")?;
            rest.split(['"', '?']).next().map(str::to_owned)
        };
        match href(line) {
            Some(name) if line.contains("rel=\"stylesheet\"") => {
                styles.push_str(&files::read(&dist.join(name))?)
            }
            Some(name) if line.contains("rel=\"icon\"") => {
                let svg = fs::read(dist.join(&name)).with_context(|| format!("{name} can't be read"))?;
                icon = format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg));
                kept.push_str(&format!(
                    "    <link rel=\"icon\" type=\"image/svg+xml\" href=\"{icon}\">\n"
                ));
            }
            // What a host has beside the page.
            Some(_) => {}
            None if line.contains("Content-Security-Policy") => {
                kept.push_str("    <meta http-equiv=\"Content-Security-Policy\" content=\"POLICY\">\n");
            }
            None if line.contains("<script") => {}
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    ensure!(
        !styles.is_empty() && !icon.is_empty(),
        "index.html names no style sheet or icon"
    );
    ensure!(
        !styles.contains("</style"),
        "a style sheet holds the end of a style element"
    );
    let policy = format!(
        "default-src 'none'; script-src '{}' 'wasm-unsafe-eval'; style-src '{}'; img-src data: blob:; \
         worker-src blob:; base-uri 'none'; form-action 'none'",
        checksum(page.as_bytes()),
        checksum(styles.as_bytes())
    );
    let kept = kept
        .replace("POLICY", &policy)
        .replace("  </head>", &format!("    <style>{styles}</style>\n  </head>"));
    // After the line that says that Corral is starting, so that it is seen while the rest is read.
    let inner = format!(
        "<script type=\"text/plain\" id=\"worker\">{worker}</script>\n{}<script type=\"module\">{page}</script>\n  </body>",
        programs(dist)?
    );
    Ok(kept.replace("  </body>", &inner))
}

/// The programs and their parts, compressed and as text: data that no browser takes for a script.
fn programs(dist: &Path) -> Result<String> {
    let mut text = String::new();
    for file in files::listed(dist)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".wasm") {
            let packed = files::compressed(&files::bytes(&file)?)?;
            text.push_str(&format!(
                "<script type=\"application/gzip\" data-file=\"{name}\">{}</script>\n",
                STANDARD.encode(packed)
            ));
        }
    }
    Ok(text)
}
