//! Histories: why a contact is in a segment, how a segment was at any date, and what is forgotten.

use tests::{Made, Page, journey};

/// The demo: contacts, segments and half a year of history.
fn demo(page: &Page) {
    page.go("#/contacts");
    page.click("Load the demo");
    page.see("5,000 contacts");
}

journey!(two_clicks_lead_from_a_membership_to_its_exact_cause, |page| {
    demo(page);
    page.go("#/contacts?q=ana.lopez");
    page.click("ana.lopez@example.com");
    page.see("General");
    let causes = page.texts(".membership a[href^='#/history/']");
    assert_eq!(causes.len(), 4, "Ana is in four segments: {causes:?}");
    let sheet = page.route();
    for (at, cause) in causes.iter().enumerate() {
        page.go(&sheet);
        page.see("General");
        page.until(|| match page.count(".membership") {
            4 => Ok(()),
            many => Err(format!("{many} memberships")),
        });
        // The first click: why. The page that it leads to says what it was and what it did to her.
        page.script(
            "document.querySelectorAll(\".membership a[href^='#/history/']\")[arguments[0]].click()",
            &[serde_json::json!(at)],
        );
        page.see("What it did");
        let whole = page.texts("main").join(" ");
        assert!(whole.contains("Joined"), "{cause}: {whole}");
        if let Some((_, line)) = cause.split_once(", line ") {
            assert!(whole.contains(&format!("line {line}")), "{cause}: {whole}");
        }
        if cause.contains("set operation") {
            assert!(
                whole.contains("in Newsletter import and in Buyers"),
                "{cause}: {whole}"
            );
        }
    }
    // The second click leads to the import itself, where there is one.
    page.go(&sheet);
    page.see("General");
    page.script(
        "[...document.querySelectorAll('.membership a')].find((a) => a.textContent.includes('line')).click()",
        &[],
    );
    page.see("Where every row went");
    page.click("Import result");
    page.see("read =");
});

journey!(a_segment_is_seen_compared_and_restored_as_of_a_date, |page| {
    demo(page);
    page.go("#/segments");
    page.click("Options for Win-back");
    page.see("Analytics");
    page.press("Escape");
    page.go("#/segments/8/history");
    page.see("History of Win-back");
    let then = day(page, -15);
    page.paste("Date", &day(page, -40));
    page.click("Show");
    page.see("The segment was made on");
    page.paste("Date", &then);
    page.click("Show");
    page.see("Members then");
    page.click("Restore as new segment");
    page.click("Save");
    page.see("Win-back as of");
    page.go("#/segments");
    page.see(&format!("Win-back as of {then}"));
});

/// A day so many days from today, as a date input takes it.
fn day(page: &Page, from_today: i64) -> String {
    let script = "return new Date(Date.now() + arguments[0] * 86400000).toISOString().slice(0, 10)";
    let day = page.script(script, &[serde_json::json!(from_today)]);
    day.as_str().expect("a date is a text").to_owned()
}

journey!(forgotten_history_leaves_today_as_it_is, |page| {
    page.begin_import_of_rows("email,first_name\nana@example.com,Ana\neva@example.com,Eva\n");
    page.next();
    page.into_new_segment("Friends");
    page.check_import();
    page.run_import();
    page.see_contacts("2 contacts");
    page.click("ana@example.com");
    page.see("General");
    page.fill("Last name", "López");
    page.press("Enter");
    page.see("Set Last name of 1 contact");
    // The page that said so may still show when she was updated before.
    page.reload();
    page.see("General");
    let kept = page.texts(".place-fixed");
    page.go("#/data");
    page.see("Forget history");
    page.paste("Forget what changed before", "2020-01-01");
    page.see("Nothing changed before this day");
    page.paste("Forget what changed before", &day(page, 3));
    page.see("This day is still to come");
    page.paste("Forget what changed before", &day(page, 1));
    page.see("2 changes before");
    page.click("Forget history…");
    page.fill("Type FORGET to confirm", "FORGET");
    page.click("Forget history");
    page.see("2 earlier changes, forgotten");
    page.go("#/history");
    page.see("2 earlier changes, forgotten");
    page.see_no("Imported");
    // A page that begins anew reads the baseline, and everything is as it was.
    page.reload();
    page.see_contacts("2 contacts");
    page.click("ana@example.com");
    page.see("General");
    assert_eq!(page.value("Last name"), "López");
    page.see("since before the history begins");
    assert_eq!(page.texts(".place-fixed"), kept);
    // What comes later can be undone as ever.
    page.fill("Last name", "Sanz");
    page.press("Enter");
    page.see("Set Last name of 1 contact");
    page.go("#/history");
    page.within("Changes").click("Undo: Set Last name of 1 contact");
    page.see("Undone: Set Last name of 1 contact");
    page.see_contacts("2 contacts");
    page.see("López");
});

journey!(a_double_click_undoes_once, |page| {
    page.make_segment("Fair");
    page.make_segment("Other");
    page.go("#/history");
    let changes = page.within("Changes");
    // Two clicks that are meant are two.
    changes.click("Undo: Created segment Other");
    changes.click("Redo: Created segment Other");
    changes.click("Undo: Created segment Other");
    changes.see_control("Redo: Created segment Other");
    // What was undone is told above it, and moves another change under the pointer.
    changes.double_click("Undo: Created segment Fair");
    changes.see_control("Redo: Created segment Fair");
    changes.see_control("Redo: Created segment Other");
    assert_eq!(page.count("dialog[open]"), 0, "nobody asked to redo the other");
});

journey!(a_double_click_undoes_once_what_takes_a_moment, |page| {
    page.import(Made::people("people.csv", 100_000).path());
    page.go("#/history");
    let changes = page.within("Changes");
    changes.double_click("Undo: Imported people.csv: 100,000 contacts new");
    changes.see_control("Redo: Imported people.csv: 100,000 contacts new");
    page.see("Undone:");
    // A second undo would be answered before this.
    page.go("#/data");
    page.within("Storage").numbers();
    page.see_no("undone already");
});
