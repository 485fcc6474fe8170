//! Without a host: after the first visit Corral opens, and does everything, though its host is gone.

use tests::{Browser, Page, Site};

/// Waits until the browser keeps all of Corral.
fn is_kept(page: &Page) {
    page.until(|| {
        let state = page.script("return document.documentElement.dataset.offline ?? ''", &[]);
        match state.as_str() {
            Some("yes") => Ok(()),
            _ => Err(format!("Corral isn't kept: {state}")),
        }
    });
}

/// Loads the page again as its own script would: Firefox's driver passes over whatever is kept.
fn load_again(page: &Page) {
    page.script("window.__before = true; location.reload()", &[]);
    page.until(
        || match page.script("return window.__before === undefined", &[]).as_bool() {
            Some(true) => Ok(()),
            _ => Err("the page isn't loaded again".to_owned()),
        },
    );
}

fn everything_works_without_the_host(browser: Browser) {
    let site = Site::serve();
    let page = browser.open(&site);
    page.see("No contacts yet");
    is_kept(&page);
    site.stop();

    // The tab that was open when it went, and what that tab had not fetched yet.
    page.begin_import_of_rows("email,first_name\nana@example.com,Ana\neva@example.com,Eva\n");
    page.check_import();
    page.run_import();
    load_again(&page);
    page.see_contacts("2 contacts");
    page.make_workflow();

    // Another tab, and a worker that starts anew.
    let other = page.another_tab();
    other.see_contacts("2 contacts");
    page.close();
    load_again(&other);
    other.see_contacts("2 contacts");
    other.begin_export();
    let file = other.run_export();
    assert!(String::from_utf8_lossy(&file).contains("ana@example.com"));
    other.has_no_errors();
    other.asked_nobody_outside();
    site.was_asked_only_for_its_own();
}

mod after_the_first_visit_everything_works_without_the_host {
    use super::{Browser, everything_works_without_the_host};

    #[test]
    fn chromium() {
        everything_works_without_the_host(Browser::Chromium);
    }

    #[test]
    fn firefox() {
        everything_works_without_the_host(Browser::Firefox);
    }

    #[test]
    fn webkit() {
        everything_works_without_the_host(Browser::WebKit);
    }
}
