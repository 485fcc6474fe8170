//! What the tab of the benchmark asks of workflows.

use crate::tab::{Tab, numbers};
use crate::{failed, graphs, now};
use js_sys::Float64Array;
use model::message::{JobResult, Reply, Request};
use model::simulation::{DryRun, SimulationSpec};
use model::workflow::{Graph, StateChange};
use model::{SegmentId, WorkflowId};
use wasm_bindgen::prelude::*;

/// So long a dry run looks ahead, in days.
const DAYS: u32 = 30;

#[wasm_bindgen]
impl Tab {
    /// Dry-runs a workflow of 10 nodes over 30 days with so many visits a day; it adds to this segment. Gives
    /// milliseconds from the question to the answer, those of them after the copy was made, and how many events there
    /// were.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn dry_run(&mut self, segment: u32, visits_per_day: u32) -> Result<Float64Array, JsValue> {
        let spec = SimulationSpec {
            days: DAYS,
            visits_per_day,
            workflow: Some(DryRun {
                id: None,
                name: "Interest".to_owned(),
                graph: graphs::interest(SegmentId(segment)),
                others: false,
                recorded: false,
            }),
            ..SimulationSpec::default()
        };
        let start = now()?;
        let Reply::Job(job) = self.ask(Request::Simulate(Box::new(spec))).await? else {
            return Err(failed("no job"));
        };
        let copied = now()?;
        let JobResult::Simulated(report) = self.end_of(job).await? else {
            return Err(failed("no report"));
        };
        let end = now()?;
        // Nobody enters Start, behind which there is only a trigger; all others do something.
        let nodes = report.workflows.iter().flat_map(|(.., stats)| stats);
        let busy = nodes
            .filter(|stats| stats.entered > 0 && stats.failed == 0)
            .count();
        if busy != 9 {
            return Err(failed(report.workflows));
        }
        let events: u64 = report.events.iter().map(|(_, many)| many).sum();
        Ok(numbers(&[end - start, end - copied, events as f64]))
    }

    /// Throws away what a dry run left behind.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn drop_copy(&mut self) -> Result<(), JsValue> {
        self.ask(Request::DropCopy).await.map(drop)
    }

    /// Makes and activates a workflow in which every member of a segment waits; gives how many do so.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn wait_inside(&mut self, segment: u32) -> Result<f64, JsValue> {
        let id = self.flow("Waiting", graphs::waiting(SegmentId(segment))).await?;
        self.ask(Request::ChangeWorkflow(id, StateChange::Activate))
            .await?;
        match self.ask(Request::Workflow(id)).await? {
            Reply::Workflow(detail) => Ok(detail.stats.iter().map(|stats| stats.inside).sum::<u64>() as f64),
            other => Err(failed(other)),
        }
    }

    /// Makes a draft of so many nodes; gives its number.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn draft(&mut self, nodes: u32) -> Result<u32, JsValue> {
        self.flow("Large", graphs::tree(nodes)).await.map(|id| id.0)
    }
}

impl Tab {
    async fn flow(&mut self, name: &str, graph: Graph) -> Result<WorkflowId, JsValue> {
        let made = Request::CreateWorkflow(name.to_owned(), String::new(), graph);
        match self.ask(made).await? {
            Reply::WorkflowMade(id, _) => Ok(id),
            other => Err(failed(other)),
        }
    }
}
