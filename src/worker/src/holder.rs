//! Getting the database for oneself, and giving it up.
//!
//! Where the browser has no Web Locks (old browsers, and pages that came over plain HTTP), a lease in the database takes
//! their place: a worker has the database open to look at the lease, but reads and writes nothing else before it has it.

use crate::error::Error;
use crate::handover::{Ask, Word};
use crate::locks::{self, Held};
use crate::names::{WorkerName, channel};
use crate::{schedule, transport};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use store::{IndexedStore, Store, StoreError};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, MessageEvent};

/// How long a lease holds, in milliseconds: a dead worker is noticed within 3 s (design, section 4).
pub const LEASE: i64 = 3_000;
/// How often its owner renews it, in milliseconds.
const RENEW: i32 = 800;
/// How often a worker that waits for it looks, in milliseconds.
const LOOK: i32 = 200;
/// How long a patient worker waits for a lease, in milliseconds: a browser may let the worker of a page that is gone
/// live on for a moment, and renew once more, before the lease begins to run out.
const PATIENCE: i64 = 2 * LEASE;

/// How the database came into this worker's hands.
pub enum Claim {
    /// By a lock that nobody else has.
    Locked(Held),
    /// By a lease that this store took, in a browser that has no locks.
    Leased(Rc<IndexedStore>),
}

impl Claim {
    /// Keeps the database for this worker; returns when it is somebody else's, and otherwise never.
    pub async fn keep(store: Rc<IndexedStore>, owner: &str) {
        loop {
            schedule::sleep(RENEW).await;
            match lease(&store, owner).await {
                Ok(true) => {}
                Ok(false) | Err(Error::Store(StoreError::Closed)) => return,
                // A full disk, say: the writes themselves tell the person.
                Err(error) => web_sys::console::error_1(&error.to_string().into()),
            }
        }
    }
}

async fn lease(store: &IndexedStore, owner: &str) -> Result<bool, Error> {
    let now = schedule::wall_clock();
    Ok(store.lease(owner, now, now + LEASE).await?)
}

/// Asks the holder of another database, which no tab shows, to give way.
///
/// # Errors
/// When the browser refuses it.
pub fn evict(database: &str) -> Result<(), Error> {
    let refused = |error: JsValue| Error::Browser(transport::describe(&error));
    let channel = BroadcastChannel::new(&channel(database)).map_err(refused)?;
    let word = Word::Yield(Ask {
        worker: format!("{database}:nobody:0"),
        build: String::new(),
        at: u64::try_from(schedule::wall_clock()).unwrap_or_default(),
        forced: true,
    });
    let said = channel.post_message(&word.to_text().into()).map_err(refused);
    channel.close();
    said
}

/// Asks again as long as somebody waits: whoever waited, too, when it was asked, or came before, may have the database by
/// now, and has not heard of it.
async fn repeat(channel: Option<BroadcastChannel>, ask: Ask, waits: Weak<()>) {
    let (Some(channel), text) = (channel, Word::Yield(ask).to_text()) else {
        return;
    };
    loop {
        schedule::sleep(PATIENCE as i32).await;
        if waits.strong_count() == 0 || channel.post_message(&JsValue::from_str(&text)).is_err() {
            return;
        }
    }
}

/// What this worker says to, and hears from, the others that want the same database.
#[derive(Debug)]
pub struct Holder {
    channel: Option<BroadcastChannel>,
    own: RefCell<Ask>,
    lock: String,
    database: String,
}

impl Holder {
    /// Listens to the other workers from now on.
    pub fn new(name: &WorkerName, hear: impl Fn(Word) + 'static) -> Self {
        let channel = BroadcastChannel::new(&name.channel()).ok();
        if let Some(channel) = &channel {
            let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(word) = event.data().as_string().as_deref().and_then(Word::parse) {
                    hear(word);
                }
            });
            channel.set_onmessage(Some(listener.into_js_value().unchecked_ref()));
        }
        let own = Ask {
            worker: name.liveness_lock(),
            build: name.build.clone(),
            at: 0,
            forced: false,
        };
        Holder {
            channel,
            own: RefCell::new(own),
            lock: name.database_lock(),
            database: name.database().to_owned(),
        }
    }

    /// This worker's ask, as it was last said.
    pub fn own(&self) -> Ask {
        self.own.borrow().clone()
    }

    /// Takes the database if nobody has it; else none.
    ///
    /// A lease may be that of a worker that died just now: who is `patient` waits until such a lease has run out.
    ///
    /// # Errors
    /// When the browser refuses locks, or the database, here.
    pub async fn try_claim(&self, patient: bool) -> Result<Option<Claim>, Error> {
        if let Some(locks) = locks::manager() {
            return Ok(locks.try_hold(&self.lock).await?.map(Claim::Locked));
        }
        self.leased(if patient { PATIENCE } else { 0 }).await
    }

    /// Takes the lease as soon as it is free; none when it isn't within `patience`, in milliseconds.
    async fn leased(&self, patience: i64) -> Result<Option<Claim>, Error> {
        let store = IndexedStore::open(&self.database).await?;
        let end = schedule::wall_clock().saturating_add(patience);
        while !lease(&store, &self.own().worker).await? {
            if schedule::wall_clock() >= end {
                return Ok(None);
            }
            schedule::sleep(LOOK).await;
        }
        Ok(Some(Claim::Leased(Rc::new(store))))
    }

    /// Asks whoever has the database to give way, and waits for it; `forced` also asks a worker of the same build.
    ///
    /// # Errors
    /// When the browser refuses locks, or the database, here.
    pub async fn claim(&self, forced: bool) -> Result<Claim, Error> {
        let ask = {
            let mut own = self.own.borrow_mut();
            own.at = u64::try_from(schedule::wall_clock()).unwrap_or_default();
            own.forced = forced;
            own.clone()
        };
        self.say(&Word::Yield(ask.clone()))?;
        let waits = Rc::new(());
        spawn_local(repeat(self.channel.clone(), ask, Rc::downgrade(&waits)));
        if let Some(locks) = locks::manager() {
            return locks.hold(&self.lock).await.map(Claim::Locked);
        }
        loop {
            if let Some(claim) = self.leased(i64::MAX).await? {
                return Ok(claim);
            }
        }
    }

    /// Says something to the other workers.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub fn say(&self, word: &Word) -> Result<(), Error> {
        let Some(channel) = &self.channel else {
            return Ok(());
        };
        channel
            .post_message(&word.to_text().into())
            .map_err(|error| Error::Browser(transport::describe(&error)))
    }
}
