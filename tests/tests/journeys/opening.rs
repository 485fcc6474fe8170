//! The first thing anybody does: open the page.

use serde_json::json;
use tests::{Site, journey};

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
