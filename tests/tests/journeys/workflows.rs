//! Workflows: drawn on the canvas or put together by the keyboard, tried, and let loose on a simulated week.

use tests::{Made, Page, journey};

/// So many people the shop has.
const PEOPLE: usize = 60;

/// Who purchased at least once.
const PURCHASED: &str = "did:purchase%3Acount%3Age%3A1%3Aever%3A1%3Aall";

/// People, and a segment that has none of them.
fn shop(page: &Page) {
    let file = Made::people("people.csv", PEOPLE);
    page.import(file.path());
    page.make_segment("Buyers");
}

/// The segment's members are those who purchased, no more and no fewer, and each is told why.
fn buyers_are_those_who_purchased(page: &Page) {
    let members = page.found_by("all(in:1)");
    assert!(members > 5, "only {members} purchased");
    assert_eq!(page.found_by(&format!("all({PURCHASED})")), members);
    assert_eq!(page.found_by(&format!("any(in:1,{PURCHASED})")), members);
    assert_eq!(page.found_by(&format!("all(in:1,{PURCHASED})")), members);
    let open = "return document.querySelector('main [role=grid] a[href^=\"#/contacts/\"]')?.click()";
    page.script(open, &[]);
    page.see("by workflow New workflow, node Add to segment: Purchase");
    page.see("Simulated");
}

journey!(
    a_new_user_draws_a_workflow_and_its_segment_fills_with_those_who_purchase,
    |page| {
        shop(page);
        // Wide enough for the palette, the canvas and the panel side by side.
        page.resize(1440, 900);
        page.make_workflow();
        page.drop_node("On purchase", 420, 160);
        page.draw_edge("Start", 0, "On purchase");
        page.drop_node("Add to segment", 420, 360);
        page.pick("Add to", "Buyers");
        page.click("Apply");
        page.draw_edge("On purchase", 0, "Add to segment");
        page.save_workflow();
        page.click("Activate");
        page.see("Active. Waiting for activity");
        page.click("Simulate");
        page.simulate_for_real(7, 100, 7);
        page.within("Result").see("Buyers");
        buyers_are_those_who_purchased(page);
    }
);

// WebKit's keyboard walks through fields alone unless its system says otherwise.
journey!(the_same_is_done_with_the_keyboard_alone, in [chromium, firefox], |page| {
    let file = Made::people("people.csv", PEOPLE);
    page.import(file.path());
    page.tab_to("Segments");
    page.press("Enter");
    page.tab_to("Create new segment");
    page.press("Enter");
    page.tab_to("Name (required)");
    page.type_text("Buyers");
    page.press("Enter");
    page.see("Created segment Buyers");

    page.tab_to("Workflows");
    page.press("Enter");
    page.tab_to("Create new workflow");
    page.press("Enter");
    page.tab_to("List");
    page.press("Enter");
    page.tab_to("Add node after…");
    page.choose_line_by_keys("On purchase");
    page.see("2. On purchase");
    let trigger = page.within("trigger");
    trigger.tab_to("Add node after…");
    trigger.choose_line_by_keys("Add to segment");
    page.see("leads to 3. Add to segment");
    trigger.tab_to("Connect to…");
    trigger.choose_line_by_keys("Nothing");
    trigger.see("leads nowhere");
    trigger.tab_to("Connect to…");
    trigger.choose_line_by_keys("3. Add to segment");
    trigger.see("leads to 3. Add to segment");
    page.tab_to("Add to");
    page.type_text("Buyers");
    page.press("Enter");
    page.see_control("Take Buyers away");
    page.tab_to("Apply");
    page.press("Enter");
    page.press("Control+s");
    page.see("Saved");
    page.tab_to("Activate");
    page.press("Enter");
    page.see("Active. Waiting for activity");
    page.tab_to("Simulate");
    page.press("Enter");

    page.tab_to("Visits a day");
    page.retype("100");
    page.tab_to("Seed");
    page.retype("7");
    page.tab_to("Speed");
    page.press("Shift+Tab");
    page.press("ArrowDown");
    assert!(page.is_checked("Simulate on this workspace"));
    page.tab_to("Simulate");
    page.press("Enter");
    page.see("State afterwards");
    buyers_are_those_who_purchased(page);
});

