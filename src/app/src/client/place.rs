//! The names that all pages of one folder of one host share.

/// The build of this program; the worker's is the same.
pub const BUILD: &str = match option_env!("CORRAL_BUILD") {
    Some(build) => build,
    None => "dev",
};

/// What stands in the names of tabs where workers have their build.
const TAB: &str = "tab";

/// Where this page is, and so which data it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `corral:<site path>:<workspace>`
    scope: String,
    build: String,
}

impl Place {
    /// The place of a page whose folder has this path, and which shows this workspace.
    pub fn of_page(path: &str, workspace: &str, build: &str) -> Self {
        let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        Place {
            scope: format!("corral:{folder}:{workspace}"),
            build: build.into(),
        }
    }

    /// The name of the worker of a generation; it is also the lock which that worker holds for its life.
    pub fn worker(&self, generation: u32) -> String {
        format!("{}:{}:{generation}", self.scope, self.build)
    }

    /// The name of one tab's own worker.
    pub fn own_worker(&self, generation: u32, tab: &str) -> String {
        format!("{}.{tab}", self.worker(generation))
    }

    /// The lock that a tab holds for its life.
    pub fn tab(&self, tab: &str) -> String {
        format!("{}:{TAB}:{tab}", self.scope)
    }

    /// Where a page notes, until it is closed, when it loaded itself again while it was of this build.
    pub fn reloads(&self) -> String {
        format!("{}:{}:reloads", self.scope, self.build)
    }

    /// The greatest generation among the shared workers of this build that live, by the locks that are held.
    pub fn newest<'a>(&self, locks: impl IntoIterator<Item = &'a str>) -> Option<u32> {
        let workers = locks.into_iter().filter_map(|lock| self.worker_of(lock));
        let own = workers.filter(|(build, _)| *build == self.build);
        own.filter_map(|(_, generation)| generation.parse().ok()).max()
    }

    /// Whether a worker of another build lives, by the locks that are held.
    pub fn is_contended<'a>(&self, locks: impl IntoIterator<Item = &'a str>) -> bool {
        let mut workers = locks.into_iter().filter_map(|lock| self.worker_of(lock));
        workers.any(|(build, _)| build != self.build)
    }

    /// Build and generation of the worker of this place that holds a lock, if one does.
    fn worker_of<'a>(&self, lock: &'a str) -> Option<(&'a str, &'a str)> {
        let name = lock.strip_prefix(&self.scope)?.strip_prefix(':')?;
        name.split_once(':').filter(|(build, _)| *build != TAB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pages_of_a_folder_have_one_worker() {
        for path in ["/tools/corral/", "/tools/corral/index.html"] {
            let place = Place::of_page(path, "default", "8c1d");
            assert_eq!(place.worker(2), "corral:/tools/corral/:default:8c1d:2");
            assert_eq!(
                place.own_worker(0, "k3"),
                "corral:/tools/corral/:default:8c1d:0.k3"
            );
        }
        assert_ne!(
            Place::of_page("/a/", "default", "8c1d"),
            Place::of_page("/b/", "default", "8c1d")
        );
        assert_eq!(
            Place::of_page("/a/", "x7k", "8c1d").worker(0),
            "corral:/a/:x7k:8c1d:0"
        );
    }

    #[test]
    fn a_tab_joins_the_newest_worker_of_its_build() {
        let place = Place::of_page("/", "default", "b");
        let locks = [
            "corral:/:default:b:1",
            "corral:/:default:b:3",
            "corral:/:default:b:7.k3",
            "corral:/:default:a:9",
            "corral:/other/:default:b:9",
            "corral:/:default:db",
        ];
        assert_eq!(place.newest(locks), Some(3));
        assert_eq!(place.newest(["corral:/:default:db"]), None);
    }

    #[test]
    fn a_tab_knows_that_a_worker_of_another_build_lives() {
        let place = Place::of_page("/", "default", "b");
        let own = [
            "corral:/:default:b:1",
            "corral:/:default:db",
            "corral:/:default:tab:k3",
            "corral:/x/:default:a:1",
        ];
        assert!(!place.is_contended(own));
        assert!(place.is_contended(["corral:/:default:a:0"]));
    }
}
