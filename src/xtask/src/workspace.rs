//! Where things lie in the repository, and how children are run.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// The repository this command was started in.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the repository above the package being run, or above the current folder.
    ///
    /// # Errors
    /// When no folder above holds a `Cargo.lock`.
    pub fn find() -> Result<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(package) => PathBuf::from(package),
            None => env::current_dir().context("the current folder can't be read")?,
        };
        let root = start
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .with_context(|| format!("no Cargo.lock in {} or above it", start.display()))?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The folder of the root `Cargo.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder with everything that gets published.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The folder of the tools that Corral installs for itself.
    pub fn tools(&self) -> PathBuf {
        self.root.join("target").join("tools")
    }

    /// A `cargo` that runs in the root.
    pub fn cargo<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        // The cargo that runs this program, so that a chosen toolchain stays chosen.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.command(Path::new(&cargo));
        command.args(args);
        command
    }

    /// A program that runs in the root.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // Cargo sets these for the program it runs. Passed on to another cargo they would describe the wrong
        // package, and would make it build again what is built already.
        for (name, _) in env::vars_os() {
            let told_by_cargo = name.to_str().is_some_and(|name| {
                name.starts_with("CARGO_PKG_")
                    || name.starts_with("CARGO_MANIFEST_")
                    || name == "CARGO_PRIMARY_PACKAGE"
            });
            if told_by_cargo {
                command.env_remove(&name);
            }
        }
        command
    }
}

/// A child that ended badly.
#[derive(Debug)]
pub struct Failed {
    line: String,
    /// Its exit code, or 1 where it had none.
    pub code: u8,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` failed with exit code {}", self.line, self.code)
    }
}

impl std::error::Error for Failed {}

/// Says what is about to be done.
pub fn announce(what: &str) {
    eprintln!("\n== {what}");
}

/// Runs a child, whose output goes straight through.
///
/// # Errors
/// When it can't be started, or [`Failed`] when it ends with anything but 0.
pub fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    eprintln!("$ {line}");
    let status = command
        .status()
        .with_context(|| format!("`{line}` can't be started"))?;
    if status.success() {
        return Ok(());
    }
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Err(Failed { line, code }.into())
}

/// Runs a child silently and returns what it wrote to standard output.
///
/// # Errors
/// When it can't be started, or [`Failed`] when it ends with anything but 0.
pub fn read(command: &mut Command) -> Result<String> {
    let line = line(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{line}` can't be started"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    let code = output
        .status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Err(Failed { line, code }.into())
}

/// The first program of that name in the folders of `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}
