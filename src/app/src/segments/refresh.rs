//! Segments with a formula, worked out anew.

use crate::palette::members;
use crate::state::{unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Badge, Button, Empty, Glyph, Icon, LinkButton, Look, Page, Tone, format, unique};
use crate::words;
use leptos::prelude::*;
use model::analytics::RefreshPreview;
use model::message::{Overview, Reply, Request};
use model::route::Route;
use model::{Group, Mode, Query, Rule, SegmentId};

/// A segment with a formula.
#[derive(Clone, PartialEq)]
struct Formula {
    id: SegmentId,
    name: String,
    words: String,
    formula: Group,
}

/// The segments with a formula, by name.
fn formulas(overview: &Overview) -> Vec<Formula> {
    let mut all: Vec<Formula> = overview
        .segments
        .iter()
        .filter_map(|info| {
            let formula = info.formula.clone()?;
            Some(Formula {
                id: info.def.id,
                name: info.def.name.clone(),
                words: words::group(&formula, overview),
                formula,
            })
        })
        .collect();
    all.sort_by_key(|one| one.name.to_lowercase());
    all
}

/// Those that a refresh would bring into a segment, or take out of it.
fn movers(segment: SegmentId, formula: &Group, come: bool) -> Group {
    let membership = Rule::Segment {
        segment,
        member: !come,
    };
    let rules = match come {
        true => vec![Rule::Group(formula.clone()), membership],
        false => {
            let none = Group {
                mode: Mode::None,
                rules: vec![Rule::Group(formula.clone())],
            };
            vec![membership, Rule::Group(none)]
        }
    };
    Group::all(rules)
}

