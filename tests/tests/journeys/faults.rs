//! Faults: nothing that was committed is lost, or a message says exactly what was.

use serde_json::{Value, json};
use tests::{Browser, Harm, Made, Page, Profile, Released, Site, fixture, journey};

/// Imports pasted rows.
fn import_rows(page: &Page, rows: &str) {
    page.begin_import_of_rows(rows);
    page.check_import();
    page.run_import();
}

/// Has everything that is stored read, and gives what is said of it.
fn integrity(page: &Page) -> Vec<String> {
    page.go("#/data");
    page.click("Check integrity");
    page.see("Fingerprint");
    page.texts("section[aria-labelledby=integrity] li")
}

journey!(a_damaged_page_is_told_and_everything_else_is_there, |page| {
    page.import(&fixture("shop-contacts.csv"));
    page.leave();
    let pages = page.keys("pages");
    page.harm("pages", &pages[1], Harm::Flip);
    page.open("");
    let lost = "Page 2 can't be read (its checksum doesn't match); it held the values of First name of 5,000 contacts, written by change 1 (Imported shop-contacts.csv: 5,000 contacts new)";
    page.see(&format!(
        "Some of your data could not be read: {lost}. Everything else is here"
    ));
    page.see_contacts("5,000 contacts");
    page.fill("Search contacts", "user4999.");
    page.see("1 of 5,000 contacts");
    assert_eq!(integrity(page), [lost]);
    page.see("1 record can’t be read. Everything else is here");

    // One works on, and fills in what is missing.
    page.begin_import(&fixture("shop-contacts.csv"));
    page.next();
    page.check("Overwrite existing");
    page.check("Update only empty fields");
    page.check_import();
    page.run_import();
    page.within("Account")
        .see_numbers(&[("Updated", 5_000), ("New", 0)]);
    page.reload();
    page.see_contacts("5,000 contacts");
    page.see("Some of your data could not be read");
    page.see("María");
});

journey!(
    a_damaged_change_is_told_keeps_its_place_and_takes_nothing_with_it,
    |page| {
        page.import(&fixture("shop-contacts.csv"));
        import_rows(page, "email\nana@example.org\n");
        page.leave();
        let pages = page.keys("pages");
        assert_eq!(page.keys("journal"), [1, 2]);

        // The first one.
        page.harm("journal", &json!(1), Harm::Flip);
        page.open("");
        let first = "Change 1 can't be read (its checksum doesn't match), so what it did is missing; it came before change 2 (Imported pasted rows: 1 contact new)";
        page.see(&format!(
            "Some of your data could not be read: {first}. Everything else is here"
        ));
        page.see_contacts("1 contact");
        page.see("ana@example.org");
        import_rows(page, "email\neva@example.org\n");
        assert_eq!(integrity(page), [first]);
        page.click("Compact");
        page.see("Some of the history can't be read");

        // And the last one, too.
        page.leave();
        assert_eq!(page.keys("journal"), [1, 2, 3]);
        page.harm("journal", &json!(3), Harm::Cut);
        page.open("");
        let last = "Change 3 can't be read (its checksum doesn't match), so what it did is missing; it came after change 2 (Imported pasted rows: 1 contact new)";
        page.see(&format!(
            "Some of your data could not be read: {first}; {last}. Everything else is here"
        ));
        page.see_contacts("1 contact");
        import_rows(page, "email\nluis@example.org\n");
        page.see_contacts("2 contacts");

        // What was left of the first one lies where it lay: with its bit turned back, all of it is there again.
        page.leave();
        assert_eq!(page.keys("journal"), [1, 2, 3, 4]);
        assert_eq!(page.keys("pages"), pages);
        page.harm("journal", &json!(1), Harm::Flip);
        page.open("");
        page.see_contacts("5,002 contacts");
        page.see("Some of your data could not be read: Change 3 can't be read");
    }
);

journey!(data_of_a_newer_version_is_not_touched, |page| {
    page.import(&fixture("shop-contacts.csv"));
    import_rows(page, "email\nana@example.org\n");
    for (place, key) in [
        ("journal", json!(1)),
        ("pages", json!(3)),
        ("meta", json!("workspace")),
    ] {
        page.leave();
        page.harm(place, &key, Harm::Newer);
        let before = page.dump();
        page.open("");
        page.see("Corral has stopped");
        page.see("A newer version of Corral wrote some of this data");
        page.leave();
        assert_eq!(page.dump(), before, "nothing is written to {place}");
        page.harm(place, &key, Harm::Older);
    }
    page.open("");
    page.see_contacts("5,001 contacts");
});

