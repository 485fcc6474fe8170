//! The file of activities of one kind: a row each, and of a purchase or cart a row for each line item.

use super::contacts::Cells;
use super::{Sheet, style};
use crate::column::NONE;
use crate::csv::Writer;
use crate::events::behaviour::Span;
use crate::events::log::Row;
use crate::events::{Log, NO, RawItem};
use crate::refused::Refused;
use crate::value::Style;
use crate::value::date::print_instant;
use crate::value::decimal::print_integer;
use crate::workspace::Workspace;
use model::event::{Amount, Attribute, EventKind, UNIT, Window};
use model::export::{ActivitySpec, Audience, DateFormat, ExportSpec};
use model::field::{EMAIL, EXTERNAL_ID};
use model::ids::SegmentId;
use roaring::RoaringBitmap;
use std::rc::Rc;

/// So many rows of the log are passed over in the time in which one is written.
const PASSED: usize = 32;

/// The activities of one kind, in the order of the log.
///
/// The columns are those that the import of events reads, and further ones that it leaves out.
pub(super) struct Activities {
    log: Rc<Log>,
    kind: EventKind,
    whose: Rc<RoaringBitmap>,
    span: Span,
    next: u32,
    keys: Cells,
    fields: Option<Cells>,
    style: Style,
    lines: Vec<(Option<RawItem>, Amount)>,
    text: String,
}

impl Activities {
    /// The activities of some contacts.
    ///
    /// # Errors
    /// [`Refused`] where a field does not exist.
    pub fn new(
        workspace: &Workspace,
        spec: &ExportSpec,
        activities: &ActivitySpec,
        kind: EventKind,
        whose: Rc<RoaringBitmap>,
        now: i64,
    ) -> Result<Activities, Refused> {
        let keys = [EMAIL, EXTERNAL_ID];
        let fields = || Cells::new(workspace, spec, &keys);
        Ok(Activities {
            log: workspace.log.clone(),
            kind,
            whose,
            span: Span::of(activities.window, now, &workspace.zone),
            next: 0,
            keys: Cells::of(workspace, &keys)?,
            fields: activities.with_fields.then(fields).transpose()?,
            style: style(workspace, spec),
            lines: Vec::new(),
            text: String::new(),
        })
    }

    /// Writes an event; gives how many rows it took.
    fn event(&mut self, log: &Log, number: u32, row: Row<'_>, writer: &mut Writer) -> usize {
        self.lines.clear();
        self.lines.extend(row.items().map(|item| (Some(item), NONE)));
        shares(&mut self.lines, row.amount());
        let lines = std::mem::take(&mut self.lines);
        for (item, amount) in &lines {
            self.keys.write(row.contact(), writer);
            self.text.clear();
            let order = (self.style.dates == DateFormat::Local).then_some(self.style.order);
            print_instant(row.when(), order, &self.style.zone, &mut self.text);
            writer.cell(&self.text, true);
            for attribute in self.kind.attributes() {
                self.text.clear();
                let exempt = value(
                    log,
                    number,
                    row,
                    *attribute,
                    (item, *amount),
                    lines.len(),
                    &mut self.text,
                );
                writer.cell(&self.text, exempt);
            }
            if let Some(fields) = &mut self.fields {
                fields.write(row.contact(), writer);
            }
            writer.end_row();
        }
        let rows = lines.len();
        self.lines = lines;
        rows
    }
}

impl Sheet for Activities {
    fn head(&self, writer: &mut Writer) {
        self.keys.head(writer);
        writer.cell("date", true);
        for attribute in self.kind.attributes() {
            writer.cell(name(self.kind, *attribute), true);
        }
        if let Some(fields) = &self.fields {
            fields.head(writer);
        }
        writer.end_row();
    }

    fn rows(&mut self, rows: usize, writer: &mut Writer) -> (usize, usize) {
        let log = self.log.clone();
        let (first, end) = (self.next, log.rows());
        let (mut spent, mut written) = (0, 0);
        while self.next < end && spent < rows.saturating_mul(PASSED) {
            let number = self.next;
            self.next += 1;
            spent += 1;
            let row = log.row(number);
            let mine = row.kind() == Some(self.kind)
                && self.span.holds(row.when())
                && self.whose.contains(row.contact())
                && log.stands(number);
            if mine {
                let lines = self.event(&log, number, row, writer);
                spent += lines * PASSED;
                written += lines;
            }
        }
        ((self.next - first) as usize, written)
    }

    fn steps(&self) -> usize {
        self.log.rows() as usize
    }
}

/// The name of an attribute's column.
fn name(kind: EventKind, attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Total => "amount",
        Attribute::Quantity => "quantity",
        Attribute::Product => "product_id",
        Attribute::ProductName => "product_name",
        Attribute::Category => "category",
        Attribute::Brand => "brand",
        Attribute::UnitPrice => "unit_price",
        Attribute::Discount => "discount",
        Attribute::Stock => "stock",
        Attribute::OrderId => "order_id",
        Attribute::PaymentMethod => "payment_method",
        Attribute::Text => match kind {
            EventKind::Search | EventKind::ProductSearched => "search_text",
            EventKind::PageVisited => "url",
            EventKind::FormSubmitted => "form",
            _ => "subject",
        },
        Attribute::Origin => "origin",
    }
}

