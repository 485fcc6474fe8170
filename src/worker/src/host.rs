//! The worker as a whole: it gets the database, listens to tabs, has their requests answered, and gives way.

use crate::backend::Backend;
use crate::dispatch::{self, Answer};
use crate::error::Error;
use crate::handover::{self, Decision, Word};
use crate::holder::{Claim, Holder};
use crate::imports::Checked;
use crate::inbox::{Inbox, PortId, Ticket};
use crate::jobs::Jobs;
use crate::locks::{self, Held};
use crate::names::WorkerName;
use crate::opening::{Begun, Step};
use crate::ports::Ports;
use crate::simulations::Steering;
use crate::sources::Sources;
use crate::transport::Port;
use crate::write_lock::WriteLock;
use crate::{border, fatal, parts, schedule, transport, workflows};
use js_sys::{Function, Reflect};
use model::message::{Envelope, FromWorker, Reply, Request};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use store::IndexedStore;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, MessageEvent, WorkerGlobalScope};

/// The build of this program; the tab names it too, so both are the same.
pub const BUILD: &str = match option_env!("CORRAL_BUILD") {
    Some(build) => build,
    None => "dev",
};

/// Where a worker is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It waits for the database.
    Waiting,
    /// Another tab's worker has the database (dedicated workers only).
    Busy,
    /// It has the database and reads it.
    Opening,
    /// It answers.
    Open,
    /// It finishes what it began, for another worker.
    Closing,
    /// It does nothing any more.
    Dead,
}

thread_local! {
    static HOST: OnceCell<Rc<Host>> = const { OnceCell::new() };
}

/// The one worker that this program is, once a tab was attached.
pub fn current() -> Option<Rc<Host>> {
    HOST.with(|host| host.get().cloned())
}

/// Connects a tab: the script that starts this program calls it once for each port.
#[wasm_bindgen]
pub fn attach(port: JsValue) {
    let host = HOST.with(|host| host.get_or_init(Host::start).clone());
    host.connect(port.unchecked_into());
}

/// Ends the worker; every lock it holds is free then.
pub fn close_scope() {
    let scope = js_sys::global();
    let close = Reflect::get(&scope, &"close".into())
        .ok()
        .and_then(|close| close.dyn_into::<Function>().ok());
    if let Some(close) = close {
        // It throws nothing.
        close.call0(&scope).ok();
    }
}

/// Everything that the worker has.
pub struct Host {
    /// Its name, from which the names of database and locks follow.
    pub name: WorkerName,
    /// The connected tabs.
    pub ports: Ports,
    /// The long pieces of work.
    pub jobs: RefCell<Jobs>,
    /// The files that are held open.
    pub sources: RefCell<Sources>,
    /// Files that were checked and wait for their import.
    pub checked: Checked,
    /// The right to change the data.
    pub writes: WriteLock,
    /// How running simulations are steered.
    pub steering: Steering,
    shared: bool,
    phase: Cell<Phase>,
    damage: RefCell<Vec<String>>,
    /// What tabs are told while the data is being opened.
    known: RefCell<Option<FromWorker>>,
    /// What can be asked before all is read.
    begun: RefCell<Option<Begun>>,
    backend: RefCell<Option<Rc<Backend>>>,
    inbox: RefCell<Inbox<(Envelope, Option<Blob>)>>,
    serving: Cell<bool>,
    holder: Holder,
    /// The lock on the database, where there are locks.
    lock: RefCell<Option<Held>>,
    /// Tabs wait for the release of this one.
    alive: RefCell<Option<Held>>,
    /// Another worker asked for the database while it was being read.
    wanted_elsewhere: Cell<bool>,
    /// The name of the worker that asked for the database last.
    heir: RefCell<Option<String>>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("name", &self.name)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}

impl Host {
    fn start() -> Rc<Host> {
        fatal::watch();
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        let given = Reflect::get(&scope, &"name".into())
            .ok()
            .and_then(|name| name.as_string());
        let name = given
            .as_deref()
            .and_then(WorkerName::parse)
            .unwrap_or_else(|| WorkerName::from_script(&scope.location().pathname(), BUILD));
        let hear = |word| {
            if let Some(host) = current() {
                host.hear(word);
            }
        };
        let host = Rc::new(Host {
            shared: Reflect::has(&scope, &"onconnect".into()).unwrap_or_default(),
            holder: Holder::new(&name, hear),
            name,
            ports: Ports::default(),
            jobs: RefCell::default(),
            sources: RefCell::default(),
            checked: Checked::default(),
            writes: WriteLock::default(),
            steering: Steering::default(),
            phase: Cell::new(Phase::Waiting),
            damage: RefCell::default(),
            known: RefCell::default(),
            begun: RefCell::default(),
            backend: RefCell::default(),
            inbox: RefCell::default(),
            serving: Cell::default(),
            lock: RefCell::default(),
            alive: RefCell::default(),
            wanted_elsewhere: Cell::default(),
            heir: RefCell::default(),
        });
        spawn_local(host.clone().live());
        host
    }

