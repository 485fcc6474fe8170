//! Every screen, wide and narrow, light and dark: axe finds nothing, and its picture lies in `target/screenshots`.

use tests::{Page, fixture, journey};

/// The ways in which each screen is looked at.
const LOOKS: [(&str, u32, bool); 4] = [
    ("wide", 1280, false),
    ("wide-dark", 1280, true),
    ("narrow", 390, false),
    ("narrow-dark", 390, true),
];

/// Looks at the screen as it is now in all ways, and returns what axe finds.
fn look(page: &Page, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (look, width, dark) in LOOKS {
        page.system_is_dark(dark);
        page.resize(width, 860);
        page.settled();
        page.screenshot(&format!("{name}-{look}"));
        // High enough for the whole screen: half behind a bar at the edge of the window nothing is large enough.
        page.resize(width, 2400);
        page.settled();
        for violation in page.axe() {
            found.push(format!("{name}-{look}: {violation:?}"));
        }
    }
    page.system_is_dark(false);
    page.resize(1280, 860);
    found
}

/// Fails with everything that was found on any screen.
fn nothing(found: &[Vec<String>]) {
    let found = found.concat();
    assert!(
        found.is_empty(),
        "{} violations:\n{}",
        found.len(),
        found.join("\n")
    );
}

// One engine is enough: axe looks at the same document everywhere, and only Chromium gets as narrow as a telephone.
journey!(screens_without_data_can_be_used_by_everybody, in [chromium], |page| {
    let mut found = Vec::new();
    for (name, route, text) in [
        ("empty-contacts", "#/contacts", "No contacts yet"),
        ("empty-segments", "#/segments", "No segments yet"),
        ("empty-fields", "#/fields", "No custom fields yet"),
        ("empty-imports", "#/imports", "No imports yet"),
        ("empty-exports", "#/exports", "No exports yet"),
        ("empty-history", "#/history", "Nothing has changed yet"),
        ("data", "#/data", "Storage"),
        ("import-1-source", "#/contacts/import", "Or paste rows"),
        ("new-contact", "#/contacts/new", "Create contact"),
        ("new-segment", "#/segments/new", "Its contacts change only"),
        ("export", "#/contacts/export", "Start export"),
        ("export-ads", "#/contacts/export/ads", "Start export"),
        ("no-such-page", "#/nowhere", "There is no such page"),
        ("no-such-contact", "#/contacts/999", "View all contacts"),
        ("no-such-change", "#/history/999", "Change not found"),
        ("no-such-segment", "#/segments/999/analytics", "There is no such segment"),
        ("empty-combine", "#/segments/combine", "Nothing to combine yet"),
        ("empty-overlap", "#/segments/overlap", "Overlap"),
        ("empty-refresh", "#/segments/refresh", "No segment has a formula"),
        ("empty-duplicates", "#/contacts/duplicates", "No likely duplicates"),
        ("empty-workflows", "#/workflows", "No workflows yet"),
        ("no-such-workflow", "#/workflows/999", "There is no such workflow"),
        ("empty-simulator", "#/simulator", "Nobody to simulate yet"),
        ("import-events-1-source", "#/simulator/import", "Or paste rows"),
    ] {
        page.go(route);
        page.see(text);
        found.push(look(page, name));
    }
    nothing(&found);
});

// See above.
journey!(an_import_can_be_used_by_everybody, in [chromium], |page| {
    let mut found = Vec::new();
    page.begin_import(&fixture("newsletter-windows1252.csv"));
    found.push(look(page, "import-1-opened"));
    page.next();
    page.into_new_segment("Newsletter");
    found.push(look(page, "import-2-options"));
    page.next();
    page.see("Gasto total");
    found.push(look(page, "import-3-map"));
    page.next();
    page.see("read =");
    found.push(look(page, "import-4-check"));
    page.run_import();
    found.push(look(page, "import-6-result"));
    page.go("#/imports");
    page.see("newsletter-windows1252.csv");
    found.push(look(page, "imports"));
    page.click("Undo import");
    page.see("contacts removed");
    found.push(look(page, "undo-import"));
    nothing(&found);
});

