//! The data itself: the store underneath, the engine's workspace in memory.
//!
//! Reads borrow the workspace and answer at once, so they see the last commit. A write prepares its change set,
//! has it stored, and only then applies it; [`crate::host::Host::writes`] lets one writer in at a time.

use crate::about::{ABOUT, About};
use crate::border;
use crate::error::Error;
use crate::exports::Exports;
use crate::holder::LEASE;
use crate::opening::{Read, Step, read_pages};
use crate::parts;
use crate::schedule::{self, Budget};
use crate::workflows::Come;
use crate::zone;
use engine::forget::Forgetting;
use engine::journal::PageId;
use engine::merge::DuplicateSearch;
use engine::page::Page;
use engine::{Act, Prepared, Refused, Workspace};
use model::analytics::RefreshPreview;
use model::message::{Reply, Request, Rows, StorageReport};
use model::query::{Query, Selection};
use model::workflow::{StateChange, WorkflowState};
use model::{ChangeId, SegmentId};
use std::cell::{Cell, Ref, RefCell, RefMut};
use std::rc::Rc;
use store::{Commit, IndexedStore, Key, Rewrite, Store};
use web_sys::Blob;

/// An open workspace.
pub struct Backend {
    /// Where its bytes rest.
    pub store: Rc<IndexedStore>,
    /// The exports and their files.
    pub exports: Exports,
    workspace: RefCell<Workspace>,
    /// The copy of the last simulation, which can be looked at.
    copy: RefCell<Option<Workspace>>,
    /// How far workflows have come.
    come: Cell<Come>,
    database: String,
    damage: RefCell<Vec<String>>,
    about: RefCell<About>,
    /// The file of the last backup, with its name.
    pub backup: RefCell<Option<(String, Blob)>>,
}

/// What a write gave.
#[derive(Debug)]
pub struct Written {
    /// The answer.
    pub reply: Reply,
    /// The new state of the data; none where nothing changed.
    pub version: Option<u64>,
}

