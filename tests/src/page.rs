//! A page in a browser, used in a person's words: where one is ([`Page`]), what one does (`hands`), what one sees
//! (`eyes`), workflows and simulations (`flows`), what one comes for (`tasks`), what only a tester looks at (`lens`), and what
//! rests on the disk (`disk`).

mod disk;
mod eyes;
mod flows;
mod hands;
mod lens;
mod tasks;

use std::fs;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::error::{WebDriverError, WebDriverErrorInner};
use thirtyfour::{WebDriver, WebElement, WindowHandle};

use crate::browser::{Browser, Session};
use crate::processes::poll;
use crate::site::output;

pub use disk::Harm;
pub use lens::Violation;

/// Long enough for a loaded machine and a slow disk; nothing waits longer than it must.
const DEADLINE: Duration = Duration::from_secs(60);

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

    /// Loads the page again, as a driver does; Firefox's passes over whatever the browser keeps.
    pub fn reload(&self) {
        self.must(block_on(self.driver().refresh()), "reload the page");
    }

    /// Loads the page again, as a person does.
    pub fn load_again(&self) {
        self.script("window.__before = true; location.reload()", &[]);
        self.until(
            || match self.script("return window.__before === undefined", &[]).as_bool() {
                Some(true) => Ok(()),
                _ => Err("the page isn't loaded again".to_owned()),
            },
        );
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

    /// The driver itself, with this tab in front, for what this harness has no word for.
    ///
    /// [`block_on`] waits for its futures.
    pub fn driver(&self) -> &WebDriver {
        let driver = &self.session.driver;
        let front = block_on(driver.switch_to_window(self.window.clone()));
        self.must(front, "bring the tab to the front");
        driver
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

    /// Finds an element by an expression of `person.js` and does something with it; an element that the page
    /// replaced or covered in between is looked for again.
    fn act(&self, find: &str, args: &[Value], act: impl Fn(&WebElement) -> Result<(), WebDriverError>) {
        self.until(|| self.try_act(find, args, &act));
    }

    /// The same once; says why it can't be done now.
    fn try_act(
        &self,
        find: &str,
        args: &[Value],
        act: impl Fn(&WebElement) -> Result<(), WebDriverError>,
    ) -> Result<(), String> {
        let script = self.with_scope(&format!("return revealed({find})"));
        let answer =
            block_on(self.driver().execute(script, self.args(args))).map_err(|error| error.to_string())?;
        // A driver may write nothing as null.
        let found = answer.json().get("found").filter(|found| !found.is_null());
        let Some(found) = found.cloned() else {
            return Err(problem(answer.json()));
        };
        let handle = self.session.driver.handle().clone();
        let element = WebElement::from_json(found, handle).map_err(|error| error.to_string())?;
        match act(&element) {
            Ok(()) => Ok(()),
            Err(error) if may_pass(&error) => Err(error.to_string()),
            Err(error) => self.fail(&error.to_string()),
        }
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
            // A page that is just being left.
            Value::Null => Err("the page gave no answer".to_owned()),
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
        result.unwrap_or_else(|error| panic!("{} can {what}: {error}\n{}", self.browser().name(), step()))
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
        let errors = self.said("return JSON.stringify(window.__watch?.errors ?? [])");
        let text = self.said("return document.body.innerText.replace(/\\s+/g, ' ').slice(0, 600)");
        panic!(
            "{problem}\n{}screenshot: {picture}\nthe page's complaints: {errors}\nthe page: {text}",
            step()
        );
    }

    /// What a script says of the page, or why it can't.
    fn said(&self, script: &str) -> String {
        match block_on(self.session.driver.execute(script, Vec::new())) {
            Ok(answer) => answer.json().as_str().unwrap_or_default().to_owned(),
            Err(error) => error.to_string(),
        }
    }
}

/// The steps of the journey that are being made, innermost first, a line each.
fn step() -> String {
    let trace = std::backtrace::Backtrace::force_capture().to_string();
    let steps = trace.lines().filter(|line| line.contains("/journeys/"));
    steps.fold(String::new(), |all, step| all + step.trim() + "\n")
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
