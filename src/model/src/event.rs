//! What happens to contacts: events (activities), their attributes, and the catalogue of products they are about.

use crate::field::FieldType;
use crate::ids::{ContactId, EventId, FieldId};
use crate::query::{Mode, Op, escape, unescape};
use serde::{Deserialize, Serialize};

/// An amount of money in ten-thousandths of the shop's currency, so that sums are exact.
pub type Amount = i64;

/// One whole unit of the currency.
pub const UNIT: Amount = 10_000;

/// One kind of thing that happens to a contact (design, section 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the words of `EVENTS` say what each is")]
pub enum EventKind {
    Purchase,
    ProductVisited,
    ProductSearched,
    CartAdded,
    CartRemoved,
    CartAbandoned,
    Search,
    PageVisited,
    FormSubmitted,
    Login,
    Register,
    Subscribed,
    Unsubscribed,
    EmailSent,
    EmailOpened,
    EmailClicked,
    SmsSent,
    PushSent,
    PushOpened,
}

/// Every kind in the order of its number: its text form in addresses and files, its name, and what it is called where
/// somebody did it (“has *purchased*”).
pub const EVENTS: &[(EventKind, &str, &str, &str)] = &[
    (EventKind::Purchase, "purchase", "Purchase", "purchased"),
    (
        EventKind::ProductVisited,
        "product_visited",
        "Product visited",
        "visited a product",
    ),
    (
        EventKind::ProductSearched,
        "product_searched",
        "Product searched",
        "searched for a product",
    ),
    (
        EventKind::CartAdded,
        "cart_added",
        "Added to cart",
        "added to the cart",
    ),
    (
        EventKind::CartRemoved,
        "cart_removed",
        "Removed from cart",
        "removed from the cart",
    ),
    (
        EventKind::CartAbandoned,
        "cart_abandoned",
        "Cart abandoned",
        "abandoned a cart",
    ),
    (EventKind::Search, "search", "Search", "searched"),
    (
        EventKind::PageVisited,
        "page_visited",
        "Page visited",
        "visited a page",
    ),
    (
        EventKind::FormSubmitted,
        "form_submitted",
        "Form submitted",
        "submitted a form",
    ),
    (EventKind::Login, "login", "Login", "logged in"),
    (EventKind::Register, "register", "Register", "registered"),
    (
        EventKind::Subscribed,
        "subscribed",
        "Newsletter subscription",
        "subscribed",
    ),
    (
        EventKind::Unsubscribed,
        "unsubscribed",
        "Unsubscribed",
        "unsubscribed",
    ),
    (
        EventKind::EmailSent,
        "email_sent",
        "Email sent",
        "was sent an email",
    ),
    (
        EventKind::EmailOpened,
        "email_opened",
        "Email opened",
        "opened an email",
    ),
    (
        EventKind::EmailClicked,
        "email_clicked",
        "Email clicked",
        "clicked in an email",
    ),
    (EventKind::SmsSent, "sms_sent", "SMS sent", "was sent an SMS"),
    (
        EventKind::PushSent,
        "push_sent",
        "Push sent",
        "was sent a push message",
    ),
    (
        EventKind::PushOpened,
        "push_opened",
        "Push opened",
        "opened a push message",
    ),
];

impl EventKind {
    /// The kind of a number; none of a number that no kind has.
    pub fn of(number: u8) -> Option<EventKind> {
        EVENTS.get(usize::from(number)).map(|(kind, ..)| *kind)
    }

    /// Its number, which is its place in [`EVENTS`].
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The kind of a text form; none where no kind has it.
    pub fn parse(word: &str) -> Option<EventKind> {
        EVENTS
            .iter()
            .find(|(_, one, ..)| *one == word)
            .map(|(kind, ..)| *kind)
    }

