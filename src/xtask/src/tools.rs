//! The tools Corral is built and tested with: the one place where their versions are pinned.
//!
//! A tool of exactly the right version is taken from `PATH` or from `target/tools`; otherwise it is installed
//! into `target/tools`, and nowhere else. The version of `wasm-bindgen` isn't written here: it must be that of
//! the library in `Cargo.lock`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::files;
use crate::workspace::{Workspace, on_path, read, run};

const GECKODRIVER: &str = "0.37.1";
const BINARYEN: &str = "132";
const AXE: &str = "4.14.1";
const ESBUILD: &str = "0.28.2";

/// The target of the programs for browsers.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Debian packages with the browsers, their drivers, a display for WebKit, and letters to draw.
const BROWSER_PACKAGES: [&str; 6] = [
    "chromium",
    "chromium-driver",
    "firefox-esr",
    "webkit2gtk-driver",
    "xvfb",
    "fonts-liberation",
];

/// What a release build needs besides cargo.
#[derive(Debug)]
pub struct BuildTools {
    /// Makes the scripts that start a program.
    pub wasm_bindgen: PathBuf,
    /// Makes a program smaller and faster; none where there is no npm to bring it.
    pub wasm_opt: Option<PathBuf>,
    /// Makes a script smaller; none likewise.
    pub esbuild: Option<PathBuf>,
}

/// Finds or installs what a release build needs.
///
/// # Errors
/// When a tool or the wasm target is missing and can't be installed.
pub fn for_build(workspace: &Workspace) -> Result<BuildTools> {
    wasm_target(workspace)?;
    let wasm_bindgen = wasm_bindgen(workspace, "wasm-bindgen")?;
    let wasm_opt = wasm_opt(workspace)
        .inspect_err(|error| eprintln!("without wasm-opt the programs stay a fifth larger: {error:#}"))
        .ok();
    Ok(BuildTools {
        wasm_bindgen,
        wasm_opt,
        esbuild: esbuild(workspace).ok(),
    })
}

/// The runner of wasm tests in a browser; it comes with `wasm-bindgen`.
///
/// # Errors
/// When it is missing and can't be installed.
pub fn wasm_test_runner(workspace: &Workspace) -> Result<PathBuf> {
    wasm_bindgen(workspace, "wasm-bindgen-test-runner")
}

/// The WebDriver of Firefox.
///
/// # Errors
/// When it is missing and can't be installed.
pub fn geckodriver(workspace: &Workspace) -> Result<PathBuf> {
    cargo_tool(
        workspace,
        "geckodriver",
        "geckodriver",
        GECKODRIVER,
        &["--locked"],
    )
}

/// The script with which the browser tests look for faults in accessibility.
///
/// # Errors
/// When it is missing and can't be installed.
pub fn axe(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.tools().join("node_modules").join("axe-core");
    let script = folder.join("axe.min.js");
    let wanted = format!("\"version\": \"{AXE}\"");
    let installed = fs::read_to_string(folder.join("package.json")).is_ok_and(|text| text.contains(&wanted));
    if !(installed && script.is_file()) {
        npm_install(workspace)?;
    }
    Ok(script)
}

/// Puts the scripts of a program into one.
///
/// # Errors
/// When it is missing and can't be installed.
pub fn esbuild(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(path) = installed(workspace, "esbuild", ESBUILD) {
        return Ok(path);
    }
    npm_install(workspace)?;
    installed(workspace, "esbuild", ESBUILD).context("npm's esbuild doesn't run")
}

/// The three browsers of the tests, with all that starts them.
#[derive(Debug)]
pub struct Browsers {
    /// Chromium.
    pub chromium: PathBuf,
    /// Its driver.
    pub chromedriver: PathBuf,
    /// Firefox.
    pub firefox: PathBuf,
    /// Its driver.
    pub geckodriver: PathBuf,
    /// The small browser that shows a WebKitGTK page.
    pub minibrowser: PathBuf,
    /// Its driver.
    pub webkit_driver: PathBuf,
    /// The display it is shown on.
    pub xvfb: PathBuf,
}

/// Finds the browsers and their drivers, and installs nothing.
///
/// # Errors
/// Names what is missing, and how to get it.
pub fn browsers(workspace: &Workspace) -> Result<Browsers> {
    let find = |names: &[&str]| {
        names.iter().find_map(|name| on_path(name)).with_context(|| {
            format!(
                "no {} found; on Debian: apt-get install {}",
                names.join(" or "),
                BROWSER_PACKAGES.join(" ")
            )
        })
    };
    Ok(Browsers {
        chromium: find(&["chromium", "chromium-browser", "google-chrome"])?,
        chromedriver: find(&["chromedriver"])?,
        firefox: find(&["firefox-esr", "firefox"])?,
        geckodriver: installed(workspace, "geckodriver", GECKODRIVER)
            .with_context(|| format!("no geckodriver {GECKODRIVER} found: `cargo xtask test` installs it"))?,
        minibrowser: minibrowser()
            .context("no MiniBrowser of WebKitGTK 4.1 found; on Debian: webkit2gtk-driver")?,
        webkit_driver: find(&["WebKitWebDriver"])?,
        xvfb: find(&["Xvfb"])?,
    })
}

