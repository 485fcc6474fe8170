//! Which screen a route shows. What few people open first comes as a file of its own when it is first asked for.
//!
//! The functions with `wasm_split` are the seams along which `cargo xtask build` cuts the program: whatever can only be
//! reached through them leaves the first download (ARCHITECTURE, *Parts of the programs*). Each has a function of its own
//! that fetches it, also where several are in one part: it knows whether that very function can be called.
#![allow(
    unsafe_code,
    reason = "the attribute `wasm_split` declares each part's loader as a foreign function"
)]

use crate::contacts::{Draft, Table};
use crate::palette::Palette;
use crate::ui::part::{Coming, Fetch, part, part_of_page};
use crate::ui::{Empty, Icon, LinkButton, Look, Page};
use crate::{contacts, data, export, fields, history, import, segments, simulator, workflows};
use leptos::prelude::*;
use model::query::Query;
use model::route::Route;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// Bytes that nobody reads: room in which the cut sorts constants by parts (as in the worker's `parts.rs`).
#[used]
static ROOM: [u8; 2048] = [1; 2048];

/// The screen of a route.
///
/// There are four parts and not one for each screen: what any two of them share becomes a file of its own.
pub fn show(screen: Route) -> AnyView {
    let (fetch, make): (Fetch, fn(Route) -> Coming<AnyView>) = match screen {
        Route::Contacts(_) => return view! { <contacts::ViewAll/> }.into_any(),
        Route::Contact(_) => (|| Box::pin(fetch_people()), |screen| Box::pin(contact(screen))),
        Route::Import(_) | Route::ImportResult(_) | Route::Imports | Route::ImportEvents => {
            (|| Box::pin(fetch_imports()), |screen| Box::pin(imports(screen)))
        }
        Route::Workflows | Route::Workflow(_) | Route::Simulator => {
            (|| Box::pin(fetch_flows()), |screen| Box::pin(flows(screen)))
        }
        _ => (|| Box::pin(fetch_others()), |screen| Box::pin(others(screen))),
    };
    part_of_page(true, fetch, move || make(screen.clone()))
}

/// The command palette, once somebody opens it.
pub fn palette() -> AnyView {
    part(|| Box::pin(fetch_commands()), || Box::pin(commands()))
}

/// The filter builder of View all, with the buttons that save what it finds.
pub fn filter_builder(
    draft: RwSignal<Draft>,
    saving: RwSignal<bool>,
    making: RwSignal<bool>,
    clear: Callback<()>,
) -> AnyView {
    part(
        || Box::pin(fetch_builder()),
        move || Box::pin(builder(draft, saving, making, clear)),
    )
}

/// What can be done with the contacts picked in View all.
pub fn bulk(table: Table, query: Memo<Query>) -> AnyView {
    part(
        || Box::pin(fetch_picked()),
        move || Box::pin(picked(table, query)),
    )
}

/// The dialogs of View all: columns, a filter saved, a segment made of what is found.
pub fn dialogs(table: Table, query: Memo<Query>, open: [RwSignal<bool>; 3]) -> AnyView {
    part(
        || Box::pin(fetch_dialogs()),
        move || Box::pin(view_all_dialogs(table, query, open)),
    )
}

/// What looks after backups and other workspaces, and reminds of them.
pub fn keep_watch() -> AnyView {
    part(|| Box::pin(fetch_watch()), || Box::pin(watch()))
}

#[wasm_split(people, fallible, preload(fetch_watch))]
fn watch() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <data::Watch/> }.into_any())
}

#[wasm_split(people, fallible, preload(fetch_people))]
fn contact(screen: Route) -> Result<AnyView, SplitLoaderError> {
    Ok(match screen {
        Route::Contact(id) => view! { <contacts::Sheet id=id/> }.into_any(),
        _ => ().into_any(),
    })
}

#[wasm_split(people, fallible, preload(fetch_builder))]
fn builder(
    draft: RwSignal<Draft>,
    saving: RwSignal<bool>,
    making: RwSignal<bool>,
    clear: Callback<()>,
) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <contacts::FilterBuilder draft=draft saving=saving making=making clear=clear/> }.into_any())
}

