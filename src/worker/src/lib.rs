//! The wasm program that owns the data: messages in, engine and store behind them.
//!
//! The way of a request: a tab's message arrives at [`ports`] → waits in the [`inbox`], where a newer view request
//! takes the place of an older one → [`host`] hands one after the other to [`dispatch`], which asks the [`backend`]
//! (engine and store), the [`sources`] (files held open) or the [`jobs`] (long work) → an error becomes a message
//! for a person at the [`border`], and only there → the answer goes back through the port.
//!
//! What doesn't touch the browser (`inbox`, `jobs`, `names`, `handover`, `write_lock`, `codec`, `border`) is tested natively.

pub mod border;
pub mod codec;
pub mod error;
pub mod handover;
pub mod inbox;
pub mod jobs;
pub mod names;
pub mod write_lock;

#[cfg(target_arch = "wasm32")]
pub mod about;
#[cfg(target_arch = "wasm32")]
pub mod backend;
#[cfg(target_arch = "wasm32")]
pub mod backup;
#[cfg(target_arch = "wasm32")]
pub mod dispatch;
#[cfg(target_arch = "wasm32")]
pub mod events;
#[cfg(target_arch = "wasm32")]
pub mod exports;
#[cfg(target_arch = "wasm32")]
pub mod fatal;
#[cfg(target_arch = "wasm32")]
pub mod holder;
#[cfg(target_arch = "wasm32")]
pub mod host;
#[cfg(target_arch = "wasm32")]
pub mod imports;
#[cfg(target_arch = "wasm32")]
pub mod integrity;
#[cfg(target_arch = "wasm32")]
pub mod locks;
#[cfg(target_arch = "wasm32")]
pub mod newcomer;
#[cfg(target_arch = "wasm32")]
pub mod opening;
#[cfg(target_arch = "wasm32")]
pub mod parts;
#[cfg(target_arch = "wasm32")]
pub mod ports;
#[cfg(target_arch = "wasm32")]
pub mod progress;
#[cfg(target_arch = "wasm32")]
pub mod records;
#[cfg(target_arch = "wasm32")]
pub mod restore;
#[cfg(target_arch = "wasm32")]
pub mod schedule;
#[cfg(target_arch = "wasm32")]
pub mod simulations;
#[cfg(target_arch = "wasm32")]
pub mod sources;
#[cfg(target_arch = "wasm32")]
pub mod transport;
#[cfg(target_arch = "wasm32")]
pub mod vault;
#[cfg(target_arch = "wasm32")]
pub mod workflows;
#[cfg(target_arch = "wasm32")]
pub mod workspaces;
#[cfg(target_arch = "wasm32")]
pub mod zone;

#[cfg(target_arch = "wasm32")]
pub use host::attach;
