//! What a tab and the worker say to each other.
//!
//! A tab sends an [`Envelope`] (with a `File` beside it where the request says so) and gets one [`FromWorker::Reply`]
//! with the same number, unless a newer view request of the same [`Request::lane`] made it pointless.

use crate::analytics::{Analytics, AsOf, Comparison, Composition, Duplicates, RefreshPreview};
use crate::backup::{
    BackupMade, BackupPreview, Compacted, IntegrityReport, LastBackup, NewWorkspace, RestoreSpec, Restored,
    WorkspaceInfo,
};
use crate::event::{EventDraft, EventKind, EventLine, Product, Window};
use crate::export::{AdPlatform, AdPreview, AdSpec, Audience, ExportEntry, ExportOrder};
use crate::field::{FieldDef, FieldType, PURCHASED};
use crate::history::{
    ChangeDetail, ChangeSummary, ContactSheet, HistoryFilter, Membership, Scope, UndoPreview,
};
use crate::ids::{ChangeId, ContactId, FieldId, JobId, SegmentId, SourceId, WorkflowId};
use crate::import::{CheckReport, DateOrder, Format, ImportEntry, Preview, SavedMapping, Spec};
use crate::problem::Problem;
use crate::query::{Group, Query, SavedFilter, Selection};
use crate::segment::{MemberAction, SegmentDef, Use};
use crate::simulation::{EventsReport, EventsSpec, SimulationReport, SimulationSpec, Steer};
use crate::workflow::{
    CheckedGraph, Fault, Graph as Flow, StateChange, Template, Trace, WorkflowDetail, WorkflowInfo,
    WorkflowState,
};
use serde::{Deserialize, Serialize};

/// One request of a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The tab's number for it; the reply carries it.
    pub id: u32,
    /// What is asked.
    pub request: Request,
}

