//! The form of one event for one contact: to try a workflow with, or to fire by hand.

use super::contact::{Chosen, ContactPicker};
use super::money;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Choice, Combobox, Icon, IconButton, Look, SelectField, TextField};
use leptos::prelude::*;
use model::event::{EVENTS, EventDraft, EventKind, Product};
use model::message::{Reply, Request};
use model::workflow::node::{On, Until};
use model::workflow::{Graph, NodeKind};

/// The kinds of events that a graph waits for, in the order of its nodes, each once.
pub fn awaited(graph: &Graph) -> Vec<EventKind> {
    let mut kinds = Vec::new();
    for node in &graph.nodes {
        let kind = match &node.kind {
            NodeKind::Trigger(trigger) => match &trigger.on {
                On::Event(event) => Some(event.kind),
                On::CartAbandoned { .. } => Some(EventKind::CartAbandoned),
                _ => None,
            },
            NodeKind::Wait(wait) => match &wait.until {
                Until::Activity { event, .. } => Some(event.kind),
                _ => None,
            },
            _ => None,
        };
        kinds.extend(kind.filter(|kind| !kinds.contains(kind)));
    }
    kinds
}

/// The choices of kinds: those a graph waits for, then all others.
fn kind_choices(first: &[EventKind]) -> Vec<Choice> {
    let others = EVENTS.iter().map(|(kind, ..)| *kind);
    let others = others.filter(|kind| !first.contains(kind));
    let choice = |kind: EventKind| Choice::new(kind.word(), kind.label());
    first.iter().copied().chain(others).map(choice).collect()
}

/// What a person entered: a product's id and how many pieces of it, as text.
type Line = (String, RwSignal<String>);

/// The form of one event for one contact.
#[component]
pub fn EventForm(
    /// The kinds that are offered first.
    first: Vec<EventKind>,
    /// What its button says.
    button: &'static str,
    /// Whether the answer is still to come.
    #[prop(into)]
    busy: Signal<bool>,
    /// Takes the event.
    #[prop(into)]
    on_event: Callback<EventDraft>,
) -> impl IntoView {
    let contact = RwSignal::new(None::<Chosen>);
    let contact_error = RwSignal::new(None::<String>);
    let begin = first.first().copied().unwrap_or(EventKind::Purchase);
    let kind_word = RwSignal::new(begin.word().to_owned());
    let kind = memo(move |_| {
        kind_word
            .with(|word| EventKind::parse(word))
            .unwrap_or(EventKind::Purchase)
    });
    let choices = kind_choices(&first);
    let lines = RwSignal::new(Vec::<Line>::new());
    let line_error = RwSignal::new(None::<String>);
    let total = RwSignal::new(String::new());
    let total_error = RwSignal::new(None::<String>);
    let text = RwSignal::new(String::new());
    let attribute = |name: model::event::Attribute| memo(move |_| kind.get().attributes().contains(&name));
    let has_total = attribute(model::event::Attribute::Total);
    let has_text = attribute(model::event::Attribute::Text);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        contact_error.set(None);
        total_error.set(None);
        line_error.set(None);
        let kind = kind.get_untracked();
        let amount = total.with_untracked(|total| match total.trim() {
            "" => Some(None),
            _ if !has_total.get_untracked() => Some(None),
            written => money::parse(written).map(Some),
        });
        let products = match kind.has_products() {
            true => lines.with_untracked(|lines| products_of(lines)),
            false => Some(Vec::new()),
        };
        match (contact.get_untracked(), amount, products) {
            (None, ..) => contact_error.set(Some("Choose a contact".to_owned())),
            (_, None, _) => total_error.set(Some("Write an amount like 59.90".to_owned())),
            (.., None) => line_error.set(Some("The quantity is a whole number from 1".to_owned())),
            (Some(contact), Some(total), Some(products)) => on_event.run(EventDraft {
                contact: contact.id,
                kind,
                products,
                total,
                text: match has_text.get_untracked() {
                    true => text.with_untracked(|text| text.trim().to_owned()),
                    false => String::new(),
                },
            }),
        }
    };
    view! {
        <form class="form" on:submit=send>
            <ContactPicker value=contact/>
            {move || contact_error.get().filter(|_| contact.with(Option::is_none)).map(said)}
            <SelectField label="What happens" choices=choices value=kind_word/>
            <Show when=move || kind.get().has_products()>
                <Products lines=lines/>
                {move || line_error.get().map(said)}
            </Show>
            <Show when=move || has_total.get()>
                <TextField
                    label="Amount"
                    value=total
                    error=total_error
                    hint="Left empty, it is the sum of the products"
                    placeholder="59.90"
                />
            </Show>
            <Show when=move || has_text.get()>
                <TextField label=derived(move || kind.get().text_label().to_owned()) value=text/>
            </Show>
            <div class="buttons">
                <Button label=button look=Look::Primary submit=true disabled=busy/>
            </div>
        </form>
    }
}

