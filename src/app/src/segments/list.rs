//! The list of segments.

use super::delete::DeleteDialog;
use super::emails::EmailsDialog;
use super::sort::{Column, Listing};
use super::uses::UsesDialog;
use crate::palette::members;
use crate::state::{App, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{
    Badge, Checkbox, Empty, Glyph, Icon, LinkButton, Look, Menu, MenuItem, Page, Sparkline, Tone, format,
};
use crate::words;
use leptos::prelude::*;
use model::message::{Request, SegmentInfo};
use model::query::Query;
use model::route::Route;
use model::segment::SegmentDef;

/// The list of segments.
#[component]
pub fn Segments() -> impl IntoView {
    let app = use_app();
    let some = memo(move |_| app.overview.with(|overview| !overview.segments.is_empty()));
    let formulas = memo(move |_| {
        app.overview
            .with(|overview| overview.segments.iter().any(|segment| segment.formula.is_some()))
    });
    let actions = move || {
        view! {
            <Show when=move || some.get()>
                <LinkButton label="Combine…" href=Route::Combine(Vec::new()).to_string()/>
                <LinkButton label="Overlap" href=Route::Overlap.to_string()/>
            </Show>
            <Show when=move || formulas.get()>
                <LinkButton label="Refresh…" href=Route::Refresh.to_string()/>
            </Show>
            <LinkButton label="Create new segment" icon=Icon::Plus look=Look::Primary href=Route::NewSegment.to_string()/>
        }
    };
    view! {
        <Page title="Segments" actions=actions>
            <Show
                when=move || some.get()
                fallback=|| view! {
                    <Empty
                        icon=Icon::Segments
                        title="No segments yet"
                        text="A segment is a named group of contacts. Create one and add people by hand, by import or from a filter"
                    >
                        <LinkButton label="Create new segment" look=Look::Primary href=Route::NewSegment.to_string()/>
                    </Empty>
                }
            >
                <List/>
            </Show>
        </Page>
    }
}

/// The table, with its search.
#[component]
fn List() -> impl IntoView {
    let app = use_app();
    let search = RwSignal::new(String::new());
    let archived = RwSignal::new(false);
    let sort = RwSignal::new(Listing::default().sort);
    let shown = memo(move |_| {
        let listing = Listing {
            search: search.get(),
            archived: archived.get(),
            sort: sort.get(),
        };
        app.overview.with(|overview| listing.of(&overview.segments))
    });
    let has_archived = memo(move |_| {
        app.overview
            .with(|overview| overview.segments.iter().any(|segment| segment.def.archived))
    });
    let deleting = RwSignal::new(None::<SegmentInfo>);
    let using = RwSignal::new(None::<SegmentInfo>);
    let copying = RwSignal::new(None::<SegmentDef>);
    let heading = move |label: &'static str, column: Column, number: bool, wide: bool| {
        let state = move || match sort.get() {
            (now, descending) if now == column => {
                if descending {
                    "descending"
                } else {
                    "ascending"
                }
            }
            _ => "none",
        };
        view! {
            <th scope="col" class:number=number class:list-wide=wide aria-sort=state>
                <button
                    type="button"
                    class="list-sort"
                    on:click=move |_| sort.update(|sort| {
                        let mut listing = Listing { sort: *sort, ..Listing::default() };
                        listing.pressed(column);
                        *sort = listing.sort;
                    })
                >
                    {label}
                    {move || match state() {
                        "ascending" => Some(view! { <Glyph icon=Icon::Up/> }),
                        "descending" => Some(view! { <Glyph icon=Icon::Down/> }),
                        _ => None,
                    }}
                </button>
            </th>
        }
    };
    view! {
        <div class="toolbar">
            <div class="input-search" role="search">
                <Glyph icon=Icon::Search/>
                <input
                    class="input"
                    type="search"
                    aria-label="Search segments"
                    placeholder="Name, description or tag"
                    autocomplete="off"
                    prop:value=search
                    on:input=move |event| search.set(event_target_value(&event))
                />
            </div>
            <Show when=move || has_archived.get()>
                <Checkbox label="Show archived" value=archived/>
            </Show>
            <p class="toolbar-count" role="status">
                {move || format::count(shown.with(Vec::len) as u64, "segment", "segments")}
            </p>
        </div>
        <div class="list-frame" role="region" aria-label="Segments" tabindex="0">
            <table class="list">
                <thead>
                    <tr>
                        {heading("Name", Column::Name, false, false)}
                        <th scope="col" class="list-wide">"Type"</th>
                        {heading("Contacts", Column::Contacts, true, false)}
                        <th scope="col" class="list-wide">"Growth"</th>
                        {heading("Created", Column::Created, false, true)}
                        {heading("Updated", Column::Updated, false, true)}
                        <th scope="col"><span class="unseen">"Options"</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || shown.get() key=|segment| segment.clone().def.id let:segment>
                        <Row id=segment.def.id shown=shown deleting=deleting using=using copying=copying/>
                    </For>
                </tbody>
            </table>
            {move || shown.with(Vec::is_empty).then(|| view! {
                <p class="popup-empty">"No segment matches"</p>
            })}
        </div>
        <DeleteDialog segment=deleting/>
        <UsesDialog segment=using/>
        <EmailsDialog segment=copying/>
    }
}

/// Changes a segment's definition.
fn edit(app: App, from: &SegmentDef, change: impl FnOnce(&mut SegmentDef)) {
    let (from, mut to) = (from.clone(), from.clone());
    change(&mut to);
    app.write(Request::EditSegment { from, to });
}