/// What a tab asks of the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// The first message of a tab: the name of the Web Lock whose release is the tab's death.
    Hello {
        /// The lock's name; empty where the browser has no Web Locks.
        lock: String,
    },
    /// Say a word, so that the tab knows that the worker lives; `Reply::Nothing`, at once.
    Ping,
    /// Rows of the table; `Reply::Rows`.
    Rows {
        /// Which contacts, in which order.
        query: Query,
        /// The columns.
        columns: Vec<FieldId>,
        /// The first row wanted, counted from 0.
        start: u64,
        /// How many rows at most.
        count: u32,
        /// Also since when and why each contact is in this segment.
        why: Option<SegmentId>,
    },
    /// How many contacts a query finds; `Reply::Count`.
    Count(Query),
    /// One contact; `Reply::Contact`.
    Contact(ContactId),
    /// Contacts, fields, segments, filters and settings in numbers and names; `Reply::Overview`.
    Overview,
    /// How many contacts have a value of each field; `Reply::Filled`.
    Filled,
    /// Change sets, newest first; `Reply::History`.
    History {
        /// Whose history.
        scope: Scope,
        /// Which of it.
        filter: HistoryFilter,
        /// The first one wanted, counted from 0 at the newest.
        start: u64,
        /// How many at most.
        count: u32,
    },
    /// One change set, and what it did to a contact, if one is named; `Reply::Change`.
    Change(ChangeId, Option<ContactId>),
    /// A segment over time, and who its members are; `Reply::Analytics`.
    Analytics(SegmentId),
    /// The members of a segment by their values of a field; `Reply::Composition`.
    Composition(SegmentId, FieldId),
    /// A segment at a moment, in milliseconds since 1970; `Reply::AsOf`.
    AsOf(SegmentId, i64),
    /// How a segment differs between two moments; `Reply::Comparison`.
    Compare(SegmentId, i64, i64),
    /// How many members each two of some segments share; `Reply::Overlap`.
    Overlap(Vec<SegmentId>),
    /// How many contacts are in exactly which of some sets (at most 6); `Reply::Regions`.
    Regions(Vec<Group>),
    /// What *Refresh* would do to segments with a formula; `Reply::Refresh`.
    PreviewRefresh(Vec<SegmentId>),
    /// Contacts that are likely the same person; `Reply::Duplicates`.
    Duplicates {
        /// The first group wanted, counted from 0.
        start: u64,
        /// How many at most.
        count: u32,
    },
    /// How many change sets *Forget history* before a moment would fold; `Reply::Count`.
    PreviewForget(i64),
    /// Every import, newest first; `Reply::Imports`.
    Imports,
    /// Every export, newest first; `Reply::Exports`.
    Exports,
    /// Jobs that run now; `Reply::Jobs`.
    Jobs,

    /// Make a contact from field values in text form; `Reply::Created`.
    CreateContact(Vec<(FieldId, String)>),
    /// Set one field of one contact; `Reply::Done`.
    EditContact {
        /// The contact.
        contact: ContactId,
        /// The field.
        field: FieldId,
        /// The value in text form; empty clears it.
        value: String,
    },
    /// Set one field of many contacts; `Reply::Done`.
    SetField {
        /// The contacts.
        selection: Selection,
        /// The field.
        field: FieldId,
        /// The value in text form; empty clears it.
        value: String,
    },
    /// Delete contacts (can be undone); `Reply::Done`.
    DeleteContacts(Selection),
    /// Add contacts to a segment, remove them, or make them its only members; `Reply::Done`.
    Members {
        /// The segment.
        segment: SegmentId,
        /// What happens.
        action: MemberAction,
        /// The contacts.
        selection: Selection,
    },
    /// The same by pasted keys (emails or external IDs); `Reply::Keys`.
    MembersByKeys {
        /// The segment.
        segment: SegmentId,
        /// What happens.
        action: MemberAction,
        /// The pasted text: one key a line, or split by commas, semicolons, tabs.
        keys: String,
        /// Only say what would change.
        preview: bool,
    },
    /// Make a segment (its `id` is ignored), with the contacts of a selection, if given; `Reply::Segment`.
    CreateSegment(SegmentDef, Option<Selection>),
    /// Change what differs between two versions of a segment's definition, and nothing else of what it is by now;
    /// `Reply::Done`.
    EditSegment {
        /// What it was where it was changed.
        from: SegmentDef,
        /// What it was changed to.
        to: SegmentDef,
    },
    /// Make a segment with the same members under a new name; `Reply::Segment`.
    DuplicateSegment(SegmentId),
    /// Delete a segment, and its contacts too if asked (both can be undone); `Reply::Done`.
    DeleteSegment {
        /// The segment.
        segment: SegmentId,
        /// **Delete contacts pertaining to the segment**
        with_contacts: bool,
    },
    /// Make a segment (its `id` is ignored) of those that a formula finds, and remember the formula; `Reply::Segment`.
    Combine(SegmentDef, Group),
    /// Work the members of segments with a formula out anew; `Reply::Done`.
    Refresh(Vec<SegmentId>),
    /// Divide contacts among new segments; `Reply::Segments`.
    Split {
        /// The contacts.
        source: Group,
        /// The name of each new segment and its share in hundredths of a percent; together 10,000.
        parts: Vec<(String, u32)>,
        /// The same seed divides the same contacts the same way.
        seed: u64,
    },
    /// Make a segment of contacts drawn at random; `Reply::Segment`.
    Sample {
        /// The contacts to draw from.
        source: Group,
        /// The new segment's name.
        name: String,
        /// How many.
        count: u64,
        /// The same seed draws the same contacts.
        seed: u64,
    },
    /// Make several contacts one (can be undone); `Reply::Done`.
    Merge {
        /// The contact that stays.
        into: ContactId,
        /// The contacts that go; their memberships go over to the one that stays.
        others: Vec<ContactId>,
        /// Fields whose value comes from one of the others.
        values: Vec<(FieldId, ContactId)>,
    },
    /// *Erase permanently*: take contacts and every value of theirs out of everything, history included; `Reply::Done`.
    Erase(Selection),
    /// *Forget history*: fold the change sets before a moment into one; `Reply::Done`.
    ForgetHistory(i64),
    /// Make a custom field (its `id` is ignored); `Reply::Done`.
    CreateField(FieldDef),
    /// Change what differs between two versions of a custom field: its name, default, required or options; `Reply::Done`.
    EditField {
        /// What it was where it was changed.
        from: FieldDef,
        /// What it was changed to.
        to: FieldDef,
    },
    /// Delete a custom field and its values (can be undone); `Reply::Done`.
    DeleteField(FieldId),
    /// Save a query by name, over an older one of that name; `Reply::Done`.
    SaveFilter(SavedFilter),
    /// Forget a saved query; `Reply::Done`.
    DeleteFilter(String),
    /// Save a mapping by name, over an older one of that name; `Reply::Done`.
    SaveMapping(SavedMapping),
    /// Change the workspace's settings; `Reply::Done`.
    EditSettings(Settings),
    /// What an undo would do; `Reply::UndoPreview`.
    PreviewUndo(ChangeId),
    /// What a redo would do; `Reply::UndoPreview`.
    PreviewRedo(ChangeId),
    /// Undo a change set; `Reply::Undone`.
    Undo(ChangeId),
    /// Redo an undone change set; `Reply::Undone`.
    Redo(ChangeId),

    /// Hold a file (sent beside this message) or pasted text open for an import; `Reply::Preview`.
    OpenSource {
        /// The file's name; empty for pasted text.
        name: String,
        /// The pasted text; empty where a file is sent.
        text: String,
    },
    /// Read the first rows again with another format; `Reply::Preview`.
    ReadSource(SourceId, Format),
    /// The distinct values of one column among the first rows, most frequent first; `Reply::Values`.
    SourceValues(SourceId, Format, u32),
    /// Let go of a file; `Reply::Nothing`.
    CloseSource(SourceId),
    /// Read the whole file and say what an import would do; `Reply::Job`, then `JobResult::Checked`.
    Check(Spec),
    /// Import a file that was checked by this job, or check and import in one; `Reply::Job`, then `JobResult::Imported`.
    Import(Spec, Option<JobId>),
    /// Stop a job and leave nothing behind; `Reply::Nothing`.
    Cancel(JobId),
    /// The rejected rows of an import as CSV; `Reply::Blob`, with a `Blob` beside it.
    RejectedRows(ChangeId),

    /// Write contacts, activities or a file for an ad platform in the background; `Reply::Job`.
    Export(Box<ExportOrder>),
    /// The file of an export; `Reply::Blob`, with a `Blob` beside it.
    Download(u32),
    /// Forget an export; `Reply::Nothing`.
    DeleteExport(u32),

    /// Every workflow, in the order they were made; `Reply::Workflows`.
    Workflows,
    /// A workflow with what happened at its nodes; `Reply::Workflow`.
    Workflow(WorkflowId),
    /// What keeps a graph from being activated; `Reply::Checked`.
    CheckGraph(Flow),
    /// Make a workflow of a name, a description and a graph, as a draft; `Reply::WorkflowMade`.
    CreateWorkflow(String, String, Flow),
    /// Make a workflow from a template, with the segments it needs; `Reply::WorkflowMade`.
    FromTemplate(Template),
    /// Make a workflow from an exported file, as a draft; `Reply::WorkflowRead`.
    ReadWorkflow(String),
    /// A workflow as a `.json` file; `Reply::Blob`, with a `Blob` beside it.
    WriteWorkflow(WorkflowId),
    /// Save a workflow: its name, description and graph. An active or paused one gets a new version, and those inside
    /// stay on the old one or (true) move; `Reply::Done`.
    SaveWorkflow {
        /// The workflow.
        id: WorkflowId,
        /// Its name.
        name: String,
        /// Its description.
        description: String,
        /// Its graph.
        graph: Flow,
        /// Whether those inside move to the new version.
        move_inside: bool,
    },
    /// Make a draft like another workflow; `Reply::WorkflowMade`.
    DuplicateWorkflow(WorkflowId),
    /// Delete a workflow (can be undone); `Reply::Done`.
    DeleteWorkflow(WorkflowId),
    /// Activate, pause, resume, finalize or schedule a workflow; `Reply::Done`.
    ChangeWorkflow(WorkflowId, StateChange),
    /// A contact's way through a workflow; `Reply::Trace`.
    Trace(WorkflowId, ContactId),
    /// *Try with one contact*: fire an event on a copy and see the way; nothing is saved. `Reply::Trace`.
    Try(Flow, EventDraft),
    /// The products; `Reply::Catalogue`.
    Catalogue,
    /// Set the products; `Reply::Done`.
    EditCatalogue(Vec<Product>),
    /// Fire one event by hand, now; `Reply::Done`.
    FireEvent(EventDraft),
    /// A contact's events, newest first; `Reply::Events`.
    Events {
        /// The contact.
        contact: ContactId,
        /// Only of this kind.
        kind: Option<EventKind>,
        /// The first one wanted, counted from 0 at the newest.
        start: u64,
        /// How many at most.
        count: u32,
    },
    /// Simulate; `Reply::Job`, then `JobResult::Simulated`.
    Simulate(Box<SimulationSpec>),
    /// Pause, resume, step a simulation or change its speed; `Reply::Nothing`.
    Steer(JobId, Steer),
    /// Ask the copy of the last simulation, which must be a request that changes nothing; the reply of that.
    InCopy(Box<Request>),
    /// Throw the copy away; `Reply::Nothing`.
    DropCopy,
    /// Read a whole file of events and say what an import would do (false) or import it (true); `Reply::Job`, then
    /// `JobResult::Events`.
    ImportEvents(EventsSpec, bool),

    /// *Load the demo* into a workspace without contacts; `Reply::Done`. Its change set's `Undo` removes the demo.
    LoadDemo,
    /// Delete everything in this workspace for good; `Reply::Nothing`.
    DeleteEverything,
    /// What is stored; `Reply::Storage`.
    Storage,
    /// Say nothing more to this tab, which closes; `Reply::Nothing`.
    Goodbye,

    /// Put a deleted export back on the list, with its file; `Reply::Nothing`.
    KeepExport(u32),
    /// How many activities of each kind contacts have; `Reply::Activities`.
    Activities {
        /// Which contacts.
        audience: Audience,
        /// Members of these are left out.
        excluded: Vec<SegmentId>,
        /// When the activities happened.
        window: Window,
    },
    /// The ad platforms that files can be made for; `Reply::AdPlatforms`.
    AdPlatforms,
    /// What a file for an ad platform will hold; `Reply::AdPreview`.
    PreviewAds(AdSpec),
    /// The emails of a segment's members, one a line; `Reply::Emails`.
    Emails(SegmentId),
    /// Back everything up; `Reply::Job`, then `JobResult::BackedUp`.
    Backup {
        /// The passphrase; empty for none.
        passphrase: String,
        /// Nobody asked for it just now: the file is fetched by whoever keeps the automatic backup.
        automatic: bool,
    },
    /// The file of the last backup that this worker made; `Reply::Blob`, with a `Blob` beside it.
    TakeBackup,
    /// When the last backup was made; `Reply::LastBackup`.
    LastBackup,
    /// Hold a backup (sent beside this message) of a name open, and look into it; `Reply::Backup`.
    OpenBackup(String),
    /// Look into a backup that is held open, with its passphrase; `Reply::Backup`.
    ReadBackup(SourceId, String),
    /// Restore a backup that is held open; `Reply::Job`, then `JobResult::Restored`.
    Restore(RestoreSpec),
    /// Make a workspace of the copy of the last simulation; `Reply::Job`, then `JobResult::Restored`.
    KeepCopy(NewWorkspace),
    /// Every workspace of this site, also sweeping what a cut-off restore left; `Reply::Workspaces`.
    Workspaces,
    /// Name the present workspace; `Reply::Nothing`.
    NameWorkspace(String),
    /// Delete another workspace, by its id, for good; `Reply::Nothing`.
    DeleteWorkspace(String),
    /// *Check integrity*: read everything stored; `Reply::Job`, then `JobResult::Integrity`.
    CheckIntegrity,
    /// *Compact*: delete what no change set names; `Reply::Compacted`.
    Compact,
    /// Undo the newest change that stands; `Reply::Undone`, or `Reply::Nothing` where there is none.
    UndoNewest,
    /// Redo what was undone last; `Reply::Undone`, or `Reply::Nothing` where there is none.
    RedoNewest,
}

