//! Reading a database: its journal first, then the values of the first rows, of all contacts, and at last events.
//!
//! What is known already can be asked in between, so that nobody waits for a million contacts to see the first fifty.

use crate::backend;
use crate::error::Error;
use crate::records;
use crate::schedule::{self, Budget};
use engine::journal::{PageId, Pages};
use engine::page::Page;
use engine::{Opening, Workspace};
use futures_util::stream::{self, StreamExt};
use model::message::{Overview, Reply, Request};
use std::cell::RefCell;
use std::rc::Rc;
use store::{Found, IndexedStore, Store};

/// Pages that are read in one go.
pub const READ: usize = 16;
/// So many such parts are read ahead.
const AHEAD: usize = 2;
/// So many rows at least come before all others: a table asks for fewer when it is first drawn.
const FIRST: u64 = 1_000;

/// How far reading a database has come.
pub enum Step {
    /// Its journal is read, which says this much.
    Journal(Overview),
    /// More can be asked than before.
    Values(Begun),
}

/// A workspace that is being read; nothing can be asked of it before its first rows are there, and after its events are.
#[derive(Clone, Default)]
pub struct Begun(Rc<RefCell<Option<SoFar>>>);

/// A workspace without events, that knows the values of so many of its first rows.
struct SoFar {
    workspace: Workspace,
    rows: u64,
}

impl Begun {
    /// Whether this can be asked now.
    pub fn answers(&self, request: &Request) -> bool {
        let rows = match &*self.0.borrow() {
            Some(so_far) if request.needs_no_events() => so_far.rows,
            _ => return false,
        };
        match request {
            Request::Rows {
                query, start, count, ..
            } => {
                let in_order = query.search.is_empty() && query.sort.is_none();
                rows == u64::MAX || in_order && start + u64::from(*count) <= rows
            }
            _ => false,
        }
    }

    /// The answer to a request; none where it can't be asked (any more).
    ///
    /// # Errors
    /// When what is asked for doesn't exist.
    pub fn view(&self, request: &Request) -> Result<Option<Reply>, Error> {
        let so_far = self.0.borrow();
        let view =
            |so_far: &SoFar| backend::first_view_of(&so_far.workspace, request, schedule::wall_clock());
        so_far
            .as_ref()
            .filter(|_| self.answers(request))
            .map(view)
            .transpose()
    }

    fn show(&self, workspace: Workspace, rows: u64) {
        *self.0.borrow_mut() = Some(SoFar { workspace, rows });
    }

    fn load(&self, id: PageId, page: Rc<Page>) {
        if let Some(so_far) = self.0.borrow_mut().as_mut() {
            so_far.workspace.load_page(id, page);
        }
    }

    fn take(&self) -> Workspace {
        self.0.take().map(|so_far| so_far.workspace).unwrap_or_default()
    }
}

/// What was read of an open database.
pub struct Read {
    /// What it holds.
    pub workspace: Workspace,
    /// What could not be read, a sentence each.
    pub damage: Vec<String>,
    /// The pages that change sets name, in order; none where change sets are lost, so that nobody knows theirs.
    pub named: Option<Vec<PageId>>,
}

impl Default for Read {
    fn default() -> Self {
        Read {
            workspace: Workspace::new(),
            damage: Vec::new(),
            named: Some(Vec::new()),
        }
    }
}

/// Reads what the records of a journal add up to; `told` hears of each step.
///
/// # Errors
/// When the database is lost, or a newer version wrote it.
pub async fn read(
    store: Rc<IndexedStore>,
    records: Vec<(u64, Found)>,
    mut told: impl FnMut(Step),
) -> Result<Read, Error> {
    let mut opening = Opening::default();
    for (change, found) in records {
        records::take(&mut opening, change, &found)?;
    }
    let (first, rows) = {
        let known = opening.so_far(&Pages::default());
        told(Step::Journal(known.overview(schedule::wall_clock())));
        opening.first_pages(known.alive(), FIRST)
    };
    let (mut values, mut others, named) = (opening.value_pages(), opening.pages(), opening.named_pages());
    others.retain(|id| values.binary_search(id).is_err());
    let lost_changes = opening.lost().to_vec();
    let (begun, mut pages, mut lost_pages) = (Begun::default(), Pages::default(), Vec::new());
    if first.len() < values.len() {
        values.retain(|id| first.binary_search(id).is_err());
        lost_pages = read_pages(&store, &first, &mut |id, page| pages.insert(id, page)).await?;
        begun.show(opening.so_far(&pages), rows);
        told(Step::Values(begun.clone()));
    }
    lost_pages.extend(read_pages(&store, &values, &mut |id, page| pages.insert(id, page)).await?);
    begun.show(opening.begin(pages), u64::MAX);
    told(Step::Values(begun.clone()));
    lost_pages.extend(read_pages(&store, &others, &mut |id, page| begun.load(id, page)).await?);
    let mut workspace = begun.take();
    workspace.add_events();

    let damage = records::told(&workspace, &lost_changes, &lost_pages).await;
    Ok(Read {
        workspace,
        damage,
        named: lost_changes.is_empty().then_some(named),
    })
}

/// Reads pages a few megabytes at a time, and gives those that can't be read, and why.
///
/// # Errors
/// When the database is lost, or a newer version wrote it.
pub async fn read_pages(
    store: &IndexedStore,
    ids: &[PageId],
    take: &mut dyn FnMut(PageId, Rc<Page>),
) -> Result<Vec<(PageId, String)>, Error> {
    let mut lost = Vec::new();
    let budget = Budget::new();
    // While one part is taken in, the browser reads the next ones.
    let mut parts = stream::iter(ids.chunks(READ).map(|ids| async move {
        let asked: Vec<store::PageId> = ids.iter().map(|id| store::PageId(id.0)).collect();
        store.pages(&asked).await.map(|found| (ids, found))
    }))
    .buffered(AHEAD);
    while let Some(part) = parts.next().await {
        let (ids, found) = part?;
        for (id, found) in ids.iter().zip(found) {
            match records::page(found)? {
                Ok(page) => take(*id, Rc::new(page)),
                Err(reason) => lost.push((*id, reason)),
            }
        }
        budget.pause().await;
    }
    Ok(lost)
}