    /// Its text form in addresses and files.
    pub fn word(self) -> &'static str {
        EVENTS.get(self as usize).map_or("", |(_, word, ..)| word)
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        EVENTS.get(self as usize).map_or("", |(_, _, label, _)| label)
    }

    /// What it is called where somebody did it: “purchased”.
    pub fn done(self) -> &'static str {
        EVENTS.get(self as usize).map_or("", |(.., done)| done)
    }

    /// Whether it is about products.
    pub fn has_products(self) -> bool {
        matches!(
            self,
            EventKind::Purchase
                | EventKind::ProductVisited
                | EventKind::ProductSearched
                | EventKind::CartAdded
                | EventKind::CartRemoved
                | EventKind::CartAbandoned
        )
    }

    /// The attributes that an event of this kind has, the most useful first.
    pub fn attributes(self) -> &'static [Attribute] {
        use Attribute::*;
        match self {
            EventKind::Purchase => &[
                Total,
                Quantity,
                Product,
                ProductName,
                Category,
                Brand,
                UnitPrice,
                OrderId,
                PaymentMethod,
                Origin,
            ],
            EventKind::ProductVisited => &[
                Product,
                ProductName,
                Category,
                Brand,
                UnitPrice,
                Discount,
                Stock,
                Origin,
            ],
            EventKind::ProductSearched => &[Text, Product, ProductName, Category, Brand, Origin],
            EventKind::CartAdded | EventKind::CartRemoved | EventKind::CartAbandoned => &[
                Total,
                Quantity,
                Product,
                ProductName,
                Category,
                Brand,
                UnitPrice,
                Origin,
            ],
            EventKind::Search
            | EventKind::PageVisited
            | EventKind::FormSubmitted
            | EventKind::EmailSent
            | EventKind::EmailOpened
            | EventKind::EmailClicked
            | EventKind::SmsSent
            | EventKind::PushSent
            | EventKind::PushOpened => &[Text, Origin],
            EventKind::Login | EventKind::Register | EventKind::Subscribed | EventKind::Unsubscribed => {
                &[Origin]
            }
        }
    }

    /// What [`Attribute::Text`] is of this kind: the search text, the address of a page, a form or message.
    pub fn text_label(self) -> &'static str {
        match self {
            EventKind::Search | EventKind::ProductSearched => "Search text",
            EventKind::PageVisited => "URL",
            EventKind::FormSubmitted => "Form",
            _ => "Subject",
        }
    }
}

/// One attribute of an event, as filters name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Attribute {
    /// The amount of the whole purchase or cart.
    Total,
    /// How many pieces in all.
    Quantity,
    /// A product's id; of several products any one decides.
    Product,
    /// A product's name.
    ProductName,
    /// A product's category path (`Footwear > Trainers`); *is* includes its sub-categories.
    Category,
    /// A product's brand.
    Brand,
    /// A product's price for one piece.
    UnitPrice,
    /// A product's discount in percent.
    Discount,
    /// How many pieces of a product are in stock.
    Stock,
    /// The order's id.
    OrderId,
    /// How it was paid.
    PaymentMethod,
    /// The search text, address, form or subject.
    Text,
    /// Where the event comes from: see [`Origin`].
    Origin,
}

/// Every attribute: its text form, its name, and the type whose tests it takes.
pub const ATTRIBUTES: &[(Attribute, &str, &str, FieldType)] = &[
    (Attribute::Total, "total", "Amount", FieldType::Decimal),
    (Attribute::Quantity, "quantity", "Quantity", FieldType::Integer),
    (Attribute::Product, "product", "Product ID", FieldType::Text),
    (Attribute::ProductName, "name", "Product name", FieldType::Text),
    (Attribute::Category, "category", "Category", FieldType::Text),
    (Attribute::Brand, "brand", "Brand", FieldType::Text),
    (Attribute::UnitPrice, "price", "Unit price", FieldType::Decimal),
    (
        Attribute::Discount,
        "discount",
        "Discount (%)",
        FieldType::Integer,
    ),
    (Attribute::Stock, "stock", "Stock", FieldType::Integer),
    (Attribute::OrderId, "order", "Order ID", FieldType::Text),
    (
        Attribute::PaymentMethod,
        "payment",
        "Payment method",
        FieldType::Text,
    ),
    (Attribute::Text, "text", "Text", FieldType::Text),
    (Attribute::Origin, "origin", "Origin", FieldType::Text),
];

impl Attribute {
    /// The attribute of a text form; none where none has it.
    pub fn parse(word: &str) -> Option<Attribute> {
        ATTRIBUTES
            .iter()
            .find(|(_, one, ..)| *one == word)
            .map(|(one, ..)| *one)
    }

    /// Its text form in addresses and files.
    pub fn word(self) -> &'static str {
        ATTRIBUTES.get(self as usize).map_or("", |(_, word, ..)| word)
    }

    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        ATTRIBUTES.get(self as usize).map_or("", |(_, _, label, _)| label)
    }

    /// The type whose tests it takes.
    pub fn kind(self) -> FieldType {
        ATTRIBUTES
            .get(self as usize)
            .map_or(FieldType::Text, |(.., kind)| *kind)
    }
}

