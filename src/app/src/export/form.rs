//! The export screen: who, which fields, and how the file is written.

use super::activities::Activities;
use super::audience::{Whom, WhomFields};
use super::draft::{self, How, What, Who};
use super::fields::Fields;
use super::start::{Start, StartFoot, StartProblem};
use crate::prefs;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Checkbox, Choice, Faults, LinkButton, Notice, Page, SelectField, Tone, format};
use leptos::context::Provider;
use leptos::prelude::*;
use model::event::{EVENTS, Window};
use model::message::{Reply, Request};
use model::query::Query;
use model::route::Route;

/// The preference that holds how the last file was written.
const KEPT: &str = "export";

/// Choose what to export.
#[component]
pub fn NewExport(
    /// The contacts chosen beforehand.
    query: Query,
    /// Activities are to be exported, and not the contacts.
    activities: bool,
) -> impl IntoView {
    let app = use_app();
    let whom = Whom::new(&query);
    let who = whom.who;
    let start = Start::new();
    let ticked = RwSignal::new(
        app.overview
            .with_untracked(|overview| draft::first_fields(&overview.fields)),
    );
    let (contacts, activities) = (RwSignal::new(!activities), RwSignal::new(activities));
    let kinds = RwSignal::new(EVENTS.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>());
    let window = RwSignal::new(Window::Ever);
    let with_fields = RwSignal::new(false);
    let faults = Faults::new();
    let kept = How::kept(&prefs::get(KEPT).unwrap_or_default());
    let memberships = RwSignal::new(kept.memberships);
    let separator = RwSignal::new(kept.separator);
    let dates = RwSignal::new(kept.dates);
    let encoding = RwSignal::new(kept.encoding);
    let guard = RwSignal::new(kept.guard_formulas);

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
    let what = memo(move |_| What {
        contacts: contacts.get(),
        activities: activities.get(),
        kinds: kinds.get(),
        window: window.get(),
        with_fields: with_fields.get(),
    });
    let counted = app.live(move || {
        let (audience, excluded) = who.with(|who| Some((who.audience()?, who.excluded.clone())))?;
        activities.get().then(|| Request::Activities {
            audience,
            excluded,
            window: window.get(),
        })
    });
    let counts = derived(move || match counted.get() {
        Some(Ok(Reply::Activities(counts))) => Some(counts),
        _ => None,
    });
    let fault = memo(move |_| {
        let chosen = who.with(|who| {
            ticked.with(|ticked| what.with(|what| draft::fault(who, what, ticked, memberships.get())))
        });
        chosen.map(str::to_owned).or_else(|| faults.first())
    });
    let asks_fields = memo(move |_| what.with(What::asks_fields));
    let begin = move |()| {
        let fields = app.overview.with_untracked(|overview| {
            ticked.with_untracked(|ticked| draft::in_order(&overview.fields, ticked))
        });
        let how = how();
        prefs::set(KEPT, &how.keep());
        let spec = who.with_untracked(|who| draft::spec(who, &how, fields));
        if let Some(order) = spec.map(|spec| what.with_untracked(|what| what.order(spec))) {
            start.begin(order);
        }
    };
    let windows = memo(move |_| encoding.with(|encoding| encoding == "windows-1252"));
    let ads = Route::ExportAds(query.clone()).to_string();
    view! {
        <Page
            title="Export"
            back=("View all".to_owned(), Route::Contacts(query.clone()).to_string())
            actions=move || view! { <LinkButton label="Export for ads…" href=ads.clone()/> }
        >
            <StartProblem start=start/>
            <div class="columns">
                <section class="card" aria-label="Contacts">
                    <h2>"Contacts"</h2>
                    <fieldset class="field">
                        <legend class="field-label">"What to export"</legend>
                        <Checkbox label="Contacts" value=contacts/>
                        <Checkbox label="Activities" value=activities hint="What they did: purchases, visits, emails opened …"/>
                    </fieldset>
                    <WhomFields whom=whom query=query/>
                    <p role="status" class="export-count">
                        {move || many.get().map(|many| view! { <strong>{format::contacts(many)}</strong>" chosen" })}
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
                <Show when=move || activities.get()>
                    <Provider value=faults>
                        <Activities ticked=kinds window=window with_fields=with_fields counts=counts/>
                    </Provider>
                </Show>
                <Show when=move || asks_fields.get()>
                    <Fields ticked=ticked memberships=memberships/>
                </Show>
            </div>
            <StartFoot start=start fault=fault on_start=begin/>
        </Page>
    }
}
