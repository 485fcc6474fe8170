//! The charts of a segment: its members over time, who came and went, who can be reached, what it shares with others.

use crate::state::use_app;
use crate::ui::chart::{Bar, Bars, Column, Columns, Figure, Line, Spot, Table};
use crate::ui::format;
use crate::ui::reactive::{derived, memo};
use crate::words;
use leptos::prelude::*;
use model::SegmentId;
use model::analytics::{Analytics, Flow};
use model::history::CauseKind;
use model::query::{Group, Query, Rule};
use model::route::Route;

/// So many segments are shown beside one.
const OTHERS: usize = 12;

/// A share in percent: `42.5 %`; of nothing there is none.
pub fn share(number: u64, of: u64) -> String {
    match of {
        0 => String::new(),
        of => format!("{} %", format::tenths((number * 1000 + of / 2) / of)),
    }
}

/// A day since 1970 in words: `2 Oct 2026`.
fn day(day: i64) -> String {
    let text = format::moment(day * 86_400_000, "UTC");
    text.split(',').next().unwrap_or_default().to_owned()
}

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Members over time.
#[component]
pub fn OverTime(
    /// What is known of the segment.
    told: Memo<Analytics>,
) -> impl IntoView {
    let zone = use_app().zone();
    let spots = memo(move |_| {
        told.with(|told| {
            let spots = told.growth.iter().map(|point| Spot {
                at: point.at,
                number: point.members,
                when: zone.with(|zone| format::moment(point.at, zone)),
            });
            spots.collect::<Vec<_>>()
        })
    });
    let table = derived(move || Table {
        head: head(&["When", "Members"]),
        rows: spots.with(|spots| {
            let rows = spots.iter();
            rows.map(|spot| vec![spot.when.clone(), format::number(spot.number)])
                .collect()
        }),
    });
    let label = move || {
        told.with(|told| {
            let first = told.growth.first().map_or(0, |point| point.members);
            format!(
                "Members over time, from {} to {}",
                format::number(first),
                format::number(told.members)
            )
        })
    };
    view! {
        <section class="card analytics-wide">
            <Figure title="Members over time" table=table>
                <Line spots=spots noun=("member", "members") label=derived(label)/>
            </Figure>
        </section>
    }
}

fn kinds(flow: &[Flow]) -> Vec<CauseKind> {
    let named = |kind: &CauseKind| {
        let mut parts = flow.iter().flat_map(|one| one.entries.iter().chain(&one.exits));
        parts.any(|(known, _)| known == kind)
    };
    words::KINDS.into_iter().filter(named).collect()
}

fn of(parts: &[(CauseKind, u64)], kind: CauseKind) -> u64 {
    parts
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or(0, |(_, count)| *count)
}

/// Who came and went in one stretch, in words: “2 Oct 2026: 12 came (Import 10, By hand 2), none went”.
fn in_words(flow: &Flow, stretch: u32) -> String {
    let part = |parts: &[(CauseKind, u64)], did: &str| {
        let total: u64 = parts.iter().map(|(_, count)| count).sum();
        if total == 0 {
            return format!("none {did}");
        }
        let each: Vec<String> = parts
            .iter()
            .map(|(kind, count)| format!("{} {}", words::kind(*kind), format::number(*count)))
            .collect();
        format!("{} {did} ({})", format::number(total), each.join(", "))
    };
    let days = match stretch {
        1 => day(flow.day),
        many => format!("{} to {}", day(flow.day), day(flow.day + i64::from(many) - 1)),
    };
    format!(
        "{days}: {}, {}",
        part(&flow.entries, "came"),
        part(&flow.exits, "went")
    )
}

/// Who came and went, day by day, by cause.
#[component]
pub fn EntriesAndExits(
    /// What is known of the segment.
    told: Memo<Analytics>,
) -> impl IntoView {
    let columns = memo(move |_| {
        told.with(|told| {
            let parts = |parts: &[(CauseKind, u64)]| -> Vec<(usize, u64)> {
                let colour = |kind: &CauseKind| words::KINDS.iter().position(|known| known == kind);
                let parts = parts.iter();
                parts
                    .map(|(kind, count)| (colour(kind).unwrap_or_default(), *count))
                    .collect()
            };
            let columns = told.flow.iter().map(|flow| Column {
                label: day(flow.day),
                above: parts(&flow.entries),
                below: parts(&flow.exits),
                words: in_words(flow, told.stretch),
            });
            columns.collect::<Vec<_>>()
        })
    });
    let table = derived(move || {
        told.with(|told| {
            let kinds = kinds(&told.flow);
            let mut names = head(&["From", "Came", "Went"]);
            for kind in &kinds {
                names.push(format!("Came: {}", words::kind(*kind)));
                names.push(format!("Went: {}", words::kind(*kind)));
            }
            let row = |flow: &Flow| {
                let total = |parts: &[(CauseKind, u64)]| parts.iter().map(|(_, count)| count).sum::<u64>();
                let mut row = vec![
                    day(flow.day),
                    format::number(total(&flow.entries)),
                    format::number(total(&flow.exits)),
                ];
                for kind in &kinds {
                    row.push(format::number(of(&flow.entries, *kind)));
                    row.push(format::number(of(&flow.exits, *kind)));
                }
                row
            };
            Table {
                head: names,
                rows: told.flow.iter().map(row).collect(),
            }
        })
    });
    let title = move || match told.with(|told| told.stretch) {
        7 => "Entries and exits per week by cause".to_owned(),
        28 => "Entries and exits per four weeks by cause".to_owned(),
        _ => "Entries and exits per day by cause".to_owned(),
    };
    let legend = move || {
        let kinds = told.with(|told| kinds(&told.flow));
        let line = |kind: CauseKind| {
            let colour = words::KINDS.iter().position(|known| *known == kind);
            let class = format!("plot-key plot-{}", colour.unwrap_or_default());
            view! {
                <li>
                    <svg class="plot-key-box" viewBox="0 0 12 12" aria-hidden="true"><rect class=class width="12" height="12"></rect></svg>
                    {words::kind(kind)}
                </li>
            }
        };
        kinds.into_iter().map(line).collect_view()
    };
    let some = memo(move |_| columns.with(|columns| !columns.is_empty()));
    view! {
        <section class="card analytics-wide">
            <Show
                when=move || some.get()
                fallback=|| view! {
                    <h2>"Entries and exits per day by cause"</h2>
                    <p class="soft">"Nobody has come or gone yet"</p>
                }
            >
                <Figure title=derived(title) table=table>
                    <Columns columns=columns label=derived(move || format!("{}: entries above the axis, exits below", title()))/>
                    <ul class="plot-legend">{legend}</ul>
                    <p class="soft small">"Days on which nobody came or went are left out"</p>
                </Figure>
            </Show>
        </section>
    }
}