journey!(a_database_of_a_newer_version_is_not_touched, |page| {
    import_rows(page, "email\nana@example.org\n");
    page.leave();
    page.raise_database(2);
    page.open("");
    page.see("The database was made by a newer version of Corral (database version 2, this one knows 1)");
});

journey!(
    what_released_versions_left_behind_opens_whole_and_goes_on,
    |page| {
        for (version, backup) in Released::all() {
            page.leave();
            page.load_dump(&version.records);
            page.open("");
            version.is_all_there(page);
            // All of it can be turned, and is written on by this version.
            page.press("Control+z");
            page.see("Undone:");
            page.press("Control+Shift+z");
            page.see("Redone:");
            import_rows(page, "email\nzoe@example.org\n");
            page.reload();
            page.fingerprint();

            page.choose_backup(&backup);
            page.click("Restore as a new workspace…");
            page.fill("Name (required)", &version.name);
            page.click("Restore");
            page.click("Open it");
            // The page that is left names the new workspace, too.
            page.see_no("Open it");
            page.see_control(&version.name);
            page.see_contacts(&version.contacts);
            assert_eq!(page.fingerprint(), version.fingerprint);
        }
    }
);

/// Closes the worker's connections to the database in one of the ways that browsers have.
fn drop_connection(page: &Page, how: &str) {
    let script = "
        const [how, done] = arguments;
        const channel = new BroadcastChannel('faults');
        channel.onmessage = () => { channel.close(); done(null); };
        channel.postMessage(how);";
    page.script_async(script, &[json!(how)]);
}

journey!(a_dropped_connection_to_the_database_is_opened_again, at Site::with_faults(), |page| {
    import_rows(page, "email\nana@example.org\n");
    // With an event, as Safari tells of it, and without one.
    for (how, email) in [("told", "eva@example.org"), ("untold", "luis@example.org")] {
        drop_connection(page, how);
        page.go("#/data");
        page.within("Storage").numbers();
        import_rows(page, &format!("email\n{email}\n"));
    }
    page.see_contacts("3 contacts");

    // In the middle of a commit.
    page.begin_import_of_rows("email\nzoe@example.org\n");
    page.check_import();
    drop_connection(page, "next commit");
    page.start_import();
    page.see("The import failed");
    page.see("Nothing was changed");
    page.see_contacts("3 contacts");
    page.go("#/contacts/import");
    page.click("Back to the check");
    page.run_import();
    page.reload();
    page.see_contacts("4 contacts");
    assert_eq!(integrity(page), Vec::<String>::new());
});

// Only Chromium lets a test clear a site's data while it is open.
journey!(data_that_the_browser_deletes_is_not_taken_for_an_empty_workspace, in [chromium], |page| {
    import_rows(page, "email\nana@example.org\n");
    page.clear_site_data();
    page.go("#/data");
    page.see("The browser deleted the database while it was in use");
    page.take_errors();
});

// WebKit keeps the worker of a page that was left, and its connection, which nobody can delete a database beside.
journey!(a_database_that_the_browser_deleted_meanwhile_is_missed, in [chromium, firefox], |page| {
    import_rows(page, "email\nana@example.org\neva@example.org\n");
    page.go("#/data");
    page.within("Workspaces").see("2");
    page.leave();
    page.delete_database();
    page.open("");
    let gone = "The browser has deleted what was in this workspace: 2 contacts when it was last open";
    page.see(gone);
    // It is said until somebody has seen it, or goes on.
    page.reload();
    page.see(gone);
    page.click("Restore a backup");
    page.within("Storage").numbers();
    page.click("Close");
    page.see_no(gone);
    page.reload();
    page.within("Storage").numbers();
    page.see_no(gone);

    // Who deletes everything is told nothing.
    import_rows(page, "email\nana@example.org\n");
    page.go("#/data");
    page.within("Workspaces").see("1");
    page.delete_everything();
    page.reload();
    page.see("No contacts yet");
    page.see_no("The browser has deleted");
});

