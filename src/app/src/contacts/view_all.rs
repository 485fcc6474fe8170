//! View all: search, filters and the table of every contact.

use super::columns::ColumnDialog;
use super::filter::GroupView;
use super::filter::draft::{Draft, is_only_segment, top_segment, with_top_segment};
use super::grid::{Grid, Table};
use super::saved::{SaveAsSegment, SaveFilter, SavedFilters};
use crate::router::navigate;
use crate::screens;
use crate::state::{App, use_app};
use crate::ui::part::ever;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{
    Button, Choice, Combobox, Empty, Glyph, Icon, Later, LinkButton, Look, Page, format, segment_choices,
};
use leptos::prelude::*;
use model::query::{Group, Query};
use model::route::Route;
use model::{FieldDef, SegmentId};

/// Shows what another search, filter or order finds, without a step for Back.
fn replace(app: App, change: impl FnOnce(&mut Query)) {
    // The address, not the signal that follows it: one may be on the way to another screen.
    if let Route::Contacts(mut query) = crate::router::read() {
        change(&mut query);
        app.router.replace(Route::Contacts(query));
    }
}

fn field_defs(app: App) -> Vec<FieldDef> {
    app.overview
        .with_untracked(|overview| overview.fields.iter().map(|field| field.def.clone()).collect())
}

/// View all.
#[component]
pub fn ViewAll() -> impl IntoView {
    let app = use_app();
    let query = memo(move |before: Option<&Query>| {
        app.route.with(|route| match route {
            Route::Contacts(query) => query.clone(),
            // The screen is about to go; until then it shows what it showed.
            _ => before.cloned().unwrap_or_default(),
        })
    });
    let workspace_empty = memo(move |_| app.overview.with(|overview| overview.contacts == 0));
    let nothing_asked = memo(move |_| query.with(|query| query.search.is_empty() && query.filter.is_empty()));
    let actions = move || {
        view! {
            <Show when=move || !workspace_empty.get()>
                <LinkButton label="Find duplicates" icon=Icon::Contacts href=Route::Duplicates.to_string()/>
            </Show>
            <LinkButton label="Import" icon=Icon::Import href=Route::Import(None).to_string()/>
            <LinkButton label="Export" icon=Icon::Export href=derived(move || Route::Export(query.get()).to_string())/>
            <LinkButton label="Create contact" icon=Icon::Plus look=Look::Primary href=Route::NewContact.to_string()/>
        }
    };
    view! {
        <Page title="Contacts" full=true actions=actions>
            <Show
                when=move || !(workspace_empty.get() && nothing_asked.get())
                fallback=|| view! { <FirstSteps/> }
            >
                <Found query=query/>
            </Show>
        </Page>
    }
}

/// What a workspace without contacts shows.
#[component]
fn FirstSteps() -> impl IntoView {
    let app = use_app();
    view! {
        <Empty
            icon=Icon::Contacts
            title="No contacts yet"
            text="Bring the people you know: import a CSV file or rows pasted from a spreadsheet, type one in, or look around with a demo shop first. Everything stays in this browser"
        >
            <LinkButton label="Import contacts" icon=Icon::Import look=Look::Primary href=Route::Import(None).to_string()/>
            <LinkButton label="Create contact" icon=Icon::Plus href=Route::NewContact.to_string()/>
            <Button label="Load the demo" icon=Icon::Demo disabled=app.loading_demo on_press=move |_| app.load_demo()/>
        </Empty>
    }
}

