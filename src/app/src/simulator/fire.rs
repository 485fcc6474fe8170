//! One event by hand: for one contact, now.

use super::find::Whom;
use super::fixed::{amount_text, parse_amount};
use crate::state::use_app;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{
    Button, Choice, Combobox, Dialog, DialogFoot, Icon, IconButton, Look, Notice, SelectField, TextField,
    Tone,
};
use leptos::prelude::*;
use model::ContactId;
use model::event::{Amount, Attribute, EVENTS, EventDraft, EventKind, Product};
use model::message::{Reply, Request};

/// The kinds of events that people can do by themselves.
pub fn kinds() -> Vec<EventKind> {
    let sent = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::EmailSent | EventKind::SmsSent | EventKind::PushSent
        )
    };
    let all = EVENTS.iter().map(|(kind, ..)| *kind);
    all.filter(|kind| !sent(kind)).collect()
}

/// The choices of kinds: these first, then the others.
fn kind_choices(first: &[EventKind]) -> Vec<Choice> {
    let others = kinds().into_iter().filter(|kind| !first.contains(kind));
    let choice = |kind: EventKind| Choice::new(kind.word(), kind.label());
    first.iter().copied().chain(others).map(choice).collect()
}

/// What the text of an event of this kind is; none where it has none.
fn text_label(kind: EventKind) -> Option<&'static str> {
    let has = |attribute: Attribute| kind.attributes().contains(&attribute);
    match kind {
        _ if has(Attribute::PaymentMethod) => Some("Payment method"),
        _ if has(Attribute::Text) => Some(kind.text_label()),
        _ => None,
    }
}

/// A product of the event, and its quantity as it was typed.
type Line = (String, String);

/// A quantity, or what is wrong with it.
fn pieces(text: &str) -> Result<u32, String> {
    match text.trim().parse::<u32>() {
        Ok(pieces) if pieces > 0 => Ok(pieces),
        _ => Err("Give a whole number of pieces from 1 on".to_owned()),
    }
}

/// The sum of some catalogue products, each with its quantity; one that can't be read counts nothing.
fn sum(chosen: &[Line], catalogue: &[Product]) -> Amount {
    let price = |id: &str| {
        let product = catalogue.iter().find(|product| product.id == id);
        product.map_or(0, |product| product.price)
    };
    chosen.iter().fold(0, |sum: Amount, (id, typed)| {
        let pieces = pieces(typed).unwrap_or(0);
        sum.saturating_add(price(id).saturating_mul(Amount::from(pieces)))
    })
}

/// What a person fills in. Copied freely.
#[derive(Clone, Copy)]
struct Form {
    contact: RwSignal<Option<(ContactId, String)>>,
    contact_error: RwSignal<Option<String>>,
    kind: RwSignal<String>,
    products: RwSignal<Vec<Line>>,
    total: RwSignal<String>,
    total_error: RwSignal<Option<String>>,
    text: RwSignal<String>,
}

impl Form {
    fn new(contact: Option<(ContactId, String)>, first: Option<EventKind>) -> Form {
        let kind = first.unwrap_or(EventKind::Purchase);
        Form {
            contact: RwSignal::new(contact),
            contact_error: RwSignal::new(None),
            kind: RwSignal::new(kind.word().to_owned()),
            products: RwSignal::new(Vec::new()),
            total: RwSignal::new(String::new()),
            total_error: RwSignal::new(None),
            text: RwSignal::new(String::new()),
        }
    }

    fn kind_now(self) -> EventKind {
        let kind = self.kind.with(|word| EventKind::parse(word));
        kind.unwrap_or(EventKind::Purchase)
    }

    fn has_total(self) -> bool {
        self.kind_now().attributes().contains(&Attribute::Total)
    }

