//! Without a host: after the first visit, and as one file that is opened from disk.

use tests::{Browser, OneFile, Page, Profile, Site, journey};

journey!(
    after_the_first_visit_everything_works_without_the_host,
    |browser: Browser| {
        let site = Site::serve();
        let page = browser.open(&site);
        page.see("No contacts yet");
        page.is_kept();
        site.stop();

        // The tab that was open when it went, and what that tab had not fetched yet.
        page.begin_import_of_rows("email,first_name\nana@example.com,Ana\neva@example.com,Eva\n");
        page.check_import();
        page.run_import();
        page.load_again();
        page.see_contacts("2 contacts");
        page.make_workflow();

        // Another tab, and a worker that starts anew.
        let other = page.another_tab();
        other.see_contacts("2 contacts");
        page.close();
        other.load_again();
        other.see_contacts("2 contacts");
        other.begin_export();
        let file = other.run_export();
        assert!(String::from_utf8_lossy(&file).contains("ana@example.com"));
        other.has_no_errors();
        site.was_asked_only_for_its_own();
    }
);

/// Imports, looks, and takes the list along.
fn main_job(page: &Page) {
    page.begin_import_of_rows("email,first_name\nana@example.com,Ana\neva@example.com,Eva\n");
    page.check_import();
    page.run_import();
    page.see_contacts("2 contacts");
    page.make_workflow();
    page.begin_export();
    let file = page.run_export();
    assert!(String::from_utf8_lossy(&file).contains("eva@example.com"));
}

journey!(
    one_file_from_disk_does_the_main_job_and_still_has_it_when_it_is_opened_again,
    |browser: Browser| {
        let file = OneFile::new();
        // MiniBrowser keeps nothing after its session: there the page is loaded again instead.
        let profile = (browser != Browser::WebKit).then(Profile::new);
        let page = browser.open_file(&file, profile.as_ref());
        page.see("No contacts yet");
        main_job(&page);
        page.has_no_errors();
        let page = match &profile {
            Some(profile) => {
                drop(page);
                browser.open_file(&file, Some(profile))
            }
            None => {
                page.load_again();
                page
            }
        };
        page.see_contacts("2 contacts");
        page.go("#/workflows");
        page.see("New workflow");
        page.has_no_errors();
    }
);
