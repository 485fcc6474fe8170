//! What the commands of `cargo xtask` are made of, and what the browser tests share with them.
//!
//! Each module has one subject: `workspace` knows where things lie and runs children, `files` reads and writes, `tools` knows
//! the pinned versions, `build` makes the release build, `parts` cuts it, `beside` brings the rest of it, `offline` has it kept by browsers, `dist` and
//! `single` make what goes to a static host or onto a disk, `http` is the static file server and `serve` the command around
//! it, `check` holds the rules that need no browser, `test` is everything CI asks for, `bench` the benchmark.
#![allow(
    clippy::print_stdout,
    reason = "these are commands: standard output is where they report"
)]

pub mod bench;
pub mod beside;
pub mod build;
pub mod check;
pub mod dist;
pub mod files;
pub mod http;
pub mod offline;
pub mod parts;
pub mod serve;
pub mod single;
pub mod test;
pub mod tools;
pub mod workspace;