/// What a dry run must leave alone: the segments with their members, and the changes.
fn standing(page: &Page) -> Vec<String> {
    page.go("#/segments");
    page.see("Newsletter buyers");
    let mut standing = page.texts("main tbody th, main tbody td.number");
    page.go("#/history");
    page.within("Changes").see("Created workflow Welcome buyers");
    standing.extend(page.texts("main tbody th"));
    standing
}

journey!(
    a_dry_run_of_a_draft_tells_what_would_happen_and_changes_nothing,
    |page| {
        page.go("#/contacts");
        page.click("Load the demo");
        page.see("5,000 contacts");
        page.make_from_template("Welcome buyers");
        let draft = page.route();
        let before = standing(page);

        page.go(&draft);
        page.click("Dry run");
        page.fill("Days", "3");
        page.fill("Visits a day", "400");
        page.uncheck("And other active workflows, too");
        page.click("Start dry run");
        page.see("Nothing was saved");
        let changed = page.texts("[aria-label='Segments that would change'] tbody tr");
        assert!(
            changed.len() == 1 && changed[0].starts_with("Buyers"),
            "{changed:?}"
        );
        let numbers = page.node_numbers();
        let added = numbers
            .iter()
            .find(|row| row[0] == "Add to segment")
            .expect("a row");
        assert_ne!(added[1], "0", "{numbers:?}");
        let told = page.script(
            "return [...document.querySelectorAll('.node-told')].map((el) => el.textContent).join('; ')",
            &[],
        );
        assert!(
            told.as_str()
                .unwrap_or_default()
                .contains(&format!("Entered {}", added[1])),
            "{told}"
        );

        page.click("Try with one contact");
        page.fill("Contact", "ana.lopez");
        page.within("Contacts found").click("Ana López");
        page.fill("Amount", "59.90");
        page.click("Try");
        page.see("Ana López: 2 steps");
        assert_eq!(page.count(".workflow-steps li"), 2);
        page.see("Was a member already");
        assert_eq!(standing(page), before);
    }
);

journey!(
    every_template_makes_a_draft_and_a_workflow_goes_out_and_comes_in_again,
    |page| {
        page.go("#/workflows");
        page.see("No workflows yet");
        page.script("[...document.querySelectorAll('main button')].find((one) => one.textContent.includes('template')).click()", &[]);
        page.see("A draft is made");
        let names = page.texts(".workflow-template strong");
        assert_eq!(names.len(), 7, "{names:?}");
        page.press("Escape");
        for name in &names {
            page.make_from_template(name);
            assert_eq!(page.value("Name of the workflow"), *name);
            page.see("Draft");
        }
        page.go("#/workflows");
        page.see("7 workflows");

        page.choose_from_menu("Options for Cart recovery", "Export as file");
        let file = page.until(|| {
            let names = page.script("return window.__watch.downloads.map((one) => one.name)", &[]);
            names[0]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| "nothing was downloaded".to_owned())
        });
        let bytes = page.downloaded(&file);
        let good = Made::new(&file, &bytes);
        page.upload("Workflow file", good.path());
        page.see_control("Dry run");
        assert!(page.value("Name of the workflow").starts_with("Cart recovery"));
        page.go("#/workflows");
        page.see("8 workflows");

        let broken = Made::new("broken.json", &bytes[..bytes.len() / 2]);
        page.upload("Workflow file", broken.path());
        page.see("The file is no workflow");
        page.see("8 workflows");
    }
);

journey!(a_double_click_activates_or_pauses_once, |page| {
    page.make_from_template("Welcome buyers");
    page.double_click("Activate");
    page.see("Active. Waiting for activity");
    page.double_click("Pause");
    page.see("Paused: nobody goes further");
    page.double_click("Resume");
    page.see_control("Pause");
    page.go("#/history");
    let changes = page.within("Changes");
    changes.see("Created workflow Welcome buyers");
    let said = page.texts("main tbody .history-what").join("; ");
    for (verb, times) in [("Activated", 1), ("Paused", 1), ("Resumed", 1)] {
        assert_eq!(said.matches(verb).count(), times, "{verb}: {said}");
    }
});

// The same in all browsers.
journey!(a_wait_asks_for_what_it_waits_for, in [chromium], |page| {
    page.resize(1440, 900);
    page.make_workflow();
    page.drop_node("Wait", 420, 160);
    page.choose("What to wait for", "A weekday and time");
    page.see("The next one of these");
    page.choose("What to wait for", "An activity, or at most a period");
    page.see("Then the contact goes on by Time out");
    page.see_no("The next one of these");
});
