//! Event-less passes begin behind Start, some contacts at a time.

use super::machine::Machine;
use model::ChangeId;
use roaring::RoaringBitmap;

/// Passes that are still to begin for those in the audiences for whom none did.
#[derive(Debug)]
pub struct Begins {
    /// When they begin, in milliseconds since 1970.
    when: i64,
    brought: Option<Brought>,
    /// The place of the workflow that is at it, and for whom it is still to begin.
    at: usize,
    rest: Option<RoaringBitmap>,
}

/// Whom changes brought: for them passes begin, others are passed over.
#[derive(Debug)]
struct Brought {
    contacts: RoaringBitmap,
    /// A workflow that became active by a later change set lets everybody in.
    since: ChangeId,
}

impl Begins {
    /// Passes begin for everybody in the audiences, at a moment in milliseconds since 1970.
    pub fn for_all(when: i64) -> Begins {
        Begins {
            when,
            brought: None,
            at: 0,
            rest: None,
        }
    }

    /// Passes begin for those of the contacts who are in the audiences, and for everybody where a workflow became active
    /// by a change set after `since`; others are passed over.
    pub fn for_brought(contacts: RoaringBitmap, since: ChangeId, when: i64) -> Begins {
        Begins {
            brought: Some(Brought { contacts, since }),
            ..Begins::for_all(when)
        }
    }

    /// Lets passes begin for so many contacts, whose number is counted down; says whether none is left.
    pub fn step(&mut self, machine: &mut Machine, most: &mut usize) -> bool {
        while self.at < machine.lives.len() {
            let at = self.at;
            let rest = match &mut self.rest {
                Some(rest) => rest,
                None => self.rest.insert(whom(machine, at, self.brought.as_ref())),
            };
            while let Some(contact) = rest.min() {
                if *most == 0 {
                    return false;
                }
                *most -= 1;
                rest.remove_smallest(1);
                machine.begin(at, contact, self.when, 0);
                machine.drain();
            }
            (self.at, self.rest) = (at + 1, None);
        }
        true
    }
}

/// For whom passes of a workflow are to begin; whoever is passed over is noted.
fn whom(machine: &mut Machine, at: usize, brought: Option<&Brought>) -> RoaringBitmap {
    let live = machine.lives.get_mut(at);
    let Some(live) = live.filter(|live| live.program.actions().next().is_some()) else {
        return RoaringBitmap::new();
    };
    let waiting = live.waiting();
    match brought {
        Some(brought) if live.since <= brought.since || !live.began.is_empty() => {
            let others = &waiting - &brought.contacts;
            let begins = waiting - &others;
            live.began |= &others;
            live.passed_over |= others;
            begins
        }
        _ => waiting,
    }
}
