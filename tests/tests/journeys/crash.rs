//! A browser that is killed in the middle of an import.

use std::thread;
use std::time::{Duration, Instant};

use tests::{Browser, Made, Page, Profile, Site};

/// So often the browser is killed.
const KILLS: u64 = 20;
/// So many rows are imported.
const ROWS: usize = 1_000_000;

/// What the workspace holds before and after the import.
const BEFORE: &str = "2 contacts";
const AFTER: &str = "1,000,002 contacts";

// Only Chromium is killed: WebKit's test browser keeps nothing after its session, and Firefox's promise is the same
// IndexedDB transaction.
#[test]
fn a_browser_killed_at_any_moment_of_a_million_rows_leaves_all_or_nothing() {
    let site = Site::serve();
    let profile = Profile::new();
    let file = Made::people("people.csv", ROWS);

    let page = Browser::chromium().open_again(&site, &profile);
    page.begin_import_of_rows("email,points\nana@example.org,1\neva@example.org,2\n");
    page.check_import();
    page.run_import();
    // Undone, this import tells how long one takes, and leaves its traces for those to come.
    prepare(&page, &file);
    let whole = import(&page);
    page.press("Control+z");
    page.see("Undone:");
    page.see_contacts(BEFORE);
    drop(page);

    let mut random = Random(7);
    let (mut before, mut after) = (0, 0);
    for kill in 0..KILLS {
        let page = Browser::chromium().open_again(&site, &profile);
        prepare(&page, &file);
        // A little longer than it takes, so that some kills come right after the commit.
        let moment = whole.mul_f64(1.15 * random.share());
        page.start_import();
        let start = Instant::now();
        // Not a wait for something: this is the moment of the crash.
        thread::sleep(moment.saturating_sub(start.elapsed()));
        page.kill_browser();

        let page = Browser::chromium().open_again(&site, &profile);
        page.see("ana@example.org");
        let count = page.until(|| match page.texts(".toolbar-count").join("") {
            count if count.ends_with("contacts") => Ok(count),
            count => Err(format!("the list says “{count}”")),
        });
        eprintln!("kill {kill} after {moment:?}: {count}");
        page.has_no_errors();
        page.go("#/imports");
        match count.as_str() {
            BEFORE => {
                before += 1;
                page.see("Pasted rows");
            }
            AFTER => {
                after += 1;
                // The whole of it is there, its account included; undone, the next round begins where this one did.
                page.see("1,000,000");
                page.press("Control+z");
                page.see_contacts(BEFORE);
            }
            between => panic!("killed after {moment:?}, the workspace holds {between}"),
        }
        drop(page);
    }

    let page = Browser::chromium().open_again(&site, &profile);
    prepare(&page, &file);
    import(&page);
    page.see_contacts(AFTER);
    assert!(
        before > 0 && after + before == KILLS,
        "{before} before, {after} after"
    );
}

/// Brings an import as far as its check.
fn prepare(page: &Page, file: &Made) {
    page.begin_import(file.path());
    page.check_import();
    page.within("Rows")
        .see_numbers(&[("Rows read", 1_000_000), ("New", 1_000_000)]);
}

/// Imports what was checked, and says how long it took.
fn import(page: &Page) -> Duration {
    let start = Instant::now();
    page.run_import();
    start.elapsed()
}

/// Numbers that are the same in each run (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    /// A number from 0 to 1.
    fn share(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).expect("32 bits are left")) / f64::from(u32::MAX)
    }
}
