//! Three real browsers, started over WebDriver on one code path.

use std::fs;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::panic;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};
use xtask::http::{Files, Server};
use xtask::tools::{self, Browsers};

use crate::one_file::OneFile;
use crate::page::{Page, block_on};
use crate::processes::Background;
use crate::site::{Site, output, workspace};

/// A browser of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    /// Chromium, headless.
    Chromium,
    /// Firefox, headless.
    Firefox,
    /// WebKitGTK's MiniBrowser on a display of its own.
    WebKit,
}

/// A folder in which a browser keeps what it stores, for tests that close it and open it again.
///
/// MiniBrowser keeps nothing after its session.
#[derive(Debug)]
pub struct Profile {
    folder: PathBuf,
    /// The bytes of the disk it lies on, where it is a disk of its own.
    disk: Option<u64>,
}

/// A running browser; it ends, with its driver, when this is dropped.
pub(crate) struct Session {
    pub(crate) browser: Browser,
    pub(crate) driver: WebDriver,
    // Dropped in this order: the driver before its display, the display before the folder.
    background: Background,
    _display: Option<Background>,
    outside: Server,
    folder: Profile,
}

impl Profile {
    /// An empty folder, which is removed when this is dropped.
    #[expect(
        clippy::new_without_default,
        reason = "it makes a folder, which nobody expects of a default"
    )]
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = output("browsers").join(name);
        fs::create_dir_all(&folder).expect("target/ can be written");
        Self { folder, disk: None }
    }

    /// The same for a Firefox that gives each site room for so many bytes only.
    pub fn with_room(bytes: u64) -> Self {
        let profile = Self::new();
        // A site gets a fifth of what all may have, in units of 1024 bytes.
        let limit = bytes * 5 / 1024;
        let preference = format!("user_pref(\"dom.quotaManager.temporaryStorage.fixedLimit\", {limit});\n");
        fs::write(profile.folder.join("user.js"), preference).expect("target/ can be written");
        profile
    }

    /// The same on a disk of so many bytes, which is gone with the browser; none where the system mounts nothing for us.
    ///
    /// It is for Chromium, whose DevTools promise a quota to which its `IndexedDB` doesn't listen. Its own files take
    /// about 20 MB.
    pub fn on_a_disk(bytes: u64) -> Option<Self> {
        let mut profile = Self::new();
        profile.disk = Some(bytes);
        let tried = profile.start(Path::new("true")).status();
        tried.is_ok_and(|status| status.success()).then_some(profile)
    }

    /// A program that finds the disk of this profile mounted, where it has one; nobody else sees that disk.
    fn start(&self, program: &Path) -> Command {
        let Some(bytes) = self.disk else {
            return Command::new(program);
        };
        let mut command = Command::new("unshare");
        command
            .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
            .arg("mount -t tmpfs -o size=\"$1\" tmpfs \"$2\" && shift 2 && exec \"$@\"")
            .args(["start", &bytes.to_string()])
            .arg(&self.folder)
            .arg(program);
        command
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // A browser that was killed may still be writing its last words; what stays lies in target/.
        drop(fs::remove_dir_all(&self.folder));
    }
}

impl Browser {
    /// [`Browser::Chromium`], as `journey!` writes it.
    pub fn chromium() -> Self {
        Self::Chromium
    }

    /// [`Browser::Firefox`], as `journey!` writes it.
    pub fn firefox() -> Self {
        Self::Firefox
    }

    /// [`Browser::WebKit`], as `journey!` writes it.
    pub fn webkit() -> Self {
        Self::WebKit
    }

    /// Opens the site in a browser that has never seen it, and waits for nothing but its page.
    pub fn open(self, site: &Site) -> Page {
        let session = Session::start(self, None);
        Page::first(Arc::new(session), site.url())
    }

    /// Opens the site in a browser with that memory; at most one browser at a time may have it.
    ///
    /// # Panics
    /// For WebKit, whose test browser remembers nothing.
    pub fn open_again(self, site: &Site, profile: &Profile) -> Page {
        assert_ne!(
            self,
            Self::WebKit,
            "MiniBrowser under automation keeps nothing after its session"
        );
        let session = Session::start(self, Some(profile));
        Page::first(Arc::new(session), site.url())
    }

