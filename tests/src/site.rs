//! The release build, served from a sub-folder as static hosts do, with a list of everything that was asked for.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use xtask::build;
use xtask::http::{Files, Server};
use xtask::offline;
use xtask::workspace::Workspace;

use crate::newer::Newer;

/// Takes a browser's Web Locks away.
const WITHOUT_LOCKS: &str = "Object.defineProperty(navigator, 'locks', { value: undefined });\n";

/// Keeps the transaction open that makes a database.
const SLOW: &str = "
    if ('onconnect' in self) {
      const { createObjectStore } = IDBDatabase.prototype;
      IDBDatabase.prototype.createObjectStore = function (...named) {
        const store = createObjectStore.apply(this, named);
        const end = Date.now() + 4000;
        const again = () => { if (Date.now() < end) store.count().onsuccess = again; };
        again();
        return store;
      };
    }
";

/// Has a worker that waits for the lease look seldom, so that another one may come before it.
const SELDOM: &str = "
    const { setTimeout: wait } = self;
    self.setTimeout = (then, milliseconds) => wait(then, milliseconds === 200 ? 2000 : milliseconds);
";

/// Closes the connections of a shared worker to its database when a test asks for it.
const FAULTS: &str = "
    if ('onconnect' in self) {
      const used = new Set();
      let cut = false;
      const close = (told) => {
        for (const database of used) {
          database.close();
          if (told) database.dispatchEvent(new Event('close'));
        }
        used.clear();
      };
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (...given) {
        used.add(this);
        return transaction.apply(this, given);
      };
      const { add } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.add = function (...given) {
        const request = add.apply(this, given);
        if (cut) {
          cut = false;
          request.addEventListener('success', () => {
            this.transaction.abort();
            close(true);
          });
        }
        return request;
      };
      const channel = new BroadcastChannel('faults');
      channel.onmessage = ({ data }) => {
        if (data === 'next commit') cut = true;
        else close(data === 'told');
        channel.postMessage('done');
      };
    }
";

/// Deep enough to notice an address that begins at the root.
const FOLDER: &str = "/some/sub/folder/";

/// The variable that names another folder to serve.
const OTHER_DIST: &str = "CORRAL_DIST";

/// Listens in the page for what tests want to know; the page itself has nothing of the kind.
pub(crate) const WATCH: &str = include_str!("watch.js");
const WATCH_NAME: &str = "watch.js";

/// A page with nothing on it, beside Corral's.
pub(crate) const EMPTY_NAME: &str = "empty.html";

/// A served site; it ends when this is dropped.
pub struct Site {
    server: Server,
    newer: Newer,
}

impl Site {
    /// Serves `dist/` (or what `CORRAL_DIST` names) at an address of its own, so that no two tests share a database.
    ///
    /// # Panics
    /// When there is no build.
    pub fn serve() -> Self {
        Self::serve_with(&[])
    }

    /// The same with some files replaced, as a host does that breaks or forgets them.
    ///
    /// # Panics
    /// When there is no build.
    pub fn serve_with(replaced: &[(&str, &[u8])]) -> Self {
        warn_of_an_old_build(&workspace());
        let own = replaced.iter().find(|(name, _)| *name == WATCH_NAME);
        let watch = own.map_or(WATCH.as_bytes(), |(_, bytes)| bytes);
        let files = replaced
            .iter()
            .fold(served(&dist(), watch), |files, (name, bytes)| {
                files.with(name, *bytes)
            });
        Self {
            server: Server::start(files, 0).expect("a free port of 127.0.0.1"),
            newer: Newer::default(),
        }
    }

    /// From now on the host serves another build, which does the same; gives its id.
    ///
    /// # Panics
    /// When it can't be made.
    pub fn renew(&self) -> String {
        let (folder, id) = self.newer.next();
        self.server.renew(served(&folder, WATCH.as_bytes()));
        id
    }

    /// The same as a browser sees it that has no Web Locks, or when the page came over plain HTTP.
    ///
    /// # Panics
    /// When there is no build.
    pub fn without_locks() -> Self {
        Self::before_scripts(WITHOUT_LOCKS, "")
    }

    /// The same, and a shared worker takes seconds to make its database.
    ///
    /// # Panics
    /// When there is no build.
    pub fn without_locks_and_slow() -> Self {
        Self::before_scripts(WITHOUT_LOCKS, SLOW)
    }

    /// The same, and a worker that waits for the data looks every two seconds only.
    ///
    /// # Panics
    /// When there is no build.
    pub fn without_locks_and_seldom_looking() -> Self {
        Self::before_scripts(WITHOUT_LOCKS, SELDOM)
    }

    /// The same where tests can close the worker's connections to its database, over the channel `faults`.
    ///
    /// # Panics
    /// When there is no build.
    pub fn with_faults() -> Self {
        Self::before_scripts("", FAULTS)
    }

