//! The export screen: who, which fields, and how the file is written.

use super::draft::{self, How, Who};
use crate::router::navigate;
use crate::state::{unexpected, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{
    Button, Checkbox, Choice, Combobox, Icon, IconButton, Look, Notice, Page, RadioGroup, SelectField, Tone,
    format, segment_choices, unique,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::field::Status;
use model::ids::{FieldId, SegmentId};
use model::message::{Reply, Request};
use model::problem::Problem;
use model::query::{Query, Rule};
use model::route::Route;

/// Choose what to export.
#[component]
pub fn NewExport(
    /// The contacts chosen beforehand.
    query: Query,
) -> impl IntoView {
    let app = use_app();
    let (audience, segment) = start(&query);
    let audience = RwSignal::new(audience.to_owned());
    let segment = RwSignal::new(segment);
    let excluded = RwSignal::new(Vec::<SegmentId>::new());
    let ticked = RwSignal::new(
        app.overview
            .with_untracked(|overview| draft::first_fields(&overview.fields)),
    );
    let memberships = RwSignal::new(false);
    let separator = RwSignal::new("comma".to_owned());
    let dates = RwSignal::new("iso".to_owned());
    let encoding = RwSignal::new("utf-8".to_owned());
    let guard = RwSignal::new(true);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);

    let filter = query.clone();
    let who = memo(move |_| Who {
        audience: audience.get(),
        segment: segment.get(),
        query: filter.clone(),
        excluded: excluded.get(),
    });
    let how = move || How {
        separator: separator.get_untracked(),
        dates: dates.get_untracked(),
        encoding: encoding.get_untracked(),
        guard_formulas: guard.get_untracked(),
        memberships: memberships.get_untracked(),
    };
    let count = app.live(move || who.with(Who::query).map(Request::Count));
    let many = memo(move |_| {
        let chosen = who.with(|who| who.audience().is_some());
        match count.get() {
            Some(Ok(Reply::Count(many))) if chosen => Some(many),
            _ => None,
        }
    });
    let fault =
        memo(move |_| who.with(|who| ticked.with(|ticked| draft::fault(who, ticked, memberships.get()))));
    let begin = move |_| {
        let fields = app.overview.with_untracked(|overview| {
            ticked.with_untracked(|ticked| draft::in_order(&overview.fields, ticked))
        });
        let Some(spec) = who.with_untracked(|who| draft::spec(who, &how(), fields)) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            match app.ask(Request::Export(spec)).await {
                Ok(Reply::Job(_)) => navigate(&Route::Exports),
                Ok(_) => {
                    problem.try_set(Some(unexpected()));
                }
                Err(found) => {
                    problem.try_set(Some(found));
                }
            }
            busy.try_set(false);
        });
    };
    let windows = memo(move |_| encoding.with(|encoding| encoding == "windows-1252"));
    let why = unique("why");
    view! {
        <Page title="Export" back=("View all".to_owned(), Route::Contacts(query.clone()).to_string())>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
            <div class="columns">
                <section class="card" aria-label="Contacts">
                    <h2>"Contacts"</h2>
                    <Audience audience=audience segment=segment query=query/>
                    <Excluded excluded=excluded/>
                    <p role="status" class="export-count">
                        {move || many.get().map(|many| view! { <strong>{format::contacts(many)}</strong>" in the file" })}
                    </p>
                </section>
                <section class="card" aria-label="File">
                    <h2>"File"</h2>
                    <SelectField
                        label="Separator"
                        choices=vec![Choice::new("comma", "Comma ,"), Choice::new("semicolon", "Semicolon ;")]
                        value=separator
                        hint="Spreadsheets in countries that write 1,5 want a semicolon"
                    />
                    <SelectField
                        label="Date format"
                        choices=vec![
                            Choice::new("iso", "ISO (2026-10-02)"),
                            Choice::new("local", "Local, as set in the workspace"),
                        ]
                        value=dates
                    />
                    <SelectField
                        label="Encoding"
                        choices=vec![
                            Choice::new("utf-8", "UTF-8"),
                            Choice::new("utf-8-bom", "UTF-8 with BOM, for spreadsheets"),
                            Choice::new("windows-1252", "Windows-1252"),
                        ]
                        value=encoding
                    />
                    {move || windows.get().then(|| view! {
                        <Notice
                            tone=Tone::Warning
                            text="Windows-1252 holds only western letters; any other is written as ? and counted in the list of exports"
                        />
                    })}
                    <Checkbox
                        label="Protect against spreadsheet formulas"
                        value=guard
                        hint="Text that a spreadsheet would run as a formula gets a ' in front; importing takes it off again"
                    />
                </section>
                <Fields ticked=ticked memberships=memberships/>
            </div>
            <div class="wizard-foot">
                <button
                    type="button"
                    class="button button-primary"
                    aria-describedby=why.clone()
                    disabled=move || busy.get() || fault.get().is_some()
                    on:click=begin
                >
                    "Start export"
                </button>
                <p class="wizard-why" id=why role="status">{move || fault.get()}</p>
            </div>
        </Page>
    }
}

