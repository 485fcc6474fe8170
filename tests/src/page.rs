//! A page in a browser, used in a person's words.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::error::{WebDriverError, WebDriverErrorInner};
use thirtyfour::{Key, WebDriver, WebElement, WindowHandle};
use xtask::tools;

use crate::browser::{Browser, Session};
use crate::processes::poll;
use crate::site::{output, workspace};

/// Long enough for a loaded machine; nothing waits longer than it must.
const DEADLINE: Duration = Duration::from_secs(30);

/// Finds things by the words on them; the head of every script sent into the page.
const PERSON: &str = include_str!("person.js");

/// A tab of a browser, or a part of it ([`Page::within`]).
#[derive(Clone)]
pub struct Page {
    session: Arc<Session>,
    window: WindowHandle,
    url: String,
    scope: Vec<String>,
}

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
    pub(crate) fn first(session: Arc<Session>, url: String) -> Self {
        let window = block_on(session.driver.window()).expect("a new browser has a window");
        let page = Self {
            session,
            window,
            url,
            scope: Vec::new(),
        };
        page.open("");
        page
    }

    // Places

    /// Loads the page anew at a route such as `#/contacts`, as a link from elsewhere would.
    pub fn open(&self, route: &str) {
        let driver = self.driver();
        // A change of the fragment alone loads nothing.
        self.must(block_on(driver.goto("about:blank")), "leave the page");
        self.must(
            block_on(driver.goto(format!("{}{route}", self.url))),
            "open the page",
        );
    }

    /// Goes to a route of the page that is open, as by typing into the address bar.
    pub fn go(&self, route: &str) {
        self.script("location.hash = arguments[0]", &[json!(route)]);
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.must(block_on(self.driver().refresh()), "reload the page");
    }

    /// The browser's Back.
    pub fn back(&self) {
        self.must(block_on(self.driver().back()), "go back");
    }

    /// The browser's Forward.
    pub fn forward(&self) {
        self.must(block_on(self.driver().forward()), "go forward");
    }

    /// The fragment of the address, with its `#`, or nothing.
    pub fn route(&self) -> String {
        self.script("return location.hash", &[])
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until the fragment of the address is this one.
    pub fn is_at(&self, route: &str) {
        self.until(|| match self.route() {
            now if now == route => Ok(()),
            now => Err(format!("the page is at {now}, not at {route}")),
        });
    }

    /// Another tab of the same browser, on the same site.
    #[must_use]
    pub fn another_tab(&self) -> Self {
        let window = self.must(block_on(self.driver().new_tab()), "open a tab");
        let page = Self {
            window,
            scope: Vec::new(),
            ..self.clone()
        };
        page.open("");
        page
    }

    /// Closes this tab.
    pub fn close(self) {
        self.must(block_on(self.driver().close_window()), "close the tab");
    }

    /// Ends the browser at once, as a crash would. What was open is of no use afterwards.
    pub fn kill_browser(self) {
        self.session.kill();
    }

    /// Which browser this is.
    pub fn browser(&self) -> Browser {
        self.session.browser
    }

    /// The part of the page with this accessible name or heading, or else the row with this text.
    ///
    /// An open modal dialog is the only part that is seen, whatever this says.
    #[must_use]
    pub fn within(&self, name: &str) -> Self {
        let mut part = self.clone();
        part.scope.push(name.to_owned());
        part
    }

    // Doing

    /// Clicks the control with this accessible name or, where there is none, the element with this text.
    pub fn click(&self, name: &str) {
        self.act("clickable(scope, arguments[1])", &[json!(name)], |element| {
            block_on(element.click())
        });
    }

    /// Empties the field with this label and types the text into it.
    ///
    /// Pickers (dates, times, colours, ranges) get the value in the form of their `value` attribute.
    pub fn fill(&self, label: &str, text: &str) {
        self.act("field(scope, arguments[1])", &[json!(label)], |element| {
            let kind = block_on(element.prop("type"))?.unwrap_or_default();
            if matches!(
                kind.as_str(),
                "date" | "time" | "datetime-local" | "month" | "week" | "color" | "range"
            ) {
                let script = format!("{PERSON}\nput(arguments[0], arguments[1])");
                return block_on(
                    self.driver()
                        .execute(script, vec![element.to_json()?, json!(text)]),
                )
                .map(drop);
            }
            block_on(element.clear())?;
            if text.is_empty() {
                Ok(())
            } else {
                block_on(element.send_keys(text))
            }
        });
    }

    /// Puts a long text into a field at once, as by pasting it.
    pub fn paste(&self, label: &str, text: &str) {
        self.in_page(
            "field(scope, arguments[1])",
            "put(found, arguments[2])",
            &[json!(label), json!(text)],
        );
    }

    /// Chooses an option of a drop-down list by its text.
    pub fn choose(&self, label: &str, option: &str) {
        let then = "
            const option = [...found.options].find((one) => tidy(one.label || one.textContent) === arguments[2]);
            if (!option || option.disabled) {
              return { problem: `“${arguments[1]}” has no option “${arguments[2]}”` };
            }
            put(found, option.value)";
        self.in_page(
            "field(scope, arguments[1], 'select')",
            then,
            &[json!(label), json!(option)],
        );
    }

    /// Checks a checkbox or a radio button, unless it is checked.
    pub fn check(&self, label: &str) {
        self.set_checked(label, true);
    }

    /// Unchecks a checkbox, unless it is unchecked.
    pub fn uncheck(&self, label: &str) {
        self.set_checked(label, false);
    }

    fn set_checked(&self, label: &str, checked: bool) {
        self.act(
            "field(scope, arguments[1], 'input[type=checkbox], input[type=radio]')",
            &[json!(label)],
            |element| {
                if block_on(element.is_selected())? == checked {
                    Ok(())
                } else {
                    block_on(element.click())
                }
            },
        );
    }

    /// Whether a checkbox or radio button is checked now.
    pub fn is_checked(&self, label: &str) -> bool {
        self.in_page(
            "field(scope, arguments[1])",
            "return { value: found.checked }",
            &[json!(label)],
        ) == json!(true)
    }

    /// What stands in a field now.
    pub fn value(&self, label: &str) -> String {
        let value = self.in_page(
            "field(scope, arguments[1])",
            "return { value: found.value }",
            &[json!(label)],
        );
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Gives a file to the file input with this label, which may be hidden behind a button.
    pub fn upload(&self, label: &str, file: &Path) {
        let file = file
            .canonicalize()
            .unwrap_or_else(|error| panic!("{} can be read: {error}", file.display()));
        let find = "field(scope, arguments[1], 'input[type=file]', true)";
        self.act(find, &[json!(label)], |element| {
            block_on(element.send_keys(file.to_string_lossy()))
        });
    }

    /// Types a text into whatever has the focus.
    pub fn type_text(&self, text: &str) {
        let chain = self.driver().action_chain().send_keys(text);
        self.must(block_on(chain.perform()), "type");
    }

    /// Presses keys together, such as `Enter`, `Shift+Tab`, `Control+k` or `ArrowDown`.
    pub fn press(&self, keys: &str) {
        let keys: Vec<char> = keys.split('+').map(key).collect();
        let mut chain = self.driver().action_chain();
        for key in &keys {
            chain = chain.key_down(*key);
        }
        for key in keys.iter().rev() {
            chain = chain.key_up(*key);
        }
        self.must(block_on(chain.perform()), "press keys");
    }

    /// Drags from one point of the window to another, in CSS pixels.
    pub fn drag(&self, from: (i64, i64), to: (i64, i64)) {
        let middle = (i64::midpoint(from.0, to.0), i64::midpoint(from.1, to.1));
        let chain = self
            .driver()
            .action_chain()
            .move_to(from.0, from.1)
            .click_and_hold();
        let chain = chain.move_to(middle.0, middle.1).move_to(to.0, to.1).release();
        self.must(block_on(chain.perform()), "drag");
    }

    // Seeing

    /// Waits until this text is to be seen, whatever the white space in it.
    pub fn see(&self, text: &str) {
        self.in_page("sees(scope, arguments[1])", "", &[json!(text)]);
    }

    /// Waits until this text is no longer to be seen. Ask first for what must have come instead.
    pub fn see_no(&self, text: &str) {
        let script = "const seen = sees(scope, arguments[1]);
            return seen.found ? { problem: `“${arguments[1]}” is still to be seen` } : {}";
        self.until(|| self.ask(script, &[json!(text)]).map(drop));
    }

    /// Waits until there is a control with this accessible name.
    pub fn see_control(&self, name: &str) {
        self.in_page("clickable(scope, arguments[1])", "", &[json!(name)]);
    }

    /// The texts of the elements that a selector finds now.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let then =
            "return { value: [...found.querySelectorAll(arguments[1])].map((el) => tidy(el.innerText)) }";
        let texts = self.in_page("placeOf(scope)", then, &[json!(selector)]);
        let texts = texts.as_array().cloned().unwrap_or_default();
        texts
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    /// The number of elements that a selector finds now.
    pub fn count(&self, selector: &str) -> usize {
        self.texts(selector).len()
    }

    /// Polls until the attempt succeeds.
    ///
    /// # Panics
    /// After the deadline, with the last reason given and a screenshot.
    pub fn until<T>(&self, mut attempt: impl FnMut() -> Result<T, String>) -> T {
        let start = Instant::now();
        loop {
            match attempt() {
                Ok(value) => return value,
                Err(problem) if start.elapsed() > DEADLINE => self.fail(&problem),
                Err(_) => poll(),
            }
        }
    }

    /// Waits for a file that the page gave to the person, and returns its bytes. It is known by its name.
    pub fn downloaded(&self, name: &str) -> Vec<u8> {
        let script = "
            const done = arguments[arguments.length - 1];
            const download = window.__watch.downloads.findLast((one) => one.name === arguments[0]);
            if (!download) {
              done(null);
            } else {
              const reader = new FileReader();
              reader.onload = () => done(reader.result.slice(reader.result.indexOf(',') + 1));
              reader.readAsDataURL(download.blob);
            }";
        let encoded = self.until(|| {
            let answer = block_on(self.driver().execute_async(script, vec![json!(name)]));
            let answer = answer.map_err(|error| error.to_string())?;
            answer
                .json()
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| format!("no file {name} was downloaded"))
        });
        base64(&encoded)
    }

    /// The folder where Chromium and Firefox save what they download.
    pub fn downloads(&self) -> PathBuf {
        self.session.downloads()
    }

    // Looking closer

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

    /// The driver itself, with this tab in front, for what this harness has no word for.
    ///
    /// [`block_on`] waits for its futures.
    pub fn driver(&self) -> &WebDriver {
        let driver = &self.session.driver;
        let front = block_on(driver.switch_to_window(self.window.clone()));
        self.must(front, "bring the tab to the front");
        driver
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
        assert_eq!(
            self.browser(),
            Browser::Chromium,
            "only Chromium can be told what the system asks for"
        );
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.must(
            block_on(
                self.driver()
                    .cdp()
                    .send_raw("Emulation.setEmulatedMedia", features),
            ),
            "emulate",
        );
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

    /// Fails when the page has complained of anything.
    pub fn has_no_errors(&self) {
        let errors = self.errors();
        if !errors.is_empty() {
            self.fail(&format!("the page complains: {errors:#?}"));
        }
    }

    /// Fails when the page or one of its workers asked for anything beyond 127.0.0.1, where it is served.
    ///
    /// Chromium isn't looked at: it talks to its makers whatever it is told, and one can't tell who asked.
    pub fn asked_nobody_outside(&self) {
        if self.browser() != Browser::Chromium {
            let asked = self.session.asked_outside();
            assert!(
                asked.is_empty(),
                "{} asked others: {asked:?}",
                self.browser().name()
            );
        }
    }

    // How it is done

    /// Finds an element by an expression of `person.js` and does something with it; an element that the page
    /// replaced or covered in between is looked for again.
    fn act(&self, find: &str, args: &[Value], act: impl Fn(&WebElement) -> Result<(), WebDriverError>) {
        let script = self.with_scope(&format!("return {find}"));
        let args = self.args(args);
        self.until(|| {
            let answer = block_on(self.driver().execute(script.clone(), args.clone()))
                .map_err(|error| error.to_string())?;
            let Some(found) = answer.json().get("found").cloned() else {
                return Err(problem(answer.json()));
            };
            let handle = self.session.driver.handle().clone();
            let element = WebElement::from_json(found, handle).map_err(|error| error.to_string())?;
            match act(&element) {
                Ok(()) => Ok(()),
                Err(error) if may_pass(&error) => Err(error.to_string()),
                Err(error) => self.fail(&error.to_string()),
            }
        });
    }

    /// Finds something by an expression of `person.js` and does the rest in the page, where it is called `found`.
    fn in_page(&self, find: &str, then: &str, args: &[Value]) -> Value {
        let script = format!(
            "const {{ found, problem }} = {find};\nif (problem) return {{ problem }};\n{then};\nreturn {{}}"
        );
        self.until(|| self.ask(&script, args))
    }

    fn ask(&self, script: &str, args: &[Value]) -> Result<Value, String> {
        let answer = block_on(self.driver().execute(self.with_scope(script), self.args(args)));
        let answer = answer.map_err(|error| error.to_string())?;
        match answer.json() {
            answer if answer.get("problem").is_some() => Err(problem(answer)),
            answer => Ok(answer.get("value").cloned().unwrap_or(Value::Null)),
        }
    }

    fn with_scope(&self, script: &str) -> String {
        format!("{PERSON}\nconst scope = arguments[0];\n{script}")
    }

    /// The scripts' first argument is always the scope.
    fn args(&self, args: &[Value]) -> Vec<Value> {
        std::iter::once(json!(self.scope))
            .chain(args.iter().cloned())
            .collect()
    }

    fn must<T>(&self, result: Result<T, WebDriverError>, what: &str) -> T {
        result.unwrap_or_else(|error| panic!("{} can {what}: {error}", self.browser().name()))
    }

    fn fail(&self, problem: &str) -> ! {
        let test = std::thread::current().name().unwrap_or("page").replace("::", "-");
        let picture = match block_on(self.session.driver.screenshot_as_png()) {
            Ok(picture) => {
                let file = output("screenshots").join(format!("failed-{test}.png"));
                match fs::write(&file, picture) {
                    Ok(()) => file.display().to_string(),
                    Err(error) => error.to_string(),
                }
            }
            Err(error) => error.to_string(),
        };
        let errors = self.script("return window.__watch?.errors ?? []", &[]);
        panic!("{problem}\nscreenshot: {picture}\nthe page's complaints: {errors}");
    }
}

/// Waits for a future of the driver's.
pub fn block_on<F: Future>(future: F) -> F::Output {
    static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be made")
    });
    RUNTIME.block_on(future)
}

