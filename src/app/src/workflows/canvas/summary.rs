//! The configuration of a node in a few words.

use crate::behaviour::test::value_word;
use crate::ui::format;
use crate::words;
use model::event::{EventFilter, Operand};
use model::message::Overview;
use model::workflow::node::{
    AddToSegment, Audience, CheckRule, Condition, EventMatch, Limits, NO_FIELD, NewValue, On, Otherwise,
    SetField, Source, Start, Subject, Trigger, Until,
};
use model::workflow::{NodeGroup, NodeKind};
use model::{FieldId, FieldType, Mode, SegmentId};

/// The configuration of a node in a few words (“for 30 days”); empty where there is none to speak of.
pub fn summary(kind: &NodeKind, overview: &Overview) -> String {
    match kind {
        NodeKind::Start(start) => self::start(start, overview),
        NodeKind::Trigger(trigger) => self::trigger(trigger, overview),
        NodeKind::Condition(condition) => self::condition(condition, overview),
        NodeKind::AddToSegment(add) => self::add(add, overview),
        NodeKind::RemoveFromSegment(ids) => segments(ids, " and ", overview),
        NodeKind::SetField(set) => self::set(set, overview),
        NodeKind::Wait(wait) => self::until(&wait.until, overview),
        NodeKind::Send(send) if !send.subject.is_empty() => format!("“{}”", send.subject),
        NodeKind::Send(_) | NodeKind::Split(_) | NodeKind::Finish => String::new(),
    }
}

/// What a node is, in one word.
pub fn sort(group: NodeGroup) -> &'static str {
    match group {
        NodeGroup::Start => "start",
        NodeGroup::Trigger => "trigger",
        NodeGroup::Condition => "condition",
        NodeGroup::Action => "action",
    }
}

/// Segments by their names.
fn segments(ids: &[SegmentId], joint: &str, overview: &Overview) -> String {
    let names: Vec<String> = ids.iter().map(|id| words::segment(*id, overview)).collect();
    match names.is_empty() {
        true => "No segment chosen".to_owned(),
        false => names.join(joint),
    }
}

/// A field by its name.
fn field(id: FieldId, overview: &Overview) -> String {
    match id == NO_FIELD {
        true => "No field chosen".to_owned(),
        false => words::field(id, overview),
    }
}

/// A time in the largest unit that is whole.
fn minutes(minutes: u32) -> String {
    let (many, one, more) = match minutes {
        days if days > 0 && days % 1_440 == 0 => (days / 1_440, "day", "days"),
        hours if hours > 0 && hours % 60 == 0 => (hours / 60, "hour", "hours"),
        minutes => (minutes, "minute", "minutes"),
    };
    format::count(u64::from(many), one, more)
}

fn days(days: u32) -> String {
    format::count(u64::from(days), "day", "days")
}

/// A minute of the day: `09:30`.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// “2nd”
fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Days of the week, by their bits.
fn weekdays(bits: u8) -> String {
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let chosen: Vec<&str> = names
        .iter()
        .enumerate()
        .filter(|(day, _)| bits & (1 << day) != 0)
        .map(|(_, name)| *name)
        .collect();
    match chosen.as_slice() {
        [] => "no day".to_owned(),
        ["Mon", "Tue", "Wed", "Thu", "Fri"] => "Mon to Fri".to_owned(),
        all if all.len() == names.len() => "every day".to_owned(),
        some => some.join(", "),
    }
}

fn start(start: &Start, overview: &Overview) -> String {
    let audience = match start.audience {
        Audience::All => "All contacts".to_owned(),
        Audience::WithEmail => "With email".to_owned(),
        Audience::WithoutEmail => "Without email".to_owned(),
        Audience::WithPhone => "With mobile phone".to_owned(),
        Audience::Segment(id) => format!("In {}", words::segment(id, overview)),
    };
    let except = match start.excluded.is_empty() {
        true => String::new(),
        false => format!(", not in {}", segments(&start.excluded, " or ", overview)),
    };
    let source = match start.source {
        Source::Existing => ", all existing",
        Source::New => ", only new",
        Source::Both => "",
    };
    format!("{audience}{except}{source}")
}

fn trigger(trigger: &Trigger, overview: &Overview) -> String {
    let on = match &trigger.on {
        On::Event(event) => self::event(event, overview),
        On::CartAbandoned { idle_minutes, filter } => {
            let idle = format!("after {}", minutes(*idle_minutes));
            join([idle, event_filter(filter, overview)])
        }
        On::EnterSegment(ids) | On::LeaveSegment(ids) => segments(ids, " or ", overview),
        On::FieldChange { field: id, to } if to.is_empty() => field(*id, overview),
        On::FieldChange { field: id, to } => format!("{} to {to}", field(*id, overview)),
        On::Date {
            field: id,
            offset_days,
            yearly,
            ..
        } => {
            let yearly = if *yearly { "every year" } else { "once" };
            join([date(*id, *offset_days, overview), yearly.to_owned()])
        }
    };
    join([on, limits(trigger.limits)])
}

