//! A tab of the benchmark: it asks the worker what the app asks it, and notes how long the answers take.

use crate::{failed, now};
use js_sys::{Array, Float64Array, Promise, Uint8Array};
use model::export::{Audience, DateFormat, ExportOrder, ExportSpec};
use model::field::POINTS;
use model::history::{HistoryFilter, Scope};
use model::import::Encoding;
use model::message::{Envelope, FieldInfo, FromWorker, JobResult, JobState, Reply, Request, StorageReport};
use model::query::{Group, Mode, Op, Query, Rule, Selection};
use model::segment::MemberAction;
use model::{ChangeId, FieldId, JobId, SegmentDef, SegmentId, Status};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, SharedWorker, WorkerOptions, WorkerType};

/// So many segments the data has when its past is looked at.
const SEGMENTS: u32 = 50;

/// What the worker said and nobody took yet, and who waits for more.
#[derive(Default)]
struct Heard {
    ready: bool,
    replies: BTreeMap<u32, Reply>,
    ended: BTreeMap<JobId, JobState>,
    problem: Option<String>,
    /// The file that came beside the last answer that had one.
    file: Option<JsValue>,
    waiting: Vec<js_sys::Function>,
}

/// A connection to the worker of the site that this page belongs to.
#[wasm_bindgen]
pub struct Tab {
    worker: SharedWorker,
    heard: Rc<RefCell<Heard>>,
    asked: u32,
    segments: Vec<SegmentId>,
    _listener: Closure<dyn Fn(MessageEvent)>,
}

#[wasm_bindgen]
impl Tab {
    /// Connects to the worker with this address and name.
    ///
    /// # Errors
    /// When the browser starts no shared workers.
    pub fn connect(url: &str, name: &str) -> Result<Tab, JsValue> {
        let options = WorkerOptions::new();
        options.set_name(name);
        options.set_type(WorkerType::Module);
        let worker = SharedWorker::new_with_worker_options(url, &options)?;
        let heard = Rc::new(RefCell::new(Heard::default()));
        let listener = Closure::<dyn Fn(MessageEvent)>::new({
            let heard = heard.clone();
            move |event: MessageEvent| hear(&heard, &event.data())
        });
        worker
            .port()
            .set_onmessage(Some(listener.as_ref().unchecked_ref()));
        let tab = Tab {
            worker,
            heard,
            asked: 0,
            segments: Vec::new(),
            _listener: listener,
        };
        tab.send(0, Request::Hello { lock: String::new() }, &JsValue::NULL)?;
        Ok(tab)
    }

    /// Waits until the data is open.
    ///
    /// # Errors
    /// When the worker died.
    pub async fn ready(&self) -> Result<(), JsValue> {
        self.until(|heard| heard.ready.then_some(())).await
    }