    /// Where the worker is in its life.
    pub fn phase(&self) -> Phase {
        self.phase.get()
    }

    /// Nothing is answered any more.
    pub fn die(&self) {
        self.phase.set(Phase::Dead);
    }

    /// The open workspace.
    ///
    /// # Errors
    /// When the worker gives way to another.
    pub fn backend(&self) -> Result<Rc<Backend>, Error> {
        self.backend.borrow().clone().ok_or(Error::Closing)
    }

    /// Refuses writes that come after the worker began to give way.
    ///
    /// # Errors
    /// [`Error::Closing`]
    pub fn ensure_open(&self) -> Result<(), Error> {
        if self.phase.get() == Phase::Open {
            Ok(())
        } else {
            Err(Error::Closing)
        }
    }

    /// Whether a newer view request made this one pointless: long computations look now and then.
    pub fn is_stale(&self, ticket: &Ticket) -> bool {
        self.inbox.borrow().is_stale(ticket)
    }

    /// Holds the lock of this worker's life, and gets the database.
    async fn live(self: Rc<Self>) {
        if let Some(locks) = locks::manager() {
            match locks.hold(&self.name.liveness_lock()).await {
                Ok(held) => *self.alive.borrow_mut() = Some(held),
                Err(error) => return self.cannot_open(error),
            }
        }
        match self.holder.try_claim(!self.shared).await {
            Ok(Some(claim)) => self.open(claim).await,
            Ok(None) if self.shared => self.claim(false).await,
            Ok(None) => {
                self.phase.set(Phase::Busy);
                self.ports.tell_all(&FromWorker::Busy);
            }
            Err(error) => self.cannot_open(error),
        }
    }

    /// Waits until the worker that has the database gives way.
    async fn claim(self: &Rc<Self>, forced: bool) {
        self.phase.set(Phase::Waiting);
        match self.holder.claim(forced).await {
            Ok(claim) if self.phase.get() == Phase::Waiting => self.open(claim).await,
            Ok(_) => {}
            Err(error) => self.cannot_open(error),
        }
    }

    async fn open(self: &Rc<Self>, claim: Claim) {
        self.phase.set(Phase::Opening);
        let opened = match self.store_of(claim).await {
            Ok(store) => {
                let told = |step| match step {
                    Step::Journal(overview) => {
                        let known = FromWorker::Opening(overview);
                        self.ports.tell_all(&known);
                        *self.known.borrow_mut() = Some(known);
                    }
                    Step::Values(begun) => {
                        *self.begun.borrow_mut() = Some(begun);
                        self.serve();
                    }
                };
                Backend::open(self.name.database(), store, told).await
            }
            Err(error) => Err(error),
        };
        match opened {
            Ok((backend, damage)) => {
                let backend = Rc::new(backend);
                *self.backend.borrow_mut() = Some(backend.clone());
                *self.damage.borrow_mut() = damage;
                self.phase.set(Phase::Open);
                self.known.take();
                self.begun.take();
                // Rows that were asked for already wait for nothing else.
                self.serve();
                // Before anything else is changed, workflows answer what was left when the last worker ended, and what is
                // overdue; tabs with rows on the screen hear of it.
                workflows::wake(self, &backend, schedule::wall_clock()).await;
                self.ports.tell_all(&self.ready());
                if self.wanted_elsewhere.get() {
                    return self.give_way().await;
                }
                spawn_local(async move { backend.note_contacts().await });
                spawn_local(workflows::keep_time(self.clone()));
            }
            Err(error) => self.cannot_open(error),
        }
    }

