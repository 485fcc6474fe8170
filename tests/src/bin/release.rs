//! `cargo run -p tests --bin release`: keeps the data of the version that is about to be released, for every later
//! version to open (`tests/fixtures/released`, journey in `faults.rs`).
//!
//! It works through the build in `dist/` in Chromium, and writes what then rests in the browser, and a backup.

use std::fmt::Write;
use std::fs;

use tests::{Browser, Made, Page, Released, Site, fixture};

fn main() {
    let site = Site::serve();
    let page = Browser::chromium().open(&site);
    live(&page);
    let backup = page.back_up("");
    let kept = serde_json::to_string(&Released::take(&page)).expect("JSON is JSON");

    let folder = fixture("released");
    let name = env!("CARGO_PKG_VERSION");
    fs::create_dir_all(&folder).expect("the fixtures can be written");
    fs::write(folder.join(format!("{name}.json")), kept).expect("the fixtures can be written");
    fs::write(folder.join(format!("{name}.corral")), backup).expect("the fixtures can be written");
}

/// Makes some of everything that is stored.
fn live(page: &Page) {
    // So many that their values are on pages.
    let mut many = String::from("email\n");
    for at in 0..4_200 {
        writeln!(many, "a{at}@b.co").expect("a text takes any text");
    }
    page.import(Made::new("many.csv", many).path());
    page.begin_import(Made::people("people.csv", 50).path());
    page.next();
    page.into_new_segment("Fair");
    page.check_import();
    page.run_import();
    page.begin_import_of_rows("email,points\nana@example.org,7\neva@example.org,some\n");
    page.check_import();
    page.run_import();

    page.see_contacts("4,251 contacts");
    page.fill("Search contacts", "ana@example.org");
    page.click("ana@example.org");
    page.see("General");
    page.fill("First name", "Anastasia");
    page.click("General");
    page.click("Delete");
    page.see("4,250 contacts");
    page.press("Control+z");
    page.see("Undone:");

    page.make_segment("Buyers");
    page.make_from_template("Welcome buyers");
    page.click("Activate");
    page.see("Active. Waiting for activity");
    page.click("Simulate");
    page.simulate_for_real(2, 100, 7);
    page.begin_export();
    page.run_export();
}
