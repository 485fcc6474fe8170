//! The rows of a file of events, read as far as one row alone tells.

use super::Whose;
use crate::csv::{Kind, Record};
use crate::refused::Refused;
use crate::value::date::parse_instant;
use crate::value::decimal::{key, mark_of, parse_decimal, parse_integer};
use crate::value::{BadValue, Parsed, Parser, Rules, Zone, excerpt, unguarded};
use crate::workspace::Workspace;
use model::event::{Amount, Attribute, EventKind, Product, UNIT};
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME};
use model::import::{DateOrder, DecimalMark};
use model::simulation::{EventColumn, EventsSpec};
use model::{FieldDef, FieldId};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// So many rejected rows are told one by one.
pub(super) const SHOWN: usize = 100;
/// No amount is larger, so that sums fit.
const MAX_AMOUNT: Amount = 1_000_000_000 * UNIT;
/// No quantity is larger.
const MAX_QUANTITY: i64 = 1_000_000;

/// Which columns hold what.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    email: Option<usize>,
    external: Option<usize>,
    pub date: usize,
    pub amount: Option<usize>,
    quantity: Option<usize>,
    product: Option<usize>,
    order: Option<usize>,
    text: Option<usize>,
}

/// A value that some texts leave open until the whole file has been seen.
#[derive(Clone, Debug)]
pub(super) enum Reading {
    /// There is none.
    Empty,
    /// It reads one way only.
    Clear(i64),
    /// It reads in two ways: day or month first, point or comma as decimal mark.
    Open(i64, i64),
    /// At least one way it does not read, for this reason.
    Doubtful(Box<[Result<i64, String>; 2]>),
}

/// A row that may become an event, or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub line: u64,
    pub contact: Whose,
    pub date: Reading,
    pub amount: Reading,
    pub quantity: Option<u32>,
    pub product: Option<u16>,
    pub order: Option<Rc<str>>,
    pub text: Option<Rc<str>>,
}

/// The keys of a contact that is not known.
#[derive(Clone, Debug, Default)]
pub(super) struct Unknown {
    pub email: String,
    pub external: String,
}

/// Why a row is rejected: its column (none for the row as a whole), and the reason.
pub(super) type Bad = (Option<usize>, String);

/// The parsers of text cells, with the fields that they name in reasons.
#[derive(Debug)]
struct Texts {
    email: (FieldDef, Parser),
    external: (FieldDef, Parser),
    text: (FieldDef, Parser),
}

/// Everything read so far.
#[derive(Debug)]
pub(super) struct Rows {
    pub kind: EventKind,
    create: bool,
    header: bool,
    pub delimiter: u8,
    width: usize,
    pub places: Places,
    names: Vec<String>,
    texts: Texts,
    pub zone: Zone,
    /// The order of dates that the workspace has.
    pub usual: DateOrder,
    pub now: i64,
    pub products: Vec<Product>,
    by_id: FxHashMap<String, u16>,
    pub rows: Vec<Row>,
    pub unknown: Vec<Unknown>,
    unknown_by: [FxHashMap<String, u32>; 2],
    interned: FxHashMap<Rc<str>, ()>,
    /// How many dates tell that the day, or the month, comes first.
    pub orders: [u64; 2],
    /// Whether some amount tells that the point, or the comma, is the decimal mark.
    pub marks: [bool; 2],
    pub read: u64,
    pub blank: u64,
    pub rejected: u64,
    /// The first rejected rows: line, column and reason.
    pub problems: Vec<(u64, String, String)>,
}