    /// Opens a file from disk in a browser with that memory, or with none; at most one browser at a time may have it.
    pub fn open_file(self, file: &OneFile, profile: Option<&Profile>) -> Page {
        let session = Session::start(self, profile);
        Page::first(Arc::new(session), file.url())
    }

    /// Its name in the names of files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }
}

/// What Chromium asks for now and then whatever it is told: where its maker gives out parts of the browser, and the page
/// that Debian has it begin with. No file of Corral names them (`cargo xtask dist`, *no other host*).
const OWN_ERRANDS: [&str; 2] = ["redirector.gvt1.com:443", "start.duckduckgo.com:443"];

impl Session {
    fn start(browser: Browser, profile: Option<&Profile>) -> Self {
        tell_failures_at_once();
        let programs = tools::browsers(&workspace()).unwrap_or_else(|error| panic!("{error:#}"));
        let folder = Profile::new();
        let memory = profile.map_or_else(
            || folder.path().join("profile"),
            |profile| profile.path().to_owned(),
        );
        let downloads = folder.path().join("downloads");
        for needed in [&memory, &downloads] {
            fs::create_dir_all(needed).expect("target/ can be written");
        }
        let (background, display, port) = match browser {
            Browser::Chromium => {
                let start = |profile: &Profile| profile.start(&programs.chromedriver);
                let mut command = profile.map_or_else(|| Command::new(&programs.chromedriver), start);
                driver(command.arg("--port=0"), &folder)
            }
            Browser::Firefox => driver(
                Command::new(&programs.geckodriver)
                    .args(["--port", "0", "--websocket-port", "0"])
                    .env("MOZ_REMOTE_SETTINGS_DEVTOOLS", "1"),
                &folder,
            ),
            Browser::WebKit => webkit_driver(&programs, &folder),
        };
        // The browser takes this for the way to the rest of the world; it notes each request and leads nowhere.
        let outside = Server::start(Files::new(folder.path().join("nothing"), "/"), 0)
            .expect("a free port of 127.0.0.1");
        let wanted = capabilities(browser, &programs, &memory, &downloads, outside.port());
        let driver = block_on(WebDriver::new(format!("http://127.0.0.1:{port}"), wanted))
            .unwrap_or_else(|error| panic!("{} starts: {error}", browser.name()));
        Self {
            browser,
            driver,
            background,
            _display: display,
            outside,
            folder,
        }
    }

    /// Where the browser saves files.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// What anything in the browser asked for beyond 127.0.0.1, which is forgotten.
    pub(crate) fn take_asked_outside(&self) -> Vec<String> {
        self.outside.take_requests()
    }

    /// Fails when anything in the browser asked for something beyond 127.0.0.1, where the site is served.
    pub(crate) fn asked_nobody_outside(&self) {
        let mut asked = self.outside.requests();
        asked.retain(|one| !OWN_ERRANDS.contains(&one.as_str()));
        assert!(
            asked.is_empty(),
            "{} asked others: {asked:?}",
            self.browser.name()
        );
    }

    /// The time that all processes of the browser have worked so far.
    pub(crate) fn work_time(&self) -> Duration {
        self.background.work_of_children()
    }

    /// Ends the browser as a crash or a power cut would.
    pub(crate) fn kill(&self) {
        self.background.kill_children();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A browser that was killed can't say goodbye, and a failed test has something better to say.
        drop(block_on(self.driver.clone().quit()));
        if !thread::panicking() {
            self.asked_nobody_outside();
        }
    }
}

/// Has each failure told when it happens, too, past the test runner, which keeps it to the end of all tests.
fn tell_failures_at_once() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |failure| {
            before(failure);
            let test = thread::current();
            let test = test.name().unwrap_or("a thread without a name");
            // Whoever doesn't take this gets it from the runner.
            drop(writeln!(io::stderr(), "{test} fails: {failure}"));
        }));
    });
}

/// Starts a driver that says on which port it listens.
///
/// Chromium's takes a free port of `::1`, and then the same one of 127.0.0.1: where another program has that, it ends, and
/// another one takes another port.
fn driver(command: &mut Command, folder: &Profile) -> (Background, Option<Background>, u16) {
    loop {
        let mut background = Background::start(command, &folder.path().join("driver.log"));
        let port = background.says(|text| match text.contains("port not available") {
            true => Some(None),
            false => port_in(text).map(Some),
        });
        if let Some(port) = port {
            return (background, None, port);
        }
    }
}