// Firefox: `bad_input.rs`. WebKit can't be told how much a site may keep.
#[test]
fn a_disk_that_is_full_stops_the_import_and_leaves_what_was_there() {
    let Some(profile) = Profile::on_a_disk(32 << 20) else {
        eprintln!("this system mounts no disk for a test");
        return;
    };
    let site = Site::serve();
    let page = Browser::chromium().open_again(&site, &profile);
    page.import(&fixture("shop-contacts.csv"));
    let file = Made::people("people.csv", 600_000);
    page.begin_import(file.path());
    page.check_import();
    page.start_import();
    page.see("The import failed");
    page.see("The browser has no room left for");
    page.see_contacts("5,000 contacts");
    page.reload();
    page.see_contacts("5,000 contacts");
    page.go("#/imports");
    page.see("shop-contacts.csv");
    page.see_no("people.csv");

    // What is small still fits.
    import_rows(&page, "email\nana@example.org\n");
    page.see_contacts("5,001 contacts");
    page.has_no_errors();
}

/// The build that a tab runs, once it shows its contacts; everything it fetched is of it.
fn build_of(page: &Page, contacts: &str) -> String {
    page.see_contacts(contacts);
    let script = "
        const names = performance.getEntriesByType('resource').map((one) => one.name);
        const builds = names.map((name) => new URL(name).searchParams.get('build')).filter((build) => build);
        return [...new Set(builds)]";
    let builds = page.script(script, &[]);
    match builds.as_array().map(Vec::as_slice) {
        Some([Value::String(build)]) => build.clone(),
        _ => panic!("the page is mixed of builds: {builds}"),
    }
}

/// Waits until a tab was loaded again with another build.
fn becomes(page: &Page, build: &str, contacts: &str) {
    page.until(|| {
        let script = "return document.querySelector('script[src*=\"build=\"]')?.src ?? ''";
        match page.script(script, &[]).as_str() {
            Some(address) if address.contains(build) => Ok(()),
            address => Err(format!("the tab runs {address:?}, not {build}")),
        }
    });
    assert_eq!(build_of(page, contacts), build);
}

/// Two tabs with one contact, whose build the browser keeps.
fn two_tabs(browser: Browser, site: &Site) -> (Page, Page) {
    let page = browser.open(site);
    import_rows(&page, "email\nana@example.org\n");
    page.is_kept();
    let other = page.another_tab();
    other.see_contacts("1 contact");
    (page, other)
}

journey!(
    an_update_comes_to_all_tabs_when_it_is_asked_for,
    |browser: Browser| {
        let site = Site::serve();
        let (page, other) = two_tabs(browser, &site);
        let old = build_of(&other, "1 contact");

        let new = site.renew();
        page.load_again();
        page.see("A new version of Corral is ready");
        assert_eq!(build_of(&page, "1 contact"), old);
        // Both tabs go on with the old one, and with what they had not fetched yet.
        import_rows(&other, "email\neva@example.org\n");
        other.make_workflow();
        page.see_contacts("2 contacts");
        page.click("Update");
        becomes(&page, &new, "2 contacts");
        becomes(&other, &new, "2 contacts");
        other.go("#/workflows");
        other.see("New workflow");
        import_rows(&page, "email\nluis@example.org\n");
        other.see_contacts("3 contacts");
        page.has_no_errors();
        other.has_no_errors();
        site.was_asked_only_for_its_own();
    }
);

// The host is renewed twice before anybody takes the new version.
journey!(of_several_new_versions_the_newest_is_used, |browser: Browser| {
    let site = Site::serve();
    let (page, other) = two_tabs(browser, &site);
    let old = build_of(&other, "1 contact");
    site.renew();
    page.load_again();
    page.see("A new version of Corral is ready");
    let newest = site.renew();
    page.load_again();
    page.can_become(&newest);
    assert_eq!(build_of(&page, "1 contact"), old);
    page.click("Update");
    becomes(&page, &newest, "1 contact");
    becomes(&other, &newest, "1 contact");
    import_rows(&page, "email\neva@example.org\n");
    other.see_contacts("2 contacts");
    page.see_no("A new version of Corral is ready");
    page.has_no_errors();
    other.has_no_errors();
    site.was_asked_only_for_its_own();
});

// WebKit's driver has no way past what the browser keeps.
journey!(a_page_of_a_newer_version_brings_the_tabs_of_the_old_one_along, in [chromium, firefox], |browser: Browser| {
    let site = Site::serve();
    let (page, other) = two_tabs(browser, &site);
    let new = site.renew();
    page.reload_past_what_is_kept();
    becomes(&page, &new, "1 contact");
    becomes(&other, &new, "1 contact");
    import_rows(&page, "email\neva@example.org\n");
    other.see_contacts("2 contacts");
    page.is_kept();
    page.see_no("A new version of Corral is ready");
    page.has_no_errors();
    other.has_no_errors();
    site.was_asked_only_for_its_own();
});