/// One segment.
#[component]
fn Row(
    /// The segment.
    id: model::SegmentId,
    /// All that are shown; this row finds itself in it, so that it changes without being made anew.
    shown: Memo<Vec<SegmentInfo>>,
    /// Asks for the segment to be deleted.
    deleting: RwSignal<Option<SegmentInfo>>,
    /// Shows what uses the segment.
    using: RwSignal<Option<SegmentInfo>>,
    /// Offers to copy the emails of the segment.
    copying: RwSignal<Option<SegmentDef>>,
) -> impl IntoView {
    let app = use_app();
    let segment =
        memo(move |_| shown.with(|shown| shown.iter().find(|segment| segment.def.id == id).cloned()));
    let view_contacts = members(id).to_string();
    let name = derived(move || {
        segment.with(|segment| {
            segment
                .as_ref()
                .map(|segment| segment.def.name.clone())
                .unwrap_or_default()
        })
    });
    let items = {
        let view_contacts = view_contacts.clone();
        move |()| {
            let Some(now) = segment.get_untracked() else {
                return Vec::new();
            };
            let (pinned, archived) = (now.def.pinned, now.def.archived);
            let query = match members(id) {
                Route::Contacts(query) => query,
                _ => Query::default(),
            };
            let refresh = now.formula.is_some();
            let (pin, archive, copied) = (now.def.clone(), now.def.clone(), now.def.clone());
            let (delete, uses) = (now.clone(), now);
            let go =
                |label: &str, route: Route, icon: Icon| MenuItem::go(label, route.to_string()).icon(icon);
            let mut items = vec![
                go("Edit", Route::EditSegment(id), Icon::Edit),
                MenuItem::go("View contacts", view_contacts.clone()).icon(Icon::Contacts),
                go("Analytics", Route::SegmentAnalytics(id), Icon::Columns),
                MenuItem::act("View uses", move || using.set(Some(uses.clone()))).icon(Icon::Info),
                go("History", Route::SegmentHistory(id), Icon::History),
                MenuItem::line(),
                go("Combine…", Route::Combine(vec![id]), Icon::Segments),
                go("Split…", Route::Split(id), Icon::Filter),
                go("Sample…", Route::Sample(id), Icon::Person),
            ];
            if refresh {
                items.push(go("Refresh…", Route::Refresh, Icon::Redo));
            }
            items.extend([
                MenuItem::line(),
                go(
                    "Add or remove by pasted keys",
                    Route::SegmentKeys(id),
                    Icon::Paste,
                ),
                go("Import into this segment", Route::Import(Some(id)), Icon::Import),
                MenuItem::act("Duplicate", move || app.write(Request::DuplicateSegment(id))).icon(Icon::Copy),
                go("Export", Route::Export(query.clone()), Icon::Export),
                go("Export for ads…", Route::ExportAds(query), Icon::Export),
                MenuItem::act("Copy emails…", move || copying.set(Some(copied.clone()))).icon(Icon::Copy),
                MenuItem::line(),
                MenuItem::act(if pinned { "Unpin" } else { "Pin" }, move || {
                    edit(app, &pin, |def| def.pinned = !pinned)
                })
                .icon(Icon::Pin),
                MenuItem::act(if archived { "Unarchive" } else { "Archive" }, move || {
                    edit(app, &archive, |def| def.archived = !archived);
                })
                .icon(Icon::Save),
                MenuItem::line(),
                MenuItem::act("Delete", move || deleting.set(Some(delete.clone())))
                    .icon(Icon::Trash)
                    .danger(),
            ]);
            items
        }
    };
    let cells = move || {
        segment.get().map(|segment| {
            let SegmentInfo { def, members, created, updated, growth, used_by, formula } = segment;
            let formula = formula.map(|formula| app.overview.with(|overview| words::group(&formula, overview)));
            let label = format!("From {} to {} contacts", format::number(growth.first().copied().unwrap_or(0)), format::number(members));
            let zone = app.overview.with(|overview| overview.settings.time_zone.clone());
            view! {
                <th scope="row" class="list-main">
                    <div class="segment-name">
                        {def.pinned.then(|| view! { <Glyph icon=Icon::Pin/><span class="unseen">"Pinned"</span> })}
                        <a href=view_contacts.clone()>{def.name}</a>
                        {(!used_by.is_empty()).then(|| view! { <Badge label="In use" tone=Tone::Success/> })}
                        {formula.map(|words| view! { <span title=words><Badge label="Formula"/></span> })}
                        {def.archived.then(|| view! { <Badge label="Archived"/> })}
                        <span class="tags">{def.tags.into_iter().map(|tag| view! { <Badge label=tag/> }).collect_view()}</span>
                    </div>
                    {(!def.description.is_empty()).then(|| view! { <p class="soft small">{def.description}</p> })}
                </th>
                <td class="soft clip list-wide">"Static Segment"</td>
                <td class="number">{format::number(members)}</td>
                <td class="list-wide"><Sparkline numbers=growth label=label/></td>
                <td class="soft clip list-wide" title=format::moment(created, &zone)>{format::ago(created)}</td>
                <td class="soft clip list-wide" title=format::moment(updated, &zone)>{format::ago(updated)}</td>
            }
        })
    };
    view! {
        <tr>
            {cells}
            <td class="list-options">
                <Menu label=derived(move || format!("Options for {}", name.get())) items=items/>
            </td>
        </tr>
    }
}