impl Backend {
    /// Reads an open database of this name, and says what could not be read; `told` hears of each step.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn open(
        database: &str,
        store: Rc<IndexedStore>,
        mut told: impl FnMut(Step),
    ) -> Result<(Self, Vec<String>), Error> {
        let records = store.journal(1).await?;
        let Read {
            mut workspace,
            mut damage,
            named,
        } = if records.is_empty() {
            told(Step::Journal(Workspace::new().overview_of_nothing()));
            Read::default()
        } else {
            parts::read(store.clone(), records, Box::new(told)).await?.await?
        };
        let zone = zone::probe(&workspace.settings().time_zone);
        workspace.set_zone(zone.unwrap_or_default());
        let exports = Exports::open(&store, &mut damage).await?;
        let reacted = workspace.reacted();
        let come = Come::read(&store, reacted, schedule::wall_clock(), &mut damage).await?;
        let about = About::read(&store, &mut damage).await?;
        // Not before all was read: what a newer version wrote stays as it is.
        let greatest = match named {
            Some(named) => {
                sweep(&store, &named).await?;
                named.last().copied()
            }
            None => store.page_ids().await?.last().map(|id| PageId(id.0)),
        };
        if let Some(greatest) = greatest {
            workspace.pages_in_use(greatest);
        }
        let is_new = about.is_none();
        let backend = Backend {
            store,
            exports,
            workspace: RefCell::new(workspace),
            copy: RefCell::default(),
            come: Cell::new(come),
            database: database.to_owned(),
            damage: RefCell::new(damage.clone()),
            about: RefCell::new(about.unwrap_or_default()),
            backup: RefCell::default(),
        };
        if is_new {
            // At once: without it others take the database for what a cut-off restore left behind.
            backend.note_about().await;
        }
        Ok((backend, damage))
    }

    /// Has the database say how many contacts it holds, where it says something else.
    pub async fn note_contacts(&self) {
        if self.about().contacts != self.workspace().alive().len() {
            self.note_about().await;
        }
    }

    /// A full disk keeps nobody from reading.
    async fn note_about(&self) {
        if let Err(error) = self.change_about(|_| {}).await {
            web_sys::console::error_1(&error.to_string().into());
        }
    }

    /// Gives the database up, to the worker of the name `heir` where one asked for it; a write that is under way still
    /// finishes.
    pub async fn close(&self, heir: Option<&str>) {
        let heir = heir.map(|heir| (heir, schedule::wall_clock() + LEASE));
        if let Err(error) = self.store.release(heir).await {
            // It runs out by itself.
            web_sys::console::error_1(&error.to_string().into());
        }
        self.store.close();
    }

    /// The workspace as of the last commit; not to be held while waiting for anything.
    pub fn workspace(&self) -> Ref<'_, Workspace> {
        self.workspace.borrow()
    }

    /// The workspace for preparing a write; not to be held while waiting for anything.
    pub fn workspace_mut(&self) -> RefMut<'_, Workspace> {
        self.workspace.borrow_mut()
    }

    /// How far workflows have come.
    pub fn come(&self) -> Come {
        self.come.get()
    }

    /// Workflows have come so far.
    pub fn set_come(&self, come: Come) {
        self.come.set(come);
    }

    /// What was committed last does not concern workflows: they did it themselves.
    pub fn noticed(&self) {
        let reacted = ChangeId(self.workspace().journal().next_id().0.saturating_sub(1));
        self.come.set(Come {
            reacted,
            ..self.come.get()
        });
    }

    /// What the database says of itself.
    pub fn about(&self) -> About {
        self.about.borrow().clone()
    }

    /// Changes what the database says of itself; it is no change of the data.
    ///
    /// # Errors
    /// When it can't be stored.
    pub async fn change_about(&self, change: impl FnOnce(&mut About)) -> Result<(), Error> {
        let mut about = self.about();
        about.contacts = self.workspace().alive().len();
        change(&mut about);
        let bytes = about.bytes()?;
        // Before it is stored, so that another change meanwhile builds on this one.
        *self.about.borrow_mut() = about;
        self.store.put_meta(ABOUT, bytes).await?;
        Ok(())
    }

    /// Whether there is a copy of a simulation.
    pub fn has_copy(&self) -> bool {
        self.copy.borrow().is_some()
    }

    /// Reads the copy of the last simulation.
    ///
    /// # Errors
    /// When there is none (any more).
    pub fn of_copy<T>(&self, read: impl FnOnce(&Workspace) -> T) -> Result<T, Error> {
        self.copy.borrow().as_ref().map(read).ok_or(Error::NoCopy)
    }

    /// Keeps the copy of a simulation, in the place of the one before.
    pub fn keep_copy(&self, copy: Option<Workspace>) {
        *self.copy.borrow_mut() = copy;
    }

    /// Answers what changes nothing, from the copy of the last simulation.
    ///
    /// # Errors
    /// When there is no copy (any more), and as [`Backend::view`].
    pub fn view_copy(&self, request: &Request) -> Result<Reply, Error> {
        match &*self.copy.borrow() {
            Some(copy) if request.is_view() => self.view_of(copy, request),
            Some(_) => Err(Error::OnCopy),
            None => Err(Error::NoCopy),
        }
    }

    /// Answers what changes nothing.
    ///
    /// # Errors
    /// When what is asked for doesn't exist (any more).
    pub fn view(&self, request: &Request) -> Result<Reply, Error> {
        self.view_of(&self.workspace(), request)
    }

    /// Answers what the first screen asks for.
    ///
    /// # Errors
    /// When what is asked for doesn't exist (any more).
    pub fn first_view(&self, request: &Request) -> Result<Reply, Error> {
        first_view_of(&self.workspace(), request, schedule::wall_clock())
    }

    /// Answers what the first screen asks for where nothing happened yet; none where there is data to look at.
    pub fn view_of_nothing(&self, request: &Request) -> Option<Reply> {
        let workspace = self.workspace();
        if !workspace.journal().is_empty() {
            return None;
        }
        match request {
            Request::Rows { query, start, .. } if *query == Query::default() => Some(Reply::Rows(Rows {
                total: 0,
                all: 0,
                start: *start,
                rows: Vec::new(),
                version: workspace.version(),
            })),
            Request::Count(query) if *query == Query::default() => Some(Reply::Count(0)),
            Request::Overview => Some(Reply::Overview(workspace.overview_of_nothing())),
            _ => None,
        }
    }

    fn view_of(&self, workspace: &Workspace, request: &Request) -> Result<Reply, Error> {
        let now = schedule::wall_clock();
        Ok(match request {
            Request::Workflows => Reply::Workflows(workspace.workflow_list(now)),
            Request::Workflow(id) => Reply::Workflow(Box::new(workspace.workflow_detail(*id)?)),
            Request::CheckGraph(graph) => Reply::Checked(workspace.check_graph(graph)),
            Request::Trace(id, contact) => Reply::Trace(workspace.trace(*id, *contact)?),
            Request::Try(graph, draft) => {
                Reply::Trace(workspace.try_graph(graph, draft, workspace.clock(now))?)
            }
            Request::Contact(contact) => Reply::Contact(workspace.sheet(*contact)?),
            Request::Filled => Reply::Filled(workspace.filled_counts()),
            Request::Catalogue => Reply::Catalogue(workspace.catalogue().to_vec()),
            Request::Events {
                contact,
                kind,
                start,
                count,
            } => {
                let (total, events) = workspace.events(*contact, *kind, *start, *count);
                Reply::Events { total, events }
            }
            Request::History {
                scope,
                filter,
                start,
                count,
            } => {
                let (total, changes) = workspace.history(*scope, filter, *start, *count);
                Reply::History { total, changes }
            }
            Request::Change(change, contact) => {
                Reply::Change(Box::new(workspace.change_detail(*change, *contact)?))
            }
            Request::Analytics(segment) => Reply::Analytics(Box::new(workspace.analytics(*segment, now)?)),
            Request::Composition(segment, field) => {
                Reply::Composition(workspace.composition(*segment, *field)?)
            }
            Request::AsOf(segment, at) => Reply::AsOf(workspace.as_of(*segment, *at)?),
            Request::Compare(segment, from, to) => {
                Reply::Comparison(workspace.compare(*segment, *from, *to)?)
            }
            Request::Overlap(segments) => Reply::Overlap(workspace.overlap(segments)?),
            Request::Regions(sets) => Reply::Regions(workspace.regions(sets, now)?),
            Request::PreviewRefresh(segments) => Reply::Refresh(
                segments
                    .iter()
                    .map(|segment| refresh_preview(workspace, *segment, now))
                    .collect(),
            ),
            Request::PreviewForget(moment) => Reply::Count(workspace.forgettable(*moment).len() as u64),
            Request::Imports => Reply::Imports(workspace.imports()),
            Request::Exports => Reply::Exports(self.exports.list()),
            Request::Activities {
                audience,
                excluded,
                window,
            } => Reply::Activities(workspace.activity_counts(audience, excluded, *window, now)?),
            Request::AdPlatforms => Reply::AdPlatforms(engine::export::ad_platforms()),
            Request::Emails(segment) => {
                let (text, count, without) = workspace.emails(*segment)?;
                Reply::Emails { text, count, without }
            }
            Request::MembersByKeys {
                segment,
                action,
                keys,
                ..
            } => Reply::Keys(workspace.members_by_keys(now, *segment, *action, keys)?.0),
            first => {
                return first_view_of(workspace, first, now);
            }
        })
    }

    /// Says what an undo or redo would do.
    ///
    /// # Errors
    /// When it is refused, or a page can't be read.
    pub async fn preview_stand(&self, change: ChangeId, stands: bool) -> Result<Reply, Error> {
        self.load_pages_of(change).await?;
        Ok(Reply::UndoPreview(
            self.workspace_mut().preview_stand(change, stands)?,
        ))
    }

    /// Changes the data; the caller holds the write lock.
    ///
    /// # Errors
    /// When it is refused or can't be stored; nothing is changed then.
    pub async fn write(&self, request: Request, at: i64) -> Result<Written, Error> {
        match request {
            Request::Undo(change) => self.stand(at, change, false).await,
            Request::Redo(change) => self.stand(at, change, true).await,
            Request::UndoNewest => self.stand_newest(at, false).await,
            Request::RedoNewest => self.stand_newest(at, true).await,
            Request::CreateContact(values) => {
                let (contact, (done, prepared)) = self.workspace().create_contact(at, &values)?;
                self.store_act(prepared, Reply::Created(contact, done)).await
            }
            Request::CreateSegment(def, selection) => {
                let (segment, (done, prepared)) =
                    self.workspace().create_segment(at, &def, selection.as_ref())?;
                self.store_act(prepared, Reply::Segment(segment, done)).await
            }
            Request::DuplicateSegment(segment) => {
                let (copy, (done, prepared)) = self.workspace().duplicate_segment(at, segment)?;
                self.store_act(prepared, Reply::Segment(copy, done)).await
            }
            Request::MembersByKeys {
                segment,
                action,
                keys,
                ..
            } => {
                let (mut report, (done, prepared)) =
                    self.workspace().members_by_keys(at, segment, action, &keys)?;
                report.done = Some(done);
                self.store_act(prepared, Reply::Keys(report)).await
            }
            Request::EditSettings(settings) => {
                let zone = zone::probe(settings.time_zone.trim()).ok_or_else(|| Refused::BadSetting {
                    setting: "Time zone".to_owned(),
                    value: settings.time_zone.clone(),
                })?;
                let (done, prepared) = self.workspace().edit_settings(at, &settings)?;
                let written = self.store_act(prepared, Reply::Done(done)).await?;
                self.workspace_mut().set_zone(zone);
                Ok(written)
            }
            Request::Combine(def, formula) => {
                let (segment, (done, prepared)) = self.workspace().combine(at, &def, &formula)?;
                self.store_act(prepared, Reply::Segment(segment, done)).await
            }
            Request::Sample {
                source,
                name,
                count,
                seed,
            } => {
                let (segment, (done, prepared)) = self.workspace().sample(at, &source, &name, count, seed)?;
                self.store_act(prepared, Reply::Segment(segment, done)).await
            }
            Request::Split { source, parts, seed } => {
                let (segments, (done, prepared)) = self.workspace().split(at, &source, &parts, seed)?;
                self.store_act(prepared, Reply::Segments(segments, done)).await
            }
            Request::Erase(selection) => self.erase(at, &selection).await,
            Request::ForgetHistory(moment) => self.forget(moment).await,
            Request::CreateWorkflow(name, description, graph) => {
                let (id, (done, prepared)) =
                    self.workspace()
                        .create_workflow(at, &name, &description, &graph)?;
                self.store_act(prepared, Reply::WorkflowMade(id, done)).await
            }
            Request::DuplicateWorkflow(id) => {
                let (copy, (done, prepared)) = self.workspace().duplicate_workflow(at, id)?;
                self.store_act(prepared, Reply::WorkflowMade(copy, done)).await
            }
            Request::DeleteWorkflow(id) => {
                // What runs comes to its end first, so that an undo brings nobody's passes back.
                let state = self.workspace().workflow(id).map(|def| def.state.clone());
                let end = match state {
                    Some(WorkflowState::Active | WorkflowState::Paused(_)) => Some(StateChange::Finalize),
                    Some(WorkflowState::Scheduled(_)) => Some(StateChange::Unschedule),
                    _ => None,
                };
                if let Some(end) = end {
                    let (_, prepared) = self.workspace().change_workflow(at, id, end)?;
                    self.store_act(prepared, Reply::Nothing).await?;
                }
                let (done, prepared) = self.workspace().delete_workflow(at, id)?;
                self.store_act(prepared, Reply::Done(done)).await
            }
            Request::FromTemplate(template) => {
                let (id, (done, prepared)) = self.workspace().from_template(at, template)?;
                self.store_act(prepared, Reply::WorkflowMade(id, done)).await
            }
            Request::ReadWorkflow(text) => {
                let (id, faults, (done, prepared)) = self.workspace().read_workflow(at, &text)?;
                self.store_act(prepared, Reply::WorkflowRead(id, faults, done))
                    .await
            }
            Request::FireEvent(draft) => {
                let (what, prepared) = self.workspace_mut().fire_event(at, &draft)?;
                let done = model::message::Done {
                    change: prepared.first().map(|one| one.set.id),
                    what,
                    changed: 1,
                    unchanged: 0,
                };
                let version = self.commit_all(prepared, None).await?;
                self.noticed();
                Ok(Written {
                    reply: Reply::Done(done),
                    version: Some(version),
                })
            }
            Request::LoadDemo => self.load_demo(at).await,
            Request::DeleteEverything => {
                self.store.clear().await?;
                let empty = self.workspace().emptied();
                let version = empty.version();
                *self.workspace_mut() = empty;
                self.exports.forget();
                self.keep_copy(None);
                self.noticed();
                self.damage.borrow_mut().clear();
                self.change_about(|about| about.backup = None).await?;
                Ok(Written {
                    reply: Reply::Nothing,
                    version: Some(version),
                })
            }
            other => {
                let (done, prepared) = self.simple_act(other, at)?;
                self.store_act(prepared, Reply::Done(done)).await
            }
        }
    }

    /// The acts that are answered by what they did, and nothing else.
    fn simple_act(&self, request: Request, at: i64) -> Result<Act, Error> {
        Ok(match request {
            Request::EditContact {
                contact,
                field,
                value,
            } => self.workspace().edit_contact(at, contact, field, &value)?,
            Request::SetField {
                selection,
                field,
                value,
            } => self.workspace_mut().set_field(at, &selection, field, &value)?,
            Request::DeleteContacts(selection) => self.workspace().delete_contacts(at, &selection)?,
            Request::Members {
                segment,
                action,
                selection,
            } => self.workspace().set_members(at, segment, action, &selection)?,
            Request::EditSegment { from, to } => self.workspace().edit_segment(at, &from, &to)?,
            Request::DeleteSegment {
                segment,
                with_contacts,
            } => self.workspace().delete_segment(at, segment, with_contacts)?,
            Request::Refresh(segments) => self.workspace().refresh(at, &segments)?,
            Request::Merge { into, others, values } => self.workspace().merge(at, into, &others, &values)?,
            Request::CreateField(def) => self.workspace_mut().create_field(at, &def)?,
            Request::EditField { from, to } => self.workspace_mut().edit_field(at, &from, &to)?,
            Request::DeleteField(field) => self.workspace().delete_field(at, field)?,
            Request::SaveFilter(filter) => self.workspace().save_filter(at, &filter)?,
            Request::DeleteFilter(name) => self.workspace().delete_filter(at, &name),
            Request::SaveMapping(saved) => self.workspace().save_mapping(at, &saved)?,
            Request::SaveWorkflow {
                id,
                name,
                description,
                graph,
                move_inside,
            } => self
                .workspace()
                .save_workflow(at, id, &name, &description, &graph, move_inside)?,
            Request::ChangeWorkflow(id, change) => self.workspace().change_workflow(at, id, change)?,
            Request::EditCatalogue(products) => self.workspace().edit_catalogue(at, &products)?,
            _ => return Err(Error::NotAvailable("This")),
        })
    }

    /// Undoes the newest change that stands, or redoes what was undone last.
    async fn stand_newest(&self, at: i64, stands: bool) -> Result<Written, Error> {
        let newest = {
            let workspace = self.workspace();
            match stands {
                true => workspace.newest_undone(),
                false => workspace.newest_standing(),
            }
        };
        match newest {
            Some((change, _)) => self.stand(at, change, stands).await,
            None => Ok(Written {
                reply: Reply::Nothing,
                version: None,
            }),
        }
    }

    async fn stand(&self, at: i64, change: ChangeId, stands: bool) -> Result<Written, Error> {
        self.load_pages_of(change).await?;
        let (preview, prepared) = self.workspace_mut().prepare_stand(at, change, stands)?;
        let done = model::message::Done {
            change: Some(change),
            what: prepared.set.what.clone(),
            changed: preview.contacts_removed + preview.contacts_restored + preview.cells_restored,
            unchanged: preview.contacts_kept + preview.cells_kept,
        };
        let time_zone = self.workspace().settings().time_zone.clone();
        let version = self.commit(prepared).await?;
        let now = self.workspace().settings().time_zone.clone();
        if now != time_zone {
            self.workspace_mut()
                .set_zone(zone::probe(&now).unwrap_or_default());
        }
        Ok(Written {
            reply: Reply::Undone(preview, done),
            version: Some(version),
        })
    }

    async fn load_demo(&self, at: i64) -> Result<Written, Error> {
        let demo = self.workspace().load_demo(at)?;
        let last = demo.last().map(|part| (part.set.id, part.set.what.clone()));
        let version = self.commit_all(demo, None).await?;
        let (change, what) = last.unzip();
        let done = model::message::Done {
            change,
            what: what.unwrap_or_default(),
            changed: self.workspace().alive().len(),
            unchanged: 0,
        };
        Ok(Written {
            reply: Reply::Done(done),
            version: Some(version),
        })
    }

    async fn store_act(&self, prepared: Option<Prepared>, reply: Reply) -> Result<Written, Error> {
        let version = match prepared {
            Some(prepared) => Some(self.commit(prepared).await?),
            None => None,
        };
        Ok(Written { reply, version })
    }

    /// Stores a change set and then applies it; gives the new state's number.
    ///
    /// # Errors
    /// When it can't be stored; nothing is changed then.
    pub async fn commit(&self, mut prepared: Prepared) -> Result<u64, Error> {
        let files = std::mem::take(&mut prepared.files);
        let pages = prepared.pages.iter().map(stored).collect();
        self.commit_with(prepared, pages, files).await
    }

    /// The same for a change set whose pages are in the store already.
    ///
    /// # Errors
    /// As [`Backend::commit`].
    pub async fn commit_written(&self, mut prepared: Prepared) -> Result<u64, Error> {
        let files = std::mem::take(&mut prepared.files);
        self.commit_with(prepared, Vec::new(), files).await
    }

    async fn commit_with(
        &self,
        prepared: Prepared,
        pages: Vec<(store::PageId, Vec<u8>)>,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<u64, Error> {
        let record = prepared.set.to_bytes();
        let commit = Commit {
            change: prepared.set.id.0,
            record,
            pages,
            files,
            meta: Vec::new(),
        };
        self.store.commit(commit).await?;
        let mut workspace = self.workspace_mut();
        workspace.apply(prepared);
        Ok(workspace.version())
    }

    /// Stores change sets that build on each other, and a small record, all or none, and then applies them.
    ///
    /// # Errors
    /// As [`Backend::commit`].
    pub async fn commit_all(
        &self,
        mut parts: Vec<Prepared>,
        meta: Option<(String, Vec<u8>)>,
    ) -> Result<u64, Error> {
        let mut rewrite = Rewrite::default();
        rewrite
            .put
            .extend(meta.map(|(key, bytes)| (Key::Meta(key), bytes)));
        for part in &mut parts {
            let (change, record) = (part.set.id.0, part.set.to_bytes());
            let pages: Vec<_> = part.pages.iter().map(stored).collect();
            let files = std::mem::take(&mut part.files);
            // The first one is refused where its number is taken, and the numbers of the others follow it.
            if rewrite.commit.is_none() {
                rewrite.commit = Some(Commit {
                    change,
                    record,
                    pages,
                    files,
                    meta: Vec::new(),
                });
                continue;
            }
            rewrite.put.push((Key::Change(change), record));
            let pages = pages.into_iter().map(|(id, bytes)| (Key::Page(id), bytes));
            rewrite.put.extend(pages);
            let files = files.into_iter().map(|(name, bytes)| (Key::File(name), bytes));
            rewrite.put.extend(files);
        }
        self.store.rewrite(rewrite).await?;
        let mut workspace = self.workspace_mut();
        parts.into_iter().for_each(|part| workspace.apply(part));
        Ok(workspace.version())
    }

    /// Contacts that are likely the same person; searched for a row group at a time, once for each state of the data.
    ///
    /// # Errors
    /// None but those of every request.
    pub async fn duplicates(&self, start: u64, count: u32) -> Result<Reply, Error> {
        let known = self.workspace().alike();
        let alike = match known {
            Some(alike) => alike,
            None => {
                let budget = Budget::new();
                let mut search = DuplicateSearch::new(&self.workspace());
                loop {
                    let found = search.step(&self.workspace());
                    if let Some(found) = found {
                        break found;
                    }
                    budget.pause().await;
                }
            }
        };
        let groups = self.workspace().duplicates(&alike, start, count);
        let total = alike.len() as u64;
        Ok(Reply::Duplicates { total, groups })
    }

    /// Takes contacts and everything of theirs out of the database, in one transaction, and then out of memory.
    async fn erase(&self, at: i64, selection: &Selection) -> Result<Written, Error> {
        let chosen = self.workspace().selected(selection, at)?;
        let missing = self.workspace().missing_pages_of(&chosen);
        self.load_pages(&missing).await?;
        // The same person may have been there under another number before.
        let missing = self.workspace().missing_keys_of_the_dead();
        self.load_pages(&missing).await?;
        let erased = self.workspace().with_the_dead(&chosen);
        let missing = self.workspace().missing_pages_of(&erased);
        self.load_pages(&missing).await?;
        let erasure = self.workspace().erase(at, &erased)?;
        let mut rewrite = Rewrite::default();
        for set in &erasure.records {
            rewrite.put.push((Key::Change(set.id.0), set.to_bytes()));
        }
        for page in &erasure.pages {
            let (id, bytes) = stored(page);
            rewrite.put.push((Key::Page(id), bytes));
        }
        for name in self.store.file_names().await? {
            let bytes = self.store.file(&name).await?.unwrap_or_default();
            match erasure.private.scrubbed_rejects(&bytes) {
                Some(rest) if rest.is_empty() => rewrite.delete.push(Key::File(name)),
                Some(rest) => rewrite.put.push((Key::File(name), rest)),
                None => {}
            }
        }
        // Whoever stores the list from now on stores it without them.
        self.exports.scrub(&erasure.private);
        rewrite.put.extend(self.exports.stored()?);
        let done = model::message::Done {
            change: None,
            what: erasure.last.set.what.clone(),
            changed: chosen.len(),
            unchanged: 0,
        };
        rewrite.commit = Some(Commit {
            change: erasure.last.set.id.0,
            record: erasure.last.set.to_bytes(),
            pages: Vec::new(),
            files: Vec::new(),
            meta: Vec::new(),
        });
        self.store.rewrite(rewrite).await?;
        self.keep_copy(None);
        let mut workspace = self.workspace_mut();
        workspace.erased(erasure);
        Ok(Written {
            reply: Reply::Done(done),
            version: Some(workspace.version()),
        })
    }

    /// Folds the change sets before a moment into one, in one transaction.
    async fn forget(&self, moment: i64) -> Result<Written, Error> {
        let gone = self.workspace().forgettable(moment);
        for change in gone {
            self.load_pages_of(change).await?;
        }
        let budget = Budget::new();
        let mut forgetting = Forgetting::new(&mut self.workspace_mut(), moment)?;
        let forgotten = loop {
            let whole = forgetting.step(&mut self.workspace_mut())?;
            if let Some(whole) = whole {
                break whole;
            }
            budget.pause().await;
        };
        let mut rewrite = Rewrite::default();
        let changes = forgotten.gone.iter();
        rewrite.delete.extend(changes.map(|change| Key::Change(change.0)));
        let files = forgotten.gone.iter();
        rewrite
            .delete
            .extend(files.map(|change| Key::File(format!("rejected/{change}"))));
        let pages = forgotten.gone_pages.iter();
        rewrite
            .delete
            .extend(pages.map(|page| Key::Page(store::PageId(page.0))));
        let set = &forgotten.baseline.set;
        rewrite.put.push((Key::Change(set.id.0), set.to_bytes()));
        for page in &forgotten.baseline.pages {
            let (id, bytes) = stored(page);
            rewrite.put.push((Key::Page(id), bytes));
        }
        let done = model::message::Done {
            change: None,
            what: set.what.clone(),
            changed: 0,
            unchanged: 0,
        };
        self.store.rewrite(rewrite).await?;
        self.keep_copy(None);
        let mut workspace = self.workspace_mut();
        workspace.forgotten(forgotten);
        Ok(Written {
            reply: Reply::Done(done),
            version: Some(workspace.version()),
        })
    }

    /// Brings the pages that an undo or redo reads into memory.
    async fn load_pages_of(&self, change: ChangeId) -> Result<(), Error> {
        let missing = self.workspace().missing_pages(change);
        self.load_pages(&missing).await
    }

    async fn load_pages(&self, missing: &[PageId]) -> Result<(), Error> {
        let mut found = Vec::new();
        let lost = read_pages(&self.store, missing, &mut |id, page| found.push((id, page))).await?;
        let mut workspace = self.workspace_mut();
        found
            .into_iter()
            .for_each(|(id, page)| workspace.load_page(id, page));
        match lost.first() {
            Some((id, reason)) => Err(Error::Damage(workspace.lost_page(*id, reason))),
            None => Ok(()),
        }
    }

    /// What is stored.
    ///
    /// # Errors
    /// When the store can't be read.
    pub async fn storage(&self) -> Result<Reply, Error> {
        let usage = self.store.usage().await?;
        let workspace = self.workspace();
        Ok(Reply::Storage(StorageReport {
            contacts: workspace.alive().len(),
            changes: usage.changes,
            journal_bytes: usage.journal_bytes,
            pages: usage.pages,
            page_bytes: usage.page_bytes,
            files: usage.files,
            file_bytes: usage.file_bytes,
            bytes: usage.bytes(),
            events: workspace.event_count(),
            memory: schedule::memory(),
            damage: self.damage.borrow().clone(),
            database: self.database.clone(),
        }))
    }
}