impl Places {
    /// # Errors
    /// [`Refused::Value`] where no column holds the date or a key, or two hold the same.
    fn new(spec: &EventsSpec) -> Result<Places, Refused> {
        let refused = |field: &str, reason: &str| Refused::Value {
            key: "columns".to_owned(),
            field: field.to_owned(),
            reason: reason.to_owned(),
        };
        let place = |wanted: EventColumn, label: &str| {
            let mut places = spec.columns.iter().enumerate();
            let mut next = || places.find(|(_, column)| **column == wanted).map(|(at, _)| at);
            match (next(), next()) {
                (_, Some(_)) => Err(refused(label, "two columns hold it")),
                (first, None) => Ok(first),
            }
        };
        let (email, external) = (
            place(EventColumn::Email, "Email")?,
            place(EventColumn::ExternalId, "External ID")?,
        );
        if email.is_none() && external.is_none() {
            return Err(refused("Contact", "no column holds an email or external ID"));
        }
        let Some(date) = place(EventColumn::Date, "Date")? else {
            return Err(refused("Date", "no column holds it"));
        };
        let (text, payment) = (
            place(EventColumn::Text, "Text")?,
            place(EventColumn::PaymentMethod, "Payment method")?,
        );
        let has =
            |attribute, place: Option<usize>| place.filter(|_| spec.kind.attributes().contains(&attribute));
        Ok(Places {
            email,
            external,
            date,
            amount: has(Attribute::Total, place(EventColumn::Amount, "Amount")?),
            quantity: has(Attribute::Quantity, place(EventColumn::Quantity, "Quantity")?),
            product: has(Attribute::Product, place(EventColumn::Product, "Product")?),
            order: has(Attribute::OrderId, place(EventColumn::Order, "Order ID")?),
            // The log has one text for both.
            text: has(Attribute::PaymentMethod, payment).or(has(Attribute::Text, text)),
        })
    }
}

impl Rows {
    pub fn new(workspace: &Workspace, spec: &EventsSpec, now: i64) -> Result<Rows, Refused> {
        let rules = Rules::typed(&workspace.settings, workspace.zone.clone());
        let parser = |field: FieldId| {
            let def = workspace.field(field).ok_or(Refused::NoSuchField)?;
            Ok((def.clone(), Parser::new(def, &rules)))
        };
        let products = workspace.catalogue().to_vec();
        let by_id = products.iter().enumerate();
        Ok(Rows {
            kind: spec.kind,
            create: spec.create,
            header: spec.format.header,
            delimiter: spec.format.delimiter,
            width: spec.columns.len(),
            places: Places::new(spec)?,
            names: (1..=spec.columns.len())
                .map(|at| format!("Column {at}"))
                .collect(),
            texts: Texts {
                email: parser(EMAIL)?,
                external: parser(EXTERNAL_ID)?,
                text: parser(FIRST_NAME)?,
            },
            zone: workspace.zone.clone(),
            usual: workspace.settings.date_order,
            now,
            by_id: by_id
                .map(|(at, product)| (product.id.clone(), at as u16))
                .collect(),
            products,
            rows: Vec::new(),
            unknown: Vec::new(),
            unknown_by: Default::default(),
            interned: FxHashMap::default(),
            orders: [0; 2],
            marks: [false; 2],
            read: 0,
            blank: 0,
            rejected: 0,
            problems: Vec::new(),
        })
    }

    /// Takes the next record of the file.
    pub fn record(&mut self, workspace: &Workspace, record: &Record<'_>) {
        if record.kind == Kind::Blank {
            self.blank += 1;
            return;
        }
        if std::mem::take(&mut self.header) {
            for (name, cell) in self.names.iter_mut().zip(record.fields()) {
                if !cell.trim().is_empty() {
                    cell.trim().clone_into(name);
                }
            }
            return;
        }
        self.read += 1;
        let row = self.whole(record).and_then(|()| self.row(workspace, record));
        match row {
            Ok(row) => self.rows.push(row),
            Err(bad) => self.reject(record.line, bad),
        }
    }

    /// Counts a rejected row and remembers the first ones.
    pub fn reject(&mut self, line: u64, (column, reason): Bad) {
        self.rejected += 1;
        if self.problems.len() < SHOWN {
            let name = column.and_then(|at| self.names.get(at));
            self.problems
                .push((line, name.cloned().unwrap_or_default(), reason));
        }
    }