/// Writes the value of an attribute for one line of an event; says whether it is a number.
fn value(
    log: &Log,
    number: u32,
    row: Row<'_>,
    attribute: Attribute,
    (item, share): (&Option<RawItem>, Amount),
    lines: usize,
    out: &mut String,
) -> bool {
    let product = item.as_ref().and_then(|item| log.product(item.product));
    let text = |number: u32| match number {
        NO => "",
        number => log.text(number),
    };
    match attribute {
        Attribute::Total => print_amount(share, out),
        Attribute::Quantity => {
            if let Some(item) = item {
                print_integer(i64::from(item.quantity), out);
            }
        }
        Attribute::UnitPrice => match item.as_ref().map_or(NONE, |item| item.price) {
            NONE => print_amount(product.map_or(NONE, |product| product.price), out),
            price => print_amount(price, out),
        },
        Attribute::Discount => product
            .into_iter()
            .for_each(|product| print_integer(i64::from(product.discount), out)),
        Attribute::Stock => product
            .into_iter()
            .for_each(|product| print_integer(i64::from(product.stock), out)),
        Attribute::Product => out.push_str(product.map_or("", |product| &product.id)),
        Attribute::ProductName => out.push_str(product.map_or("", |product| &product.name)),
        Attribute::Category => out.push_str(product.map_or("", |product| &product.category)),
        Attribute::Brand => out.push_str(product.map_or("", |product| &product.brand)),
        // Without an order's id the import would take the lines for as many purchases.
        Attribute::OrderId if row.order() == NO && lines > 1 => {
            out.push_str("corral-");
            print_integer(i64::from(number) + 1, out);
        }
        Attribute::OrderId => out.push_str(text(row.order())),
        Attribute::PaymentMethod | Attribute::Text => out.push_str(text(row.text())),
        Attribute::Origin => out.push_str(log.origin(number).label()),
    }
    matches!(
        attribute.kind(),
        model::FieldType::Decimal | model::FieldType::Integer
    )
}

/// Shares the amount of an event out among its lines: each gets what its pieces cost, and what remains of rounding goes
/// where it does not change the price of a piece that an import works out. What is more (postage, say) is a line of its
/// own without a product; what is less is taken off the last lines. An event without items is one line.
fn shares(lines: &mut Vec<(Option<RawItem>, Amount)>, total: Amount) {
    if total == NONE {
        if lines.is_empty() {
            lines.push((None, NONE));
        }
        return;
    }
    let mut rest = total;
    let priced = |line: &&mut (Option<RawItem>, Amount)| line.0.is_some_and(|item| item.price != NONE);
    for (item, share) in lines.iter_mut().filter(priced) {
        *share = item.map_or(0, |item| item.price.saturating_mul(Amount::from(item.quantity)));
        rest = rest.saturating_sub(*share);
    }
    for (item, share) in lines.iter_mut().filter(priced) {
        let pieces = item.map_or(1, |item| Amount::from(item.quantity.max(1)));
        let part = rest.clamp(-(pieces / 2), pieces - pieces / 2 - 1);
        *share += part;
        rest -= part;
    }
    if rest > 0 || lines.iter().all(|(_, share)| *share == NONE) {
        lines.push((None, rest));
        return;
    }
    // A line can't cost less than nothing.
    for (_, share) in lines.iter_mut().rev().filter(|line| priced(line)) {
        let part = rest.max(-*share);
        *share += part;
        rest -= part;
    }
}

/// Appends an amount with two digits behind the point at least; nothing of none.
fn print_amount(amount: Amount, out: &mut String) {
    if amount == NONE {
        return;
    }
    if amount < 0 {
        out.push('-');
    }
    let amount = amount.unsigned_abs();
    let unit = UNIT.unsigned_abs();
    print_integer((amount / unit) as i64, out);
    out.push('.');
    let fraction = amount % unit;
    let digits = if fraction.is_multiple_of(100) { 2 } else { 4 };
    let digit = |place: u32| char::from(b'0' + (fraction / 10u64.pow(3 - place) % 10) as u8);
    out.extend((0..digits).map(digit));
}

impl Workspace {
    /// How many activities of each kind contacts have in a window; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Refused`] where a segment, field or filter does not exist.
    pub fn activity_counts(
        &self,
        audience: &Audience,
        excluded: &[SegmentId],
        window: Window,
        now: i64,
    ) -> Result<Vec<(EventKind, u64)>, Refused> {
        let whose: RoaringBitmap = super::chosen(self, audience, excluded, now)?
            .into_iter()
            .collect();
        let span = Span::of(window, now, &self.zone);
        let mut counts: Vec<(EventKind, u64)> =
            model::event::EVENTS.iter().map(|(kind, ..)| (*kind, 0)).collect();
        self.log.each_standing(&mut |_, row| {
            if let Some(kind) = row.kind()
                && span.holds(row.when())
                && whose.contains(row.contact())
                && let Some((_, count)) = counts.get_mut(usize::from(kind.number()))
            {
                *count += 1;
            }
        });
        Ok(counts)
    }
}
