//! A workflow as a `.json` file: with the names of what it uses, so that another workspace understands it.

use super::program::called;
use super::uses::{named, rename};
use crate::edit::Act;
use crate::refused::Refused;
use crate::uses::Used;
use crate::workspace::Workspace;
use model::workflow::node::NO_FIELD;
use model::workflow::{Fault, Graph};
use model::{FieldId, SegmentId, WorkflowId};
use serde::{Deserialize, Serialize};

/// What every such file says of itself.
const KIND: &str = "corral workflow";
/// The version that this build writes; it reads all earlier ones.
const VERSION: u32 = 1;
/// No segment has this number: what names it is marked by the checks.
const NO_SEGMENT: SegmentId = SegmentId(0);

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// A whole file.
#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    name: String,
    description: String,
    /// The segments that the graph names, by number and name.
    segments: Vec<(SegmentId, String)>,
    /// The fields that the graph names, by number and key.
    fields: Vec<(FieldId, String)>,
    graph: Graph,
}

impl Workspace {
    /// A workflow as a file: its name and its text.
    ///
    /// # Errors
    /// [`Refused::NoSuchWorkflow`].
    pub fn write_workflow(&self, id: WorkflowId) -> Result<(String, String), Refused> {
        let def = self.workflow(id).ok_or(Refused::NoSuchWorkflow)?;
        let (mut segments, mut fields) = (Vec::new(), Vec::new());
        for (_, used) in named(&def.graph) {
            match used {
                Used::Segment(id) => segments.extend(self.segment(id).map(|def| (id, def.name.clone()))),
                Used::Field(id) => fields.extend(self.field(id).map(|def| (id, def.key.clone()))),
            }
        }
        segments.sort_unstable();
        segments.dedup();
        fields.sort_unstable();
        fields.dedup();
        let file = File {
            format: KIND.to_owned(),
            version: VERSION,
            name: def.name.clone(),
            description: def.description.clone(),
            segments,
            fields,
            graph: def.graph.clone(),
        };
        let text =
            serde_json::to_string_pretty(&file).map_err(|error| Refused::NotAWorkflow(error.to_string()))?;
        let stem: String = def
            .name
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect();
        Ok((format!("workflow-{}.json", stem.to_lowercase()), text))
    }

    /// Prepares a draft from a file's text, with what it names that is not here.
    ///
    /// # Errors
    /// [`Refused::NotAWorkflow`] where the text is damaged, something else, or from a newer version.
    pub fn read_workflow(&self, at: i64, text: &str) -> Result<(WorkflowId, Vec<Fault>, Act), Refused> {
        let damaged = |error: serde_json::Error| {
            Refused::NotAWorkflow(format!(
                "line {}, column {}: {error}",
                error.line(),
                error.column()
            ))
        };
        let head: Head = serde_json::from_str(text)
            .map_err(|error| Refused::NotAWorkflow(format!("it does not begin as one ({error})")))?;
        if head.format != KIND {
            return Err(Refused::NotAWorkflow(format!(
                "it says that it is “{}”",
                head.format
            )));
        }
        if head.version > VERSION {
            return Err(Refused::NotAWorkflow(format!(
                "it was written by a newer Corral (version {} of the format, this one reads up to {VERSION})",
                head.version
            )));
        }
        let File {
            name,
            description,
            segments,
            fields,
            mut graph,
            ..
        } = serde_json::from_str(text).map_err(damaged)?;
        let mut faults = Vec::new();
        let names = graph.clone();
        for node in &mut graph.nodes {
            let mut lacking = Vec::new();
            rename(&mut node.kind, &mut |used| match used {
                Used::Segment(id) => {
                    let name = segments
                        .iter()
                        .find(|(known, _)| known == id)
                        .map(|(_, name)| name.as_str());
                    let here = name.and_then(|name| self.segment_named(name)).map(|def| def.id);
                    if here.is_none() {
                        lacking.push(format!("segment {}", name.unwrap_or("without a name")));
                    }
                    *id = here.unwrap_or(NO_SEGMENT);
                }
                Used::Field(id) if *id == NO_FIELD => {}
                Used::Field(id) => {
                    let key = fields
                        .iter()
                        .find(|(known, _)| known == id)
                        .map(|(_, key)| key.as_str());
                    let here = key
                        .and_then(|key| self.fields().find(|def| def.key == key))
                        .map(|def| def.id);
                    if here.is_none() {
                        lacking.push(format!("field {}", key.unwrap_or("without a name")));
                    }
                    *id = here.unwrap_or(NO_FIELD);
                }
            });
            for what in lacking {
                faults.push(Fault {
                    node: Some(node.id),
                    what: format!(
                        "{}: there is no {what} here. Choose another",
                        called(&names, node.id)
                    ),
                    blocks: true,
                });
            }
        }
        let name = self.some_workflow_name(&name);
        let (id, act) = self.create_workflow(at, &name, &description, &graph)?;
        Ok((id, faults, act))
    }
}