/// The port in “… was started successfully on port 40123.” or “… Listening on 127.0.0.1:40123”.
fn port_in(text: &str) -> Option<u16> {
    let (_, rest) = text
        .split_once("successfully on port ")
        .or_else(|| text.split_once("Listening on 127.0.0.1:"))?;
    let (digits, _) = rest.split_once(|letter: char| !letter.is_ascii_digit())?;
    digits.parse().ok()
}

/// WebKit's driver must be told a port, and its browser needs a display.
fn webkit_driver(programs: &Browsers, folder: &Profile) -> (Background, Option<Background>, u16) {
    let mut display = Background::start(
        Command::new(&programs.xvfb).args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1920x1200x24",
            "-nolisten",
            "tcp",
        ]),
        &folder.path().join("display.log"),
    );
    let number: u32 = display.says(|text| text.lines().find_map(|line| line.trim().parse().ok()));
    let port = free_port();
    let mut driver = Background::start(
        Command::new(&programs.webkit_driver)
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("DISPLAY", format!(":{number}"))
            .env_remove("WAYLAND_DISPLAY")
            // What MiniBrowser keeps is kept in the folder of this session.
            .env("HOME", folder.path())
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            // WebKitGTK 2.50 crashes once in some hundred pages where it draws on threads of its own.
            .env("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1")
            // Under load it finds memory accesses out of bounds that are not, or goes on at address 0: with either of its
            // interpreters of WebAssembly, and once with none. Its first compiler alone has shown neither so far; nothing
            // changes from one way of running a function to another then.
            .env("JSC_useWasmIPInt", "0")
            .env("JSC_useWasmLLInt", "0")
            .env("JSC_useOMGJIT", "0"),
        &folder.path().join("driver.log"),
    );
    driver.listens(port);
    (driver, Some(display), port)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("127.0.0.1 has a free port");
    listener.local_addr().expect("a listener has an address").port()
}

fn capabilities(
    browser: Browser,
    programs: &Browsers,
    memory: &Path,
    downloads: &Path,
    proxy: u16,
) -> Capabilities {
    let wanted = match browser {
        Browser::Chromium => json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "binary": programs.chromium,
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                    // Without these it asks its makers' hosts for this and that; port 9 is nobody.
                    "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-extensions", "--gaia-url=http://127.0.0.1:9", "--google-apis-url=http://127.0.0.1:9",
                    "--component-updater=url-source=http://127.0.0.1:9/",
                    "--disable-features=NetworkTimeServiceQuerying,AutofillServerCommunication,OptimizationHints",
                    format!("--proxy-server=http://127.0.0.1:{proxy}"),
                    format!("--user-data-dir={}", memory.display()), "--window-size=1280,900",
                ],
                "prefs": {
                    "download.default_directory": downloads,
                    "download.prompt_for_download": false,
                    // Instead of the page of a search engine.
                    "session.restore_on_startup": 4,
                    "session.startup_urls": ["about:blank"],
                },
            },
        }),
        Browser::Firefox => json!({
            "browserName": "firefox",
            "moz:firefoxOptions": {
                "binary": programs.firefox,
                "args": ["-headless", "-profile", memory, "-width", "1280", "-height", "900"],
                "prefs": {
                    // Lists of its maker's, which it would otherwise ask for a dozen times.
                    "services.settings.server": "data:,#remote-settings-dummy/v1",
                    "network.proxy.type": 1,
                    "network.proxy.http": "127.0.0.1",
                    "network.proxy.http_port": proxy,
                    "network.proxy.ssl": "127.0.0.1",
                    "network.proxy.ssl_port": proxy,
                    "browser.download.folderList": 2,
                    "browser.download.dir": downloads,
                    "browser.download.useDownloadDir": true,
                },
            },
        }),
        Browser::WebKit => json!({
            "webkitgtk:browserOptions": { "binary": programs.minibrowser, "args": ["--automation", format!("--proxy=http://127.0.0.1:{proxy}"), "--ignore-host=127.0.0.1"] },
        }),
    };
    let mut capabilities = Capabilities::new();
    if let Value::Object(fields) = wanted {
        for (name, value) in fields {
            capabilities.set(name, value).expect("JSON is JSON");
        }
    }
    capabilities
}
