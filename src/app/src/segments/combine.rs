//! A segment made out of others by set operations.

use super::form::save;
use super::sets::operation::{self, MOST, OPERATIONS, Operation};
use super::sets::{Picture, UpSet, Venn};
use crate::contacts::new_segment;
use crate::state::{once, use_app};
use crate::ui::chart::{Figure, Table};
use crate::ui::reactive::{derived, memo};
use crate::ui::{
    Badge, Button, Choice, Combobox, Empty, Icon, IconButton, LinkButton, Look, Notice, Page, RadioGroup,
    TextField, Tone, format, segment_choices,
};
use crate::words;
use leptos::html;
use leptos::prelude::*;
use model::field::MAX_NAME;
use model::message::{Overview, Reply, Request};
use model::query::Query;
use model::route::Route;
use model::{Group, Rule, SegmentId};

/// The start of the key of a saved filter; segments have their ids.
const FILTER: &str = "filter:";

/// One of the sets.
#[derive(Clone, PartialEq)]
struct Operand {
    key: String,
    name: String,
    group: Group,
}

/// The set of a key; none where it was deleted.
fn set(key: &str, overview: &Overview) -> Option<Operand> {
    let (name, group) = match key.strip_prefix(FILTER) {
        Some(name) => {
            let filter = overview.filters.iter().find(|filter| filter.name == name)?;
            (name.to_owned(), filtered(&filter.query))
        }
        None => {
            let id: SegmentId = key.parse().ok()?;
            let info = overview.segments.iter().find(|segment| segment.def.id == id)?;
            let rules = vec![Rule::Segment {
                segment: id,
                member: true,
            }];
            (info.def.name.clone(), Group::all(rules))
        }
    };
    Some(Operand {
        key: key.to_owned(),
        name,
        group,
    })
}

/// A search and a filter as one group.
fn filtered(query: &Query) -> Group {
    if query.search.is_empty() {
        return query.filter.clone();
    }
    let mut rules = vec![Rule::Search(query.search.clone())];
    if !query.filter.is_empty() {
        rules.push(Rule::Group(query.filter.clone()));
    }
    Group::all(rules)
}

/// The page that combines segments.
#[component]
pub fn Combine(
    /// The segments chosen beforehand.
    of: Vec<SegmentId>,
) -> impl IntoView {
    let app = use_app();
    let keys: Vec<String> = of.iter().take(MOST).map(SegmentId::to_string).collect();
    let keys = RwSignal::new(keys);
    let kind = RwSignal::new("union".to_owned());
    let custom = RwSignal::new(0u64);
    let sets = memo(move |_| {
        app.overview.with(|overview| {
            let sets = keys.with(|keys| keys.iter().filter_map(|key| set(key, overview)).collect());
            let sets: Vec<Operand> = sets;
            sets
        })
    });
    let groups =
        memo(move |_| sets.with(|sets| sets.iter().map(|set| set.group.clone()).collect::<Vec<_>>()));
    let many = memo(move |_| groups.with(Vec::len));
    let answer = app.live(move || {
        let groups = groups.get();
        (!groups.is_empty()).then_some(Request::Regions(groups))
    });
    let problem = memo(move |_| match answer.get() {
        Some(Err(problem)) if many.get() > 0 => Some(problem.to_string()),
        _ => None,
    });
    // Counts of other sets say nothing.
    let counts = memo(move |_| match answer.get() {
        Some(Ok(Reply::Regions(counts))) if counts.len() == 1 << many.get() => counts,
        _ => Vec::new(),
    });
    let chosen = memo(move |_| operation(&kind.get()).regions(many.get(), custom.get()));
    let formula = memo(move |_| {
        (many.get() > 1)
            .then(|| groups.with(|groups| operation::formula(groups, chosen.get())))
            .flatten()
    });
    let toggle = move |place: usize| {
        custom.set(chosen.get_untracked() ^ 1 << place);
        kind.set("custom".to_owned());
    };
    let picture = Picture {
        names: memo(move |_| sets.with(|sets| sets.iter().map(|set| set.name.clone()).collect())),
        counts,
        chosen,
        toggle: Callback::new(toggle),
    };
    let drawn = memo(move |_| many.get() > 1 && counts.with(|counts| !counts.is_empty()));
    let operations = memo(move |_| {
        let label = |(operation, key, name, detail): (Operation, &str, &str, &str)| {
            let regions = operation.regions(many.get(), custom.get());
            let count = counts.with(|counts| operation::count(regions, counts));
            Choice {
                key: key.to_owned(),
                label: name.to_owned(),
                detail: match drawn.get() {
                    true => format!("{detail} · {}", format::number(count)),
                    false => detail.to_owned(),
                },
            }
        };
        OPERATIONS.map(label).to_vec()
    });
    view! {
        <Page title="Combine" back=("Segments".to_owned(), Route::Segments.to_string())>
            <p class="page-line">"Choose two to six segments or saved filters and what is made of them; every number is of now"</p>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <div class="sets">
                <div class="sets-side">
                    <Chosen keys=keys custom=custom sets=sets counts=counts/>
                    <section class="card" aria-label="Operation">
                        <RadioGroup label="Operation" choices=operations value=kind/>
                    </section>
                </div>
                <div class="sets-side">
                    <Drawing picture=picture many=many drawn=drawn/>
                    <Show when=move || { many.get() > 1 }>
                        <Outcome picture=picture formula=formula drawn=drawn/>
                    </Show>
                </div>
            </div>
        </Page>
    }
}