/// Where an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// A simulation made it up.
    Simulated,
    /// It was imported from a file.
    Imported,
    /// A person fired it by hand.
    ByHand,
    /// A workflow caused it (an email it sent).
    Workflow,
}

impl Origin {
    /// Its name on the screen and in filters.
    pub fn label(self) -> &'static str {
        match self {
            Origin::Simulated => "Simulated",
            Origin::Imported => "Imported",
            Origin::ByHand => "By hand",
            Origin::Workflow => "Workflow",
        }
    }
}

/// A product of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Product {
    /// Its id, unique in the catalogue.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its category path, parts separated by ` > `.
    pub category: String,
    /// Its brand.
    pub brand: String,
    /// The price of one piece.
    pub price: Amount,
    /// Its discount in percent.
    pub discount: u8,
    /// How many pieces are in stock.
    pub stock: u32,
}

/// One line of a purchase or cart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The product, as it was then.
    pub product: Product,
    /// How many pieces.
    pub quantity: u32,
    /// What one piece cost.
    pub price: Amount,
}

/// One event as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    /// The event.
    pub id: EventId,
    /// When, in milliseconds since 1970.
    pub when: i64,
    /// What.
    pub kind: EventKind,
    /// Where it comes from.
    pub origin: Origin,
    /// The change set that brought it.
    pub change: crate::ChangeId,
    /// The amount of the purchase or cart, if it is one.
    pub total: Option<Amount>,
    /// What it is about.
    pub items: Vec<Item>,
    /// Search text, address, form or subject; of a purchase how it was paid.
    pub text: String,
    /// The order's id.
    pub order: String,
}

/// An event that a person fires by hand; the engine dates it and looks its products up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDraft {
    /// Whom it happens to.
    pub contact: ContactId,
    /// What.
    pub kind: EventKind,
    /// Ids of catalogue products, each with its quantity.
    pub products: Vec<(String, u32)>,
    /// The amount; none is the sum of the products.
    pub total: Option<Amount>,
    /// Search text, address, form or subject; of a purchase how it was paid.
    pub text: String,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operand {
    /// A value in text form.
    Text(String),
    /// The same attribute, or another, of the event that started the pass.
    Trigger(Attribute),
    /// The contact's value of a field.
    Field(FieldId),
}

/// One test of an event's attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventRule {
    /// The attribute.
    pub attribute: Attribute,
    /// The test.
    pub op: Op,
    /// What it is tested against; as many as `op` takes.
    pub values: Vec<Operand>,
}

/// Tests of an event, and how many must hold; without tests every event passes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventFilter {
    /// How many must hold.
    pub mode: Mode,
    /// The tests.
    pub rules: Vec<EventRule>,
}

/// What a behaviour counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Measure {
    /// How many events.
    #[default]
    Count,
    /// The sum of their amounts.
    Amount,
}

/// Which events a behaviour looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Window {
    /// All there ever were.
    #[default]
    Ever,
    /// Those of the last so many days, counted to the millisecond.
    LastDays(u32),
    /// Those between two days (since 1970, in the workspace's time zone), both included.
    Between(i64, i64),
    /// Those since the pass began; in filters of contacts, where there is no pass, all.
    SincePass,
}

/// A condition on what a contact did: “purchased at least 3 times within the last 90 days in Footwear”.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Behaviour {
    /// What was done.
    pub kind: EventKind,
    /// What is counted.
    pub measure: Measure,
    /// How the count is compared: one of [`Behaviour::OPS`].
    pub op: Op,
    /// With what, in text form.
    pub number: String,
    /// When it was done.
    pub window: Window,
    /// Which events count.
    pub filter: EventFilter,
    /// Whether the event that started the pass counts, too.
    pub with_trigger: bool,
}

impl Behaviour {
    /// The comparisons of a count.
    pub const OPS: &[Op] = &[Op::AtLeast, Op::AtMost, Op::Is, Op::IsNot, Op::Greater, Op::Less];

    /// “Did it at least once, ever”.
    pub fn once(kind: EventKind) -> Behaviour {
        Behaviour {
            kind,
            measure: Measure::Count,
            op: Op::AtLeast,
            number: "1".to_owned(),
            window: Window::Ever,
            filter: EventFilter::default(),
            with_trigger: true,
        }
    }
}

