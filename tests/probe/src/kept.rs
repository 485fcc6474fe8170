//! What the tab of the benchmark takes away and brings back: exports, a backup, and its restoring.

use crate::tab::{Tab, everybody, numbers};
use crate::{failed, now};
use js_sys::Float64Array;
use model::backup::{NewWorkspace, RestoreSpec};
use model::event::{EVENTS, Window};
use model::export::{ActivitySpec, AdSpec, Audience, ExportOrder};
use model::message::{JobResult, Reply, Request};
use model::simulation::{SimulateOn, SimulationSpec};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Tab {
    /// Simulates some days with so many visits a day on the real data; gives how many events there were.
    ///
    /// # Errors
    /// When the worker refuses.
    pub async fn simulate(&mut self, days: u32, visits_per_day: u32) -> Result<f64, JsValue> {
        let spec = SimulationSpec {
            days,
            visits_per_day,
            on: SimulateOn::Real,
            ..SimulationSpec::default()
        };
        let Reply::Job(job) = self.ask(Request::Simulate(Box::new(spec))).await? else {
            return Err(failed("no job"));
        };
        match self.end_of(job).await? {
            JobResult::Simulated(report) => {
                Ok(report.events.iter().map(|(_, many)| many).sum::<u64>() as f64)
            }
            other => Err(failed(other)),
        }
    }

    /// Exports all activities of everybody; gives milliseconds and the bytes of the file.
    ///
    /// # Errors
    /// When the export fails.
    pub async fn activities(&mut self) -> Result<Float64Array, JsValue> {
        let activities = ActivitySpec {
            kinds: EVENTS.iter().map(|(kind, ..)| *kind).collect(),
            window: Window::Ever,
            with_fields: false,
        };
        self.exported(ExportOrder::Activities(everybody(Vec::new()), activities))
            .await
    }

    /// Makes a hashed file of everybody for Meta; gives milliseconds and the bytes of the file.
    ///
    /// # Errors
    /// When the export fails.
    pub async fn ads(&mut self) -> Result<Float64Array, JsValue> {
        let spec = AdSpec {
            platform: "meta".to_owned(),
            audience: Audience::All,
            excluded: Vec::new(),
            hashed: true,
            everyone: true,
            mapped: Vec::new(),
        };
        self.exported(ExportOrder::Ads(spec)).await
    }

    /// Backs everything up, and restores it as a workspace of its own, which is deleted; gives milliseconds of the one
    /// and the other, and the bytes of the file.
    ///
    /// # Errors
    /// When either fails.
    pub async fn backup_and_restore(&mut self) -> Result<Float64Array, JsValue> {
        let start = now()?;
        let backup = Request::Backup {
            passphrase: String::new(),
            automatic: false,
        };
        let Reply::Job(job) = self.ask(backup).await? else {
            return Err(failed("no job"));
        };
        let JobResult::BackedUp(made) = self.end_of(job).await? else {
            return Err(failed("no backup"));
        };
        let backed_up = now()? - start;
        self.ask(Request::TakeBackup).await?;
        let file = self.take_file()?;

        let start = now()?;
        let Reply::Backup(preview) = self.ask_with(Request::OpenBackup(made.file), &file).await? else {
            return Err(failed("no preview"));
        };
        let id = "restored".to_owned();
        let spec = RestoreSpec {
            source: preview.source,
            passphrase: String::new(),
            into: Some(NewWorkspace {
                id: id.clone(),
                name: "Restored".to_owned(),
            }),
        };
        let Reply::Job(job) = self.ask(Request::Restore(spec)).await? else {
            return Err(failed("no job"));
        };
        let JobResult::Restored(restored) = self.end_of(job).await? else {
            return Err(failed("nothing restored"));
        };
        let elapsed = now()? - start;
        if preview
            .about
            .is_none_or(|about| about.contacts != restored.contacts)
        {
            return Err(failed(restored));
        }
        self.ask(Request::DeleteWorkspace(id)).await?;
        Ok(numbers(&[backed_up, elapsed, made.bytes as f64]))
    }
}
