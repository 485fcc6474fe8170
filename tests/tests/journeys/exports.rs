//! What comes out besides contacts: activities, audiences for ads, and emails on the clipboard.

use serde_json::json;
use tests::{Made, Page, journey};

/// Two people of a segment *Fair*, one of whom may be addressed.
fn fair(page: &Page) {
    let file = Made::new(
        "fair.csv",
        "email,first_name,newsletter_status\n\
         John_Smith@gmail.com,Mary,subscribed\n\
         other@example.com,Otto,unsubscribed\n",
    );
    page.begin_import(file.path());
    page.next();
    page.into_new_segment("Fair");
    page.check_import();
    page.run_import();
}

journey!(purchases_come_out_of_a_zip_file_as_they_went_in, |page| {
    fair(page);
    page.go("#/simulator/import");
    page.paste(
        "Rows",
        "email,date,order_id,amount,quantity\n\
         john_smith@gmail.com,2026-05-01T10:00:00Z,A1,59.90,1\n\
         john_smith@gmail.com,2026-05-01T10:00:00Z,A1,20.00,2\n\
         other@example.com,2026-05-02T08:30:00Z,A2,5.00,1\n",
    );
    page.click("Read pasted rows");
    page.see("First rows");
    page.click("Check");
    page.see("3 rows read = 3 imported + 0 rejected");
    page.click("Import");
    page.see("What happened");

    page.begin_export();
    page.uncheck("Contacts");
    page.check("Activities");
    page.see("Purchase (2)");
    page.click("Select no activities");
    page.see("Tick at least one type of activity");
    page.check("Purchase (2)");
    let zip = page.run_export();
    assert!(zip.starts_with(b"PK\x03\x04"));
    // The files inside are not compressed.
    let inside = String::from_utf8_lossy(&zip).replace("\r\n", "\n");
    let file = "email,external_id,date,amount,quantity,product_id,product_name,category,brand,unit_price,order_id,payment_method,origin
john_smith@gmail.com,,2026-05-01T10:00:00Z,59.90,1,,,,,59.90,A1,,Imported
john_smith@gmail.com,,2026-05-01T10:00:00Z,20.00,2,,,,,10.00,A1,,Imported
other@example.com,,2026-05-02T08:30:00Z,5.00,1,,,,,5.00,A2,,Imported
";
    assert!(inside.contains("purchase.csv"), "{inside}");
    assert!(inside.contains(file), "{inside}");
});

journey!(a_deleted_export_comes_back_with_its_file, |page| {
    fair(page);
    page.begin_export();
    let first = page.run_export();
    let button = page
        .texts("main tbody tr:first-child button")
        .into_iter()
        .find(|text| text.starts_with("Download"))
        .expect("the export is ready");
    let file = button.trim_start_matches("Download").trim().to_owned();
    page.click(&format!("Delete {file}"));
    page.see("No exports yet");
    page.click("Undo");
    page.see_control(&button);
    page.forget_downloads();
    page.click(&button);
    assert_eq!(page.downloaded(&file), first);
});

// WebKit's worker may outlive its last page for a while, and with it the file.
journey!(an_export_whose_file_is_gone_is_made_again_once, in [chromium, firefox], |page| {
    fair(page);
    page.begin_export();
    page.run_export();
    // Files last as long as the worker that made them.
    page.open("#/exports");
    page.see("File gone");
    let twice = "
        const again = [...document.querySelectorAll('main button')].find((one) => one.textContent.startsWith('Export again'));
        again.click();
        again.click()";
    page.script(twice, &[]);
    page.see("Ready");
    // Whatever was asked for before is answered before this.
    page.go("#/data");
    page.within("Storage").numbers();
    page.go("#/exports");
    page.see("Ready");
    assert_eq!(page.count("main tbody tr"), 2);
});

journey!(the_next_export_is_written_like_the_last_one, |page| {
    fair(page);
    page.begin_export();
    assert_eq!(page.value("Separator"), "comma");
    page.choose("Separator", "Semicolon ;");
    page.run_export();
    page.go("#/contacts/export/activities");
    page.see("Select all activities");
    assert!(page.is_checked("Activities"));
    assert_eq!(page.value("Separator"), "semicolon");
});

journey!(a_segment_becomes_an_audience_for_ads, |page| {
    fair(page);
    page.go("#/segments");
    page.choose_from_menu("Options for Fair", "Export for ads…");
    page.see("Uploading it to the platform is up to you");
    page.see("1 of 2 contacts may be addressed");
    page.within("Preview").see_numbers(&[
        ("People in the file", 1),
        ("Left out, nothing to find them by", 0),
        ("With Email", 1),
    ]);
    // The hashes of `john_smith@gmail.com` and `mary`, as Meta publishes them.
    let john = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f";
    let mary = "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec";
    let file = String::from_utf8(page.run_export()).expect("the file is UTF-8");
    assert_eq!(
        file,
        format!("email,phone,fn,ln,dob,doby,extern_id\r\n{john},,{mary},,,,\r\n")
    );

    page.go("#/segments");
    page.choose_from_menu("Options for Fair", "Export for ads…");
    page.choose("Platform", "Google Ads Customer Match");
    page.check("Plain");
    page.check("Also people whose status does not allow it");
    page.within("Preview")
        .see_numbers(&[("People in the file", 2), ("With Email", 2)]);
    let file = String::from_utf8(page.run_export()).expect("the file is UTF-8");
    assert_eq!(
        file,
        "Email,Phone\r\njohn_smith@gmail.com,\r\nother@example.com,\r\n"
    );
});

journey!(the_emails_of_a_segment_are_copied_or_shown_to_be_copied, |page| {
    fair(page);
    page.go("#/segments");
    // What a browser under remote control does with the clipboard differs; what Corral gives it does not.
    page.script(
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
           writeText: async (text) => { window.copied = text; },
         } });",
        &[],
    );
    page.choose_from_menu("Options for Fair", "Copy emails…");
    page.see("2 emails, one a line");
    page.click("Copy");
    page.see("2 emails copied");
    let copied = page.script("return window.copied", &[]);
    assert_eq!(copied, json!("john_smith@gmail.com\nother@example.com"));

    page.script(
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
           writeText: async () => { throw new DOMException('no', 'NotAllowedError'); },
         } });",
        &[],
    );
    page.choose_from_menu("Options for Fair", "Copy emails…");
    page.see("2 emails, one a line");
    page.click("Copy");
    page.see("The browser does not let Corral write to the clipboard");
    assert_eq!(page.value("Emails"), "john_smith@gmail.com\nother@example.com");
});