impl Request {
    /// Whether contacts alone answer it: rows that no filter chooses, and no purchase shows or orders.
    ///
    /// It is answered while events are still being read. A filter waits: “in the last 30 days” may count from the last
    /// simulated event.
    pub fn needs_no_events(&self) -> bool {
        match self {
            Request::Rows {
                query,
                columns,
                why: None,
                ..
            } => {
                let mut fields = columns.iter().chain(query.sort.as_ref().map(|sort| &sort.field));
                query.filter.rules.is_empty() && !fields.any(|field| PURCHASED.contains(field))
            }
            _ => false,
        }
    }

    /// Whether it changes nothing, is answered at once, and can be asked of a simulation's copy just as well.
    pub fn is_view(&self) -> bool {
        matches!(
            self,
            Request::Rows { .. }
                | Request::Count(_)
                | Request::Contact(_)
                | Request::Overview
                | Request::Filled
                | Request::History { .. }
                | Request::Change(..)
                | Request::Analytics(_)
                | Request::Composition(..)
                | Request::AsOf(..)
                | Request::Compare(..)
                | Request::Overlap(_)
                | Request::Regions(_)
                | Request::PreviewRefresh(_)
                | Request::PreviewForget(_)
                | Request::Imports
                | Request::Exports
                | Request::MembersByKeys { preview: true, .. }
                | Request::Workflows
                | Request::Workflow(_)
                | Request::CheckGraph(_)
                | Request::Trace(..)
                | Request::Try(..)
                | Request::Catalogue
                | Request::Events { .. }
                | Request::Activities { .. }
                | Request::AdPlatforms
                | Request::Emails(_)
        )
    }