/// The bars and the table.
#[component]
fn Found(
    /// What is asked for.
    query: Memo<Query>,
) -> impl IntoView {
    let app = use_app();
    let table = Table::new(query);
    let later = Later::new();
    let beyond_segment = |filter: &Group| !filter.is_empty() && !is_only_segment(filter);
    let filtering = RwSignal::new(query.with_untracked(|query| beyond_segment(&query.filter)));
    let (choosing, saving, making) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));

    // The search box and the filter builder hold what is typed; the address follows once typing rests. Going Back, or
    // to a saved filter, changes the address first, and then what is typed follows.
    let typed = RwSignal::new(query.with_untracked(|query| query.search.clone()));
    let draft =
        RwSignal::new(query.with_untracked(|query| Draft::from_group(&query.filter, &field_defs(app))));
    let search = memo(move |_| query.with(|query| query.search.clone()));
    let filter = memo(move |_| query.with(|query| query.filter.clone()));
    effect(move || {
        let search = search.get();
        if typed.with_untracked(|typed| typed.trim() != search) {
            typed.set(search);
        }
    });
    effect(move || {
        let filter = filter.get();
        if draft.with_untracked(|draft| draft.to_group() != filter) {
            draft.set(Draft::from_group(&filter, &field_defs(app)));
            if beyond_segment(&filter) {
                filtering.set(true);
            }
        }
    });
    let drafted = memo(move |_| draft.with(Draft::to_group));
    Effect::new(move |before: Option<Group>| {
        let now = drafted.get();
        if before.is_some_and(|before| before != now) && filter.with_untracked(|filter| *filter != now) {
            later.run(move || replace(app, |query| query.filter = drafted.get_untracked()));
        }
        now
    });
    let search_typed = move |event| {
        typed.set(event_target_value(&event));
        later.run(move || {
            replace(app, |query| {
                query.search = typed.get_untracked().trim().to_owned();
                // A filter that was typed just before waits no longer.
                query.filter = drafted.get_untracked();
            });
        });
    };
    let toggle_filter = move |_| {
        let open = !filtering.get_untracked();
        if open && draft.with_untracked(|draft| draft.rules() == 0) {
            draft.update(|draft| draft.add_rule(Draft::ROOT));
        }
        filtering.set(open);
    };
    let rules = memo(move |_| filter.with(|filter| Draft::from_group(filter, &field_defs(app)).rules()));
    let filter_label = move || match rules.get() {
        0 => "Filter".to_owned(),
        rules => format!("Filter ({rules})"),
    };

    let segments = memo(move |_| {
        app.overview.with(|overview| {
            let all = Choice::new("", "Any segment");
            std::iter::once(all)
                .chain(segment_choices(overview))
                .collect::<Vec<_>>()
        })
    });
    let segment = derived(move || {
        filter
            .with(top_segment)
            .map(|segment| segment.to_string())
            .unwrap_or_default()
    });
    let pick_segment = move |key: String| {
        let mut query = query.get_untracked();
        query.filter = with_top_segment(&query.filter, key.parse().ok());
        navigate(&Route::Contacts(query));
    };

    let clear = move |_: leptos::ev::MouseEvent| {
        filtering.set(false);
        replace(app, |query| {
            query.search = String::new();
            query.filter = Group::default();
        });
    };
    let found = memo(move |_| {
        table.failed.with(Option::is_none)
            && (table.cache.with(|cache| cache.total() != Some(0))
                || query.with(|query| query.search.is_empty() && query.filter.is_empty()))
    });
    let empty_segment = memo(move |_| {
        query.with(|query| {
            let only = query.search.is_empty() && is_only_segment(&query.filter);
            top_segment(&query.filter).filter(|_| only)
        })
    });
    // Most visits only look: the code of what changes things comes when it is first needed.
    let picking = ever(move || table.picked.with(|picked| picked.count(u64::MAX) > 0));
    let asking = ever(move || choosing.get() || saving.get() || making.get());
    view! {
        <div class="toolbar">
            <div class="input-search" role="search">
                <Glyph icon=Icon::Search/>
                <input
                    class="input"
                    type="search"
                    aria-label="Search contacts"
                    placeholder="Email, name, phone or external ID"
                    autocomplete="off"
                    prop:value=typed
                    on:input=search_typed
                />
            </div>
            <Combobox label="Segment" choices=segments value=segment on_pick=pick_segment/>
            <Button
                label=derived(filter_label)
                icon=Icon::Filter
                expanded=Signal::from(filtering)
                on_press=toggle_filter
            />
            <SavedFilters query=query saving=saving/>
            <Button label="Columns…" icon=Icon::Columns on_press=move |_| choosing.set(true)/>
            <Count table=table/>
        </div>
        <Show when=move || filtering.get()>
            <section class="filter" aria-label="Filter builder">
                {screens::filter_builder(draft, saving, making, Callback::new(move |()| {
                    filtering.set(false);
                    draft.set(Draft::default());
                }))}
            </section>
        </Show>
        <Show when=move || picking.get()>{screens::bulk(table, query)}</Show>
        <Show
            when=move || found.get()
            fallback=move || match (table.failed.get(), empty_segment.get()) {
                (None, Some(segment)) => view! { <EmptySegment segment=segment/> }.into_any(),
                (failed, _) => {
                    let (title, text) = match failed {
                        Some(problem) => (problem.what, problem.help),
                        None => (
                            "No contact matches".to_owned(),
                            "Try fewer letters, or take a rule out of the filter".to_owned(),
                        ),
                    };
                    view! {
                        <Empty icon=Icon::Search title=title text=text>
                            <Button label="Clear search and filter" on_press=clear/>
                        </Empty>
                    }
                    .into_any()
                }
            }
        >
            <Grid table=table/>
        </Show>
        <Show when=move || asking.get()>{screens::dialogs(table, query, [choosing, saving, making])}</Show>
    }
}