/// How many members can be reached.
#[component]
pub fn Reachability(
    /// What is known of the segment.
    told: Memo<Analytics>,
) -> impl IntoView {
    let bars = memo(move |_| {
        told.with(|told| {
            let bar = |name: &str, number: u64| Bar {
                name: name.to_owned(),
                number,
                words: format!(
                    "{name}: {}, {}",
                    format::count(number, "member", "members"),
                    share(number, told.members)
                ),
            };
            vec![
                bar("Members", told.members),
                bar("Subscribed", told.reach.subscribed),
                bar("With email", told.reach.email),
                bar("With phone", told.reach.phone),
            ]
        })
    });
    let table = derived(move || Table {
        head: head(&["Reached by", "Members", "Share"]),
        rows: bars.with(|bars| {
            let members = bars.first().map_or(0, |bar| bar.number);
            let rows = bars.iter();
            rows.map(|bar| {
                vec![
                    bar.name.clone(),
                    format::number(bar.number),
                    share(bar.number, members),
                ]
            })
            .collect()
        }),
    });
    view! {
        <section class="card">
            <Figure title="Reachability" table=table>
                <Bars bars=bars label="How many members are subscribed, have an email, have a phone"/>
            </Figure>
        </section>
    }
}

/// What the segment shares with every other one.
#[component]
pub fn Overlaps(
    /// The segment.
    id: SegmentId,
    /// Its name.
    name: Memo<String>,
    /// What is known of it.
    told: Memo<Analytics>,
) -> impl IntoView {
    let app = use_app();
    let shared = memo(move |_| {
        let named = |(other, shared): &(SegmentId, u64)| {
            let name = app.overview.with(|overview| words::segment(*other, overview));
            (*other, name, *shared)
        };
        told.with(|told| told.overlap.iter().map(named).collect::<Vec<_>>())
    });
    let bars = memo(move |_| {
        let members = told.with(|told| told.members);
        shared.with(|shared| {
            let bars = shared.iter().take(OTHERS).map(|(_, other, shared)| Bar {
                name: other.clone(),
                number: *shared,
                words: format!(
                    "{}: {} shared, {} of {}",
                    other,
                    format::count(*shared, "member", "members"),
                    share(*shared, members),
                    name.get()
                ),
            });
            bars.collect::<Vec<_>>()
        })
    });
    let table = derived(move || {
        let members = told.with(|told| told.members);
        let row = |(_, other, shared): &(SegmentId, String, u64)| {
            vec![other.clone(), format::number(*shared), share(*shared, members)]
        };
        Table {
            head: vec![
                "Segment".to_owned(),
                "Members shared".to_owned(),
                format!("Share of {}", name.get()),
            ],
            rows: shared.with(|shared| shared.iter().map(row).collect()),
        }
    });
    let links = move || {
        let line = |(other, name, _): (SegmentId, String, u64)| {
            let is_in = |segment| Rule::Segment {
                segment,
                member: true,
            };
            let both = Group::all(vec![is_in(id), is_in(other)]);
            view! {
                <li>
                    <a href=Route::SegmentAnalytics(other).to_string()>{name.clone()}</a>
                    <a aria-label=format!("View contacts shared with {name}") href=Route::Contacts(Query::from(both)).to_string()>"View contacts"</a>
                </li>
            }
        };
        shared.get().into_iter().take(OTHERS).map(line).collect_view()
    };
    let some = memo(move |_| shared.with(|shared| !shared.is_empty()));
    view! {
        <section class="card">
            <Show
                when=move || some.get()
                fallback=|| view! {
                    <h2>"Overlap with other segments"</h2>
                    <p class="soft">"No other segment shares a member"</p>
                }
            >
                <Figure title="Overlap with other segments" table=table>
                    <Bars bars=bars label="How many members other segments share, most first"/>
                    <ul class="analytics-links">{links}</ul>
                </Figure>
            </Show>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_of_nothing_there_is_none() {
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(2, 3), "66.7 %");
        assert_eq!(share(0, 0), "");
    }

    #[test]
    fn only_causes_that_did_something_are_named() {
        let flow = Flow {
            day: 0,
            entries: vec![(CauseKind::Import, 3)],
            exits: vec![(CauseKind::Undo, 1)],
        };
        assert_eq!(kinds(&[flow]), [CauseKind::Import, CauseKind::Undo]);
    }
}
