//! What happened, in words.

use super::EventBatch;
use super::chunk::KIND;
use crate::edit::grouped;
use crate::journal::Pages;
use crate::value::date::print_day;
use crate::workspace::Workspace;
use model::Mode;
use model::event::{EventFilter, EventKind, Measure, Operand, UNIT, Window};

/// What one event of each kind, and several, are called.
fn noun(kind: EventKind) -> (&'static str, &'static str) {
    match kind {
        EventKind::Purchase => ("purchase", "purchases"),
        EventKind::ProductVisited => ("product visit", "product visits"),
        EventKind::ProductSearched => ("product search", "product searches"),
        EventKind::CartAdded => ("addition to a cart", "additions to carts"),
        EventKind::CartRemoved => ("removal from a cart", "removals from carts"),
        EventKind::CartAbandoned => ("abandoned cart", "abandoned carts"),
        EventKind::Search => ("search", "searches"),
        EventKind::PageVisited => ("page visit", "page visits"),
        EventKind::FormSubmitted => ("submitted form", "submitted forms"),
        EventKind::Login => ("login", "logins"),
        EventKind::Register => ("registration", "registrations"),
        EventKind::Subscribed => ("newsletter subscription", "newsletter subscriptions"),
        EventKind::Unsubscribed => ("unsubscription", "unsubscriptions"),
        EventKind::EmailSent => ("email sent", "emails sent"),
        EventKind::EmailOpened => ("email opened", "emails opened"),
        EventKind::EmailClicked => ("email clicked", "emails clicked"),
        EventKind::SmsSent => ("SMS sent", "SMS sent"),
        EventKind::PushSent => ("push message sent", "push messages sent"),
        EventKind::PushOpened => ("push message opened", "push messages opened"),
    }
}

/// How many events of each kind batches hold: “1,204 purchases, 3,310 product visits”.
pub(crate) fn happened<'a>(batches: impl Iterator<Item = &'a EventBatch>, pages: &Pages) -> String {
    let mut counts = vec![0u64; model::event::EVENTS.len()];
    let mut unread = 0u64;
    for chunk in batches.flat_map(|batch| &batch.chunks) {
        let Some(kinds) = chunk.columns.get(KIND).and_then(|page| pages.get(page)) else {
            unread += u64::from(chunk.rows);
            continue;
        };
        for at in 0..kinds.len() {
            // Further items of an event are no events.
            let kind = usize::try_from(kinds.number(at)).unwrap_or(usize::MAX);
            if let Some(count) = counts.get_mut(kind) {
                *count += 1;
            }
        }
    }
    let kinds = model::event::EVENTS.iter().zip(&counts);
    let mut parts: Vec<String> = kinds
        .filter(|(_, count)| **count > 0)
        .map(|((kind, ..), count)| {
            let (one, many) = noun(*kind);
            format!("{} {}", grouped(*count), if *count == 1 { one } else { many })
        })
        .collect();
    if unread > 0 {
        parts.push(format!("{} rows of events not in memory", grouped(unread)));
    }
    match parts.is_empty() {
        true => "No events".to_owned(),
        false => parts.join(", "),
    }
}

/// How often something was done, or for how much: “Purchased 3 times within the last 90 days”.
pub(super) fn did(kind: EventKind, measure: Measure, counted: i128, window: Window) -> String {
    let done = kind.done();
    let mut capital = done.get(..1).unwrap_or_default().to_uppercase();
    capital.push_str(done.get(1..).unwrap_or_default());
    let mut out = match (measure, counted) {
        (Measure::Count, 0) => format!("Never {done}"),
        (Measure::Count, 1) => format!("{capital} once"),
        (Measure::Count, times) => format!("{capital} {} times", grouped(times.unsigned_abs() as u64)),
        (Measure::Amount, amount) => format!("{capital} for {}", money(amount)),
    };
    match window {
        Window::Ever => {}
        Window::LastDays(1) => out.push_str(" within the last day"),
        Window::LastDays(days) => {
            out.push_str(&format!(" within the last {} days", grouped(u64::from(days))));
        }
        Window::Between(from, to) => {
            out.push_str(" between ");
            print_day(from, None, &mut out);
            out.push_str(" and ");
            print_day(to, None, &mut out);
        }
        Window::SincePass => out.push_str(" since the pass began"),
    }
    out
}

/// An amount with its decimals, two at least: `1,204.50`.
fn money(amount: i128) -> String {
    let unit = UNIT.unsigned_abs();
    let all = u64::try_from(amount.unsigned_abs()).unwrap_or(u64::MAX);
    let sign = if amount < 0 { "-" } else { "" };
    let mut fraction = format!("{:04}", all % unit);
    while fraction.len() > 2 && fraction.ends_with('0') {
        fraction.pop();
    }
    format!("{sign}{}.{fraction}", grouped(all / unit))
}

/// Which events a filter wants, in words: “, where Category is Footwear and Brand is Olmo”.
pub(super) fn filter(workspace: &Workspace, filter: &EventFilter) -> String {
    let value = |value: &Operand| match value {
        Operand::Text(text) => text.clone(),
        Operand::Trigger(attribute) => format!("{} of the event", attribute.label()),
        Operand::Field(field) => workspace
            .field(*field)
            .map_or_else(String::new, |def| def.name.clone()),
    };
    let rules = filter.rules.iter().map(|rule| {
        let (label, op) = (rule.attribute.label(), rule.op.label(rule.attribute.kind()));
        let values: Vec<String> = rule.values.iter().map(value).collect();
        format!("{label} {op} {}", values.join(", "))
            .trim_end()
            .to_owned()
    });
    let rules: Vec<String> = rules.collect();
    let (before, between) = match filter.mode {
        _ if rules.is_empty() => return String::new(),
        Mode::All => (", where ", " and "),
        Mode::Any => (", where ", " or "),
        Mode::None => (", where not ", " nor "),
    };
    before.to_owned() + &rules.join(between)
}