/// Faults of a moment: the page is being drawn.
fn may_pass(error: &WebDriverError) -> bool {
    use WebDriverErrorInner as E;
    matches!(
        **error,
        E::StaleElementReference(_)
            | E::ElementClickIntercepted(_)
            | E::ElementNotInteractable(_)
            | E::InvalidElementState(_)
            | E::NoSuchElement(_)
            | E::MoveTargetOutOfBounds(_)
    )
}

fn problem(answer: &Value) -> String {
    answer
        .get("problem")
        .and_then(Value::as_str)
        .unwrap_or("the page gave no answer")
        .to_owned()
}

fn key(name: &str) -> char {
    let key = match name {
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Space" => Key::Space,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Shift" => Key::Shift,
        "Control" => Key::Control,
        "Alt" => Key::Alt,
        "Meta" => Key::Meta,
        "Home" => Key::Home,
        "End" => Key::End,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "ArrowUp" => Key::Up,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        "F1" => Key::F1,
        "F2" => Key::F2,
        letter if letter.chars().count() == 1 => return letter.chars().next().unwrap_or_default(),
        unknown => panic!("there is no key called {unknown}"),
    };
    key.value()
}

/// Decodes what `readAsDataURL` encoded, which is never malformed.
fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text
        .bytes()
        .filter_map(|byte| DIGITS.bytes().position(|digit| digit == byte))
    {
        bits = (bits << 6) | u32::try_from(digit).expect("there are 64 digits");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("a byte is masked"));
        }
    }
    bytes
}