/// The page that refreshes segments with a formula.
#[component]
pub fn Refresh() -> impl IntoView {
    let app = use_app();
    let all = memo(move |_| app.overview.with(formulas));
    let answer = app.live(move || {
        let ids: Vec<SegmentId> = all.with(|all| all.iter().map(|one| one.id).collect());
        (!ids.is_empty()).then_some(Request::PreviewRefresh(ids))
    });
    let previews = memo(move |_| match answer.get() {
        Some(Ok(Reply::Refresh(previews))) => previews,
        _ => Vec::new(),
    });
    effect(move || match answer.get() {
        Some(Ok(Reply::Refresh(_))) | None => {}
        Some(Ok(_)) => app.report(&unexpected()),
        Some(Err(problem)) => app.report(&problem),
    });
    let ticked = RwSignal::new(Vec::<SegmentId>::new());
    let changes = |preview: &RefreshPreview| preview.problem.is_empty() && preview.come + preview.go > 0;
    // The ticked ones that would change; all that would where none is ticked.
    let due = memo(move |_| {
        let ticked = ticked.get();
        previews.with(|previews| {
            let due = previews.iter().filter(|preview| changes(preview));
            due.map(|preview| preview.segment)
                .filter(|id| ticked.is_empty() || ticked.contains(id))
                .collect::<Vec<_>>()
        })
    });
    let refresh = move |ids: Vec<SegmentId>| {
        app.write_then(Request::Refresh(ids), move |_| {
            ticked.try_set(Vec::new());
        });
    };
    let row = move |one: Formula| {
        let Formula {
            id,
            name,
            words,
            formula,
        } = one;
        let control = unique("tick");
        let preview = memo(move |_| {
            previews.with(|previews| previews.iter().find(|preview| preview.segment == id).cloned())
        });
        let numbers = move || {
            let preview = preview.get()?;
            if !preview.problem.is_empty() {
                let problem = preview.problem;
                return Some(
                    view! { <td colspan="3"><p class="field-error"><Glyph icon=Icon::Warning/>{problem}</p></td> }
                        .into_any(),
                );
            }
            let link = |count: u64, come: bool| {
                let href = Route::Contacts(Query::from(movers(id, &formula, come))).to_string();
                let number = format::number(count);
                match count {
                    0 => number.into_any(),
                    _ => view! { <a href=href>{number}</a> }.into_any(),
                }
            };
            let (come, go) = (link(preview.come, true), link(preview.go, false));
            Some(
                view! {
                    <td class="number">{come}</td>
                    <td class="number">{go}</td>
                    <td class="number">{format::number(preview.stay)}</td>
                }
                .into_any(),
            )
        };
        let state = move || preview.with(|preview| preview.as_ref().map(changes));
        let label = format!("Refresh {name}");
        view! {
            <tr>
                <th scope="row" class="list-main">
                    <div class="choice">
                        <input
                            type="checkbox"
                            class="choice-box"
                            id=control.clone()
                            prop:checked=move || ticked.with(|ticked| ticked.contains(&id))
                            on:change=move |event| {
                                let checked = event_target_checked(&event);
                                ticked.update(|ticked| {
                                    ticked.retain(|other| *other != id);
                                    if checked {
                                        ticked.push(id);
                                    }
                                });
                            }
                        />
                        <label class="choice-label" for=control>{name}</label>
                        <span class="choice-hint">
                            {words}" · "<a href=members(id).to_string()>"View contacts"</a>
                        </span>
                    </div>
                </th>
                {numbers}
                <td class="list-options">
                    {move || (state() == Some(false) && preview.with(|preview| preview.as_ref().is_some_and(|preview| preview.problem.is_empty())))
                        .then(|| view! { <Badge label="Up to date" tone=Tone::Success/> })}
                    {
                        let label = label.clone();
                        move || (state() == Some(true)).then(|| {
                            let label = label.clone();
                            view! {
                                <button
                                    type="button"
                                    class="button button-small"
                                    aria-label=label
                                    on:click=move |_| refresh(vec![id])
                                >
                                    "Refresh"
                                </button>
                            }
                        })
                    }
                </td>
            </tr>
        }
    };
    let actions = move || {
        view! {
            <Show when=move || !all.with(Vec::is_empty)>
                <Button
                    label=derived(move || match ticked.with(Vec::is_empty) {
                        true => "Refresh all".to_owned(),
                        false => format!("Refresh {}", due.with(Vec::len)),
                    })
                    look=Look::Primary
                    disabled=derived(move || due.with(Vec::is_empty))
                    on_press=move |_| refresh(due.get_untracked())
                />
            </Show>
        }
    };
    view! {
        <Page title="Refresh" back=("Segments".to_owned(), Route::Segments.to_string()) actions=actions>
            <Show
                when=move || !all.with(Vec::is_empty)
                fallback=|| view! {
                    <Empty
                        icon=Icon::Redo
                        title="No segment has a formula"
                        text="A segment that was made by Combine remembers how, and can be worked out anew here"
                    >
                        <LinkButton label="Combine…" look=Look::Primary href=Route::Combine(Vec::new()).to_string()/>
                    </Empty>
                }
            >
                <p class="page-line">"Each formula is worked out on the contacts of now; nobody comes or goes before you refresh, and it can be undone"</p>
                <div class="list-frame" role="region" aria-label="Segments with a formula" tabindex="0">
                    <table class="list">
                        <thead>
                            <tr>
                                <th scope="col">"Segment"</th>
                                <th scope="col" class="number">"Come"</th>
                                <th scope="col" class="number">"Go"</th>
                                <th scope="col" class="number">"Stay"</th>
                                <th scope="col"><span class="unseen">"Refresh"</span></th>
                            </tr>
                        </thead>
                        <tbody>
                            <For each=move || all.get() key=|one| (one.id, one.name.clone(), one.words.clone()) let:one>
                                {row(one)}
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
        </Page>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_and_who_goes_can_be_viewed() {
        let formula = Group::parse("all(in:1,out:2)").unwrap();
        let text = |come| movers(SegmentId(3), &formula, come).to_string();
        assert_eq!(text(true), "all(all(in:1,out:2),out:3)");
        assert_eq!(text(false), "all(in:3,none(all(in:1,out:2)))");
    }
}
