//! A segment divided into several, or a sample of it.

use super::form::{NotFound, save};
use super::sets::share;
use crate::router::here;
use crate::state::{once, unexpected, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Choice, LinkButton, Look, Notice, Page, RadioGroup, TextField, Tone, format};
use leptos::prelude::*;
use model::field::MAX_NAME;
use model::message::{Overview, Reply, Request, SegmentInfo};
use model::route::Route;
use model::{Group, Rule, SegmentId};

/// A segment has so many parts at most.
const MOST: usize = 20;

/// The members of a segment as the group that is divided.
fn source(segment: SegmentId) -> Group {
    Group::all(vec![Rule::Segment {
        segment,
        member: true,
    }])
}

/// A number drawn at random; with it the same division can be made again.
fn new_seed() -> String {
    // Below 2³², so every value is exact.
    let seed = (js_sys::Math::random() * 1e9) as u64;
    seed.to_string()
}

/// A seed as a number, or what is wrong with it.
fn seed_of(text: &str) -> Result<u64, String> {
    let seed = text.trim().parse();
    seed.map_err(|_| "The seed is a whole number".to_owned())
}

/// What is wrong with a new segment's name; none where nothing is.
fn name_fault(name: &str, others: &[String], overview: &Overview) -> Option<String> {
    let lower = name.to_lowercase();
    let same = |other: &str| other.to_lowercase() == lower;
    if name.is_empty() {
        Some("Give the segment a name".to_owned())
    } else if others.iter().any(|other| same(other)) {
        Some("Another part has this name".to_owned())
    } else if overview.segments.iter().any(|segment| same(&segment.def.name)) {
        Some(format!("There is a segment {name} already"))
    } else {
        None
    }
}

/// A page about one segment, or what is shown where it isn't there.
fn page(id: SegmentId, verb: &str, form: fn(SegmentInfo) -> AnyView) -> impl IntoView {
    let info = use_app().overview.with_untracked(|overview| {
        let mut segments = overview.segments.iter();
        segments.find(|segment| segment.def.id == id).cloned()
    });
    let title = info.as_ref().map_or("Segment not found".to_owned(), |info| {
        format!("{verb} {}", info.def.name)
    });
    view! {
        <Page title=title back=("Segments".to_owned(), Route::Segments.to_string())>
            {match info {
                Some(info) => form(info),
                None => view! { <NotFound/> }.into_any(),
            }}
        </Page>
    }
}

/// The page that splits a segment.
#[component]
pub fn Split(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    page(id, "Split", |info| view! { <Parts info=info/> }.into_any())
}

/// The page that draws a sample.
#[component]
pub fn Sample(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    page(id, "Sample of", |info| view! { <Draw info=info/> }.into_any())
}

/// The members of a segment, as of the last commit.
fn count_members(id: SegmentId) -> Memo<u64> {
    let app = use_app();
    memo(move |_| {
        app.overview.with(|overview| {
            let mut segments = overview.segments.iter();
            segments
                .find(|segment| segment.def.id == id)
                .map_or(0, |segment| segment.members)
        })
    })
}

/// The input of the seed.
#[component]
fn Seed(
    /// The seed.
    value: RwSignal<String>,
    /// What is wrong with it.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    view! {
        <TextField
            label="Seed"
            value=value
            error=error
            required=true
            hint="The same seed divides the same contacts the same way"
        />
    }
}

/// One part of a split.
#[derive(Clone, Copy, PartialEq)]
struct Part {
    at: usize,
    name: RwSignal<String>,
    share: RwSignal<String>,
    name_error: RwSignal<Option<String>>,
    share_error: RwSignal<Option<String>>,
}

impl Part {
    fn new(at: usize, of: &str) -> Part {
        Part {
            at,
            name: RwSignal::new(format!("{of} {}", at + 1)),
            share: RwSignal::new(String::new()),
            name_error: RwSignal::new(None),
            share_error: RwSignal::new(None),
        }
    }
}

/// Gives every part the same share.
fn level(parts: &[Part]) {
    for (part, share) in parts.iter().zip(share::equal(parts.len())) {
        part.share.set(share::text(share));
        part.share_error.set(None);
    }
}