/// Finds the browsers, and installs them where that is possible: as root on Debian.
///
/// # Errors
/// When one is missing and can't be installed.
pub fn ensure_browsers(workspace: &Workspace) -> Result<Browsers> {
    geckodriver(workspace)?;
    if let Ok(browsers) = browsers(workspace) {
        return Ok(browsers);
    }
    let root = read(workspace.command(Path::new("id")).arg("-u")).is_ok_and(|id| id.trim() == "0");
    match on_path("apt-get") {
        Some(apt) if root => {
            run(workspace.command(&apt).args(["update", "--quiet"]))?;
            run(workspace
                .command(&apt)
                .args(["install", "--quiet", "--yes", "--no-install-recommends"])
                .args(BROWSER_PACKAGES)
                .env("DEBIAN_FRONTEND", "noninteractive"))?;
            browsers(workspace)
        }
        _ => browsers(workspace),
    }
}

/// Finds or installs `wasm32-unknown-unknown`, which `rust-toolchain.toml` names, but which not every rustup installs by
/// itself.
///
/// # Errors
/// When it is missing and can't be installed.
pub fn wasm_target(workspace: &Workspace) -> Result<()> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder =
        read(
            workspace
                .command(Path::new(&rustc))
                .args(["--print", "target-libdir", "--target", WASM]),
        )?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let rustup = on_path("rustup")
        .with_context(|| format!("this Rust has no target {WASM}, and there is no rustup"))?;
    run(workspace.command(&rustup).args(["target", "add", WASM]))
}

fn wasm_bindgen(workspace: &Workspace, program: &str) -> Result<PathBuf> {
    let version = locked_version(workspace, "wasm-bindgen")?;
    // Without --locked: the lock file that comes with it names a crate that has been withdrawn.
    cargo_tool(workspace, "wasm-bindgen-cli", program, &version, &[])
}

fn wasm_opt(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(path) = installed(workspace, "wasm-opt", BINARYEN) {
        return Ok(path);
    }
    npm_install(workspace)?;
    installed(workspace, "wasm-opt", BINARYEN).context("npm's binaryen holds no such wasm-opt")
}

fn cargo_tool(
    workspace: &Workspace,
    package: &str,
    program: &str,
    version: &str,
    args: &[&str],
) -> Result<PathBuf> {
    if let Some(path) = installed(workspace, program, version) {
        return Ok(path);
    }
    eprintln!("installing {package} {version} into target/tools; this takes minutes, once");
    let tools = workspace.tools();
    run(workspace
        .cargo(["install", package, "--version", &format!("={version}")])
        .args(args)
        .arg("--root")
        .arg(&tools)
        // They run for seconds, and are compiled for minutes otherwise.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        // One folder for all of them: they share many dependencies.
        .arg("--target-dir")
        .arg(tools.join("build")))?;
    installed(workspace, program, version)
        .with_context(|| format!("{package} {version} brought no {program}"))
}

/// npm removes what a later `install` doesn't name, so one call brings everything.
fn npm_install(workspace: &Workspace) -> Result<()> {
    let npm = on_path("npm").context("there is no npm on PATH")?;
    let tools = workspace.tools();
    fs::create_dir_all(&tools).with_context(|| format!("{} can't be made", tools.display()))?;
    run(workspace
        .command(&npm)
        .args([
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(&tools)
        .args([
            format!("binaryen@{BINARYEN}.0.0"),
            format!("axe-core@{AXE}"),
            format!("esbuild@{ESBUILD}"),
        ]))
}

/// A program of exactly that version, in `target/tools` or on `PATH`.
fn installed(workspace: &Workspace, program: &str, version: &str) -> Option<PathBuf> {
    let tools = workspace.tools();
    let own = [
        tools.join("bin").join(program),
        tools.join("node_modules").join(".bin").join(program),
    ];
    own.into_iter()
        .filter(|file| file.is_file())
        .chain(on_path(program))
        .find(|file| has_version(file, version))
}

fn has_version(program: &Path, version: &str) -> bool {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    output.is_ok_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines()
            .next()
            .is_some_and(|line| line.split_whitespace().any(|word| word == version))
    })
}

/// The version of a package in `Cargo.lock`.
fn locked_version(workspace: &Workspace, package: &str) -> Result<String> {
    let file = workspace.root().join("Cargo.lock");
    let text = files::read(&file)?;
    let name = format!("name = \"{package}\"");
    let mut lines = text.lines().skip_while(|line| *line != name);
    let version = lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    match version {
        Some(version) => Ok(version.to_owned()),
        None => bail!("{} names no version of {package}", file.display()),
    }
}

/// Debian keeps it out of `PATH`, in a folder named after the machine's architecture.
fn minibrowser() -> Option<PathBuf> {
    let arch = format!("{}-linux-gnu", env::consts::ARCH);
    let folders = [
        Path::new("/usr/lib").join(arch),
        "/usr/libexec".into(),
        "/usr/lib".into(),
        "/usr/lib64".into(),
    ];
    folders
        .into_iter()
        .map(|folder| folder.join("webkit2gtk-4.1").join("MiniBrowser"))
        .find(|file| file.is_file())
}
