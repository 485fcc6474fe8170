//! Rules, formulas and causes in words, the same on every screen.

use crate::behaviour::test::value_word;
use crate::ui::format;
use model::event::{Behaviour, EventFilter, EventRule, Measure, Operand, Window};
use model::history::{CauseKind, CauseLabel};
use model::message::Overview;
use model::query::Part;
use model::{FieldId, FieldType, Group, Mode, Rule, SegmentId};

/// A segment by its name.
pub fn segment(id: SegmentId, overview: &Overview) -> String {
    let mut known = overview.segments.iter();
    known.find(|segment| segment.def.id == id).map_or_else(
        || "a deleted segment".to_owned(),
        |segment| segment.def.name.clone(),
    )
}

/// A field by its name.
pub fn field(id: FieldId, overview: &Overview) -> String {
    let mut known = overview.fields.iter();
    known
        .find(|field| field.def.id == id)
        .map_or_else(|| "a deleted field".to_owned(), |field| field.def.name.clone())
}

/// A filter or formula: “in Buyers and not in Newsletter”.
pub fn group(group: &Group, overview: &Overview) -> String {
    let joint = match group.mode {
        Mode::All => " and ",
        Mode::Any | Mode::None => " or ",
    };
    let part = |rule: &Rule| match rule {
        Rule::Group(inner) if inner.rules.len() > 1 && group.rules.len() > 1 => {
            format!("({})", self::rule(rule, overview))
        }
        _ => self::rule(rule, overview),
    };
    let parts: Vec<String> = group.rules.iter().map(part).collect();
    match (group.mode, parts.is_empty()) {
        (_, true) => "everybody".to_owned(),
        (Mode::None, false) if parts.len() == 1 => format!("not ({})", parts.join("")),
        (Mode::None, false) => format!("neither {}", parts.join(" nor ")),
        (_, false) => parts.join(joint),
    }
}

/// One rule of a filter.
pub fn rule(rule: &Rule, overview: &Overview) -> String {
    match rule {
        Rule::Group(inner) => group(inner, overview),
        Rule::Segment { segment: id, member } => {
            format!(
                "{} {}",
                if *member { "in" } else { "not in" },
                segment(*id, overview)
            )
        }
        Rule::SegmentAt {
            segment: id,
            member,
            at,
        } => {
            let when = format::moment(*at, &overview.settings.time_zone);
            let was = if *member { "was in" } else { "was not in" };
            format!("{was} {} at {when}", segment(*id, overview))
        }
        Rule::Change { change, part } => {
            let did = match part {
                Part::Created => "created",
                Part::Deleted => "deleted",
                Part::Written => "written to",
                Part::Joined => "put into a segment",
                Part::Left => "taken out of a segment",
            };
            format!("{did} by change {change}")
        }
        Rule::Search(text) => format!("found by “{text}”"),
        Rule::Did(behaviour) => self::behaviour(behaviour, overview),
        Rule::Field {
            field: id,
            op,
            values,
        } => {
            let def = overview.fields.iter().find(|known| known.def.id == *id);
            let name = field(*id, overview);
            let test = def.map_or("", |known| op.label(known.def.kind));
            let shown = |value: &String| {
                let options = def.map(|known| known.def.options.as_slice()).unwrap_or_default();
                let option = options.iter().find(|option| option.id == *value);
                option.map_or_else(|| value_word(*op, value).to_owned(), |option| option.name.clone())
            };
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("{name} {test} {}", values.join(", "))
                .trim_end()
                .to_owned()
        }
    }
}

/// A condition on what a contact did: “purchased at least 3 times within the last 90 days”.
pub fn behaviour(behaviour: &Behaviour, overview: &Overview) -> String {
    let op = behaviour
        .op
        .label(FieldType::Integer)
        .trim_start_matches("is ")
        .to_owned();
    let op = if op.is_empty() || op == "is" {
        "exactly".to_owned()
    } else {
        op
    };
    let many = match behaviour.measure {
        Measure::Count if behaviour.number == "1" => "1 time".to_owned(),
        Measure::Count => format!("{} times", behaviour.number),
        Measure::Amount => format!("for {}", behaviour.number),
    };
    let window = match behaviour.window {
        Window::Ever => String::new(),
        Window::LastDays(days) => format!(" within the last {days} days"),
        Window::Between(from, to) => format!(" from {} to {}", format::day(from), format::day(to)),
        Window::SincePass => " since the pass began".to_owned(),
    };
    let filter = match behaviour.filter.rules.is_empty() {
        true => String::new(),
        false => format!(" ({})", event_filter(&behaviour.filter, overview)),
    };
    format!("{} {op} {many}{window}{filter}", behaviour.kind.done())
}

/// Tests of an event: “Category is Footwear and Amount is at least 50”.
pub fn event_filter(filter: &EventFilter, overview: &Overview) -> String {
    let value = |value: &Operand| match value {
        Operand::Text(text) => text.clone(),
        Operand::Trigger(attribute) => format!("that of the event ({})", attribute.label()),
        Operand::Field(id) => format!("the contact’s {}", field(*id, overview)),
    };
    let rule = |rule: &EventRule| {
        let values: Vec<String> = rule.values.iter().map(value).collect();
        let (name, op) = (rule.attribute.label(), rule.op.label(rule.attribute.kind()));
        format!("{name} {op} {}", values.join(", ")).trim_end().to_owned()
    };
    let rules: Vec<String> = filter.rules.iter().map(rule).collect();
    match filter.mode {
        Mode::All => rules.join(" and "),
        Mode::Any => rules.join(" or "),
        Mode::None => format!("neither {}", rules.join(" nor ")),
    }
}

/// By what a change was made: “Import of people.csv”.
pub fn cause(cause: &CauseLabel) -> String {
    match cause {
        CauseLabel::Import(file) if file.is_empty() => "Import of pasted rows".to_owned(),
        CauseLabel::Import(file) => format!("Import of {file}"),
        CauseLabel::Workflow(_, name, node) => format!("Workflow {name}, node {node}"),
        CauseLabel::Events(file) if file.is_empty() => "Import of pasted events".to_owned(),
        CauseLabel::Events(file) => format!("Import of events {file}"),
        CauseLabel::Fired => "Event fired by hand".to_owned(),
        CauseLabel::Undo(change) => format!("Undo of change {change}"),
        CauseLabel::Redo(change) => format!("Redo of change {change}"),
        other => kind(other.kind()).to_owned(),
    }
}

/// A kind of causes, as choices and legends name it.
pub fn kind(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Person => "By hand",
        CauseKind::Import => "Import",
        CauseKind::SetOperation => "Set operation",
        CauseKind::Demo => "Demo",
        CauseKind::Undo => "Undo or redo",
        CauseKind::Baseline => "Before the history begins",
        CauseKind::Workflow => "Workflow",
        CauseKind::Simulation => "Simulation",
    }
}

/// Every kind of causes, in the order in which choices and legends show them.
pub const KINDS: [CauseKind; 8] = [
    CauseKind::Person,
    CauseKind::Import,
    CauseKind::SetOperation,
    CauseKind::Demo,
    CauseKind::Undo,
    CauseKind::Baseline,
    CauseKind::Workflow,
    CauseKind::Simulation,
];
