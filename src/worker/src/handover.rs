//! How workers agree who has the database open: what they say to each other, and who gives way.
//!
//! Workers of different builds talk here, so the form of what they say stays as it is.

/// What a worker says on the holder's channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A worker waits for the database.
    Yield(Ask),
    /// The holder, of the same build, doesn't give way to the worker of this name: its tabs come over.
    Stay(String),
}

/// A worker that waits for the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The name of its liveness lock.
    pub worker: String,
    /// Its build.
    pub build: String,
    /// When it asks, in milliseconds since 1970.
    pub at: u64,
    /// A person chose *Use here*.
    pub forced: bool,
}

impl Word {
    /// Its form on the channel.
    pub fn to_text(&self) -> String {
        match self {
            Word::Yield(Ask {
                worker,
                build,
                at,
                forced,
            }) => {
                format!("yield\n{worker}\n{build}\n{at}\n{forced}")
            }
            Word::Stay(worker) => format!("stay\n{worker}"),
        }
    }

    /// Reads it; none where another build says something new.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('\n').collect();
        match parts.as_slice() {
            ["yield", worker, build, at, forced] => Some(Word::Yield(Ask {
                worker: (*worker).into(),
                build: (*build).into(),
                at: at.parse().ok()?,
                forced: *forced == "true",
            })),
            ["stay", worker] => Some(Word::Stay((*worker).into())),
            _ => None,
        }
    }
}

/// What a worker does about another one that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Finish, close, and let the other one in.
    GiveWay,
    /// Say [`Word::Stay`].
    Stay,
    /// Nothing: it doesn't concern this worker.
    Ignore,
}

/// Decides about a worker that asks. `own` is this worker's own ask, had it to ask now.
///
/// Whoever loads the page last brings the newest build, so another build always gets the database from its holder.
/// Among workers that all wait, the last one to ask gets it; the others' tabs reload.
pub fn decide(own: &Ask, holding: bool, asks: &Ask) -> Decision {
    let same_build = own.build == asks.build;
    if own.worker == asks.worker || (!holding && same_build && !asks.forced) {
        Decision::Ignore
    } else if holding {
        if same_build && !asks.forced {
            Decision::Stay
        } else {
            Decision::GiveWay
        }
    } else if (asks.at, &asks.worker) > (own.at, &own.worker) {
        Decision::GiveWay
    } else {
        Decision::Ignore
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(build: &str, generation: u32, at: u64) -> Ask {
        Ask {
            worker: format!("corral:/:default:{build}:{generation}"),
            build: build.into(),
            at,
            forced: false,
        }
    }

    #[test]
    fn words_are_read_as_they_were_said() {
        for word in [
            Word::Yield(ask("a", 0, 17)),
            Word::Yield(Ask {
                forced: true,
                ..ask("a", 1, 0)
            }),
            Word::Stay("corral:/:default:a:0".into()),
        ] {
            assert_eq!(Word::parse(&word.to_text()), Some(word));
        }
        for text in ["", "yield", "yield\na\nb\nsoon\ntrue", "dance\nwith me"] {
            assert_eq!(Word::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_holder_gives_way_to_another_build_and_to_use_here_only() {
        let holder = ask("a", 0, 100);
        assert_eq!(decide(&holder, true, &ask("b", 0, 50)), Decision::GiveWay);
        assert_eq!(decide(&holder, true, &ask("a", 1, 150)), Decision::Stay);
        assert_eq!(
            decide(
                &holder,
                true,
                &Ask {
                    forced: true,
                    ..ask("a", 1, 150)
                }
            ),
            Decision::GiveWay
        );
    }

    #[test]
    fn nobody_gives_way_to_itself() {
        let own = Ask {
            forced: true,
            ..ask("a", 0, 100)
        };
        assert_eq!(decide(&own, true, &own), Decision::Ignore);
    }

    #[test]
    fn of_two_that_wait_exactly_one_gives_way() {
        let mut early = ask("a", 0, 100);
        let mut late = ask("b", 0, 100);
        for at in [100, 150] {
            late.at = at;
            assert_eq!(decide(&early, false, &late), Decision::GiveWay);
            assert_eq!(decide(&late, false, &early), Decision::Ignore);
        }
        early.build = late.build.clone();
        assert_eq!(decide(&early, false, &late), Decision::Ignore);
    }
}
