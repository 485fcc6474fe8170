//! The difference between two dates: who came, who went, who stayed.

use crate::contacts::SaveAsSegment;
use crate::segments::moment::{Moment, chosen, too_early};
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Look, TextField, format};
use leptos::prelude::*;
use model::SegmentId;
use model::analytics::{Comparison, Counted};
use model::message::{Reply, Request};
use model::query::{Group, Query, Rule};
use model::route::Route;

/// Which part of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Came,
    Went,
    Stayed,
}

impl Part {
    fn label(self) -> &'static str {
        match self {
            Part::Came => "Came",
            Part::Went => "Went",
            Part::Stayed => "Stayed",
        }
    }

    fn of(self, comparison: &Comparison) -> Counted {
        match self {
            Part::Came => comparison.came,
            Part::Went => comparison.went,
            Part::Stayed => comparison.stayed,
        }
    }

    /// The contacts of the part.
    fn query(self, segment: SegmentId, from: i64, to: i64) -> Query {
        let was = |at, member| Rule::SegmentAt { segment, member, at };
        Query::from(Group::all(vec![
            was(from, self != Part::Came),
            was(to, self != Part::Went),
        ]))
    }
}

/// Two dates, and the difference between them.
#[component]
pub fn Compare(
    /// The segment.
    id: SegmentId,
    /// Its name.
    name: Memo<String>,
) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (from_error, to_error) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let asked = RwSignal::new(None::<(i64, i64)>);
    let answer = app.live(move || asked.get().map(|(from, to)| Request::Compare(id, from, to)));
    let told = memo(move |_| match (answer.get(), asked.get()) {
        (Some(Ok(Reply::Comparison(told))), Some((from, to))) if (told.from.at, told.to.at) == (from, to) => {
            Some(told)
        }
        _ => None,
    });
    let early = memo(move |_| told.get().filter(|told| told.from.at < told.from.created));
    let said = derived(move || {
        from_error.get().or_else(|| {
            let made = early.get()?.from.created;
            Some(zone.with(|zone| too_early(made, zone)))
        })
    });
    let compare = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let read = |day: RwSignal<String>, error: RwSignal<Option<String>>| {
            let found = day.with_untracked(|day| zone.with_untracked(|zone| chosen(day, "", zone)));
            let (at, wrong) = match found {
                Moment::At(at) => (Some(at), None),
                Moment::Day(wrong) | Moment::Time(wrong) => (None, Some(wrong.to_owned())),
            };
            error.set(wrong);
            at
        };
        let (first, last) = (read(from, from_error), read(to, to_error));
        asked.set(match (first, last) {
            (Some(first), Some(last)) if first > last => {
                to_error.set(Some("This is before the first date".to_owned()));
                None
            }
            (Some(first), Some(last)) => Some((first, last)),
            _ => None,
        });
    };
    let saving = RwSignal::new(false);
    let saved = RwSignal::new(Query::default());
    let suggested = RwSignal::new(String::new());
    let row = move |part: Part, told: Comparison, (first, last): (i64, i64)| {
        let counted = part.of(&told);
        let query = part.query(id, first, last);
        let gone = counted.all - counted.living.min(counted.all);
        let (contacts, export) = (Route::Contacts(query.clone()), Route::Export(query.clone()));
        let label = part.label();
        let save = move |_| {
            saved.set(query.clone());
            let name: String = name.get_untracked().chars().take(60).collect();
            suggested.set(format!("{name}: {}", label.to_lowercase()));
            saving.set(true);
        };
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td class="number">{format::number(counted.all)}</td>
                <td class="soft">{(gone > 0).then(|| format!("{} deleted since", format::number(gone)))}</td>
                <td class="list-options">
                    <div class="buttons">
                        <a href=contacts.to_string() aria-label=format!("View contacts: {label}")>"View contacts"</a>
                        <a href=export.to_string() aria-label=format!("Export: {label}")>"Export"</a>
                        <Button label=format!("Save as segment: {label}") small=true on_press=save/>
                    </div>
                </td>
            </tr>
        }
    };
    let rows = move || {
        let told = told.get().filter(|_| early.get().is_none())?;
        let asked = asked.get()?;
        let parts = [Part::Came, Part::Went, Part::Stayed];
        Some(parts.map(|part| row(part, told, asked)).collect_view())
    };
    let shown = memo(move |_| told.with(Option::is_some) && early.with(Option::is_none));
    view! {
        <section class="card analytics-wide" aria-labelledby="compare">
            <h2 id="compare">"Compare two dates"</h2>
            <form class="analytics-dates" on:submit=compare>
                <TextField label="From the end of" kind="date" value=from error=said/>
                <TextField label="To the end of" kind="date" value=to error=to_error/>
                <div class="as-of-go"><Button label="Compare" look=Look::Primary submit=true/></div>
            </form>
            <Show when=move || shown.get()>
                <div class="list-frame" role="region" aria-label="Differences" tabindex="0">
                    <table class="list">
                        <thead>
                            <tr>
                                <th scope="col">"Members"</th>
                                <th scope="col" class="number">"Contacts"</th>
                                <th scope="col"><span class="unseen">"Deleted since"</span></th>
                                <th scope="col"><span class="unseen">"What to do with them"</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </Show>
            <SaveAsSegment open=saving query=memo(move |_| saved.get()) suggested=derived(move || suggested.get())/>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_a_filter() {
        let text = |part: Part| part.query(SegmentId(3), 10, 20).filter.to_string();
        assert_eq!(text(Part::Came), "all(wasnot:3:10,was:3:20)");
        assert_eq!(text(Part::Went), "all(was:3:10,wasnot:3:20)");
        assert_eq!(text(Part::Stayed), "all(was:3:10,was:3:20)");
    }
}
