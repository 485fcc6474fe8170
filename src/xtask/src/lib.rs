//! What the commands of `cargo xtask` are made of, and what the browser tests share with them.
//!
//! Each module has one subject: `workspace` knows where things lie and runs children, `tools` the pinned versions,
//! `build` the release build, `parts` how it is cut, `offline` how it
//! is kept, `dist` and `single` what goes to people without a host of ours, `http` the static file server, `serve` the command around it, `check` the rules that
//! need no browser, `test` everything CI asks for, `bench` the benchmark.
#![allow(
    clippy::print_stdout,
    reason = "these are commands: standard output is where they report"
)]

pub mod bench;
pub mod build;
pub mod check;
pub mod dist;
pub mod http;
pub mod offline;
pub mod parts;
pub mod serve;
pub mod single;
pub mod test;
pub mod tools;
pub mod workspace;
