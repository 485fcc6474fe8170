//! What the options of an import promise.

use tests::{Page, fixture, journey};

journey!(
    a_file_imported_twice_changes_nobody_unless_it_is_to_overwrite,
    |page| {
        page.import(&fixture("shop-contacts.csv"));

        page.begin_import(&fixture("shop-contacts.csv"));
        page.next();
        page.into_new_segment("Shop");
        page.check_import();
        page.within("Rows").see_numbers(&[
            ("Rows read", 5000),
            ("New", 0),
            ("Skipped (already exists)", 5000),
        ]);
        page.within("Segment")
            .see_numbers(&[("Added", 0), ("Not added", 5000)]);
        page.see("5,000 contacts exist already and would not join the segment, because Overwrite existing is not checked");
        page.run_import();
        page.within("Account")
            .see_numbers(&[("New", 0), ("Updated", 0), ("Skipped (already exists)", 5000)]);
        page.within("Segment")
            .see_numbers(&[("Added", 0), ("Not added", 5000)]);

        page.begin_import(&fixture("shop-contacts.csv"));
        page.next();
        page.check("Overwrite existing");
        page.check("Add to segment");
        page.pick("Segment", "Shop");
        page.check_import();
        page.within("Rows")
            .see_numbers(&[("Rows read", 5000), ("Identical", 5000), ("Updated", 0)]);
        page.within("Segment")
            .see_numbers(&[("Added", 5000), ("Not added", 0)]);
        page.run_import();
        page.within("Segment")
            .see_numbers(&[("Added", 5000), ("Not added", 0)]);
        page.click("View contacts of Shop");
        page.see("user0.993908@example2.com");
        page.see_contacts("5,000 contacts");
    }
);

/// Imports pasted rows with some options checked.
fn import_rows(page: &Page, rows: &str, options: &[&str]) {
    page.begin_import_of_rows(rows);
    page.next();
    for option in options {
        page.check(option);
    }
    page.check_import();
    page.run_import();
}

/// Opens the contact that a search finds.
fn open_contact(page: &Page, email: &str) {
    page.go("#/contacts");
    page.fill("Search contacts", email);
    page.see("1 of");
    page.click(email);
    page.see("General");
}

// What is decided here is decided in the engine, and the same in all browsers.
journey!(options_keep_what_they_promise_to_keep, in [chromium], |page| {
    let first = "email,first_name,points,newsletter\nana@example.com,Ana,1,unsubscribed\neva@example.com,,2,subscribed\n";
    import_rows(page, first, &[]);
    import_rows(page, "email,first_name,points,newsletter\nana@example.com,Anna,,subscribed\neva@example.com,Eva,5,\n",
        &["Overwrite existing", "Update only empty fields"]);
    open_contact(page, "ana@example.com");
    assert_eq!(page.value("First name"), "Ana");
    assert_eq!(page.value("Points"), "1");
    open_contact(page, "eva@example.com");
    assert_eq!(page.value("First name"), "Eva");
    assert_eq!(page.value("Points"), "2");

    import_rows(page, "email,first_name,points,newsletter\nana@example.com,Anna,,subscribed\n", &["Overwrite existing"]);
    page.see("1 contact stays unsubscribed although the file says otherwise");
    open_contact(page, "ana@example.com");
    assert_eq!(page.value("First name"), "Anna");
    assert_eq!(page.value("Points"), "1");
    assert_eq!(page.value("Newsletter status"), "unsubscribed");

    import_rows(page, "email,first_name,points,newsletter\nana@example.com,Anna,,subscribed\nnew@example.com,N,1,none\n",
        &["Overwrite existing", "Overwrite subscription status", "Empty cells clear values", "Don't create new contacts"]);
    page.within("Account").see_numbers(&[("New", 0), ("Updated", 1), ("Not created", 1)]);
    open_contact(page, "ana@example.com");
    assert_eq!(page.value("Points"), "");
    assert_eq!(page.value("Newsletter status"), "subscribed");
    page.see_contacts("2 contacts");
});

// The same in all browsers.
journey!(a_mapping_is_saved_and_offered_again, in [chromium], |page| {
    page.begin_import_of_rows("Mail;Puntos;Ciudad\nana@example.com;12;Vigo\n");
    page.next();
    page.next();
    page.pick("Goes to: Ciudad", "Ignore");
    page.click("Save mapping…");
    page.fill("Name (required)", "Fair");
    page.click("Save");
    page.see("Fair");
    page.check_import();
    page.run_import();

    page.begin_import_of_rows("Mail;Puntos;Ciudad\neva@example.com;13;Lugo\n");
    page.next();
    page.next();
    page.see("From your saved mapping Fair, since this file has the same columns");
    assert_eq!(page.value("Goes to: Ciudad"), "Ignore");
});

// The same in all browsers.
journey!(a_column_of_segments_and_a_table_of_values_are_read, in [chromium], |page| {
    page.begin_import_of_rows("email,opt in,groups\nana@example.com,Sure,VIP|Fair\neva@example.com,Never,Fair\n");
    page.next();
    page.next();
    page.pick("Goes to: opt in", "Newsletter status");
    page.pick("Goes to: groups", "Segments");
    page.fill("Separator between names of groups", "|");
    page.within("Changes to opt in").click("Translate values… (1)");
    page.choose("Read Sure as", "Subscribed");
    page.choose("Read Never as", "Unsubscribed");
    page.click("Apply");
    page.check_import();
    page.see("VIP, Fair");
    page.run_import();
    page.within("Account").see_numbers(&[("New", 2), ("Rejected", 0)]);
    page.go("#/segments");
    page.within("VIP").see("1");
    page.within("Fair").see("2");
});
