//! The simulated shop: the same seed in every browser, a crash in the middle, and events that really happened.

use std::thread;
use std::time::Instant;

use tests::{Browser, Made, Page, Profile, Site, journey};

/// The state after three days with seed 7 from 4 January 2027 on, for 40 people and no workflow.
const STATE: &str = "10ca361a26dce296";

/// Who purchased at least once.
const PURCHASED: &str = "did:purchase%3Acount%3Age%3A1%3Aever%3A1%3Aall";

/// Imports so many people.
fn people(page: &Page, how_many: usize) {
    let file = Made::people("people.csv", how_many);
    page.import(file.path());
}

journey!(the_same_seed_gives_the_same_state_in_every_browser, |page| {
    people(page, 40);
    page.go("#/simulator");
    page.fill_simulation(3, 200, 7);
    page.fill("First day", "2027-01-04");
    page.click("Simulate");
    page.see("State afterwards");
    assert_eq!(page.texts("section.account code"), [STATE]);
});

journey!(back_from_the_copy_one_sees_ones_own_contacts, |page| {
    people(page, 40);
    page.go("#/simulator");
    page.fill_simulation(3, 200, 7);
    page.click("Simulate");
    page.see("State afterwards");
    page.click("Look at the copy");
    page.see("You are looking at a copy");
    page.go("#/contacts?filter=all(did:page_visited%3Acount%3Age%3A1%3Aever%3A1%3Aall)");
    page.see("of 40 contacts");
    page.click("Back to my contacts");
    page.see("No contact matches");
});

journey!(events_that_happened_are_checked_imported_and_taken_back, |page| {
    people(page, 3);
    page.go("#/simulator/import");
    page.paste(
        "Rows",
        "email,date,amount,quantity\n\
         user0@example0.com,2026-05-01,59.90,1\n\
         user0@example0.com,2026-05-02,20.00,2\n\
         user1@example1.com,soon,10.00,1\n\
         user1@example1.com,2026-05-03,10.00,-1\n\
         nobody@example.com,2026-05-04,10.00,1\n",
    );
    page.click("Read pasted rows");
    page.see("First rows");
    page.click("Check");
    page.see("5 rows read = 2 imported + 3 rejected");
    let reasons = page.texts("[aria-label='Rejected rows'] tbody tr");
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert!(reasons[0].starts_with("4 date"), "{reasons:?}");
    assert!(reasons[1].starts_with("5 quantity"), "{reasons:?}");
    assert!(reasons[2].starts_with("6 "), "{reasons:?}");
    page.click("Import");
    page.see("What happened");
    page.see("5 rows read = 2 imported + 3 rejected");

    page.go("#/contacts?q=user0");
    page.click("user0@example0.com");
    page.see("2 of 2 events");
    page.within("Activity").see("Imported");
    page.press("Control+z");
    page.see("Undone:");
    page.see("What this contact does appears here");
});

/// So often the browser is killed.
const KILLS: u64 = 20;

// Only Chromium is killed, for the reasons that `crash.rs` gives.
#[test]
fn chromium_killed_in_the_middle_of_a_simulation_keeps_numbers_that_add_up() {
    let site = Site::serve();
    let profile = Profile::new();
    let page = Browser::chromium().open_again(&site, &profile);
    people(&page, 2000);
    page.make_from_template("Welcome buyers");
    page.click("Activate");
    page.see("Active. Waiting for activity");
    // Cleared, this simulation tells how long one takes.
    prepare(&page);
    let start = Instant::now();
    page.click("Simulate");
    page.see("State afterwards");
    let whole = start.elapsed();
    adds_up(&page);
    clear(&page);
    drop(page);

    for kill in 0..KILLS {
        let page = Browser::chromium().open_again(&site, &profile);
        prepare(&page);
        page.click("Simulate");
        let moment = whole.mul_f64((2 * kill + 1) as f64 / (3 * KILLS) as f64);
        // Not a wait for something: this is the moment of the crash.
        thread::sleep(moment);
        page.kill_browser();

        let page = Browser::chromium().open_again(&site, &profile);
        let members = adds_up(&page);
        eprintln!("kill {kill} after {moment:?}: {members} members");
        page.has_no_errors();
        if members > 0 {
            clear(&page);
        }
        drop(page);
    }
}

/// Fills in a simulation that takes a while.
fn prepare(page: &Page) {
    page.go("#/simulator");
    page.fill_simulation(20, 2000, 7);
    page.check("Simulate on this workspace");
}

/// Whoever is in the segment purchased, and nobody else did; what entered a node is in it, went on, failed or ended.
fn adds_up(page: &Page) -> u64 {
    let members = page.found_by("all(in:1)");
    assert_eq!(page.found_by(&format!("all({PURCHASED})")), members);
    assert_eq!(page.found_by(&format!("any(in:1,{PURCHASED})")), members);
    page.go("#/workflows/1");
    page.click("Live view");
    for row in page.node_numbers() {
        let number = |cell: usize| -> u64 {
            let last = row[cell].rsplit(' ').next().unwrap_or_default();
            last.replace(',', "").parse().unwrap_or(0)
        };
        assert_eq!(number(1), (2..6).map(number).sum::<u64>(), "{row:?}");
    }
    members
}

/// Takes the simulation back, and finds nothing of it.
fn clear(page: &Page) {
    page.go("#/simulator");
    page.see("Simulated data is in this workspace");
    page.click_first("Clear simulation…");
    page.click("Clear simulation");
    page.see("Undone:");
    assert_eq!(adds_up(page), 0);
    for row in page.node_numbers() {
        assert!(
            row[1..7].iter().all(|cell| matches!(cell.as_str(), "" | "0")),
            "{row:?}"
        );
    }
}
