//! The parts of the worker's program. What the first screen does not need comes as files of their own, when first needed.
//!
//! The functions with `wasm_split` are the seams along which `cargo xtask build` cuts the program: whatever can only be
//! reached through them leaves the first download (ARCHITECTURE, *Parts of the programs*).
#![allow(
    unsafe_code,
    reason = "the attribute `wasm_split` declares each part's loader as a foreign function"
)]

use crate::backend::Backend;
use crate::dispatch::{self, Answer};
use crate::error::Error;
use crate::host::Host;
use crate::inbox::Ticket;
use crate::opening::{self, Begun, Read, Step};
use engine::Workspace;
use engine::journal::PageId;
use model::ChangeId;
use model::message::{Reply, Request};
use std::pin::Pin;
use std::rc::Rc;
use store::{Found, IndexedStore};
use wasm_split_helpers::wasm_split;
use web_sys::Blob;

/// Bytes that nobody reads. The cut sorts all constants by parts, for which it needs a little more room than they take
/// unsorted, and leaves them all in the first download where it finds none (`wasm_split_cli_support`: *Overlong segment*).
#[used]
static ROOM: [u8; 2048] = [1; 2048];

/// An answer that takes its time.
pub type Answering = Pin<Box<dyn Future<Output = Result<Answer, Error>>>>;

/// Workflows at work.
pub type Reacting<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// Data being read.
pub type Reading<'a> = Pin<Box<dyn Future<Output = Result<Read, Error>> + 'a>>;

/// Who hears how far it has come.
pub type Told<'a> = Box<dyn FnMut(Step) + 'a>;

/// Reads the data, where there is any.
#[wasm_split(data, fallible)]
pub fn read(
    store: Rc<IndexedStore>,
    records: Vec<(u64, Found)>,
    told: Told<'_>,
) -> Result<Reading<'_>, Error> {
    Ok(Box::pin(opening::read(store, records, told)))
}

/// Answers what the first screen asks for of data.
#[wasm_split(data, fallible)]
pub fn first_view(backend: &Backend, request: &Request) -> Result<Reply, Error> {
    backend.first_view(request)
}

/// Answers what can be asked while data is being read; none where it can't (any more).
#[wasm_split(data, fallible)]
pub fn early_view(begun: &Begun, request: &Request) -> Result<Option<Reply>, Error> {
    begun.view(request)
}

/// Answers whatever the first screen does not ask for.
#[wasm_split(rest, fallible)]
pub fn answer(
    host: Rc<Host>,
    ticket: Ticket,
    request: Request,
    file: Option<Blob>,
) -> Result<Answering, Error> {
    Ok(Box::pin(async move {
        dispatch::answer_other(&host, ticket, request, file).await
    }))
}

/// Puts into words what is missing because of change sets and pages that can't be read.
#[wasm_split(rest, fallible)]
pub fn damage(
    workspace: &Workspace,
    changes: &[(ChangeId, String)],
    pages: &[(PageId, String)],
) -> Result<Vec<String>, Error> {
    let changes = changes.iter();
    let changes = changes.map(|(id, reason)| workspace.lost_change(*id, reason));
    let pages = pages.iter().map(|(id, reason)| workspace.lost_page(*id, reason));
    Ok(changes.chain(pages).collect())
}

/// Lets workflows go on where there is something for them to do.
#[wasm_split(flows, fallible)]
pub fn go_on(backend: &Backend, now: i64) -> Result<Reacting<'_>, Error> {
    Ok(Box::pin(backend.go_on(now)))
}