    /// Makes a segment of what a filter (in the form of the address bar) finds; gives milliseconds and the segment's number.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn segment(&mut self, name: String, filter: &str) -> Result<Float64Array, JsValue> {
        let def = SegmentDef::named(name);
        let query = Query {
            filter: Group::parse(filter).ok_or_else(|| failed(filter))?,
            ..Query::default()
        };
        let selection = Selection::Matching {
            query,
            except: Vec::new(),
        };
        let start = now()?;
        match self.ask(Request::CreateSegment(def, Some(selection))).await? {
            Reply::Segment(segment, _) => Ok(numbers(&[now()? - start, f64::from(segment.0)])),
            other => Err(failed(other)),
        }
    }

    /// Exports every contact with every field that files give; gives milliseconds and the bytes of the file.
    ///
    /// # Errors
    /// When the export fails.
    pub async fn export(&mut self) -> Result<Float64Array, JsValue> {
        let Reply::Overview(overview) = self.ask(Request::Overview).await? else {
            return Err(failed("no overview"));
        };
        let Reply::Filled(counts) = self.ask(Request::Filled).await? else {
            return Err(failed("no counts"));
        };
        let filled = |id| counts.iter().any(|(field, count)| *field == id && *count > 0);
        let given = |field: &&FieldInfo| filled(field.def.id) && field.def.status != Status::ReadOnly;
        let fields = overview
            .fields
            .iter()
            .filter(given)
            .map(|field| field.def.id)
            .collect();
        self.exported(ExportOrder::Contacts(everybody(fields))).await
    }

    /// Undoes a change set; gives milliseconds.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn undo(&mut self, change: f64) -> Result<f64, JsValue> {
        let start = now()?;
        match self.ask(Request::Undo(ChangeId(change as u64))).await? {
            Reply::Undone(..) => Ok(now()? - start),
            other => Err(failed(other)),
        }
    }

    /// Makes a change set stand again that was undone.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn redo(&mut self, change: f64) -> Result<(), JsValue> {
        self.ask(Request::Redo(ChangeId(change as u64))).await.map(drop)
    }

    /// Gives the data a past: 50 segments and then so many change sets of about 200 memberships each; gives the bytes of
    /// one change set at rest.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn past(&mut self, changes: u32) -> Result<f64, JsValue> {
        let points = |from: u32, to: u32| {
            let values = vec![from.to_string(), to.to_string()];
            Rule::Field {
                field: POINTS,
                op: Op::Between,
                values,
            }
        };
        for at in 0..SEGMENTS {
            let filter = format!("all(6:between:{}:{})", at * 60, at * 60 + 2000);
            self.segment(format!("Segment {at}"), &filter).await?;
        }
        let Reply::Overview(overview) = self.ask(Request::Overview).await? else {
            return Err(failed("no overview"));
        };
        let segments: Vec<SegmentId> = overview.segments.iter().map(|info| info.def.id).collect();
        self.segments = segments.into_iter().rev().take(SEGMENTS as usize).collect();
        let before = self.stored().await?;
        for at in 0..changes {
            let from = at * 7 % 5000;
            let request = Request::Members {
                segment: self.segments[(at % SEGMENTS) as usize],
                action: if at % 3 == 0 {
                    MemberAction::Remove
                } else {
                    MemberAction::Add
                },
                selection: matching(vec![points(from, from)]),
            };
            self.ask(request).await?;
        }
        let after = self.stored().await?;
        Ok((after - before) / f64::from(changes))
    }

    /// Milliseconds that each answer about segments and their past takes, one after the other: the overlap of all
    /// segments, the regions of three, one of them as of a moment, its analytics, a contact's sheet, a page of the
    /// history, and the undo of a change of everybody's membership.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn look_back(&mut self) -> Result<Float64Array, JsValue> {
        let segment = self.segments[0];
        let halfway = js_sys::Date::now() as i64 - 2_000;
        let set = |segment: &SegmentId| Group {
            mode: Mode::All,
            rules: vec![Rule::Segment {
                segment: *segment,
                member: true,
            }],
        };
        let member = matching(set(&segment).rules);
        let Selection::Matching { query, .. } = member.clone() else {
            return Err(failed("no query"));
        };
        let rows = Request::Rows {
            query,
            columns: Vec::new(),
            start: 1000,
            count: 1,
            why: None,
        };
        let Reply::Rows(rows) = self.ask(rows).await? else {
            return Err(failed("no rows"));
        };
        let contact = rows
            .rows
            .first()
            .map(|row| row.id)
            .ok_or_else(|| failed("no member"))?;
        let history = Request::History {
            scope: Scope::All,
            filter: HistoryFilter::default(),
            start: 0,
            count: 50,
        };
        let asked = [
            Request::Overlap(self.segments.clone()),
            Request::Regions(self.segments.iter().take(3).map(set).collect()),
            Request::AsOf(segment, halfway),
            Request::Analytics(segment),
            Request::Contact(contact),
            history,
        ];
        let mut times = Vec::new();
        for request in asked {
            let start = now()?;
            self.ask(request).await?;
            times.push(now()? - start);
        }
        let everybody = Request::Members {
            segment,
            action: MemberAction::Replace,
            selection: matching(Vec::new()),
        };
        let Reply::Done(done) = self.ask(everybody).await? else {
            return Err(failed("no change"));
        };
        let change = done.change.ok_or_else(|| failed("everybody was a member"))?;
        times.push(self.undo(change.0 as f64).await?);
        Ok(numbers(&times))
    }

    /// Contacts, pages, bytes at rest, and bytes of the worker's memory.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn storage(&mut self) -> Result<Float64Array, JsValue> {
        match self.ask(Request::Storage).await? {
            Reply::Storage(StorageReport {
                contacts,
                pages,
                bytes,
                memory,
                ..
            }) => Ok(numbers(&[
                contacts as f64,
                pages as f64,
                bytes as f64,
                memory as f64,
            ])),
            other => Err(failed(other)),
        }
    }
}

impl Tab {
    /// Makes an export and deletes it; gives milliseconds and the bytes of the file.
    pub(crate) async fn exported(&mut self, order: ExportOrder) -> Result<Float64Array, JsValue> {
        let start = now()?;
        let Reply::Job(job) = self.ask(Request::Export(Box::new(order))).await? else {
            return Err(failed("no job"));
        };
        let JobResult::Exported(id) = self.end_of(job).await? else {
            return Err(failed("no export"));
        };
        let elapsed = now()? - start;
        let Reply::Exports(exports) = self.ask(Request::Exports).await? else {
            return Err(failed("no list of exports"));
        };
        let entry = exports.into_iter().find(|entry| entry.id == id);
        let bytes = match entry.map(|entry| entry.state) {
            Some(model::export::ExportState::Ready { bytes }) => bytes,
            other => return Err(failed(other)),
        };
        self.ask(Request::DeleteExport(id)).await?;
        Ok(numbers(&[elapsed, bytes as f64]))
    }