/// The filter builder, with the buttons that save what it finds.
#[component]
pub fn FilterBuilder(
    /// The filter.
    draft: RwSignal<Draft>,
    /// Opens *Save filter…*.
    saving: RwSignal<bool>,
    /// Opens *Save as segment…*.
    making: RwSignal<bool>,
    /// Takes the filter away.
    clear: Callback<()>,
) -> impl IntoView {
    view! {
        <GroupView draft=draft id=Draft::ROOT depth=0 more=move || view! {
            <span class="filter-gap"></span>
            <Button label="Save filter…" icon=Icon::Save small=true on_press=move |_| saving.set(true)/>
            <Button label="Save as segment…" icon=Icon::Segments small=true on_press=move |_| making.set(true)/>
            <Button label="Clear filter" look=Look::Quiet small=true on_press=move |_| clear.run(())/>
        }/>
    }
}

/// The dialogs of the table: its columns, a filter saved, a segment made of what is found.
#[component]
pub fn Dialogs(
    /// The table.
    table: Table,
    /// What it shows.
    query: Memo<Query>,
    /// Whether each of them is open.
    open: [RwSignal<bool>; 3],
) -> impl IntoView {
    let [choosing, saving, making] = open;
    view! {
        <ColumnDialog open=choosing columns=table.columns of_segment=derived(move || table.segment.with(Option::is_some))/>
        <SaveFilter open=saving query=query/>
        <SaveAsSegment open=making query=query/>
    }
}

/// What a segment without members shows.
#[component]
fn EmptySegment(
    /// The segment.
    segment: SegmentId,
) -> impl IntoView {
    let app = use_app();
    let title = move || {
        let name = app.overview.with(|overview| {
            overview
                .segments
                .iter()
                .find(|known| known.def.id == segment)
                .map(|known| known.def.name.clone())
        });
        name.map_or("There is no such segment".to_owned(), |name| {
            format!("No contacts in {name} yet")
        })
    };
    view! {
        <Empty
            icon=Icon::Segments
            title=derived(title)
            text="Its members are shown here. Add them by import, by pasting their emails, or by selecting contacts in View all"
        >
            <LinkButton
                label="Import into this segment"
                icon=Icon::Import
                look=Look::Primary
                href=Route::Import(Some(segment)).to_string()
            />
            <LinkButton
                label="Add by pasted keys"
                icon=Icon::Paste
                href=Route::SegmentKeys(segment).to_string()
            />
        </Empty>
    }
}

/// How many contacts match, exactly.
#[component]
fn Count(
    /// The table.
    table: Table,
) -> impl IntoView {
    let totals = memo(move |_| table.cache.with(|cache| Some((cache.total()?, cache.all()?))));
    let text = move || match totals.get() {
        _ if table.failed.with(Option::is_some) => String::new(),
        None => "Counting…".to_owned(),
        Some((total, all)) if total == all => format::contacts(all),
        Some((total, all)) => format!("{} of {}", format::number(total), format::contacts(all)),
    };
    view! { <p class="toolbar-count" role="status">{text}</p> }
}
