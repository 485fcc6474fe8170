//! Workflows: events through them, people who wait in them, and the canvas.

use crate::measure::{Storage, ask, floor, tab};
use crate::report::Figures;
use serde_json::{Value, json};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;
use tests::Page;

/// So many visits a day and contact make about 10 events of each contact in the 30 days of a dry run.
const VISITS: f64 = 0.08;
/// So many people wait where there are as many.
const WAITING: u64 = 100_000;
/// Points of the made-up contacts are below this.
const POINTS: u64 = 5_000;
/// So long the browser is left alone, first until it has tidied up after itself, which Chromium begins some seconds
/// later, then to see what it does.
const CALM: Duration = Duration::from_secs(15);
const IDLE: Duration = Duration::from_secs(5);

/// Nodes of the large canvas.
const NODES: u32 = 500;
const TIMES: usize = 3;

/// Measures everything once, in a browser that just opened the contacts.
pub fn measure(page: &Page, file: &Path, contacts: u64, figures: &mut Figures) {
    events(page, file, contacts, figures);
    waits(page, contacts, figures);
    canvas(page, figures);
}

/// A dry run, between two floors: minutes after the first ones the machine may be another.
pub fn events(page: &Page, file: &Path, contacts: u64, figures: &mut Figures) {
    let floor = |figures: &mut Figures| figures.note("floor beside the dry run", floor(page, file).whole());
    floor(figures);
    let nobody = format!("segment('Interested', 'all(6:gt:{POINTS})')");
    let [_, segment]: [f64; 2] = tab(page, &nobody);
    let memory = || ask::<Storage>(page, "storage()", &[]).memory;
    figures.note("memory, before events", memory());
    let visits = (contacts as f64 * VISITS).ceil();
    let [all, ran, events]: [f64; 3] = tab(page, &format!("dry_run({segment}, {visits})"));
    figures.note("dry run", all);
    figures.note("dry run, after its copy", ran);
    figures.note("events", events);
    figures.note("memory, after events", memory());
    tab::<Value>(page, "drop_copy()");
    floor(figures);
}

fn waits(page: &Page, contacts: u64, figures: &mut Figures) {
    let points = POINTS * WAITING.min(contacts) / contacts;
    let filter = format!("segment('Those who wait', 'all(6:lt:{points})')");
    let [_, segment]: [f64; 2] = tab(page, &filter);
    let inside: f64 = tab(page, &format!("wait_inside({segment})"));
    assert!(inside > 0.0, "somebody waits");
    figures.note("waiting", inside);
    figures.note("idle", idle(page));
}

/// Milliseconds that all of the browser works in each second in which nobody asks it for anything.
fn idle(page: &Page) -> f64 {
    sleep(CALM);
    let before = page.work_time();
    sleep(IDLE);
    (page.work_time() - before).as_secs_f64() * 1e3 / IDLE.as_secs_f64()
}

fn canvas(page: &Page, figures: &mut Figures) {
    let workflow: u32 = tab(page, &format!("draft({NODES})"));
    for _ in 0..TIMES {
        let open = "canvas(arguments[0], arguments[1])";
        let hash = format!("#/workflows/{workflow}");
        figures.note("canvas", ask(page, open, &[json!(hash), json!(NODES)]));
    }
    figures.note("pan", ask(page, "pan()", &[]));
    figures.note("drag", ask(page, "drag()", &[]));
    for _ in 0..TIMES {
        figures.note("tidy layout", ask(page, "tidy()", &[]));
    }
}
