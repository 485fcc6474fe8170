//! What only a tester looks at: scripts, pictures, sizes, accessibility, complaints.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use xtask::tools;

use super::{Page, block_on};
use crate::browser::Browser;
use crate::site::{output, workspace};

/// A fault in accessibility that axe-core found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule's id, as in its documentation.
    pub rule: String,
    /// What is wrong, in a sentence.
    pub help: String,
    /// Selectors of the elements concerned.
    pub elements: Vec<String>,
}

impl Page {
    /// Runs the body of a JavaScript function in the page and returns what it returns.
    pub fn script(&self, body: &str, args: &[Value]) -> Value {
        let answer = block_on(self.driver().execute(body, args.to_vec()));
        self.must(answer, "run a script").json().clone()
    }

    /// The same for a script that calls its last argument with the answer.
    pub fn script_async(&self, body: &str, args: &[Value]) -> Value {
        let answer = block_on(self.driver().execute_async(body, args.to_vec()));
        self.must(answer, "run a script").json().clone()
    }

    /// Saves a picture as `target/screenshots/NAME-BROWSER.png` and returns its path.
    pub fn screenshot(&self, name: &str) -> PathBuf {
        let file = output("screenshots").join(format!("{name}-{}.png", self.browser().name()));
        let picture = self.must(block_on(self.driver().screenshot_as_png()), "take a screenshot");
        fs::write(&file, picture).expect("target/ can be written");
        file
    }

    /// Gives the page this size in CSS pixels, and returns the size it got: Firefox stops at a width of 500, WebKit at
    /// 447, Chromium nowhere.
    pub fn resize(&self, width: u32, height: u32) -> (u32, u32) {
        let set = |width: u32, height: u32| {
            self.must(
                block_on(self.driver().set_window_rect(0, 0, width, height)),
                "resize the window",
            );
        };
        let inner = || {
            let size = self.script("return [innerWidth, innerHeight]", &[]);
            serde_json::from_value::<(u32, u32)>(size).expect("sizes are whole numbers")
        };
        // Bars and borders take their share of the window.
        set(width, height);
        let (inner_width, inner_height) = inner();
        set(
            width + width.saturating_sub(inner_width),
            height + height.saturating_sub(inner_height),
        );
        inner()
    }

    /// Waits until nothing fades or moves any more and what was drawn is on the screen.
    pub fn settled(&self) {
        let script = "
            const done = arguments[arguments.length - 1];
            // A window that was just given another size may be drawn no more until something is asked of it.
            const within = (milliseconds, promise) =>
              Promise.race([promise, new Promise((end) => setTimeout(end, milliseconds))]);
            const frame = () => within(1000, new Promise(requestAnimationFrame));
            (async () => {
              await frame();
              const ends = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
              await within(5000, Promise.allSettled(ends.map((one) => one.finished)));
              await frame();
            })().then(() => done(null));";
        self.script_async(script, &[]);
    }

    /// Pretends that the system asks for dark or light pages, in Chromium.
    ///
    /// # Panics
    /// In other browsers: there is no way; set `data-theme` or use the page's own switch.
    pub fn system_is_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        self.emulate("prefers-color-scheme", value);
    }

    /// Pretends that the system asks for less motion, in Chromium.
    ///
    /// # Panics
    /// In other browsers.
    pub fn system_reduces_motion(&self) {
        self.emulate("prefers-reduced-motion", "reduce");
    }

    fn emulate(&self, feature: &str, value: &str) {
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.send_chromium("Emulation.setEmulatedMedia", features);
    }

    /// Clears what the site keeps in Chromium, as a person does in its settings, while the site is open.
    ///
    /// # Panics
    /// In other browsers.
    pub fn clear_site_data(&self) {
        let origin = self.script("return location.origin", &[]);
        let parameters = json!({ "origin": origin, "storageTypes": "indexeddb" });
        self.send_chromium("Storage.clearDataForOrigin", parameters);
    }

    /// Loads the page again from its host, whatever the browser keeps.
    ///
    /// # Panics
    /// In WebKit, which has no such way.
    pub fn reload_past_what_is_kept(&self) {
        match self.browser() {
            // Its driver's own way of reloading.
            Browser::Firefox => self.reload(),
            _ => {
                let bypass = |bypass: bool| {
                    self.send_chromium("Network.setBypassServiceWorker", json!({ "bypass": bypass }));
                };
                self.send_chromium("Network.enable", json!({}));
                bypass(true);
                self.reload();
                bypass(false);
            }
        }
    }

    fn send_chromium(&self, command: &str, parameters: Value) {
        assert_eq!(
            self.browser(),
            Browser::Chromium,
            "only Chromium understands {command}"
        );
        self.must(
            block_on(self.driver().cdp().send_raw(command, parameters)),
            command,
        );
    }

    /// The time that all processes of the browser have worked so far.
    pub fn work_time(&self) -> Duration {
        self.session.work_time()
    }

    /// What axe-core finds wrong with the page as it is now, by the rules of WCAG 2.2 AA.
    pub fn axe(&self) -> Vec<Violation> {
        let axe = tools::axe(&workspace()).unwrap_or_else(|error| panic!("axe-core is installed: {error:#}"));
        let axe = fs::read_to_string(&axe).expect("axe-core can be read");
        self.script(&format!("{axe}\nwindow.axe = axe;"), &[]);
        let script = "
            const done = arguments[arguments.length - 1];
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
            window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
              ({ violations }) => done(violations.map((one) => [one.id, one.help, one.nodes.map((node) => String(node.target))])),
              (error) => done(String(error)));";
        let answer = self.script_async(script, &[]);
        let violations: Vec<(String, String, Vec<String>)> = serde_json::from_value(answer.clone())
            .unwrap_or_else(|_| self.fail(&format!("axe-core failed: {answer}")));
        violations
            .into_iter()
            .map(|(rule, help, elements)| Violation { rule, help, elements })
            .collect()
    }

    /// What the page has complained of since it was loaded: exceptions, the console's errors, files that could not
    /// be loaded, what the Content-Security-Policy forbade, workers that could not be started.
    pub fn errors(&self) -> Vec<String> {
        let errors = self.script("return window.__watch?.errors ?? []", &[]);
        serde_json::from_value(errors).expect("errors are texts")
    }

    /// The same, and forgets them: for journeys that provoke them.
    pub fn take_errors(&self) -> Vec<String> {
        let errors = self.errors();
        self.script("window.__watch?.errors.splice(0)", &[]);
        errors
    }

    /// What anything in the browser asked for beyond 127.0.0.1, and forgets it: for journeys that provoke it.
    pub fn take_asked_outside(&self) -> Vec<String> {
        self.session.take_asked_outside()
    }

    /// Fails when the page has complained of anything.
    pub fn has_no_errors(&self) {
        let errors = self.errors();
        if !errors.is_empty() {
            self.fail(&format!("the page complains: {errors:#?}"));
        }
    }
}