/// Which events of a kind count: “Category is Footwear, 3rd within 7 days”.
fn event(event: &EventMatch, overview: &Overview) -> String {
    let nth = match (event.nth, event.within_days) {
        (0, _) => String::new(),
        (nth, 0) => format!("the {} time", ordinal(nth)),
        (nth, within) => format!("the {} time within {}", ordinal(nth), days(within)),
    };
    join([event_filter(&event.filter, overview), nth])
}

fn event_filter(filter: &EventFilter, overview: &Overview) -> String {
    match filter.rules.is_empty() {
        true => String::new(),
        false => words::event_filter(filter, overview),
    }
}

fn limits(limits: Limits) -> String {
    match limits {
        Limits { deactivate: true, .. } => "once for each contact".to_owned(),
        Limits {
            per_contact: 0,
            once_in_days: 0,
            total: 0,
            ..
        } => String::new(),
        Limits {
            per_contact: 0,
            once_in_days: 0,
            total,
            ..
        } => format!("at most {} in all", format::number(total)),
        Limits {
            per_contact: 0,
            once_in_days,
            ..
        } => format!("at most once in {}", days(once_in_days)),
        Limits { per_contact, .. } => {
            format!(
                "at most {} a contact",
                format::count(u64::from(per_contact), "time", "times")
            )
        }
    }
}

/// “3 days before Birthday”
fn date(id: FieldId, offset_days: i32, overview: &Overview) -> String {
    let name = field(id, overview);
    match offset_days {
        0 => format!("on {name}"),
        after @ 1.. => format!("{} after {name}", days(after.unsigned_abs())),
        before => format!("{} before {name}", days(before.unsigned_abs())),
    }
}

fn condition(condition: &Condition, overview: &Overview) -> String {
    match condition {
        Condition::Check { rules, .. } if rules.is_empty() => "Nothing to check yet".to_owned(),
        Condition::Check { mode, rules } => {
            let rules: Vec<String> = rules.iter().map(|rule| check(rule, overview)).collect();
            match mode {
                Mode::All => rules.join(" and "),
                Mode::Any => rules.join(" or "),
                Mode::None => format!("neither {}", rules.join(" nor ")),
            }
        }
        Condition::HasField(id) => field(*id, overview),
        Condition::InSegment { segments: ids, all } => {
            segments(ids, if *all { " and " } else { " or " }, overview)
        }
        Condition::Did(behaviour) => words::behaviour(behaviour, overview),
    }
}

/// One test of a value: “City is Vienna”.
fn check(rule: &CheckRule, overview: &Overview) -> String {
    let (name, kind) = match rule.subject {
        Subject::Field(id) => {
            let known = overview.fields.iter().find(|known| known.def.id == id);
            (
                field(id, overview),
                known.map_or(FieldType::Text, |known| known.def.kind),
            )
        }
        Subject::Trigger(attribute) | Subject::Latest(attribute) => {
            (attribute.label().to_owned(), attribute.kind())
        }
    };
    let value = |value: &Operand| match value {
        Operand::Text(text) => value_word(rule.op, text).to_owned(),
        Operand::Trigger(attribute) => format!("that of the event ({})", attribute.label()),
        Operand::Field(id) => field(*id, overview),
    };
    let values: Vec<String> = rule.values.iter().map(value).collect();
    format!("{name} {} {}", rule.op.label(kind), values.join(", "))
        .trim_end()
        .to_owned()
}

fn add(add: &AddToSegment, overview: &Overview) -> String {
    let to = segments(&add.segments, " and ", overview);
    let time = match add.for_days {
        0 => String::new(),
        many => format!("for {}", days(many)),
    };
    let instead = match add.remove_from.is_empty() {
        true => String::new(),
        false => format!("instead of {}", segments(&add.remove_from, " and ", overview)),
    };
    let most = match add.at_most {
        0 => String::new(),
        most => format!("at most {}", format::contacts(most)),
    };
    join([to, time, instead, most])
}

