//! Undo of an import: everything it did, and nothing that was done since.

use std::fmt::Write;

use serde_json::json;
use tests::{Made, Page, journey};

/// People with a name and points; `old` are people of an earlier file, too.
fn people(old: usize, new: usize, points: &str) -> Made {
    let mut text = String::from("email,first_name,points\n");
    for at in 0..old {
        writeln!(text, "old{at}@example.com,{points}-{at},{points}").expect("a text takes any text");
    }
    for at in 0..new {
        writeln!(text, "new{at}@example.com,{points}-{at},{points}").expect("a text takes any text");
    }
    Made::new(if new == 0 { "first.csv" } else { "second.csv" }, text)
}

/// All contacts with their segments, in lines.
fn export(page: &Page) -> Vec<String> {
    page.begin_export();
    page.check("Membership column");
    let file = String::from_utf8(page.run_export()).expect("the export is UTF-8");
    file.lines().map(str::to_owned).collect()
}

journey!(
    an_undone_import_gives_back_every_value_and_membership_but_what_was_edited_since,
    |page| {
        let (first, second) = (people(1000, 0, "1"), people(1000, 5000, "2"));
        page.begin_import(first.path());
        page.next();
        page.into_new_segment("Members");
        page.check_import();
        page.run_import();
        let before = export(page);
        assert_eq!(before.len(), 1001);

        page.begin_import(second.path());
        page.next();
        page.check("Overwrite existing");
        page.check("Add to segment");
        page.pick("Segment", "Members");
        page.check("Remove");
        page.check_import();
        page.run_import();
        page.within("Account")
            .see_numbers(&[("Rows read", 6000), ("New", 5000), ("Updated", 1000)]);
        page.within("Segment").see_numbers(&[("Removed", 1000)]);

        page.see_contacts("6,000 contacts");
        edit(page, "old7@example.com", "Points", "77");
        edit(page, "new3@example.com", "First name", "Nora");

        page.go("#/imports");
        page.within("second.csv").click("Undo import");
        page.see("4,999 contacts removed");
        // Two values each of those overwritten, less the one edited since, and the points of the one who is kept.
        page.see("2,000 values set back to what they were before");
        page.see("1,000 memberships changed");
        page.see("1 contact kept, because a person or another import wrote to them since");
        page.see("2 values kept, because something newer wrote them");
        page.click("Undo import");
        page.within("second.csv").see("Undone");
        page.see_contacts("1,001 contacts");

        let after = export(page);
        let changed: Vec<&String> = after.iter().filter(|line| !before.contains(line)).collect();
        assert_eq!(changed.len(), 2, "{changed:#?}");
        assert!(
            changed[0].starts_with("old7@example.com,")
                && changed[0].contains(",1-7,")
                && changed[0].contains(",77,"),
            "{changed:?}"
        );
        assert!(
            changed[1].starts_with("new3@example.com,") && changed[1].contains(",Nora,"),
            "{changed:?}"
        );
        let unchanged = before.iter().filter(|line| after.contains(line)).count();
        assert_eq!(unchanged, 1000, "all but one are as before");

        page.go("#/imports");
        page.within("second.csv").click("Redo import");
        page.see("4,999 contacts restored");
        page.click("Redo import");
        page.see_contacts("6,000 contacts");
    }
);

journey!(keys_of_undo_that_come_fast_each_turn_one_change, |page| {
    for email in ["ana@example.org", "eva@example.org", "luis@example.org"] {
        page.begin_import_of_rows(&format!("email\n{email}\n"));
        page.check_import();
        page.run_import();
    }
    page.see_contacts("3 contacts");
    // All at once, before any of them is answered.
    let press = |keys: &str| {
        let script = "
            for (const key of arguments[0]) {
                window.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, shiftKey: key === 'Z' }));
            }";
        page.script(script, &[json!(keys)]);
    };
    press("zz");
    page.see_contacts("1 contact");
    press("ZZz");
    page.see_contacts("2 contacts");
    page.see("eva@example.org");
    press("zzz");
    page.see("There is nothing to undo");
    page.see("No contacts yet");
    page.reload();
    page.see("No contacts yet");
    press("ZZZZ");
    page.see("There is nothing to redo");
    page.see_contacts("3 contacts");
});

/// Changes a value on a contact's page.
fn edit(page: &Page, email: &str, field: &str, value: &str) {
    page.go("#/contacts");
    page.fill("Search contacts", email);
    page.see("1 of");
    page.click(email);
    page.see("General");
    page.fill(field, value);
    page.press("Enter");
    page.see("Set");
    page.reload();
    page.see("General");
    page.until(|| match page.value(field) {
        now if now == value => Ok(()),
        now => Err(format!("{field} is {now}")),
    });
}