fn said(error: String) -> impl IntoView {
    view! { <p class="field-error" role="alert"><crate::ui::Glyph icon=Icon::Warning/>{error}</p> }
}

/// The products with their quantities; none where one of these is no whole number.
fn products_of(lines: &[Line]) -> Option<Vec<(String, u32)>> {
    let product = |(id, quantity): &Line| {
        let quantity: u32 = quantity.with_untracked(|text| text.trim().parse().ok())?;
        (quantity > 0).then(|| (id.clone(), quantity))
    };
    lines.iter().map(product).collect()
}

/// The products that an event is about.
#[component]
fn Products(lines: RwSignal<Vec<Line>>) -> impl IntoView {
    let app = use_app();
    let answer = app.live(|| Some(Request::Catalogue));
    let catalogue = memo(move |_| match answer.get() {
        Some(Ok(Reply::Catalogue(products))) => products,
        _ => Vec::new(),
    });
    let choices = derived(move || {
        let taken = lines.with(|lines| lines.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>());
        let choice = |product: &Product| Choice {
            key: product.id.clone(),
            label: format!("{} · {}", product.name, product.category),
            detail: money::text(product.price),
        };
        catalogue.with(|products| {
            let free = products.iter().filter(|product| !taken.contains(&product.id));
            free.map(choice).collect::<Vec<_>>()
        })
    });
    let add = move |id: String| lines.update(|lines| lines.push((id, RwSignal::new("1".to_owned()))));
    let name_of = move |id: &str| {
        catalogue.with(|products| {
            let product = products.iter().find(|product| product.id == id);
            product.map_or_else(|| id.to_owned(), |product| product.name.clone())
        })
    };
    let row = move |(id, quantity): Line| {
        let name = name_of(&id);
        let label = format!("Quantity of {name}");
        let remove = format!("Remove {name}");
        view! {
            <li class="workflow-product">
                <span>{name}</span>
                <input
                    class="input"
                    type="number"
                    min="1"
                    step="1"
                    aria-label=label
                    prop:value=quantity
                    on:input=move |event| quantity.set(event_target_value(&event))
                />
                <IconButton
                    icon=Icon::Close
                    label=remove
                    small=true
                    on_press=move |_| lines.update(|lines| lines.retain(|(known, _)| *known != id))
                />
            </li>
        }
    };
    view! {
        <div class="field">
            <Combobox
                label="Add a product"
                framed=true
                choices=choices
                value=""
                on_pick=add
                placeholder="Choose from the catalogue"
            />
            <ul class="workflow-products">{move || lines.get().into_iter().map(row).collect_view()}</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::{Node, OFFERS};

    #[test]
    fn what_a_graph_waits_for_is_offered_first() {
        let node = |label: &str, id| Node {
            id: model::NodeId(id),
            x: 0,
            y: 0,
            name: String::new(),
            kind: (OFFERS.iter().find(|offer| offer.label == label).unwrap().make)(),
        };
        let graph = Graph {
            nodes: vec![
                node("On login", 1),
                node("On cart abandoned", 2),
                node("Wait until", 3),
                node("On login", 4),
            ],
            ..Graph::default()
        };
        assert_eq!(
            awaited(&graph),
            [EventKind::Login, EventKind::CartAbandoned, EventKind::Purchase]
        );
        let choices = kind_choices(&awaited(&graph));
        assert_eq!(choices.len(), EVENTS.len());
        assert_eq!(choices[0].key, "login");
    }
}
