//! Two tabs: one workspace.

use std::fmt::Write;

use serde_json::json;
use tests::{Made, Page, journey};

/// From now on this tab notes when it first shows a text.
fn watch_for(page: &Page, text: &str) {
    let script = "
        const seen = () => document.body.innerText.includes(arguments[0]);
        window.__shown = null;
        const note = (_, observer) => {
          if (!seen()) return;
          window.__shown = Date.now();
          // What is watched for next is another text.
          observer.disconnect();
        };
        new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });";
    page.script(script, &[json!(text)]);
}

/// From now on this tab notes when it was last clicked.
fn watch_clicks(page: &Page) {
    page.script(
        "addEventListener('click', () => { window.__clicked = Date.now() }, true)",
        &[],
    );
}

fn moment(page: &Page, name: &str) -> i64 {
    page.until(|| {
        page.script(&format!("return window.{name} ?? null"), &[])
            .as_i64()
            .ok_or_else(|| format!("no {name} yet"))
    })
}

journey!(what_one_tab_does_the_other_shows_within_a_second, |page| {
    page.begin_import_of_rows("email,first_name\nana@example.com,Ana\neva@example.com,Eva\n");
    page.check_import();
    page.run_import();
    let other = page.another_tab();
    other.see("ana@example.com");
    watch_for(&other, "Anastasia");

    page.go("#/contacts");
    page.click("ana@example.com");
    page.see("General");
    page.fill("First name", "Anastasia");
    watch_clicks(page);
    // Leaving the field saves it.
    page.click("General");
    other.see("Anastasia");
    let delay = moment(&other, "__shown") - moment(page, "__clicked");
    assert!(delay < 1000, "the other tab showed it after {delay} ms");

    watch_for(&other, "1 contact");
    watch_clicks(page);
    page.click("Delete");
    other.see("1 contact");
    other.see_no("Anastasia");
    let delay = moment(&other, "__shown") - moment(page, "__clicked");
    assert!(delay < 1000, "the other tab showed it after {delay} ms");
    other.click("Undo: Deleted 1 contact");
    page.see("2 contacts");
    other.has_no_errors();
});

/// People with these numbers.
fn people(name: &str, numbers: std::ops::Range<usize>) -> Made {
    let mut text = String::from("email,points\n");
    for at in numbers {
        writeln!(text, "p{at}@example.com,{at}").expect("a text takes any text");
    }
    Made::new(name, text)
}

journey!(two_tabs_import_at_once_and_nothing_is_lost, |page| {
    let (one, two) = (people("one.csv", 0..60_000), people("two.csv", 50_000..100_000));
    let other = page.another_tab();
    page.begin_import(one.path());
    other.begin_import(two.path());
    for tab in [page, &other] {
        tab.next();
        tab.next();
        tab.next();
    }
    for tab in [page, &other] {
        tab.see("read =");
    }
    page.start_import();
    other.start_import();
    for tab in [page, &other] {
        tab.see("Import result");
        tab.see("read =");
    }
    page.within("Account")
        .see_numbers(&[("Rows read", 60_000), ("Rejected", 0)]);
    other
        .within("Account")
        .see_numbers(&[("Rows read", 50_000), ("Rejected", 0)]);
    page.see_contacts("100,000 contacts");
    other.see_contacts("100,000 contacts");
    page.fill("Search contacts", "p99999@");
    page.see("1 of 100,000 contacts");
    page.go("#/imports");
    page.see("one.csv");
    page.see("two.csv");
    other.has_no_errors();
});

journey!(a_tab_that_is_closed_leaves_its_import_to_the_others, |page| {
    let file = Made::people("people.csv", 600_000);
    let other = page.another_tab();
    other.begin_import(file.path());
    other.check_import();
    other.start_import();
    other.see("Importing");
    other.close();
    page.see_contacts("600,000 contacts");
    page.go("#/imports");
    page.within("people.csv").see("600,000");
});
