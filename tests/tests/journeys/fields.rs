//! Contacts and fields by hand.

use tests::journey;

// The same in all browsers.
journey!(a_field_of_ones_own_is_made_filled_and_deleted, in [chromium, firefox], |page| {
    page.go("#/fields");
    page.within("Custom fields (0 of 140)").click("Create field");
    page.choose("Type", "Radio");
    page.fill("Name (required)", "Level");
    page.fill("Name of option 1", "Gold");
    page.click("Add option");
    page.fill("Name of option 2", "Silver");
    page.click("Save");
    page.see("Created field Level");
    page.see("Gold, Silver");

    page.go("#/contacts/new");
    page.fill("Email", "ana@example.com");
    page.fill("First name", "Ana");
    page.choose("Level", "Gold");
    page.click("Create contact");
    page.see("General");
    page.see("Ana");

    page.go("#/contacts/new");
    page.fill("Email", " ANA@example.com");
    page.click("Create contact");
    page.see("Email ana@example.com belongs to another contact");

    page.go("#/fields");
    page.choose_from_menu("Options for Level", "Delete");
    page.see("Deleted field Level with 1 value");
    page.see_no("Gold, Silver");
    page.within("Deleted field Level").click("Undo");
    page.see("Gold, Silver");
});

journey!(a_contact_is_made_and_edited_in_place, |page| {
    page.go("#/contacts/new");
    page.fill("Email", "not an address");
    page.click("Create contact");
    page.see("Email:");
    page.fill("Email", "ana@example.com");
    page.fill("Birthdate", "1990-02-28");
    page.click("Create contact");
    page.see("General");
    page.fill("Points", "12");
    page.press("Tab");
    page.see("Set Points");
    page.fill("Points", "twelve");
    page.press("Tab");
    page.see("twelve");
    page.reload();
    page.see("General");
    page.until(|| match page.value("Points") {
        points if points == "12" => Ok(()),
        points => Err(format!("Points is {points}")),
    });
    assert_eq!(page.value("Birthdate"), "1990-02-28");
});

// The same in all browsers.
journey!(what_another_tab_changed_of_a_field_stays, in [chromium], |page| {
    page.go("#/fields");
    page.within("Custom fields (0 of 140)").click("Create field");
    page.choose("Type", "Radio");
    page.fill("Name (required)", "Level");
    page.fill("Name of option 1", "Gold");
    page.click("Save");
    page.see("Created field Level");
    page.choose_from_menu("Options for Level", "Edit");
    page.fill("Name (required)", "Rank");
    let other = page.another_tab();
    other.go("#/fields");
    other.choose_from_menu("Options for Level", "Edit");
    other.click("Add option");
    other.fill("Name of option 2", "Silver");
    other.click("Save");
    other.see("Edited field Level");
    page.click("Save");
    page.see("Edited field Rank");
    page.see("Gold, Silver");
});

journey!(who_left_before_the_answer_stays_where_she_went, |page| {
    page.go("#/contacts/new");
    page.fill("Email", "ana@example.com");
    let leave = "
        [...document.querySelectorAll('main button')].find((one) => one.textContent === 'Create contact').click();
        location.hash = '#/segments'";
    page.script(leave, &[]);
    page.see("Created 1 contact");
    page.see("No segments yet");
    page.is_at("#/segments");
    page.go("#/contacts");
    page.click("ana@example.com");
    page.see("General");
    let leave = "
        [...document.querySelectorAll('main button')].find((one) => one.textContent === 'Delete').click();
        location.hash = '#/fields'";
    page.script(leave, &[]);
    page.see("Deleted 1 contact");
    page.see("System fields");
    page.is_at("#/fields");
});
