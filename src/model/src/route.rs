//! The places of the app, as the hash of its address.

use crate::ids::{ChangeId, ContactId, FieldId, SegmentId, WorkflowId};
use crate::query::{Group, Query, Sort, escape, unescape};
use std::fmt;

/// A place in the app; [`Route::parse`] reads what `Display` writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// View all contacts.
    Contacts(Query),
    /// Make one contact.
    NewContact,
    /// One contact.
    Contact(ContactId),
    /// The import's steps; the segment that is chosen beforehand, if one is.
    Import(Option<SegmentId>),
    /// The result of an import.
    ImportResult(ChangeId),
    /// The history of imports.
    Imports,
    /// The export screen, for the contacts of a query.
    Export(Query),
    /// The same for the activities of all contacts.
    ExportActivities,
    /// The screen that makes a file for an ad platform, of the contacts of a query.
    ExportAds(Query),
    /// The list of exports.
    Exports,
    /// The list of segments.
    Segments,
    /// Make a segment.
    NewSegment,
    /// Change a segment's name, description and tags.
    EditSegment(SegmentId),
    /// Add or remove members by pasted keys.
    SegmentKeys(SegmentId),
    /// A segment over time, and who its members are.
    SegmentAnalytics(SegmentId),
    /// What changed a segment, and how it was at any date.
    SegmentHistory(SegmentId),
    /// Make a segment out of others by set operations; the ones that are chosen beforehand.
    Combine(Vec<SegmentId>),
    /// How all segments overlap.
    Overlap,
    /// Divide a segment into several.
    Split(SegmentId),
    /// Draw contacts of a segment at random.
    Sample(SegmentId),
    /// Work the segments with a formula out anew.
    Refresh,
    /// Contacts that are likely the same person.
    Duplicates,
    /// Make several contacts one.
    Merge(Vec<ContactId>),
    /// What changed a contact.
    ContactHistory(ContactId),
    /// The list of fields.
    Fields,
    /// What changed, when and by what.
    History,
    /// One change; the contact that is asked about, if one is.
    Change(ChangeId, Option<ContactId>),
    /// The list of workflows.
    Workflows,
    /// A workflow: its canvas, live view and dry run.
    Workflow(WorkflowId),
    /// The simulated shop.
    Simulator,
    /// Import events from a file.
    ImportEvents,
    /// What is stored, and where.
    Data,
    /// No such place; what the address said.
    Unknown(String),
}

impl Default for Route {
    fn default() -> Self {
        Route::Contacts(Query::default())
    }
}

/// The part of an address that carries a query; empty for the query that finds all.
fn query_text(query: &Query) -> String {
    let mut parts = Vec::new();
    if !query.search.is_empty() {
        parts.push(format!("q={}", escape(&query.search)));
    }
    if !query.filter.is_empty() {
        parts.push(format!("filter={}", query.filter));
    }
    if let Some(sort) = query.sort {
        parts.push(format!(
            "sort={}{}",
            if sort.descending { "-" } else { "" },
            sort.field
        ));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!("?{}", parts.join("&"))
    }
}

/// Reads what [`query_text`] wrote, without its `?`; parts that say nothing are passed over.
fn parse_query(text: &str) -> Query {
    let mut query = Query::default();
    for part in text.split('&') {
        match part.split_once('=') {
            Some(("q", text)) => query.search = unescape(text).unwrap_or_default(),
            Some(("filter", text)) => query.filter = Group::parse(text).unwrap_or_default(),
            Some(("sort", text)) => {
                let (descending, field) = match text.strip_prefix('-') {
                    Some(field) => (true, field),
                    None => (false, text),
                };
                query.sort = field
                    .parse()
                    .ok()
                    .map(|field: FieldId| Sort { field, descending });
            }
            _ => {}
        }
    }
    query
}

/// The part of an address that names several things; empty for none.
fn list_text<T: fmt::Display>(of: &[T]) -> String {
    let of: Vec<String> = of.iter().map(T::to_string).collect();
    match of.is_empty() {
        true => String::new(),
        false => format!("?of={}", of.join(",")),
    }
}

