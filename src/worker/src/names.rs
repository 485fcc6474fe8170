//! The names that one person's pages on one host share: database, locks, channel and worker.
//!
//! The tab names the worker `corral:<site path>:<workspace>:<build>:<generation>`; everything else follows from it.
//! The site path may itself hold colons, the three last parts never do.

/// The workspace a page opens unless it says otherwise.
pub const WORKSPACE: &str = "default";

/// A worker's name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerName {
    /// `corral:<site path>:<workspace>`
    scope: String,
    /// The build the worker's program comes from.
    pub build: String,
    /// Which of the workers of this build it is: tabs count it up when one died.
    pub generation: String,
}

impl WorkerName {
    /// Takes a name apart; none where it isn't one of ours.
    pub fn parse(name: &str) -> Option<Self> {
        let mut parts = name.rsplitn(3, ':');
        let (generation, build, scope) = (parts.next()?, parts.next()?, parts.next()?);
        if !scope.starts_with("corral:") || build.is_empty() || generation.is_empty() {
            return None;
        }
        Some(WorkerName {
            scope: scope.into(),
            build: build.into(),
            generation: generation.into(),
        })
    }

    /// The name of a worker that was given none: from the path of its own script.
    pub fn from_script(path: &str, build: &str) -> Self {
        let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        WorkerName {
            scope: format!("corral:{folder}:{WORKSPACE}"),
            build: build.into(),
            generation: "0".into(),
        }
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        &self.scope
    }

    /// The lock that only the one worker with the database open holds.
    pub fn database_lock(&self) -> String {
        database_lock(&self.scope)
    }

    /// The id of a workspace of the same site, by the name of its database; none where it is none of ours.
    pub fn sibling<'a>(&self, database: &'a str) -> Option<&'a str> {
        let (site, id) = database.rsplit_once(':')?;
        (self.scope.rsplit_once(':')?.0 == site && is_workspace(id)).then_some(id)
    }

    /// The database of another workspace of the same site; none where that is no id, or this one's own.
    pub fn beside(&self, id: &str) -> Option<String> {
        let (site, own) = self.scope.rsplit_once(':')?;
        (is_workspace(id) && id != own).then(|| format!("{site}:{id}"))
    }

    /// The channel on which workers ask the holder of the database to give way.
    pub fn channel(&self) -> String {
        channel(&self.scope)
    }

    /// The lock that this worker holds for its life, so that tabs notice its death: its own name.
    pub fn liveness_lock(&self) -> String {
        format!("{}:{}:{}", self.scope, self.build, self.generation)
    }
}

/// Whether this is the id of a workspace: letters and digits.
fn is_workspace(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The lock on a database.
pub fn database_lock(database: &str) -> String {
    format!("{database}:db")
}

/// The channel on which the holder of a database is asked to give way.
pub fn channel(database: &str) -> String {
    format!("{database}:holder")
}

/// What the locks of the tabs that show a database begin with; the tabs know the same.
pub fn tabs(database: &str) -> String {
    format!("{database}:tab:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_apart_from_its_end() {
        let name = WorkerName::parse("corral:/a:b/corral/:default:8c1d:2").unwrap();
        assert_eq!(name.database(), "corral:/a:b/corral/:default");
        assert_eq!(name.database_lock(), "corral:/a:b/corral/:default:db");
        assert_eq!(name.channel(), "corral:/a:b/corral/:default:holder");
        assert_eq!((name.build.as_str(), name.generation.as_str()), ("8c1d", "2"));
        assert_eq!(name.liveness_lock(), "corral:/a:b/corral/:default:8c1d:2");
    }

    #[test]
    fn a_foreign_name_is_no_name() {
        for name in [
            "",
            "worker",
            "corral",
            "other:/:default:1:0",
            "corral:/:default::0",
        ] {
            assert_eq!(WorkerName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn workspaces_of_one_site_know_each_other_and_no_others() {
        let name = WorkerName::parse("corral:/a:b/:default:8c1d:2").unwrap();
        assert_eq!(name.beside("x7k").as_deref(), Some("corral:/a:b/:x7k"));
        for id in ["default", "", "x:y", "ä", "db 1"] {
            assert_eq!(name.beside(id), None, "{id}");
        }
        assert_eq!(name.sibling("corral:/a:b/:x7k"), Some("x7k"));
        assert_eq!(name.sibling("corral:/a:b/:default"), Some("default"));
        for other in ["corral:/a/:x7k", "corral:/:x7k", "other", "corral:/a:b/:"] {
            assert_eq!(name.sibling(other), None, "{other}");
        }
    }

    #[test]
    fn a_nameless_worker_is_named_after_the_folder_of_its_script() {
        let name = WorkerName::from_script("/tools/corral/worker-loader.js", "dev");
        assert_eq!(name.database(), "corral:/tools/corral/:default");
        assert_eq!(WorkerName::parse(&name.liveness_lock()), Some(name));
    }
}
