//! `cargo xtask serve`: the release build on the loopback interface.

use anyhow::Result;

use crate::build;
use crate::http::{Files, Server};
use crate::workspace::Workspace;

/// Where to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port of 127.0.0.1. The default is 8080; 0 means any free one.
    pub port: u16,
    /// The path under which the page lies, as on a host that keeps it in a sub-folder. The default is `/`.
    pub prefix: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 8080,
            prefix: "/".to_owned(),
        }
    }
}

/// Builds, serves, prints the address, and stays until it is interrupted.
///
/// # Errors
/// When the build fails or the port can't be had.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    build::release(workspace)?;
    let server = Server::start(Files::new(workspace.dist(), &options.prefix), options.port)?;
    println!("Corral is served at {} until you press Ctrl-C", server.url());
    server.wait()
}
