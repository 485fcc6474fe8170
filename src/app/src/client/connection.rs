//! The connection: starting the worker, hearing it, noticing its death, replacing it.

use super::answer::Answer;
use super::generation;
use super::lock::{self, Held};
use super::pending::{self, Outcome, Pending};
use super::place::{BUILD, Place};
use super::reload;
use super::state::State;
use super::transport::{self, Wire};
use crate::site;
use js_sys::{Function, Promise};
use litemap::LiteMap;
use model::message::{Envelope, FromWorker, Job, JobState, Request};
use model::{JobId, Problem};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, PageTransitionEvent, Window};

/// How often the page looks whether a starting worker lives, in milliseconds; a dead one is to be noticed within 3 s.
const LOOK: i32 = 500;

/// How often a page without Web Locks asks the worker for a word, in milliseconds; so many times in vain, and it is dead.
const ASK: i32 = 700;
const IN_VAIN: u32 = 3;

/// How long a worker's last words may be on their way after its lock is free, in milliseconds: what it says about its
/// end (that it gives way, or why it died) counts more than the end.
const LAST_WORDS: i32 = 300;

/// So many deaths …
const DEATHS: usize = 3;
/// … within so many milliseconds, and no further worker is started.
const DEATHS_WITHIN: f64 = 60_000.0;

const CONTENDED: &str =
    "Another version of this page has the data; close the other tabs, then load this one again";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(handler: &Function, milliseconds: i32) -> JsValue;
}

/// One page's connection.
pub struct Connection {
    place: Place,
    shared: bool,
    push: Box<dyn Fn(FromWorker)>,
    state: RefCell<State>,
    pending: RefCell<Pending<Blob>>,
    /// Jobs that run, as last heard.
    jobs: RefCell<LiteMap<JobId, Job>>,
    wire: RefCell<Option<Wire>>,
    lock: RefCell<Option<Held>>,
    generation: Cell<u32>,
    /// The name of the worker that is connected, or was last.
    worker: RefCell<String>,
    /// Counts connections: what an earlier one started must not touch a later one.
    epoch: Cell<u32>,
    /// Whether this worker ever said anything.
    heard: Cell<bool>,
    /// Whether it said anything since it was last asked for a word.
    said: Cell<bool>,
    deaths: RefCell<Vec<f64>>,
    /// Whether a person asked for the data here, and it isn't here yet.
    wanted: Cell<bool>,
}

impl Connection {
    /// Connects, and goes on doing so as long as the page lives.
    pub fn start(push: Box<dyn Fn(FromWorker)>) -> Rc<Self> {
        let window = web_sys::window();
        let location = window.as_ref().map(Window::location);
        let own = location
            .and_then(|location| location.search().ok())
            .is_some_and(|it| it.contains("own-worker"));
        let this = Rc::new(Connection {
            place: Place::of_page(&site::folder(), &site::workspace(), BUILD),
            shared: transport::can_share() && !own,
            push,
            state: RefCell::new(State::Connecting),
            pending: RefCell::default(),
            jobs: RefCell::default(),
            wire: RefCell::default(),
            lock: RefCell::default(),
            generation: Cell::default(),
            worker: RefCell::default(),
            epoch: Cell::default(),
            heard: Cell::default(),
            said: Cell::default(),
            deaths: RefCell::default(),
            wanted: Cell::default(),
        });
        if let Some(window) = window {
            this.clone().follow_page(&window);
        }
        this.connect();
        this
    }

    fn state(&self) -> State {
        self.state.borrow().clone()
    }

    fn set_state(&self, state: State) {
        *self.state.borrow_mut() = state;
    }

    /// The name of the worker that is connected, or was last.
    pub fn worker(&self) -> String {
        self.worker.borrow().clone()
    }

    /// Asks the worker, as soon as it answers.
    pub fn ask(&self, request: Request, file: Option<Blob>) -> Answer<Outcome<Blob>> {
        let answer = self.pending.borrow_mut().ask(request, file);
        match self.state() {
            State::Ready | State::Opening => self.flush(),
            State::Fatal(reason) => self.pending.borrow_mut().fail(&dead(&reason)),
            State::Connecting | State::Busy | State::Lost | State::Closing => {}
        }
        answer
    }

    /// Says Hello again, by which the worker knows that a person wants the data here.
    pub fn use_here(self: &Rc<Self>) {
        if self.state() == State::Busy {
            self.wanted.set(true);
            self.set_state(State::Connecting);
            let (this, epoch) = (self.clone(), self.epoch.get());
            spawn_local(async move { this.hello(epoch).await });
        }
    }

    fn connect(self: &Rc<Self>) {
        self.epoch.set(self.epoch.get().wrapping_add(1));
        self.heard.set(false);
        spawn_local(self.clone().connect_as(self.epoch.get()));
    }