impl std::fmt::Display for Behaviour {
    /// `purchase:count:ge:3:last90:0:all;category=is=tFootwear`; [`Behaviour::parse`] reads it back.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let measure = match self.measure {
            Measure::Count => "count",
            Measure::Amount => "amount",
        };
        let (kind, op) = (self.kind.word(), self.op.word());
        write!(f, "{kind}:{measure}:{op}:{}:", escape(&self.number))?;
        match self.window {
            Window::Ever => f.write_str("ever")?,
            Window::LastDays(days) => write!(f, "last{days}")?,
            Window::Between(from, to) => write!(f, "from{from}to{to}")?,
            Window::SincePass => f.write_str("pass")?,
        }
        write!(f, ":{}:", u8::from(self.with_trigger))?;
        f.write_str(match self.filter.mode {
            Mode::All => "all",
            Mode::Any => "any",
            Mode::None => "none",
        })?;
        for rule in &self.filter.rules {
            write!(f, ";{}={}", rule.attribute.word(), rule.op.word())?;
            for value in &rule.values {
                match value {
                    Operand::Text(text) => write!(f, "=t{}", escape(text))?,
                    Operand::Trigger(attribute) => write!(f, "=e{}", attribute.word())?,
                    Operand::Field(field) => write!(f, "=f{field}")?,
                }
            }
        }
        Ok(())
    }
}

impl Behaviour {
    /// Reads the text form; none where it is not one.
    pub fn parse(text: &str) -> Option<Behaviour> {
        let mut sections = text.split(';');
        let mut parts = sections.next()?.split(':');
        let kind = EventKind::parse(parts.next()?)?;
        let measure = match parts.next()? {
            "count" => Measure::Count,
            "amount" => Measure::Amount,
            _ => return None,
        };
        let op = Op::parse(parts.next()?)?;
        let number = unescape(parts.next()?)?;
        let window = match parts.next()? {
            "ever" => Window::Ever,
            "pass" => Window::SincePass,
            other => match other.strip_prefix("last") {
                Some(days) => Window::LastDays(days.parse().ok()?),
                None => {
                    let (from, to) = other.strip_prefix("from")?.split_once("to")?;
                    Window::Between(from.parse().ok()?, to.parse().ok()?)
                }
            },
        };
        let with_trigger = parts.next()? == "1";
        let mode = match parts.next()? {
            "all" => Mode::All,
            "any" => Mode::Any,
            "none" => Mode::None,
            _ => return None,
        };
        let rules = sections.map(EventRule::parse).collect::<Option<Vec<_>>>()?;
        Some(Behaviour {
            kind,
            measure,
            op,
            number,
            window,
            filter: EventFilter { mode, rules },
            with_trigger,
        })
    }
}

impl EventRule {
    fn parse(text: &str) -> Option<EventRule> {
        let mut parts = text.split('=');
        let attribute = Attribute::parse(parts.next()?)?;
        let op = Op::parse(parts.next()?)?;
        let value = |part: &str| {
            let text = part.get(1..)?;
            Some(match part.chars().next()? {
                't' => Operand::Text(unescape(text)?),
                'e' => Operand::Trigger(Attribute::parse(text)?),
                'f' => Operand::Field(text.parse().ok()?),
                _ => return None,
            })
        };
        let values = parts.map(value).collect::<Option<Vec<_>>>()?;
        Some(EventRule {
            attribute,
            op,
            values,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_behaviour_reads_its_own_text_form() {
        let behaviour = Behaviour {
            measure: Measure::Amount,
            number: "59.90".to_owned(),
            window: Window::Between(-3, 20_000),
            filter: EventFilter {
                mode: Mode::Any,
                rules: vec![
                    EventRule {
                        attribute: Attribute::Category,
                        op: Op::In,
                        values: vec![Operand::Text("a=b;c:é".to_owned()), Operand::Field(FieldId(3))],
                    },
                    EventRule {
                        attribute: Attribute::Brand,
                        op: Op::Is,
                        values: vec![Operand::Trigger(Attribute::Brand)],
                    },
                ],
            },
            ..Behaviour::once(EventKind::Purchase)
        };
        assert_eq!(Behaviour::parse(&behaviour.to_string()), Some(behaviour));
    }

    #[test]
    fn tables_are_in_the_order_of_their_numbers() {
        for (at, (kind, word, ..)) in EVENTS.iter().enumerate() {
            assert_eq!(*kind as usize, at);
            assert_eq!(EventKind::parse(word), Some(*kind));
        }
        for (at, (attribute, word, ..)) in ATTRIBUTES.iter().enumerate() {
            assert_eq!(*attribute as usize, at);
            assert_eq!(Attribute::parse(word), Some(*attribute));
        }
    }
}