// See above.
journey!(screens_with_data_can_be_used_by_everybody, in [chromium], |page| {
    let mut found = Vec::new();
    page.begin_import(&fixture("shop-contacts.csv"));
    page.next();
    page.into_new_segment("Shop");
    page.check_import();
    page.run_import();
    page.see_contacts("5,000 contacts");
    page.see("user0.993908@example2.com");
    found.push(look(page, "contacts"));
    page.click("Filter");
    page.pick("Field", "city");
    page.fill("Value", "Madrid");
    page.see_answer_to("Madrid");
    page.see("of 5,000 contacts");
    page.click("Select all contacts that match");
    page.see("contacts selected");
    found.push(look(page, "contacts-filter"));
    page.click("Columns…");
    page.see("Columns");
    found.push(look(page, "contacts-columns"));
    page.press("Escape");
    page.go("#/contacts");
    page.click("user0.993908@example2.com");
    page.see("Kept by Corral");
    found.push(look(page, "contact"));
    page.go("#/contacts/export/ads");
    page.see("People in the file");
    found.push(look(page, "export-ads-full"));
    page.begin_export();
    page.check("Activities");
    page.see("Purchase (0)");
    found.push(look(page, "export-activities"));
    page.uncheck("Activities");
    found.push(look(page, "export-full"));
    page.run_export();
    found.push(look(page, "exports"));
    for (name, route, text) in [
        ("segments", "#/segments", "Shop"),
        ("fields", "#/fields", "country"),
        ("history", "#/history", "Import"),
        ("data-full", "#/data", "5,000"),
        ("segment-edit", "#/segments", "Shop"),
    ] {
        page.go(route);
        page.see(text);
        if name == "segment-edit" {
            page.choose_from_menu("Options for Shop", "Edit");
            page.see("Edit Shop");
        }
        found.push(look(page, name));
    }
    page.go("#/segments");
    page.choose_from_menu("Options for Shop", "Add or remove by pasted keys");
    page.paste("Emails or external IDs", "nobody@example.com");
    page.click("Preview");
    page.see("Nobody has these keys");
    found.push(look(page, "segment-keys"));
    page.go("#/segments");
    page.choose_from_menu("Options for Shop", "Delete");
    page.see("Delete contacts pertaining to the segment");
    found.push(look(page, "segment-delete"));
    page.press("Escape");
    page.go("#/fields");
    page.click("Create field");
    page.see("The type can't be changed later");
    found.push(look(page, "field-new"));
    page.press("Escape");
    page.press("Control+k");
    page.see("Import contacts…");
    found.push(look(page, "palette"));
    nothing(&found);
});

// The demo has half a year of history.
journey!(histories_charts_and_sets_can_be_used_by_everybody, in [chromium], |page| {
    let mut found = Vec::new();
    page.go("#/contacts");
    page.click("Load the demo");
    page.see("5,000 contacts");
    for (name, route, text) in [
        ("analytics", "#/segments/2/analytics", "Composition by Newsletter status"),
        ("segment-history", "#/segments/2/history", "As of"),
        ("history-demo", "#/history", "Newsletter buyers"),
        ("segments-demo", "#/segments", "Win-back"),
        ("combine-venn", "#/segments/combine?of=2,4,7", "Save as segment"),
        ("combine-upset", "#/segments/combine?of=2,3,4,7,8", "Save as segment"),
        ("overlap", "#/segments/overlap", "Newsletter buyers"),
        ("split", "#/segments/2/split", "Number of parts"),
        ("sample", "#/segments/2/sample", "Draw sample"),
        ("refresh", "#/segments/refresh", "Newsletter buyers"),
        ("duplicates", "#/contacts/duplicates", "Likely duplicates"),
        ("merge", "#/contacts/merge?of=1,2,3", "Merge"),
        ("why", "#/contacts?filter=all(in:7)", "of 5,000 contacts"),
    ] {
        page.go(route);
        page.see(text);
        found.push(look(page, name));
    }
    page.go("#/contacts?q=ana.lopez");
    page.click("ana.lopez@example.com");
    page.see("Activity");
    found.push(look(page, "contact-demo"));
    page.script("[...document.querySelectorAll('.membership a')].find((a) => a.textContent.includes('line')).click()", &[]);
    page.see("Where every row went");
    found.push(look(page, "change"));
    page.go("#/segments/2/analytics");
    page.see("Compare two dates");
    page.choose_from_menu("Save Members over time", "Save table as CSV");
    assert!(page.downloaded("members-over-time.csv").starts_with("\u{feff}When,Members".as_bytes()));
    nothing(&found);
});

