//! A list of changes, newest first: of the whole workspace, of a segment, or of a contact.

use super::did::{amounts, line, to_contact};
use super::turn::{Asked, Preview, button};
use crate::state::{App, unexpected, use_app};
use crate::ui::reactive::{effect, memo};
use crate::ui::{Badge, Button, Choice, Empty, Icon, Later, Notice, SelectField, TextField, Tone, format};
use crate::words::{self, KINDS};
use leptos::prelude::*;
use model::history::{ChangeSummary, HistoryFilter, Scope};
use model::message::{Reply, Request};
use model::route::Route;

/// So many changes are shown at first, and so many more each time.
const STEP: u32 = 50;
/// So many are shown where only the last ones are.
const FEW: u32 = 10;

/// What a person chose in the filter bar, as the inputs hold it.
#[derive(Clone, Copy)]
struct Bar {
    words: RwSignal<String>,
    /// The words once typing rests.
    text: RwSignal<String>,
    /// A place in [`KINDS`]; empty for all.
    cause: RwSignal<String>,
    state: RwSignal<String>,
    before: RwSignal<String>,
}

impl Bar {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        let bar = Bar {
            words: empty(),
            text: empty(),
            cause: empty(),
            state: empty(),
            before: empty(),
        };
        let later = Later::new();
        effect(move || {
            bar.words.track();
            later.run(move || {
                let words = bar.words.with_untracked(|words| words.trim().to_owned());
                if bar.text.with_untracked(|text| *text != words) {
                    bar.text.set(words);
                }
            });
        });
        bar
    }

    fn filter(self, zone: &str) -> HistoryFilter {
        HistoryFilter {
            text: self.text.get(),
            cause: self
                .cause
                .with(|at| at.parse::<usize>().ok().and_then(|at| KINDS.get(at).copied())),
            undone: self.state.with(|state| match state.as_str() {
                "undone" => Some(true),
                "stands" => Some(false),
                _ => None,
            }),
            before: self.before.with(|day| format::midnight(day, zone)),
        }
    }

    fn clear(self) {
        for part in [self.words, self.text, self.cause, self.state, self.before] {
            part.set(String::new());
        }
    }
}

/// What changed, newest first, each with its undo or redo.
#[component]
pub fn Changes(
    /// Whose changes.
    scope: Scope,
    /// Only the last ones, without the filter bar.
    #[prop(optional)]
    few: bool,
) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let bar = Bar::new();
    let filter = memo(move |_| zone.with(|zone| bar.filter(zone)));
    let first = if few { FEW } else { STEP };
    let count = RwSignal::new(first);
    effect(move || {
        filter.track();
        if count.get_untracked() != first {
            count.set(first);
        }
    });
    let answer = app.live(move || {
        Some(Request::History {
            scope,
            filter: filter.get(),
            start: 0,
            count: count.get(),
        })
    });
    let found = memo(move |_| match answer.get() {
        Some(Ok(Reply::History { total, changes })) => Some((total, changes)),
        _ => None,
    });
    let problem = move || match answer.get() {
        Some(Ok(Reply::History { .. })) | None => None,
        Some(Ok(_)) => Some(unexpected()),
        Some(Err(problem)) => Some(problem),
    };
    let total = memo(move |_| found.with(|found| found.as_ref().map(|(total, _)| *total)));
    let rows = move || found.with(|found| found.as_ref().map(|(_, rows)| rows.clone()).unwrap_or_default());
    let shown = memo(move |_| found.with(|found| found.as_ref().map_or(0, |(_, rows)| rows.len() as u64)));
    let filtered = memo(move |_| filter.with(|filter| *filter != HistoryFilter::default()));
    let asked = RwSignal::new(None::<Asked>);
    let nothing = move || {
        if filtered.get() {
            view! {
                <Empty icon=Icon::Search title="No change matches" text="Try fewer words, or another kind or date">
                    <Button label="Clear filter" on_press=move |_| bar.clear()/>
                </Empty>
            }
            .into_any()
        } else if few {
            view! { <p class="soft">"Nothing has changed yet"</p> }.into_any()
        } else {
            let text = match scope {
                Scope::All => {
                    "Every change of your data appears here, by whatever made it, and can be undone"
                }
                Scope::Segment(_) => {
                    "Every change of this segment and its members appears here, and can be undone"
                }
                Scope::Contact(_) => {
                    "Every change of this contact and her segments appears here, and can be undone"
                }
            };
            view! { <Empty icon=Icon::History title="Nothing has changed yet" text=text/> }.into_any()
        }
    };
    view! {
        {move || problem().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
        <Show when=move || !few && (filtered.get() || total.get() > Some(0))>
            <FilterBar bar=bar/>
        </Show>
        <Show when=move || total.get().is_some()>
            <Show when=move || { total.get() > Some(0) } fallback=nothing>
                <div class="list-frame" role="region" aria-label="Changes" tabindex="0">
                    <table class="list">
                        <thead>
                            <tr>
                                <th scope="col">"When"</th>
                                <th scope="col">"What"</th>
                                {(!few).then(|| view! { <th scope="col" class="list-wide">"By"</th> })}
                                <th scope="col"><span class="unseen">"Undo or redo"</span></th>
                            </tr>
                        </thead>
                        <tbody>
                            <For each=rows key=|change| (change.id, change.undone, change.undoable) let:change>
                                {row(app, change, scope, few, asked)}
                            </For>
                        </tbody>
                    </table>
                </div>
                <Show when=move || !few>
                    <div class="buttons">
                        <Show when=move || { total.get() > Some(shown.get()) }>
                            <Button label="Show more" on_press=move |_| count.update(|count| *count += STEP)/>
                        </Show>
                        <p class="soft" role="status">
                            {move || match (shown.get(), total.get().unwrap_or(0)) {
                                (shown, total) if shown < total => {
                                    format!("{} of {}", format::number(shown), format::count(total, "change", "changes"))
                                }
                                (_, total) => format::count(total, "change", "changes"),
                            }}
                        </p>
                    </div>
                </Show>
            </Show>
        </Show>
        <Preview asked=asked/>
    }
}