    /// Whether the record is a row of the file's columns.
    fn whole(&self, record: &Record<'_>) -> Result<(), Bad> {
        let reason = match record.kind {
            Kind::OpenQuote { opened, swallowed } => format!(
                "The quote opened on line {opened} never closes and swallows {swallowed} more {}",
                if swallowed == 1 { "line" } else { "lines" }
            ),
            Kind::TooLong => "The row is longer than a row can be".to_owned(),
            _ if (self.width..record.len()).any(|at| !record.field(at).trim().is_empty()) => format!(
                "The row has {} cells, and the file {} columns",
                record.len(),
                self.width
            ),
            _ => return Ok(()),
        };
        Err((None, reason))
    }

    fn row(&mut self, workspace: &Workspace, record: &Record<'_>) -> Result<Row, Bad> {
        let places = self.places;
        let cell = |place: Option<usize>| place.map_or("", |at| unguarded(record.field(at)).trim());
        let email = read(&self.texts.email, cell(places.email), places.email)?;
        let external = read(&self.texts.external, cell(places.external), places.external)?;
        let date = self
            .date(cell(Some(places.date)))
            .map_err(|reason| (Some(places.date), reason))?;
        let quantity = self
            .quantity(cell(places.quantity))
            .map_err(|reason| (places.quantity, reason))?;
        let amount = self
            .amount(cell(places.amount))
            .map_err(|reason| (places.amount, reason))?;
        let product = match cell(places.product) {
            "" => None,
            id => match self.by_id.get(id) {
                Some(product) => Some(*product),
                None => {
                    let reason = format!("No product of the catalogue has the id “{}”", excerpt(id));
                    return Err((places.product, reason));
                }
            },
        };
        let order = read(&self.texts.text, cell(places.order), places.order)?;
        let text = read(&self.texts.text, cell(places.text), places.text)?;
        Ok(Row {
            line: record.line,
            contact: self.contact(workspace, &email, &external)?,
            date,
            amount,
            quantity,
            product,
            order: self.intern(order),
            text: self.intern(text),
        })
    }

    /// Reads a date in both orders.
    fn date(&mut self, text: &str) -> Result<Reading, String> {
        if text.is_empty() {
            return Err("The row has no date".to_owned());
        }
        let read = |order| parse_instant(text, order, &self.zone);
        let both = [read(DateOrder::DayFirst), read(DateOrder::MonthFirst)];
        let [day_first, month_first] = &mut self.orders;
        match both {
            [Ok(one), Ok(other)] if one == other => return Ok(Reading::Clear(one)),
            [Ok(one), Ok(other)] => return Ok(Reading::Open(one, other)),
            [Err(bad), Err(_)] => return Err(self.reason(bad, text)),
            [Ok(_), Err(_)] => *day_first += 1,
            [Err(_), Ok(_)] => *month_first += 1,
        }
        let reason = |bad| self.reason(bad, text);
        Ok(Reading::Doubtful(Box::new(both.map(|one| one.map_err(reason)))))
    }

    /// Reads an amount with both decimal marks where the text does not tell which it has.
    fn amount(&mut self, text: &str) -> Result<Reading, String> {
        if text.is_empty() {
            return Ok(Reading::Empty);
        }
        match parse_decimal(text, None) {
            Ok(packed) => {
                let [point, comma] = &mut self.marks;
                match mark_of(text) {
                    Some(DecimalMark::Point) => *point = true,
                    Some(DecimalMark::Comma) => *comma = true,
                    None => {}
                }
                money(packed, text).map(Reading::Clear)
            }
            Err(BadValue::Unclear) => {
                let read = |mark| match parse_decimal(text, Some(mark)) {
                    Ok(packed) => money(packed, text),
                    Err(bad) => Err(self.reason(bad, text)),
                };
                Ok(match [read(DecimalMark::Point), read(DecimalMark::Comma)] {
                    [Ok(one), Ok(other)] => Reading::Open(one, other),
                    both => Reading::Doubtful(Box::new(both)),
                })
            }
            Err(bad) => Err(self.reason(bad, text)),
        }
    }