    /// The event; what is wrong is said at the inputs.
    fn read(self) -> Option<EventDraft> {
        let kind = untrack(|| self.kind_now());
        let contact = self.contact.get_untracked();
        self.contact_error
            .set(contact.is_none().then(|| "Choose a contact".to_owned()));
        let typed = self.total.with_untracked(|total| total.trim().to_owned());
        let total = match typed.as_str() {
            _ if !untrack(|| self.has_total()) => Ok(None),
            "" if self.products.with_untracked(Vec::is_empty) => {
                Err("Give an amount, or add a product".to_owned())
            }
            "" => Ok(None),
            typed => parse_amount(typed)
                .filter(|total| *total >= 0)
                .map(Some)
                .ok_or_else(|| "An amount is a number, such as 59.90".to_owned()),
        };
        self.total_error.set(total.as_ref().err().cloned());
        let products = match kind.has_products() {
            true => self.products.with_untracked(|lines| {
                let line = |(id, typed): &Line| Some((id.clone(), pieces(typed).ok()?));
                lines.iter().map(line).collect::<Option<Vec<_>>>()
            }),
            false => Some(Vec::new()),
        };
        Some(EventDraft {
            contact: contact?.0,
            kind,
            // What is wrong with a quantity stands beside it.
            products: products?,
            total: total.ok()?,
            text: match text_label(kind) {
                Some(_) => self.text.with_untracked(|text| text.trim().to_owned()),
                None => String::new(),
            },
        })
    }
}

/// The dialog that fires one event.
#[component]
pub fn FireDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Whom it happens to; where it is left out, a contact is looked for.
    #[prop(optional, into)]
    contact: Option<Signal<(ContactId, String)>>,
) -> impl IntoView {
    let app = use_app();
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let title = derived(move || match contact {
        Some(contact) => format!("Add event for {}", contact.get().1),
        None => "Fire event".to_owned(),
    });
    effect(move || {
        if open.get() {
            problem.set(None);
        }
    });
    let send = move |draft: EventDraft| {
        problem.set(None);
        app.write_from_dialog(open, busy, problem, Request::FireEvent(draft), |_| {});
    };
    view! {
        <Dialog open=open title=title>
            <EventForm
                contact=contact.map(|contact| contact.get_untracked())
                note="It happens now; active workflows react to it. It can be undone"
                button="Fire event"
                busy=busy
                problem=problem
                on_event=send
                on_cancel=Callback::new(move |()| open.set(false))
            />
        </Dialog>
    }
}

/// The form of one event: whom it happens to, what, and with what.
#[component]
pub fn EventForm(
    /// Whom it happens to; where it is left out, a contact is looked for.
    #[prop(optional_no_strip)]
    contact: Option<(ContactId, String)>,
    /// The kinds that are offered first.
    #[prop(optional)]
    first: Vec<EventKind>,
    /// What is said above the buttons.
    note: &'static str,
    /// What the button says.
    button: &'static str,
    /// Whether the answer to the last event is still to come.
    busy: RwSignal<bool>,
    /// What went wrong with the last event.
    problem: RwSignal<Option<String>>,
    /// Takes the event.
    #[prop(into)]
    on_event: Callback<EventDraft>,
    /// Leaves the form, where it can be left.
    #[prop(optional)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let app = use_app();
    let search = contact.is_none();
    let form = Form::new(contact, first.first().copied());
    let choices = kind_choices(&first);
    let answer = app.live(|| Some(Request::Catalogue));
    let catalogue = memo(move |_| match answer.get() {
        Some(Ok(Reply::Catalogue(products))) => products,
        _ => Vec::new(),
    });
    let has_products = memo(move |_| form.kind_now().has_products());
    let has_total = memo(move |_| form.has_total());
    let label = memo(move |_| text_label(form.kind_now()));
    let total_hint = derived(move || {
        let sum = catalogue.with(|catalogue| form.products.with(|chosen| sum(chosen, catalogue)));
        format!("Left empty, it is that of the products: {}", amount_text(sum))
    });
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(draft) = form.read().filter(|_| !busy.get_untracked()) {
            on_event.run(draft);
        }
    };
    view! {
        <form class="form" on:submit=go>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            {search.then(|| view! { <Whom contact=form.contact error=form.contact_error/> })}
            <SelectField label="Event" choices=choices value=form.kind/>
            <Show when=move || has_products.get()>
                <Products form=form catalogue=catalogue/>
            </Show>
            <Show when=move || has_total.get()>
                <TextField label="Amount" value=form.total error=form.total_error hint=total_hint/>
            </Show>
            {move || label.get().map(|label| view! { <TextField label=label value=form.text/> })}
            <p class="small soft">{note}</p>
            <DialogFoot>
                {on_cancel.map(|cancel| view! { <Button label="Cancel" on_press=move |_| cancel.run(())/> })}
                <Button label=button look=Look::Primary submit=true disabled=busy/>
            </DialogFoot>
        </form>
    }
}