#[wasm_split(people, fallible, preload(fetch_picked))]
fn picked(table: Table, query: Memo<Query>) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <contacts::Bulk table=table query=query/> }.into_any())
}

#[wasm_split(people, fallible, preload(fetch_dialogs))]
fn view_all_dialogs(
    table: Table,
    query: Memo<Query>,
    open: [RwSignal<bool>; 3],
) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <contacts::Dialogs table=table query=query open=open/> }.into_any())
}

#[wasm_split(people, fallible, preload(fetch_commands))]
fn commands() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <Palette/> }.into_any())
}

#[wasm_split(imports, fallible, preload(fetch_imports))]
fn imports(screen: Route) -> Result<AnyView, SplitLoaderError> {
    Ok(match screen {
        Route::Import(segment) => view! { <import::Wizard segment=segment/> }.into_any(),
        Route::ImportResult(change) => view! { <import::ResultPage change=change/> }.into_any(),
        Route::ImportEvents => view! { <simulator::ImportEvents/> }.into_any(),
        _ => view! { <import::Imports/> }.into_any(),
    })
}

#[wasm_split(flows, fallible, preload(fetch_flows))]
fn flows(screen: Route) -> Result<AnyView, SplitLoaderError> {
    Ok(match screen {
        Route::Workflow(id) => view! { <workflows::Workflow id=id/> }.into_any(),
        Route::Simulator => view! { <simulator::Simulator/> }.into_any(),
        _ => view! { <workflows::Workflows/> }.into_any(),
    })
}

#[wasm_split(others, fallible, preload(fetch_others))]
fn others(screen: Route) -> Result<AnyView, SplitLoaderError> {
    Ok(match screen {
        Route::NewContact => view! { <contacts::NewContact/> }.into_any(),
        Route::Export(query) => view! { <export::NewExport query=query activities=false/> }.into_any(),
        Route::ExportActivities => view! { <export::NewExport query=Query::default() activities=true/> }.into_any(),
        Route::ExportAds(query) => view! { <export::NewAds query=query/> }.into_any(),
        Route::Exports => view! { <export::Exports/> }.into_any(),
        Route::Segments => view! { <segments::Segments/> }.into_any(),
        Route::NewSegment => view! { <segments::NewSegment/> }.into_any(),
        Route::EditSegment(id) => view! { <segments::EditSegment id=id/> }.into_any(),
        Route::SegmentKeys(id) => view! { <segments::Keys id=id/> }.into_any(),
        Route::SegmentHistory(id) => view! { <segments::SegmentHistory id=id/> }.into_any(),
        Route::Fields => view! { <fields::Fields/> }.into_any(),
        Route::Duplicates => view! { <contacts::Duplicates/> }.into_any(),
        Route::Merge(of) => view! { <contacts::Merge of=of/> }.into_any(),
        Route::ContactHistory(id) => view! { <contacts::ContactHistory id=id/> }.into_any(),
        Route::SegmentAnalytics(id) => view! { <segments::Analytics id=id/> }.into_any(),
        Route::Combine(of) => view! { <segments::Combine of=of/> }.into_any(),
        Route::Overlap => view! { <segments::Overlap/> }.into_any(),
        Route::Split(id) => view! { <segments::Split id=id/> }.into_any(),
        Route::Sample(id) => view! { <segments::Sample id=id/> }.into_any(),
        Route::Refresh => view! { <segments::Refresh/> }.into_any(),
        Route::History => view! { <history::History/> }.into_any(),
        Route::Change(id, contact) => view! { <history::Change id=id contact=contact/> }.into_any(),
        Route::Data => view! { <data::Data/> }.into_any(),
        _ => view! {
            <Page title="Page not found">
                <Empty icon=Icon::Info title="There is no such page" text="The link may be old, or was cut off on its way here">
                    <LinkButton label="View all contacts" href=Route::default().to_string() look=Look::Primary/>
                </Empty>
            </Page>
        }
        .into_any(),
    })
}
