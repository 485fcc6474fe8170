//! One round: a browser that has never seen the site imports a file, works with it, is started anew, undoes all, is
//! started once more for workflows and backups, and at last without the host.

use crate::report::Figures;
use crate::{flows, kept};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tests::{Browser, Page, Profile, Site, block_on};
use xtask::build;
use xtask::workspace::Workspace;

/// Long enough for the slowest step on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// Sorted by: email, first name, phone, birthdate, points.
const SORTED: [u16; 5] = [0, 2, 4, 5, 6];
/// Each finds somebody among a few hundred already.
const SEARCHED: [&str; 4] = ["ana", "user99", "example7", "3460"];
/// More than 2,500 points; called Ana; not subscribed, and born before 1980.
const FILTERED: [&str; 3] = [
    "all(6:gt:2500)",
    "all(2:is:Ana)",
    "all(7:isnot:subscribed,5:lt:1980-01-01)",
];

/// So many change sets make a long history; it is looked at with at least so many contacts.
const CHANGES: u32 = 2_000;
const PAST_FROM: u64 = 1_000_000;
/// What [`past`] measures, in the order of the probe's answer.
const LOOKED_BACK: [&str; 7] = [
    "overlap",
    "regions",
    "as of",
    "analytics",
    "sheet",
    "history",
    "undo of a membership",
];