/// The products of the event, each with its quantity.
#[component]
fn Products(
    /// The form.
    form: Form,
    /// What there is to choose from.
    catalogue: Memo<Vec<Product>>,
) -> impl IntoView {
    let choices = memo(move |_| {
        catalogue.with(|products| {
            let choice = |product: &Product| Choice {
                detail: super::fixed::amount(product.price),
                ..Choice::new(product.id.clone(), product.name.clone())
            };
            products.iter().map(choice).collect::<Vec<_>>()
        })
    });
    let add = move |id: String| {
        form.products.update(|products| {
            if !products.iter().any(|(known, _)| *known == id) {
                products.push((id, "1".to_owned()));
            }
        });
    };
    let ids = move || {
        form.products
            .with(|products| products.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>())
    };
    let row = move |id: String| {
        let name = catalogue.with_untracked(|products| {
            let product = products.iter().find(|product| product.id == id);
            product.map_or_else(|| id.clone(), |product| product.name.clone())
        });
        let typed = {
            let id = id.clone();
            move || {
                form.products.with(|products| {
                    let found = products.iter().find(|(known, _)| *known == id);
                    found.map(|(_, typed)| typed.clone()).unwrap_or_default()
                })
            }
        };
        let first = untrack(&typed);
        let error = memo(move |_| pieces(&typed()).err());
        let about = crate::ui::unique("pieces");
        let write = {
            let id = id.clone();
            move |event| {
                let typed = event_target_value(&event);
                form.products.update(|products| {
                    if let Some(line) = products.iter_mut().find(|(known, _)| *known == id) {
                        line.1 = typed;
                    }
                });
            }
        };
        let remove = move |_| {
            form.products
                .update(|products| products.retain(|(known, _)| *known != id));
        };
        view! {
            <li class="found">
                <input
                    class="input input-pieces"
                    type="number"
                    min="1"
                    aria-label=format!("Quantity of {name}")
                    aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
                    aria-describedby=about.clone()
                    prop:value=first
                    on:input=write
                />
                <span>{name.clone()}</span>
                <IconButton icon=Icon::Close small=true label=format!("Remove {name}") on_press=remove/>
                <p class="field-error" id=about hidden=move || error.with(Option::is_none)>{error}</p>
            </li>
        }
    };
    let hint = derived(move || match catalogue.with(Vec::is_empty) {
        true => "The catalogue is empty; products are added on the page Simulator".to_owned(),
        false => String::new(),
    });
    view! {
        <div class="field">
            <Combobox
                label="Add a product"
                framed=true
                choices=choices
                value=derived(String::new)
                on_pick=add
                placeholder="Choose a product"
                hint=hint
            />
            <ul aria-label="Products">
                <For each=ids key=Clone::clone let:id>{row(id)}</For>
            </ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_workflows_do_is_not_offered() {
        assert_eq!(kinds().len(), EVENTS.len() - 3);
        assert!(!kinds().contains(&EventKind::EmailSent));
    }

    #[test]
    fn what_is_waited_for_is_offered_first() {
        let choices = kind_choices(&[EventKind::Login, EventKind::CartAbandoned]);
        assert_eq!(choices.len(), kinds().len());
        let first: Vec<&str> = choices.iter().take(3).map(|choice| choice.key.as_str()).collect();
        assert_eq!(first, ["login", "cart_abandoned", "purchase"]);
    }

    #[test]
    fn an_event_asks_for_the_text_that_it_has() {
        for (kind, wanted) in [
            (EventKind::Purchase, Some("Payment method")),
            (EventKind::PageVisited, Some("URL")),
            (EventKind::Login, None),
        ] {
            assert_eq!(text_label(kind), wanted);
        }
    }

    #[test]
    fn products_add_up() {
        let catalogue = [Product {
            id: "R-1".into(),
            price: 599_000,
            ..Product::default()
        }];
        let chosen = [("R-1", "2"), ("R-1", "two"), ("gone", "5")];
        let chosen = chosen.map(|(id, typed)| (id.to_owned(), typed.to_owned()));
        assert_eq!(sum(&chosen, &catalogue), 1_198_000);
    }

    #[test]
    fn a_quantity_that_is_none_is_said_and_never_becomes_one() {
        assert_eq!(pieces(" 3 "), Ok(3));
        for typed in ["", "0", "-1", "1.5", "two"] {
            assert!(pieces(typed).is_err(), "{typed}");
        }
    }
}
