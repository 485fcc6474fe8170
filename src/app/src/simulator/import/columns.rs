//! What the columns of a file of events hold: suggested by their names, and what is missing.

use crate::simulator::products::plain;
use model::event::{Attribute, EventKind};
use model::simulation::EventColumn;

/// What a column can hold: the choice's key and words, and the names such columns have in files (small letters, without
/// separators), the surest first.
pub const COLUMNS: [(EventColumn, &str, &str, &[&str]); 10] = [
    (EventColumn::Ignore, "ignore", "Don’t import", &[]),
    (
        EventColumn::Email,
        "email",
        "Email of the contact",
        &[
            "email",
            "emailaddress",
            "customeremail",
            "billingemail",
            "mail",
            "correo",
            "correoelectronico",
            "useremail",
        ],
    ),
    (
        EventColumn::ExternalId,
        "external",
        "External ID of the contact",
        &[
            "externalid",
            "customerid",
            "contactid",
            "clientid",
            "userid",
            "idcliente",
            "customer",
            "cliente",
            "id",
        ],
    ),
    (
        EventColumn::Date,
        "date",
        "Date, or date and time",
        &[
            "date",
            "datetime",
            "createdat",
            "created",
            "orderdate",
            "purchasedate",
            "processedat",
            "paidat",
            "timestamp",
            "when",
            "time",
            "fecha",
            "day",
        ],
    ),
    (
        EventColumn::Amount,
        "amount",
        "Amount",
        &[
            "amount",
            "total",
            "importe",
            "ordertotal",
            "value",
            "revenue",
            "lineitemprice",
            "price",
            "precio",
            "subtotal",
        ],
    ),
    (
        EventColumn::Quantity,
        "quantity",
        "Quantity",
        &[
            "quantity",
            "qty",
            "cantidad",
            "lineitemquantity",
            "units",
            "pieces",
        ],
    ),
    (
        EventColumn::Product,
        "product",
        "Product ID",
        &[
            "productid",
            "sku",
            "lineitemsku",
            "product",
            "producto",
            "item",
            "itemid",
            "reference",
            "referencia",
            "productname",
        ],
    ),
    (
        EventColumn::Order,
        "order",
        "Order ID",
        &[
            "orderid",
            "order",
            "ordernumber",
            "orderno",
            "pedido",
            "idpedido",
            "transactionid",
            "invoice",
        ],
    ),
    (
        EventColumn::PaymentMethod,
        "payment",
        "Payment method",
        &["paymentmethod", "payment", "pago", "formadepago", "gateway"],
    ),
    (
        EventColumn::Text,
        "text",
        "Text",
        &[
            "text",
            "url",
            "search",
            "query",
            "searchtext",
            "page",
            "pageurl",
            "form",
            "formname",
            "subject",
            "busqueda",
        ],
    ),
];

/// What a column can hold where the rows are events of a kind.
pub fn offered(kind: EventKind, column: EventColumn) -> bool {
    let has = |attribute: Attribute| kind.attributes().contains(&attribute);
    match column {
        EventColumn::Ignore | EventColumn::Email | EventColumn::ExternalId | EventColumn::Date => true,
        EventColumn::Amount => has(Attribute::Total),
        EventColumn::Quantity => has(Attribute::Quantity),
        EventColumn::Product => has(Attribute::Product),
        EventColumn::Order => has(Attribute::OrderId),
        EventColumn::PaymentMethod => has(Attribute::PaymentMethod),
        EventColumn::Text => has(Attribute::Text),
    }
}

/// What a column holds, by the key of its choice.
pub fn parse(key: &str) -> EventColumn {
    let mut all = COLUMNS.iter();
    all.find(|(_, of, ..)| *of == key)
        .map_or(EventColumn::Ignore, |(column, ..)| *column)
}

/// The key of what a column holds.
pub fn key(column: EventColumn) -> &'static str {
    let mut all = COLUMNS.iter();
    all.find(|(of, ..)| *of == column)
        .map_or("ignore", |(_, key, ..)| key)
}

/// What columns of these names likely hold; each meaning is given once, to the column with the surest name.
pub fn suggest(names: &[String], kind: EventKind) -> Vec<EventColumn> {
    let mut found = vec![EventColumn::Ignore; names.len()];
    let plains: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let meant = COLUMNS.iter().filter(|(column, ..)| offered(kind, *column));
    for (column, _, _, known) in meant {
        let place = known.iter().find_map(|known| {
            let mut free = plains.iter().zip(&found).enumerate();
            free.find(|(_, (plain, taken))| *plain == known && **taken == EventColumn::Ignore)
                .map(|(at, _)| at)
        });
        if let Some(taken) = place.and_then(|at| found.get_mut(at)) {
            *taken = *column;
        }
    }
    found
}

/// What is wrong with what the columns hold: with all of them together, or with one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// What is missing.
    pub missing: Vec<&'static str>,
    /// Columns that hold what another holds already, by their places.
    pub twice: Vec<usize>,
}

impl Faults {
    /// Whether nothing is wrong.
    pub fn none(&self) -> bool {
        self.missing.is_empty() && self.twice.is_empty()
    }
}

/// What is wrong with what the columns hold.
pub fn faults(columns: &[EventColumn]) -> Faults {
    let has = |column: EventColumn| columns.contains(&column);
    let mut missing = Vec::new();
    if !has(EventColumn::Date) {
        missing.push("Choose the column with the date");
    }
    if !has(EventColumn::Email) && !has(EventColumn::ExternalId) {
        missing.push("Choose the column that says whose event it is: the email or the external ID");
    }
    let again = |at: &usize| {
        let (before, rest) = columns.split_at_checked(*at).unwrap_or_default();
        let this = rest.first().copied().unwrap_or_default();
        this != EventColumn::Ignore && before.contains(&this)
    };
    Faults {
        missing,
        twice: (0..columns.len()).filter(again).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventColumn::*;

    fn suggested(names: &[&str], kind: EventKind) -> Vec<EventColumn> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        suggest(&names, kind)
    }

    #[test]
    fn names_say_what_columns_hold() {
        for (names, wanted) in [
            (
                &["E-mail", "Date", "Total", "Qty", "SKU", "Order_ID"][..],
                &[Email, Date, Amount, Quantity, Product, Order][..],
            ),
            (
                &["id_cliente", "Fecha", "Importe", "Cantidad", "Producto"],
                &[ExternalId, Date, Amount, Quantity, Product],
            ),
            (
                &["Id", "customer id", "created at", "Payment Method", "colour"],
                &[Ignore, ExternalId, Date, PaymentMethod, Ignore],
            ),
            (&["price", "total"], &[Ignore, Amount]),
            (&["id", "when"], &[ExternalId, Date]),
        ] {
            assert_eq!(suggested(names, EventKind::Purchase), wanted, "{names:?}");
        }
    }

    #[test]
    fn only_what_a_kind_has_is_suggested() {
        assert_eq!(
            suggested(&["email", "date", "url", "total"], EventKind::PageVisited),
            [Email, Date, Text, Ignore]
        );
    }

    #[test]
    fn keys_and_meanings_belong_together() {
        for (column, key_of, ..) in COLUMNS {
            assert_eq!(parse(key_of), column);
            assert_eq!(key(column), key_of);
        }
    }

    #[test]
    fn a_date_and_a_key_are_needed_and_nothing_twice() {
        assert_eq!(faults(&[Ignore, Amount]).missing.len(), 2);
        assert!(faults(&[ExternalId, Date, Ignore, Ignore]).none());
        assert_eq!(faults(&[Email, Date, Amount, Amount]).twice, [3]);
    }
}