    /// The same where one of the parts that come later is damaged.
    ///
    /// # Panics
    /// When there is no such part.
    pub fn with_a_damaged_part(part: &str) -> Self {
        let names = fs::read_dir(dist()).expect("dist/ holds a build");
        let name = names
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .find(|name| name.starts_with(&format!("{part}.")))
            .expect("dist/ holds the part");
        Self::serve_with(&[(&name, b"no program")])
    }

    /// The build with something that runs before all else in the page and the worker, and in the worker alone.
    fn before_scripts(both: &str, worker: &str) -> Self {
        let [start, loader] = [("start.js", ""), ("worker-loader.js", worker)].map(|(name, more)| {
            let script = fs::read_to_string(dist().join(name)).expect("dist/ holds a build");
            (name, format!("{both}{more}{script}"))
        });
        Self::serve_with(&[(start.0, start.1.as_bytes()), (loader.0, loader.1.as_bytes())])
    }

    /// The address of the page, with a slash at its end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The host is gone, and stays away.
    pub fn stop(&self) {
        self.server.stop();
    }

    /// The paths asked for so far, with their queries, in the order they came.
    pub fn requests(&self) -> Vec<String> {
        let mut requests = self.server.requests();
        requests.retain(|path| !path.ends_with(WATCH_NAME) && !path.ends_with(EMPTY_NAME));
        requests
    }

    /// Fails when somebody asked for a path outside the site's folder, or for a file that isn't there.
    ///
    /// # Panics
    /// Then.
    pub fn was_asked_only_for_its_own(&self) {
        let mut builds = self.newer.folders();
        builds.push(dist());
        let has = |name: &str| builds.iter().any(|build| build.join(name).is_file());
        let strange: Vec<_> = self
            .requests()
            .into_iter()
            .filter(|request| {
                let path = request.split('?').next().unwrap_or_default();
                match path.strip_prefix(FOLDER) {
                    Some("") => false,
                    Some(name) => !has(name),
                    None => true,
                }
            })
            .collect();
        assert!(
            strange.is_empty(),
            "asked for what the site doesn't have: {strange:?}"
        );
    }
}

/// The page with a script of the tests.
pub(crate) fn with_script(page: &str, script: &str) -> String {
    let place = "<meta name=\"viewport\"";
    let with = page.replacen(place, &format!("{script}{place}"), 1);
    assert_ne!(
        page, with,
        "the page has a viewport, before which the tests put their own script"
    );
    with
}

/// A build with the script of the tests in its page.
fn served(build: &Path, watch: &[u8]) -> Files {
    let page = fs::read_to_string(build.join("index.html"))
        .expect("dist/ holds a build: `cargo xtask build` makes it");
    // Right after the policy, so that the policy holds for this script too and nothing runs before it.
    let watched = with_script(&page, &format!("<script src=\"./{WATCH_NAME}\"></script>"));
    Files::new(build, FOLDER)
        .with(offline::SCRIPT, keeper(build, &page, &watched, watch))
        .with("index.html", watched)
        .with(WATCH_NAME, watch)
        .with(
            EMPTY_NAME,
            "<!doctype html><html lang=\"en\"><link rel=\"icon\" href=\"data:,\"><title>Nothing</title></html>",
        )
}

/// The service worker of the build with the page of the tests in its list, which keeps exactly what it lists.
fn keeper(build: &Path, page: &str, watched: &str, watch: &[u8]) -> String {
    let script = fs::read_to_string(build.join(offline::SCRIPT)).expect("dist/ holds a build");
    let listed = [
        offline::line(offline::PAGE, watched.as_bytes()),
        offline::line(&format!("./{WATCH_NAME}"), watch),
    ];
    let kept = script.replacen(
        &offline::line(offline::PAGE, page.as_bytes()),
        &listed.concat(),
        1,
    );
    assert_ne!(script, kept, "the service worker lists the page");
    kept
}

/// The folder that is served: `dist/`, or the one that `CORRAL_DIST` names, where a build lies that others leave alone.
pub(crate) fn dist() -> PathBuf {
    env::var_os(OTHER_DIST).map_or_else(|| workspace().dist(), PathBuf::from)
}

/// Where the repository lies.
pub(crate) fn workspace() -> Workspace {
    Workspace::find().expect("the tests run inside the repository")
}

/// A folder for what tests leave behind.
pub(crate) fn output(name: &str) -> PathBuf {
    let folder = workspace().root().join("target").join(name);
    fs::create_dir_all(&folder).expect("target/ can be written");
    folder
}

/// Tests look at what was built, not at the sources; said once, since confusing the two costs an afternoon.
fn warn_of_an_old_build(workspace: &Workspace) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if env::var_os(OTHER_DIST).is_none() && build::stamped(workspace) != build::id(workspace).ok() {
            eprintln!("warning: dist/ was built from other sources than the present ones; `cargo xtask build` renews it");
        }
    });
}
