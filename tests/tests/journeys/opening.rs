//! The first thing anybody does: open the page.

use serde_json::json;
use tests::{Browser, Site, journey};
use xtask::parts;

journey!(the_page_opens_and_asks_nobody_for_anything, |page| {
    page.open("#/contacts");
    page.see("Contacts");
    page.see_no("Corral is starting…");
});

journey!(a_damaged_program_says_so, at Site::serve_with(&[("app_bg.wasm", b"no program")]), |page| {
    page.see("Corral could not start");
    page.take_errors();
});

journey!(a_damaged_worker_tells_its_tab, at Site::serve_with(&[("worker_bg.wasm", b"no program")]), |page| {
    let script = "
        const done = arguments[arguments.length - 1];
        const worker = new Worker('./worker-loader.js?build=test', { type: 'module' });
        worker.onmessage = ({ data }) => data.fatal && done(data.fatal);";
    let fatal = page.script_async(script, &[]);
    assert!(fatal.as_str().is_some_and(|text| text.contains("could not start")), "{fatal}");
    page.take_errors();
});

journey!(the_policy_forbids_what_is_not_the_sites_own, |page| {
    page.script(
        "fetch(arguments[0]).catch(() => {})",
        &[json!("https://corral.invalid/")],
    );
    page.until(|| match page.take_errors() {
        errors if errors.iter().any(|error| error.contains("connect-src")) => Ok(()),
        errors => Err(format!("the policy forbade nothing: {errors:?}")),
    });
});

// The harness serves the same files to every browser, so one is enough.
#[test]
fn the_first_visit_downloads_the_first_screen_alone() {
    // Nothing is kept for later: that fetches every part as soon as the page has nothing to do.
    let site = Site::serve_with(&[("sw.js", b"")]);
    let page = Browser::chromium().open(&site);
    page.see("No contacts yet");
    let later = |asked: &String| parts::is_later(asked.split('?').next().unwrap_or_default().as_ref());
    let early: Vec<_> = site.requests().into_iter().filter(later).collect();
    assert!(early.is_empty(), "fetched before anybody asked: {early:?}");
    page.go("#/segments");
    page.see("No segments yet");
    assert!(
        site.requests().iter().any(later),
        "segments are no part of their own"
    );
}

journey!(a_screen_that_can_t_be_fetched_says_so, at Site::with_a_damaged_part("app-others"), |page| {
    page.see("No contacts yet");
    page.go("#/segments");
    page.see("This page could not be loaded");
    page.see_control("Try again");
    page.go("#/contacts");
    page.see("No contacts yet");
    page.take_errors();
});

journey!(work_that_can_t_be_fetched_says_so_and_changes_nothing, at Site::with_a_damaged_part("worker-rest"), |page| {
    page.see("No contacts yet");
    page.click("Load the demo");
    page.see("A part of Corral could not be fetched, so nothing was changed");
    page.see("No contacts yet");
    page.take_errors();
});
