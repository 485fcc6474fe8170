//! One event of a contact in words.

use crate::simulator::amount;
use crate::ui::format;
use model::event::{EventKind, EventLine, Item};

/// So many products are named in a headline.
const NAMED: usize = 2;

/// What happened, in a few words: “Purchase of 59.90”, “Product visited: Olmo Runner”, “Search: boots”.
pub fn headline(event: &EventLine) -> String {
    let label = event.kind.label();
    if let Some(total) = event.total {
        return format!("{label} of {}", amount(total));
    }
    let names: Vec<&str> = event.items.iter().take(NAMED).map(name).collect();
    let more = event.items.len().saturating_sub(NAMED);
    match (names.is_empty(), more) {
        (true, _) if event.text.is_empty() => label.to_owned(),
        (true, _) => format!("{label}: {}", event.text),
        (false, 0) => format!("{label}: {}", names.join(", ")),
        (false, more) => format!("{label}: {} and {more} more", names.join(", ")),
    }
}

/// A product by its name, else its ID.
fn name(item: &Item) -> &str {
    let product = &item.product;
    if product.name.is_empty() {
        &product.id
    } else {
        &product.name
    }
}

/// One product of an event: “2 × Olmo Runner at 59.90 · Footwear > Trainers · Olmo”.
fn item_words(item: &Item) -> String {
    let mut words = format!(
        "{} × {} at {}",
        format::number(u64::from(item.quantity)),
        name(item),
        amount(item.price)
    );
    for more in [&item.product.category, &item.product.brand] {
        if !more.is_empty() {
            words.push_str(&format!(" · {more}"));
        }
    }
    words
}

/// What else there is to say of an event, a line each.
pub fn details(event: &EventLine) -> Vec<String> {
    let mut lines: Vec<String> = event.items.iter().map(item_words).collect();
    // A text that stands in the headline needs no line.
    if !event.text.is_empty() && (event.total.is_some() || !event.items.is_empty()) {
        let label = match event.kind {
            EventKind::Purchase => "Payment method",
            kind => kind.text_label(),
        };
        lines.push(format!("{label}: {}", event.text));
    }
    if !event.order.is_empty() {
        lines.push(format!("Order {}", event.order));
    }
    lines
}

/// Where an event comes from, in a word.
pub fn origin(event: &EventLine) -> &'static str {
    event.origin.label()
}

/// What an event was, and when: “Purchase of 59.90 on 3 Jan 2027, 10:20”.
pub fn dated(event: &EventLine, moment: &str) -> String {
    format!("{} on {moment}", headline(event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::event::{Origin, Product};
    use model::{ChangeId, EventId};

    fn event(kind: EventKind) -> EventLine {
        EventLine {
            id: EventId(1),
            when: 0,
            kind,
            origin: Origin::Simulated,
            change: ChangeId(1),
            total: None,
            items: vec![],
            text: String::new(),
            order: String::new(),
        }
    }

    fn item(name: &str) -> Item {
        Item {
            product: Product {
                id: "R-1".into(),
                name: name.into(),
                brand: "Olmo".into(),
                ..Product::default()
            },
            quantity: 2,
            price: 599_000,
        }
    }

    #[test]
    fn a_headline_says_what_matters_most() {
        let purchase = EventLine {
            total: Some(1_198_000),
            items: vec![item("Runner")],
            ..event(EventKind::Purchase)
        };
        let visit = EventLine {
            items: vec![item("Runner"), item(""), item("Boot")],
            ..event(EventKind::ProductVisited)
        };
        let search = EventLine {
            text: "boots".into(),
            ..event(EventKind::Search)
        };
        for (event, wanted) in [
            (purchase, "Purchase of 119.80"),
            (visit, "Product visited: Runner, R-1 and 1 more"),
            (search, "Search: boots"),
            (event(EventKind::Login), "Login"),
        ] {
            assert_eq!(headline(&event), wanted);
        }
    }

    #[test]
    fn details_name_products_payment_and_order() {
        let purchase = EventLine {
            total: Some(1_198_000),
            items: vec![item("Runner")],
            text: "card".into(),
            order: "A-17".into(),
            ..event(EventKind::Purchase)
        };
        assert_eq!(
            details(&purchase),
            ["2 × Runner at 59.90 · Olmo", "Payment method: card", "Order A-17"]
        );
        let search = EventLine {
            text: "boots".into(),
            ..event(EventKind::Search)
        };
        assert!(details(&search).is_empty());
    }

    #[test]
    fn an_event_is_named_with_its_date() {
        let purchase = EventLine {
            total: Some(599_000),
            ..event(EventKind::Purchase)
        };
        assert_eq!(
            dated(&purchase, "3 Jan 2027, 10:20"),
            "Purchase of 59.90 on 3 Jan 2027, 10:20"
        );
    }
}