    /// Requests of one lane replace each other: an older one still waiting is dropped unanswered.
    pub fn lane(&self) -> Option<u8> {
        match self {
            // A range that is picked, of which nothing is shown.
            Request::Rows { columns, .. } if columns.is_empty() => Some(5),
            Request::Rows { .. } => Some(0),
            Request::Count(_) => Some(1),
            Request::Regions(_) => Some(2),
            Request::Activities { .. } => Some(3),
            Request::PreviewAds(_) => Some(4),
            Request::InCopy(request) => request.lane(),
            _ => None,
        }
    }
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each variant is explained at the request it answers")]
pub enum Reply {
    Nothing,
    Rows(Rows),
    Count(u64),
    Contact(ContactSheet),
    Overview(Overview),
    Filled(Vec<(FieldId, u64)>),
    History {
        total: u64,
        changes: Vec<ChangeSummary>,
    },
    Change(Box<ChangeDetail>),
    Analytics(Box<Analytics>),
    Composition(Composition),
    AsOf(AsOf),
    Comparison(Comparison),
    /// For each two of the segments asked for, row by row, how many members they share; `n × n` numbers.
    Overlap(Vec<u64>),
    /// `2ⁿ` numbers: bit `i` of the place says whether the contacts are in set `i`; place 0 is of those in none.
    Regions(Vec<u64>),
    Refresh(Vec<RefreshPreview>),
    Duplicates {
        total: u64,
        groups: Vec<Duplicates>,
    },
    Segments(Vec<SegmentId>, Done),
    Imports(Vec<ImportEntry>),
    Exports(Vec<ExportEntry>),
    Jobs(Vec<Job>),
    Created(ContactId, Done),
    Segment(SegmentId, Done),
    Done(Done),
    Keys(KeysReport),
    UndoPreview(UndoPreview),
    Undone(UndoPreview, Done),
    Preview(Preview),
    Values(Vec<(String, u64)>),
    Job(JobId),
    Blob {
        file: String,
    },
    Storage(StorageReport),
    Workflows(Vec<WorkflowInfo>),
    Workflow(Box<WorkflowDetail>),
    Checked(CheckedGraph),
    WorkflowMade(WorkflowId, Done),
    /// What was not understood, or is not there (segments, fields), each with where.
    WorkflowRead(WorkflowId, Vec<Fault>, Done),
    Trace(Trace),
    Catalogue(Vec<Product>),
    Events {
        total: u64,
        events: Vec<EventLine>,
    },
    Activities(Vec<(EventKind, u64)>),
    AdPlatforms(Vec<AdPlatform>),
    AdPreview(AdPreview),
    Emails {
        /// One a line.
        text: String,
        /// How many.
        count: u64,
        /// How many members have none.
        without: u64,
    },
    LastBackup(LastBackup),
    Backup(Box<BackupPreview>),
    /// None where the browser does not tell which databases there are.
    Workspaces(Option<Vec<WorkspaceInfo>>),
    Compacted(Compacted),
}

/// A piece of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// How many contacts the query finds, exactly.
    pub total: u64,
    /// How many contacts there are, exactly.
    pub all: u64,
    /// The number of the first row given.
    pub start: u64,
    /// The rows.
    pub rows: Vec<Row>,
    /// The state of the data these rows were read from.
    pub version: u64,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The contact.
    pub id: ContactId,
    /// One text a column asked for, in that order; options by their names.
    pub cells: Vec<String>,
    /// Since when and why the contact is in the segment asked about.
    pub why: Option<Membership>,
}

