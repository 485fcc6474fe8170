//! Events that are small enough to read.

mod asked;
mod kept;
mod log;

use super::log::Log;
use super::{NO, Raw, RawItem};
use crate::column::NONE;
use crate::journal::{Cause, Effect};
use crate::workspace::{Prepared, Workspace};
use model::event::{EventKind, Product};
use model::field::{EMAIL, FIRST_NAME};

/// An event in a test's words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Happened {
    pub contact: u32,
    pub kind: u8,
    pub when: i64,
    pub amount: Option<i64>,
    pub text: String,
    pub order: String,
    pub items: Vec<(Product, u32, i64)>,
}

impl Happened {
    pub fn new(contact: u32, kind: EventKind, when: i64) -> Happened {
        Happened {
            contact,
            kind: kind.number(),
            when,
            ..Happened::default()
        }
    }

    pub fn text(self, text: &str) -> Happened {
        Happened {
            text: text.to_owned(),
            ..self
        }
    }

    pub fn amount(self, amount: i64) -> Happened {
        Happened {
            amount: Some(amount),
            ..self
        }
    }

    pub fn item(mut self, product: &Product, quantity: u32, price: i64) -> Happened {
        self.items.push((product.clone(), quantity, price));
        self
    }

    pub fn push(&self, log: &mut Log) -> u32 {
        let text = |log: &mut Log, text: &str| match text {
            "" => NO,
            text => log.text_number(text),
        };
        let event = Raw {
            when: self.when,
            contact: self.contact,
            kind: EventKind::of(self.kind).unwrap(),
            amount: self.amount.unwrap_or(NONE),
            text: text(log, &self.text),
            order: text(log, &self.order),
        };
        let items = self.items.iter().map(|(product, quantity, price)| RawItem {
            product: log.product_number(product),
            quantity: *quantity,
            price: *price,
        });
        let items: Vec<RawItem> = items.collect();
        log.push(event, &items)
    }

    /// An event of the log as a test would have written it.
    pub fn read(log: &Log, number: u32) -> Happened {
        let row = log.row(number);
        let text = |number: u32| match number {
            NO => String::new(),
            number => log.text(number).to_owned(),
        };
        let item = |item: RawItem| {
            let product = log.product(item.product).cloned().unwrap_or_default();
            (product, item.quantity, item.price)
        };
        Happened {
            contact: row.contact(),
            kind: row.kind().unwrap().number(),
            when: row.when(),
            amount: Some(row.amount()).filter(|amount| *amount != NONE),
            text: text(row.text()),
            order: text(row.order()),
            items: log.items(number).map(item).collect(),
        }
    }
}

impl PartialEq for Happened {
    fn eq(&self, other: &Happened) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

/// The change set with which events happen.
pub(crate) fn happen(workspace: &mut Workspace, at: i64, cause: Cause, events: &[Happened]) -> Prepared {
    let mut log = (*workspace.log).clone();
    for event in events {
        event.push(&mut log);
    }
    let simulated = matches!(cause, Cause::Simulation(_));
    let batch = log.close(simulated).unwrap();
    let effects = vec![Effect::Events(Box::new(batch))];
    Prepared {
        set: workspace.change(at, cause, "Something happened".to_owned(), effects),
        pages: Vec::new(),
        files: Vec::new(),
    }
}

fn product(id: &str, name: &str, category: &str, brand: &str, price: i64) -> Product {
    Product {
        id: id.to_owned(),
        name: name.to_owned(),
        category: category.to_owned(),
        brand: brand.to_owned(),
        price,
        discount: 10,
        stock: 3,
    }
}

fn trainer() -> Product {
    product("T1", "Zapatilla Ágil", "Footwear > Trainers", "Olmo", 599_000)
}

fn belt() -> Product {
    product("B1", "Belt", "Accessories", "Núria", 199_900)
}

/// A workspace with contacts 0, 1 and 2, called Ana, Olmo and Eva, and these events by Ana.
fn shop(events: &[Happened]) -> Workspace {
    let mut workspace = Workspace::new();
    for name in ["Ana", "Olmo", "Eva"] {
        let values = [
            (EMAIL, format!("{name}@example.com")),
            (FIRST_NAME, name.to_owned()),
        ];
        let (_, (_, prepared)) = workspace.create_contact(0, &values).unwrap();
        workspace.apply(prepared.unwrap());
    }
    if !events.is_empty() {
        let prepared = happen(&mut workspace, 0, Cause::Fired, events);
        workspace.apply(prepared);
    }
    workspace
}