/// The form of a split.
#[component]
fn Parts(
    /// The segment.
    info: SegmentInfo,
) -> impl IntoView {
    let app = use_app();
    let id = info.def.id;
    let contacts = count_members(id);
    // All parts there can be are made with the form; those made in an effect would go with its next run.
    let every: Vec<Part> = (0..MOST).map(|at| Part::new(at, &info.def.name)).collect();
    let parts = RwSignal::new(every.iter().take(2).copied().collect::<Vec<_>>());
    parts.with_untracked(|parts| level(parts));
    let every = StoredValue::new(every);
    let many = RwSignal::new("2".to_owned());
    let many_error = RwSignal::new(None::<String>);
    let seed = RwSignal::new(new_seed());
    let seed_error = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let resize = move || {
        let wanted = many.with_untracked(|many| many.trim().parse::<usize>());
        let Some(wanted) = wanted.ok().filter(|wanted| (2..=MOST).contains(wanted)) else {
            many_error.set(Some(format!("From 2 to {MOST} parts")));
            return;
        };
        many_error.set(None);
        if wanted != parts.with_untracked(Vec::len) {
            parts.set(every.with_value(|every| every.iter().take(wanted).copied().collect()));
            parts.with_untracked(|parts| level(parts));
        }
    };
    crate::ui::reactive::effect(move || {
        many.track();
        untrack(resize);
    });
    // The shares as numbers; none where one can't be read.
    let shares = memo(move |_| {
        parts.with(|parts| {
            let shares = parts
                .iter()
                .map(|part| part.share.with(|text| share::parse(text)));
            shares.collect::<Option<Vec<u32>>>()
        })
    });
    let sum_error =
        memo(move |_| shares.with(|shares| shares.as_ref().and_then(|shares| share::fault(shares))));
    let counts = memo(move |_| match (shares.get(), sum_error.with(Option::is_none)) {
        (Some(shares), true) => share::divide(contacts.get(), &shares),
        _ => Vec::new(),
    });
    let split = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        seed_error.set(None);
        resize();
        let mut asked: Vec<(String, u32)> = Vec::new();
        let mut names = Vec::new();
        for part in parts.get_untracked() {
            let name = part.name.with_untracked(|name| name.trim().to_owned());
            let fault = app
                .overview
                .with_untracked(|overview| name_fault(&name, &names, overview));
            let fine = fault.is_none();
            part.name_error.set(fault);
            names.push(name.clone());
            let share = part.share.with_untracked(|text| share::parse(text));
            let share = share.filter(|share| *share > 0);
            part.share_error.set(match share {
                Some(_) => None,
                None => Some("A share is more than 0 %, with at most two decimals".to_owned()),
            });
            if let (Some(share), true) = (share, fine) {
                asked.push((name, share));
            }
        }
        let seed = match seed.with_untracked(|seed| seed_of(seed)) {
            Ok(seed) => seed,
            Err(fault) => {
                seed_error.set(Some(fault));
                return;
            }
        };
        let wrong = many_error.with_untracked(Option::is_some) || sum_error.with_untracked(Option::is_some);
        if wrong || asked.len() < names.len() {
            return;
        }
        let here = here();
        once(busy, async move {
            let request = Request::Split {
                source: source(id),
                parts: asked,
                seed,
            };
            match app.ask(request).await {
                Ok(Reply::Segments(_, done)) => {
                    app.say_done(&Reply::Done(done));
                    here.go(&Route::Segments);
                }
                Ok(_) => app.report(&unexpected()),
                Err(what) => app.report_at(problem, &what),
            }
        });
    };
    let row = move |part: Part| {
        let count = move || counts.with(|counts| counts.get(part.at).map(|count| format::contacts(*count)));
        view! {
            <fieldset class="split-part">
                <legend class="unseen">{format!("Part {}", part.at + 1)}</legend>
                <TextField
                    label=format!("Name of part {}", part.at + 1)
                    value=part.name
                    error=part.name_error
                    max=MAX_NAME
                />
                <TextField
                    label="Share in %"
                    value=part.share
                    error=part.share_error
                    hint=derived(move || count().unwrap_or_default())
                />
            </fieldset>
        }
    };
    view! {
        <form class="form split-form" on:submit=split>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <p class="page-line">
                {move || format!("The {} become members of new segments, each of exactly one; the segment itself stays as it is", format::contacts(contacts.get()))}
            </p>
            <div class="split-many">
                <TextField label="Number of parts" kind="number" value=many error=many_error/>
                <Button label="Equal shares" on_press=move |_| parts.with_untracked(|parts| level(parts))/>
            </div>
            <For each=move || parts.get() key=|part| (part.at, part.name) let:part>{row(part)}</For>
            <div role="status">
                {move || sum_error.get().map(|fault| view! { <p class="field-error">{fault}</p> })}
            </div>
            <Seed value=seed error=seed_error/>
            <div class="buttons">
                <Button label="Split" look=Look::Primary submit=true disabled=busy/>
                <LinkButton label="Cancel" href=Route::Segments.to_string()/>
            </div>
        </form>
    }
}