    fn quantity(&self, text: &str) -> Result<Option<u32>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        match parse_integer(text, None) {
            Ok(number) if number < 1 => Err("Quantity must be 1 or more".to_owned()),
            Ok(number) if number <= MAX_QUANTITY => Ok(Some(number as u32)),
            Ok(_) => Err(format!("“{text}” is more than 1,000,000")),
            Err(bad) => Err(self.reason(bad, text)),
        }
    }

    fn reason(&self, bad: BadValue, text: &str) -> String {
        bad.reason(text, &self.texts.text.0)
    }

    /// Whose the row is.
    fn contact(&mut self, workspace: &Workspace, email: &str, external: &str) -> Result<Whose, Bad> {
        let find = |field, key: &str| match key {
            "" => None,
            key => workspace.find(field, key),
        };
        match (find(EMAIL, email), find(EXTERNAL_ID, external)) {
            (Some(one), Some(other)) if one != other => {
                return Err((
                    None,
                    "The email and the external ID belong to two contacts".to_owned(),
                ));
            }
            (Some(contact), _) | (_, Some(contact)) => return Ok(Whose::Known(contact.0)),
            (None, None) => {}
        }
        let (column, label, key) = match (email, external) {
            ("", "") => {
                let reason = match (self.places.email, self.places.external) {
                    (Some(_), Some(_)) => "The row has neither an email nor an external ID",
                    (Some(_), None) => "The row has no email",
                    _ => "The row has no external ID",
                };
                return Err((None, reason.to_owned()));
            }
            ("", external) => (self.places.external, "external ID", external),
            (email, _) => (self.places.email, "email", email),
        };
        if !self.create {
            return Err((column, format!("No contact has the {label} “{key}”")));
        }
        self.unknown(email, external).map(Whose::New)
    }

    /// The contact to be made that has one of two keys; she is given the other one if she has none yet.
    fn unknown(&mut self, email: &str, external: &str) -> Result<u32, Bad> {
        let [emails, externals] = &mut self.unknown_by;
        let number = match (emails.get(email), externals.get(external)) {
            (Some(one), Some(other)) if one != other => {
                let reason = "The email and the external ID stand for two contacts further up in the file";
                return Err((None, reason.to_owned()));
            }
            (Some(number), _) | (_, Some(number)) => *number,
            (None, None) => {
                self.unknown.push(Unknown::default());
                self.unknown.len() as u32 - 1
            }
        };
        if let Some(unknown) = self.unknown.get_mut(number as usize) {
            for (mine, key, by) in [
                (&mut unknown.email, email, emails),
                (&mut unknown.external, external, externals),
            ] {
                if mine.is_empty() && !key.is_empty() {
                    key.clone_into(mine);
                    by.insert(key.to_owned(), number);
                }
            }
        }
        Ok(number)
    }

    /// One copy of each text.
    fn intern(&mut self, text: String) -> Option<Rc<str>> {
        if text.is_empty() {
            return None;
        }
        if let Some((known, ())) = self.interned.get_key_value(text.as_str()) {
            return Some(known.clone());
        }
        let text: Rc<str> = text.into();
        self.interned.insert(text.clone(), ());
        Some(text)
    }
}

/// Reads a cell of text.
fn read((def, parser): &(FieldDef, Parser), cell: &str, column: Option<usize>) -> Result<String, Bad> {
    let mut scratch = String::new();
    match parser.parse(cell, &mut scratch) {
        Ok(Parsed::Text(text)) => Ok(text.to_owned()),
        Ok(_) => Ok(String::new()),
        Err(bad) => Err((column, bad.reason(cell, def))),
    }
}

/// A packed decimal as an amount, which has at most four digits behind the decimal mark.
fn money(packed: i64, text: &str) -> Result<Amount, String> {
    // A key is the decimal × 10¹⁵.
    const TEN_THOUSANDTH: i128 = 100_000_000_000;
    let key = key(packed);
    if key % TEN_THOUSANDTH != 0 {
        return Err(format!(
            "“{text}” has more than 4 digits behind the decimal mark, and is never rounded"
        ));
    }
    match i64::try_from(key / TEN_THOUSANDTH) {
        Ok(amount) if amount < 0 => Err("The amount must be 0 or more".to_owned()),
        Ok(amount) if amount <= MAX_AMOUNT => Ok(amount),
        _ => Err(format!("“{text}” is more than 1,000,000,000")),
    }
}