// See above.
journey!(workflows_can_be_used_by_everybody, in [chromium], |page| {
    let mut found = Vec::new();
    page.go("#/contacts");
    page.click("Load the demo");
    page.see("5,000 contacts");
    page.make_from_template("Interested in a category");
    let draft = page.route();
    page.go("#/workflows");
    page.see("Interested in a category");
    found.push(look(page, "workflows"));
    page.click_first("Start from a template…");
    page.see("A draft is made");
    found.push(look(page, "workflow-templates"));
    page.press("Escape");
    page.go(&draft);
    page.see("Checks");
    found.push(look(page, "workflow-build"));
    for node in ["On product visited", "Add to segment", "Wait"] {
        page.click("List");
        let edit = "[...document.querySelectorAll('.graph-line')].find((line) => line.querySelector('h2').textContent.endsWith(arguments[0])).querySelector('.buttons button').click()";
        page.script(edit, &[node.into()]);
        page.see("Your own name for it on the canvas");
        page.click("Canvas");
        found.push(look(page, &format!("workflow-panel-{}", node.to_lowercase().replace(' ', "-"))));
    }
    page.click("List");
    page.see("leads to 2. On product visited");
    found.push(look(page, "workflow-list"));
    page.click("Canvas");
    page.click("Dry run");
    page.fill("Days", "3");
    page.fill("Visits a day", "300");
    page.click("Start dry run");
    page.see("Nothing was saved");
    found.push(look(page, "workflow-dry-run"));
    page.click("Try with one contact");
    page.fill("Contact", "ana.lopez");
    page.within("Contacts found").click("Ana López");
    page.click("Try");
    page.see("Ana López did not enter: The event “Product visited” did not pass");
    found.push(look(page, "workflow-try"));
    page.click("Activate");
    page.see("Active. Waiting for activity");
    page.click("Live view");
    page.see("Updated as it happens");
    found.push(look(page, "workflow-live"));
    nothing(&found);
});

// See above.
journey!(the_simulator_can_be_used_by_everybody, in [chromium], |page| {
    let mut found = Vec::new();
    page.go("#/contacts");
    page.click("Load the demo");
    page.see("5,000 contacts");
    page.go("#/simulator");
    page.see("Visits a day");
    found.push(look(page, "simulator"));
    page.simulate_for_real(3, 300, 7);
    found.push(look(page, "simulator-result"));
    page.go("#/simulator/import");
    page.paste("Rows", "email,date,amount\nana.lopez@example.com,2026-05-01,59.90\nana.lopez@example.com,soon,1\n");
    page.click("Read pasted rows");
    page.see("First rows");
    found.push(look(page, "import-events-2-columns"));
    page.click("Check");
    page.see("2 rows read = 1 imported + 1 rejected");
    found.push(look(page, "import-events-3-check"));
    page.click("Import");
    page.see("What happened");
    found.push(look(page, "import-events-4-result"));
    nothing(&found);
});