/// How many contacts are drawn, or what is wrong with that.
fn draw_count(text: &str, percent: bool, contacts: u64) -> Result<u64, String> {
    let count = if percent {
        let share = share::parse(text).filter(|share| *share > 0);
        let share = share.ok_or("A share is more than 0 %, with at most two decimals")?;
        if share > share::WHOLE {
            return Err("At most 100 %".to_owned());
        }
        // To the nearest contact.
        (contacts * u64::from(share) + 5_000) / 10_000
    } else {
        let plain: String = text.chars().filter(|one| !matches!(one, ',' | ' ')).collect();
        plain.parse().map_err(|_| "A whole number of contacts")?
    };
    match count {
        0 => Err("Draw at least 1 contact".to_owned()),
        _ if count > contacts => Err(format!("There are only {}", format::contacts(contacts))),
        _ => Ok(count),
    }
}

/// The form of a sample.
#[component]
fn Draw(
    /// The segment.
    info: SegmentInfo,
) -> impl IntoView {
    let app = use_app();
    let id = info.def.id;
    let contacts = count_members(id);
    let kind = RwSignal::new("number".to_owned());
    let many = RwSignal::new(String::new());
    let many_error = RwSignal::new(None::<String>);
    let name = RwSignal::new(format!("Sample of {}", info.def.name));
    let name_error = RwSignal::new(None::<String>);
    let seed = RwSignal::new(new_seed());
    let seed_error = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let percent = memo(move |_| kind.with(|kind| kind == "percent"));
    let count = memo(move |_| many.with(|many| draw_count(many, percent.get(), contacts.get())));
    let hint = move || match count.get() {
        Ok(count) => format!(
            "{} of {}",
            format::number(count),
            format::contacts(contacts.get())
        ),
        Err(_) => format!("Of {}", format::contacts(contacts.get())),
    };
    let draw = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        let name = name.with_untracked(|name| name.trim().to_owned());
        name_error.set(
            app.overview
                .with_untracked(|overview| name_fault(&name, &[], overview)),
        );
        let (count, seed) = (count.get_untracked(), seed.with_untracked(|seed| seed_of(seed)));
        many_error.set(count.as_ref().err().cloned());
        seed_error.set(seed.as_ref().err().cloned());
        let (Ok(count), Ok(seed), None) = (count, seed, name_error.get_untracked()) else {
            return;
        };
        let request = Request::Sample {
            source: source(id),
            name,
            count,
            seed,
        };
        once(busy, save(app, request, name_error, problem));
    };
    view! {
        <form class="form" on:submit=draw>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <RadioGroup
                label="How many"
                inline=true
                choices=vec![Choice::new("number", "A number"), Choice::new("percent", "Percent of the members")]
                value=kind
            />
            <TextField
                label=derived(move || match percent.get() {
                    true => "Share in %".to_owned(),
                    false => "Contacts".to_owned(),
                })
                value=many
                error=many_error
                hint=derived(hint)
                required=true
            />
            <TextField label="Name" value=name error=name_error required=true max=MAX_NAME/>
            <Seed value=seed error=seed_error/>
            <div class="buttons">
                <Button label="Draw sample" look=Look::Primary submit=true disabled=busy/>
                <LinkButton label="Cancel" href=Route::Segments.to_string()/>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_no_more_than_there_are() {
        assert_eq!(draw_count("1,000", false, 2_000), Ok(1_000));
        assert_eq!(draw_count("12.5", true, 1_000), Ok(125));
        assert_eq!(
            draw_count("3001", false, 3_000),
            Err("There are only 3,000 contacts".to_owned())
        );
        for (text, percent) in [
            ("0", false),
            ("", false),
            ("0", true),
            ("0.01", true),
            ("101", true),
        ] {
            assert!(draw_count(text, percent, 1_000).is_err(), "{text}");
        }
    }

    #[test]
    fn parts_have_names_of_their_own() {
        let overview = Overview::default();
        let others = ["Spring 1".to_owned()];
        assert_eq!(name_fault("Spring 2", &others, &overview), None);
        assert!(name_fault("spring 1", &others, &overview).is_some());
        assert!(name_fault("", &[], &overview).is_some());
    }

    #[test]
    fn a_seed_is_a_whole_number() {
        assert_eq!(seed_of(" 42 "), Ok(42));
        assert!(seed_of("4.2").is_err());
    }
}