/// What the benchmark has beside the site.
pub struct Bench {
    probe: [(&'static str, Vec<u8>); 2],
    build: String,
}

/// What no import can do without.
#[derive(Deserialize)]
pub struct Floor {
    rows: f64,
    parse: f64,
    store: f64,
}

impl Floor {
    /// Milliseconds that it takes to parse the file and to store as many pages.
    pub fn whole(&self) -> f64 {
        self.parse + self.store
    }
}

#[derive(Deserialize)]
struct Import {
    check: f64,
    import: f64,
    longest: f64,
}

#[derive(Deserialize)]
struct Scroll {
    rate: f64,
    #[serde(rename = "longestBlank")]
    longest_blank: f64,
}

/// What rests on the disk and in the worker's memory.
#[derive(Deserialize)]
pub struct Storage {
    contacts: f64,
    bytes: f64,
    /// Bytes of the worker's memory.
    pub memory: f64,
    usage: f64,
}

impl Bench {
    /// Reads the probe.
    pub fn new(workspace: &Workspace, probe: &Path) -> Self {
        let read = |name: &str| {
            let file = probe.join(name);
            fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        };
        Self {
            probe: [
                ("bench/probe.js", read("probe.js")),
                ("bench/probe_bg.wasm", read("probe_bg.wasm")),
            ],
            build: build::stamped(workspace).expect("a site that is served has a build"),
        }
    }

    /// Serves the built site with the probe beside it.
    fn serve(&self) -> Site {
        let watch = concat!(
            include_str!("../../watch.js"),
            include_str!("page.js"),
            include_str!("canvas.js")
        );
        let mut files: Vec<(&str, &[u8])> = vec![
            ("watch.js", watch.as_bytes()),
            ("bench/floor.js", include_bytes!("floor.js")),
        ];
        files.extend(self.probe.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
        Site::serve_with(&files)
    }

    /// Measures everything once, with the file of so many contacts.
    pub fn round(&self, file: &Path, contacts: u64) -> Figures {
        let size = fs::metadata(file).expect("the file was made").len() as f64;
        let mut figures = Figures::new(contacts, size);
        let (site, profile) = (self.serve(), Profile::new());
        let page = open(&site, &profile);
        let before = floor(&page, file);
        import(&page, file, &mut figures);
        let after = floor(&page, file);
        for floor in [before, after] {
            assert_eq!(floor.rows, contacts as f64, "the floor reads every row");
            figures.note("floor", floor.whole());
            figures.note("floor, its parsing alone", floor.parse);
            figures.note("floor, its pages alone", floor.store);
        }
        self.connect(&page);
        let stored: Storage = ask(&page, "storage()", &[]);
        assert_eq!(stored.contacts, contacts as f64, "the import makes every contact");
        figures.note("memory, peak", stored.memory);
        drop(page);

        let page = open(&site, &profile);
        figures.note("open", ask(&page, "opened", &[]));
        self.connect(&page);
        let stored: Storage = ask(&page, "storage()", &[]);
        figures.note("memory, at rest", stored.memory);
        figures.note("bytes stored", stored.bytes);
        figures.note("bytes the browser counts", stored.usage);
        look(&page, &mut figures);
        let [export, _]: [f64; 2] = tab(&page, "export()");
        figures.note("export", export);
        if contacts >= PAST_FROM {
            past(&page, &mut figures);
        }
        figures.note("undo", tab(&page, "undo(1)"));
        let stored: Storage = ask(&page, "storage()", &[]);
        assert_eq!(stored.contacts, 0.0, "the undo takes every contact back");
        tab::<Value>(&page, "redo(1)");
        let stored: Storage = ask(&page, "storage()", &[]);
        assert_eq!(stored.contacts, contacts as f64, "they come back");
        drop(page);

        let page = open(&site, &profile);
        ask::<Value>(&page, "opened", &[]);
        self.connect(&page);
        flows::measure(&page, file, contacts, &mut figures);
        kept::measure(&page, contacts, &mut figures);
        ask::<Value>(&page, "isKept()", &[]);
        drop(page);

        site.stop();
        let page = open(&site, &profile);
        figures.note("open, the host gone", ask(&page, "opened", &[]));
        figures
    }

    /// Measures the dry run alone, after an import.
    pub fn round_of_events(&self, file: &Path, contacts: u64) -> Figures {
        let size = fs::metadata(file).expect("the file was made").len() as f64;
        let mut figures = Figures::new(contacts, size);
        let (site, profile) = (self.serve(), Profile::new());
        let page = open(&site, &profile);
        import(&page, file, &mut figures);
        self.connect(&page);
        flows::events(&page, file, contacts, &mut figures);
        figures
    }

    fn connect(&self, page: &Page) {
        ask::<Value>(page, "connect(arguments[0])", &[json!(self.build)]);
    }
}

fn open(site: &Site, profile: &Profile) -> Page {
    let page = Browser::Chromium.open_again(site, profile);
    block_on(page.driver().set_script_timeout(PATIENCE)).expect("a driver takes a timeout");
    page
}

/// Reads the file as far as no import can do without.
pub fn floor(page: &Page, file: &Path) -> Floor {
    let input = "
        document.querySelector('[aria-label=bench]')?.remove();
        const input = document.body.appendChild(document.createElement('input'));
        Object.assign(input, { type: 'file', ariaLabel: 'bench', hidden: true });";
    page.script(input, &[]);
    page.upload("bench", file);
    ask(
        page,
        "floor(document.querySelector('[aria-label=bench]').files[0], new URL('bench/floor.js', document.baseURI))",
        &[],
    )
}

/// Imports the file through the screens.
fn import(page: &Page, file: &Path, figures: &mut Figures) {
    page.go("#/contacts/import");
    page.upload("Choose a file…", file);
    page.see("First rows");
    page.click("Next");
    page.see("Overwrite existing");
    page.click("Next");
    page.see("Goes to");
    let import: Import = ask(page, "runImport()", &[]);
    figures.note("import", import.check + import.import);
    figures.note("import, its check alone", import.check);
    figures.note("import, after its check", import.import);
    figures.note("longest task of the page", import.longest);
}

/// Searches, filters, sorts and scrolls.
fn look(page: &Page, figures: &mut Figures) {
    let to_rows = |hash: String| -> f64 { ask(page, "ask(arguments[0])", &[json!(hash)]) };
    for text in SEARCHED {
        figures.note("search", to_rows(format!("#/contacts?q={text}")));
    }
    for filter in FILTERED {
        figures.note("filter", to_rows(format!("#/contacts?filter={filter}")));
    }
    for field in SORTED {
        figures.note(
            "sort, the first time",
            to_rows(format!("#/contacts?sort={field}")),
        );
        figures.note("sort, again", to_rows(format!("#/contacts?sort=-{field}")));
    }
    let mut segments = Vec::new();
    for (name, filter) in [("One", FILTERED[0]), ("Other", FILTERED[2])] {
        let [_, segment]: [f64; 2] = tab(page, &format!("segment('{name}', '{filter}')"));
        segments.push(segment);
    }
    for (one, other) in [(0, 1), (1, 0)] {
        let (one, other) = (segments[one], segments[other]);
        figures.note(
            "set operation",
            to_rows(format!("#/contacts?filter=all(in:{one},out:{other})")),
        );
    }
    to_rows("#/contacts".to_owned());
    let scroll: Scroll = ask(page, "scroll()", &[]);
    figures.note("scroll", scroll.rate);
    figures.note("longest blank", scroll.longest_blank);
}

/// Gives the data 50 segments and a long history, and asks for all that is made of it.
fn past(page: &Page, figures: &mut Figures) {
    figures.note("bytes of a change set", tab(page, &format!("past({CHANGES})")));
    for _ in 0..3 {
        let times: [f64; 7] = tab(page, "look_back()");
        for (what, time) in LOOKED_BACK.iter().zip(times) {
            figures.note(what, time);
        }
    }
}

/// Asks the worker past the screens.
pub fn tab<T: DeserializeOwned>(page: &Page, call: &str) -> T {
    wait(
        page,
        &format!("tab.{call}.then((answer) => answer?.length ? [...answer] : answer)"),
        &[],
    )
}

/// Waits for a promise of `page.js`.
pub fn ask<T: DeserializeOwned>(page: &Page, call: &str, args: &[Value]) -> T {
    wait(page, &format!("__bench.{call}"), args)
}

fn wait<T: DeserializeOwned>(page: &Page, promise: &str, args: &[Value]) -> T {
    let script = format!(
        "const done = arguments[arguments.length - 1];
        {promise}.then((value) => done({{ value: value ?? null }}), (problem) => done({{ problem: String(problem) }}))"
    );
    let answer = page.script_async(&script, args);
    assert!(answer.get("problem").is_none(), "{promise}: {answer}");
    serde_json::from_value(answer["value"].clone())
        .unwrap_or_else(|error| panic!("{promise}: {error} in {answer}"))
}
