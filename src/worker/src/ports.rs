//! The tabs that are connected, and what they are told.

use crate::inbox::PortId;
use crate::transport::{self, Port};
use litemap::LiteMap;
use model::message::FromWorker;
use std::cell::{Cell, RefCell};
use web_sys::Blob;

/// Every connected tab.
#[derive(Debug, Default)]
pub struct Ports {
    tabs: RefCell<LiteMap<PortId, Tab>>,
    attached: Cell<u32>,
}

#[derive(Debug)]
struct Tab {
    port: Port,
    /// The lock whose release is the tab's death; none before its Hello, empty where there are no locks.
    lock: Option<String>,
}

impl Ports {
    /// Enters a tab that hasn't said Hello yet.
    pub fn add(&self, port: Port) -> PortId {
        self.attached.set(self.attached.get() + 1);
        let id = PortId(self.attached.get());
        self.tabs.borrow_mut().insert(id, Tab { port, lock: None });
        id
    }

    /// Notes a tab's Hello; says whether it is its first.
    pub fn greet(&self, id: PortId, lock: String) -> bool {
        let mut tabs = self.tabs.borrow_mut();
        tabs.get_mut(&id)
            .is_some_and(|tab| tab.lock.replace(lock).is_none())
    }

    /// Whether this is the lock of the tab's last Hello.
    pub fn lives_by(&self, id: PortId, lock: &str) -> bool {
        self.tabs
            .borrow()
            .get(&id)
            .is_some_and(|tab| tab.lock.as_deref() == Some(lock))
    }

    /// Takes a tab off the list; says whether no other is left.
    pub fn remove(&self, id: PortId) -> bool {
        let mut tabs = self.tabs.borrow_mut();
        if let Some(tab) = tabs.remove(&id) {
            tab.port.set_onmessage(None);
        }
        tabs.is_empty()
    }

    /// Tells one tab, if it is still there.
    pub fn tell(&self, id: PortId, message: &FromWorker, blob: Option<&Blob>) {
        let port = self.tabs.borrow().get(&id).map(|tab| tab.port.clone());
        if let Some(port) = port {
            post(&port, message, blob);
        }
    }

    /// Tells every tab that said Hello.
    pub fn tell_all(&self, message: &FromWorker) {
        self.ports(|tab| tab.lock.is_some())
            .iter()
            .for_each(|port| post(port, message, None));
    }

    /// Tells every tab the last thing this worker says, whether it said Hello or is about to.
    pub fn tell_last(&self, message: &FromWorker) {
        self.ports(|_| true)
            .iter()
            .for_each(|port| post(port, message, None));
    }

    /// None where a panic came amidst a change of the list.
    fn ports(&self, of: impl Fn(&Tab) -> bool) -> Vec<Port> {
        let Ok(tabs) = self.tabs.try_borrow() else {
            return Vec::new();
        };
        tabs.values()
            .filter(|tab| of(tab))
            .map(|tab| tab.port.clone())
            .collect()
    }
}

/// Posting fails only where a message can't be cloned, which bytes and blobs can; a closed port swallows it.
fn post(port: &Port, message: &FromWorker, blob: Option<&Blob>) {
    if let Err(error) = transport::send(port, message, blob) {
        web_sys::console::error_1(&error.to_string().into());
    }
}
