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
