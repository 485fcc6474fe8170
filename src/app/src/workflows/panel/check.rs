//! The settings of **Check value**.

use super::pick::{NEEDED, field_def};
use super::subject;
use crate::behaviour::test::set_op;
use crate::behaviour::{ModeSelect, Offered, OpSelect, OperandInputs};
use crate::state::use_app;
use crate::ui::reactive::{derived, field_part, memo, part};
use crate::ui::{Button, Combobox, Glyph, Icon, IconButton, Look};
use leptos::html;
use leptos::prelude::*;
use model::FieldType;
use model::query::{Mode, Op};
use model::workflow::node::{CheckRule, Condition, NO_FIELD, Subject};

/// Tests of values: all, any or none of some rules.
#[component]
pub fn CheckForm(
    /// The question.
    value: RwSignal<Condition>,
) -> impl IntoView {
    let mode = part(
        value,
        |value| match value {
            Condition::Check { mode, .. } => *mode,
            _ => Mode::All,
        },
        |value, new| {
            if let Condition::Check { mode, .. } = value {
                *mode = new;
            }
        },
    );
    let rules = part(
        value,
        |value| match value {
            Condition::Check { rules, .. } => rules.clone(),
            _ => Vec::new(),
        },
        |value, new| {
            if let Condition::Check { rules, .. } = value {
                *rules = new;
            }
        },
    );
    let many = memo(move |_| rules.with(Vec::len));
    let add = move |_| {
        let rule = subject::new_rule(Subject::Field(NO_FIELD), FieldType::Text);
        rules.update(|rules| rules.push(rule));
    };
    let frame = NodeRef::<html::Fieldset>::new();
    let rows = move || {
        let row = |at| view! { <Row rules=rules at=at frame=frame/> };
        (0..many.get()).map(row).collect_view()
    };
    view! {
        <fieldset class="behaviour-filter" tabindex="-1" node_ref=frame>
            <legend>"Tests"</legend>
            <div class="filter-head"><ModeSelect value=mode/></div>
            {move || (many.get() == 0).then(|| view! {
                <p class="field-hint">{format!("There is no rule yet; one is {}", NEEDED.to_lowercase())}</p>
            })}
            <div class="filter-rules">{rows}</div>
            <div class="buttons">
                <Button label="Add rule" look=Look::Quiet small=true icon=Icon::Plus on_press=add/>
            </div>
        </fieldset>
    }
}

/// One test.
#[component]
fn Row(
    /// The tests.
    rules: RwSignal<Vec<CheckRule>>,
    /// Its place among them.
    at: usize,
    /// What has the focus once the row is gone.
    frame: NodeRef<html::Fieldset>,
) -> impl IntoView {
    let app = use_app();
    let get = move |rules: &Vec<CheckRule>| {
        let rule = rules.get(at).cloned();
        rule.unwrap_or_else(|| subject::new_rule(Subject::Field(NO_FIELD), FieldType::Text))
    };
    let set = move |rules: &mut Vec<CheckRule>, new: CheckRule| {
        if let Some(rule) = rules.get_mut(at) {
            *rule = new;
        }
    };
    let rule = part(rules, get, set);
    let chosen = memo(move |_| rule.with(|rule| rule.subject));
    let kind = memo(move |_| {
        app.overview
            .with(|overview| subject::kind(chosen.get(), overview))
    });
    let op = memo(move |_| rule.with(|rule| rule.op));
    let values = field_part!(rule, values);
    let choices = memo(move |_| {
        app.overview
            .with(|overview| subject::choices(chosen.get(), overview))
    });
    let pick = move |key: String| {
        if let Some(subject) = subject::parse(&key) {
            let kind = app
                .overview
                .with_untracked(|overview| subject::kind(subject, overview));
            rule.set(subject::new_rule(subject, kind));
        }
    };
    let retest = move |new: Op| {
        let kind = kind.get_untracked();
        rule.update(|rule| set_op(kind, &mut rule.op, &mut rule.values, new));
    };
    let any = memo(move |_| chosen.get() != Subject::Field(NO_FIELD));
    let test = move || {
        any.get().then(|| {
            let kind = kind.get();
            view! { <OpSelect ops=Op::of(kind) kind=kind op=derived(move || op.get()) on_pick=retest/> }
        })
    };
    let inputs = move || {
        any.get().then(|| {
            let (kind, op) = (kind.get(), op.get());
            let options = match chosen.get() {
                Subject::Field(field) if kind.has_options() => field_def(app, field).map(|def| def.options),
                _ => None,
            };
            let offered = Offered {
                event: true,
                fields: true,
            };
            view! {
                <OperandInputs kind=kind op=op options=options.unwrap_or_default() values=values offered=offered/>
            }
        })
    };
    let remove = move |_| {
        rules.update(|rules| {
            if at < rules.len() {
                rules.remove(at);
            }
        });
        if let Some(frame) = frame.get_untracked() {
            // A frame that can't take the focus leaves it to the page.
            frame.focus().ok();
        }
    };
    view! {
        <div class="filter-rule">
            <Combobox
                label="Value to check"
                choices=choices
                value=derived(move || subject::key(chosen.get()))
                placeholder="Choose a value…"
                on_pick=pick
            />
            {test}
            {inputs}
            <IconButton icon=Icon::Close label="Remove rule" on_press=remove/>
            {move || (!any.get()).then(|| view! {
                <p class="field-hint"><Glyph icon=Icon::Info/>{NEEDED}</p>
            })}
        </div>
    }
}