/// The workspace in numbers and names: what menus, pickers and lists need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// How many contacts there are.
    pub contacts: u64,
    /// System fields, then custom fields in the order they were made.
    pub fields: Vec<FieldInfo>,
    /// Segments in the order they were made.
    pub segments: Vec<SegmentInfo>,
    /// Saved filters by name.
    pub filters: Vec<SavedFilter>,
    /// Saved mappings by name.
    pub mappings: Vec<SavedMapping>,
    /// The settings.
    pub settings: Settings,
    /// Workflows by number, name and state.
    pub workflows: Vec<(WorkflowId, String, WorkflowState)>,
    /// The change set whose undo clears every standing simulation on this workspace, if there is one.
    pub simulation: Option<ChangeId>,
    /// The newest standing change set that undo would take back, and what it was.
    pub undo: Option<(ChangeId, String)>,
    /// The newest undone change set that redo would bring back, and what it was.
    pub redo: Option<(ChangeId, String)>,
    /// The change set that loaded the demo, if it stands: its undo removes the whole demo.
    pub demo: Option<ChangeId>,
    /// The state of the data; grows with every commit.
    pub version: u64,
    /// Up to when the standing simulations on this workspace have come, in milliseconds since 1970, if there is one.
    pub simulated_until: Option<i64>,
}