    async fn connect_as(self: Rc<Self>, epoch: u32) {
        let locks = lock::manager();
        if locks.is_none() {
            self.generation
                .set(self.generation.get().max(generation::noted()));
        }
        if let Some(locks) = &locks {
            // Others may have replaced a dead worker already.
            let held = locks.held().await;
            let held = || held.iter().map(String::as_str);
            let newest = self.place.newest(held()).unwrap_or_default();
            self.generation.set(self.generation.get().max(newest));
            if self.epoch.get() == epoch && reload::in_vain(&self.place) && self.place.is_contended(held()) {
                // It gave way to a newer page and still is the old one: taking the data back, the two of them
                // would take turns for ever.
                return self.die(CONTENDED.into());
            }
        }
        if self.epoch.get() != epoch {
            return;
        }
        let name = if self.shared {
            self.place.worker(self.generation.get())
        } else {
            self.place.own_worker(self.generation.get(), &site::new_id())
        };
        *self.worker.borrow_mut() = name.clone();
        let hear = {
            let this = Rc::downgrade(&self);
            move |message, blob| {
                if let Some(this) = this.upgrade().filter(|this| this.epoch.get() == epoch) {
                    this.hear(message, blob);
                }
            }
        };
        match Wire::open(&loader(), &name, self.shared, hear) {
            Ok(wire) => *self.wire.borrow_mut() = Some(wire),
            Err(reason) => return self.die(format!("This browser starts no workers here: {reason}")),
        }
        if locks.is_some() {
            spawn_local(self.clone().outlive(epoch, name));
        } else {
            spawn_local(self.clone().question(epoch));
        }
        self.hello(epoch).await;
    }

    /// Tells the worker by which lock this tab lives; a lock of an earlier Hello is let go of after that.
    async fn hello(&self, epoch: u32) {
        let name = self.place.tab(&site::new_id());
        let held = match lock::manager() {
            Some(locks) => locks.hold(&name).await,
            None => None,
        };
        if self.epoch.get() != epoch {
            return;
        }
        let lock = if held.is_some() { name } else { String::new() };
        self.send(
            &Envelope {
                id: 0,
                request: Request::Hello { lock },
            },
            None,
        );
        *self.lock.borrow_mut() = held;
    }

    fn send(&self, envelope: &Envelope, file: Option<&Blob>) {
        let result = self.wire.borrow().as_ref().map(|wire| wire.send(envelope, file));
        if let Some(Err(reason)) = result {
            let problem = Problem::new(
                format!("The browser refused this: {reason}"),
                "Reload the page and try again",
            );
            self.pending
                .borrow_mut()
                .answered(envelope.id, Err(problem), None);
        }
    }

    /// Sends what the worker answers by now.
    fn flush(&self) {
        let open = self.state() == State::Ready;
        let answered = |request: &Request| open || request.needs_no_events();
        let unsent = self.pending.borrow_mut().take_unsent(answered);
        for (envelope, file) in unsent {
            self.send(&envelope, file.as_ref());
        }
    }

    fn hear(self: &Rc<Self>, message: FromWorker, blob: Option<Blob>) {
        self.heard.set(true);
        self.said.set(true);
        match message {
            FromWorker::Ready { .. } => {
                self.wanted.set(false);
                self.set_state(State::Ready);
                self.flush();
                (self.push)(message);
            }
            FromWorker::Busy => {
                self.set_state(State::Busy);
                match self.wanted.get() {
                    // The worker that was told has died, and this one knows nothing of it.
                    true => self.use_here(),
                    false => (self.push)(message),
                }
            }
            FromWorker::Reply { id, result } => self.pending.borrow_mut().answered(id, result, blob),
            FromWorker::Opening(_) => {
                self.set_state(State::Opening);
                self.flush();
                (self.push)(message);
            }
            FromWorker::Changed { .. } => (self.push)(message),
            FromWorker::Job(job) => self.hear_job(job),
            FromWorker::Closing => self.load_again(),
            FromWorker::Fatal(reason) => self.die(reason),
        }
    }

    fn hear_job(&self, job: Job) {
        {
            let mut jobs = self.jobs.borrow_mut();
            match job.state {
                JobState::Running { .. } => jobs.insert(job.id, job.clone()),
                JobState::Finished(_) | JobState::Cancelled | JobState::Failed(_) => jobs.remove(&job.id),
            };
        }
        (self.push)(FromWorker::Job(job));
    }

    /// The worker gave way to another: this page is loaded again, and finds it.
    fn load_again(self: &Rc<Self>) {
        self.disconnect();
        self.set_state(State::Closing);
        if reload::reload(&self.place) {
            (self.push)(FromWorker::Closing);
        } else {
            self.die(CONTENDED.into());
        }
    }

    /// Nothing works any more.
    fn die(self: &Rc<Self>, reason: String) {
        self.disconnect();
        self.pending.borrow_mut().fail(&dead(&reason));
        self.set_state(State::Fatal(reason.clone()));
        (self.push)(FromWorker::Fatal(reason));
    }

