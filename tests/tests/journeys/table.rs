//! View all: looking through contacts, by mouse, keyboard and address, and doing something with many at once.

use tests::{Page, fixture, journey};

/// The first column of the rows on the screen, from top to bottom.
fn rows(page: &Page) -> Vec<String> {
    let rows = "
        const rows = [...document.querySelectorAll('.grid-body [role=row]:not([hidden])')];
        rows.sort((a, b) => a.ariaRowIndex - b.ariaRowIndex);
        return rows.map((row) => row.querySelector('[aria-colindex=\"2\"]').innerText.trim())";
    serde_json::from_value(page.script(rows, &[])).expect("rows are texts")
}

/// Waits until the first row is this one.
fn see_first(page: &Page, email: &str) {
    page.until(|| match rows(page).first() {
        Some(first) if first == email => Ok(()),
        first => Err(format!("the first row is {first:?}, not {email}")),
    });
}

journey!(
    what_one_looks_at_is_in_the_address_and_survives_reload_and_back,
    |page| {
        page.import(&fixture("shop-contacts.csv"));
        page.see_contacts("5,000 contacts");
        see_first(page, "user0.993908@example2.com");
        page.fill("Search contacts", "zoe lopez");
        page.see_answer_to("q=zoe lopez");
        page.see("of 5,000 contacts");
        let found = page.texts(".toolbar-count");
        page.click("city");
        page.until(|| {
            page.route()
                .contains("sort=")
                .then_some(())
                .ok_or_else(|| page.route())
        });
        page.click("city");
        page.until(|| {
            page.route()
                .contains("sort=-")
                .then_some(())
                .ok_or_else(|| page.route())
        });
        page.until(|| match page.count("[role=grid][aria-busy=false]") {
            1 => Ok(()),
            _ => Err("the table still shows the order before".to_owned()),
        });
        let (address, sorted) = (page.route(), rows(page));

        page.reload();
        page.see(&found[0]);
        assert_eq!(page.route(), address);
        assert_eq!(page.value("Search contacts"), "zoe lopez");
        page.until(|| {
            (rows(page) == sorted)
                .then_some(())
                .ok_or_else(|| format!("{:?}", rows(page)))
        });

        page.click(&sorted[0]);
        page.see("General");
        page.back();
        page.is_at(&address);
        page.see(&found[0]);
        page.until(|| {
            (rows(page) == sorted)
                .then_some(())
                .ok_or_else(|| format!("{:?}", rows(page)))
        });
    }
);

journey!(a_filter_is_built_saved_and_becomes_a_segment, in [chromium], |page| {
    page.import(&fixture("shop-contacts.csv"));
    page.see_contacts("5,000 contacts");
    page.click("Filter");
    page.pick("Field", "country");
    page.choose("Test", "is");
    page.fill("Value", "ES");
    page.see("of 5,000 contacts");
    let count = page.texts(".toolbar-count")[0].split(' ').next().unwrap_or_default().to_owned();
    page.click("Save as segment…");
    page.fill("Name (required)", "Spain");
    page.click("Save as segment");
    page.go("#/segments");
    page.within("Spain").see(&count);
});

journey!(rows_are_walked_picked_and_opened_from_the_keyboard, |page| {
    page.import(&fixture("shop-contacts.csv"));
    page.see_contacts("5,000 contacts");
    see_first(page, "user0.993908@example2.com");
    page.script("document.querySelector('[role=grid]').focus()", &[]);
    page.press("ArrowDown");
    page.press("Space");
    page.see("1 contact selected");
    page.press("Shift+ArrowDown");
    page.press("Shift+ArrowDown");
    page.see("3 contacts selected");
    page.press("End");
    page.see("user4999");
    page.press("Home");
    see_first(page, "user0.993908@example2.com");
    // Over rows that the page does not hold.
    page.press("Shift+End");
    page.see("5,000 contacts selected");
    page.press("Home");
    see_first(page, "user0.993908@example2.com");
    page.press("Escape");
    page.press("ArrowDown");
    page.press("Enter");
    page.see("General");
    page.back();
    page.see("5,000 contacts");
});

journey!(
    all_that_match_are_changed_at_once_and_ctrl_z_takes_it_back,
    |page| {
        page.import(&fixture("shop-contacts.csv"));
        page.see_contacts("5,000 contacts");
        page.fill("Search contacts", "example7.com");
        page.see_answer_to("q=example7.com");
        page.see("of 5,000 contacts");
        let count = page.texts(".toolbar-count")[0]
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_owned();
        page.click("Select all contacts that match");
        page.see(&format!("{count} contacts selected"));
        page.within("Selection").click("Delete");
        page.see("No contact matches");
        page.see("Deleted");
        page.press("Control+z");
        page.see(&format!("{count} of 5,000 contacts"));
        page.press("Control+Shift+z");
        page.see("No contact matches");
        page.within("Redone").click("Undo");
        page.see(&format!("{count} of 5,000 contacts"));
    }
);

journey!(the_palette_reaches_every_page, |page| {
    page.see("No contacts yet");
    page.press("Control+k");
    page.see_control("Search pages and actions");
    page.type_text("create new seg");
    page.see("Create new segment…");
    page.press("Enter");
    page.is_at("#/segments/new");
    page.press("Control+k");
    page.type_text("history");
    page.press("Enter");
    page.is_at("#/history");
});

journey!(the_table_scrolls_to_its_end, |page| {
    page.import(&fixture("shop-contacts.csv"));
    page.see_contacts("5,000 contacts");
    page.script(
        "const grid = document.querySelector('[role=grid]'); grid.scrollTop = grid.scrollHeight",
        &[],
    );
    page.see("user4999");
    page.script("document.querySelector('[role=grid]').scrollTop = 0", &[]);
    see_first(page, "user0.993908@example2.com");
});
