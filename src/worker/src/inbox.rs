//! Requests that wait for their turn; a newer view request takes the place of an older one.

use litemap::LiteMap;
use std::collections::VecDeque;

/// One connected tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortId(pub u32);

/// What tells whether a request that was taken out is still worth an answer.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// The tab that asked.
    pub port: PortId,
    lane: Option<u8>,
    number: u64,
}

/// The waiting requests of all tabs, oldest first.
#[derive(Debug)]
pub struct Inbox<T> {
    waiting: VecDeque<(Ticket, T)>,
    /// The newest request of each tab's lane, waiting or not.
    newest: LiteMap<(PortId, u8), u64>,
    numbers: u64,
}

impl<T> Default for Inbox<T> {
    fn default() -> Self {
        Inbox {
            waiting: VecDeque::new(),
            newest: LiteMap::new(),
            numbers: 0,
        }
    }
}

impl<T> Inbox<T> {
    /// Puts a request at the end, and drops what waits in the same lane of the same tab.
    pub fn push(&mut self, port: PortId, lane: Option<u8>, request: T) {
        self.numbers += 1;
        let ticket = Ticket {
            port,
            lane,
            number: self.numbers,
        };
        if let Some(lane) = lane {
            self.waiting
                .retain(|(other, _)| other.port != port || other.lane != Some(lane));
            self.newest.insert((port, lane), ticket.number);
        }
        self.waiting.push_back((ticket, request));
    }

    /// Takes the oldest request out.
    pub fn pop(&mut self) -> Option<(Ticket, T)> {
        self.waiting.pop_front()
    }

    /// Takes the oldest request of some kind out.
    pub fn pop_of(&mut self, of: impl Fn(&T) -> bool) -> Option<(Ticket, T)> {
        let at = self.waiting.iter().position(|(_, request)| of(request))?;
        self.waiting.remove(at)
    }

    /// Puts a request that was taken out back to the front.
    pub fn put_back(&mut self, ticket: Ticket, request: T) {
        self.waiting.push_front((ticket, request));
    }

    /// Whether a newer request came after this one in its lane, or its tab is gone.
    pub fn is_stale(&self, ticket: &Ticket) -> bool {
        ticket
            .lane
            .is_some_and(|lane| self.newest.get(&(ticket.port, lane)) != Some(&ticket.number))
    }

    /// Drops the view requests of a tab that is gone; what it asked to be written is still done.
    pub fn forget(&mut self, port: PortId) {
        self.waiting
            .retain(|(ticket, _)| ticket.port != port || ticket.lane.is_none());
        self.newest.retain(|(other, _), _| *other != port);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: PortId = PortId(1);
    const TWO: PortId = PortId(2);

    fn drain(inbox: &mut Inbox<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| inbox.pop())
            .map(|(_, request)| request)
            .collect()
    }

    #[test]
    fn scrolling_on_drops_the_rows_scrolled_past() {
        let mut inbox = Inbox::default();
        inbox.push(ONE, Some(0), "rows 0");
        inbox.push(ONE, None, "edit");
        inbox.push(ONE, Some(1), "count");
        inbox.push(ONE, Some(0), "rows 500");
        inbox.push(ONE, Some(0), "rows 900");
        assert_eq!(drain(&mut inbox), ["edit", "count", "rows 900"]);
    }

    #[test]
    fn what_can_be_answered_already_passes_what_waits() {
        let mut inbox = Inbox::default();
        inbox.push(ONE, None, "edit");
        inbox.push(ONE, Some(0), "rows");
        inbox.push(TWO, Some(0), "rows of two");
        let mut rows = || {
            inbox
                .pop_of(|request| request.starts_with("rows"))
                .map(|(_, rows)| rows)
        };
        assert_eq!(
            [rows(), rows(), rows()],
            [Some("rows"), Some("rows of two"), None]
        );
        assert_eq!(drain(&mut inbox), ["edit"]);
    }

    #[test]
    fn tabs_do_not_drop_each_others_requests() {
        let mut inbox = Inbox::default();
        inbox.push(ONE, Some(0), "rows of one");
        inbox.push(TWO, Some(0), "rows of two");
        assert_eq!(drain(&mut inbox), ["rows of one", "rows of two"]);
    }

    #[test]
    fn a_view_that_is_being_computed_goes_stale_when_a_newer_one_comes() {
        let mut inbox = Inbox::default();
        inbox.push(ONE, Some(0), "old");
        inbox.push(ONE, None, "edit");
        let (old, _) = inbox.pop().unwrap();
        let (edit, _) = inbox.pop().unwrap();
        assert!(!inbox.is_stale(&old));
        inbox.push(TWO, Some(0), "another tab's");
        inbox.push(ONE, Some(1), "another lane's");
        assert!(!inbox.is_stale(&old));
        inbox.push(ONE, Some(0), "new");
        assert!(inbox.is_stale(&old));
        assert!(!inbox.is_stale(&edit));
    }

    #[test]
    fn a_closed_tab_takes_its_views_along_but_not_its_writes() {
        let mut inbox = Inbox::default();
        inbox.push(ONE, Some(0), "rows");
        let (rows, _) = inbox.pop().unwrap();
        inbox.push(ONE, Some(1), "count");
        inbox.push(ONE, None, "edit");
        inbox.forget(ONE);
        assert!(inbox.is_stale(&rows));
        assert_eq!(drain(&mut inbox), ["edit"]);
    }
}
