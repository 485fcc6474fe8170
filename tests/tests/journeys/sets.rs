//! Set algebra on the screen, against sets worked out in the test.

use std::collections::BTreeSet;
use std::fmt::Write;
use tests::{Made, Page, journey};

/// People by their numbers, and in which of three sets each is.
fn sets() -> [BTreeSet<u32>; 3] {
    let every = |step: usize, from: u32| (from..600).step_by(step).collect();
    [every(2, 0), every(3, 30), every(5, 300)]
}

const NAMES: [&str; 3] = ["Even", "Third", "Fifth"];

/// Imports them, with their segments from a column.
fn people(page: &Page) {
    let sets = sets();
    let mut text = String::from("email,segments\n");
    for at in 0..600u32 {
        let of: Vec<&str> = NAMES
            .iter()
            .zip(&sets)
            .filter(|(_, set)| set.contains(&at))
            .map(|(name, _)| *name)
            .collect();
        writeln!(text, "p{at}@example.com,{}", of.join("|")).expect("a text takes any text");
    }
    let file = Made::new("people.csv", text);
    page.begin_import(file.path());
    page.check_import();
    page.run_import();
    page.go("#/segments");
    page.see("3 segments");
}

/// The rows of the table behind a picture, each with its label and number.
fn behind(page: &Page) -> Vec<(String, u64)> {
    let rows = page.script(
        "return { value: [...document.querySelectorAll('figure tbody tr')].map((row) =>
           [...row.children].map((cell) => cell.textContent.trim())) }",
        &[],
    );
    let rows = rows.get("value").cloned().unwrap_or(rows);
    let rows: Vec<Vec<String>> = serde_json::from_value(rows).expect("rows of texts");
    rows.into_iter()
        .filter_map(|row| Some((row.first()?.clone(), row.get(1)?.replace(',', "").parse().ok()?)))
        .collect()
}

journey!(
    pictures_and_counts_agree_with_sets_worked_out_in_the_test,
    |page| {
        people(page);
        let sets = sets();
        page.go("#/segments/combine?of=1,2,3");
        page.see("Operation");
        let exactly = |region: usize| {
            let in_all = |at: &u32| (0..3).all(|set| sets[set].contains(at) == (region >> set & 1 == 1));
            (0..600u32).filter(in_all).count() as u64
        };
        let mut wanted: Vec<u64> = (1..8).map(exactly).collect();
        wanted.sort_unstable();
        let regions = page.until(|| match behind(page) {
            rows if rows.len() == 7 => Ok(rows),
            rows => Err(format!("{rows:?}")),
        });
        let mut numbers: Vec<u64> = regions.iter().map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, wanted, "{regions:?}");

        let union: BTreeSet<u32> = sets.iter().flatten().copied().collect();
        let both: BTreeSet<u32> = sets[0]
            .iter()
            .filter(|at| sets[1].contains(at) && sets[2].contains(at))
            .copied()
            .collect();
        let first: BTreeSet<u32> = sets[0]
            .iter()
            .filter(|at| !sets[1].contains(at) && !sets[2].contains(at))
            .copied()
            .collect();
        for (operation, result) in [("Union", &union), ("Intersection", &both), ("Difference", &first)] {
            page.check(operation);
            page.see(&format!("{} contacts", result.len()));
        }
        page.check("UpSet");
        page.see(&format!("{} contacts", first.len()));
        page.fill("Name (required)", "Even only");
        page.click("Save as segment");
        page.see("Combined");
        page.see(&format!("{} contacts", first.len()));

        // Somebody comes into what is taken away: Refresh says so before it does it.
        page.go("#/segments");
        page.choose_from_menu("Options for Third", "Add or remove by pasted keys");
        page.paste("Emails or external IDs", "p2@example.com");
        page.click("Preview");
        page.click("Change 1 contact");
        page.see("Added 1 contact to Third");
        page.go("#/segments/refresh");
        page.see("Even only");
        page.click("Refresh all");
        page.see("0 came, 1 went");
        page.go("#/segments");
        page.within("Even only").see(&(first.len() - 1).to_string());
    }
);

// What is wrong is told by the page alone, the same in all browsers.
journey!(a_split_whose_shares_do_not_add_up_is_told_at_its_field_and_the_matrix_agrees, in [chromium], |page| {
    people(page);
    let sets = sets();
    page.go("#/segments/1/split");
    page.see("Number of parts");
    page.within("Part 1").fill("Share in %", "60");
    page.click("Split");
    page.see("110 %");
    page.within("Part 1").fill("Share in %", "50");
    page.click("Split");
    page.see("Split 300 contacts into 2 segments");
    page.go("#/segments");
    page.see("5 segments");
    page.go("#/segments/overlap");
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let shared = sets[one].intersection(&sets[other]).count();
        page.until(|| {
            let row = page.script(
                "return [...document.querySelectorAll('main tbody tr')].find((row) => row.querySelector('th')?.textContent.includes(arguments[0]))?.innerText ?? ''",
                &[serde_json::json!(NAMES[one])],
            );
            let row = row.as_str().unwrap_or_default();
            match row.split_whitespace().any(|number| number == shared.to_string()) {
                true => Ok(()),
                false => Err(format!("{} {}: {row}", NAMES[one], NAMES[other])),
            }
        });
    }
});