    /// Reads the store again, whose records are others now; gives the new state's number. The caller holds the write lock.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn open_again(&self, before: &Backend) -> Result<u64, Error> {
        let (fresh, damage) = Backend::open(self.name.database(), before.store.clone(), |_| {}).await?;
        fresh.workspace_mut().count_on_from(&before.workspace());
        fresh.note_contacts().await;
        let version = fresh.workspace().version();
        *self.backend.borrow_mut() = Some(Rc::new(fresh));
        *self.damage.borrow_mut() = damage;
        Ok(version)
    }

    /// The database, which is this worker's from now on as long as it lives.
    async fn store_of(self: &Rc<Self>, claim: Claim) -> Result<Rc<IndexedStore>, Error> {
        let store = match claim {
            Claim::Leased(store) => {
                spawn_local(self.clone().keep(store.clone()));
                return Ok(store);
            }
            Claim::Locked(held) => {
                *self.lock.borrow_mut() = Some(held);
                IndexedStore::open(self.name.database()).await?
            }
        };
        Ok(Rc::new(store))
    }

    /// Renews the lease; when it is lost all the same, the tabs find its new owner.
    async fn keep(self: Rc<Self>, store: Rc<IndexedStore>) {
        Claim::keep(store, &self.holder.own().worker).await;
        if !matches!(self.phase.get(), Phase::Closing | Phase::Dead) {
            self.leave();
        }
    }

    fn ready(&self) -> FromWorker {
        FromWorker::Ready {
            build: self.name.build.clone(),
            damage: self.damage.borrow().clone(),
        }
    }

    fn cannot_open(&self, error: Error) {
        fatal::stop(&border::problem(error).to_string());
    }

    /// Hears what another worker says about the database.
    fn hear(self: &Rc<Self>, word: Word) {
        let own = self.holder.own();
        let ask = match word {
            Word::Yield(ask) => ask,
            Word::Stay(worker) if worker == own.worker && self.phase.get() == Phase::Waiting => {
                // The tabs find the holder when they load again.
                return self.leave();
            }
            Word::Stay(_) => return,
        };
        let holding = match self.phase.get() {
            Phase::Opening | Phase::Open => true,
            Phase::Waiting => false,
            Phase::Busy | Phase::Closing | Phase::Dead => return,
        };
        match handover::decide(&own, holding, &ask) {
            Decision::Ignore => {}
            Decision::Stay => self.say_stay(ask.worker),
            Decision::GiveWay if self.phase.get() == Phase::Waiting => self.leave(),
            Decision::GiveWay => {
                *self.heir.borrow_mut() = Some(ask.worker);
                match self.phase.get() {
                    Phase::Opening => self.wanted_elsewhere.set(true),
                    _ => spawn_local(self.clone().leave_after_commit()),
                }
            }
        }
    }

    fn say_stay(&self, worker: String) {
        if let Err(error) = self.holder.say(&Word::Stay(worker)) {
            web_sys::console::error_1(&error.to_string().into());
        }
    }

    async fn leave_after_commit(self: Rc<Self>) {
        self.give_way().await;
    }

    /// Finishes the running commit, closes the database and lets another worker have it.
    async fn give_way(self: &Rc<Self>) {
        if self.phase.get() != Phase::Open {
            return;
        }
        self.phase.set(Phase::Closing);
        self.jobs.borrow_mut().cancel_all();
        let _last_turn = self.writes.lock().await;
        if let Some(backend) = self.backend.take() {
            let heir = self.heir.take();
            backend.close(heir.as_deref()).await;
        }
        self.leave();
    }

    /// Tells the tabs to load again, and ends.
    fn leave(&self) {
        self.ports.tell_last(&FromWorker::Closing);
        self.die();
        self.lock.take();
        self.alive.take();
        close_scope();
    }

    fn connect(self: &Rc<Self>, port: Port) {
        let id = self.ports.add(port.clone());
        let host = Rc::downgrade(self);
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(host) = host.upgrade() {
                host.receive(id, &event.data());
            }
        });
        port.set_onmessage(Some(listener.into_js_value().unchecked_ref()));
    }

    fn receive(self: &Rc<Self>, port: PortId, data: &JsValue) {
        if matches!(self.phase.get(), Phase::Dead) {
            return;
        }
        match transport::receive(data) {
            Ok((
                Envelope {
                    request: Request::Hello { lock },
                    ..
                },
                _,
            )) => self.greet(port, lock),
            Ok((
                Envelope {
                    request: Request::Goodbye,
                    ..
                },
                _,
            )) => self.part(port),
            Ok((
                Envelope {
                    id,
                    request: Request::Ping,
                },
                _,
            )) => {
                let result = Ok(Reply::Nothing);
                self.ports.tell(port, &FromWorker::Reply { id, result }, None);
            }
            Ok((envelope, file)) => {
                let lane = envelope.request.lane();
                self.inbox.borrow_mut().push(port, lane, (envelope, file));
                self.serve();
            }
            // Of a message that can't be read, not even the number is known.
            Err(error) => web_sys::console::error_1(&error.to_string().into()),
        }
    }

    /// A tab says Hello: tells it how things stand, and watches its life.
    fn greet(self: &Rc<Self>, port: PortId, lock: String) {
        let first = self.ports.greet(port, lock.clone());
        spawn_local(self.clone().outlive(port, lock));
        match self.phase.get() {
            Phase::Open => self.ports.tell(port, &self.ready(), None),
            Phase::Busy if first => self.ports.tell(port, &FromWorker::Busy, None),
            Phase::Busy => {
                // The person chose *Use here*.
                let host = self.clone();
                spawn_local(async move { host.claim(true).await });
            }
            Phase::Opening => {
                if let Some(known) = &*self.known.borrow() {
                    self.ports.tell(port, known, None);
                }
            }
            Phase::Waiting | Phase::Closing | Phase::Dead => {}
        }
    }

    /// Waits for a tab's death, and forgets it.
    async fn outlive(self: Rc<Self>, port: PortId, lock: String) {
        let Some(locks) = locks::manager().filter(|_| !lock.is_empty()) else {
            return;
        };
        match locks.released(&lock).await {
            Ok(()) if self.ports.lives_by(port, &lock) => self.part(port),
            Ok(()) => {}
            Err(error) => web_sys::console::error_1(&error.to_string().into()),
        }
    }

    /// Forgets a tab and what it held open; its jobs and writes go on.
    fn part(self: &Rc<Self>, port: PortId) {
        self.inbox.borrow_mut().forget(port);
        self.sources.borrow_mut().forget(port);
        let last = self.ports.remove(port);
        // A dedicated worker has one tab only, which may rest in the browser's memory for a way back: others need
        // the database meanwhile.
        if last && !self.shared {
            match self.phase.get() {
                Phase::Waiting | Phase::Busy => self.leave(),
                Phase::Opening => self.wanted_elsewhere.set(true),
                Phase::Open => spawn_local(self.clone().leave_after_commit()),
                Phase::Closing | Phase::Dead => {}
            }
        }
    }

    /// Has the waiting requests answered, one after the other.
    fn serve(self: &Rc<Self>) {
        match self.phase.get() {
            Phase::Open if !self.serving.replace(true) => spawn_local(self.clone().serve_all()),
            Phase::Opening => spawn_local(self.clone().serve_early()),
            _ => {}
        }
    }

    /// Has answered what can be asked already, while the rest is being read.
    async fn serve_early(self: Rc<Self>) {
        let Some(begun) = self.begun.borrow().clone() else {
            return;
        };
        let answered = |(envelope, _): &(Envelope, Option<Blob>)| begun.answers(&envelope.request);
        loop {
            let next = self.inbox.borrow_mut().pop_of(answered);
            let Some((ticket, (envelope, file))) = next else {
                return;
            };
            let view = parts::early_view(&begun, &envelope.request).await;
            match view.transpose() {
                Some(view) => self.reply(ticket, envelope.id, view.map(Answer::from)),
                // Something else can be asked by now.
                None => {
                    self.inbox.borrow_mut().put_back(ticket, (envelope, file));
                    self.serve();
                }
            }
        }
    }

    async fn serve_all(self: Rc<Self>) {
        loop {
            // What has arrived already comes in first, and may make what waits pointless.
            schedule::yield_now().await;
            let next = self.inbox.borrow_mut().pop();
            let Some((ticket, (envelope, file))) = next else {
                break;
            };
            spawn_local(self.clone().answer(ticket, envelope, file));
        }
        self.serving.set(false);
    }

    async fn answer(self: Rc<Self>, ticket: Ticket, envelope: Envelope, file: Option<Blob>) {
        let Envelope { id, request } = envelope;
        let answer = dispatch::answer(&self, ticket, request, file).await;
        self.reply(ticket, id, answer);
    }

    fn reply(&self, ticket: Ticket, id: u32, answer: Result<Answer, Error>) {
        if self.phase.get() == Phase::Dead || self.is_stale(&ticket) {
            return;
        }
        let (result, blob) = match answer {
            Ok(answer) => (Ok(answer.reply), answer.blob),
            Err(error) => (Err(border::problem(error)), None),
        };
        self.ports
            .tell(ticket.port, &FromWorker::Reply { id, result }, blob.as_ref());
    }
}
