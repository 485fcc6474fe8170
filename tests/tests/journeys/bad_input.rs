//! What bad input gets: a clear message each, nothing run, nothing changed, nothing lost silently.

use std::fs;

use tests::{Browser, Made, Page, Profile, Site, fixture, journey};

journey!(a_broken_file_is_accounted_for_line_by_line, |page| {
    page.begin_import(&fixture("broken.csv"));
    assert_eq!(page.value("Encoding"), "windows-1252");
    page.check_import();
    let account = [
        ("Rows read", 13),
        ("New", 5),
        ("Repeated in the file", 1),
        ("Rejected", 7),
    ];
    page.within("Rows").see_numbers(&account);
    page.see("1 blank line, which is no row");
    page.run_import();
    page.within("Account").see_numbers(&account);
    page.click("Download rejected rows");
    let rejected = String::from_utf8(page.downloaded("broken-rejected.csv")).expect("the file is UTF-8");
    for (line, column) in [
        ("4", ""),
        ("7", "email"),
        ("8", "points"),
        ("9", "points"),
        ("12", "first_name"),
    ] {
        let cells = format!(",{line},{column},");
        assert!(
            rejected.contains(&cells),
            "{cells} isn't in {}",
            &rejected.chars().take(2000).collect::<String>()
        );
    }

    page.see_contacts("5 contacts");
    page.see("<img src=x onerror=alert(1)>");
    assert_eq!(
        page.count(".grid img, .grid script"),
        0,
        "nothing of a file becomes an element"
    );
    page.click("script@example.com");
    page.see("General");
    assert_eq!(page.value("First name"), "<img src=x onerror=alert(1)>");
});

/// Gives the import a file that is none, and expects to be told so.
fn refused(page: &Page, name: &str, bytes: impl AsRef<[u8]>, message: &str) {
    let file = Made::new(name, bytes);
    page.go("#/contacts/import");
    page.upload("Choose a file…", file.path());
    page.see(message);
    // A new file takes the place of the message.
    page.go("#/contacts");
    page.see("No contacts yet");
}

journey!(a_file_that_is_no_list_is_refused_in_words, |page| {
    refused(
        page,
        "picture.png",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0",
        "The file is a picture, not a CSV file",
    );
    let sheet = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml xl/workbook.xml";
    refused(
        page,
        "people.xlsx",
        sheet,
        "The file is a spreadsheet, not a CSV file",
    );
    page.go("#/contacts/import");
    refused(page, "nothing.csv", b"", "The file is empty");
    refused(
        page,
        "wide.csv",
        wide(10_000),
        "The file has 10000 columns; at most 2,000 can be read",
    );
    refused(
        page,
        "long.csv",
        "x".repeat(50_000_000),
        "The first line of this file is longer than 256 kB",
    );
    header_only(page);
});

/// A header and one row of so many columns.
fn wide(columns: usize) -> String {
    let header: Vec<String> = (0..columns).map(|at| format!("c{at}")).collect();
    format!("{}\n{}\n", header.join(","), vec!["1"; columns].join(","))
}

/// A file of only a header is told as such, and changes nothing.
fn header_only(page: &Page) {
    refused(
        page,
        "header.csv",
        "email,first_name,points\n",
        "The file has a header and no rows",
    );
}

journey!(a_file_deleted_while_it_is_read_changes_nothing, |page| {
    let file = Made::people("people.csv", 20_000);
    page.begin_import(file.path());
    fs::remove_file(file.path()).expect("it was there");
    page.next();
    page.next();
    page.click("Next");
    page.see("people.csv can no longer be read");
    page.go("#/contacts");
    page.see("No contacts yet");
});

// In Firefox, which can be told how much a site may keep; Chromium: `faults.rs`.
#[test]
fn a_full_disk_stops_the_import_and_leaves_what_was_there() {
    let (site, profile) = (Site::serve(), Profile::with_room(12_000_000));
    let page = Browser::firefox().open_again(&site, &profile);
    page.import(&fixture("shop-contacts.csv"));
    let file = Made::people("people.csv", 400_000);
    page.begin_import(file.path());
    page.check_import();
    page.start_import();
    page.see("The import failed");
    page.see("space");
    page.see_contacts("5,000 contacts");
    page.reload();
    page.see("5,000 contacts");
    page.go("#/imports");
    page.see("shop-contacts.csv");
    page.see_no("people.csv");

    // What is small still fits, and what was tried in vain took no room.
    page.begin_import_of_rows("email\nana@example.org\n");
    page.check_import();
    page.run_import();
    page.see_contacts("5,001 contacts");
    page.has_no_errors();
}
