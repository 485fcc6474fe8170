//! The main job: people in from a file, a static segment out, all inside the browser.

use tests::{Made, fixture, journey};

journey!(
    a_file_becomes_a_segment_and_comes_out_and_in_again_without_a_difference,
    |page| {
        page.see("No contacts yet");
        page.begin_import(&fixture("shop-contacts.csv"));
        page.next();
        page.into_new_segment("Shop");
        page.check_import();
        page.within("Rows")
            .see_numbers(&[("Rows read", 5000), ("New", 5000), ("Rejected", 0)]);
        page.within("Segment")
            .see_numbers(&[("Added", 5000), ("Already in it", 0), ("Not added", 0)]);
        page.run_import();
        page.within("Account")
            .see_numbers(&[("Rows read", 5000), ("New", 5000), ("Rejected", 0)]);
        page.within("Segment")
            .see_numbers(&[("Added", 5000), ("Already in it", 0), ("Not added", 0)]);

        page.click("View contacts of Shop");
        page.see("5,000 contacts");
        page.see("user0.993908@example2.com");

        page.begin_export();
        page.check("Membership column");
        let first = page.run_export();
        page.delete_everything();

        let file = Made::new("contacts.csv", &first);
        page.import(file.path());
        page.within("Account")
            .see_numbers(&[("Rows read", 5000), ("New", 5000), ("Rejected", 0)]);
        page.go("#/segments");
        page.within("Shop").see("5,000");

        page.begin_export();
        page.check("Membership column");
        let second = page.run_export();
        assert!(
            first == second,
            "the exports differ: {}",
            difference(&first, &second)
        );
    }
);

/// The first line in which two files differ.
fn difference(one: &[u8], other: &[u8]) -> String {
    let (one, other) = (String::from_utf8_lossy(one), String::from_utf8_lossy(other));
    let pair = one.lines().zip(other.lines()).find(|(one, other)| one != other);
    pair.map_or_else(
        || format!("one has {} bytes, the other {}", one.len(), other.len()),
        |(one, other)| format!("\n{one}\n{other}"),
    )
}