/// A field with what a list shows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldInfo {
    /// The field.
    pub def: FieldDef,
    /// What uses the field (saved mappings, …).
    pub used_by: Vec<Use>,
}

/// A segment with what a list shows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentInfo {
    /// The segment.
    pub def: SegmentDef,
    /// How many contacts are members.
    pub members: u64,
    /// When it was made, in milliseconds since 1970.
    pub created: i64,
    /// When it or its members last changed.
    pub updated: i64,
    /// Members at twelve evenly spaced moments from its making to now: the growth sparkline.
    pub growth: Vec<u64>,
    /// The formula its members are worked out from by *Refresh*, if it has one.
    pub formula: Option<Group>,
    /// What uses it.
    pub used_by: Vec<Use>,
}

/// The workspace's settings (design, section 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The IANA time zone for days and weekdays; empty is UTC.
    pub time_zone: String,
    /// The calling code put before national phone numbers (`34`); empty keeps them as written.
    pub country: String,
    /// The order of dates that read both ways.
    pub date_order: DateOrder,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            time_zone: String::new(),
            country: String::new(),
            date_order: DateOrder::DayFirst,
        }
    }
}

/// What a write did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The change set, which a toast offers to undo; none where nothing changed.
    pub change: Option<ChangeId>,
    /// What happened, in one sentence.
    pub what: String,
    /// How many contacts really changed.
    pub changed: u64,
    /// How many already were as asked.
    pub unchanged: u64,
}

/// What pasted keys would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysReport {
    /// Different keys in the text.
    pub keys: u64,
    /// Keys that belong to a contact.
    pub found: u64,
    /// Keys that belong to nobody, the first hundred.
    pub unknown: Vec<String>,
    /// How many keys belong to nobody.
    pub unknown_count: u64,
    /// Contacts that would become members.
    pub added: u64,
    /// Contacts that would stop being members.
    pub removed: u64,
    /// Contacts that are as asked already.
    pub unchanged: u64,
    /// The change set, where it was done.
    pub done: Option<Done>,
}

/// What is stored for this workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageReport {
    /// Contacts.
    pub contacts: u64,
    /// Change sets in the journal.
    pub changes: u64,
    /// Bytes of the journal.
    pub journal_bytes: u64,
    /// Pages of values and events.
    pub pages: u64,
    /// Bytes of the pages.
    pub page_bytes: u64,
    /// Files that can be downloaded again (rejected rows).
    pub files: u64,
    /// Bytes of the files.
    pub file_bytes: u64,
    /// Bytes of pages, journal, files and small records at rest.
    pub bytes: u64,
    /// Standing events.
    pub events: u64,
    /// Bytes of the worker's memory.
    pub memory: u64,
    /// Pages that could not be read, with what they held.
    pub damage: Vec<String>,
    /// Where it is kept: the database's name.
    pub database: String,
}

