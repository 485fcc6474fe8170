//! A file for an ad platform: which platform, whom, by what, and what the file will hold.

use super::audience::{Whom, WhomFields};
use super::draft::{self, Who};
use super::preview::Preview;
use super::start::{Start, StartFoot, StartProblem};
use crate::prefs;
use crate::state::use_app;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Checkbox, Choice, Notice, Page, RadioGroup, SelectField, format};
use leptos::prelude::*;
use model::export::{AD_MAPPED, AdPlatform, AdSpec, AdValue, ExportOrder};
use model::field::Status;
use model::ids::FieldId;
use model::message::{Reply, Request};
use model::query::Query;
use model::route::Route;

/// The preference that holds the platform chosen last.
const PLATFORM: &str = "ad-platform";

/// Make a file for an ad platform.
#[component]
pub fn NewAds(
    /// The contacts chosen beforehand.
    query: Query,
) -> impl IntoView {
    let app = use_app();
    let whom = Whom::new(&query);
    let who = whom.who;
    let start = Start::new();
    let platform = RwSignal::new(prefs::get(PLATFORM).unwrap_or_default());
    let form = RwSignal::new("hashed".to_owned());
    let everyone = RwSignal::new(false);
    let suggested = app
        .overview
        .with_untracked(|overview| draft::mapped(&overview.fields));
    let mapped = RwSignal::new(suggested);

    let asked = app.live(|| Some(Request::AdPlatforms));
    let platforms = memo(move |_| match asked.get() {
        Some(Ok(Reply::AdPlatforms(platforms))) => platforms,
        _ => Vec::new(),
    });
    // The first platform until one is chosen, also where the one of the last visit is no more.
    effect(move || {
        let known = platforms.with(|all| all.iter().any(|one| platform.with(|key| one.key == *key)));
        if let Some(first) = platforms
            .with(|all| all.first().map(|one| one.key.clone()))
            .filter(|_| !known)
        {
            platform.set(first);
        }
    });
    let spec = memo(move |_| {
        let known = platforms.with(|all| all.iter().any(|one| platform.with(|key| one.key == *key)));
        let audience = who.with(Who::audience).filter(|_| known)?;
        Some(AdSpec {
            platform: platform.get(),
            audience,
            excluded: who.with(|who| who.excluded.clone()),
            hashed: form.with(|form| form == "hashed"),
            everyone: everyone.get(),
            mapped: mapped.get(),
        })
    });
    let answer = app.live(move || spec.get().map(Request::PreviewAds));
    let preview = memo(move |_| match (spec.with(Option::is_some), answer.get()) {
        (true, Some(Ok(Reply::AdPreview(preview)))) => Some(preview),
        _ => None,
    });
    let failed = memo(move |_| answer.get().and_then(Result::err));
    let fault = derived(move || {
        let fault = match (spec.with(Option::is_some), preview.get()) {
            (false, _) => Some("Choose the segment to export"),
            (true, Some(preview)) if preview.people == 0 => {
                Some("Nobody would be in the file: choose other contacts, or map more fields")
            }
            _ => None,
        };
        fault.map(str::to_owned)
    });
    let begin = move |()| {
        if let Some(spec) = spec.get_untracked() {
            prefs::set(PLATFORM, &spec.platform);
            start.begin(ExportOrder::Ads(spec));
        }
    };
    let statuses = move || {
        preview.with(|preview| {
            preview.as_ref().map(|found| {
                format!(
                    "{} of {} may be addressed: subscribed, and the email neither banned nor bounced",
                    format::number(found.allowed),
                    format::contacts(found.contacts),
                )
            })
        })
    };
    view! {
        <Page title="Export for ads" back=("View all".to_owned(), Route::Contacts(query.clone()).to_string())>
            <StartProblem start=start before=failed/>
            <Notice
                text="Corral only writes the file. Uploading it to the platform is up to you, and so is that these people agreed to it"
            />
            <div class="columns">
                <section class="card" aria-label="Contacts">
                    <h2>"Contacts"</h2>
                    <WhomFields whom=whom query=query/>
                    <Checkbox
                        label="Also people whose status does not allow it"
                        value=everyone
                        hint=derived(move || statuses().unwrap_or_default())
                    />
                </section>
                <section class="card" aria-label="File">
                    <h2>"File"</h2>
                    <SelectField
                        label="Platform"
                        choices=derived(move || platforms.with(|all| all.iter().map(choice).collect::<Vec<_>>()))
                        value=platform
                    />
                    <RadioGroup
                        label="Values"
                        choices=vec![
                            Choice {
                                key: "hashed".into(),
                                label: "Hashed (SHA-256)".into(),
                                detail: "Nobody can read who is in the file".into(),
                            },
                            Choice {
                                key: "plain".into(),
                                label: "Plain".into(),
                                detail: "The platform hashes them when you upload the file".into(),
                            },
                        ]
                        value=form
                    />
                </section>
                <Mapping platforms=platforms platform=platform mapped=mapped/>
                <Preview preview=preview/>
            </div>
            <StartFoot start=start fault=fault waits=derived(move || preview.with(Option::is_none)) on_start=begin/>
        </Page>
    }
}

fn choice(platform: &AdPlatform) -> Choice {
    Choice::new(&platform.key, &platform.name)
}

/// Which custom fields hold what no system field holds.
#[component]
fn Mapping(
    /// Every platform.
    #[prop(into)]
    platforms: Signal<Vec<AdPlatform>>,
    /// The key of the one chosen.
    platform: RwSignal<String>,
    /// The fields chosen.
    mapped: RwSignal<Vec<(AdValue, FieldId)>>,
) -> impl IntoView {
    let app = use_app();
    let choices = memo(move |_| {
        let mut choices = vec![Choice::new("", "None")];
        app.overview.with(|overview| {
            let own = overview
                .fields
                .iter()
                .filter(|field| field.def.status == Status::Custom);
            choices.extend(own.map(|field| Choice::new(field.def.id.to_string(), field.def.name.clone())));
        });
        choices
    });
    let any = memo(move |_| choices.with(Vec::len) > 1);
    let line = move |value: AdValue| {
        let known = mapped.with_untracked(|mapped| {
            let mut mapped = mapped.iter();
            mapped
                .find(|(of, _)| *of == value)
                .map(|(_, field)| field.to_string())
        });
        let key = RwSignal::new(known.unwrap_or_default());
        let change = move |key: String| {
            mapped.update(|mapped| {
                mapped.retain(|(of, _)| *of != value);
                mapped.extend(key.parse().ok().map(|field| (value, field)));
            });
        };
        view! { <SelectField label=value.label() choices=choices value=key on_change=change/> }
    };
    let offered = memo(move |_| {
        let taken = platforms.with(|all| {
            let mut all = all.iter();
            let one = all.find(|one| platform.with(|key| one.key == *key));
            one.map(|one| one.values.clone()).unwrap_or_default()
        });
        let offered = AD_MAPPED.iter().map(|(value, _)| *value);
        offered.filter(|value| taken.contains(value)).collect::<Vec<_>>()
    });
    view! {
        <section class="card" aria-label="Custom fields">
            <h2>"Custom fields"</h2>
            <p class="field-hint">
                "Email, phone, name, birthdate and external ID are taken from the fields of Corral. More helps the platform to find people"
            </p>
            <Show
                when=move || any.get()
                fallback=|| view! { <p class="soft">"There are no custom fields to take addresses from"</p> }
            >
                <For each=move || offered.get() key=|value| value.label() let:value>{line(value)}</For>
            </Show>
        </section>
    }
}
