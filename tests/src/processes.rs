//! The processes a test starts, and only those, ended by their ids.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::param::clock_ticks_per_second;
use rustix::process::{Pid, Signal, kill_process};

/// Drivers answer within a second; a loaded machine may take long to load them.
const DEADLINE: Duration = Duration::from_secs(60);

/// A program in the background that ends, with all it started, when this is dropped.
pub(crate) struct Background {
    child: Child,
    log: std::path::PathBuf,
}

/// A process that can't be mistaken for a later one with the same id.
#[derive(Debug, PartialEq, Eq)]
struct Process {
    id: i32,
    parent: i32,
    started: String,
    worked: Duration,
    ended: bool,
}

impl Background {
    /// Starts a program whose output goes into the file `log`.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let file = File::create(log).expect("the log can be written");
        let copy = file.try_clone().expect("the log can be shared");
        let child = command.stdin(Stdio::null()).stdout(file).stderr(copy).spawn();
        let child =
            child.unwrap_or_else(|error| panic!("{} starts: {error}", command.get_program().display()));
        Self {
            child,
            log: log.to_owned(),
        }
    }

    /// Waits until the program has written what `pick` looks for.
    pub(crate) fn says<T>(&mut self, pick: impl Fn(&str) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            // Asked first: what it said at its end is written by then.
            let ended = self
                .child
                .try_wait()
                .expect("a child can be asked whether it ended");
            let text = fs::read_to_string(&self.log).unwrap_or_default();
            if let Some(found) = pick(&text) {
                return found;
            }
            assert!(
                ended.is_none() && start.elapsed() < DEADLINE,
                "{} came up; it said: {text}",
                self.log.display()
            );
            poll();
        }
    }

    /// Waits until somebody listens on that port of 127.0.0.1.
    pub(crate) fn listens(&mut self, port: u16) {
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = self
                .child
                .try_wait()
                .expect("a child can be asked whether it ended");
            assert!(
                ended.is_none() && start.elapsed() < DEADLINE,
                "{} came up",
                self.log.display()
            );
            poll();
        }
    }

    /// Ends what the program started, at once and without a chance to tidy up, and lets the program itself live.
    pub(crate) fn kill_children(&self) {
        kill(&descendants(self.id()));
    }

    /// The time that what the program started, and still runs, has worked so far.
    pub(crate) fn work_of_children(&self) -> Duration {
        descendants(self.id()).iter().map(|process| process.worked).sum()
    }

    fn id(&self) -> i32 {
        i32::try_from(self.child.id()).expect("process ids are small")
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let children = descendants(self.id());
        // Both fail only when the program is gone already.
        drop(self.child.kill());
        drop(self.child.wait());
        kill(&children);
    }
}

/// The time between two looks at something that is waited for.
pub(crate) fn poll() {
    std::thread::sleep(Duration::from_millis(20));
}

/// Ends processes, and waits until they hold no file any more: whoever comes next may open the same.
fn kill(processes: &[Process]) {
    for process in processes.iter().filter(|process| process.lives()) {
        if let Some(id) = Pid::from_raw(process.id) {
            // It fails only when the process is gone already.
            kill_process(id, Signal::KILL).unwrap_or_default();
        }
    }
    let start = Instant::now();
    while processes.iter().any(Process::lives) {
        assert!(
            start.elapsed() < DEADLINE,
            "{processes:?} end when they are killed"
        );
        poll();
    }
}

impl Process {
    /// Whether it still runs: the system keeps its number until its parent has noticed its end.
    fn lives(&self) -> bool {
        look(self.id).is_some_and(|now| now.started == self.started && !now.ended)
    }
}

/// The children of a process, their children, and so on.
fn descendants(id: i32) -> Vec<Process> {
    let entries = fs::read_dir("/proc").expect("the tests run on Linux");
    let all: Vec<_> = entries
        .filter_map(|entry| look(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .collect();
    let mut family = vec![id];
    let mut found = Vec::new();
    let mut rest = all;
    loop {
        let (children, others): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|one| family.contains(&one.parent));
        if children.is_empty() {
            return found;
        }
        family.extend(children.iter().map(|child| child.id));
        found.extend(children);
        rest = others;
    }
}

fn look(id: i32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name, in parentheses, may hold anything; after it come the state, the parent, as the 12th and 13th the ticks of
    // work in its own code and in the system's, and as the 20th the start.
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Process {
        id,
        parent: fields.get(1)?.parse().ok()?,
        started: (*fields.get(19)?).to_owned(),
        ended: matches!(*fields.first()?, "Z" | "X"),
        worked: Duration::from_secs(ticks(11)? + ticks(12)?)
            / u32::try_from(clock_ticks_per_second()).ok()?,
    })
}
