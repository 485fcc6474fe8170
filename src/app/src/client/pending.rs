//! Requests on their way, and what becomes of them when the worker dies.

use super::answer::{Answer, Slot, answer};
use model::Problem;
use model::message::{Envelope, Reply, Request};

/// How a request ended; `F` is a file beside the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<F> {
    /// It was answered.
    Reply(Reply, Option<F>),
    /// It did not work.
    Problem(Problem),
    /// A newer request of the same lane took its place.
    Dropped,
}

/// The requests that aren't answered yet.
#[derive(Debug)]
pub struct Pending<F> {
    /// In the order they were asked.
    asked: Vec<Asked<F>>,
    numbers: u32,
}

#[derive(Debug)]
struct Asked<F> {
    number: u32,
    request: Request,
    file: Option<F>,
    slot: Slot<Outcome<F>>,
    sent: bool,
}

impl<F> Default for Pending<F> {
    fn default() -> Self {
        Pending {
            asked: Vec::new(),
            numbers: 0,
        }
    }
}

impl<F: Clone> Pending<F> {
    /// Takes a request in; an older one of the same lane is dropped.
    pub fn ask(&mut self, request: Request, file: Option<F>) -> Answer<Outcome<F>> {
        if let Some(lane) = request.lane() {
            for older in self
                .asked
                .extract_if(.., |asked| asked.request.lane() == Some(lane))
            {
                older.slot.put(Outcome::Dropped);
            }
        }
        let (slot, answer) = answer();
        self.numbers = self.numbers.wrapping_add(1);
        self.asked.push(Asked {
            number: self.numbers,
            request,
            file,
            slot,
            sent: false,
        });
        answer
    }

    /// What of some kind is to be sent now, which counts as sent from here on.
    pub fn take_unsent(&mut self, of: impl Fn(&Request) -> bool) -> Vec<(Envelope, Option<F>)> {
        let unsent = self
            .asked
            .iter_mut()
            .filter(|asked| !asked.sent && of(&asked.request));
        unsent
            .map(|asked| {
                asked.sent = true;
                (
                    Envelope {
                        id: asked.number,
                        request: asked.request.clone(),
                    },
                    asked.file.clone(),
                )
            })
            .collect()
    }

    /// Hands an answer over; one to a dropped request goes nowhere.
    pub fn answered(&mut self, id: u32, result: Result<Reply, Problem>, file: Option<F>) {
        if let Some(at) = self.asked.iter().position(|asked| asked.number == id) {
            let asked = self.asked.remove(at);
            asked.slot.put(match result {
                Ok(reply) => Outcome::Reply(reply, file),
                Err(problem) => Outcome::Problem(problem),
            });
        }
    }

    /// The worker is gone: what can be asked again will be, the rest ends with a problem that says how things stand.
    pub fn lost(&mut self) {
        for asked in self
            .asked
            .extract_if(.., |asked| asked.sent && !can_ask_again(&asked.request))
        {
            asked.slot.put(Outcome::Problem(fate(&asked.request)));
        }
        self.asked.iter_mut().for_each(|asked| asked.sent = false);
    }

    /// Nothing will be answered any more.
    pub fn fail(&mut self, problem: &Problem) {
        for asked in std::mem::take(&mut self.asked) {
            asked.slot.put(Outcome::Problem(problem.clone()));
        }
    }
}

/// Whether asking twice is as good as asking once.
fn can_ask_again(request: &Request) -> bool {
    match request {
        view if view.is_view() => true,
        Request::Duplicates { .. }
        | Request::Jobs
        | Request::PreviewUndo(_)
        | Request::PreviewRedo(_)
        | Request::OpenSource { .. }
        | Request::RejectedRows(_)
        | Request::PreviewAds(_)
        | Request::Download(_)
        | Request::Storage
        | Request::TakeBackup
        | Request::LastBackup
        | Request::OpenBackup(_)
        | Request::Workspaces => true,
        _ => false,
    }
}

/// What is known of a request whose worker died.
fn fate(request: &Request) -> Problem {
    match request {
        Request::ReadSource(..)
        | Request::SourceValues(..)
        | Request::CloseSource(_)
        | Request::Check(_)
        | Request::ReadBackup(..) => Problem::new(
            "The file isn't open any more, because Corral had to start again",
            "Choose it again",
        ),
        Request::Cancel(_) => cut_off(),
        _ => Problem::new(
            "Corral had to start again, and it isn't known whether this was saved",
            "Look at History before you try again",
        ),
    }
}

/// What a job ends with when its worker died.
pub fn cut_off() -> Problem {
    Problem::new(
        "Corral had to start again, and this was cut off",
        "Look at History: either all of it was saved, or nothing",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ContactId;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn now(answer: Answer<Outcome<()>>) -> Option<Outcome<()>> {
        match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => Some(outcome),
            Poll::Pending => None,
        }
    }

    fn rows(start: u64) -> Request {
        Request::Rows {
            query: Default::default(),
            columns: Vec::new(),
            start,
            count: 50,
            why: None,
        }
    }

    fn sent(pending: &mut Pending<()>) -> Vec<u32> {
        pending
            .take_unsent(|_| true)
            .into_iter()
            .map(|(envelope, _)| envelope.id)
            .collect()
    }

    #[test]
    fn an_answer_finds_who_asked() {
        let mut pending = Pending::default();
        let (one, two) = (
            pending.ask(Request::Overview, None),
            pending.ask(Request::Imports, None),
        );
        assert_eq!(sent(&mut pending), [1, 2]);
        pending.answered(2, Ok(Reply::Imports(Vec::new())), None);
        assert_eq!(now(two), Some(Outcome::Reply(Reply::Imports(Vec::new()), None)));
        assert_eq!(now(one), None);
    }

    #[test]
    fn rows_scrolled_past_are_dropped_and_their_late_answer_goes_nowhere() {
        let mut pending = Pending::default();
        let (old, other) = (pending.ask(rows(0), None), pending.ask(Request::Overview, None));
        assert_eq!(sent(&mut pending), [1, 2]);
        let new = pending.ask(rows(500), None);
        assert_eq!(now(old), Some(Outcome::Dropped));
        pending.answered(1, Ok(Reply::Nothing), None);
        assert_eq!(sent(&mut pending), [3]);
        assert_eq!((now(new), now(other)), (None, None));
    }

    #[test]
    fn after_the_worker_died_views_are_asked_again_and_writes_are_in_doubt() {
        let mut pending = Pending::default();
        let view = pending.ask(Request::Contact(ContactId(1)), None);
        let write = pending.ask(Request::LoadDemo, None);
        assert_eq!(sent(&mut pending), [1, 2]);
        let unsent = pending.ask(Request::DeleteFilter("Old".into()), None);
        pending.lost();
        let Some(Outcome::Problem(problem)) = now(write) else {
            panic!("a problem")
        };
        assert!(
            problem.what.contains("isn't known whether this was saved"),
            "{problem}"
        );
        assert_eq!(sent(&mut pending), [1, 3]);
        assert_eq!((now(view), now(unsent)), (None, None));
    }
}