/// The inputs that say which changes are wanted.
#[component]
fn FilterBar(
    /// What they hold.
    bar: Bar,
) -> impl IntoView {
    let causes: Vec<Choice> = std::iter::once(Choice::new("", "Anything"))
        .chain(
            KINDS
                .into_iter()
                .enumerate()
                .map(|(at, kind)| Choice::new(at.to_string(), words::kind(kind))),
        )
        .collect();
    let states = vec![
        Choice::new("", "All"),
        Choice::new("stands", "Stands"),
        Choice::new("undone", "Undone"),
    ];
    view! {
        <section class="history-filter" aria-label="Filter">
            <TextField label="Search changes" kind="search" value=bar.words/>
            <SelectField label="By" choices=causes value=bar.cause/>
            <SelectField label="State" choices=states value=bar.state/>
            <TextField label="Before" kind="date" value=bar.before/>
        </section>
    }
}

/// One change.
fn row(
    app: App,
    change: ChangeSummary,
    scope: Scope,
    few: bool,
    asked: RwSignal<Option<Asked>>,
) -> impl IntoView {
    let zone = app
        .overview
        .with_untracked(|overview| overview.settings.time_zone.clone());
    let contact = match scope {
        Scope::Contact(id) => Some(id),
        Scope::All | Scope::Segment(_) => None,
    };
    let amounts = untrack(|| match &change.contact {
        Some(did) => {
            let mut lines = to_contact(did, app);
            lines.extend(line(did, &change.cause));
            lines
        }
        None => amounts(&change.counts),
    });
    let button = button(app, &change, asked, true);
    let undone = change.undone;
    view! {
        <tr>
            <td class="soft history-when" title=format::ago(change.at)>{format::moment(change.at, &zone)}</td>
            <th scope="row" class="list-main">
                <a class="history-what" class:undone=undone href=Route::Change(change.id, contact).to_string()>{change.what}</a>
                {undone.then(|| view! { " "<Badge label="Undone"/> })}
                {chips(amounts)}
            </th>
            {(!few).then(|| view! { <td class="soft list-wide">{words::cause(&change.cause)}</td> })}
            <td class="list-options">{button}</td>
        </tr>
    }
}

/// Short texts side by side.
fn chips(texts: Vec<String>) -> Option<impl IntoView> {
    (!texts.is_empty()).then(|| {
        let texts = texts
            .into_iter()
            .map(|text| view! { <span class="badge history-chip">{text}</span> })
            .collect_view();
        view! { <div class="tags">{texts}</div> }
    })
}