    /// Waits for the worker's death, and replaces it.
    async fn outlive(self: Rc<Self>, epoch: u32, name: String) {
        let Some(locks) = lock::manager() else { return };
        // Only a lock that is held already tells by its release that somebody died.
        while !self.heard.get() && self.epoch.get() == epoch && !locks.held().await.contains(&name) {
            sleep(LOOK).await;
        }
        if self.epoch.get() != epoch || !locks.released(&name).await {
            return;
        }
        sleep(LAST_WORDS).await;
        if self.epoch.get() == epoch {
            self.lose();
        }
    }

    /// Notices the worker's death without locks, by its silence, and replaces it.
    ///
    /// What counts is how often it was asked in vain, not the time: a page that was frozen has not asked.
    async fn question(self: Rc<Self>, epoch: u32) {
        let mut in_vain = 0;
        while in_vain < IN_VAIN {
            sleep(ASK).await;
            if self.epoch.get() != epoch {
                return;
            }
            // A worker that was never heard may still be on its way over the network.
            in_vain = match self.said.replace(false) || !self.heard.get() {
                true => 0,
                false => in_vain + 1,
            };
            self.send(
                &Envelope {
                    id: 0,
                    request: Request::Ping,
                },
                None,
            );
        }
        if self.epoch.get() == epoch {
            self.lose();
        }
    }

    fn lose(self: &Rc<Self>) {
        self.disconnect();
        self.forget_worker();
        let now = js_sys::Date::now();
        let deaths = {
            let mut deaths = self.deaths.borrow_mut();
            deaths.retain(|at| (now - at).abs() < DEATHS_WITHIN);
            deaths.push(now);
            deaths.len()
        };
        if deaths >= DEATHS {
            return self.die("The program that keeps the data stopped again and again".into());
        }
        self.set_state(State::Lost);
        self.generation.set(self.generation.get() + 1);
        if lock::manager().is_none() {
            generation::note(self.generation.get());
        }
        self.connect();
    }

    /// Nothing that was asked of the worker will be answered.
    fn forget_worker(&self) {
        self.pending.borrow_mut().lost();
        for (_, job) in self.jobs.take() {
            (self.push)(FromWorker::Job(Job {
                state: JobState::Failed(pending::cut_off()),
                ..job
            }));
        }
    }

    /// Closes the wire; what it or its watchers still say isn't heard.
    fn disconnect(&self) {
        self.epoch.set(self.epoch.get().wrapping_add(1));
        let (wire, lock) = (self.wire.take(), self.lock.take());
        // Later, since the wire may be calling this very moment.
        spawn_local(async move { drop((wire, lock)) });
    }

    /// Says Goodbye when the page is left, and connects again when it comes back as it was.
    ///
    /// A page without locks does not come back: Chromium freezes the worker of a page that it keeps for a way back, and
    /// where that worker was just making the database, nobody could open it any more. A page that listens for `unload`
    /// isn't kept.
    fn follow_page(self: Rc<Self>, window: &Window) {
        let this = self.clone();
        let hidden = Closure::<dyn Fn(PageTransitionEvent)>::new(move |_| this.leave());
        let shown = Closure::<dyn Fn(PageTransitionEvent)>::new(move |event: PageTransitionEvent| {
            if event.persisted() && !matches!(self.state(), State::Fatal(_)) {
                self.forget_worker();
                self.connect();
            }
        });
        for (event, listener) in [
            ("pagehide", hidden.into_js_value()),
            ("pageshow", shown.into_js_value()),
        ] {
            // An event target takes any listener.
            window
                .add_event_listener_with_callback(event, listener.unchecked_ref())
                .ok();
        }
        if lock::manager().is_none() {
            let nothing = Closure::<dyn Fn()>::new(|| {}).into_js_value();
            window
                .add_event_listener_with_callback("unload", nothing.unchecked_ref())
                .ok();
        }
    }

    fn leave(&self) {
        self.send(
            &Envelope {
                id: 0,
                request: Request::Goodbye,
            },
            None,
        );
        self.epoch.set(self.epoch.get().wrapping_add(1));
        // At once: a page that rests must hold nothing that others wait for.
        drop((self.wire.take(), self.lock.take()));
        if !matches!(self.state(), State::Fatal(_) | State::Closing) {
            self.set_state(State::Connecting);
        }
    }
}

fn dead(reason: &str) -> Problem {
    Problem::new(
        format!("Corral stopped: {reason}"),
        "Reload the page; everything that was saved is still there",
    )
}

fn loader() -> String {
    format!("worker-loader.js?build={BUILD}")
}

async fn sleep(milliseconds: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, milliseconds);
    });
    // Nobody rejects this promise.
    JsFuture::from(timer).await.ok();
}
