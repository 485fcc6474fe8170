//! Segments: made, filled by pasted keys, duplicated, archived, deleted and brought back.

use tests::{Page, journey};

/// Three people.
fn three(page: &Page) {
    page.begin_import_of_rows(
        "email,first_name\nana@example.com,Ana\neva@example.com,Eva\npia@example.com,Pía\n",
    );
    page.check_import();
    page.run_import();
}

/// Makes a segment, and stays where its contacts are shown.
fn create(page: &Page, name: &str) {
    page.go("#/segments/new");
    page.see("Its contacts change only when you or an import adds or removes them");
    page.fill("Name (required)", name);
    page.click("Save");
    page.see(&format!("Created segment {name}"));
}

journey!(a_segment_is_made_filled_by_keys_copied_and_deleted, |page| {
    three(page);
    create(page, "Fair");
    page.go("#/segments");
    page.choose_from_menu("Options for Fair", "Add or remove by pasted keys");
    page.paste(
        "Emails or external IDs",
        "ana@example.com\nEVA@example.com; nobody@example.com",
    );
    page.click("Preview");
    page.within("Preview")
        .see_numbers(&[("Keys", 3), ("Found", 2), ("Unknown", 1), ("Added", 2)]);
    page.see("Nobody has these keys: nobody@example.com");
    page.click("Change 2 contacts");
    page.see("Added 2 contacts to Fair");

    page.go("#/segments");
    page.within("Fair").see("2");
    page.choose_from_menu("Options for Fair", "Duplicate");
    page.see("Fair (copy)");
    page.choose_from_menu("Options for Fair (copy)", "Archive");
    page.see("1 segment");

    // Ana is in another segment, too, which must have her back afterwards.
    create(page, "Other");
    page.go("#/segments");
    page.choose_from_menu("Options for Other", "Add or remove by pasted keys");
    page.paste("Emails or external IDs", "ana@example.com\npia@example.com");
    page.click("Preview");
    page.click("Change 2 contacts");
    page.see("Added 2 contacts to Other");
    page.go("#/segments");

    page.choose_from_menu("Options for Fair", "Delete");
    page.check("Delete contacts pertaining to the segment");
    page.fill("Type Fair to confirm", "Fair");
    page.click("Delete");
    page.see("Deleted segment Fair");
    page.see_contacts("1 contact");
    page.press("Control+z");
    page.see("3 contacts");
    page.go("#/segments");
    page.within("Fair").see("2");
    page.within("Other").see("2");
});

// The same in all browsers.
journey!(a_view_of_a_segment_that_is_gone_says_so, in [chromium], |page| {
    three(page);
    create(page, "Fair");
    page.go("#/segments");
    page.choose_from_menu("Options for Fair", "Delete");
    page.click("Delete");
    page.see("Deleted segment Fair");
    page.go("#/contacts?filter=all(in:1)");
    page.see("This segment does not exist any more");
    page.press("Control+z");
    page.see("No contacts in Fair yet");
    page.go("#/contacts?filter=all(in:7)");
    page.click("Clear search and filter");
    page.see_contacts("3 contacts");
});

// The same in all browsers.
journey!(a_name_is_taken_whatever_its_case, in [chromium], |page| {
    create(page, "Fair");
    page.go("#/segments/new");
    page.fill("Name (required)", "FAIR");
    page.click("Save");
    page.see("The name Fair is taken");
});

// The same in all browsers.
journey!(a_contact_knows_since_when_and_why_it_is_a_member, in [chromium], |page| {
    three(page);
    create(page, "Fair");
    page.go("#/contacts");
    page.click("eva@example.com");
    page.see("This contact is in no segment yet");
    page.click("Add to segment…");
    page.pick("Segment", "Fair");
    page.click("Add to segment");
    page.see("Added 1 contact to Fair");
    page.within("Segments").see("by hand");
    page.click("Remove from Fair");
    page.see("This contact is in no segment yet");
});

journey!(two_lines_of_a_menu_chosen_at_once_are_both_done, |page| {
    create(page, "Fair");
    page.go("#/segments");
    page.click("Options for Fair");
    page.see_control("Pin");
    // Both before the first is answered.
    let both = "
        const lines = [...document.querySelectorAll('[role=menuitem]')];
        for (const words of ['Pin', 'Archive']) lines.find((line) => line.textContent === words).click()";
    page.script(both, &[]);
    page.see("Archived segment Fair");
    page.check("Show archived");
    page.within("Fair").see("Pinned");
    page.within("Fair").see("Archived");
});

// The same in all browsers.
journey!(what_another_tab_changed_of_a_segment_stays, in [chromium], |page| {
    create(page, "Fair");
    page.go("#/segments");
    page.choose_from_menu("Options for Fair", "Edit");
    page.fill("Tags", "spring");
    let other = page.another_tab();
    other.go("#/segments");
    other.choose_from_menu("Options for Fair", "Pin");
    other.see("Pinned segment Fair");
    other.choose_from_menu("Options for Fair", "Edit");
    other.fill("Name (required)", "Summer fair");
    other.click("Save");
    other.see("Edited segment Summer fair");
    page.click("Save");
    let row = page.within("Summer fair");
    row.see("Pinned");
    row.see("spring");
});
