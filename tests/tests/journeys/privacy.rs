//! Nothing leaves the browser: not while a list comes in, is looked through, and goes out.

use serde_json::json;
use tests::{fixture, journey};

// That nobody outside is asked, no path outside the folder, and no complaint made, is checked after every journey;
// this one looks at the policy that sees to it.
journey!(the_main_job_sends_nothing_anywhere, |page| {
    let policy = page.script(
        "return document.querySelector('meta[http-equiv=Content-Security-Policy]').content",
        &[],
    );
    let policy = policy.as_str().unwrap_or_default().to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
        "{policy}"
    );
    assert!(
        !policy.contains("http:") && !policy.contains("https:") && !policy.contains('*'),
        "{policy}"
    );

    page.import(&fixture("newsletter-windows1252.csv"));
    page.see_contacts("1,193 contacts");
    page.begin_export();
    page.run_export();
    let own = page.script("return location.origin + location.pathname", &[]);
    let script = "return performance.getEntriesByType('resource').map((one) => one.name)
        .filter((name) => !name.startsWith(arguments[0]) && !name.startsWith('blob:'))";
    assert_eq!(
        page.script(script, &[own]),
        json!([]),
        "everything asked for is the site's own"
    );
    let kept = page.script(
        "return [...Object.keys(localStorage), ...Object.keys(sessionStorage)]",
        &[],
    );
    for name in kept.as_array().into_iter().flatten() {
        assert!(
            name.as_str()
                .is_some_and(|name| name.starts_with("corral:/some/sub/folder/")),
            "{name}"
        );
    }
});

journey!(a_page_or_worker_that_asks_others_is_noticed, |page| {
    // Beside Corral, where no policy forbids it.
    page.leave();
    let script = "
        fetch('http://example.com/page').catch(() => {});
        const text = \"fetch('http://example.org/worker')\";
        new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));";
    page.script(script, &[]);
    let mut asked = Vec::new();
    page.until(|| {
        asked.extend(page.take_asked_outside());
        let has = |name: &str| asked.iter().any(|one: &String| one.ends_with(name));
        match has("example.com/page") && has("example.org/worker") {
            true => Ok(()),
            false => Err(format!("noticed: {asked:?}")),
        }
    });
});
