//! The browser benchmark: Corral's budgets (design, section 12) in Chromium, beside the floor of the same run.
//!
//! `cargo xtask bench` builds what this needs and runs it. The arguments are numbers of contacts, ascending (10000
//! 100000 1000000 unless said otherwise), and `--rounds N`: each round begins with a browser that has never seen the
//! site, and the medians of all rounds are reported. `--events` measures the dry run alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "this is a program of the tests: a failure is a panic that says what was expected"
)]

mod contacts;
mod flows;
mod kept;
mod measure;
mod report;

use measure::Bench;
use report::Report;
use std::fs;
use xtask::check;
use xtask::workspace::Workspace;

const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];
const ROUNDS: usize = 3;

fn main() {
    let Arguments {
        sizes,
        rounds,
        only_events,
    } = arguments();
    let workspace = Workspace::find().expect("the benchmark runs inside the repository");
    let folder = workspace.root().join("target").join("bench");
    fs::create_dir_all(&folder).expect("target/ can be written");
    let bench = Bench::new(&workspace, &folder.join("probe"));
    let mut report = Report {
        sizes: Vec::new(),
        download: check::downloads(&workspace)
            .expect("there is a build")
            .iter()
            .map(|file| file.compressed)
            .sum(),
        only_events,
    };
    for contacts in sizes {
        let file = folder.join(format!("contacts-{contacts}.csv"));
        contacts::make(&file, contacts).expect("target/ can be written");
        let figures = (1..=rounds).map(|round| {
            eprintln!("{contacts} contacts, round {round} of {rounds}");
            match only_events {
                true => bench.round_of_events(&file, contacts),
                false => bench.round(&file, contacts),
            }
        });
        report.sizes.push((contacts, figures.collect()));
    }
    println!("{}", report.table());
    let file = folder.join("report.json");
    fs::write(&file, format!("{:#}\n", report.json())).expect("target/ can be written");
    println!("written to {}", file.display());
}

struct Arguments {
    sizes: Vec<u64>,
    rounds: usize,
    only_events: bool,
}

fn arguments() -> Arguments {
    let (mut sizes, mut rounds, mut only_events) = (Vec::new(), ROUNDS, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--rounds" {
            let number = arguments.next().and_then(|number| number.parse().ok());
            rounds = number
                .filter(|rounds| *rounds > 0)
                .expect("`--rounds` needs a number");
        } else if argument == "--events" {
            only_events = true;
        } else {
            let number = argument.parse().ok().filter(|contacts| *contacts > 0);
            sizes.push(number.unwrap_or_else(|| panic!("`{argument}` is no number of contacts")));
        }
    }
    if sizes.is_empty() {
        sizes.extend(SIZES);
    }
    sizes.sort_unstable();
    Arguments {
        sizes,
        rounds,
        only_events,
    }
}
