//! The form for tests of an event.

use super::ModeSelect;
use super::operand::{Offered, OpSelect, OperandInputs};
use super::rules::{attribute_label, suggestions};
use super::test::{new_rule, set_op};
use crate::state::use_app;
use crate::ui::reactive::{derived, memo, part};
use crate::ui::{Button, Icon, IconButton, Look, unique};
use leptos::html;
use leptos::prelude::*;
use model::event::{Attribute, EventFilter, EventKind, EventRule, Product};
use model::message::{Reply, Request};
use model::query::Op;

/// Tests of an event: all, any or none of some rules.
#[component]
pub fn EventFilterForm(
    /// The tests, both ways.
    value: RwSignal<EventFilter>,
    /// The kind of the event tested, whose attributes are offered.
    #[prop(into)]
    kind: Signal<EventKind>,
    /// Whether values of the contact and of the event that started the pass are offered.
    in_workflow: bool,
    /// Whether the event tested is the one that starts the pass: then there is no other.
    #[prop(optional)]
    starts: bool,
) -> impl IntoView {
    let app = use_app();
    let answer = app.live(|| Some(Request::Catalogue));
    let products = memo(move |_| match answer.get() {
        Some(Ok(Reply::Catalogue(products))) => products,
        _ => Vec::new(),
    });
    let offered = Offered {
        event: in_workflow && !starts,
        fields: in_workflow,
    };
    let many = memo(move |_| value.with(|filter| filter.rules.len()));
    let mode = part(value, |filter| filter.mode, |filter, mode| filter.mode = mode);
    let add = move |_| {
        let first = kind.get_untracked().attributes().first().copied();
        value.update(|filter| filter.rules.extend(first.map(new_rule)));
    };
    let frame = NodeRef::<html::Fieldset>::new();
    let rows = move || {
        let row = |at| {
            view! { <Row filter=value at=at kind=kind products=products offered=offered frame=frame/> }
        };
        (0..many.get()).map(row).collect_view()
    };
    view! {
        <fieldset class="behaviour-filter" tabindex="-1" node_ref=frame>
            <legend>"Which of it"</legend>
            <p class="soft small">{move || hint(kind.get())}</p>
            <Show when=move || { many.get() > 0 }>
                <div class="filter-head"><ModeSelect value=mode/></div>
            </Show>
            <div class="filter-rules">{rows}</div>
            <div class="buttons">
                <Button label="Add event rule" look=Look::Quiet small=true icon=Icon::Plus on_press=add/>
            </div>
        </fieldset>
    }
}

/// What the tests of a kind's events are for.
fn hint(kind: EventKind) -> &'static str {
    match kind.has_products() {
        true => {
            "Without rules every one counts; of several products any one decides, and a category includes those below it"
        }
        false => "Without rules every one counts",
    }
}

/// One test of an event.
#[component]
fn Row(
    /// The tests.
    filter: RwSignal<EventFilter>,
    /// Its place among them.
    at: usize,
    /// The kind of the event tested.
    kind: Signal<EventKind>,
    /// The catalogue.
    products: Memo<Vec<Product>>,
    /// What a value can be looked up in.
    offered: Offered,
    /// What has the focus once the row is gone.
    frame: NodeRef<html::Fieldset>,
) -> impl IntoView {
    let get = move |filter: &EventFilter| {
        let rule = filter.rules.get(at).cloned();
        rule.unwrap_or_else(|| new_rule(Attribute::Origin))
    };
    let set = move |filter: &mut EventFilter, new: EventRule| {
        if let Some(rule) = filter.rules.get_mut(at) {
            *rule = new;
        }
    };
    let rule = part(filter, get, set);
    let attribute = memo(move |_| rule.with(|rule| rule.attribute));
    let op = memo(move |_| rule.with(|rule| rule.op));
    let values = part(
        rule,
        |rule| rule.values.clone(),
        |rule, values| rule.values = values,
    );
    let attributes = move || {
        let kind = kind.get();
        let option = |one: &'static Attribute| {
            let chosen = move || attribute.get() == *one;
            let label = attribute_label(*one, Some(kind));
            view! { <option value=one.word() prop:selected=chosen>{label}</option> }
        };
        kind.attributes().iter().map(option).collect_view()
    };
    let pick = move |event| {
        if let Some(attribute) = Attribute::parse(&event_target_value(&event)) {
            rule.set(new_rule(attribute));
        }
    };
    let retest = move |new: Op| {
        rule.update(|rule| set_op(rule.attribute.kind(), &mut rule.op, &mut rule.values, new));
    };
    let list = StoredValue::new(unique("suggested"));
    let suggested = memo(move |_| products.with(|products| suggestions(attribute.get(), products)));
    let any = memo(move |_| suggested.with(|texts| !texts.is_empty()));
    let test = move || {
        let kind = attribute.get().kind();
        view! { <OpSelect ops=Op::of(kind) kind=kind op=derived(move || op.get()) on_pick=retest/> }
    };
    let inputs = move || {
        let (kind, op) = (attribute.get().kind(), op.get());
        let suggested = if any.get() {
            list.get_value()
        } else {
            String::new()
        };
        view! { <OperandInputs kind=kind op=op values=values offered=offered suggested=suggested/> }
    };
    let remove = move |_| {
        filter.update(|filter| {
            if at < filter.rules.len() {
                filter.rules.remove(at);
            }
        });
        if let Some(frame) = frame.get_untracked() {
            // A frame that can't take the focus leaves it to the page.
            frame.focus().ok();
        }
    };
    view! {
        <div class="filter-rule">
            <select class="input behaviour-op" aria-label="Attribute" on:change=pick>{attributes}</select>
            {test}
            {inputs}
            <IconButton icon=Icon::Close label="Remove event rule" on_press=remove/>
            <datalist id=list.get_value()>
                {move || suggested.get().into_iter().map(|(value, name)| {
                        let label = (!name.is_empty()).then_some(name);
                        view! { <option value=value label=label></option> }
                    }).collect_view()}
            </datalist>
        </div>
    }
}
