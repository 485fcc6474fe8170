//! Getting the database for oneself, and giving it up.
//!
//! Where the browser has no Web Locks (old browsers, and pages that came over plain HTTP), nothing keeps two workers
//! apart but a request to give way and a short wait: a lease record in the database is to take their place there.

use crate::error::Error;
use crate::handover::{Ask, Word};
use crate::locks::{self, Held};
use crate::names::WorkerName;
use crate::{schedule, transport};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// How long a worker without Web Locks waits for another one to give way, in milliseconds.
const COURTESY: i32 = 500;

/// How the database came into this worker's hands.
#[derive(Debug)]
pub enum Claim {
    /// By a lock that nobody else has.
    Locked(Held),
    /// By asking, in a browser that has no locks.
    Unprotected,
}

/// What this worker says to, and hears from, the others that want the same database.
#[derive(Debug)]
pub struct Holder {
    channel: Option<BroadcastChannel>,
    own: RefCell<Ask>,
    lock: String,
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
        }
    }

    /// This worker's ask, as it was last said.
    pub fn own(&self) -> Ask {
        self.own.borrow().clone()
    }

    /// Takes the database if nobody has it; else none.
    ///
    /// # Errors
    /// When the browser refuses locks here.
    pub async fn try_claim(&self) -> Result<Option<Claim>, Error> {
        match locks::manager() {
            Some(locks) => Ok(locks.try_hold(&self.lock).await?.map(Claim::Locked)),
            None => self.claim(false).await.map(Some),
        }
    }

    /// Asks whoever has the database to give way, and waits for it; `forced` also asks a worker of the same build.
    ///
    /// # Errors
    /// When the browser refuses locks here.
    pub async fn claim(&self, forced: bool) -> Result<Claim, Error> {
        let ask = {
            let mut own = self.own.borrow_mut();
            own.at = u64::try_from(schedule::wall_clock()).unwrap_or_default();
            own.forced = forced;
            own.clone()
        };
        self.say(&Word::Yield(ask))?;
        match locks::manager() {
            Some(locks) => locks.hold(&self.lock).await.map(Claim::Locked),
            None => {
                schedule::sleep(COURTESY).await;
                Ok(Claim::Unprotected)
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