/// The operation of a key.
fn operation(key: &str) -> Operation {
    let mut all = OPERATIONS.into_iter();
    all.find(|(_, known, ..)| *known == key)
        .map_or(Operation::Union, |(operation, ..)| operation)
}

/// The sets, with a list to add others.
#[component]
fn Chosen(
    /// The keys of the sets.
    keys: RwSignal<Vec<String>>,
    /// The regions chosen by hand.
    custom: RwSignal<u64>,
    /// The sets.
    sets: Memo<Vec<Operand>>,
    /// How many contacts each region has.
    counts: Memo<Vec<u64>>,
) -> impl IntoView {
    let app = use_app();
    let choices = memo(move |_| {
        let mut choices = app.overview.with(|overview| {
            let mut choices = segment_choices(overview);
            choices.extend(overview.filters.iter().map(|filter| Choice {
                key: format!("{FILTER}{}", filter.name),
                label: filter.name.clone(),
                detail: "Saved filter".to_owned(),
            }));
            choices
        });
        sets.with(|sets| choices.retain(|choice| !sets.iter().any(|set| set.key == choice.key)));
        choices
    });
    // Sets that were deleted go with the next change; chosen regions are of the sets as they were.
    let change = move |change: &dyn Fn(&mut Vec<String>)| {
        let mut now = sets.with_untracked(|sets| sets.iter().map(|set| set.key.clone()).collect());
        change(&mut now);
        custom.set(0);
        keys.set(now);
    };
    // The button that was pressed goes with its row; the focus stays near.
    let list = NodeRef::<html::Ol>::new();
    let press = move |act: &dyn Fn(&mut Vec<String>)| {
        change(act);
        if let Some(list) = list.get_untracked() {
            list.focus().ok();
        }
    };
    let add = move |key: String| {
        let (many, regions) = (sets.with_untracked(Vec::len), custom.get_untracked());
        change(&|keys| keys.push(key.clone()));
        // What was chosen stays so, whether in the new set or not.
        custom.set(regions | regions << (1 << many.min(MOST - 1)));
    };
    let each = move || {
        let sets: Vec<(usize, Operand)> = sets.get().into_iter().enumerate().collect();
        sets
    };
    let full = move || sets.with(|sets| sets.len() >= MOST);
    let row = move |(at, set): (usize, Operand)| {
        let Operand { key, name, .. } = set;
        let filter = key.starts_with(FILTER);
        let other = key.clone();
        let size = move || {
            counts.with(|counts| (!counts.is_empty()).then(|| format::number(operation::size(at, counts))))
        };
        view! {
            <li class="sets-row">
                <span class="option-label">
                    {name.clone()}
                    {filter.then(|| view! { " "<Badge label="Saved filter"/> })}
                </span>
                <span class="number soft">{size}</span>
                {(at > 0).then(|| view! {
                    <IconButton
                        small=true
                        icon=Icon::Up
                        label=format!("Move {name} up")
                        on_press=move |_| press(&|keys| {
                            if at < keys.len() {
                                keys.swap(at - 1, at);
                            }
                        })
                    />
                })}
                <IconButton
                    small=true
                    icon=Icon::Close
                    label=format!("Remove {name}")
                    on_press=move |_| press(&|keys| keys.retain(|known| *known != other))
                />
            </li>
        }
    };
    view! {
        <section class="card" aria-label="Sets">
            <Combobox
                label="Add a segment or saved filter"
                framed=true
                choices=choices
                value=String::new()
                on_pick=add
                placeholder="Choose two to six"
                disabled=derived(full)
                hint=derived(move || match full() {
                    true => "Six at most".to_owned(),
                    false => String::new(),
                })
            />
            <ol class="sets-list" aria-label="Chosen sets" tabindex="-1" node_ref=list>
                <For
                    each=each
                    key=|(at, set)| (*at, set.key.clone(), set.name.clone())
                    let:set
                >
                    {row(set)}
                </For>
            </ol>
        </section>
    }
}

