//! One change: what, when, by what, what it did, and its undos.

use super::did::{amounts, line, to_contact};
use super::turn::{Asked, Preview, button};
use crate::contacts::name_of;
use crate::import::{account_view, members_view};
use crate::state::{App, unexpected, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{Badge, Empty, Icon, LinkButton, Look, Page, format, unique};
use crate::words;
use leptos::prelude::*;
use model::history::{CauseLabel, ChangeDetail, ContactChange, EffectLine, HistoryFilter, Scope};
use model::message::{Reply, Request};
use model::query::Part;
use model::route::Route;
use model::{ChangeId, ContactId, Group, Problem, Query, Rule};

/// One change.
#[component]
pub fn Change(
    /// The change.
    id: ChangeId,
    /// The contact that is asked about.
    contact: Option<ContactId>,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(move || Some(Request::Change(id, contact)));
    let detail = memo(move |_| match answer.get() {
        Some(Ok(Reply::Change(detail))) => Some(detail),
        _ => None,
    });
    let problem = memo(move |_| match answer.get() {
        Some(Ok(Reply::Change(_))) | None => None,
        Some(Ok(_)) => Some(unexpected()),
        Some(Err(problem)) => Some(problem),
    });
    let at = memo(move |_| detail.with(|detail| detail.as_ref().map(|detail| detail.summary.at)));
    // It outlives the content, which is shown anew when the change is undone.
    let asked = RwSignal::new(None::<Asked>);
    let title = derived(move || match problem.with(Option::is_some) {
        true => "Change not found".to_owned(),
        false => format!("Change {id}"),
    });
    view! {
        <Page title=title back=("History".to_owned(), Route::History.to_string())>
            {move || problem.get().map(|problem| view! {
                <Empty icon=Icon::History title=problem.what text=problem.help>
                    <LinkButton label="History" look=Look::Primary href=Route::History.to_string()/>
                </Empty>
            })}
            {move || detail.get().map(|detail| whole(app, *detail, contact, asked))}
            <Around id=id at=at/>
            <Preview asked=asked/>
        </Page>
    }
}

/// The contacts that a change concerned in one way.
fn concerned(change: ChangeId, part: Part) -> Query {
    Query::from(Group::all(vec![Rule::Change { change, part }]))
}

/// All that is known of a change.
fn whole(
    app: App,
    detail: ChangeDetail,
    contact: Option<ContactId>,
    asked: RwSignal<Option<Asked>>,
) -> impl IntoView {
    let ChangeDetail {
        summary,
        written,
        import,
        formula,
        effects,
        turns,
    } = detail;
    let zone = app.zone();
    let moment = move |at: i64| zone.with(|zone| format::moment(at, zone));
    let fact = |label: &'static str, text: AnyView| {
        view! {
            <dt>{label}</dt>
            <dd>{text}</dd>
        }
    };
    let undo = button(app, &summary, asked, false);
    let (at, cause) = (summary.at, summary.cause.clone());
    let formula = formula.map(|formula| {
        fact(
            "Formula",
            (move || app.overview.with(|known| words::group(&formula, known))).into_any(),
        )
    });
    let recorded =
        (written / 60_000 != at / 60_000).then(|| fact("Recorded", (move || moment(written)).into_any()));
    let amounts = amounts(&summary.counts);
    let amounts = (!amounts.is_empty()).then(|| fact("How much", amounts.join(", ").into_any()));
    let about = summary
        .contact
        .zip(contact)
        .map(|(did, contact)| view! { <About contact=contact did=did cause=cause.clone()/> });
    let effects = (!effects.is_empty()).then(|| {
        let lines = effects
            .into_iter()
            .map(|effect| effect_row(summary.id, effect))
            .collect_view();
        view! {
            <section class="card" aria-labelledby="effects">
                <h2 id="effects">"What it did"</h2>
                <ul>{lines}</ul>
            </section>
        }
    });
    let turns = (!turns.is_empty()).then(|| {
        let lines = turns
            .into_iter()
            .map(|(turn, at, stood)| {
                let text = if stood { "Redone" } else { "Undone" };
                view! {
                    <li class="effect">
                        <a href=Route::Change(turn, contact).to_string()>{text}</a>
                        <span class="soft">{move || moment(at)}</span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="card" aria-labelledby="turns">
                <h2 id="turns">"Undos and redos"</h2>
                <ul>{lines}</ul>
            </section>
        }
    });
    let account = import.map(|(account, segment)| {
        let members = account
            .members
            .clone()
            .map(|members| members_view(&members, &segment));
        view! {
            <section class="card account" aria-labelledby="account">
                <div class="card-head">
                    <h2 id="account">"Where every row went"</h2>
                    <a href=Route::ImportResult(summary.id).to_string()>"Import result"</a>
                </div>
                {account_view(&account)}
            </section>
            {members}
        }
    });
    view! {
        <div class="change">
            <section class="card" aria-label="Change">
                <p class="change-what">
                    <strong class:undone=summary.undone>{summary.what}</strong>
                    {summary.undone.then(|| view! { " "<Badge label="Undone"/> })}
                </p>
                <dl class="facts">
                    {fact("When", (move || format!("{} ({})", moment(at), format::ago(at))).into_any())}
                    {recorded}
                    {fact("By", by(&cause, summary.id, contact))}
                    {formula}
                    {amounts}
                </dl>
                {undo.map(|undo| view! { <div class="buttons">{undo}</div> })}
            </section>
            {about}
            {account}
            {effects}
            {turns}
        </div>
    }
}

/// By what, with a link to where that is shown.
fn by(cause: &CauseLabel, id: ChangeId, contact: Option<ContactId>) -> AnyView {
    let to = match cause {
        CauseLabel::Import(_) => Route::ImportResult(id),
        CauseLabel::Undo(turned) | CauseLabel::Redo(turned) => Route::Change(*turned, contact),
        CauseLabel::Workflow(workflow, ..) => Route::Workflow(*workflow),
        _ => return words::cause(cause).into_any(),
    };
    view! { <a href=to.to_string()>{words::cause(cause)}</a> }.into_any()
}

/// One kind of effect, with the contacts it concerned.
fn effect_row(change: ChangeId, effect: EffectLine) -> impl IntoView {
    let EffectLine {
        what,
        contacts,
        segment,
        ..
    } = effect;
    let about = unique("effect");
    let link = |label: &'static str, to: Route| {
        view! { <a href=to.to_string() aria-describedby=about.clone()>{label}</a> }
    };
    let contacts = contacts.map(|part| {
        let query = concerned(change, part);
        (
            link("View contacts", Route::Contacts(query.clone())),
            link("Export", Route::Export(query)),
        )
    });
    let segment = segment.map(|segment| link("Segment history", Route::SegmentHistory(segment)));
    view! {
        <li class="effect">
            <span id=about.clone()>{what}</span>
            <span class="effect-links">{contacts}{segment}</span>
        </li>
    }
}

/// What the change did to the contact that is asked about.
#[component]
fn About(
    /// The contact.
    contact: ContactId,
    /// What it did to her.
    did: ContactChange,
    /// By what the change was made.
    cause: CauseLabel,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(move || Some(Request::Contact(contact)));
    let there = memo(move |_| match answer.get() {
        Some(Ok(Reply::Contact(sheet))) => Some(name_of(&sheet)),
        _ => None,
    });
    let line = line(&did, &cause).map(|line| line.replacen("Line", "line", 1));
    let lines = move || {
        let lines = to_contact(&did, app);
        if lines.is_empty() {
            view! { <p>"It changed nothing of this contact"</p> }.into_any()
        } else {
            let lines = lines
                .into_iter()
                .map(|line| view! { <li>{line}</li> })
                .collect_view();
            view! { <ul class="bullets">{lines}</ul> }.into_any()
        }
    };
    let title = move || {
        let name = there.get().unwrap_or_else(|| format!("Contact {contact}"));
        match &line {
            Some(line) => format!("{name}: {line}"),
            None => name,
        }
    };
    view! {
        <section class="card card-marked" aria-labelledby="about">
            <h2 id="about">{title}</h2>
            {lines}
            <div class="effect-links">
                {move || there.with(Option::is_some).then(|| view! {
                    <a href=Route::Contact(contact).to_string()>"View contact"</a>
                })}
                <a href=Route::ContactHistory(contact).to_string()>"History of this contact"</a>
            </div>
        </section>
    }
}

/// So many changes are shown before and after one.
const NEAR: u64 = 3;

/// The changes just before and after one, by when they happened.
#[component]
fn Around(
    /// The change between them.
    id: ChangeId,
    /// When it happened; none until that is known.
    at: Memo<Option<i64>>,
) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let ask = |before: Option<i64>, start: u64, count: u64| Request::History {
        scope: Scope::All,
        filter: HistoryFilter {
            before,
            ..HistoryFilter::default()
        },
        start,
        count: count as u32,
    };
    let all = app.live(move || at.get().map(|_| ask(None, 0, 0)));
    let until = app.live(move || at.get().map(|at| ask(Some(at + 1), 0, 0)));
    let total = |answer: Option<Result<Reply, Problem>>| match answer {
        Some(Ok(Reply::History { total, .. })) => Some(total),
        _ => None,
    };
    let start = memo(move |_| {
        let later = total(all.get())?.saturating_sub(total(until.get())?);
        Some(later.saturating_sub(NEAR))
    });
    let answer = app.live(move || start.get().map(|start| ask(None, start, 2 * NEAR + 1)));
    let lines = move || {
        let Some(Ok(Reply::History { changes, .. })) = answer.get() else {
            return None;
        };
        let lines = changes
            .into_iter()
            .map(|change| {
                let here = (change.id == id).then_some("page");
                view! {
                    <li class="effect">
                        <a class="history-what" class:undone=change.undone aria-current=here href=Route::Change(change.id, None).to_string()>
                            {change.what}
                        </a>
                        <span class="soft">{move || zone.with(|zone| format::moment(change.at, zone))}</span>
                    </li>
                }
            })
            .collect_view();
        Some(view! {
            <section class="card change" aria-labelledby="around">
                <div class="card-head">
                    <h2 id="around">"Around it"</h2>
                    <a href=Route::History.to_string()>"All changes"</a>
                </div>
                <ul>{lines}</ul>
            </section>
        })
    };
    view! { {lines} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_change_concerned_has_an_address() {
        let route = Route::Contacts(concerned(ChangeId(12), Part::Joined));
        assert_eq!(route.to_string(), "#/contacts?filter=all(by:12:joined)");
    }
}