/// Answers what the first screen asks for, from a workspace, a copy of it, or one that is being read.
///
/// # Errors
/// When what is asked for doesn't exist (any more).
pub fn first_view_of(workspace: &Workspace, request: &Request, now: i64) -> Result<Reply, Error> {
    Ok(match request {
        Request::Rows {
            query,
            columns,
            start,
            count,
            why,
        } => Reply::Rows(workspace.rows(query, columns, *start, *count, *why, now)?),
        Request::Count(query) => Reply::Count(workspace.matching(query, now)?.len()),
        Request::Overview => Reply::Overview(workspace.overview(now)),
        _ => return Err(Error::NotAvailable("This")),
    })
}

/// What *Refresh* would do to one segment; what keeps it from being worked out is said in it.
fn refresh_preview(workspace: &Workspace, segment: SegmentId, now: i64) -> RefreshPreview {
    let (come, go, stay, problem) = match workspace.refreshed(segment, now) {
        Ok((come, go, stay)) => (come.len(), go.len(), stay, String::new()),
        Err(refused) => (0, 0, 0, border::problem(refused.into()).to_string()),
    };
    RefreshPreview {
        segment,
        come,
        go,
        stay,
        problem,
    }
}

/// A page in the form the store takes.
pub fn stored((id, page): &(PageId, Rc<Page>)) -> (store::PageId, Vec<u8>) {
    (store::PageId(id.0), page.bytes().to_vec())
}

/// Deletes pages that no change set names: what a cut-off import left behind.
///
/// # Errors
/// When the store can't be read or written.
pub async fn sweep(store: &IndexedStore, named: &[PageId]) -> Result<(), Error> {
    let ids = store.page_ids().await?;
    let left: Vec<store::PageId> = ids
        .into_iter()
        .filter(|id| named.binary_search(&PageId(id.0)).is_err())
        .collect();
    if !left.is_empty() {
        store.delete_pages(&left).await?;
    }
    Ok(())
}