fn set(set: &SetField, overview: &Overview) -> String {
    let name = field(set.field, overview);
    if set.field == NO_FIELD {
        return name;
    }
    let done = match &set.value {
        NewValue::Literal(text) => format!("{name} to “{text}”"),
        NewValue::Event(attribute) => format!("{name} to the event’s {}", attribute.label()),
        NewValue::Field(id) => format!("{name} to {}", field(*id, overview)),
        NewValue::Now => format!("{name} to now"),
        NewValue::Clear => format!("Clear {name}"),
        NewValue::Plus(number) => match number.strip_prefix('-') {
            Some(less) => format!("{name} − {less}"),
            None => format!("{name} + {number}"),
        },
        NewValue::AddOption(id) => format!("{name} with {}", option(set.field, id, overview)),
        NewValue::RemoveOption(id) => format!("{name} without {}", option(set.field, id, overview)),
    };
    let only = if set.only_if_empty { "only if empty" } else { "" };
    join([done, only.to_owned()])
}

/// An option of a field by its name.
fn option(id: FieldId, option: &str, overview: &Overview) -> String {
    let known = overview.fields.iter().find(|known| known.def.id == id);
    let options = known
        .map(|known| known.def.options.as_slice())
        .unwrap_or_default();
    let named = options.iter().find(|one| one.id == option);
    named.map_or_else(|| option.to_owned(), |one| one.name.clone())
}

fn until(until: &Until, overview: &Overview) -> String {
    match until {
        Until::Period(period) => format!("for {}", minutes(*period)),
        Until::Activity { event, at_most } => {
            let which = self::event(event, overview);
            let which = if which.is_empty() {
                which
            } else {
                format!(" ({which})")
            };
            format!("{}{which}, at most {}", event.kind.label(), minutes(*at_most))
        }
        Until::Moment(at) => format!("until {}", format::moment(*at, &overview.settings.time_zone)),
        Until::Weekday { days, minute } => format!("until {} at {}", weekdays(*days), clock(*minute)),
        Until::Hours { days, from, to } => {
            format!("{}, {} to {}", weekdays(*days), clock(*from), clock(*to))
        }
        Until::Date {
            field: id,
            offset_days,
            minute,
            otherwise,
            ..
        } => {
            let until = format!(
                "until {} at {}",
                date(*id, *offset_days, overview),
                clock(*minute)
            );
            let past = match otherwise {
                Otherwise::GoOn => "",
                Otherwise::End => "else ends",
            };
            join([until, past.to_owned()])
        }
    }
}

/// Parts that are not empty, with commas between them.
fn join<const N: usize>(parts: [String; N]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::event::{Attribute, Behaviour, EventKind, EventRule, Window};
    use model::query::Op;
    use model::workflow::OFFERS;
    use model::workflow::node::{Again, Wait};

    fn said(kind: NodeKind) -> String {
        summary(&kind, &Overview::default())
    }

    #[test]
    fn a_summary_says_what_was_set_up() {
        let wait = |until| {
            NodeKind::Wait(Wait {
                until,
                again: Again::Keep,
            })
        };
        let footwear = EventFilter {
            mode: Mode::All,
            rules: vec![EventRule {
                attribute: Attribute::Category,
                op: Op::Is,
                values: vec![Operand::Text("Footwear".to_owned())],
            }],
        };
        let visited = EventMatch {
            nth: 3,
            within_days: 7,
            filter: footwear,
            ..EventMatch::each(EventKind::ProductVisited)
        };
        let on = On::Event(visited.clone());
        let limits = Limits {
            once_in_days: 1,
            ..Limits::default()
        };
        let bought = Behaviour {
            number: "3".to_owned(),
            window: Window::LastDays(7),
            ..Behaviour::once(EventKind::Purchase)
        };
        for (kind, words) in [
            (wait(Until::Period(30 * 1_440)), "for 30 days"),
            (wait(Until::Period(90)), "for 90 minutes"),
            (
                wait(Until::Weekday { days: 1, minute: 570 }),
                "until Mon at 09:30",
            ),
            (
                wait(Until::Hours {
                    days: 31,
                    from: 480,
                    to: 1_080,
                }),
                "Mon to Fri, 08:00 to 18:00",
            ),
            (
                wait(Until::Activity {
                    event: EventMatch::each(EventKind::Purchase),
                    at_most: 60,
                }),
                "Purchase, at most 1 hour",
            ),
            (
                NodeKind::Trigger(Trigger { on, limits }),
                "Category is Footwear, the 3rd time within 7 days, at most once in 1 day",
            ),
            (
                NodeKind::Condition(Condition::Did(bought)),
                "purchased at least 3 times within the last 7 days",
            ),
            (
                NodeKind::AddToSegment(AddToSegment::default()),
                "No segment chosen",
            ),
            (NodeKind::Finish, ""),
        ] {
            assert_eq!(said(kind), words);
        }
    }

    #[test]
    fn every_node_of_the_palette_can_be_summed_up() {
        for offer in OFFERS {
            let said = said((offer.make)());
            assert!(!said.contains("deleted"), "{}: {said}", offer.label);
        }
    }
}
