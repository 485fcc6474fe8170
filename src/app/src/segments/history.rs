//! What changed a segment, and how it was at any date.

use super::known::known;
use super::moment::{Moment, chosen, too_early};
use crate::contacts::SaveAsSegment;
use crate::history::Changes;
use crate::palette::members;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Icon, LinkButton, Look, Numbers, Page, TextField, format};
use leptos::prelude::*;
use model::analytics::{AsOf, Comparison};
use model::field::MAX_NAME;
use model::history::Scope;
use model::message::{Reply, Request};
use model::query::{Group, Query, Rule};
use model::route::Route;
use model::{Problem, SegmentId};

/// The history of a segment; also of one that was deleted.
#[component]
pub fn SegmentHistory(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let app = use_app();
    let (name, there) = known(app, id);
    let actions = move || {
        view! {
            <Show when=move || there.get()>
                <LinkButton label="View contacts" icon=Icon::Contacts href=members(id).to_string()/>
                <LinkButton label="Analytics" href=Route::SegmentAnalytics(id).to_string()/>
            </Show>
        }
    };
    view! {
        <Page
            title=derived(move || format!("History of {}", name.get()))
            back=("Segments".to_owned(), Route::Segments.to_string())
            actions=actions
        >
            <Show when=move || there.get()>
                <AsOfCard id=id name=name/>
            </Show>
            <Changes scope=Scope::Segment(id)/>
        </Page>
    }
}

/// Who was a member of a segment at a moment.
fn members_at(segment: SegmentId, at: i64) -> Query {
    let rules = vec![Rule::SegmentAt {
        segment,
        member: true,
        at,
    }];
    Query::from(Group::all(rules))
}

/// The name of a segment that is made from another as it was: “Buyers as of 2026-10-02”, at most 100 characters.
fn restored_name(name: &str, day: &str) -> String {
    let ending = format!(" as of {day}");
    let room = MAX_NAME.saturating_sub(ending.chars().count());
    let name: String = name.chars().take(room).collect();
    format!("{}{ending}", name.trim_end())
}

/// How many there were, in one sentence.
fn sentence(then: &AsOf) -> String {
    let members = format::count(then.members, "member", "members");
    match then.members - then.living.min(then.members) {
        0 => format!("{members} at that moment"),
        _ => format!(
            "{members} at that moment ({} of them still {})",
            format::number(then.living),
            if then.living == 1 { "exists" } else { "exist" }
        ),
    }
}

/// How it differs from now, as labelled numbers.
fn numbers(comparison: &Comparison) -> Vec<(String, String, String)> {
    let row = |label: &str, many: u64| (label.to_owned(), format::number(many), String::new());
    vec![
        row("Members then", comparison.from.members),
        row("Members now", comparison.to.members),
        row("Came since", comparison.came.all),
        row("Went since", comparison.went.all),
        row("Stayed", comparison.stayed.all),
    ]
}

/// The segment as it was at a date.
#[component]
fn AsOfCard(
    /// The segment.
    id: SegmentId,
    /// Its name.
    name: Memo<String>,
) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let (day, time) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let asked = RwSignal::new(None::<i64>);
    // The day that was asked for; the input may say another one by now.
    let named = RwSignal::new(String::new());
    let (error, wrong_time) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let answer = app.live(move || asked.get().map(|at| Request::AsOf(id, at)));
    let then = memo(move |_| match answer.get() {
        Some(Ok(Reply::AsOf(then))) if asked.get() == Some(then.at) => Some(then),
        _ => None,
    });
    let compared = app.live(move || asked.get().map(|at| Request::Compare(id, at, format::now())));
    let items = move || match compared.get() {
        Some(Ok(Reply::Comparison(comparison))) if asked.get() == Some(comparison.from.at) => {
            numbers(&comparison)
        }
        _ => Vec::new(),
    };
    // Other dates say nothing until they are asked for.
    let shown = memo(move |_| then.get().filter(|then| then.at >= then.created));
    let said = move || {
        let problem = match answer.get() {
            Some(Err(problem)) if asked.get().is_some() => Some(Problem::to_string(&problem)),
            _ => None,
        };
        let early = then
            .get()
            .filter(|then| then.at < then.created)
            .map(|then| zone.with(|zone| too_early(then.created, zone)));
        error.get().or(problem).or(early)
    };
    let show = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let found = day.with_untracked(|day| {
            time.with_untracked(|time| zone.with_untracked(|zone| chosen(day, time, zone)))
        });
        let (at, day_error, time_error) = match found {
            Moment::At(at) => (Some(at), None, None),
            Moment::Day(wrong) => (None, Some(wrong.to_owned()), None),
            Moment::Time(wrong) => (None, None, Some(wrong.to_owned())),
        };
        error.set(day_error);
        wrong_time.set(time_error);
        named.set(day.get_untracked());
        asked.set(at);
    };
    let query = memo(move |_| {
        shown
            .get()
            .map(|then| members_at(id, then.at))
            .unwrap_or_default()
    });
    let restoring = RwSignal::new(false);
    let suggested = move || name.with(|name| named.with(|day| restored_name(name, day)));
    view! {
        <section class="card" aria-labelledby="as-of">
            <h2 id="as-of">"As of"</h2>
            <form class="as-of" on:submit=show>
                <TextField label="Date" kind="date" value=day error=derived(said)/>
                <TextField label="Time" kind="time" value=time error=wrong_time hint="Empty for the end of the day"/>
                <div class="as-of-go"><Button label="Show" look=Look::Primary submit=true/></div>
            </form>
            <Show when=move || shown.get().is_some()>
                <p role="status"><strong>{move || shown.get().map(|then| sentence(&then))}</strong></p>
                <Numbers items=derived(items)/>
                <div class="buttons">
                    <LinkButton label="View contacts" icon=Icon::Contacts href=derived(move || Route::Contacts(query.get()).to_string())/>
                    <LinkButton label="Compare" href=Route::SegmentAnalytics(id).to_string()/>
                    <LinkButton label="Export" icon=Icon::Export href=derived(move || Route::Export(query.get()).to_string())/>
                    <Button label="Restore as new segment" icon=Icon::Segments on_press=move |_| restoring.set(true)/>
                </div>
            </Show>
            <SaveAsSegment open=restoring query=query title="Restore as new segment" button="Save" suggested=derived(suggested)/>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restored_segment_is_named_after_its_date() {
        assert_eq!(restored_name("Buyers", "2026-10-02"), "Buyers as of 2026-10-02");
        let long = restored_name(&"ñ".repeat(100), "2026-10-02");
        assert_eq!(long.chars().count(), MAX_NAME);
        assert!(long.ends_with("ñ as of 2026-10-02"));
    }

    #[test]
    fn those_who_are_gone_are_told_only_where_there_are_some() {
        let mut then = AsOf {
            members: 1_204,
            living: 1_204,
            ..AsOf::default()
        };
        assert_eq!(sentence(&then), "1,204 members at that moment");
        then.living = 1;
        assert_eq!(
            sentence(&then),
            "1,204 members at that moment (1 of them still exists)"
        );
    }
}
