//! Likely duplicates: found with why, merged field by field, and taken apart again.

use tests::journey;

journey!(
    duplicates_are_merged_field_by_field_and_taken_apart_again,
    |page| {
        page.begin_import_of_rows(
            "email,first_name,last_name,mobile_phone,birthdate\n\
         ana.lopez@example.com,Ana,López,,1990-02-03\n\
         analopez+shop@example.com,,,+34600111222,\n\
         pia@example.com,Pía,Sanz,+34600999888,1980-01-01\n",
        );
        page.check_import();
        page.run_import();
        page.go("#/segments/new");
        page.fill("Name (required)", "Shop");
        page.click("Save");
        page.see("Created segment Shop");
        page.go("#/segments");
        page.choose_from_menu("Options for Shop", "Add or remove by pasted keys");
        page.paste("Emails or external IDs", "analopez+shop@example.com");
        page.click("Preview");
        page.click("Change 1 contact");
        page.see("Added 1 contact to Shop");

        page.go("#/contacts/duplicates");
        page.see("Emails that differ by dots or plus-tags only");
        page.see_no("pia@example.com");
        page.click("Merge…");
        page.see("Merge 2 contacts");
        page.see("Shop");
        page.click("Merge");
        page.see("Merged 2 contacts into one");
        page.see("General");
        page.until(|| match page.value("Mobile phone") {
            phone if phone == "+34600111222" => Ok(()),
            phone => Err(format!("the phone is “{phone}”")),
        });
        assert_eq!(page.value("Email"), "ana.lopez@example.com");
        page.see_contacts("2 contacts");
        page.go("#/contacts/duplicates");
        page.see("No likely duplicates");

        page.press("Control+z");
        page.see_contacts("3 contacts");
        page.go("#/segments");
        page.within("Shop").see("1");
        page.go("#/contacts/duplicates");
        page.see("analopez+shop@example.com");
    }
);