/// The audience that a query means: one segment, where that is all it asks for.
fn start(query: &Query) -> (&'static str, String) {
    match query.filter.rules.as_slice() {
        [
            Rule::Segment {
                segment,
                member: true,
            },
        ] if query.search.is_empty() => ("segment", segment.to_string()),
        _ if draft::is_filter(query) => ("filter", String::new()),
        _ => ("all", String::new()),
    }
}

/// All contacts, a segment, or the current filter.
#[component]
fn Audience(audience: RwSignal<String>, segment: RwSignal<String>, query: Query) -> impl IntoView {
    let app = use_app();
    let mut choices = vec![
        Choice::new("all", "All contacts"),
        Choice::new("segment", "A segment"),
    ];
    if draft::is_filter(&query) {
        let detail = draft::query_words(&query);
        choices.push(Choice {
            key: "filter".into(),
            label: "The current filter".into(),
            detail,
        });
    }
    let segments = memo(move |_| app.overview.with(segment_choices));
    view! {
        <RadioGroup label="Which contacts" choices=choices value=audience/>
        <Show when=move || audience.with(|audience| audience == "segment")>
            <Combobox
                label="Segment"
                framed=true
                choices=segments
                value=segment
                on_pick=move |key: String| segment.set(key)
                placeholder="Choose a segment"
            />
        </Show>
    }
}

/// Segments whose members are left out.
#[component]
fn Excluded(excluded: RwSignal<Vec<SegmentId>>) -> impl IntoView {
    let app = use_app();
    let choices = memo(move |_| {
        let mut choices = app.overview.with(segment_choices);
        excluded.with(|out| choices.retain(|choice| !out.iter().any(|id| id.to_string() == choice.key)));
        choices
    });
    let any = memo(move |_| app.overview.with(|overview| !overview.segments.is_empty()));
    let name = move |id: SegmentId| {
        app.overview.with(|overview| {
            let segment = overview.segments.iter().find(|segment| segment.def.id == id);
            segment
                .map(|segment| segment.def.name.clone())
                .unwrap_or_default()
        })
    };
    let chips = move |id: SegmentId| {
        view! {
            <li class="chip">
                <span>{move || name(id)}</span>
                <IconButton
                    icon=Icon::Close
                    small=true
                    label=derived(move || format!("Don't leave out {}", name(id)))
                    on_press=move |_| excluded.update(|out| out.retain(|other| *other != id))
                />
            </li>
        }
    };
    view! {
        <Show when=move || any.get()>
            <Combobox
                label="Leave out members of"
                framed=true
                choices=choices
                value=String::new()
                on_pick=move |key: String| {
                    if let Ok(id) = key.parse() {
                        excluded.update(|out| out.push(id));
                    }
                }
                placeholder="Choose segments to leave out"
            />
            <ul class="chips" aria-label="Segments left out">
                <For each=move || excluded.get() key=|id| *id let:id>{chips(id)}</For>
            </ul>
        </Show>
    }
}

/// The fields to tick, and the column of segments.
#[component]
fn Fields(ticked: RwSignal<Vec<FieldId>>, memberships: RwSignal<bool>) -> impl IntoView {
    let app = use_app();
    let of = move |kept: bool| {
        app.overview.with(|overview| {
            let fields = overview
                .fields
                .iter()
                .filter(|field| (field.def.status == Status::ReadOnly) == kept);
            fields
                .map(|field| (field.def.id, field.def.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let (own, kept) = (memo(move |_| of(false)), memo(move |_| of(true)));
    let all = move || {
        own.get_untracked()
            .into_iter()
            .chain(kept.get_untracked())
            .map(|(id, _)| id)
            .collect::<Vec<_>>()
    };
    let line = move |(id, name): (FieldId, String)| {
        let control = unique("field");
        view! {
            <div class="choice">
                <input
                    type="checkbox"
                    class="choice-box"
                    id=control.clone()
                    prop:checked=move || ticked.with(|ticked| ticked.contains(&id))
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        ticked.update(|ticked| {
                            ticked.retain(|other| *other != id);
                            if on {
                                ticked.push(id);
                            }
                        });
                    }
                />
                <label class="choice-label" for=control>{name}</label>
            </div>
        }
    };
    view! {
        <section class="card" aria-label="Fields">
            <div class="card-head">
                <h2>"Fields"</h2>
                <div class="buttons">
                    <Button label="Select all" look=Look::Quiet small=true on_press=move |_| ticked.set(all())/>
                    <Button label="Select none" look=Look::Quiet small=true on_press=move |_| ticked.set(Vec::new())/>
                </div>
            </div>
            <fieldset class="field">
                <legend class="unseen">"Fields to export"</legend>
                <div class="tick-grid">
                    <For each=move || own.get() key=|field| field.clone() let:field>{line(field)}</For>
                </div>
            </fieldset>
            <fieldset class="field">
                <legend class="field-label">"Kept by Corral"</legend>
                <p class="field-hint">"Importing ignores these fields"</p>
                <div class="tick-grid">
                    <For each=move || kept.get() key=|field| field.clone() let:field>{line(field)}</For>
                </div>
            </fieldset>
            <Checkbox
                label="Membership column"
                value=memberships
                hint="One column with each contact's segments, split by |; importing maps it back"
            />
        </section>
    }
}
