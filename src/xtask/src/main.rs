//! The door of `cargo xtask`: reads the arguments and calls the command.
#![allow(
    clippy::print_stdout,
    reason = "these are commands: standard output is where they report"
)]

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use xtask::workspace::{Failed, Workspace};
use xtask::{bench, build, check, dist, serve, test, tools};

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--prefix PATH]  build, then serve on 127.0.0.1 (port 8080, prefix /)
  build                             release build into dist/, with its sizes
  dist [--single]                   the same for a static host; with --single also as one file,
                                    dist-single/corral.html
  check                             format, lints, forbidden dependencies, docs
  test                              everything CI checks, browsers included
  bench [--no-build] [--rounds N] [--events] [CONTACTS…]
                                    the browser benchmark (3 rounds of 10000 100000 1000000);
                                    with --events the dry run alone
  tools                             find or install what the build needs
  help                              this text";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match command(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            // A child that failed has said why; its exit code is the one a caller wants to see.
            ExitCode::from(error.downcast_ref::<Failed>().map_or(1, |failed| failed.code))
        }
    }
}

fn command(args: &[String]) -> Result<()> {
    let Some((command, rest)) = args.split_first() else {
        println!("{HELP}");
        return Ok(());
    };
    let asks = |arg: &String| arg == "--help" || arg == "-h";
    if command == "help" || args.iter().any(asks) {
        println!("{HELP}");
        return Ok(());
    }
    let workspace = Workspace::find()?;
    match (command.as_str(), rest) {
        ("serve", rest) => serve::run(&workspace, &serve_options(rest)?),
        ("build", []) => {
            build::release(&workspace)?;
            check::size(&workspace)
        }
        ("dist", []) => dist::folder(&workspace),
        ("dist", [option]) if option == "--single" => {
            dist::folder(&workspace)?;
            dist::one_file(&workspace)
        }
        ("check", []) => check::run_all(&workspace),
        ("test", []) => test::run_all(&workspace),
        ("bench", rest) => bench::run(&workspace, rest),
        ("tools", []) => tools::for_build(&workspace).map(drop),
        (command @ ("build" | "check" | "test" | "tools"), _) => {
            bail!("`cargo xtask {command}` takes no arguments")
        }
        ("dist", _) => bail!("`cargo xtask dist` takes `--single` or nothing"),
        (unknown, _) => bail!("there is no command `{unknown}`\n\n{HELP}"),
    }
}

fn serve_options(args: &[String]) -> Result<serve::Options> {
    let mut options = serve::Options::default();
    let mut args = args.iter();
    while let Some(name) = args.next() {
        let value = args.next().with_context(|| format!("`{name}` needs a value"))?;
        match name.as_str() {
            "--port" => options.port = value.parse().with_context(|| format!("`{value}` is no port"))?,
            "--prefix" => options.prefix.clone_from(value),
            unknown => bail!("`serve` has no option `{unknown}`"),
        }
    }
    Ok(options)
}