/// Reads what [`list_text`] wrote, without its `?`; what is no number is passed over.
fn parse_list<T: std::str::FromStr>(text: &str) -> Vec<T> {
    let of = text.strip_prefix("of=").unwrap_or_default();
    of.split(',').filter_map(|id| id.parse().ok()).collect()
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Route::Contacts(query) => write!(f, "#/contacts{}", query_text(query)),
            Route::NewContact => f.write_str("#/contacts/new"),
            Route::Contact(id) => write!(f, "#/contacts/{id}"),
            Route::Import(None) => f.write_str("#/contacts/import"),
            Route::Import(Some(segment)) => write!(f, "#/contacts/import?segment={segment}"),
            Route::ImportResult(change) => write!(f, "#/imports/{change}"),
            Route::Imports => f.write_str("#/imports"),
            Route::Export(query) => write!(f, "#/contacts/export{}", query_text(query)),
            Route::ExportActivities => f.write_str("#/contacts/export/activities"),
            Route::ExportAds(query) => write!(f, "#/contacts/export/ads{}", query_text(query)),
            Route::Exports => f.write_str("#/exports"),
            Route::Segments => f.write_str("#/segments"),
            Route::NewSegment => f.write_str("#/segments/new"),
            Route::EditSegment(id) => write!(f, "#/segments/{id}/edit"),
            Route::SegmentKeys(id) => write!(f, "#/segments/{id}/members"),
            Route::SegmentAnalytics(id) => write!(f, "#/segments/{id}/analytics"),
            Route::SegmentHistory(id) => write!(f, "#/segments/{id}/history"),
            Route::Combine(of) => write!(f, "#/segments/combine{}", list_text(of)),
            Route::Overlap => f.write_str("#/segments/overlap"),
            Route::Split(id) => write!(f, "#/segments/{id}/split"),
            Route::Sample(id) => write!(f, "#/segments/{id}/sample"),
            Route::Refresh => f.write_str("#/segments/refresh"),
            Route::Duplicates => f.write_str("#/contacts/duplicates"),
            Route::Merge(of) => write!(f, "#/contacts/merge{}", list_text(of)),
            Route::ContactHistory(id) => write!(f, "#/contacts/{id}/history"),
            Route::Fields => f.write_str("#/fields"),
            Route::History => f.write_str("#/history"),
            Route::Change(id, None) => write!(f, "#/history/{id}"),
            Route::Change(id, Some(contact)) => write!(f, "#/history/{id}?contact={contact}"),
            Route::Workflows => f.write_str("#/workflows"),
            Route::Workflow(id) => write!(f, "#/workflows/{id}"),
            Route::Simulator => f.write_str("#/simulator"),
            Route::ImportEvents => f.write_str("#/simulator/import"),
            Route::Data => f.write_str("#/data"),
            Route::Unknown(address) => f.write_str(address),
        }
    }
}

impl Route {
    /// Reads the hash of an address; an empty one is [`Route::default`].
    pub fn parse(hash: &str) -> Route {
        let path = hash.trim_start_matches('#').trim_start_matches('/');
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let known = match parts.as_slice() {
            [] | ["contacts"] => Some(Route::Contacts(parse_query(query))),
            ["contacts", "new"] => Some(Route::NewContact),
            ["contacts", "import"] => Some(Route::Import(
                query.strip_prefix("segment=").and_then(|id| id.parse().ok()),
            )),
            ["contacts", "export"] => Some(Route::Export(parse_query(query))),
            ["contacts", "export", "activities"] => Some(Route::ExportActivities),
            ["contacts", "export", "ads"] => Some(Route::ExportAds(parse_query(query))),
            ["contacts", "duplicates"] => Some(Route::Duplicates),
            ["contacts", "merge"] => Some(Route::Merge(parse_list(query))),
            ["contacts", id, "history"] => id.parse().ok().map(Route::ContactHistory),
            ["contacts", id] => id.parse().ok().map(Route::Contact),
            ["imports"] => Some(Route::Imports),
            ["imports", change] => change.parse().ok().map(Route::ImportResult),
            ["exports"] => Some(Route::Exports),
            ["segments"] => Some(Route::Segments),
            ["segments", "new"] => Some(Route::NewSegment),
            ["segments", "combine"] => Some(Route::Combine(parse_list(query))),
            ["segments", "overlap"] => Some(Route::Overlap),
            ["segments", "refresh"] => Some(Route::Refresh),
            ["segments", id, "analytics"] => id.parse().ok().map(Route::SegmentAnalytics),
            ["segments", id, "history"] => id.parse().ok().map(Route::SegmentHistory),
            ["segments", id, "split"] => id.parse().ok().map(Route::Split),
            ["segments", id, "sample"] => id.parse().ok().map(Route::Sample),
            ["segments", id, "edit"] => id.parse().ok().map(Route::EditSegment),
            ["segments", id, "members"] => id.parse().ok().map(Route::SegmentKeys),
            ["fields"] => Some(Route::Fields),
            ["history"] => Some(Route::History),
            ["history", change] => {
                let contact = query.strip_prefix("contact=").and_then(|id| id.parse().ok());
                change.parse().ok().map(|change| Route::Change(change, contact))
            }
            ["workflows"] => Some(Route::Workflows),
            ["workflows", id] => id.parse().ok().map(Route::Workflow),
            ["simulator"] => Some(Route::Simulator),
            ["simulator", "import"] => Some(Route::ImportEvents),
            ["data"] => Some(Route::Data),
            _ => None,
        };
        known.unwrap_or_else(|| Route::Unknown(hash.to_owned()))
    }
}
