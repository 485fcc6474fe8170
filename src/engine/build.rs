//! Writes the tables of [`text`](src/text.rs): what stays of each letter without its accents, and which characters are
//! accents. The crate that knows has tables for all of Unicode normalization, some 100 KB, which a first visit would
//! download; these take a fifth of that.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "a build script runs natively, speaks to cargo by printing, and writes a file"
)]

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let characters = || ('\u{80}'..=char::MAX).filter(|c| !is_hangul(*c));
    let mut bases = String::new();
    for letter in characters().filter(|c| !is_combining_mark(*c)) {
        let parts: Vec<char> = letter.nfd().filter(|c| !is_combining_mark(*c)).collect();
        // Three vowels of the Kirat Rai script are made of two letters; they stay one.
        if let [base] = parts[..]
            && base != letter
        {
            write!(
                bases,
                "('\\u{{{:x}}}', '\\u{{{:x}}}'),",
                letter as u32, base as u32
            )?;
        }
    }
    let mut marks: Vec<(char, char)> = Vec::new();
    for mark in characters().filter(|c| is_combining_mark(*c)) {
        match marks.last_mut() {
            Some((_, last)) if *last as u32 + 1 == mark as u32 => *last = mark,
            _ => marks.push((mark, mark)),
        }
    }
    let marks: String = marks
        .iter()
        .map(|(first, last)| format!("('\\u{{{:x}}}', '\\u{{{:x}}}'),", *first as u32, *last as u32))
        .collect();
    let text =
        format!("static BASES: &[(char, char)] = &[{bases}];\nstatic MARKS: &[(char, char)] = &[{marks}];\n");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no folder")?);
    fs::write(folder.join("folding.rs"), text)?;
    Ok(())
}

/// Syllables of Hangul are taken apart by a rule, not by a table.
fn is_hangul(c: char) -> bool {
    ('\u{ac00}'..='\u{d7a3}').contains(&c)
}
