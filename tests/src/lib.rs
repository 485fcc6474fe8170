//! The harness of the browser tests: a site that is served, a browser that is started, and a page that is used
//! in a person's words.
//!
//! ```ignore
//! use tests::journey;
//!
//! journey!(a_person_finds_ana, |page| {
//!     page.open("#/contacts");
//!     page.fill("Search", "ana");
//!     page.see("Ana López");
//! });
//! ```
//!
//! Each journey is a test per browser (`a_person_finds_ana::firefox`), each with a site and a browser of its own.
//! Whatever a journey asks for is waited for until a deadline; when it doesn't come, the test fails with the reason
//! and a screenshot in `target/screenshots`. A journey also fails when the page complained to the console, or when it or a
//! worker asked for anything outside the site's own folder.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this is test code: a failure is a panic that says what was expected"
)]

mod browser;
mod newer;
mod one_file;
mod page;
mod people;
mod processes;
mod released;
mod site;

pub use browser::{Browser, Profile};
pub use one_file::OneFile;
pub use page::{Harm, Page, Violation, block_on};
pub use people::{Made, fixture};
pub use released::Released;
pub use site::Site;

/// Writes a journey: its name, where that isn't all of them the browsers it is made `in`, where that isn't the plain
/// build the site it is made `at`, and its steps. One that opens its pages itself gets a `Browser` and no page.
///
/// A list of browsers carries its reason in a comment beside it.
#[macro_export]
macro_rules! journey {
    ($name:ident, |$page:ident| $steps:block) => {
        $crate::journey!($name, in [chromium, firefox, webkit], at $crate::Site::serve(), |$page| $steps);
    };
    ($name:ident, in [$($browser:ident),+], |$page:ident| $steps:block) => {
        $crate::journey!($name, in [$($browser),+], at $crate::Site::serve(), |$page| $steps);
    };
    ($name:ident, at $site:expr, |$page:ident| $steps:block) => {
        $crate::journey!($name, in [chromium, firefox, webkit], at $site, |$page| $steps);
    };
    ($name:ident, in [$($browser:ident),+], at $site:expr, |$page:ident| $steps:block) => {
        $crate::journey!($name, in [$($browser),+], |browser: Browser| {
            fn steps($page: &$crate::Page) $steps
            $crate::travel(browser, &$site, steps);
        });
    };
    ($name:ident, |$by:ident: Browser| $steps:block) => {
        $crate::journey!($name, in [chromium, firefox, webkit], |$by: Browser| $steps);
    };
    ($name:ident, in [$($browser:ident),+], |$by:ident: Browser| $steps:block) => {
        mod $name {
            #[allow(unused_imports, reason = "short journeys need nothing of what surrounds them")]
            use super::*;

            fn journey($by: $crate::Browser) $steps

            $(
                #[test]
                fn $browser() {
                    journey($crate::Browser::$browser());
                }
            )+
        }
    };
}

/// Makes a journey in one browser, and afterwards looks for what no journey may leave behind.
pub fn travel(browser: Browser, site: &Site, steps: fn(&Page)) {
    let page = browser.open(site);
    steps(&page);
    page.has_no_errors();
    site.was_asked_only_for_its_own();
}
