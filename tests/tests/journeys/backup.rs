//! Backups and workspaces: everything comes back as it was, a damaged file changes nothing, and two workspaces know
//! nothing of each other.

use tests::{Made, Page, journey};

journey!(
    a_backup_brings_everything_back_hash_for_hash_with_its_history,
    |page| {
        page.go("#/data");
        page.click("Load the demo");
        page.see_control("Remove the demo");
        page.see_contacts("5,000 contacts");
        let before = page.fingerprint();
        let file = Made::new("demo.corral", page.back_up(""));
        page.see("nothing changed since");

        page.delete_everything();
        page.choose_backup(file.path());
        let inside = page.within("In this backup");
        inside.see("5,000");
        page.click("Restore here");
        page.see("Everything is restored: 5,000 contacts, and the whole history");
        assert_eq!(page.fingerprint(), before);

        // What came back can be undone as if it had never been away, now and after another start.
        page.reload();
        assert_eq!(page.fingerprint(), before);
        page.click("Remove the demo");
        page.see_control("Load the demo");
    }
);

journey!(
    a_protected_backup_shows_nothing_and_opens_with_its_passphrase_only,
    |page| {
        page.begin_import_of_rows("email,first_name\neva.zyzzyva@example.com,Quuxington\n");
        page.check_import();
        page.run_import();
        let before = page.fingerprint();
        let bytes = page.back_up("horse battery staple");
        let readable = String::from_utf8_lossy(&bytes).to_lowercase();
        for value in ["zyzzyva", "quuxington", "example.com", "email"] {
            assert!(!readable.contains(value), "{value} stands in the file");
        }

        let file = Made::new("protected.corral", bytes);
        page.choose_backup(file.path());
        page.fill("Passphrase of this backup", "horse battery stable");
        page.click("Open");
        page.see("This passphrase doesn't open the backup");
        page.fill("Passphrase of this backup", "horse battery staple");
        page.click("Open");
        page.see("This workspace isn’t empty, so the backup becomes one of its own");
        page.click("Restore as a new workspace…");
        page.fill("Name (required)", "Second home");
        page.click("Restore");
        page.see("Second home is there, with 1 contact");
        page.click("Open it");
        page.see("eva.zyzzyva@example.com");
        assert_eq!(page.fingerprint(), before);
        page.see_control("Second home");
    }
);

journey!(
    a_cut_off_a_damaged_and_a_foreign_file_are_told_apart_and_change_nothing,
    |page| {
        page.begin_import_of_rows("email\nana@example.com\neva@example.com\n");
        page.check_import();
        page.run_import();
        let before = page.fingerprint();
        let whole = page.back_up("");
        let cut = whole.get(..whole.len() - 9).unwrap_or_default().to_vec();
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        for (name, bytes, words) in [
            ("cut.corral", cut, "This backup is cut off: its end is missing"),
            ("changed.corral", changed, "This backup is damaged"),
            (
                "list.corral",
                b"email\nana@example.com\n".to_vec(),
                "This is no backup of Corral",
            ),
        ] {
            let file = Made::new(name, bytes);
            page.choose_backup(file.path());
            page.see(words);
        }
        assert_eq!(page.fingerprint(), before);
        page.see_contacts("2 contacts");
    }
);

/// A contact in the first workspace, and another workspace beside it.
fn spring_beside_one_contact(page: &Page) {
    page.begin_import_of_rows("email\nana@example.com\n");
    page.check_import();
    page.run_import();
    page.go("#/data");
    page.click("New workspace…");
    page.fill("Name (required)", "Spring");
    page.click("Create workspace");
    page.see("No contacts yet");
}

journey!(two_workspaces_know_nothing_of_each_other, |page| {
    spring_beside_one_contact(page);
    page.begin_import_of_rows("email\nluis@example.com\nzoe@example.com\n");
    page.check_import();
    page.run_import();
    // Loading again keeps the workspace, and the other tab shows the other one.
    page.reload();
    page.see_contacts("2 contacts");
    let other = page.another_tab();
    other.see_contacts("1 contact");
    other.close();

    page.choose_from_menu("Spring", "My workspace");
    page.see("ana@example.com");
    page.see_contacts("1 contact");
});

// WebKit keeps the page of the other workspace for a way back, and its worker with it: deleting is refused until both are
// gone, which nobody can wait for in a test.
journey!(
    a_workspace_is_deleted_by_its_name,
    in [chromium, firefox],
    |page| {
        spring_beside_one_contact(page);
        page.choose_from_menu("Spring", "My workspace");
        page.see("ana@example.com");
        page.go("#/data");
        page.choose_from_menu("Options for Spring", "Delete…");
        page.fill("Type Spring to confirm", "Spring");
        page.click("Delete workspace");
        page.see("Spring is deleted");
        page.reload();
        page.within("Storage").numbers();
        page.see_no("Spring");
        page.see_contacts("1 contact");
    }
);

journey!(a_backup_that_ends_after_one_left_its_page_is_offered, |page| {
    page.begin_import_of_rows("email\nana@example.org\n");
    page.check_import();
    page.run_import();
    page.go("#/data");
    page.within("Backup").see("No backup yet");
    page.click("Back up…");
    // A passphrase takes its time.
    page.check("Protect it with a passphrase");
    page.fill("Passphrase (required)", "horse battery staple");
    page.fill("The same again (required)", "horse battery staple");
    let leave = "
        [...document.querySelectorAll('dialog[open] button')].find((one) => one.textContent.trim() === 'Back up').click();
        location.hash = '#/segments';";
    page.script(leave, &[]);
    page.see("No segments yet");
    page.go("#/data");
    page.see("is ready");
    page.within("Backup").see("Last backup just now");
});

journey!(
    the_copy_of_a_simulation_is_kept_as_a_workspace_of_its_own,
    |page| {
        let file = Made::people("people.csv", 40);
        page.import(file.path());
        page.go("#/simulator");
        page.fill_simulation(3, 200, 7);
        page.click("Simulate");
        page.see("State afterwards");
        page.click("Keep as a workspace of its own…");
        page.fill("Name (required)", "After three days");
        page.click("Keep");
        page.see("After three days is there");
        page.click("Open it");
        // Another way taken at once would be taken instead.
        page.see_control("After three days");
        page.see_contacts("40 contacts");
        page.go("#/data");
        let numbers = page.within("Storage").numbers();
        let events = numbers.iter().find(|(label, _)| label == "Events");
        assert!(events.is_some_and(|(_, count)| count != "0"), "{numbers:?}");
    }
);

journey!(nothing_that_undo_needs_is_compacted_away, |page| {
    let file = Made::people("people.csv", 6_000);
    page.import(file.path());
    page.press("Control+z");
    page.see("Undone:");
    let before = page.fingerprint();
    page.click("Compact");
    page.see("There was nothing to take away");
    assert_eq!(page.fingerprint(), before);
    page.press("Control+Shift+z");
    page.see_contacts("6,000 contacts");
});