/// A long piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// The name of its file.
    pub name: String,
    /// How far it is.
    pub state: JobState,
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobKind {
    /// The check of an import.
    Check,
    /// An import.
    Import,
    /// An export.
    Export,
    /// A simulation, or the dry run of a workflow.
    Simulation,
    /// An import of events.
    Events,
    /// A backup.
    Backup,
    /// The restoring of a backup, or the keeping of a simulation's copy.
    Restore,
    /// The check of everything stored.
    Integrity,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "a few of these exist at a time; a box would only hide the result"
)]
pub enum JobState {
    /// It works.
    Running {
        /// What it does now: *Reading*, *Comparing*, *Saving* …
        phase: String,
        /// The share done, in thousandths.
        permille: u16,
        /// Rows so far.
        rows: u64,
        /// Milliseconds so far.
        elapsed: u64,
        /// Whether it can still be cancelled: false once its commit began.
        can_cancel: bool,
    },
    /// It is done.
    Finished(JobResult),
    /// Somebody cancelled it; nothing was changed.
    Cancelled,
    /// It failed; nothing was changed.
    Failed(Problem),
}

/// What a job gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobResult {
    /// What an import would do.
    Checked(CheckReport),
    /// What an import did.
    Imported(ImportEntry),
    /// The export of this number is ready.
    Exported(u32),
    /// What a simulation or dry run gave.
    Simulated(Box<SimulationReport>),
    /// What an import of events gave, or would give.
    Events(EventsReport),
    /// The backup is ready.
    BackedUp(BackupMade),
    /// The workspace is there.
    Restored(Restored),
    /// What the check of everything stored found.
    Integrity(Box<IntegrityReport>),
}

/// What the worker says to a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The data is being opened: its journal is read, its values are not. Screens can be drawn meanwhile; requests wait.
    Opening(Overview),
    /// The data is open, and requests are answered from now on.
    Ready {
        /// The build of the worker.
        build: String,
        /// What could not be read when the data was opened.
        damage: Vec<String>,
    },
    /// Another tab or window holds the data (dedicated workers only); *Use here* sends `Hello` again with a new lock.
    Busy,
    /// The answer to a request.
    Reply {
        /// The request's number.
        id: u32,
        /// The answer, or what went wrong.
        result: Result<Reply, Problem>,
    },
    /// Something was committed: what is on the screen may be old.
    Changed {
        /// The new state of the data.
        version: u64,
    },
    /// A job began, went on or ended.
    Job(Job),
    /// The worker gives way to a newer build: reload.
    Closing,
    /// The worker is dead; what was committed is safe.
    Fatal(String),
}

/// The type suggested for values, with its name, as the import offers it for a new field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeGuess {
    /// The type.
    pub kind: FieldType,
    /// The share of values that fit it, in percent.
    pub fit: u8,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{CREATED_AT, EMAIL, TOTAL_PURCHASES};
    use crate::query::{Mode, Rule, Sort};

    fn rows(columns: &[FieldId], sort: Option<FieldId>, rules: Vec<Rule>, why: Option<SegmentId>) -> Request {
        Request::Rows {
            query: Query {
                search: "ana".into(),
                filter: Group {
                    mode: Mode::All,
                    rules,
                },
                sort: sort.map(|field| Sort {
                    field,
                    descending: false,
                }),
            },
            columns: columns.to_vec(),
            start: 0,
            count: 50,
            why,
        }
    }

    #[test]
    fn what_no_event_decides_is_answered_before_events_are_read() {
        let segment = || {
            vec![Rule::Segment {
                segment: SegmentId(1),
                member: true,
            }]
        };
        for (request, early) in [
            (rows(&[EMAIL, CREATED_AT], Some(EMAIL), Vec::new(), None), true),
            (rows(&[EMAIL, TOTAL_PURCHASES], None, Vec::new(), None), false),
            (rows(&[EMAIL], Some(TOTAL_PURCHASES), Vec::new(), None), false),
            (rows(&[EMAIL], None, segment(), None), false),
            (rows(&[EMAIL], None, Vec::new(), Some(SegmentId(1))), false),
            (Request::Count(Query::default()), false),
            (Request::Overview, false),
        ] {
            assert_eq!(request.needs_no_events(), early, "{request:?}");
        }
    }
}
