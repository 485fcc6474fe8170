//! Events (activities): an append-only log in columns, each contact's chain of events, and what is worked out from them.
//!
//! The door is [`Log`]: a run appends events to it and closes them as one [`EventBatch`], which a change set carries
//! ([`crate::journal::Effect::Events`]).

pub mod behaviour;
mod blank;
mod chunk;
pub mod filter;
mod handed;
pub mod import;
pub mod log;
mod names;
pub(crate) mod read;
mod stored;
mod verdicts;
mod view;
pub(crate) mod words;

#[cfg(test)]
pub(crate) mod tests;

pub use behaviour::CompiledBehaviour;
pub(crate) use blank::blank_rows;
pub use filter::CompiledFilter;
pub(crate) use handed::Handed;
pub use log::Log;
pub use stored::stored_batch;
pub use verdicts::Verdicts;

use crate::journal::{Cause, PageRef};
use model::event::{Amount, EventKind, Origin, Product};
use serde::{Deserialize, Serialize};

/// No product, text or amount.
pub const NO: u32 = u32::MAX;

/// One event of the log, with numbers in the place of products and texts ([`Log::product`], [`Log::text`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw {
    /// When, in milliseconds since 1970.
    pub when: i64,
    /// Whose.
    pub contact: u32,
    /// What.
    pub kind: EventKind,
    /// The amount of the whole purchase or cart; [`crate::column::NONE`] where there is none.
    pub amount: Amount,
    /// Search text, address, form or subject; of a purchase how it was paid; [`NO`] where there is none.
    pub text: u32,
    /// The order's id; [`NO`] where there is none.
    pub order: u32,
}

/// One line of a purchase or cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawItem {
    /// The product.
    pub product: u32,
    /// How many pieces.
    pub quantity: u32,
    /// What one piece cost.
    pub price: Amount,
}

/// Events as they rest: columns of at most 65,536 rows a chunk, on pages.
///
/// An event is a row; its second and further items are rows of the kind [`log::ITEM`] right after it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventBatch {
    /// The number of the first row.
    pub first: u64,
    /// Products that rows name by their place here.
    pub products: Vec<Product>,
    /// Texts that rows name by their place here.
    pub texts: Vec<String>,
    /// The rows.
    pub chunks: Vec<ChunkPages>,
    /// Whether a simulation made them up.
    pub simulated: bool,
    /// Where they come from, where the cause of the change set does not tell (a baseline's).
    pub origin: Option<Origin>,
    /// The log with the batch, in the session in which it was made.
    #[serde(skip)]
    pub(crate) handed: Handed,
}

/// The columns of a chunk, one page each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChunkPages {
    /// How many rows.
    pub rows: u32,
    /// `when`, `contact`, `kind`, `amount`, `product`, `quantity`, `price`, `text`, `order`.
    pub columns: Vec<PageRef>,
}

/// Where the events of a change set come from.
pub fn origin(cause: &Cause) -> Origin {
    match cause.actor() {
        Cause::Fired => Origin::ByHand,
        Cause::Workflow(_) => Origin::Workflow,
        Cause::Events(_) => Origin::Imported,
        _ => Origin::Simulated,
    }
}