/// The picture in its frame.
#[component]
fn Drawing(
    /// What is drawn.
    picture: Picture,
    /// How many sets there are.
    many: Memo<usize>,
    /// Whether there is something to draw.
    drawn: Memo<bool>,
) -> impl IntoView {
    let kind = RwSignal::new("venn".to_owned());
    let bars = memo(move |_| many.get() > 3 || kind.with(|kind| kind == "upset"));
    let table = memo(move |_| {
        let (names, counts) = (picture.names.get(), picture.counts.get());
        let rows = counts.iter().enumerate().skip(1);
        Table {
            head: vec!["Region".to_owned(), "Contacts".to_owned()],
            rows: rows
                .map(|(place, count)| vec![operation::region_words(place, &names), count.to_string()])
                .collect(),
        }
    });
    let circles = move || match bars.get() {
        true => view! { <UpSet picture=picture/> }.into_any(),
        false => view! { <Venn picture=picture three=many.get() == 3/> }.into_any(),
    };
    view! {
        <Show
            when=move || { many.get() > 1 }
            fallback=|| view! {
                <Empty
                    icon=Icon::Segments
                    title="Nothing to combine yet"
                    text="Add at least two segments or saved filters; the picture shows what they share"
                />
            }
        >
            <section class="card" aria-label="Picture">
                <Show when=move || { many.get() < 4 }>
                    <RadioGroup
                        label="Picture"
                        inline=true
                        choices=vec![Choice::new("venn", "Venn"), Choice::new("upset", "UpSet")]
                        value=kind
                    />
                </Show>
                <Show when=move || drawn.get()>
                    <Figure title="Regions of the sets" table=table>{circles}</Figure>
                </Show>
                <p class="soft small">
                    "Press regions in the picture to choose them by hand"
                    {move || bars.get().then_some("; regions without contacts are left out of the bars")}
                </p>
            </section>
        </Show>
    }
}

/// What comes out, and the form that saves it.
#[component]
fn Outcome(
    /// What is chosen.
    picture: Picture,
    /// The formula of the chosen regions; none where nothing is chosen.
    formula: Memo<Option<Group>>,
    /// Whether the counts are known.
    drawn: Memo<bool>,
) -> impl IntoView {
    let app = use_app();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let name_error = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let count = move || {
        let Picture { chosen, counts, .. } = picture;
        drawn.get().then(|| {
            let count = counts.with(|counts| operation::count(chosen.get(), counts));
            format::contacts(count)
        })
    };
    let words = move || match formula.get() {
        Some(formula) => app.overview.with(|overview| words::group(&formula, overview)),
        None => "Choose at least one region".to_owned(),
    };
    let query = memo(move |_| Query::from(formula.get().unwrap_or_default()));
    let sent = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        name_error.set(None);
        problem.set(None);
        let Some(formula) = formula.get_untracked() else {
            problem.set(Some("Choose at least one region".to_owned()));
            return;
        };
        let name = name.with_untracked(|name| name.trim().to_owned());
        if name.is_empty() {
            name_error.set(Some("Give the segment a name".to_owned()));
            return;
        }
        let def = new_segment(name, description.with_untracked(|text| text.trim().to_owned()));
        once(
            busy,
            save(app, Request::Combine(def, formula), name_error, problem),
        );
    };
    view! {
        <section class="card" aria-label="Result">
            <p class="sets-count" role="status">{count}</p>
            <p class="sets-formula">{words}</p>
            <Show when=move || formula.with(Option::is_some)>
                <div class="buttons">
                    <LinkButton label="View contacts" href=derived(move || Route::Contacts(query.get()).to_string())/>
                    <LinkButton label="Export" href=derived(move || Route::Export(query.get()).to_string())/>
                </div>
            </Show>
            <form class="form" on:submit=sent>
                {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
                <TextField label="Name" value=name error=name_error required=true max=MAX_NAME/>
                <TextField
                    label="Description"
                    value=description
                    lines=2
                    hint="The segment keeps these contacts and remembers the formula; Refresh works it out anew"
                />
                <div class="buttons">
                    <Button label="Save as segment" look=Look::Primary submit=true disabled=busy/>
                </div>
            </form>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_filter_is_a_group_with_its_search() {
        let filter = Group::parse("any(in:1,in:2)").unwrap();
        let mut query = Query::from(filter);
        assert_eq!(filtered(&query).to_string(), "any(in:1,in:2)");
        query.search = "ana".into();
        assert_eq!(filtered(&query).to_string(), "all(search:ana,any(in:1,in:2))");
    }
}