    /// Bytes at rest.
    async fn stored(&mut self) -> Result<f64, JsValue> {
        match self.ask(Request::Storage).await? {
            Reply::Storage(report) => Ok(report.bytes as f64),
            other => Err(failed(other)),
        }
    }

    fn send(&self, id: u32, request: Request, beside: &JsValue) -> Result<(), JsValue> {
        let bytes = postcard::to_allocvec(&Envelope { id, request }).map_err(failed)?;
        self.worker
            .port()
            .post_message(&Array::of2(&Uint8Array::from(bytes.as_slice()), beside))
    }

    pub(crate) async fn ask(&mut self, request: Request) -> Result<Reply, JsValue> {
        self.ask_with(request, &JsValue::NULL).await
    }

    /// Asks with a file beside the question.
    pub(crate) async fn ask_with(&mut self, request: Request, file: &JsValue) -> Result<Reply, JsValue> {
        self.asked += 1;
        let id = self.asked;
        self.send(id, request, file)?;
        self.until(|heard| heard.replies.remove(&id)).await
    }

    /// The file that came beside the last answer that had one.
    pub(crate) fn take_file(&self) -> Result<JsValue, JsValue> {
        let file = self.heard.borrow_mut().file.take();
        file.ok_or_else(|| failed("no file"))
    }

    pub(crate) async fn end_of(&self, job: JobId) -> Result<JobResult, JsValue> {
        match self.until(|heard| heard.ended.remove(&job)).await? {
            JobState::Finished(result) => Ok(result),
            other => Err(failed(other)),
        }
    }

    /// Waits until the worker said what `take` looks for.
    async fn until<T>(&self, take: impl Fn(&mut Heard) -> Option<T>) -> Result<T, JsValue> {
        loop {
            let more = {
                let mut heard = self.heard.borrow_mut();
                if let Some(found) = take(&mut heard) {
                    return Ok(found);
                }
                if let Some(problem) = heard.problem.take() {
                    return Err(failed(problem));
                }
                Promise::new(&mut |resolve, _| heard.waiting.push(resolve))
            };
            JsFuture::from(more).await?;
        }
    }
}

fn hear(heard: &RefCell<Heard>, data: &JsValue) {
    let parts = data.dyn_ref::<Array>();
    let bytes = parts.map(|parts| Uint8Array::new(&parts.get(0)).to_vec());
    let message = bytes.and_then(|bytes| postcard::from_bytes::<FromWorker>(&bytes).ok());
    let mut heard = heard.borrow_mut();
    let file = parts.map(|parts| parts.get(1)).filter(JsValue::is_object);
    heard.file = file.or(heard.file.take());
    match message {
        Some(FromWorker::Ready { .. }) => heard.ready = true,
        Some(FromWorker::Reply {
            id,
            result: Ok(reply),
        }) => drop(heard.replies.insert(id, reply)),
        Some(FromWorker::Reply {
            result: Err(problem), ..
        }) => heard.problem = Some(problem.to_string()),
        Some(FromWorker::Job(job)) if !matches!(job.state, JobState::Running { .. }) => {
            heard.ended.insert(job.id, job.state);
        }
        Some(FromWorker::Job(_) | FromWorker::Changed { .. } | FromWorker::Opening(_)) => return,
        Some(other) => heard.problem = Some(format!("{other:?}")),
        None => heard.problem = Some(format!("{data:?}")),
    }
    for resolve in std::mem::take(&mut heard.waiting) {
        // A promise's own resolve function throws nothing.
        resolve.call0(&JsValue::UNDEFINED).ok();
    }
}

/// A file of everybody with some fields.
pub(crate) fn everybody(fields: Vec<FieldId>) -> ExportSpec {
    ExportSpec {
        audience: Audience::All,
        excluded: Vec::new(),
        fields,
        memberships: false,
        delimiter: b',',
        dates: DateFormat::Iso,
        encoding: Encoding::Utf8,
        bom: false,
        guard_formulas: true,
    }
}

/// Everybody for whom all of some rules hold.
fn matching(rules: Vec<Rule>) -> Selection {
    let filter = Group {
        mode: Mode::All,
        rules,
    };
    Selection::Matching {
        query: Query {
            filter,
            ..Query::default()
        },
        except: Vec::new(),
    }
}

pub(crate) fn numbers(numbers: &[f64]) -> Float64Array {
    Float64Array::from(numbers)
}
